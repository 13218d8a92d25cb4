from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest

from lookalike.detection import mtcnn
from lookalike.detection.mtcnn import Mtcnn, MtcnnOptions
from lookalike.detection.nms import suppress, suppress_on_grid
from lookalike.detection.pyramid import Pyramid
from lookalike.errors import OptionError
from lookalike.images import read
from lookalike.types import Image

from . import plain_mtcnn, plain_networks

HOPPER = [[220, 192], [308, 187], [268, 240], [234, 281], [305, 276]]
ASTRONAUT = [[203, 101], [247, 103], [224, 129], [201, 139], [245, 141]]


@pytest.fixture(scope="module")
def sessions(analyst):
    return analyst.detector._sessions


@pytest.fixture(scope="module")
def plain_sessions(tmp_path_factory):
    return plain_networks.opened(tmp_path_factory.mktemp("plain"))


@pytest.fixture(scope="module")
def find(sessions):
    """Return a function that finds the faces of pixels."""

    def run(pixels, **options):
        detector = Mtcnn(sessions, MtcnnOptions(**options))
        return detector.detect([Image(np.ascontiguousarray(pixels))])[0]

    return run


@pytest.fixture(scope="module")
def face(hopper_image):
    """Return hair, face and collar, 290 x 350."""
    return hopper_image.pixels[50:400, 120:410]


def scaled(pixels, width, height):
    way = cv2.INTER_AREA if width < pixels.shape[1] else cv2.INTER_CUBIC
    return cv2.resize(pixels, (width, height), interpolation=way)


@pytest.mark.parametrize(("who", "expected"), [("hopper_image", HOPPER), ("astronaut", ASTRONAUT)])
def test_finds_the_one_face_of_a_portrait_where_it_is(find, request, who, expected):
    faces = find(request.getfixturevalue(who).pixels)
    assert len(faces) == 1
    np.testing.assert_allclose(faces.landmarks[0], expected, atol=3)
    assert faces.scores[0] > 0.99


@pytest.mark.parametrize("margin", [0, 10, 30])
def test_finds_a_face_that_fills_the_frame(find, hopper_image, margin):
    tight = hopper_image.pixels[112 - margin : 337 + margin, 174 - margin : 353 + margin]
    faces = find(tight)
    assert len(faces) == 1
    expected = np.array(HOPPER) - [174 - margin, 112 - margin]
    np.testing.assert_allclose(faces.landmarks[0], expected, atol=8)


@pytest.mark.parametrize("times", [0.1, 0.25, 0.5, 2, 4])
def test_finds_the_same_face_at_any_scale(find, hopper_image, times):
    pixels = hopper_image.pixels
    width, height = round(512 * times), round(600 * times)
    faces = find(scaled(pixels, width, height))
    assert len(faces) == 1
    size = 225 * times
    np.testing.assert_allclose(faces.landmarks[0], np.array(HOPPER) * times, atol=0.06 * size)


def test_finds_a_close_face_in_a_large_picture(find, face):
    faces = find(scaled(face, 290 * 4, 350 * 4))
    assert len(faces) == 1
    expected = (np.array(HOPPER) - [120, 50]) * 4
    np.testing.assert_allclose(faces.landmarks[0], expected, atol=30)


