"""States of a run on disk, without pickle: arrays as safetensors, the rest as JSON beside them.

A state is written whole and takes the place of the one before it: whenever a run is killed, one of
the two is there.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save

from lookalike.errors import RunUnusable
from lookalike.training.writing import replacing

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor, nn
    from torch.optim import Optimizer

_MODEL: Final = "model."
_OPTIMIZER: Final = "optimizer."


def keep(path: Path, model: nn.Module, optimizer: Optimizer, told: dict[str, Any]) -> None:
    """Write the state of a run.

    Parameters
    ----------
    path : Path
        A file.
    model : Module
        With everything that is learned.
    optimizer : Optimizer
        Of it.
    told : dict of str to JSON value
        What else is to be known: the step, the configuration.

    Raises
    ------
    RunUnusable
        If it cannot be written.
    """
    arrays = {_MODEL + name: tensor for name, tensor in model.state_dict().items()}
    for at, state in optimizer.state_dict()["state"].items():
        arrays |= {f"{_OPTIMIZER}{at}.{name}": tensor for name, tensor in state.items()}
    plain = {name: tensor.detach().cpu().contiguous() for name, tensor in arrays.items()}
    with replacing(path) as part:
        part.write_bytes(save(plain, {"told": json.dumps(told)}))


def restore(path: Path, model: nn.Module, optimizer: Optimizer) -> dict[str, Any]:
    """Take up the state of a run.

    Parameters
    ----------
    path : Path
        A file that `keep` wrote.
    model, optimizer : Module, Optimizer
        Of the same shapes.

    Returns
    -------
    dict of str to JSON value
        What else was told.

    Raises
    ------
    RunUnusable
        If the file is damaged, or of another network.
    """
    arrays, told = _read(path)
    _fill(model, dict(_under(arrays, _MODEL)), path)
    states: dict[int, dict[str, Tensor]] = {}
    for name, tensor in _under(arrays, _OPTIMIZER):
        at, _, key = name.partition(".")
        states.setdefault(int(at), {})[key] = tensor
    whole = optimizer.state_dict()
    optimizer.load_state_dict({**whole, "state": states})
    return told


def fill(path: Path, network: nn.Module) -> None:
    """Begin with weights that are there already.

    Parameters
    ----------
    path : Path
        A state of another run, a file of safetensors, or a state of facenet-pytorch (``.pt``).
    network : Module
        What takes them. Arrays that only the file has, such as a classifier, are passed over.

    Raises
    ------
    RunUnusable
        If it does not hold the network's arrays.
    ModelError
        If a ``.pt`` file holds anything but arrays.
    """
    if path.suffix in (".pt", ".pth"):
        from lookalike.models.convert.torch_state import read_state

        arrays = {name: torch.from_numpy(one.copy()) for name, one in read_state(path).items()}
    else:
        whole, _ = _read(path)
        inside = f"{_MODEL}network."
        arrays = dict(_under(whole, inside)) or whole
    _fill(network, arrays, path)


def told_by(path: Path) -> dict[str, Any]:
    """Return what was told with a state, without taking it up.

    Parameters
    ----------
    path : Path
        A file that `keep` wrote.

    Returns
    -------
    dict of str to JSON value
        As it was told.

    Raises
    ------
    RunUnusable
        If the file is missing or damaged.
    """
    return _read(path)[1]


def _under(arrays: dict[str, Tensor], prefix: str) -> list[tuple[str, Tensor]]:
    return [(name[len(prefix) :], one) for name, one in arrays.items() if name.startswith(prefix)]


def _read(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    from safetensors import safe_open

    try:
        with safe_open(path, "pt") as file:
            told = json.loads((file.metadata() or {}).get("told", "{}"))
        return load_file(path), told
    except (OSError, SafetensorError, ValueError, RecursionError) as error:
        raise RunUnusable(
            f"{path} is no state of a run: {error}", "name the folder of a run, or train anew"
        ) from error


def _fill(network: nn.Module, arrays: dict[str, Tensor], path: Path) -> None:
    wanted = network.state_dict()
    for name, own in wanted.items():
        found = arrays.get(name)
        # Counts how many batches were seen; states of others leave it out.
        if found is None and name.endswith("num_batches_tracked"):
            arrays[name] = own
        elif found is None or found.shape != own.shape:
            what = "is missing" if found is None else f"has shape {tuple(found.shape)}"
            raise RunUnusable(
                f"{path.name}: {name} {what}, expected {tuple(own.shape)}",
                "the file holds another network than model.backbone and model.dimension say",
            )
    network.load_state_dict({name: arrays[name] for name in wanted})
