"""From a run to an encoder that everything else can use, without PyTorch."""

from __future__ import annotations

import json

import numpy as np
import pytest
from typer.testing import CliRunner

torch = pytest.importorskip("torch")

from safetensors.torch import load_file  # noqa: E402

from lookalike.cli.app import app  # noqa: E402
from lookalike.errors import RunUnusable  # noqa: E402
from lookalike.gallery.gallery import Gallery  # noqa: E402
from lookalike.models.card import Card  # noqa: E402
from lookalike.models.convert import inception_resnet  # noqa: E402
from lookalike.models.session import OnnxSession  # noqa: E402
from lookalike.training.backbones import make  # noqa: E402
from lookalike.training.calibrating import calibrated  # noqa: E402
from lookalike.training.config import ModelConfig  # noqa: E402
from lookalike.training.graphs import check_parity, write_graph  # noqa: E402
from lookalike.training.handing_over import hand_over  # noqa: E402
from lookalike.training.keeping import fill  # noqa: E402
from lookalike.training.loop import STATE  # noqa: E402


def said(*words):
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return done.stdout


def written(tmp_path, **tables):
    lines = []
    for name, table in tables.items():
        lines.append(f"[{name}]")
        lines += [f"{key} = {json.dumps(value)}" for key, value in table.items()]
    path = tmp_path / "t.toml"
    path.write_text("\n".join(lines))
    return path


@pytest.mark.slow
@pytest.mark.shared_data
def test_train_export_add_encode_find(portraits, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    config = written(
        tmp_path,
        data={"places": [str(portraits)], "held_out": 0.4},
        model={"name": "mine", "dimension": 16, "shrink": 4},
        schedule={"steps": 4, "people": 4, "photos": 2},
        run={"threads": 1},
    )
    told = said("train", config)
    assert "people to learn from" in told
    assert "equal error rate" in told
    assert (tmp_path / "mine" / "curve.png").is_file()
    handed = json.loads(said("train", "export", "mine", "--json"))
    assert handed["parity"] < 1e-4
    card = Card.parse((tmp_path / "mine" / "mine.toml").read_text("utf-8"), "mine.toml")
    assert "of 6 people" in card.training_data
    assert (card.metric, card.dimension, card.input.template) == ("cosine", 16, "arcface-112")
    # Four people are too few to say what distances mean, so nothing is said.
    assert card.calibration == ()
    said("models", "add", handed["graph"], "--card", handed["card"], "--accept-licence")
    said("gallery", "build", portraits, "-o", "old.gallery", "--views", "1")
    said("gallery", "encode", "old.gallery", "new.gallery", "--encoder", "mine")
    with Gallery.open(tmp_path / "new.gallery") as gallery:
        assert gallery.header.space.encoder == "mine"
        assert gallery.header.space.dim == 16
    photo = min(min(portraits.iterdir()).iterdir())
    found = json.loads(said("find", photo, "-g", "new.gallery", "--json"))
    assert found["photos"][0]["faces"][0]["matches"][0]["name"] == photo.parent.name


@pytest.mark.slow
@pytest.mark.shared_data
def test_a_head_is_its_encoder_with_a_map_behind_it(portraits, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said("gallery", "build", portraits, "-o", "old.gallery")
    config = written(
        tmp_path,
        data={"places": ["old.gallery"], "held_out": 0.4},
        model={"name": "turned", "backbone": "head", "dimension": 32},
        schedule={"steps": 10, "people": 4, "photos": 2},
        run={"threads": 1},
    )
    said("train", config)
    handed = json.loads(said("train", "export", "turned", "--json"))
    said("models", "add", handed["graph"], "--card", handed["card"], "--accept-licence")
    # What the new encoder makes of the photos is what the map makes of the old vectors.
    said("gallery", "build", portraits, "-o", "new.gallery", "--encoder", "turned")
    arrays = load_file(tmp_path / "turned" / STATE)
    weight = arrays["model.network.linear.weight"].numpy()
    bias = arrays["model.network.linear.bias"].numpy()
    with (
        Gallery.open(tmp_path / "old.gallery") as old,
        Gallery.open(tmp_path / "new.gallery") as new,
    ):
        before, after = old.columns(everyone=True), new.columns(everyone=True)
        assert [one.id for one in before.photos] == [one.id for one in after.photos]
        wanted = before.vectors @ weight.T + bias
        assert np.abs(after.vectors - wanted).max() < 1e-5


def test_a_graph_that_says_something_else_is_refused(tmp_path):
    torch.manual_seed(0)
    network = make(ModelConfig(dimension=8, shrink=4)).eval()
    write_graph(network, 112, tmp_path / "n.onnx")
    rows = torch.rand(3, 3, 112, 112)
    assert check_parity(network, tmp_path / "n.onnx", rows) < 1e-5
    with torch.no_grad():
        network.network.last.bias += 0.01
    with pytest.raises(RunUnusable, match="differs from torch"):
        check_parity(network, tmp_path / "n.onnx", rows)


@pytest.mark.slow
def test_inception_takes_the_weights_that_the_converter_takes(tmp_path):
    torch.manual_seed(0)
    network = make(ModelConfig(backbone="inception-resnet-v1", dimension=512)).eval()
    state = tmp_path / "facenet.pt"
    torch.save(network.state_dict(), state)
    other = make(ModelConfig(backbone="inception-resnet-v1", dimension=512)).eval()
    fill(state, other)
    rows = torch.rand(2, 3, 160, 160) * 2 - 1
    with torch.no_grad():
        wanted = network(rows)
        assert torch.equal(other(rows), wanted)
    graph = tmp_path / "converted.onnx"
    graph.write_bytes(inception_resnet.build({"network": state})["network"])
    given = OnnxSession(graph).run(rows.numpy())[0]
    assert np.abs(given - wanted.numpy()).max() < 1e-4 * wanted.norm(dim=1).mean().item()


def test_thresholds_are_quantiles_of_strangers_and_odds_are_honest():
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(30), 4)
    centers = rng.normal(0, 1, (30, 8))
    vectors = (centers[groups] + rng.normal(0, 0.4, (120, 8))).astype(np.float32)
    thresholds, odds = calibrated(vectors, groups, 1, "made")
    one, other = np.triu_indices(120, 1)
    strangers = groups[one] != groups[other]
    apart = np.linalg.norm(vectors[one] - vectors[other], axis=1)
    wanted = np.quantile(apart[strangers], 0.01)
    (found,) = [t for t in thresholds if t.metric == "euclidean" and t.fmr == 0.01]
    assert found.distance == pytest.approx(wanted, rel=0.01)
    assert {one.metric for one in odds} == {"euclidean", "sqeuclidean", "cosine"}
    for likely in odds:
        assert likely.error < 0.08
        assert likely.probability(0.01, 0.5) > 0.95


def test_a_folder_without_a_run(tmp_path):
    with pytest.raises(RunUnusable, match="no state of a run"):
        hand_over(tmp_path)
