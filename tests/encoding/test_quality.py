"""Each way to spoil a photo lowers its own column, step by step, and the score with it."""

from __future__ import annotations

import dataclasses

import cv2
import numpy as np
import pytest

from lookalike.alignment import align
from lookalike.encoding.quality import Quality, quality
from lookalike.errors import ArrayError
from lookalike.types import Faces, Image

PARTS = ("size", "sharpness", "frontality", "exposure", "inside")


@pytest.fixture(scope="module")
def hopper_face(analyst, hopper_image):
    (faces,) = analyst.detector.detect([hopper_image])
    return faces


@pytest.fixture(scope="module")
def judge(hopper_image, hopper_face):
    """Return the quality of the portrait after its pixels or its landmarks have been changed."""

    def judged(pixels=None, landmarks=None, template="dlib-150"):
        image = hopper_image if pixels is None else Image(np.ascontiguousarray(pixels))
        faces = hopper_face
        if landmarks is not None:
            faces = Faces(faces.boxes, landmarks.astype(np.float32), faces.scores)
        return quality(image, faces, align(image, faces, template))

    return judged


def score_of(found):
    return float(found.score[0])


def falls(steps, column, others=()):
    values = [float(getattr(step, column)[0]) for step in steps]
    scores = [score_of(step) for step in steps]
    assert values == sorted(values, reverse=True), values
    assert scores == sorted(scores, reverse=True), scores
    assert values[-1] < 0.5 < values[0]
    for other in others:
        assert float(getattr(steps[-1], other)[0]) > 0.9, other


def test_a_studio_portrait_is_good(judge):
    found = judge()
    assert len(found) == 1
    assert score_of(found) > 0.7
    for part in PARTS:
        assert 0.7 < float(getattr(found, part)[0]) <= 1, part


def test_the_score_is_the_product_of_its_parts(judge, hopper_image):
    found = judge(cv2.GaussianBlur(hopper_image.pixels, (0, 0), 5))
    detail = np.minimum(found.size, found.sharpness)
    product = detail * found.frontality * found.exposure * found.inside
    np.testing.assert_allclose(found.score, product, rtol=1e-5)


def test_blur_lowers_sharpness(judge, hopper_image):
    steps = [judge(cv2.GaussianBlur(hopper_image.pixels, (0, 0), s)) for s in (0.1, 3, 6, 12, 24)]
    falls(steps, "sharpness", ("size", "frontality", "inside"))


def test_a_smaller_face_lowers_size(judge, hopper_image, hopper_face):
    steps = []
    for part in (1, 0.2, 0.1, 0.05):
        small = cv2.resize(
            hopper_image.pixels, None, fx=part, fy=part, interpolation=cv2.INTER_AREA
        )
        steps.append(judge(small, (hopper_face.landmarks + 0.5) * part - 0.5))
    falls(steps, "size", ("inside", "exposure"))
    np.testing.assert_allclose(steps[1].size_px, steps[0].size_px * 0.2, rtol=1e-3)


@pytest.mark.parametrize("share", [(0.5, 0.2, 0.1, 0.05)])
def test_a_flat_or_dark_picture_lowers_exposure(judge, hopper_image, share):
    pixels = hopper_image.pixels.astype(float)
    dark = [judge((pixels * part).astype(np.uint8)) for part in share]
    flat = [judge((128 + (pixels - 128) * part).astype(np.uint8)) for part in share]
    falls([judge(), *dark], "exposure", ("size", "inside"))
    falls([judge(), *flat], "exposure", ("size", "inside"))
    assert dark[-1].brightness[0] < 20
    assert flat[-1].brightness[0] > 100


def test_glare_lowers_exposure(judge, hopper_image):
    pixels = hopper_image.pixels.astype(float)
    steps = [judge(np.clip(pixels * gain, 0, 255).astype(np.uint8)) for gain in (1, 2, 4, 8)]
    falls(steps, "exposure", ("size", "inside"))


@pytest.mark.parametrize("side", ["left", "right", "top", "bottom"])
def test_an_edge_through_the_face_lowers_inside(judge, hopper_image, hopper_face, side):
    x, y = hopper_face.landmarks[0].mean(axis=0)
    width, height = hopper_image.pixels.shape[1], hopper_image.pixels.shape[0]
    reach = {"left": x, "right": width - x, "top": y, "bottom": height - y}[side]
    steps = []
    for margin in (90, 60, 30, 0):
        cut = int(reach - margin)
        part, at = {
            "left": (np.s_[:, cut:], (cut, 0)),
            "right": (np.s_[:, : width - cut], (0, 0)),
            "top": (np.s_[cut:], (0, cut)),
            "bottom": (np.s_[: height - cut], (0, 0)),
        }[side]
        steps.append(judge(hopper_image.pixels[part], hopper_face.landmarks - np.array(at)))
    falls(steps, "inside", ("size",))


