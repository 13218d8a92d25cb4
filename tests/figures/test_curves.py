"""Curves: every point where its numbers say, on axes that fit."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from matplotlib.lines import Line2D
from matplotlib.text import Text
from scipy.stats import norm
from sklearn.metrics import roc_curve

from lookalike.errors import ArrayError
from lookalike.figures import save
from lookalike.figures.axes import deviates, linear, logarithmic
from lookalike.figures.confusion import confusion
from lookalike.figures.curves import Curve, cmc, det, roc
from lookalike.figures.histogram import distances
from lookalike.figures.palette import theme
from lookalike.figures.poster import Wording
from lookalike.figures.reliability import Reliability, reliability
from lookalike.figures.scatter import Points, scatter

WORDS = Wording("Title", "Subtitle")
LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch " * 3


@pytest.fixture(autouse=True)
def _no_warning(caplog):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield
    assert not caplog.records


@pytest.fixture(scope="module")
def scores() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    return rng.normal(0.4, 0.12, 500), rng.normal(0.9, 0.12, 800)


def curve(scores, label: str = "one") -> Curve:
    same, different = scores
    truth = np.repeat([1, 0], [len(same), len(different)])
    far, tar, _ = roc_curve(truth, -np.concatenate([same, different]))
    return Curve(label, far, tar)


def line(figure, name: str) -> np.ndarray:
    (found,) = (artist for artist in figure.findobj(Line2D) if artist.get_gid() == name)
    return np.asarray(found.get_xydata())


def texts(figure) -> dict[str, str]:
    return {t.get_gid(): t.get_text() for t in figure.findobj(Text) if t.get_gid()}


def tick(figure, axis: str, words: str) -> tuple[float, float]:
    (found,) = (
        t
        for t in figure.findobj(Text)
        if (t.get_gid() or "").startswith(f"{axis}-tick") and t.get_text() == words
    )
    return found.get_position()


def inside(figure) -> bool:
    figure.draw_without_rendering()
    width, height = figure.bbox.size
    found = [t.get_window_extent() for t in figure.findobj(Text) if t.get_text()]
    return all(b.x0 >= 0 and b.y0 >= 0 and b.x1 <= width and b.y1 <= height for b in found)


def test_a_roc_ends_where_everything_is_one_person(scores):
    figure = roc([curve(scores)], WORDS)
    drawn = line(figure, "curve-0")
    assert drawn[-1, 0] == pytest.approx(tick(figure, "x", "100 %")[0])
    base = tick(figure, "y", "100 %")[1]
    assert abs(drawn[-1, 1] - base) < 5
    assert (np.diff(drawn[:, 0]) >= 0).all()
    assert (np.diff(drawn[:, 1]) <= 0).all()
    assert inside(figure)


def test_a_roc_has_one_percent_where_its_tick_is(scores):
    figure = roc([Curve("line", np.array([0.001, 0.01, 1]), np.array([0.2, 0.5, 1.0]))], WORDS)
    assert line(figure, "curve-0")[1, 0] == pytest.approx(tick(figure, "x", "1 %")[0])


def test_errors_of_two_normal_distributions_are_a_straight_line():
    at = np.linspace(-2, 2, 30)
    figure = det([Curve("normal", norm.cdf(at - 0.5), norm.cdf(-at - 0.5))], WORDS)
    x, y = line(figure, "curve-0").T
    # To the right and down, which on paper is to larger numbers.
    assert np.corrcoef(x, y)[0, 1] == pytest.approx(1, abs=1e-9)
    ends = line(figure, "equal")
    assert ends[0, 0] < ends[1, 0]


def test_ranks_stand_evenly_or_by_powers():
    few = cmc([Curve("a", np.arange(1, 6), np.linspace(0.9, 1, 5))], WORDS)
    assert np.ptp(np.diff(line(few, "curve-0")[:, 0])) < 1e-6
    many = cmc([Curve("a", np.arange(1, 101), np.linspace(0.5, 1, 100))], WORDS)
    x = line(many, "curve-0")[:, 0]
    assert x[9] - x[0] == pytest.approx(x[99] - x[9])


def test_a_curve_must_be_one():
    with pytest.raises(ArrayError, match="ascend"):
        Curve("a", np.array([0.5, 0.1]), np.ones(2))
    with pytest.raises(ArrayError, match="equally long"):
        Curve("a", np.array([0.5, 0.6]), np.ones(3))
    with pytest.raises(ArrayError, match="finite"):
        Curve("a", np.array([0.5, np.nan]), np.ones(2))
    with pytest.raises(ArrayError, match="1 to 6"):
        roc([], WORDS)
    with pytest.raises(ArrayError, match="no errors"):
        det([Curve("perfect", np.array([0.0, 1.0]), np.array([0.0, 0.0]))], WORDS)


def test_a_histogram_has_each_kind_add_up_to_all(scores):
    same, different = scores
    figure = distances(same, different, WORDS, "Euclidean distance", threshold=0.65)
    assert "threshold 0.65" in texts(figure).values()
    ground, top = tick(figure, "y", "0 %")[1], tick(figure, "y", "5 %")[1]
    for number in (0, 1):
        corners = line(figure, f"kind-{number}")
        heights = (corners[:, 1].max() - corners[1:-1:2, 1]) / (ground - top) * 0.05
        assert heights.sum() == pytest.approx(1, abs=1e-6)
    assert inside(figure)


@pytest.mark.parametrize("same", [np.array([0.5]), np.array([])])
def test_a_histogram_of_little(same):
    assert inside(distances(same, np.array([0.5, 0.5]), WORDS))


def test_a_histogram_of_nothing():
    with pytest.raises(ArrayError):
        distances(np.array([]), np.array([]), WORDS)
    with pytest.raises(ArrayError):
        distances(np.array([np.inf]), np.array([1.0]), WORDS)


def test_the_calibration_error_is_the_mean_gap():
    bins = Reliability(np.array([0.1, 0.5, 0.9]), np.array([0.2, 0.0, 0.9]), np.array([30, 0, 70]))
    assert bins.error == pytest.approx(0.03)
    figure = reliability(bins, WORDS)
    assert texts(figure)["key-0"] == "100 pairs, expected calibration error 0.030"
    assert "count-1" not in {artist.get_gid() for artist in figure.findobj()}
    with pytest.raises(ArrayError):
        Reliability(np.array([0.1]), np.array([0.2]), np.array([0]))


def test_a_cell_is_as_strong_as_its_part_of_the_row():
    figure = confusion(np.array([[10, 0], [300, 900]]), ["名前 太郎", LONG], WORDS)
    fills = {
        artist.get_gid(): artist.get_facecolor()
        for artist in figure.findobj()
        if (artist.get_gid() or "").startswith("cell")
    }
    lightness = {gid: sum(fill[:3]) for gid, fill in fills.items()}
    order = ["cell-0-0", "cell-1-1", "cell-1-0", "cell-0-1"]
    assert sorted(lightness, key=lightness.__getitem__) == order
    assert inside(figure)
    with pytest.raises(ArrayError):
        confusion(np.ones((2, 3), int), ["a", "b"], WORDS)
    with pytest.raises(ArrayError):
        confusion(np.ones((0, 0), int), [], WORDS)


def test_dots_of_all_kinds_are_drawn():
    kinds = [Points(np.array([0.1, 0.9]), np.array([1.0, 2.0]), "one"),
             Points(np.array([0.5]), np.array([1.5]), LONG)]  # fmt: skip
    figure = scatter(kinds, WORDS)
    drawn = [a for a in figure.findobj() if (a.get_gid() or "").startswith("kind-")]
    assert sum(len(artist.get_offsets()) for artist in drawn) == 3
    assert inside(figure)
    with pytest.raises(ArrayError):
        scatter([], WORDS)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_drawn_on_light_and_on_dark_paper(scores, name, tmp_path):
    figure = roc([curve(scores, str(number)) for number in range(6)], Wording("ROC", theme=name))
    assert theme(name).paper in (figure.get_facecolor(), _hex(figure.get_facecolor()))
    save(figure, tmp_path / "roc.svg")
    assert (tmp_path / "roc.svg").read_bytes().startswith(b"<?xml")


def _hex(color) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in color[:3])


def test_axes_end_on_round_numbers():
    assert [text for _, text in linear("", 0.0, 1.43).ticks] == ["0.0", "0.5", "1.0", "1.5"]
    assert linear("", 0.93, 1.0, percent=True).ticks[-1] == (1.0, "100 %")
    assert linear("", 5.0, 5.0).low < 5 < linear("", 5.0, 5.0).high
    assert [text for _, text in logarithmic("", 1e-4, 1.0).ticks] == [
        "1 in 10,000", "1 in 1,000", "1 %", "10 %", "100 %"]  # fmt: skip
    assert [mark for mark, _ in logarithmic("", 1, 30, whole=True).ticks] == [1, 2, 5, 10, 20]
    axis = deviates("", 0.004, 0.3)
    assert (axis.low, axis.high) == (0.001, 0.4)
    assert axis.place(axis.low) == 0
    never, always = axis.place(np.array([0.0, 1.0]))
    assert never < 0
    assert always > 1
