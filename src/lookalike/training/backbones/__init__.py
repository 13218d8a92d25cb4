"""The networks that can be trained: each maps crops, or vectors, to vectors."""

from lookalike.training.backbones.making import WANTS, Wants, make

__all__ = ["WANTS", "Wants", "make"]
