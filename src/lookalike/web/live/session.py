"""One camera: frame after frame, the faces in it, and whom they resemble."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from lookalike.errors import ImageError
from lookalike.types import Embeddings
from lookalike.web.answers import LiveAnswer, LiveFaceAnswer
from lookalike.web.live.steady import Steady
from lookalike.web.live.tracks import Tracks
from lookalike.web.telling import face_fields, match_answer, size_fields

if TYPE_CHECKING:
    from collections.abc import Callable

    from lookalike.types import Analysis, Match
    from lookalike.web.asked import LiveAsked
    from lookalike.web.live.tracks import Track
    from lookalike.web.shelf import Opened


class Session:
    """Answers the frames of one camera. For one frame at a time.

    Parameters
    ----------
    clock : callable, optional
        Returns seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tracks = Tracks()
        self._steady: dict[int, Steady] = {}

    def answer(self, opened: Opened, asked: LiveAsked, frame: bytes) -> LiveAnswer:
        """Answer a frame.

        Parameters
        ----------
        opened : Opened
            The gallery.
        asked : LiveAsked
            How look-alikes are ranked.
        frame : bytes
            A picture.

        Returns
        -------
        LiveAnswer
            Its faces.

        Raises
        ------
        ImageError
            If it is no picture.
        """
        start = self._clock()
        (seen,) = opened.finder.analyzer.analyze([frame])
        if isinstance(seen, ImageError):
            raise seen
        tracks = self._tracks.follow(seen, start)
        shown = self._shown(opened, asked, seen, tracks, start)
        among = opened.finder.gallery.count(asked.options)
        faces = [
            LiveFaceAnswer(
                **fields,
                track=track.number,
                age_s=round(start - track.since_s, 3),
                matches=[match_answer(opened, match) for match in matches],
                stands_out=_stands_out(matches, among),
            )
            for fields, track, matches in zip(
                face_fields(seen, cut=False), tracks, shown, strict=True
            )
        ]
        took_ms = round(1000 * (self._clock() - start), 1)
        return LiveAnswer(**size_fields(seen), faces=faces, took_ms=took_ms)

    def _shown(
        self,
        opened: Opened,
        asked: LiveAsked,
        seen: Analysis,
        tracks: list[Track],
        now_s: float,
    ) -> list[tuple[Match, ...]]:
        """Return what to show beside each face."""
        if not tracks:
            return []
        means = Embeddings(np.stack([track.vector for track in tracks]), seen.embeddings.space)
        found = opened.finder.gallery.find(means, asked.options)
        followed = {track.number for track in self._tracks.followed}
        self._steady = {at: one for at, one in self._steady.items() if at in followed}
        return [
            self._steady.setdefault(track.number, Steady()).update(tuple(matches), now_s)
            for track, matches in zip(tracks, found, strict=True)
        ]


def _stands_out(matches: tuple[Match, ...], among: int) -> bool | None:
    rarity = matches[0].rarity if matches else None
    return None if rarity is None else rarity.one_in > among
