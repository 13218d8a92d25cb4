"""What names the faces of a video: from options to a head and its networks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lookalike.cli.progress import progress_bar
from lookalike.errors import OptionError
from lookalike.gallery.asking.ranking import FindOptions
from lookalike.identification.options import IdentifyOptions
from lookalike.models.card import card
from lookalike.models.options import ModelOptions
from lookalike.pipeline import Analyst, Finder
from lookalike.registry import names, unknown
from lookalike.video.heads import Identities, LookAlikes, Nobody, threshold_among

if TYPE_CHECKING:
    from lookalike.gallery.places import Place
    from lookalike.identification.identifier import Identifier
    from lookalike.video.heads import Head

#: A likeness, and the identities that `identify` knows.
HEADS: Final = ("find", *names("head"))


#: How often an identity may be given to a stranger, unless something else is asked for.
DEFAULT_FMR: Final = 0.01


@dataclass(frozen=True, slots=True)
class HeadChoice:
    """What names faces, and how sure it must be.

    Parameters
    ----------
    name : str
        One of `HEADS`.
    threshold : float or None
        In the head's own measure.
    fmr : float or None
        Instead of a threshold: how often a stranger may be given a name.
    nobody : bool
        Whether no face is named at all.
    """

    name: str
    threshold: float | None = None
    fmr: float | None = None
    nobody: bool = False


def open_head(
    gallery: Place | None, choice: HeadChoice, models: ModelOptions, *, quiet: bool = True
) -> tuple[Analyst, Head]:
    """Open what finds, encodes and names faces.

    Parameters
    ----------
    gallery : Path, Address or None
        A gallery; the starter gallery by default.
    choice : HeadChoice
        What names faces.
    models : ModelOptions
        The detector, and what runs it.
    quiet : bool, default True
        Whether to show no progress.

    Returns
    -------
    Analyst
        The networks.
    Head
        What names faces.

    Raises
    ------
    UnknownName
        If there is no such head.
    OptionError
        If both a threshold and a rate are given, or nothing has been measured for the rate.
    """
    if choice.name not in HEADS:
        raise unknown("head", choice.name, HEADS)
    if choice.threshold is not None and choice.fmr is not None:
        raise OptionError(
            "a threshold and a false-match rate exclude each other", "give one of them"
        )
    if choice.fmr is not None and not 0 < choice.fmr < 1:
        raise OptionError(f"the rate must be between 0 and 1, got {choice.fmr:g}")
    if choice.nobody:
        return Analyst.open(models), Nobody()
    finder = Finder.open(
        gallery, detector=models.detector, provider=models.provider, threads=models.threads
    )
    analyst = finder.analyzer
    if not isinstance(analyst, Analyst):
        raise TypeError("Finder.open gives an Analyst")
    if choice.name == "find":
        return analyst, LookAlikes(finder.gallery, threshold=_threshold(finder, choice))
    return analyst, Identities(_identifier(finder, choice, quiet=quiet), choice.name)


def _identifier(finder: Finder, choice: HeadChoice, *, quiet: bool) -> Identifier:
    from lookalike.identification.identifier import Identifier
    from lookalike.identification.training import steps

    rate = DEFAULT_FMR if choice.fmr is None else choice.fmr
    options = IdentifyOptions(choice.name, rate, choice.threshold)
    with progress_bar("learning who is who", steps(finder.gallery), hidden=quiet) as advance:
        return Identifier.open(finder.gallery, finder.analyzer, options, advance)


def _threshold(finder: Finder, choice: HeadChoice) -> float | None:
    if choice.fmr is None:
        return choice.threshold
    encoder = finder.gallery.header.space.encoder
    people, views = finder.gallery.count(FindOptions()), finder.gallery.header.views
    threshold = threshold_among(card(encoder).calibration, views, choice.fmr, people)
    if threshold is None:
        raise OptionError(
            f"no threshold has been measured for {encoder}", "name a distance: --threshold 0.4"
        )
    return threshold
