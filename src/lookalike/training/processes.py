"""One process or several: torch's own launcher (``torchrun``) says which this one is."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import distributed

from lookalike.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lookalike.training.config import RunConfig


@dataclass(frozen=True, slots=True)
class Place:
    """Which process this is, and where it computes.

    Parameters
    ----------
    rank, size : int
        Its number, and how many there are.
    device : torch.device
        What it computes on.
    """

    rank: int
    size: int
    device: torch.device

    @property
    def leads(self) -> bool:
        """Whether this process reports and writes."""
        return self.rank == 0


@contextmanager
def joined(run: RunConfig) -> Iterator[Place]:
    """Join the other processes, if torchrun has started several.

    Parameters
    ----------
    run : RunConfig
        What to compute on.

    Yields
    ------
    Place
        This process's.

    Raises
    ------
    OptionError
        If there is no GPU, and one was asked for.
    """
    gpu = torch.cuda.is_available()
    if run.device == "cuda" and not gpu:
        raise OptionError("there is no GPU that torch can use", 'device = "auto"')
    size = int(os.environ.get("WORLD_SIZE", "1"))
    kind = "cuda" if gpu and run.device != "cpu" else "cpu"
    local = int(os.environ.get("LOCAL_RANK", "0"))
    device = torch.device(kind, local) if kind == "cuda" else torch.device(kind)
    if run.precision == "float16" and kind == "cpu":
        raise OptionError("float16 needs a GPU", 'precision = "bfloat16"')
    if size == 1:
        yield Place(0, 1, device)
        return
    distributed.init_process_group("nccl" if kind == "cuda" else "gloo")
    try:
        yield Place(distributed.get_rank(), size, device)
        # Whoever leaves first takes with it what the others still talk to.
        distributed.barrier()
    finally:
        distributed.destroy_process_group()