def test_finds_twelve_faces_best_first(find, face):
    small = scaled(face, 145, 175)
    faces = find(np.tile(small, (3, 4, 1)))
    assert len(faces) == 12
    assert (np.diff(faces.scores) <= 0).all()
    noses = faces.landmarks[:, 2]
    tiles = sorted((int(y // 175), int(x // 145)) for x, y in noses)
    assert tiles == [(row, column) for row in range(3) for column in range(4)]
    expected = (np.array(HOPPER)[2] - [120, 50]) / 2
    np.testing.assert_allclose(noses % [145, 175], np.tile(expected, (12, 1)), atol=6)


@pytest.mark.parametrize("shape", [(1, 1), (2, 9), (11, 11), (15, 30), (16, 2000), (2000, 16)])
@pytest.mark.parametrize("what", ["blank", "noise"])
def test_finds_nobody_where_nobody_is_whatever_the_shape(find, shape, what):
    pixels = np.full((*shape, 3), 90, np.uint8)
    if what == "noise":
        pixels = np.random.default_rng(0).integers(0, 256, (*shape, 3), np.uint8)
    assert len(find(pixels)) == 0


@pytest.fixture(scope="module")
def crowd(face):
    """Return a wide picture with a face of about 30 and one of about 110 pixels."""
    pixels = np.full((500, 1000, 3), 120, np.uint8)
    pixels[100:150, 100:141] = scaled(face, 41, 50)
    pixels[200:375, 600:745] = scaled(face, 145, 175)
    return pixels


@pytest.mark.parametrize(("min_face", "found"), [(0.02, 2), (0.08, 1), (0.4, 0)])
def test_min_face_is_a_part_of_the_longer_side(find, crowd, min_face, found):
    assert len(find(crowd, min_face=min_face)) == found


def test_min_face_px_counts_in_small_pictures(find, face):
    tiny = np.full((100, 100, 3), 120, np.uint8)
    tiny[20:70, 20:61] = scaled(face, 41, 50)
    assert len(find(tiny)) == 1
    assert len(find(tiny, min_face_px=60)) == 0


@pytest.mark.parametrize("stage", [0, 1, 2])
def test_each_threshold_can_turn_everything_away(find, hopper_image, stage):
    thresholds = [0.6, 0.7, 0.8]
    thresholds[stage] = 1.0
    assert len(find(hopper_image.pixels, thresholds=tuple(thresholds))) == 0


def test_the_number_of_candidates_bounds_the_number_of_faces(find, face):
    pixels = np.tile(scaled(face, 145, 175), (3, 4, 1))
    assert len(find(pixels, most_candidates=3)) <= 3


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("min_face", 0.004),
        ("min_face", 0.51),
        ("min_face", float("nan")),
        ("factor", 0.29),
        ("factor", 0.96),
        ("min_face_px", 11),
        ("thresholds", (0.6, 1.1, 0.8)),
        ("thresholds", (-0.1, 0.7, 0.8)),
        ("most_candidates", 0),
    ],
)
def test_an_option_out_of_range_is_named_with_its_value(option, value):
    with pytest.raises(OptionError, match=option) as caught:
        MtcnnOptions(**{option: value})
    assert str(value) in caught.value.message


def test_threads_may_share_a_detector(analyst, hopper_image, astronaut):
    images = [hopper_image, astronaut] * 4
    expected = analyst.detector.detect(images)
    with ThreadPoolExecutor(8) as pool:
        found = pool.map(lambda image: analyst.detector.detect([image])[0], images)
    for one, other in zip(expected, found, strict=True):
        np.testing.assert_allclose(one.landmarks, other.landmarks, atol=1e-3)


def test_every_window_of_every_size_is_scanned_once(sessions, crowd):
    pyramid = Pyramid(crowd)
    canvas, plan = pyramid.scan(0.6, 0.709)
    scores, offsets = Mtcnn(sessions)._scanned(canvas, plan)
    whole = sessions["pnet"].run(np.ascontiguousarray(canvas.transpose(2, 0, 1)[None], "f4"))
    inside = plan.levels >= 0
    np.testing.assert_allclose(scores[inside], whole[0][0, 0][inside], atol=1e-5)
    np.testing.assert_allclose(offsets[:, inside], whole[1][0][:, inside], atol=1e-5)
    assert not scores[~inside].any()


def compared(found, expected):
    """Return, for each expected face, its overlap with the same one found and how far off it is."""
    if len(found) == 0:
        return [(0.0, np.inf)] * len(expected)
    answers = []
    for box, landmarks, _ in expected:
        shared = [plain_mtcnn.overlap(box, other) for other in found.boxes.astype(float)]
        at = int(np.argmax(shared))
        off = np.abs(found.landmarks[at] - landmarks).max() / found.sizes_px[at]
        answers.append((shared[at], off))
    return answers


@pytest.mark.parametrize(
    ("name", "sides"), [("pnet", [(12, 12), (95, 140)]), ("rnet", [24]), ("onet", [48])]
)
def test_the_networks_are_the_plain_ones_up_to_rounding(
    sessions, plain_sessions, astronaut, name, sides
):
    for side in sides:
        rows, columns = np.broadcast_to(side, 2)
        corners = [(0, 0), (62, 170), (100, 180), (300, 200)]
        windows = [astronaut.pixels[y : y + rows, x : x + columns] for y, x in corners]
        batch = np.stack(windows).transpose(0, 3, 1, 2).astype("f4")
        plain = plain_sessions[name].run(batch)
        found = sessions[name].run(batch)
        for one, other in zip(found, plain, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("who", ["hopper_image", "astronaut"])
def test_agrees_with_the_plain_way_on_portraits(find, plain_sessions, request, who):
    pixels = request.getfixturevalue(who).pixels
    expected = plain_mtcnn.detect(plain_sessions, pixels, MtcnnOptions())
    ((shared, off),) = compared(find(pixels), expected)
    assert shared > 0.9
    assert off < 0.03


@pytest.fixture(scope="module")
def press_photos_and_tight_crops(shared_data):
    lfw = sorted((shared_data / "lfw").glob("[A-Z]*/*_0001.jpg"))
    pins = sorted((shared_data / "pins").glob("*/*.jpg"))
    photos = [*lfw[:: len(lfw) // 12][:12], *pins[:: len(pins) // 8][:8]]
    return [read(photo).pixels for photo in photos]


@pytest.fixture
def ties_stay(monkeypatch):
    """Decide ties as the plain way does."""

    def ruled(way):
        return lambda boxes, scores, threshold, *more, **named: way(
            boxes, scores, threshold + plain_mtcnn.TIE, *more, **named
        )

    monkeypatch.setattr(mtcnn, "suppress", ruled(suppress))
    monkeypatch.setattr(mtcnn, "suppress_on_grid", ruled(suppress_on_grid))


@pytest.mark.slow
@pytest.mark.shared_data
@pytest.mark.usefixtures("ties_stay")
def test_is_the_plain_way_given_the_same_samples(
    find, plain_sessions, press_photos_and_tight_crops
):
    answers = []
    for pixels in press_photos_and_tight_crops:
        pyramid = Pyramid(pixels)
        expected = plain_mtcnn.detect(
            plain_sessions,
            pixels,
            MtcnnOptions(),
            resized=lambda _, *size, pyramid=pyramid: pyramid._resized(*size),
            cut=lambda _, box, size, pyramid=pyramid: pyramid.patches(np.float32([box]), size)[0],
        )
        found = find(pixels)
        assert len(found) == len(expected)
        answers += compared(found, expected)
    shared, off = np.array(answers).T
    assert len(shared) >= 19
    assert shared.min() > 0.999
    assert off.max() < 0.001


@pytest.mark.slow
@pytest.mark.shared_data
@pytest.mark.usefixtures("ties_stay")
def test_finds_what_the_plain_way_finds_by_opencv(
    find, plain_sessions, press_photos_and_tight_crops
):
    answers = []
    for pixels in press_photos_and_tight_crops:
        expected = plain_mtcnn.detect(plain_sessions, pixels, MtcnnOptions())
        answers += compared(find(pixels), expected[:1])
    shared, off = np.array(answers).T
    assert len(shared) >= 19
    # Other samples make another of two neighboring windows win now and then, and a face that is
    # cut off on all sides may go either way. Both miss one in a few hundred.
    assert np.mean((shared > 0.8) & (off < 0.06)) > 0.9
    assert np.median(shared) > 0.92
    assert np.median(off) < 0.03
