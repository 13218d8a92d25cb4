"""The encoder of every model that has a card: feed it as the card says, average the views."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import numpy as np

from lookalike.encoding.views import views_of
from lookalike.errors import ArrayError, OptionError
from lookalike.types import Embeddings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.models.card import Card
    from lookalike.models.runtime import Runtime
    from lookalike.protocols import Session
    from lookalike.types import Crops

#: Crops that are held as float32 at one time; bounds memory, not results.
_CHUNK = 32


class OnnxEncoder:
    """An encoder driven by its card. Safe to share between threads.

    Parameters
    ----------
    card : Card
        What the network wants and gives.
    session : Session
        The network.
    views : int, default 2
        1 encodes each crop as it is, 2 averages it with its mirror image.
    """

    def __init__(self, card: Card, session: Session, views: int = 2) -> None:
        if views < 1:
            raise OptionError(f"views must be at least 1, got {views}")
        self.card = card
        self.space = card.space
        self.template = card.input.template
        self.views = views
        self._session = session
        self._mean = np.array(card.input.mean, np.float32).reshape(3, 1, 1)
        self._scale = np.float32(card.input.scale)

    @classmethod
    def open(cls, card: Card, runtime: Runtime, views: int = 2) -> Self:
        """Open the encoder that a card describes.

        Parameters
        ----------
        card : Card
            With one part.
        runtime : Runtime
            What runs the network.
        views : int, default 2
            Views averaged in each vector.

        Returns
        -------
        OnnxEncoder
            Ready for crops.

        Raises
        ------
        ModelError
            One of its kinds, if the network cannot be used.
        """
        (session,) = runtime.sessions(card).values()
        return cls(card, session, views)

    def encode(self, crops: Crops) -> Embeddings:
        """Turn aligned faces into vectors.

        Parameters
        ----------
        crops : Crops
            Cut with this encoder's template.

        Returns
        -------
        Embeddings
            One row for each crop: the mean of the raw vectors of its views.

        Raises
        ------
        ArrayError
            If the crops follow another template.
        """
        if crops.template != self.template:
            raise ArrayError(
                f"{self.space.encoder} needs crops of template {self.template!r}, "
                f"got {crops.template!r}",
                f"align(image, faces, {self.template!r})",
            )
        vectors = np.empty((len(crops), self.space.dim), np.float32)
        step = max(1, _CHUNK // self.views)
        for start in range(0, len(crops), step):
            part = crops.pixels[start : start + step]
            (raw,) = self._session.run(self._planes(views_of(part, self.views)))
            vectors[start : start + step] = raw.reshape(self.views, len(part), -1).mean(axis=0)
        return Embeddings(vectors, self.space)

    def _planes(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Bring (n, S, S, 3) RGB to (n, 3, S, S), in the card's channel order and scale."""
        if self.card.input.channels == "bgr":
            pixels = pixels[..., ::-1]
        planes = np.ascontiguousarray(pixels.transpose(0, 3, 1, 2), dtype=np.float32)
        planes -= self._mean
        planes *= self._scale
        return planes
