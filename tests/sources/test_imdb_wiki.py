"""IMDB-WIKI: dates, ages, filters and faces, without a single photo of it."""

from __future__ import annotations

import csv
import itertools
import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.errors import ImageMissing, OptionError
from lookalike.sources.imdb_columns import ImdbColumns, ages, birth_date, read_columns
from lookalike.sources.imdb_filters import ImdbFilters, select
from lookalike.sources.imdb_wiki import ImdbWikiSource
from lookalike.testing import SourceContract

NAN, INF = math.nan, math.inf


def datenum(year, month, day):
    """Count days as MATLAB does."""
    return date(year, month, day).toordinal() + 366


#: Two good rows, and one for each reason to drop a row.
ROWS = [
    {"full_path": "01/a.jpg"},
    {"full_path": "01/b.jpg", "second_face_score": -INF, "gender": 0.0, "name": "Grace Hopper"},
    {"full_path": "01/c.jpg", "face_score": -INF},
    {"full_path": "01/d.jpg", "second_face_score": 1.5},
    {"full_path": "01/e.jpg", "face_score": 2.99},
    {"full_path": "01/f.jpg", "name": " "},
    {"full_path": "01/g.jpg", "photo_taken": 1950},
    {"full_path": "01/h.jpg", "photo_taken": 2500},
    {"full_path": "../i.jpg"},
    {"full_path": "01/a.jpg", "name": "Somebody Else"},
]
REASONS = {
    "no face was found": 1,
    "a second face was found": 1,
    "the face's score is below 3": 1,
    "no name is given": 1,
    "the age is not 0 to 110": 2,
    "the path leads out of the folder": 1,
    "the photo was given before": 1,
}


class TestContract(SourceContract):
    @pytest.fixture(autouse=True)
    def _set(self, mat, tmp_path, hopper):
        self.path = mat(*ROWS)
        for name in ("a", "b"):
            path = tmp_path / "01" / f"{name}.jpg"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(hopper.read_bytes())

    def source(self):
        return ImdbWikiSource(self.path)


def test_each_filter_drops_its_rows_and_counts_them(mat):
    source = ImdbWikiSource(mat(*ROWS))
    assert [candidate.uri for candidate in source] == ["01/a.jpg", "01/b.jpg"]
    assert dict(source.faults.counts) == REASONS
    assert len(source.faults) == len(ROWS) - 2


@pytest.mark.parametrize(
    ("filters", "more"),
    [
        ({"with_face": False, "min_score": -INF}, "ce"),
        ({"one_face": False}, "d"),
        ({"min_score": 2.5}, "e"),
        ({"named": False}, "f"),
        ({"min_age": -50}, "g"),
        ({"max_age": 600}, "h"),
        ({"max_age": 34}, ""),
    ],
)
def test_each_filter_can_be_switched_off(mat, filters, more):
    source = ImdbWikiSource(mat(*ROWS), filters=ImdbFilters(**filters))
    names = {candidate.uri[3:4] for candidate in source}
    assert names == (set("ab" + more) if filters != {"max_age": 34} else set())


def test_an_unknown_score_is_below_every_score(mat):
    path = mat({"face_score": NAN}, {"full_path": "b.jpg"})
    assert [c.uri for c in ImdbWikiSource(path)] == ["b.jpg"]


def test_a_photo_without_a_name_is_called_after_its_file(mat):
    source = ImdbWikiSource(mat({"name": ""}), filters=ImdbFilters(named=False))
    (candidate,) = source
    assert candidate.person.name == "A"


def test_photos_that_are_not_there_can_be_dropped(mat, tmp_path):
    path = mat({}, {"full_path": "01/b.jpg"})
    (tmp_path / "01").mkdir()
    (tmp_path / "01/b.jpg").write_bytes(b"photo")
    source = ImdbWikiSource(path, filters=ImdbFilters(existing=True))
    assert [candidate.load() for candidate in source] == [b"photo"]
    assert source.faults.counts["the photo is not there"] == 1


