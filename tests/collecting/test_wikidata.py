"""Known people from Wikidata, and their photos from Commons, with real SPARQL."""

from __future__ import annotations

import csv

import pytest
from rdflib import BNode

from lookalike.collecting import CollectOptions, by_keyword, by_wikidata, collect
from lookalike.collecting.commons import Commons
from lookalike.collecting.criteria import parse
from lookalike.collecting.sparql import QueryService
from lookalike.collecting.wikidata import Wikidata, language_is_valid
from lookalike.errors import OptionError, QueryTooHard, ServiceRefused, ServiceUnavailable

from .knowledge import WD, WDT
from .services import Reply, json_reply, photo

TIMED_OUT = Reply(
    b"SPARQL-QUERY: queryStr=SELECT\njava.util.concurrent.TimeoutException\n\tat java.base",
    500,
    "text/plain",
)


@pytest.fixture
def actors(services):
    """Four people: three actors of two kinds, and a singer."""
    know = services.knowledge
    for item, label in {
        "Q33999": "actor", "Q10800557": "film actor", "Q177220": "singer",
        "Q6581072": "female", "Q6581097": "male", "Q145": "United Kingdom", "Q884": "South Korea",
    }.items():  # fmt: skip
        know.call(item, label)
    know.graph.add((WD.Q10800557, WDT.P279, WD.Q33999))
    services.entities["actor"] = [
        {"id": "Q1000", "label": "Actor", "description": "programming model"},
        {"id": "Q33999", "label": "actor", "description": "person who acts"},
    ]
    know.person(
        "Q37459", "Emma Watson", 120, ["Emma Watson 2013.jpg", "Emma 2.jpg"],
        category="Emma Watson", born=("1990-04-15", 11), P106=["Q10800557", "Q33999"],
        P21=["Q6581072"], P27=["Q145"],
    )  # fmt: skip
    know.person(
        "Q2", "지효", 60, ["Jihyo (박지효).jpg"], language="mul", born=("1997-01-01", 9),
        P106=["Q33999"], P21=["Q6581072"], P27=["Q884"],
    )  # fmt: skip
    know.person(
        "Q3", "Old Actor", 45, ["Old.jpg"], born=("1921-03-01", 10), P106=["Q10800557"],
        P21=["Q6581097"], P27=[BNode()],
    )  # fmt: skip
    know.person("Q4", "Singer", 300, ["Singer.jpg"], P106=["Q177220"], P21=["Q6581072"])
    know.person("Q5000", "Unknown Actor", 3, ["Unknown.jpg"], P106=["Q33999"])
    know.person("Q6000", "Faceless Actor", 99, [], P106=["Q33999"])
    for name in ("Emma Watson 2013.jpg", "Emma 2.jpg", "Jihyo (박지효).jpg", "Old.jpg"):
        services.on_commons(name)
    services.on_commons("Singer.jpg")
    services.on_commons("Unknown.jpg")
    return services


def run(root, web, *wishes, people=10, photos=1, min_sitelinks=40, licence="any", language="en"):
    service = QueryService(web)
    criteria = parse(wishes, web, service, language)
    known = Wikidata(service, language).people(criteria, min_sitelinks, people)
    tasks = by_wikidata(known, photos, Commons(web), f"wikidata, {licence}")
    return collect(root, tasks, web, CollectOptions(licence))


