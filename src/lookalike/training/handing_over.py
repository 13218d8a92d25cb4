"""A trained encoder leaves the room: an ONNX file and a card that says all there is to say."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch

from lookalike.alignment import template
from lookalike.errors import RunUnusable
from lookalike.evaluation.bootstrap import Drawing
from lookalike.evaluation.pair_figures import pair_figures
from lookalike.models.card import Card, InputSpec, Licence, WeightsFile, card
from lookalike.models.card_text import card_text
from lookalike.training import keeping
from lookalike.training.backbones import WANTS, make
from lookalike.training.calibrating import calibrated
from lookalike.training.feeding import MEAN, Feeder
from lookalike.training.graphs import check_parity, write_graph, write_head
from lookalike.training.loop import STATE
from lookalike.training.measuring import columns_of, scores_of
from lookalike.training.preparing import prepare
from lookalike.training.reading import parse_config
from lookalike.training.writing import replacing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.evaluation.pair_figures import PairFigures
    from lookalike.training.config import TrainConfig
    from lookalike.training.material import Material

_PAPERS: Final = {
    "triplet": "Schroff et al., FaceNet (2015); Hermans et al., In Defense of Triplet Loss (2017)",
    "contrastive": "Hadsell et al., Dimensionality Reduction by an Invariant Mapping (2006)",
    "arcface": "Deng et al., ArcFace: Additive Angular Margin Loss (2019)",
    "sub-center-arcface": "Deng et al., Sub-center ArcFace (2020)",
}
_DRAWING: Final = Drawing(200)


@dataclass(frozen=True, slots=True, eq=False)
class Handed:
    """What was handed over.

    Parameters
    ----------
    graph, card : Path
        The two files.
    figures : PairFigures
        On people who were left out, one view, cosine.
    parity : float
        How far ONNX Runtime is from torch.
    """

    graph: Path
    card: Path
    figures: PairFigures
    parity: float


def hand_over(folder: Path, output: Path | None = None) -> Handed:
    """Write the ONNX file and the card of a run.

    Parameters
    ----------
    folder : Path
        Of the run.
    output : Path, optional
        The ONNX file; the card lies beside it. In the folder of the run by default.

    Returns
    -------
    Handed
        What was written; ``lookalike models add GRAPH --card CARD`` takes it.

    Raises
    ------
    RunUnusable
        If there is no run, it is not what it should be, or the files cannot be written.
    OptionError, GalleryError, TrainingError
        If what was learned from is not there any more.
    """
    state = folder / STATE
    told = keeping.told_by(state)
    if "config" not in told:
        raise RunUnusable(f"{state} holds weights only", "name the folder of a run")
    config = parse_config(told["config"], state.name, Path("/"))
    material, split = prepare(config, folder)
    if material.digest != told["material"]:
        raise RunUnusable(
            f"what {folder} was learned from has changed", "train anew, in another folder"
        )
    network = make(config.model, material.rows.shape[-1])
    keeping.fill(state, network)
    path = output or folder / f"{config.model.name}.onnx"
    held_out = material.of(split.held_out)
    with replacing(path) as part:
        parity = _write(config, network, material, held_out, part)
        data = part.read_bytes()
    vectors = _vectors(config, network, material, held_out)
    first_views = min(vectors)
    columns = columns_of(material, held_out, vectors[first_views])
    figures = pair_figures(scores_of(columns, config.model.name), _DRAWING)
    made = _card(config, told, data, path.name, material)
    pairs = f"{figures.stranger_pairs:,} pairs of strangers"
    where = f"{told['held_out']} people who were left out, {pairs}"
    made = _with_numbers(made, vectors, columns.groups, where)
    card_path = path.with_suffix(".toml")
    with replacing(card_path) as part:
        part.write_text(f"# {_accuracy(figures)}\n{card_text(made)}", "utf-8")
    return Handed(path, card_path, figures, parity)


def _write(
    config: TrainConfig,
    network: Any,
    material: Material,
    held_out: NDArray[np.int64],
    path: Path,
) -> float:
    """Write the graph, and return how far it is from the network."""
    if config.model.backbone == "head":
        write_head(network, card(material.encoder), path)
        # The encoder below is its makers'; the map is compared by itself, as numbers.
        return 0.0
    wants = WANTS[config.model.backbone]
    write_graph(network, template(wants.template).size_px, path)
    feeder = Feeder(material, torch.device("cpu"), wants.scale, augment=False)
    return check_parity(network, path, feeder.fed(held_out[:16]))


def _vectors(
    config: TrainConfig, network: Any, material: Material, held_out: NDArray[np.int64]
) -> dict[int, NDArray[np.float32]]:
    """Return the vectors of people who were left out, for each number of views."""
    if config.model.backbone == "head":
        feeder = Feeder(material, torch.device("cpu"), 1.0, augment=False)
        return {material.views: feeder.encoded(network, held_out)}
    feeder = Feeder(
        material, torch.device("cpu"), WANTS[config.model.backbone].scale, augment=False
    )
    plain = feeder.encoded(network, held_out)
    mirrored = feeder.encoded(network, held_out, mirrored=True)
    return {1: plain, 2: np.mean([plain, mirrored], axis=0)}


def _with_numbers(
    made: Card, vectors: dict[int, NDArray[np.float32]], groups: NDArray[np.int64], where: str
) -> Card:
    thresholds, odds = [], []
    for views, rows in vectors.items():
        more, likelier = calibrated(rows, groups, views, where)
        thresholds += more
        odds += likelier
    return replace(made, calibration=tuple(thresholds), odds=tuple(odds))


def _card(
    config: TrainConfig, told: dict[str, Any], data: bytes, name: str, material: Material
) -> Card:
    """Return the card, without what was measured."""
    if config.model.backbone == "head":
        below = card(material.encoder)
        spec = below.input
        summary = f"{below.name} with a linear map, {config.model.dimension} numbers"
        licence = below.licence
    else:
        wants = WANTS[config.model.backbone]
        size = template(wants.template).size_px
        spec = InputSpec(size, "rgb", (MEAN, MEAN, MEAN), wants.scale, wants.template)
        summary = f"{config.model.backbone}, {config.model.dimension} numbers"
        licence = Licence("Apache-2.0", "NOASSERTION", "ask")
    seen = (
        f"{told['photos']:,} photos of {told['learned']:,} people; "
        f"digest of the data {material.digest[:16]}; {told['step']} steps of "
        f"{config.schedule.people} people with {config.schedule.photos} photos each; "
        f"{config.loss.kind}, {config.loss.mining}, margin {config.loss.margin:g}"
    )
    file = WeightsFile("network", name, len(data), hashlib.sha256(data).hexdigest())
    return Card(
        name=config.model.name,
        task="encode",
        summary=summary,
        architecture="onnx",
        converter="",
        dimension=config.model.dimension,
        files=(file,),
        input=spec,
        licence=licence,
        origin="lookalike train",
        training_data=seen,
        paper=_PAPERS[config.loss.kind],
        metric="cosine",
    )


def _accuracy(figures: PairFigures) -> str:
    """Say how good it is, with the interval."""
    eer = figures.eer
    words = f"Equal error rate {eer.value:.1%} ({eer.low:.1%} to {eer.high:.1%})"
    points = [
        f"TAR {one.tmr.value:.1%} ({one.tmr.low:.1%} to {one.tmr.high:.1%}) at FAR {one.fmr:g}"
        for one in figures.points
        if one.fmr in (1e-2, 1e-3)
    ]
    return "; ".join([words, *points]) + ", on people who were left out."
