"""Which names the faces of one frame are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lookalike.video.voting import TO_NAME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lookalike.video.tracks import Track
    from lookalike.video.voting import Verdict


def cast(tracks: Sequence[Track], *, exclusive: bool, least: float = TO_NAME) -> list[Verdict]:
    """Name the faces that are in one frame together.

    Parameters
    ----------
    tracks : sequence of Track
        Everybody in the frame.
    exclusive : bool
        Whether a name may be given only once. Who has most of the votes for it gets it; the
        others are somebody else from then on.
    least : float, default 0.5
        The share of a track's votes that a name needs.

    Returns
    -------
    list of Verdict
        One for each; the names are kept as those that are shown.
    """
    while True:
        verdicts = [track.ballot.verdict(least) for track in tracks]
        rival = _rival(tracks, verdicts) if exclusive else None
        if rival is None:
            break
        track, verdict = rival
        if verdict.person is not None:
            track.ballot.bar(verdict.person)
    for track, verdict in zip(tracks, verdicts, strict=True):
        track.ballot.shown = verdict.person
    return verdicts


def _rival(tracks: Sequence[Track], verdicts: Sequence[Verdict]) -> tuple[Track, Verdict] | None:
    """Return a track that claims a name that another one has a better claim to."""
    holders: dict[str, int] = {}
    for at, verdict in enumerate(verdicts):
        if verdict.person is None:
            continue
        held = holders.setdefault(verdict.person.id, at)
        if held != at:
            loser = min(held, at, key=lambda one: _claim(tracks[one], verdicts[one]))
            return tracks[loser], verdicts[loser]
    return None


def _claim(track: Track, verdict: Verdict) -> float:
    return verdict.confidence * track.ballot.weight
