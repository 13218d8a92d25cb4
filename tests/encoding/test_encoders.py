"""The encoders whose weights are at hand, on real faces."""

from __future__ import annotations

import numpy as np
import pytest

from lookalike.errors import LicenceNotAccepted
from lookalike.models import licence
from lookalike.models.card import built_in
from lookalike.pipeline import Analyst, ModelOptions

pytestmark = pytest.mark.shared_data

#: The first numbers of Grace Hopper's vector, so that no change goes unnoticed.
GOLDEN = {
    "facenet-vggface2": [1.052, 1.265, 0.787, 0.355, -1.002],
    "mobilefacenet": [0.878, -1.962, 1.653, 1.071, 1.529],
}


@pytest.fixture(autouse=True)
def _weights(shared_data, monkeypatch, tmp_path):
    monkeypatch.setenv("LOOKALIKE_WEIGHTS", str(shared_data / "weights"))
    monkeypatch.setenv("LOOKALIKE_CONFIG", str(tmp_path))


def open_analyst(name, views=2):
    card = built_in()[name]
    if licence.must_be_accepted(card):
        licence.accept(card)
    return Analyst.open(ModelOptions(encoder=name, views=views))


@pytest.mark.parametrize("name", GOLDEN)
def test_the_vector_of_a_portrait_is_what_it_always_was(name, hopper):
    (analysis,) = open_analyst(name).analyze([hopper])
    vector = analysis.embeddings.vectors[0]
    np.testing.assert_allclose(vector[:5], GOLDEN[name], atol=2e-3 * np.linalg.norm(vector))


@pytest.mark.parametrize("name", GOLDEN)
def test_vectors_are_raw(name, hopper, astronaut):
    analyses = open_analyst(name).analyze([hopper, astronaut])
    lengths = np.array([np.linalg.norm(one.embeddings.vectors[0]) for one in analyses])
    assert (np.abs(lengths - 1) > 0.01).all()


@pytest.mark.parametrize("name", GOLDEN)
@pytest.mark.parametrize("views", [1, 2, 6])
def test_one_person_is_nearer_than_another(name, views, shared_data):
    photos = {
        person: sorted((shared_data / "lfw" / person).glob("*.jpg"))[:2]
        for person in ("Serena_Williams", "Tony_Blair", "Junichiro_Koizumi")
    }
    analyst = open_analyst(name, views)
    vectors = []
    for analysis in analyst.analyze([photo for both in photos.values() for photo in both]):
        largest = int(np.argmax(analysis.faces.sizes_px))
        vectors.append(analysis.embeddings.vectors[largest])
    unit = np.array(vectors) / np.linalg.norm(vectors, axis=1, keepdims=True)
    gaps = 1 - unit @ unit.T
    same = [gaps[at, at + 1] for at in (0, 2, 4)]
    different = [gaps[i, j] for i in range(6) for j in range(i) if i // 2 != j // 2]
    assert max(same) + 0.1 < min(different)


def test_weights_without_a_stated_licence_need_a_yes(hopper):
    with pytest.raises(LicenceNotAccepted):
        Analyst.open(ModelOptions(encoder="mobilefacenet"))
