"""Reports of stored scores: everything is derived anew, nothing is measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lookalike.errors import EvaluationError
from lookalike.evaluation.album import Album
from lookalike.evaluation.asked import Asked
from lookalike.evaluation.report_asked import (
    agreement_section,
    identification_sections,
    mistake_sections,
)
from lookalike.evaluation.report_pairs import (
    ReportOptions,
    failure_sections,
    group_sections,
    label_of,
    verification_section,
)
from lookalike.evaluation.scores import Origin, Scores
from lookalike.evaluation.stored import read
from lookalike.reports import Document

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lookalike.evaluation.cast import Cast
    from lookalike.reports import Section


def load(path: Path) -> Scores | Asked:
    """Read stored scores of either kind.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    Scores or Asked
        What it holds.

    Raises
    ------
    EvaluationError
        If it does not hold scores.
    """
    stored = read(path)
    return Asked.read(stored, path) if stored.kind == "asked" else Scores.of(stored, path)


def cast_of(measured: Sequence[Scores | Asked]) -> Cast | None:
    """Return who is in the photos that a report shows.

    Parameters
    ----------
    measured : sequence of Scores or Asked
        What the report is of.

    Returns
    -------
    Cast or None
        That of the first one; None if nobody is known there.
    """
    return measured[0].cast if measured else None


def report(
    measured: Sequence[Scores | Asked],
    options: ReportOptions | None = None,
    album: Album | None = None,
) -> Document:
    """Derive everything that scores say.

    Parameters
    ----------
    measured : sequence of Scores or Asked
        Runs of verification, to be compared, and at most one of identification.
    options : ReportOptions, optional
        What to say.
    album : Album, optional
        Pictures of the first run's photos; initials by default.

    Returns
    -------
    Document
        To be written as a page, as Markdown or as JSON.

    Raises
    ------
    EvaluationError
        If there is nothing to report, or more than one run of identification.
    """
    options = options or ReportOptions()
    pairs = [one for one in measured if isinstance(one, Scores)]
    asked = [one for one in measured if isinstance(one, Asked)]
    if not measured or len(asked) > 1:
        raise EvaluationError(
            "a report is of one run of identification at most, and of some run",
            "write a report for each",
        )
    cast = cast_of(measured)
    shown = album or (Album.without_pictures(cast) if cast else None)
    sections: list[Section] = []
    data: dict[str, Any] = {}
    if pairs:
        made, data["verification"] = _of_pairs(pairs, options, shown)
        sections += made
    for one in asked:
        for made, found in (identification_sections(one, options), agreement_section(one, options)):
            sections += made
            data |= found
        if shown is not None and _same(shown.cast, one.cast):
            sections += mistake_sections(one, shown, options)
    return Document(_title(measured), _facts(measured), tuple(sections), _origin(measured), data)


def _of_pairs(
    pairs: Sequence[Scores], options: ReportOptions, album: Album | None
) -> tuple[list[Section], list[dict[str, Any]]]:
    first, figures = verification_section(pairs, options)
    sections, data = [first], []
    for at, (scores, found) in enumerate(zip(pairs, figures, strict=True), 1):
        made, by = group_sections(at, scores, found, options)
        sections += made
        fields = {"what": label_of(scores), **found.fields()}
        data.append({**fields, "groups": by} if by else fields)
        if album is not None and scores.cast is not None and _same(album.cast, scores.cast):
            sections += failure_sections(at, scores, album, options)
    return sections, data


def _same(one: Cast, other: Cast) -> bool:
    """Say whether two runs are of the same photos, so that one album serves both."""
    return one is other or (
        one.photos == other.photos and np.array_equal(one.numbers, other.numbers)
    )


def _title(measured: Sequence[Scores | Asked]) -> str:
    return "Evaluation of " + ", ".join(dict.fromkeys(one.setting.data for one in measured))


def _facts(measured: Sequence[Scores | Asked]) -> tuple[str, ...]:
    facts: list[str] = []
    for one in measured:
        if one.cast is not None:
            facts.append(f"{len(one.cast.photos):,} photos of {len(one.cast.people):,} people")
        elif isinstance(one, Scores):
            facts.append(f"{one.photos:,} photos")
        if isinstance(one, Scores):
            facts.append(f"{int(one.same.sum()) + one.strangers:,} pairs")
            if one.missed:
                facts.append(f"no face found in {len(one.missed):,}")
    return tuple(dict.fromkeys(facts))


def _origin(measured: Sequence[Scores | Asked]) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    sets = {(one.setting.data, one.setting.encoder) for one in measured}
    for one in measured:
        setting, origin = one.setting, one.origin
        several = f" ({setting.data}, {setting.encoder})" if len(sets) > 1 else ""
        named = {
            "encoder": f"{setting.encoder}, {setting.views} views",
            "detector": setting.detector,
            **_digests(origin),
            **{name.replace("_", " "): str(value) for name, value in origin.options.items()},
        }
        found |= {name + several: value for name, value in named.items() if value}
    return tuple(found.items())


def _digests(origin: Origin) -> dict[str, str]:
    return {"lookalike": origin.version, "space": origin.space, "data, SHA-256": origin.data}


def agreement_report(asked: Asked, options: ReportOptions | None = None) -> Document:
    """Derive only how often metrics say the same.

    Parameters
    ----------
    asked : Asked
        Raw scores of two metrics or more.
    options : ReportOptions, optional
        What to say.

    Returns
    -------
    Document
        To be written.

    Raises
    ------
    EvaluationError
        If there is nothing to compare.
    """
    sections, data = agreement_section(asked, options or ReportOptions())
    if not sections:
        raise EvaluationError(
            f"there is nothing to compare {asked.answers[0].key} with",
            "name two metrics or more: -m euclidean -m mahalanobis",
        )
    return Document(_title([asked]), _facts([asked]), tuple(sections), _origin([asked]), data)
