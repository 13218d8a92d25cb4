"""Explanations: of an encoder whose reasons are known, and of the real one."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from lookalike.errors import ArrayError, OptionError
from lookalike.explain import PARTS, Explainer, ExplainOptions, PartWeight
from lookalike.explain.agreement import correlation, stability, under_parts
from lookalike.explain.hiding import FILLERS, cover, hidden
from lookalike.explain.parts import part_masks
from lookalike.explain.sentence import in_words
from lookalike.pipeline import Analyst
from lookalike.search.metrics import Cosine, Euclidean
from lookalike.types import Crops, Embeddings, Space


def crop(pixels: np.ndarray, template: str = "dlib-150") -> Crops:
    return Crops(pixels[None], np.eye(2, 3, dtype=np.float32)[None], template)


class SeesOnly:
    """An encoder that looks at one part alone: its colors, averaged over small squares."""

    template, views = "dlib-150", 1
    space = Space("sees-only", 675, "0" * 64)

    def __init__(self, part: str) -> None:
        self._mask = part_masks("dlib-150")[PARTS.index(part)]

    def encode(self, crops: Crops) -> Embeddings:
        seen = crops.pixels.astype(np.float32) * self._mask[..., None]
        blocks = seen.reshape(len(seen), 15, 10, 15, 10, 3).mean(axis=(2, 4))
        return Embeddings(blocks.reshape(len(seen), -1), self.space)


@pytest.fixture(scope="module")
def noise() -> np.ndarray:
    rng = np.random.default_rng(5)
    coarse = rng.integers(0, 256, (15, 15, 3)).repeat(10, axis=0).repeat(10, axis=1)
    return coarse.astype(np.uint8)


@pytest.mark.parametrize("part", PARTS)
def test_the_only_part_that_is_seen_is_named(part, noise):
    found = Explainer(SeesOnly(part), Euclidean()).explain(crop(noise), crop(noise))
    assert found.distance == 0
    assert found.parts[0].name == part
    assert found.parts[0].weight > 0.6
    assert found.sentence.startswith(f"Mostly the {part}.")
    assert sum(each.weight for each in found.parts) == pytest.approx(1)
    # What is far away from the part changes nothing.
    assert min(each.change for each in found.parts) == pytest.approx(0, abs=1e-3)


def test_what_sets_apart_is_below_zero(noise):
    other = noise.copy()
    mask = part_masks("dlib-150")[PARTS.index("mouth")] > 0.1
    other[mask] = 255 - other[mask]
    found = Explainer(SeesOnly("mouth"), Euclidean()).explain(crop(noise), crop(other))
    mouth = next(part for part in found.parts if part.name == "mouth")
    assert mouth.change < 0
    assert mouth.weight == 0
    assert mouth is found.parts[-1]


def test_the_change_is_that_of_the_formula(noise, analyst: Analyst, hopper_image):
    (seen,) = analyst.analyze([hopper_image])
    face, encoder = seen.crops.pixels[0], analyst.encoder
    options = ExplainOptions(("mean",), "mean", 2)
    found = Explainer(encoder, Cosine(), options).explain(crop(face), crop(noise))

    def vector(pixels: np.ndarray) -> np.ndarray:
        return encoder.encode(crop(pixels)).vectors[0].astype(np.float64)

    def distance(one: np.ndarray, other: np.ndarray) -> float:
        return 1 - one @ other / np.linalg.norm(one) / np.linalg.norm(other)

    mask = part_masks("dlib-150")[[PARTS.index("nose")]]
    whole = [vector(face), vector(noise)]
    without = [vector(hidden(each, mask, cover(each, "mean"))[0]) for each in (face, noise)]
    plain = distance(*whole)
    nose = next(part for part in found.parts if part.name == "nose")
    assert found.distance == pytest.approx(plain, abs=1e-5)
    assert nose.one == pytest.approx(distance(without[0], whole[1]) - plain, abs=1e-5)
    assert nose.other == pytest.approx(distance(whole[0], without[1]) - plain, abs=1e-5)
    assert nose.change == pytest.approx((nose.one + nose.other) / 2)
    assert found.metric == "cosine"
    assert found.grid.shape == (2, 2, 2)


def test_a_real_face_and_its_mirror_image(analyst: Analyst, hopper_image):
    (seen,) = analyst.analyze([hopper_image])
    face = seen.crops.pixels[0]
    explainer = Explainer(analyst.encoder, Euclidean())
    found = explainer.explain(crop(face), crop(np.ascontiguousarray(face[:, ::-1])))
    # The mirrored view is averaged in, so that both are one face to the encoder.
    assert found.distance < 0.05
    assert found.faces_agree > 0.95
    assert found.stability > 0.5
    assert found.parts[0].name in ("eyes", "nose", "brows")
    np.testing.assert_allclose(found.grid[0], found.grid[1][:, ::-1], atol=0.03)
    fields = found.fields()
    assert [part["name"] for part in fields["parts"]] == [part.name for part in found.parts]
    assert np.array(fields["grid"]).shape == (2, 7, 7)


def test_hiding_keeps_what_is_not_hidden(noise):
    masks = part_masks("dlib-150")
    for filler in FILLERS:
        made = hidden(noise, masks, cover(noise, filler))
        for mask, pixels in zip(masks, made, strict=True):
            assert (pixels[mask == 0] == noise[mask == 0]).all()
            inside = mask > 0.95
            before, after = (float(p[inside].std()) for p in (noise, pixels))
            assert after < 0.8 * before


def test_one_face_each(noise):
    two = Crops.concatenate([crop(noise), crop(noise)])
    explainer = Explainer(SeesOnly("eyes"), Euclidean())
    with pytest.raises(ArrayError, match="one face each"):
        explainer.explain(two, crop(noise))
    with pytest.raises(ArrayError, match="one template"):
        explainer.explain(crop(noise), crop(noise[:112, :112], "arcface-112"))


@pytest.mark.parametrize(
    "options", [{"fillers": ()}, {"fillers": ("paint",)}, {"cells": 1}, {"cells": 999}]
)
def test_options_out_of_range(options):
    with pytest.raises(OptionError):
        ExplainOptions(**options)


def test_stability_is_the_mean_rank_correlation():
    rows = np.random.default_rng(1).normal(size=(4, 7))
    rows[1:] += 2 * rows[0]
    pairs = [spearmanr(rows[i], rows[j]).statistic for i in range(4) for j in range(i)]
    assert stability(rows) == pytest.approx(np.mean(pairs))
    assert stability(np.array([[1.0, 2.0], [2.0, 1.0]])) == 0
    assert stability(rows[:1]) == 1
    assert correlation(np.ones(3), np.arange(3.0)) == 0


def test_a_grid_says_of_a_part_what_lies_under_it():
    masks = np.zeros((2, 4, 4), np.float32)
    masks[0, :2, :2] = 1
    masks[1, :, 2:] = 1
    grid = np.array([[1.0, 2.0], [3.0, 4.0]])
    np.testing.assert_allclose(under_parts(grid, masks), [1, 6])


def parts(**weights: float) -> list[PartWeight]:
    ranked = sorted(weights.items(), key=lambda each: -each[1])
    total = sum(max(weight, 0) for weight in weights.values()) or 1
    return [PartWeight(n, w, max(w, 0) / total, w, w, 0.1) for n, w in ranked]


def test_sentences():
    clear = parts(eyes=6, mouth=1, jaw=1, nose=0.5)
    two = parts(eyes=4, mouth=3.5, jaw=1.5, nose=1.5)
    even = parts(eyes=1, mouth=1, jaw=1, nose=1, cheeks=1, brows=1, forehead=1)
    assert in_words(clear, 1, 1, 1, 1) == "Mostly the eyes."
    assert in_words(two, 1, 1, 1, 1) == "Mostly the eyes and the mouth."
    assert in_words(even, 1, 1, 1, 1) == "No single part stands out."
    assert "changes with how it is hidden" in in_words(clear, 1, 0.01, 1, 1)
    assert "two faces do not agree" in in_words(clear, 1, 1, -0.5, 1)
    assert "finer map points elsewhere" in in_words(clear, 1, 1, 1, -0.5)
    assert "The jaw sets them apart." in in_words(parts(eyes=3, jaw=-3), 1, 1, 1, 1)
    assert "The brows set them apart." in in_words(parts(eyes=3, brows=-3), 1, 1, 1, 1)
    assert in_words(parts(eyes=-1, jaw=-2), 1, 1, 1, 1).startswith("Nothing makes them alike")
    assert in_words(parts(eyes=0.01, jaw=-1), 1, 1, 1, 1) == "Hardly anything makes them alike."
