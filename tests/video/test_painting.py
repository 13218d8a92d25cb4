"""What is drawn, and that nothing else is."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import pytest

from lookalike.figures.hiding import hide
from lookalike.figures.nameplate import corners, nameplate
from lookalike.types import Person
from lookalike.video.footage import Picture
from lookalike.video.painting import Painter, sprite
from lookalike.video.upright import copied, planes, rgb
from lookalike.video.voting import UNKNOWN, Verdict
from lookalike.video.watching import Labeled, Shown

ADA = Verdict(Person.named("Ada Lovelace"), 1.0, 0.2)


def frame(width: int = 320, height: int = 240) -> av.VideoFrame:
    rng = np.random.default_rng(1)
    pixels = rng.integers(60, 190, (height // 8, width // 8, 3)).repeat(8, 0).repeat(8, 1)
    made = av.VideoFrame.from_ndarray(pixels.astype(np.uint8), format="rgb24")
    made = made.reformat(format="yuv420p")
    made.pts, made.time_base = 7, Fraction(1, 25)
    return made


def painted(*faces: Shown, hidden: str = "", on: av.VideoFrame | None = None) -> tuple:
    before = on or frame()
    kept = [plane.copy() for plane in planes(before)]
    after = Painter(hidden).paint(Labeled(Picture(0, 0.28, before), faces))
    for plane, copy in zip(planes(before), kept, strict=True):
        np.testing.assert_array_equal(plane, copy)  # the decoder's frame is not drawn on
    return rgb(before).astype(int), rgb(after).astype(int), after


def face(x: float, y: float, size: float, verdict: Verdict = ADA) -> Shown:
    return Shown(np.array([x, y, x + size, y + size], np.float32), verdict, 1)


def test_only_the_label_is_drawn_and_the_time_is_kept():
    before, after, made = painted(face(120, 60, 80))
    changed = np.abs(before - after).max(axis=2) > 3
    rows, columns = np.nonzero(changed)
    assert rows.min() >= 52
    assert rows.max() <= 180
    assert columns.min() >= 80
    assert columns.max() <= 240
    assert not changed[70:130, 130:190].any()  # the face itself
    assert (made.pts, made.time_base) == (7, Fraction(1, 25))


def test_a_frame_without_faces_is_passed_on():
    before = frame()
    assert Painter().paint(Labeled(Picture(0, 0.0, before), ())) is before


@pytest.mark.parametrize("at", [(-30, -20), (290, 210), (-200, 100), (400, 300), (1, 1), (121, 61)])
def test_labels_at_the_edge_stay_inside(at):
    _, after, _ = painted(face(*at, 80))
    assert after.shape == (240, 320, 3)
    if at == (290, 210):  # no room below: the name stands above
        assert (np.abs(after - rgb(frame()).astype(int)).max(axis=2) > 40)[150:205].any()


def test_unknown_faces_have_a_frame_and_no_plate():
    before, after, _ = painted(face(120, 60, 80, UNKNOWN))
    changed = np.abs(before - after).max(axis=2) > 8
    assert changed[50:150].any()
    assert not changed[150:].any()


@pytest.mark.parametrize(("hidden", "verdict", "gone"), [
    ("all", ADA, True), ("all", UNKNOWN, True), ("unknown", UNKNOWN, True),
    ("unknown", ADA, False), ("", UNKNOWN, False),
])  # fmt: skip
def test_who_is_hidden(hidden, verdict, gone):
    before, after, _ = painted(face(120, 60, 80, verdict), hidden=hidden)
    inside = before[80:120, 140:180], after[80:120, 140:180]
    # What is left are few soft spots: neighboring pixels hardly differ.
    assert np.abs(np.diff(inside[0], axis=1)).max() > 40
    assert bool(np.abs(np.diff(inside[1], axis=1)).max() < 12) is gone


def test_hiding_leaves_the_same_mean_and_nothing_fine():
    plane = np.random.default_rng(0).integers(0, 255, (100, 100)).astype(np.uint8)
    kept = plane.copy()
    hide(plane, (20, 20, 80, 80))
    np.testing.assert_array_equal(plane[:20], kept[:20])
    assert plane[40:60, 40:60].std() < 10
    assert abs(float(plane[30:70, 30:70].mean()) - 127) < 8
    hide(plane, (-50, -50, -10, -10))
    hide(plane, (90, 90, 190, 190))


@pytest.mark.parametrize("kind", [(1, 1), (5, 1), (1, 2)])
def test_colors_are_those_that_ffmpeg_makes(kind):
    space, full = kind
    colors = [(240, 179, 94), (20, 24, 29), (246, 242, 234), (10, 200, 30)]
    for color in colors:
        picture = np.full((8, 8, 4), 255, np.uint8)
        picture[..., :3] = color
        y, alpha, u, v, covered = sprite(picture, (0, 0), kind)
        made = av.VideoFrame.from_ndarray(picture[..., :3].copy(), format="rgb24").reformat(
            format="yuv420p",
            dst_colorspace="ITU709" if space == 1 else "ITU601",
            dst_color_range="JPEG" if full == 2 else "MPEG",
        )
        for plane, ours in zip(planes(made), (y, u, v), strict=True):
            assert abs(float(plane.mean()) - float(ours.mean())) < 1.5
        assert alpha.min() == covered.min() == 1


def test_sprites_begin_at_any_pixel():
    picture = np.full((6, 6, 4), 255, np.uint8)
    for odd in ((0, 0), (1, 0), (0, 1), (1, 1)):
        y, _, u, _, covered = sprite(picture, odd, (1, 1))
        assert y.shape == (6, 6)
        assert u.shape == ((6 + odd[1] + 1) // 2, (6 + odd[0] + 1) // 2)
        assert covered[0, 0] == pytest.approx(1 / ((1 + odd[0]) * (1 + odd[1])))


def test_plates_hold_every_script_and_are_cut_short():
    colors = ("#14181d", "#f6f2ea", "#f0b35e")
    plain = nameplate("Ada", 16, 400, colors)
    long = nameplate("Wolfeschlegelsteinhausenbergerdorff " * 4, 16, 300, colors)
    assert plain.shape[0] == long.shape[0]
    assert plain.shape[1] < long.shape[1] <= 302
    assert all(side % 2 == 0 for side in plain.shape[:2])
    for name in ("Beyoncé", "周杰伦", "", "$x_1$"):
        assert nameplate(name, 16, 400, colors)[..., 3].max() == 255
    corner = corners(24, 2.5, "#f0b35e", "#0b0d10")
    assert corner.shape == (24, 24, 4)
    assert corner[10:, 10:, 3].max() == 0
    np.testing.assert_array_equal(corner, corner.transpose(1, 0, 2))


def test_a_copy_has_pixels_of_its_own():
    one = frame()
    other = copied(one)
    planes(other)[0][:] = 0
    assert planes(one)[0].max() > 0
