from __future__ import annotations

import io
import threading
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow
from scipy.spatial import distance

from lookalike import eye
from lookalike.alignment import align
from lookalike.errors import (
    ArrayError,
    ImageError,
    ImageMissing,
    ImageUnreadable,
    NoFace,
    UnknownName,
)
from lookalike.images import read
from lookalike.pipeline import Analyst
from lookalike.testing import FakeDetector, FakeEncoder
from lookalike.types import Image


def vector_of(analysis):
    assert len(analysis) == 1
    return analysis.embeddings.vectors[0]


def saved(path, pixels):
    Pillow.fromarray(pixels).save(path, quality=95)
    return path


def scaled(pixels, factor):
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=way)


@pytest.fixture
def reads(monkeypatch):
    """Return the list of what each reading was told about size."""
    asked = []

    def spy(photo, *, longest_px=None):
        asked.append(longest_px)
        return read(photo, longest_px=longest_px)

    monkeypatch.setattr(eye, "read", spy)
    return asked


@pytest.fixture(scope="module")
def hopper_vector(analyst, hopper):
    (analysis,) = analyst.analyze([hopper])
    return vector_of(analysis)


def test_an_analysis_is_the_four_steps_one_by_one(analyst, hopper, hopper_image):
    (analysis,) = analyst.analyze([hopper])
    (faces,) = analyst.detector.detect([hopper_image])
    crops = align(hopper_image, faces, analyst.encoder.template)
    np.testing.assert_array_equal(analysis.image.pixels, hopper_image.pixels)
    np.testing.assert_allclose(analysis.faces.landmarks, faces.landmarks, atol=1e-3)
    assert np.abs(analysis.crops.pixels.astype(int) - crops.pixels).max() <= 2
    expected = analyst.encoder.encode(crops).vectors
    np.testing.assert_allclose(analysis.embeddings.vectors, expected, atol=1e-3)
    assert analysis.embeddings.space == analyst.space


def as_path(path):
    return str(path)


def as_bytes(path):
    return path.read_bytes()


def as_view(path):
    return memoryview(path.read_bytes())


def as_stream(path):
    return io.BytesIO(path.read_bytes())


def as_picture(path):
    return Pillow.open(path)


def as_array(path):
    return read(path).pixels


@pytest.mark.parametrize(
    "form", [as_path, as_bytes, as_view, as_stream, as_picture, as_array, read]
)
def test_a_photo_may_come_in_any_form(analyst, hopper, hopper_vector, form):
    (analysis,) = analyst.analyze([form(hopper)])
    np.testing.assert_allclose(vector_of(analysis), hopper_vector, atol=1e-3)


def test_an_open_file_is_read_from_where_it_stands(analyst, hopper, hopper_vector):
    with hopper.open("rb") as file:
        (analysis,) = analyst.analyze([file])
    np.testing.assert_allclose(vector_of(analysis), hopper_vector, atol=1e-4)


@pytest.fixture(scope="module")
def small_face_in_large_photo(tmp_path_factory, hopper_image):
    """Return a JPEG of 3600 x 3300 with a face of 225 pixels: 112 at half its size."""
    pixels = np.full((3300, 3600, 3), 120, np.uint8)
    pixels[1400:2000, 1500:2012] = hopper_image.pixels
    return saved(tmp_path_factory.mktemp("photos") / "far.jpg", pixels)


@pytest.fixture(scope="module")
def large_face_in_large_photo(tmp_path_factory, hopper_image):
    """Return a JPEG of 3072 x 3600 with a face of 1350 pixels."""
    return saved(tmp_path_factory.mktemp("photos") / "close.jpg", scaled(hopper_image.pixels, 6))