def manifest(root):
    with (root / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return {row["wikidata"]: row for row in csv.DictReader(file)}


def test_people_with_portraits_and_what_is_known(actors, web, tmp_path):
    assert run(tmp_path, web, "occupation=actor").people == 3
    rows = manifest(tmp_path)
    assert list(rows) == ["Q37459", "Q2", "Q3"]
    emma = rows["Q37459"]
    assert emma["person"] == "Emma Watson"
    assert emma["gender"] == "female"
    assert emma["born"] == "1990-04-15"
    assert set(emma["occupations"].split("; ")) == {"actor", "film actor"}
    assert emma["countries"] == "United Kingdom"
    assert emma["sitelinks"] == "120"
    assert emma["licence"] == "CC BY-SA 4.0"
    assert emma["credit"] == "Bob"
    assert emma["page"].startswith("https://commons.wikimedia.org/wiki/File:Emma")
    assert emma["photo.url"].startswith("https://upload.wikimedia.org/")
    assert emma["photo.service"] == "commons"
    assert emma["path"].startswith("Emma Watson/")
    assert (rows["Q2"]["person"], rows["Q2"]["born"]) == ("지효", "1997")
    assert (rows["Q3"]["born"], rows["Q3"]["countries"]) == ("1921-03", "")


def test_words_are_looked_up_and_the_meaning_in_use_is_taken(actors, web):
    service = QueryService(web)
    criteria = parse(["occupation=actor", "gender=female", "country=Q145"], web, service, "en")
    assert criteria.items == {"P106": ("Q33999",), "P21": ("Q6581072",), "P27": ("Q145",)}
    assert criteria.words["actor"] == "actor (Q33999: person who acts)"


@pytest.mark.parametrize(
    ("wishes", "people"),
    [
        (["occupation=Q33999", "gender=male"], ["Q3"]),
        (["occupation=Q33999", "country=Q884"], ["Q2"]),
        (["occupation=Q33999", "country=Q884", "country=Q145"], ["Q37459", "Q2"]),
        (["occupation=Q33999", "occupation=Q177220"], ["Q4", "Q37459", "Q2", "Q3"]),
        (["occupation=Q33999", "born-after=1990-04-15"], ["Q37459", "Q2"]),
        (["occupation=Q33999", "born-after=1990-04-16"], ["Q2"]),
        (["P106=Q33999", "born-before=1990"], ["Q3"]),
        (["gender=female"], ["Q4", "Q37459", "Q2"]),
    ],
)
def test_criteria(actors, web, wishes, people):
    service = QueryService(web)
    found = Wikidata(service).people(parse(wishes, web, service, "en"), 40, 10)
    assert [one.subject.key for group in found for one in group] == people


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ("occupation", "a name, = and a value"),
        ("occupation=", "a name, = and a value"),
        ("job=actor", "'job' is none of occupation, country, gender"),
        ("born-after=soon", "a year or a date"),
        ("occupation=wizardess", "nobody whose occupation is called 'wizardess'"),
        ("born-after=1980", "at least one property"),
    ],
)
def test_wishes_that_cannot_be_understood(actors, web, wish, said):
    with pytest.raises(OptionError, match=said):
        parse([wish], web, QueryService(web), "en")


def test_people_are_counted(actors, web, tmp_path):
    assert run(tmp_path, web, "occupation=actor", people=2).people == 2
    assert set(manifest(tmp_path)) == {"Q37459", "Q2"}


def test_many_people_in_several_windows_and_groups(services, web, tmp_path):
    for number in range(1, 131):
        name = services.on_commons(f"File {number}.jpg")
        services.knowledge.person(f"Q{number}", f"No {number}", 20 + number, [name], P106=["Q900"])
    assert run(tmp_path, web, "occupation=Q900", people=120, min_sitelinks=20).people == 120
    assert min(int(row["sitelinks"]) for row in manifest(tmp_path).values()) == 31
    windows = [query for query in services.knowledge.queries if "LIMIT" in query]
    assert 3 < len(windows) < 10
    lookups = [one for one in services.asked if one.fields.get("titles")]
    assert [one.fields["titles"].count("|") + 1 for one in lookups] == [50, 50, 20]
    again = len(services.asked)
    run(tmp_path, web, "occupation=Q900", people=120, min_sitelinks=20)
    assert {one.host for one in services.asked[again:]} == {"query.wikidata.org"}


def test_a_window_that_takes_too_long_is_halved(actors, web, tmp_path):
    actors.first["https://query.wikidata.org/"] = [
        json_reply({"head": {"vars": ["kind"]}, "results": {"bindings": []}}),
        TIMED_OUT,  # 200 and more
        TIMED_OUT,  # 400 and more
    ]
    assert run(tmp_path, web, "occupation=Q33999").people == 2  # kinds were not given
    sizes = [q.partition("FILTER(")[2].partition(")")[0] for q in actors.knowledge.queries]
    assert "?sitelinks >= 800" in sizes[0]


