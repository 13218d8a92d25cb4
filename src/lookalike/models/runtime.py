"""What a network is opened with: which provider, how many threads, and where its files are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lookalike.models.session import open_sessions
from lookalike.models.store import sources

if TYPE_CHECKING:
    from pathlib import Path

    from lookalike.models.card import Card
    from lookalike.models.session import OnnxSession


@dataclass(frozen=True, slots=True)
class Runtime:
    """Opens the networks and files of cards.

    Parameters
    ----------
    provider : str
        What runs networks: cpu, cuda, tensorrt, coreml or directml.
    threads : int or None
        Threads of each run; all cores by default.
    """

    provider: str = "cpu"
    threads: int | None = None

    def sessions(self, card: Card) -> dict[str, OnnxSession]:
        """Open all networks of a model, converting them first if need be.

        Parameters
        ----------
        card : Card
            The model.

        Returns
        -------
        dict of str to OnnxSession
            By the names of the model's parts.

        Raises
        ------
        ModelError
            One of its kinds, if the weights or the provider cannot be used.
        """
        return open_sessions(card, provider=self.provider, threads=self.threads)

    def files(self, card: Card) -> dict[str, Path]:
        """Find the weights of a model that is not run as ONNX, and check them.

        Parameters
        ----------
        card : Card
            The model.

        Returns
        -------
        dict of str to Path
            By the names of the model's parts.

        Raises
        ------
        LicenceNotAccepted
            If the weights need a yes that nobody has given.
        WeightsMissing, ChecksumMismatch
            If a file is not there, or is another one.
        """
        return sources(card)