def test_a_small_face_in_a_large_photo_gets_every_pixel(
    analyst, small_face_in_large_photo, hopper_vector, reads
):
    (analysis,) = analyst.analyze([small_face_in_large_photo])
    assert reads == [1600, None]
    assert analysis.image.pixels.shape == (3300, 3600, 3)
    assert analysis.image.reduction == 1
    nose = analysis.faces.landmarks[0, 2]
    np.testing.assert_allclose(nose, [1500 + 268, 1400 + 240], atol=8)
    # 0.53 is the threshold between one person and two.
    assert distance.euclidean(vector_of(analysis), hopper_vector) < 0.2


def test_a_large_face_in_a_large_photo_is_read_once_and_reduced(
    analyst, large_face_in_large_photo, hopper_vector, reads
):
    (analysis,) = analyst.analyze([large_face_in_large_photo])
    assert reads == [1600]
    assert analysis.image.reduction == 2
    assert analysis.image.pixels.shape == (1800, 1536, 3)
    assert distance.euclidean(vector_of(analysis), hopper_vector) < 0.2


def test_the_reduced_way_gives_nearly_the_vector_of_the_full_one(
    analyst, small_face_in_large_photo, large_face_in_large_photo
):
    for path in (small_face_in_large_photo, large_face_in_large_photo):
        short, full = analyst.analyze([path, read(path)])
        assert full.image.reduction == 1
        assert distance.euclidean(vector_of(short), vector_of(full)) < 0.2


def test_a_stream_can_be_read_twice(analyst, small_face_in_large_photo, reads):
    stream = io.BytesIO(small_face_in_large_photo.read_bytes())
    (analysis,) = analyst.analyze([stream])
    assert reads == [1600, None]
    assert len(analysis) == 1


def test_broken_photos_are_answers_in_their_place(analyst, hopper, tmp_path, hopper_vector):
    photos = [
        hopper,
        hopper.read_bytes()[:20_000],
        tmp_path / "missing.jpg",
        hopper,
        b"not a picture",
        b"",
        np.zeros((64, 64, 3), np.uint8),
    ]
    answers = list(analyst.analyze(iter(photos)))
    kinds = [ImageUnreadable, ImageMissing, ImageUnreadable, ImageUnreadable]
    assert [type(answers[at]) for at in (1, 2, 4, 5)] == kinds
    assert all(isinstance(answers[at].hint, str) for at in (1, 2, 4, 5))
    for at in (0, 3):
        np.testing.assert_allclose(vector_of(answers[at]), hopper_vector, atol=1e-3)
    assert len(answers[6]) == 0


def test_a_wrong_array_is_a_mistake_of_the_caller_and_raised(analyst):
    with pytest.raises(ArrayError):
        list(analyst.analyze([np.zeros((64, 64, 7), np.uint8)]))


@pytest.fixture
def quick():
    """Return an analyst without networks."""
    return Analyst(FakeDetector(), FakeEncoder(template="dlib-150"))


def noise(seed, side=40):
    return np.random.default_rng(seed).integers(0, 256, (side, side, 3), np.uint8)


@pytest.mark.parametrize("count", [0, 1, 15, 16, 17, 40])
def test_any_number_of_photos_keep_their_order(quick, count):
    blank, broken = np.zeros((40, 40, 3), np.uint8), b"broken"
    photos = [(noise(at), blank, broken)[at % 3] for at in range(count)]
    answers = list(quick.analyze(photos))
    assert len(answers) == count
    for at, answer in enumerate(answers):
        if at % 3 == 2:
            assert isinstance(answer, ImageError)
            continue
        assert len(answer) == (at % 3 == 0)
        np.testing.assert_array_equal(answer.image.pixels, photos[at])
        (alone,) = quick.analyze([photos[at]])
        np.testing.assert_array_equal(answer.embeddings.vectors, alone.embeddings.vectors)


def test_a_batch_of_broken_photos_only(quick):
    answers = list(quick.analyze([b"broken"] * 20))
    assert len(answers) == 20
    assert all(isinstance(answer, ImageError) for answer in answers)


