from __future__ import annotations

import dataclasses
import json

import pytest

from lookalike.errors import LicenceNotAccepted, WeightsUnwritable
from lookalike.models import licence, store
from lookalike.models.runtime import Runtime

from .tiny_model import tiny_card

DATA = b"weights"


@pytest.fixture(autouse=True)
def weights(home):
    path = home / "weights" / "tiny.onnx"
    path.parent.mkdir()
    path.write_bytes(DATA)
    return path


@pytest.mark.parametrize(
    "use",
    [store.ready, store.sources, Runtime().files, Runtime().sessions],
    ids=lambda use: use.__name__,
)
@pytest.mark.parametrize("commercial", ["no", "ask"])
@pytest.mark.parametrize("converter", ["", "dlib-resnet"])
def test_weights_that_are_here_still_need_a_yes(use, commercial, converter):
    card = tiny_card(DATA, commercial=commercial, weights="CC-BY-NC-4.0", converter=converter)
    with pytest.raises(LicenceNotAccepted, match="weights of tiny are under CC-BY-NC") as caught:
        use(card)
    assert "lookalike models pull tiny" in caught.value.hint


def test_a_converted_graph_that_is_here_still_needs_a_yes(home):
    card = tiny_card(DATA, commercial="no", converter="dlib-resnet")
    graph = store.graph_path(card, "net")
    graph.parent.mkdir(parents=True)
    graph.write_bytes(b"a graph")
    with pytest.raises(LicenceNotAccepted):
        store.ready(card)
    licence.accept(card)
    assert store.ready(card) == {"net": graph}


def test_a_yes_is_remembered(weights):
    card = tiny_card(DATA, commercial="no")
    assert store.state(card) == "licence not accepted"
    licence.accept(card)
    assert licence.accepted(card)
    assert store.sources(card) == {"net": weights}
    assert store.state(card) == "downloaded"


def test_free_weights_need_none():
    assert not licence.must_be_accepted(tiny_card(DATA))
    assert store.state(tiny_card(DATA)) == "downloaded"


@pytest.mark.parametrize(
    "change",
    [{"weights": "other terms"}, {"commercial": "ask"}, {"sha256": "0" * 64}, {"name": "another"}],
    ids=lambda change: next(iter(change)),
)
def test_a_yes_is_to_these_terms_and_these_weights(change):
    terms = {"weights": "CC-BY-NC-4.0", "commercial": "no"}
    licence.accept(tiny_card(DATA, **terms))
    assert not licence.accepted(tiny_card(DATA, **(terms | change)))
    # What describes them may be reworded.
    reworded = dataclasses.replace(tiny_card(DATA, **terms), summary="better", paper="found")
    assert licence.accepted(reworded)


def test_the_record_can_be_read_and_survives_damage(home):
    card = tiny_card(DATA, commercial="no")
    licence.accept(card)
    (path,) = (home / "config" / "licences").iterdir()
    assert json.loads(path.read_text())["licence"] == "CC0-1.0"
    for damage in ("", "[]", '"yes"', "\ud800"):
        path.write_bytes(damage.encode("utf-8", "surrogatepass"))
        assert not licence.accepted(card)


def test_settings_that_cannot_be_written_are_named(home, monkeypatch):
    (home / "file").write_text("")
    monkeypatch.setenv("LOOKALIKE_CONFIG", str(home / "file" / "config"))
    with pytest.raises(WeightsUnwritable) as caught:
        licence.accept(tiny_card(DATA, commercial="no"))
    assert "LOOKALIKE_CONFIG" in caught.value.hint