def test_rows_are_described_without_a_photo(mat):
    (candidate,) = ImdbWikiSource(mat({}))
    assert candidate.person.name == "Ada Lovelace"
    assert candidate.person.attributes == {"gender": "male", "born": "1970-05-01"}
    assert candidate.attributes == {"age": 35, "year": 2005}
    with pytest.raises(ImageMissing):
        candidate.load()


def test_a_photo_that_arrives_gets_another_stamp(mat, tmp_path):
    path = mat({})
    (before,) = ImdbWikiSource(path)
    (tmp_path / "01").mkdir()
    (tmp_path / "01/a.jpg").write_bytes(b"photo")
    (after,) = ImdbWikiSource(path)
    assert before.stamp != after.stamp
    assert after.load() == b"photo"


def test_what_is_not_known_is_not_said(mat):
    (candidate,) = ImdbWikiSource(mat({"dob": NAN, "gender": NAN, "photo_taken": NAN}))
    assert candidate.person.attributes == {}
    assert candidate.attributes == {}


def test_the_place_of_a_face_is_a_box_of_pixels(mat):
    (candidate,) = ImdbWikiSource(mat({"face_location": (11, 21.5, 110.25, 140)}))
    # img(y1:y2, x1:x2) in MATLAB is img[y1 - 1 : y2, x1 - 1 : x2] here.
    assert candidate.face == (10.0, 20.5, 110.25, 140.0)


def test_without_a_face_there_is_no_place(mat):
    every = ImdbFilters(with_face=False, min_score=-INF)
    rows = [{"face_score": -INF}, {"face_location": (9, 9, 1, 1), "full_path": "b.jpg"}]
    rows += [{"face_location": (1, 1, 1e300, 5), "full_path": "c.jpg"}]
    assert [c.face for c in ImdbWikiSource(mat(*rows), filters=every)] == [None, None, None]


@pytest.mark.parametrize(
    ("folder", "crops", "known"),
    [
        ("imdb_crop", None, False),
        ("imdb", None, True),
        ("imdb_crop", False, True),
        ("x", True, False),
    ],
)
def test_the_place_does_not_apply_to_crops(mat, folder, crops, known):
    (candidate,) = ImdbWikiSource(mat({}, name=f"{folder}/imdb.mat"), crops=crops)
    assert (candidate.face is not None) is known


def test_missing_files_and_folders_are_errors(mat, tmp_path):
    with pytest.raises(OptionError, match="there is no file"):
        ImdbWikiSource(tmp_path / "wiki.mat")
    with pytest.raises(OptionError, match="not a folder"):
        ImdbWikiSource(mat({}), tmp_path / "nowhere")


def test_a_folder_in_place_of_a_photo_is_told(mat, tmp_path):
    (tmp_path / "01/a.jpg").mkdir(parents=True)
    source = ImdbWikiSource(mat({}))
    assert list(source) == []
    assert source.faults.counts == {"is no file": 1}


@pytest.mark.parametrize("options", [{"min_score": NAN}, {"min_age": 50, "max_age": 40}])
def test_filters_are_checked(options):
    with pytest.raises(OptionError):
        ImdbFilters(**options)


@given(st.dates())
def test_days_are_dates(day):
    assert birth_date(day.toordinal() + 366) == day
    assert birth_date(day.toordinal() + 366.75) == day


@pytest.mark.parametrize("days", [NAN, INF, -INF, 0, 366, -5.0, 1e300, 3_652_426.0])
def test_what_is_no_day_is_none(days):
    assert birth_date(days) is None


def test_a_known_day_is_that_of_matlab():
    # Of the documentation of datenum and datestr.
    assert birth_date(730_736) == date(2000, 9, 7)
    assert birth_date(719_529) == date(1970, 1, 1)


