"""Maps: neighbors stay neighbors, and nothing is left to chance."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.decomposition import PCA

from lookalike.errors import GalleryEmpty, OptionError, UnknownName
from lookalike.gallery import projection
from lookalike.gallery.projection import MapOptions, arrange, draw_up, typical_faces


def islands(count: int, each: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    centers = rng.normal(size=(count, 16)) * 6
    groups = np.repeat(np.arange(count), each)
    return (centers[groups] + rng.normal(size=(len(groups), 16))).astype(np.float32), groups


def kept(places: np.ndarray, groups: np.ndarray) -> float:
    """Return for how many points the nearest one on the map is of the same island."""
    away = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.fill_diagonal(away, np.inf)
    return float((groups[away.argmin(axis=1)] == groups).mean())


def framed(places: np.ndarray) -> bool:
    return bool(np.isfinite(places).all()) and np.abs(places).max() == pytest.approx(1, abs=1e-5)


def test_islands_stay_islands():
    rows, groups = islands(6, 20)
    places = arrange(rows)
    assert framed(places)
    assert kept(places, groups) > 0.98
    wide, high = np.ptp(places, axis=0)
    assert wide >= high * 0.8


def test_the_same_again():
    rows, _ = islands(4, 12)
    assert (arrange(rows) == arrange(rows)).all()
    assert (arrange(rows, "pca") == arrange(rows, "pca")).all()


def test_pca_is_scikit_learns():
    rows, _ = islands(5, 10)
    places = arrange(rows, "pca")
    expected = PCA(2).fit_transform(rows)
    for axis in range(2):
        similar = np.corrcoef(places[:, axis], expected[:, axis])[0, 1]
        assert abs(similar) == pytest.approx(1, abs=1e-4)


def test_many_points_take_places_among_the_arranged(monkeypatch):
    monkeypatch.setattr(projection, "MOST_ARRANGED", 100)
    monkeypatch.setattr(projection, "_BUDGET", 1000)
    rows, groups = islands(5, 60)
    places = arrange(rows)
    assert framed(places)
    assert kept(places, groups) > 0.95


def test_those_with_more_photos_are_arranged_first(monkeypatch):
    monkeypatch.setattr(projection, "MOST_ARRANGED", 10)
    chosen = []
    monkeypatch.setattr(
        projection, "_tsne", lambda rows, _seed: chosen.append(rows) or rows[:, :2].copy()
    )
    rows, _ = islands(4, 10)
    weights = np.ones(40, np.int64)
    weights[30:] = 9
    arrange(rows, weights=weights)
    assert chosen[0].shape[0] == 10
    assert np.allclose(chosen[0], projection._flattened(rows)[30:])


@pytest.mark.parametrize("count", [1, 2, 3, 5, 9])
@pytest.mark.parametrize("method", ["tsne", "pca"])
@pytest.mark.parametrize("same", [False, True])
def test_few_points_and_equal_ones(count, method, same):
    rows = np.random.default_rng(0).normal(size=(count, 8)).astype(np.float32)
    rows = np.ones_like(rows) if same else rows
    places = arrange(rows, method)
    assert places.shape == (count, 2)
    assert places.dtype == np.float32
    assert np.isfinite(places).all()


def test_vectors_of_one_number():
    assert framed(arrange(np.arange(9, dtype=np.float32)[:, None], "pca"))


def test_a_map_of_people_and_of_faces(gallery_of):
    rng = np.random.default_rng(2)
    gallery = gallery_of({f"P{n}": n + rng.normal(size=(3, 8)) for n in range(12)})
    found = draw_up(gallery)
    assert found.places.shape == (12, 2)
    assert found.groups.tolist() == list(range(12))
    assert (found.columns.groups[found.faces] == found.groups).all()
    faces = draw_up(gallery, MapOptions(points="faces", metric="cosine", method="pca"))
    assert faces.places.shape == (36, 2)
    assert (faces.groups == found.columns.groups).all()
    assert (found.method, faces.method) == ("tsne", "pca")
    assert draw_up(gallery, MapOptions(metric="mahalanobis")).places.shape == (12, 2)


def test_the_typical_face_is_nearest_to_the_mean(gallery_of):
    gallery = gallery_of({"A": [[0] * 8, [1] * 8, [5] * 8], "B": [[7] * 8]})
    assert typical_faces(gallery.columns(everyone=True)).tolist() == [1, 3]


def test_few_people_are_not_said_to_be_neighborhoods(gallery_of):
    assert draw_up(gallery_of({"A": [np.zeros(8)], "B": [np.ones(8)]})).method == "pca"


def test_wrong_questions(gallery_of, create):
    from lookalike.gallery.gallery import Gallery

    with pytest.raises(OptionError):
        MapOptions(method="umap")
    with pytest.raises(OptionError):
        MapOptions(points="photos")
    with pytest.raises(GalleryEmpty):
        draw_up(Gallery(create("empty.gallery")))
    with pytest.raises(UnknownName):
        draw_up(gallery_of({"A": [np.zeros(8)]}), MapOptions(metric="x"))
