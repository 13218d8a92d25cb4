"""Reading the weights that Keras saved as HDF5."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lookalike.errors import MissingExtra, WeightsUnreadable

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def read_layers(path: Path) -> list[tuple[NDArray[np.float32], ...]]:
    """Read the arrays of every layer that has any, in the order of the network.

    Parameters
    ----------
    path : Path
        A file that ``model.save_weights`` or ``model.save`` wrote.

    Returns
    -------
    list of tuple of ndarray, float32
        The arrays of each layer, as Keras orders them: kernel, then bias.

    Raises
    ------
    WeightsUnreadable
        If the file is not such a file.
    MissingExtra
        If h5py is not installed.
    """
    try:
        import h5py
    except ModuleNotFoundError as error:
        raise MissingExtra(
            f"reading {path.name} needs the package 'h5py'", "pip install 'lookalike[keras]'"
        ) from error
    try:
        with h5py.File(path, "r") as file:
            root: Any = file.get("model_weights", file)
            layers = []
            for layer in root.attrs["layer_names"]:
                group = root[layer]
                arrays = tuple(
                    np.asarray(group[name], np.float32) for name in group.attrs["weight_names"]
                )
                if arrays:
                    layers.append(arrays)
    except (OSError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise WeightsUnreadable(
            f"{path.name} does not hold the weights of a Keras network: {error}",
            "the file is damaged, or of another kind",
        ) from error
    return layers
