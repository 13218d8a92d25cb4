"""What to train, on whom and how: the tables of a TOML file, see `lookalike.training.reading`."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any, Literal

Backbone = Literal["small-resnet", "mobilefacenet", "inception-resnet-v1", "head"]
LossKind = Literal["triplet", "contrastive", "arcface", "sub-center-arcface"]
Mining = Literal["batch-all", "batch-hard", "semi-hard"]
Precision = Literal["float32", "bfloat16", "float16"]
Device = Literal["auto", "cpu", "cuda"]


@dataclass(frozen=True, slots=True)
class DataConfig:
    """Whom to learn from.

    Parameters
    ----------
    places : tuple of str
        Folders, archives, tables or ``.mat`` files, as for ``gallery build``; or gallery files,
        for a head. Relative to the configuration.
    exclude : tuple of str
        Files that name people who must not be learned from: a list of pairs as LFW has it, or one
        name in each line. Relative to the configuration.
    held_out : float, default 0.2
        The share of the people who are left out, and on whom the encoder is measured.
    least_photos : int, default 2
        People with fewer photos teach nothing about likeness and are left out.
    most_photos : int, default 50
        Photos that are taken of one person at most.
    detector : str, default "mtcnn"
        What finds the faces.
    cache : str, default ""
        A folder for the crops, so that several runs cut them once; that of the run if empty.
        Relative to the configuration.
    """

    places: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    held_out: float = 0.2
    least_photos: int = 2
    most_photos: int = 50
    detector: str = "mtcnn"
    cache: str = ""


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """What learns.

    Parameters
    ----------
    name : str, default "my-encoder"
        How the encoder will be called.
    backbone : {"small-resnet", "mobilefacenet", "inception-resnet-v1", "head"}
        The network; ``head`` is a linear map of the vectors of a gallery.
    dimension : int, default 128
        The length of a vector.
    shrink : int, default 1
        By how much crops are made smaller first, for speed; for ``small-resnet``.
    weights : str, default ""
        A state to begin from: of an earlier run, or for Inception-ResNet-v1 of facenet-pytorch.
    """

    name: str = "my-encoder"
    backbone: Backbone = "small-resnet"
    dimension: int = 128
    shrink: int = 1
    weights: str = ""


@dataclass(frozen=True, slots=True)
class LossConfig:
    """What is asked of the vectors, see `lookalike.training.losses`.

    Parameters
    ----------
    kind : {"triplet", "contrastive", "arcface", "sub-center-arcface"}
        The loss.
    mining : {"batch-all", "batch-hard", "semi-hard"}
        Which triplets of a batch count.
    margin : float, default 0.2
        Of squared distances for triplets and pairs; an angle in radians for ArcFace, where 0.5 is
        usual.
    scale : float, default 32
        Of ArcFace's logits.
    centers : int, default 3
        Sub-centers of each person.
    """

    kind: LossKind = "triplet"
    mining: Mining = "batch-all"
    margin: float = 0.2
    scale: float = 32.0
    centers: int = 3


@dataclass(frozen=True, slots=True)
class ScheduleConfig:
    """How long, and how fast.

    Parameters
    ----------
    steps : int, default 2000
        Changes of the weights.
    people, photos : int, default 16 and 4
        Each batch has so many people, and so many photos of each.
    accumulate : int, default 1
        Batches whose gradients are added up before a step.
    learning_rate : float, default 1e-3
        The highest.
    warmup : int, default 100
        Steps until it is reached; from there on it falls along a cosine.
    weight_decay : float, default 5e-4
        Of AdamW.
    augment : bool, default True
        Whether crops are mirrored, moved, lit otherwise and partly hidden at random.
    """

    steps: int = 2000
    people: int = 16
    photos: int = 4
    accumulate: int = 1
    learning_rate: float = 1e-3
    warmup: int = 100
    weight_decay: float = 5e-4
    augment: bool = True


@dataclass(frozen=True, slots=True)
class RunConfig:
    """On what, and how often something is said and kept.

    Parameters
    ----------
    seed : int, default 0
        The same seed, the same machine: the same weights.
    device : {"auto", "cpu", "cuda"}
        What computes.
    precision : {"float32", "bfloat16", "float16"}
        Of the forward pass; ``float16`` needs a GPU.
    threads : int, default 0
        Of the processor; 0 for all cores.
    report_every, measure_every, keep_every : int
        Steps between two reports, two measurements on held-out people, and two checkpoints.
    """

    seed: int = 0
    device: Device = "auto"
    precision: Precision = "float32"
    threads: int = 0
    report_every: int = 20
    measure_every: int = 200
    keep_every: int = 200


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """Everything there is to choose.

    Parameters
    ----------
    data, model, loss, schedule, run : DataConfig, ModelConfig, LossConfig, ...
        The tables of the file.
    """

    data: DataConfig = field(default_factory=DataConfig)
    model: ModelConfig = field(default_factory=ModelConfig)
    loss: LossConfig = field(default_factory=LossConfig)
    schedule: ScheduleConfig = field(default_factory=ScheduleConfig)
    run: RunConfig = field(default_factory=RunConfig)

    def fields(self) -> dict[str, Any]:
        """Return everything as JSON values."""
        return dataclasses.asdict(self)
