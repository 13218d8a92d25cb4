"""From rows of a `Material` to what a network takes, in training and in measuring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import torch

from lookalike.training.augmenting import augmented

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor, nn

    from lookalike.training.material import Material

#: Gray: as far from black as from white.
MEAN: Final = 127.5

#: Rows that are measured at a time.
_CHUNK: Final = 64


class Feeder:
    """Gives rows to a network.

    Parameters
    ----------
    material : Material
        Crops or vectors.
    device : torch.device
        Where they shall be.
    scale : float
        Of ``(x - 127.5) * scale``; crops only.
    augment : bool
        Whether crops are changed at random for training.
    """

    def __init__(
        self, material: Material, device: torch.device, scale: float, *, augment: bool
    ) -> None:
        self._rows = material.rows
        self._crops = material.rows.ndim == 4
        self._device = device
        self._scale = scale
        self._augment = augment and self._crops

    def fed(self, rows: NDArray[np.int64]) -> Tensor:
        """Return rows as they are.

        Parameters
        ----------
        rows : ndarray of shape (n,), int64
            Which.

        Returns
        -------
        Tensor of shape (n, 3, S, S) or (n, d), float32
            On the device.
        """
        chosen = torch.from_numpy(np.ascontiguousarray(self._rows[rows])).to(self._device)
        if not self._crops:
            return chosen
        return (chosen.permute(0, 3, 1, 2).float() - MEAN) * self._scale

    def taught(self, rows: NDArray[np.int64], seed: int) -> Tensor:
        """Return rows for a step of training.

        Parameters
        ----------
        rows : ndarray of shape (n,), int64
            Which.
        seed : int
            The same seed changes them in the same way.

        Returns
        -------
        Tensor of shape (n, 3, S, S) or (n, d), float32
            On the device.
        """
        fed = self.fed(rows)
        if not self._augment:
            return fed
        return augmented(fed, torch.Generator().manual_seed(seed)).contiguous()

    @torch.no_grad()
    def encoded(
        self, network: nn.Module, rows: NDArray[np.int64], *, mirrored: bool = False
    ) -> NDArray[np.float32]:
        """Return the vectors of rows.

        Parameters
        ----------
        network : Module
            What makes them; its mode is kept.
        rows : ndarray of shape (n,), int64
            Which.
        mirrored : bool, default False
            Whether of the crops' mirror images.

        Returns
        -------
        ndarray of shape (n, d), float32
            Not normalized.
        """
        mode = network.training
        network.eval()
        parts = []
        for at in range(0, len(rows), _CHUNK):
            fed = self.fed(rows[at : at + _CHUNK])
            parts.append(network(fed.flip(-1) if mirrored else fed).float().cpu().numpy())
        network.train(mode)
        return np.concatenate(parts)
