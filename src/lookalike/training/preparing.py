"""From a configuration to what is learned from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lookalike.training.backbones import WANTS
from lookalike.training.crops import crops_of
from lookalike.training.people import split
from lookalike.training.vectors import vectors_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from lookalike.training.config import TrainConfig
    from lookalike.training.material import Material
    from lookalike.training.people import Split


def prepare(
    config: TrainConfig, folder: Path, on_photo: Callable[[int], None] = lambda _total: None
) -> tuple[Material, Split]:
    """Cut the crops of photos, or take the vectors of galleries, and split the people.

    Parameters
    ----------
    config : TrainConfig
        What was chosen.
    folder : Path
        Of the run: crops are kept there, unless the configuration names another folder.
    on_photo : callable, optional
        Called for each photo with how many there are.

    Returns
    -------
    Material, Split
        What there is, and who is for what.

    Raises
    ------
    OptionError, GalleryError, TrainingError
        If there is not enough to learn from, or it cannot be read.
    """
    if config.model.backbone == "head":
        material = vectors_of(config.data)
    else:
        cache = Path(config.data.cache) if config.data.cache else folder / "crops"
        wants = WANTS[config.model.backbone]
        material = crops_of(config.data, wants.template, cache, on_photo)
    return material, split(material.people, material.counts, config.data)
