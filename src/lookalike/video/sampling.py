"""Choosing the few faces of each track that are encoded, and counting their votes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.video.voting import CLEAR, LEAST_QUALITY, Sample

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lookalike.video.eyes import Eyes
    from lookalike.video.heads import Head
    from lookalike.video.likeness import Likeness
    from lookalike.video.tracking import Tracker
    from lookalike.video.tracks import Sighting, Track

#: So many faces make a track known; after that it is only looked at again now and then.
_ENOUGH: Final = 10
_AT_A_TIME: Final = 5
_AGAIN_S: Final = 2.0
#: A face so much better than the track's best vote is worth a look at once.
_BETTER: Final = 1.25
#: Two faces nearer to each other in time say the same, in seconds.
_APART_S: Final = 0.08
#: A face must be this good to say that a track has become somebody else.
_CREDIBLE: Final = 0.3


class Sampler:
    """Encodes the best faces of all tracks together.

    Parameters
    ----------
    eyes : Eyes
        Encodes faces.
    head : Head
        Says whom they show.
    tracker : Tracker
        Told where a track has become somebody else.
    likeness : Likeness
        What distances mean.
    """

    def __init__(self, eyes: Eyes, head: Head, tracker: Tracker, likeness: Likeness) -> None:
        self._eyes, self._head = eyes, head
        self._least = CLEAR if head.exclusive else LEAST_QUALITY
        self._tracker, self._likeness = tracker, likeness
        self._waiting: dict[int, list[Sighting]] = {}
        self._noted: dict[int, int] = {}
        self._voted_s: dict[int, float] = {}
        #: When the first face that waits was seen.
        self.oldest_s = float("inf")

    def note(self, tracks: Sequence[Track]) -> None:
        """Let new faces wait until they can be chosen among.

        Parameters
        ----------
        tracks : sequence of Track
            Those that are followed.
        """
        for track in tracks:
            new = [one for one in track.sightings if one.number > self._noted.get(track.number, -1)]
            if new:
                self._waiting.setdefault(track.number, []).extend(new)
                self._noted[track.number] = new[-1].number
                self.oldest_s = min(self.oldest_s, new[0].time_s)

    def owes(self, tracks: Sequence[Track]) -> bool:
        """Say whether a track that is not known well yet has faces that wait.

        Parameters
        ----------
        tracks : sequence of Track
            Those of a frame that is about to go on.

        Returns
        -------
        bool
            Whether it is time to `flush`.
        """
        return any(len(track.ballot.samples) < _ENOUGH and self._choice(track) for track in tracks)

    def flush(self, tracks: Sequence[Track]) -> list[Track]:
        """Encode the best faces that wait and count their votes.

        Parameters
        ----------
        tracks : sequence of Track
            Those whose frames have not all gone on.

        Returns
        -------
        list of Track
            New ones, where a track had become somebody else.
        """
        chosen = [(track, one) for track in tracks for one in self._choice(track)]
        self._waiting.clear()
        self.oldest_s = float("inf")
        if not chosen:
            return []
        sightings = [one for _, one in chosen]
        self._eyes.encode(sightings)
        split: dict[int, Track] = {}
        owners: list[Track] = []
        for track, one in chosen:
            now = split.get(track.number, track)
            if now is track and self._contradicts(track, one):
                now = split[track.number] = self._tracker.split(track, one.number)
                self._noted[now.number] = now.last.number
            owners.append(now)
            self._voted_s[now.number] = one.time_s
        self._count(owners, sightings)
        there = {track.number for track in (*tracks, *split.values())}
        self._voted_s = {n: at for n, at in self._voted_s.items() if n in there}
        self._noted = {n: at for n, at in self._noted.items() if n in there}
        return list(split.values())

    def _count(self, owners: Sequence[Track], sightings: Sequence[Sighting]) -> None:
        """Let every track know its new faces, ask the head about all of them, count the answers."""
        for track, one in zip(owners, sightings, strict=True):
            if one.vector is not None:
                track.ballot.know(Sample(one.vector, one.quality))
        tracks = list({track.number: track for track in owners}.values())
        means = np.stack([track.ballot.mean() for track in tracks])
        answers = self._head.answers(self._eyes.embeddings(means))
        for track, answer in zip(tracks, answers, strict=True):
            track.ballot.add(answer)

    def _choice(self, track: Track) -> list[Sighting]:
        """Return the faces of a track that are worth encoding, in the order of time."""
        known = track.ballot.samples
        waiting = [one for one in self._waiting.get(track.number, ())
                   if one.quality >= self._least]  # fmt: skip
        if not waiting:
            return []
        best = max(waiting, key=lambda one: one.quality)
        if len(known) >= _ENOUGH:
            better = best.quality > _BETTER * max(one.weight for one in known)
            since = best.time_s - self._voted_s.get(track.number, float("-inf"))
            return [best] if better or since >= _AGAIN_S else []
        chosen: list[Sighting] = []
        for one in sorted(waiting, key=lambda one: -one.quality):
            if all(abs(one.time_s - other.time_s) >= _APART_S for other in chosen):
                chosen.append(one)
        return sorted(chosen[:_AT_A_TIME], key=lambda one: one.number)

    def _contradicts(self, track: Track, one: Sighting) -> bool:
        """Say whether a face cannot be the track's."""
        known = [known.vector for known in track.ballot.samples if known.weight >= _CREDIBLE]
        if len(known) < 2 or one.quality < _CREDIBLE or one.vector is None:
            return False
        earlier = track.sightings[0].number < one.number
        return earlier and self._likeness.apart(one.vector, known) > 1