def test_a_service_that_is_always_too_slow_is_left_alone(actors, web, tmp_path):
    actors.first["https://query.wikidata.org/"] = [TIMED_OUT for _ in range(100)]
    with pytest.raises(QueryTooHard, match="60 seconds"):
        run(tmp_path, web, "occupation=Q33999")
    assert len(actors.asked) == 1  # not even the kinds of occupation
    with pytest.raises(QueryTooHard):
        run(tmp_path, web, "gender=female")
    assert len(actors.asked) < 10


def test_being_throttled_by_the_query_service(actors, web, tmp_path):
    actors.first["https://query.wikidata.org/"] = [
        Reply(b"Rate limit exceeded", 429, "text/plain", {"Retry-After": "1"})
    ]
    assert run(tmp_path, web, "occupation=Q33999").people == 3


def test_an_error_in_a_query(actors, web):
    actors.first["https://query.wikidata.org/"] = [Reply(b"MalformedQueryException", 400)]
    with pytest.raises(ServiceRefused, match="400"):
        QueryService(web).rows("SELECT nonsense")


def test_long_queries_are_posted(actors, web):
    actors.asked.clear()
    values = " ".join(f"wd:Q{number}" for number in range(1000))
    QueryService(web).rows(f"SELECT ?x WHERE {{ VALUES ?x {{ {values} }} }}")
    QueryService(web).rows("SELECT ?x WHERE { VALUES ?x { wd:Q1 } }")
    assert [one.method for one in actors.asked] == ["POST", "GET"]
    assert actors.asked[0].headers["Accept"] == "application/sparql-results+json"


