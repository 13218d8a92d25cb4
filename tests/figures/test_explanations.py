"""Maps over faces, and the figure of an explanation."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from matplotlib.text import Text

from lookalike.errors import ArrayError
from lookalike.explain import Explanation, PartWeight
from lookalike.figures import GridOptions, Reason, Row, lookalikes
from lookalike.figures.explanations import ExplainedPair, explanations
from lookalike.figures.heat import heat_faces
from lookalike.figures.poster import Wording


@pytest.fixture(autouse=True)
def _no_warning(caplog):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield
    assert not caplog.records


@pytest.fixture
def explanation() -> Explanation:
    grid = np.zeros((2, 3, 3), np.float32)
    grid[0, 0, 0], grid[1, 2, 2] = 0.4, -0.4
    parts = tuple(
        PartWeight(name, change, max(change, 0) / 0.3, change, change, 0.1)
        for name, change in (("eyes", 0.2), ("nose", 0.1), ("mouth", 0.0), ("jaw", -0.05))
    )
    return Explanation("euclidean", 0.41, parts, grid, 0.8, 0.7, 0.6, "Mostly the eyes.")


@pytest.fixture
def faces() -> np.ndarray:
    return np.full((2, 60, 60, 3), 128, np.uint8)


def test_orange_lies_where_faces_are_alike_and_purple_where_not(explanation, faces):
    alike, apart = heat_faces(explanation, faces, 90).astype(int)
    red, green, blue = alike[10, 10]
    assert red > green > blue
    assert np.ptp(alike[80, 80]) <= 8
    red, green, blue = apart[80, 80]
    assert blue > red > green
    assert heat_faces(explanation, faces, 90).shape == (2, 90, 90, 3)


def bars(figure) -> dict[str, object]:
    return {
        artist.get_gid(): artist.get_path().get_extents()
        for artist in figure.findobj()
        if (artist.get_gid() or "").startswith("bar-") and hasattr(artist, "get_path")
    }


def test_bars_are_as_long_as_the_changes(explanation, faces):
    figure = explanations(
        [ExplainedPair(explanation, faces, ("one.jpg", "名前.jpg"))], Wording("Why")
    )
    found = bars(figure)
    assert set(found) == {"bar-eyes", "bar-nose", "bar-jaw"}
    assert found["bar-eyes"].width == pytest.approx(2 * found["bar-nose"].width)
    assert found["bar-eyes"].width == pytest.approx(4 * found["bar-jaw"].width)
    assert found["bar-eyes"].x0 == pytest.approx(found["bar-jaw"].x1)
    said = {text.get_gid(): text.get_text() for text in figure.findobj(Text)}
    assert said["pair-0-why-0"] == "Mostly the eyes."
    assert said["pair-0-numbers"] == "euclidean distance 0.41 · stability 0.80"


def test_the_results_grid_says_why(explanation, faces, row):
    plain = row("Ada Lovelace")
    reason = Reason(heat_faces(explanation, faces, 90), explanation.sentence, "Why Ada Lovelace?")
    reasoned = Row(plain.visitor, plain.tiles, reason=reason)
    without = lookalikes([plain], GridOptions())
    with_reason = lookalikes([reasoned], GridOptions())
    assert with_reason.get_size_inches()[1] > without.get_size_inches()[1] + 1
    texts = [text for text in with_reason.findobj(Text) if text.get_text()]
    said = {text.get_gid(): text.get_text() for text in texts}
    assert said["row-0-reason-title-0"] == "Why Ada Lovelace?"
    assert said["row-0-reason-words-0"] == "Mostly the eyes."
    with_reason.draw_without_rendering()
    spots = {text.get_gid(): text.get_window_extent() for text in texts}
    assert spots["row-0-reason-title-0"].y1 < spots["row-0-tile-0-name-0"].y0


def test_what_cannot_be_drawn(explanation, faces):
    with pytest.raises(ArrayError):
        explanations([], Wording("Nothing"))
    with pytest.raises(ArrayError):
        ExplainedPair(explanation, faces[:1])
    with pytest.raises(ArrayError):
        Reason(faces[:1], "")