def test_photos_are_taken_as_they_are_needed():
    quick = Analyst(FakeDetector(), FakeEncoder(template="dlib-150"), threads=2)
    taken = []

    def endless():
        for at in range(10_000):
            taken.append(at)
            yield noise(at)

    stream = quick.analyze(endless())
    assert taken == []
    for fetched in range(1, 30):
        next(stream)
        assert len(taken) < fetched + 16
    stream.close()
    assert not ours()


def ours():
    """Return the threads that look at photos."""
    return [one for one in threading.enumerate() if one.name.startswith("lookalike")]


def test_one_photo_is_looked_at_in_the_thread_that_asks(analyst, hopper):
    class Watched:
        name = "watched"

        def detect(self, images):
            assert not ours()
            return analyst.detector.detect(images)

    watched = Analyst(Watched(), analyst.encoder, threads=8)
    watched.compare(hopper, hopper)
    assert len(list(watched.analyze([hopper]))) == 1


@pytest.fixture(scope="module")
def mixed(shared_data, hopper, small_face_in_large_photo, large_face_in_large_photo):
    """Return photos of one and of several people, large ones, one without a face, broken ones."""
    photos = sorted((shared_data / "lfw").glob("*/*.jpg"))[::600]
    photos[3:3] = [small_face_in_large_photo, np.zeros((64, 64, 3), np.uint8), b"broken"]
    return [*photos, hopper, large_face_in_large_photo, hopper.read_bytes()[:20_000], hopper]


def the_same(one, other):
    if isinstance(one, ImageError):
        return type(one) is type(other)
    return all(
        np.array_equal(left, right)
        for left, right in [
            (one.image.pixels, other.image.pixels),
            (one.faces.boxes, other.faces.boxes),
            (one.faces.landmarks, other.faces.landmarks),
            (one.crops.pixels, other.crops.pixels),
            (one.embeddings.vectors, other.embeddings.vectors),
        ]
    )


@pytest.mark.shared_data
def test_threads_change_no_bit_and_no_order(analyst, mixed):
    def answers(photos, threads):
        return Analyst(analyst.detector, analyst.encoder, threads).analyze(photos)

    alone = [next(answers([photo], 1)) for photo in mixed]
    assert sum(len(one) for one in alone if not isinstance(one, ImageError)) > 15
    for threads in (1, 2, 5):
        found = list(answers(mixed, threads))
        assert len(found) == len(alone)
        assert all(map(the_same, alone, found))


@pytest.mark.shared_data
def test_eight_threads_at_once_get_the_answers_of_one(analyst, mixed):
    photos = mixed[:12]
    expected = list(analyst.analyze(photos))
    shifts = range(8)
    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(lambda at: list(analyst.analyze(photos[at:])), at) for at in shifts]
        for at, job in zip(shifts, jobs, strict=True):
            assert all(map(the_same, expected[at:], job.result()))
    assert not ours()


def test_a_file_may_be_closed_once_the_next_photo_is_asked_for(quick, tmp_path):
    paths = [saved(tmp_path / f"{at}.png", noise(at)) for at in range(20)]

    def opened():
        for path in paths:
            with path.open("rb") as file:
                yield file

    for at, answer in enumerate(quick.analyze(opened())):
        np.testing.assert_array_equal(answer.image.pixels, noise(at))


def test_one_picture_may_come_many_times(hopper, hopper_image):
    quick = Analyst(FakeDetector(), FakeEncoder(template="dlib-150"), threads=4)
    for _ in range(5):
        with Pillow.open(hopper) as picture:
            for answer in quick.analyze([picture] * 12):
                np.testing.assert_array_equal(answer.image.pixels, hopper_image.pixels)


