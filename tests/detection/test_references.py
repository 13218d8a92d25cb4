"""Each detector against a plain use of what it is made of."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from lookalike.images import read
from lookalike.models.card import card
from lookalike.models.store import locate


@pytest.fixture(params=["hopper_image", "astronaut"])
def pixels(request):
    return request.getfixturevalue(request.param).pixels


@pytest.fixture
def weights(shared_data):
    return shared_data / "weights"


def press_photos(shared_data, count):
    photos = sorted((shared_data / "lfw").glob("*/*_0001.jpg"))
    return [read(photo).pixels for photo in photos[:: len(photos) // count][:count]]


def sizes_up_to_640(shared_data):
    """Return pictures of odd sizes, the largest brought down to 640 by nobody."""
    one, two, three, four = press_photos(shared_data, 4)
    group = np.concatenate([np.concatenate([one, two], 1), np.concatenate([three, four], 1)])
    return [one, two[:201, 13:], three[40:, :177], cv2.resize(group, (640, 611)), group[:, :333]]


@pytest.mark.shared_data
def test_yunet_is_the_one_of_opencv(opened_detector, shared_data, weights):
    detector = opened_detector("yunet")
    path = str(weights / "face_detection_yunet_2023mar.onnx")
    for pixels in sizes_up_to_640(shared_data):
        size = (pixels.shape[1], pixels.shape[0])
        peer = cv2.FaceDetectorYN.create(path, "", size, 0.7, 0.3, 5000)
        _, expected = peer.detect(np.ascontiguousarray(pixels[..., ::-1]))
        expected = expected[np.argsort(-expected[:, 14], kind="stable")]
        # The first look only: what a second one adds, OpenCV does not have.
        found = detector._look(padded(pixels, 32))
        order = [int(np.abs(found.boxes[:, :2] - row[:2]).sum(axis=1).argmin()) for row in expected]
        found = found.take(order)
        np.testing.assert_allclose(found.boxes[:, :2], expected[:, :2], atol=0.02)
        np.testing.assert_allclose(
            found.boxes[:, 2:] - found.boxes[:, :2], expected[:, 2:4], atol=0.02
        )
        np.testing.assert_allclose(found.landmarks.reshape(-1, 10), expected[:, 4:14], atol=0.02)
        np.testing.assert_allclose(found.scores, expected[:, 14], atol=1e-4)


@pytest.mark.shared_data
def test_yunet_finds_as_many_as_opencv(opened_detector, shared_data, weights):
    path = str(weights / "face_detection_yunet_2023mar.onnx")
    for pixels in sizes_up_to_640(shared_data):
        from lookalike.types import Image

        size = (pixels.shape[1], pixels.shape[0])
        peer = cv2.FaceDetectorYN.create(path, "", size, 0.7, 0.3, 5000)
        _, expected = peer.detect(np.ascontiguousarray(pixels[..., ::-1]))
        (found,) = opened_detector("yunet").detect([Image(np.ascontiguousarray(pixels))])
        assert len(found) == len(expected)


def padded(pixels, step):
    rows, columns = pixels.shape[:2]
    return np.pad(pixels, ((0, -rows % step), (0, -columns % step), (0, 0)))


def plain_scrfd(session, pixels, threshold):
    """Run SCRFD as its authors do: a square of 640, one anchor after the other, greedy NMS."""
    rows, columns = pixels.shape[:2]
    square = np.zeros((640, 640, 3), np.float64)
    square[:rows, :columns] = pixels
    outputs = session.run(((square - 127.5) / 128).transpose(2, 0, 1)[None].astype("f4"))
    faces = []
    for level, stride in enumerate((8, 16, 32)):
        scores, sides, points = outputs[level], outputs[level + 3], outputs[level + 6]
        for row in np.flatnonzero(scores[:, 0] >= threshold):
            place = row // 2
            x, y = place % (640 // stride) * stride, place // (640 // stride) * stride
            left, top, right, bottom = sides[row] * stride
            box = [x - left, y - top, x + right, y + bottom]
            marks = [(x + dx * stride, y + dy * stride) for dx, dy in points[row].reshape(5, 2)]
            faces.append((float(scores[row, 0]), box, marks))
    kept = []
    for face in sorted(faces, key=lambda face: -face[0]):
        if all(shared(face[1], other[1]) <= 0.4 for other in kept):
            kept.append(face)
    return kept


def shared(one, other):
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    both = max(width, 0) * max(height, 0)
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return both / (sum(areas) - both)


@pytest.mark.shared_data
def test_scrfd_is_the_one_of_its_authors(opened_detector, shared_data):
    from lookalike.types import Image

    detector = opened_detector("scrfd-2.5g")
    for pixels in press_photos(shared_data, 8):
        expected = plain_scrfd(detector._session, pixels, 0.5)
        (found,) = detector.detect([Image(pixels)])
        assert len(found) == len(expected)
        for face, (score, box, marks) in zip(found, expected, strict=True):
            # The square that pads the picture is smaller here: that is seen at the edges.
            assert face.score == pytest.approx(score, abs=0.01)
            np.testing.assert_allclose(face.box, box, atol=0.5)
            np.testing.assert_allclose(face.landmarks, marks, atol=0.5)


@pytest.mark.shared_data
def test_ssd_is_the_one_of_opencv(opened_detector, shared_data, weights):
    files = [str(weights / f"opencv_face_detector{end}") for end in ("_uint8.pb", ".pbtxt")]
    peer = cv2.dnn.readNet(*files)
    for pixels in press_photos(shared_data, 6):
        bgr = np.ascontiguousarray(pixels[..., ::-1])
        peer.setInput(cv2.dnn.blobFromImage(bgr, 1.0, (300, 300), (104, 177, 123)))
        expected = peer.forward()[0, 0]
        expected = expected[expected[:, 2] > 0.1]
        found = opened_detector("ssd-res10-uint8")._look(pixels, 300)
        found = found[found[:, 0] > 0.1]
        np.testing.assert_allclose(found, expected[:, 2:], atol=1e-5)


def test_haar_is_the_one_of_opencv(opened_detector, pixels):
    peer = cv2.CascadeClassifier(str(locate(card("haar").files[0])))
    expected = peer.detectMultiScale(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), 1.1, 3)
    boxes, scores = opened_detector("haar")._look(pixels)
    assert len(boxes) == len(expected) == len(scores)
    as_corners = [[x, y, x + w, y + h] for x, y, w, h in expected]
    assert sorted(boxes.tolist()) == sorted(as_corners)


def test_haar_scores_rise_with_the_windows_that_agree(opened_detector):
    class Told:
        def detectMultiScale2(self, *_):  # noqa: N802 - OpenCV's name
            return [[0, 0, 9, 9]] * 3, [[3], [6], [60]]

    from lookalike.detection.haar import Haar

    _, scores = Haar(Told(), None)._look(np.zeros((50, 50, 3), np.uint8))
    np.testing.assert_allclose(scores, [0.18, 0.55, 1.0], atol=0.01)


def corners(rectangle):
    return [rectangle.left(), rectangle.top(), rectangle.right() + 1, rectangle.bottom() + 1]


def test_hog_is_the_one_of_dlib(opened_detector, pixels):
    dlib = pytest.importorskip("dlib")
    expected, margins, _ = dlib.get_frontal_face_detector().run(pixels, 0, 0.0)
    boxes, scores = opened_detector("hog")._look(pixels)
    assert boxes.tolist() == [corners(one) for one in expected]
    np.testing.assert_allclose(scores, 1 / (1 + np.exp(-4 * np.array(margins))), rtol=1e-5)


def same_as_mmod_of_dlib(detector, pixels):
    """Check boxes and margins of a picture, and return how many there are."""
    dlib = pytest.importorskip("dlib")
    peer = dlib.cnn_face_detection_model_v1(str(locate(card("mmod").files[0])))
    pixels = np.ascontiguousarray(pixels)
    expected = peer(pixels, 0)
    boxes, scores = detector._look(pixels)
    # dlib rounds its boxes, and gives the margins from which the scores are derived.
    edges = np.array([corners(one.rect) for one in expected]).reshape(-1, 4)
    np.testing.assert_allclose(boxes, edges, atol=0.501)
    margins = np.array([one.confidence for one in expected])
    np.testing.assert_allclose(np.log(scores / (1 - scores)) / 4, margins, atol=1e-3)
    return len(expected)


def test_mmod_is_the_one_of_dlib(opened_detector, pixels):
    assert same_as_mmod_of_dlib(opened_detector("mmod"), pixels[:430, 90:440]) == 1


@pytest.mark.shared_data
def test_mmod_is_the_one_of_dlib_on_pictures_of_any_shape(opened_detector, shared_data):
    pictures = sizes_up_to_640(shared_data)
    faces = [same_as_mmod_of_dlib(opened_detector("mmod"), one) for one in pictures]
    assert faces == [1, 1, 1, 5, 3]


@pytest.mark.slow
@pytest.mark.shared_data
def test_mmod_is_the_one_of_dlib_on_sixty_photos(opened_detector, shared_data):
    photos = press_photos(shared_data, 60)
    assert sum(same_as_mmod_of_dlib(opened_detector("mmod"), photo) for photo in photos) > 60


def test_mmod_keeps_the_best_of_windows_as_dlib_does():
    from lookalike.detection.mmod import _best

    # Two squares of 80 that are d apart along one axis share (80 - d) / (80 + d); along both,
    # the box around them is larger than their union, and it is that which counts.
    boxes = np.array([[0, 0, 80, 80], [39, 0, 119, 80], [20, 20, 100, 100], [0, 300, 80, 380]])
    margins = np.array([1.0, 0.5, 0.2, 2.0], np.float32)
    assert _best(boxes.astype(np.float32), margins).tolist() == [3, 0]
    apart = boxes + np.array([[0], [2], [5], [0]])
    assert _best(apart.astype(np.float32), margins).tolist() == [3, 0, 1]
    assert _best(np.empty((0, 4), np.float32), np.empty(0, np.float32)).tolist() == []
