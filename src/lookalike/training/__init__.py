"""Training a face encoder. PyTorch lives only here; what is handed over is ONNX and a card.

::

    reading     what to train, on whom and how      TrainConfig
    preparing   crops or vectors, people split      Material, Split
    run         batches, loss, weights              Measured, and the state on disk
    handing_over  the state                         ONNX file and card
"""

from __future__ import annotations

from typing import Any

from lookalike.errors import MissingExtra

__all__ = ["hand_over", "prepare", "read_config", "run"]

_WHERE = {
    "hand_over": "handing_over",
    "prepare": "preparing",
    "read_config": "reading",
    "run": "loop",
}


def __getattr__(name: str) -> Any:
    """Load PyTorch when it is first needed, and say so if it is not there."""
    if name not in __all__:
        raise AttributeError(f"module 'lookalike.training' has no attribute {name!r}")
    from importlib import import_module

    try:
        return getattr(import_module(f"lookalike.training.{_WHERE[name]}"), name)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("lookalike"):
            raise
        raise MissingExtra(
            f"training needs the package {error.name!r}", "pip install 'lookalike[train]'"
        ) from error