def test_a_turned_head_lowers_frontality(judge, hopper_face):
    eyes_mouth = hopper_face.landmarks[0][[0, 1, 3, 4]]
    across = eyes_mouth[[1, 3]].mean(axis=0) - eyes_mouth[[0, 2]].mean(axis=0)
    steps, yaws = [], []
    for share in (0.0, 0.3, 0.5, 0.8):
        landmarks = hopper_face.landmarks.copy()
        landmarks[0, 2] = eyes_mouth.mean(axis=0) + share * across
        steps.append(judge(landmarks=landmarks))
        yaws.append(float(steps[-1].yaw[0]))
    np.testing.assert_allclose(yaws, [0.0, 0.3, 0.5, 0.8], atol=1e-3)
    falls(steps, "frontality", ("size", "inside"))


def test_roll_is_the_lean_of_the_eyes(judge):
    upright = np.array([[[200, 200], [260, 200], [230, 235], [210, 270], [250, 270]]], float)
    for degrees in (-40, 0, 25):
        angle = np.radians(degrees)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        found = judge(landmarks=(upright - 230) @ turn.T + 230)
        assert found.roll_degrees[0] == pytest.approx(degrees, abs=0.01)
        assert found.yaw[0] == pytest.approx(0, abs=1e-5)
        assert found.pitch[0] == pytest.approx(0.5, abs=1e-5)


def test_the_template_matters_for_the_edge_only(judge):
    one, other = judge(template="dlib-150"), judge(template="facenet-160")
    for name in ("size", "sharpness", "frontality", "exposure", "contrast"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_a_mirrored_photo_is_as_good_and_looks_the_other_way(judge, hopper_image, hopper_face):
    width = hopper_image.pixels.shape[1]
    swapped = hopper_face.landmarks[:, [1, 0, 2, 4, 3]].copy()
    swapped[..., 0] = width - 1 - swapped[..., 0]
    found, mirrored = judge(), judge(hopper_image.pixels[:, ::-1], swapped)
    assert score_of(mirrored) == pytest.approx(score_of(found), rel=0.05)
    assert mirrored.yaw[0] == pytest.approx(-found.yaw[0], abs=1e-4)


def test_no_faces_no_rows(hopper_image):
    found = quality(hopper_image, Faces.none(), align(hopper_image, Faces.none()))
    assert len(found) == 0


def test_each_face_needs_its_crop(hopper_image, hopper_face):
    with pytest.raises(ArrayError, match="got 1 faces, 0 crops"):
        quality(hopper_image, hopper_face, align(hopper_image, Faces.none()))


def test_landmarks_in_one_point_are_worth_nothing(judge):
    found = judge(landmarks=np.full((1, 5, 2), 200.0))
    assert score_of(found) < 0.1
    assert all(
        np.isfinite(getattr(found, field.name)).all() for field in dataclasses.fields(Quality)
    )


def test_columns_are_checked(judge):
    with pytest.raises(ArrayError, match=r"Quality\.score must be \(n,\) float32"):
        dataclasses.replace(judge(), score=np.zeros(1))
    with pytest.raises(ArrayError, match="same length"):
        dataclasses.replace(judge(), score=np.zeros(2, np.float32))


@pytest.mark.slow
@pytest.mark.shared_data
def test_bad_photos_of_a_person_lie_further_apart(analyst, shared_data):
    """240 photos of 60 people: the better the worse one of two, the nearer the two."""
    people = [p for p in sorted((shared_data / "lfw").iterdir()) if len(list(p.glob("*.jpg"))) >= 4]
    gaps, lesser = [], []
    for person in people[:: len(people) // 60][:60]:
        seen = []
        for analysis in analyst.analyze(sorted(person.glob("*.jpg"))[:4]):
            if len(analysis):
                largest = int(np.argmax(analysis.faces.sizes_px))
                found = quality(analysis.image, analysis.faces, analysis.crops)
                seen.append((analysis.embeddings.vectors[largest], found.score[largest]))
        for at, (one, worse) in enumerate(seen):
            for other, better in seen[:at]:
                gaps.append(np.linalg.norm(one - other))
                lesser.append(min(worse, better))
    gaps, lesser = np.array(gaps), np.array(lesser)
    assert len(gaps) > 300
    assert gaps[lesser < 0.5].mean() > gaps[lesser > 0.8].mean() + 0.03