class TestCommons:
    def test_more_photos_come_from_the_category(self, actors, web, tmp_path):
        for number in range(4):
            actors.on_commons(f"Emma at {number}.jpg")
        actors.on_commons("Speech.ogg", mime="audio/ogg")
        actors.categories["Emma Watson"] = [
            "Emma Watson 2013.jpg", "Speech.ogg", *(f"Emma at {n}.jpg" for n in range(4))
        ]  # fmt: skip
        actors.pages_at_once = 2
        assert run(tmp_path, web, "country=Q145", photos=5).photos == 5
        with (tmp_path / "manifest.csv").open(encoding="utf-8", newline="") as file:
            titles = {row["photo.title"] for row in csv.DictReader(file)}
        assert titles == {"Emma Watson 2013", "Emma 2", "Emma at 0", "Emma at 1", "Emma at 2"}

    def test_by_keyword(self, services, web):
        for number in range(5):
            services.on_commons(f"Jihyo {number}.jpg")
        services.on_commons("Twice.jpg")
        services.pages_at_once = 2
        offers = list(Commons(web).find('Jihyo"'))
        assert [one.title for one in offers] == [f"Jihyo {number}" for number in range(5)]
        assert services.asked[0].fields["iiurlwidth"] == "960"
        assert services.asked[0].fields["maxlag"] == "5"

    def test_authors_are_plain_words(self, services, web):
        services.on_commons(
            "Jihyo.jpg",
            artist='<bdi><a href="https://x">Unknown&nbsp;author</a></bdi>'
            '<span style="display: none;">Unknown author</span><style>a{}</style><br>studio',
        )
        (offer,) = Commons(web).find("Jihyo")
        assert offer.credit == "Unknown author studio"

    def test_names_are_found_as_the_wiki_spells_them(self, services, web):
        services.on_commons("Emma Watson.jpg")
        found = Commons(web).named(["emma Watson.jpg", "Emma_Watson.jpg", "Nobody.jpg"])
        assert set(found) == {"emma Watson.jpg", "Emma_Watson.jpg"}

    def test_a_lagging_database_is_waited_for(self, services, web):
        services.on_commons("Jihyo.jpg")
        lag = {
            "error": {
                "code": "maxlag",
                "info": "Waiting for db1: 6.2 seconds lagged",
                "host": "db1",
                "lag": 6.2,
            }
        }
        services.first["https://commons.wikimedia.org/"] = [
            json_reply(lag, headers={"Retry-After": "1", "X-Database-Lag": "6"})
        ]
        assert len(list(Commons(web).find("Jihyo"))) == 1
        later = [json_reply(lag, headers={"Retry-After": "0.0"}) for _ in range(9)]
        services.first["https://commons.wikimedia.org/"] = [
            Reply(one.body, kind=one.kind, headers={"Retry-After": "1"}) for one in later
        ]
        with pytest.raises(ServiceUnavailable, match="maxlag"):
            list(Commons(web).find("Jihyo"))

    def test_an_error_of_the_api(self, services, web):
        wrong = {"error": {"code": "badvalue", "info": "Unrecognized value"}}
        services.first["https://commons.wikimedia.org/"] = [json_reply(wrong)]
        with pytest.raises(ServiceRefused, match="badvalue: Unrecognized value"):
            list(Commons(web).find("Jihyo"))

    def test_an_odd_category_costs_only_its_person(self, actors, web, tmp_path):
        wrong = {"error": {"code": "gcminvalidcategory", "info": "The category name is invalid."}}
        once = actors.answer

        def answer(asked):
            odd = asked.fields.get("gcmtitle") == "Category:Emma Watson"
            return json_reply(wrong) if odd else once(asked)

        actors.answer = answer
        summary = run(tmp_path, web, "occupation=actor", photos=5)
        assert summary.people == 3
        assert list(summary.failed) == [
            "commons.wikimedia.org says gcminvalidcategory: The category name is invalid."
        ]

    def test_a_service_that_refuses_everything_ends_it(self, services, web, tmp_path):
        for number in range(1, 60):
            services.knowledge.person(f"Q{number}", f"No {number}", 50, ["a.jpg"], P106=["Q900"])
        services.first["https://commons.wikimedia.org/"] = [Reply(status=403) for _ in range(99)]
        with pytest.raises(ServiceRefused, match=r"commons\.wikimedia\.org says 403"):
            run(tmp_path, web, "occupation=Q900", people=50)
        assert len([one for one in services.asked if "commons" in one.host]) == 12

    def test_an_answer_in_pieces_is_put_together(self, services, web):
        name = services.on_commons("Jihyo.jpg")
        bare = {"pageid": 7, "ns": 6, "title": f"File:{name}", "index": 1}
        info = bare | {"imageinfo": [services.commons[f"File:{name}"]]}
        going_on = {"continue": {"iistart": "x", "continue": "||"}, "query": {"pages": [bare]}}
        services.first["https://commons.wikimedia.org/"] = [
            json_reply(going_on),
            json_reply({"batchcomplete": True, "query": {"pages": [info]}}),
        ]
        assert [one.title for one in Commons(web).find("Jihyo")] == ["Jihyo"]
        assert services.asked[1].fields["iistart"] == "x"

    def test_a_width_that_is_refused_is_not_asked_for_again(self, actors, web, tmp_path):
        said = b"Use thumbnail steps listed on https://w.wiki/GHai"
        actors.first["https://upload.wikimedia.org/"] = [Reply(said, 429, "text/plain")]
        summary = run(tmp_path, web, "country=Q884")
        assert summary.passed == {"not there": 1}
        assert len(actors.downloads()) == 1

    def test_two_downloads_at_once_are_the_most(self, services, web, tmp_path):
        for number in range(8):
            name = services.on_commons(f"Jihyo {number}.jpg")
            services.files[services.commons[f"File:{name}"]["thumburl"]].pause_s = 0.05
        tasks = by_keyword(["Jihyo"], 8, Commons(web), "")
        collect(tmp_path, tasks, web, CollectOptions(workers=8))
        assert services.busiest["upload.wikimedia.org"] == 2
        assert services.busiest["commons.wikimedia.org"] == 1


def test_two_people_of_one_name(services, web, tmp_path):
    for item, links in (("Q178348", 90), ("Q2964710", 50)):
        name = services.on_commons(f"{item}.jpg", photo(item))
        services.knowledge.person(item, "Chris Evans", links, [name], P106=["Q900"])
    run(tmp_path, web, "occupation=Q900")
    assert {row["person"] for row in manifest(tmp_path).values()} == {
        "Chris Evans",
        "Chris Evans (Q2964710)",
    }


def test_language_codes():
    assert language_is_valid("ko")
    assert language_is_valid("zh-hant")
    assert not language_is_valid('en" . }')