def test_streams_and_pictures_that_cannot_be_read_are_answers_too(quick, hopper):
    cut = Pillow.open(io.BytesIO(hopper.read_bytes()[:20_000]))
    answers = list(quick.analyze([hopper, cut, io.StringIO("text"), io.BytesIO(), hopper, 7]))
    kinds = [isinstance(answer, ImageUnreadable) for answer in answers]
    assert kinds == [False, True, True, True, False, True]


def test_threads_may_share_an_analyst(analyst, hopper, astronaut, hopper_vector):
    photos = [hopper, astronaut] * 4
    expected = [vector_of(analysis) for analysis in analyst.analyze(photos)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda photo: vector_of(*analyst.analyze([photo])), photos))
    np.testing.assert_allclose(found, expected, atol=1e-3)


@pytest.mark.parametrize("metric", ["euclidean", "sqeuclidean", "cosine"])
def test_compare_gives_the_distance_of_the_vectors(analyst, hopper, astronaut, metric):
    vectors = [vector_of(analysis) for analysis in analyst.analyze([hopper, astronaut])]
    found = analyst.compare(hopper, astronaut, metric)
    assert found.distance == pytest.approx(getattr(distance, metric)(*vectors), rel=1e-3)
    assert found.metric == metric


def test_compare_judges_by_the_threshold_of_the_card(analyst, hopper, hopper_image, astronaut):
    brighter = np.clip(hopper_image.pixels * 1.2, 0, 255).astype(np.uint8)
    same, other = analyst.compare(hopper, brighter), analyst.compare(hopper, astronaut)
    assert same.same_person is True
    assert other.same_person is False
    assert same.false_match_rate <= 1e-3
    assert 0.4 < same.threshold < 0.6
    loose = analyst.compare(hopper, brighter, fmr=1e-2)
    assert loose.threshold > same.threshold


class Reordered:
    """A detector that gives what another one finds in another order."""

    def __init__(self, detector, order):
        self.name, self._detector, self._order = detector.name, detector, order

    def detect(self, images):
        found = self._detector.detect(images)
        return [faces.take(np.argsort(self._order * faces.sizes_px)) for faces in found]


@pytest.mark.parametrize("order", [1, -1])
def test_compare_takes_the_largest_face(analyst, hopper_image, astronaut, order):
    analyst = Analyst(Reordered(analyst.detector, order), analyst.encoder)
    both = np.full((600, 1100, 3), 120, np.uint8)
    both[:, :512] = hopper_image.pixels
    both[50:562, 560:1072] = astronaut.pixels
    (analysis,) = analyst.analyze([both])
    assert len(analysis) == 2
    assert analyst.compare(both, hopper_image).distance < 0.3
    assert analyst.compare(both, astronaut).distance > 0.5


def test_compare_says_which_photo_shows_nobody(analyst, hopper, tmp_path):
    blank = saved(tmp_path / "wall.png", np.full((200, 200, 3), 90, np.uint8))
    with pytest.raises(NoFace, match=r"no face was found in .*wall\.png") as caught:
        analyst.compare(hopper, blank)
    assert caught.value.hint
    with pytest.raises(NoFace, match="no face was found in the picture"):
        analyst.compare(blank.read_bytes(), hopper)


def test_compare_raises_what_cannot_be_read(analyst, hopper, tmp_path):
    with pytest.raises(ImageMissing):
        analyst.compare(tmp_path / "missing.jpg", hopper)
    with pytest.raises(UnknownName, match="metric"):
        analyst.compare(hopper, hopper, "euclid")


def test_an_encoder_of_an_unknown_template_is_refused():
    with pytest.raises(UnknownName, match="no alignment template named 'fake-32'"):
        Analyst(FakeDetector(), FakeEncoder())


def test_one_pixel_more_or_less_hardly_matters(analyst, hopper_image, hopper_vector):
    moved = Image(np.ascontiguousarray(hopper_image.pixels[3:-2, 1:-4]))
    (analysis,) = analyst.analyze([moved])
    assert distance.euclidean(vector_of(analysis), hopper_vector) < 0.15