@pytest.mark.parametrize(
    ("born", "year", "age"),
    [
        ((1970, 5, 1), 2005, 35),
        ((1970, 7, 1), 2005, 35),
        ((1970, 7, 2), 2005, 34),
        ((1970, 12, 31), 2005, 34),
        ((2005, 8, 1), 2005, -1),
        ((2004, 2, 29), 2005, 1),
        ((1, 1, 1), 100, 99),
        ((9999, 12, 31), 9999, -1),
    ],
)
def test_ages_are_full_years_on_the_first_of_july(mat, born, year, age):
    columns = read_columns(mat({"dob": datenum(*born), "photo_taken": year}))
    assert ages(columns).tolist() == [age]


@given(st.lists(st.tuples(st.dates(), st.integers(1, 9999)), min_size=1, max_size=20))
def test_ages_are_those_of_the_calendar(rows):
    none = np.full(len(rows), math.nan)
    born = np.array([datenum(day.year, day.month, day.day) for day, _ in rows], np.float64)
    taken = np.array([year for _, year in rows], np.float64)
    names = [""] * len(rows)
    columns = ImdbColumns(
        "imdb", born, taken, none, none, none, names, names, np.zeros((len(rows), 4), np.float32)
    )
    expected = [year - day.year - ((day.month, day.day) > (7, 1)) for day, year in rows]
    assert ages(columns).tolist() == expected


def test_unknown_dates_have_no_age(mat):
    rows = [{"dob": 0}, {"dob": NAN}, {"dob": INF}, {"photo_taken": NAN}, {"dob": 1e18}]
    assert np.isnan(ages(read_columns(mat(*rows)))).all()


@pytest.mark.shared_data
def test_ages_of_the_published_file_names(shared_data, mat):
    # nm1442940_rm3965098752_1996-10-3_2006.jpg: person, photo, date of birth, year.
    with (shared_data / "imdb-wiki-file-names.csv").open(encoding="utf-8") as stream:
        names = [row["label"].rsplit("/", 1)[1] for row in csv.DictReader(stream)]
    rows, expected = [], []
    for name in names[:2000]:
        *_, born, year = name.removesuffix(".jpg").split("_")
        y, m, d = map(int, born.split("-"))
        try:
            day = date(y, m, d)
        except ValueError:
            # Of some people only the year is known.
            continue
        rows.append({"full_path": name, "dob": datenum(y, m, d), "photo_taken": int(year)})
        expected.append(int(year) - y - ((day.month, day.day) > (7, 1)))
    source = ImdbWikiSource(mat(*rows), filters=ImdbFilters(min_age=-5))
    assert [candidate.attributes["age"] for candidate in source] == expected
    assert len(expected) > 1900


def test_filters_agree_with_a_loop(mat):
    scores = [-INF, 1.0, 3.0, 5.5, NAN]
    seconds = [NAN, -INF, 0.5]
    names = ["Ada", ""]
    rows = [
        {"face_score": score, "second_face_score": second, "name": name, "full_path": f"{at}.jpg"}
        for at, (score, second, name) in enumerate(itertools.product(scores, seconds, names))
    ]
    expected = [
        at
        for at, row in enumerate(rows)
        if row["face_score"] >= 3 and not row["second_face_score"] > -INF and row["name"]
    ]
    selection = select(read_columns(mat(*rows)), ImdbFilters())
    assert selection.rows.tolist() == expected
    assert len(rows) - sum(selection.dropped.values()) == len(expected)


def test_what_is_no_number_in_an_unusual_way_is_unknown_in_silence(mat):
    path = mat({"full_path": "01/a.jpg", "photo_taken": 1999.0}, do_compression=False)
    data = path.read_bytes()
    year = np.float64(1999).tobytes()
    assert data.count(year) == 1
    # A signaling NaN, which makes NumPy warn whenever it is reckoned with.
    path.write_bytes(data.replace(year, b"\x01\x00\x00\x00\x00\x00\xf0\x7f"))
    assert math.isnan(ages(read_columns(path))[0])


def test_a_path_that_no_disk_can_hold_is_not_there(mat):
    path = mat({"full_path": "01/" + "x" * 5000})
    assert not list(ImdbWikiSource(path, filters=ImdbFilters(existing=True)))
