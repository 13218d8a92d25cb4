"""Names in the room that there is."""

import pytest

from lookalike.figures.wrapping import ELLIPSIS, Room, fit


def measure(text: str, size: float) -> float:
    """Pretend that every letter is as wide as the font is large."""
    return len(text) * size


ROOM = Room(width=120, lines=2, sizes=(12.0, 10.0))


@pytest.mark.parametrize(
    ("text", "lines", "size"),
    [
        ("", (), 12),
        ("Cher", ("Cher",), 12),
        ("Emma Stone", ("Emma Stone",), 12),
        ("Bradley Cooper", ("Bradley", "Cooper"), 12),
        ("Anna Taylor-Joy", ("Anna", "Taylor-Joy"), 12),
        ("Montgomery-Windsor", ("Montgomery-", "Windsor"), 10),
        ("Scarlett Johanssonian", ("Scarlett", "Johanssonian"), 10),
        ("名前名前名前名前名前名前", ("名前名前名前名前名前", "名前"), 12),
    ],
)
def test_whole_words_as_large_as_possible(text: str, lines: tuple[str, ...], size: float) -> None:
    fitted = fit(text, ROOM, measure)
    assert fitted.lines == lines
    assert fitted.size == size


def test_too_many_words_end_in_an_ellipsis() -> None:
    fitted = fit("Katherine Elizabeth Montgomery-Windsor of Saxe-Coburg", ROOM, measure)
    assert fitted.lines == ("Katherine", "Elizabeth M…")
    assert fitted.size == 10


def test_one_very_long_word_is_broken() -> None:
    fitted = fit("Llanfairpwllgwyngyllgogerychwyrndrobwll", ROOM, measure)
    assert fitted.lines == ("Llanfairpwll", "gwyngyllgog…")


@pytest.mark.parametrize("width", [1.0, 10.0, 35.0, 77.0])
@pytest.mark.parametrize("text", ["Grace Hopper", "x" * 300, "a b c d e f g h i j", "名前" * 20])
def test_never_more_lines_nor_wider_than_one_letter_asks_for(text: str, width: float) -> None:
    fitted = fit(text, Room(width, 2, (10.0,)), measure)
    assert 1 <= len(fitted.lines) <= 2
    assert all(line.strip() for line in fitted.lines)
    assert all(measure(line, 10) <= max(width, 20) for line in fitted.lines)


def test_marks_stay_with_their_letter() -> None:
    fitted = fit("e\u0301" * 40, Room(50, 1, (10.0,)), measure)
    assert fitted.lines[0].endswith("e\u0301" + ELLIPSIS)
