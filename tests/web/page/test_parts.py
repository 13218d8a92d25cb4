"""The parts that are pure thought, asked in the browser and compared with the library."""

from __future__ import annotations

import pytest

from lookalike.figures.initials import initials
from lookalike.figures.palette import theme, tint
from lookalike.gallery.where import parse

NAMES = [
    "Leonardo da Vinci", "Robert Downey Jr.", "Фёдор Достоевский", "名前", "50 Cent", "Cher",
    "von Trier", "ludwig van beethoven", "Sammy Davis Jr", "Henry VIII", "राम कुमार", "...", "",
    "Mary-Kate Olsen", "Ōe Kenzaburō", "d'Artagnan",
]  # fmt: skip


@pytest.fixture(scope="module")
def page(browser, address):
    page = browser.new_page()
    page.goto(address)
    return page


def ask(page, module, expression, value=None):
    return page.evaluate(
        f"async (value) => {{ const it = await import('./js/{module}.js'); return {expression}; }}",
        value,
    )


def test_monograms_are_those_of_the_figures(page):
    assert ask(page, "monogram", "value.map(it.initials)", NAMES) == [*map(initials, NAMES)]
    ids = ["alan-greenspan", "bill-gates", "grace-hopper", "zoë", "名前"]
    tints = ask(page, "monogram", "Promise.all(value.map(it.tintOf))", ids)
    for look in ("light", "dark"):
        colors = theme(look)
        assert [colors.tints[at] for at in tints] == [tint(one, colors) for one in ids]


@pytest.mark.parametrize(
    ("chosen", "people"),
    [
        ([], "abc"),
        ([["calling", {"is": 'o\'neil "x"'}]], "b"),
        ([["born", {"from": 1950, "to": None}]], "bc"),
        ([["born", {"from": 1900, "to": 1950}], ["famous", {"yes": True}]], "a"),
        ([["famous", {"yes": False}]], "b"),
    ],
)
def test_conditions_mean_what_was_chosen(page, chosen, people):
    written = ask(page, "where", "it.where(new Map(value))", chosen)
    facts = {
        "a": {"born": "1906-12-09", "famous": True, "calling": "admiral"},
        "b": {"born": "1956-11-19", "famous": False, "calling": 'o\'neil "x"'},
        "c": {"born": "1985"},
    }
    held = [who for who, known in facts.items() if not written or parse(written).holds(known)]
    assert "".join(held) == people


def test_two_points_are_laid_on_two_others(page):
    numbers = ask(page, "aligned", "it.onto([[10, 20], [30, 25]], [[100, 50], [90, 110]])")
    a, b, c, d, e, f = numbers
    for (x, y), wanted in (((10, 20), [100, 50]), ((30, 25), [90, 110])):
        assert [a * x + c * y + e, b * x + d * y + f] == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("mirrored", "wanted"), [(False, [100, 200, 300, 200]), (True, [880, 200, 300, 200])]
)
def test_boxes_follow_a_video_that_is_cut_off(page, mirrored, wanted):
    # 640 x 480 covers 1280 x 800 at twice its size, 80 pixels above and below are not seen.
    size, room = {"width": 640, "height": 480}, {"width": 1280, "height": 800}
    asked = [[50, 140, 200, 240], size, room, mirrored]
    assert ask(page, "live/overlay", "it.onScreen(...value)", asked) == wanted


def test_event_mode_stays_with_one_person_and_starts_over(page):
    small = {"track": 1, "box": [0, 0, 10, 10], "age_s": 2, "matches": [{"id": "a"}]}
    large = {"track": 2, "box": [0, 0, 50, 50], "age_s": 0.3, "matches": [{"id": "b"}]}
    steps = ask(
        page,
        "live/event",
        """(() => {
            const [small, large] = value;
            let now = { track: null, seen: 0 };
            const told = [];
            for (const [faces, at] of [
                [[], 5000], [[small], 6000], [[small, large], 7000], [[large], 7500],
                [[], 8000], [[large], 9100], [[], 9200], [[], 11200],
            ]) {
                const next = it.turn(now, faces, at);
                told.push([next.state, next.track]);
                if (next.state !== "held") now = next;
            }
            return told;
        })()""",
        [small, large],
    )
    assert steps == [
        ["nobody", None], ["named", 1], ["named", 1], ["held", 1],
        ["held", 1], ["looking", 2], ["held", 2], ["nobody", None],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("one_in", "words"),
    [
        (1.2, "Nearly every stranger looks this much alike"),
        (7.7, "1 in 8 strangers looks this much alike"),
        (2345.6, "1 in 2,300 strangers looks this much alike"),
        (1.4e6, "1 in a million looks this much alike"),
    ],
)
def test_rarity_in_words(page, one_in, words):
    match = {"rarity": {"one_in": one_in}}
    assert ask(page, "rarity", "it.rarityWords(value)", match) == words
    assert "Too few" in ask(page, "rarity", "it.rarityWords({ rarity: null })")
