"""The encoder of every model that has a card: feed it as the card says, average the views."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import numpy as np

from lookalike.encoding.layout import Layout, layout_of
from lookalike.encoding.views import check_views, views_of
from lookalike.errors import ArrayError, CardError
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
        1 encodes each crop as it is, 2 averages it with its mirror image, up to 32 add crops
        that are moved a little.
    layout : Layout, optional
        How the network wants its crops; channels first and one output by default.

    Raises
    ------
    OptionError
        If `views` is out of range.
    """

    def __init__(
        self, card: Card, session: Session, views: int = 2, layout: Layout | None = None
    ) -> None:
        check_views(views)
        self.card = card
        self.space = card.space
        self.template = card.input.template
        self.views = views
        self._session = session
        self._layout = layout or Layout()
        self._mean = np.array(card.input.mean, np.float32)
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
            One of its kinds, if the network cannot be used, or is not the one of its card.
        OptionError
            If `views` is out of range.
        UnknownName
            If there is no template of the card's name.
        """
        check_views(views)
        (session,) = runtime.sessions(card).values()
        layout = layout_of(card, session.input_shape, session.output_shapes)
        return cls(card, session, views, layout)

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
        CardError
            If the network gives vectors of another length than its card says.
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
            outputs = self._session.run(self._batch(views_of(part, self.views)))
            raw = outputs[self._layout.output].reshape(self.views, len(part), -1)
            if raw.shape[2] != self.space.dim:
                raise CardError(
                    f"{self.space.encoder}: the network gives vectors of length {raw.shape[2]}, "
                    f"expected {self.space.dim}",
                    "dimension on the card must be the length of the network's vector",
                )
            vectors[start : start + step] = raw.mean(axis=0)
        return Embeddings(vectors, self.space)

    def _batch(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Bring RGB crops to the network's channel order, scale and layout."""
        if self.card.input.channels == "bgr":
            pixels = pixels[..., ::-1]
        axes = (0, 1, 2, 3) if self._layout.channels_last else (0, 3, 1, 2)
        mean = self._mean if self._layout.channels_last else self._mean.reshape(3, 1, 1)
        batch = np.ascontiguousarray(pixels.transpose(axes), dtype=np.float32)
        batch -= mean
        batch *= self._scale
        return batch
