"""What is wrong with a folder, and what would be done about it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lookalike.cleaning.faults import Action, Fault

if TYPE_CHECKING:
    from pathlib import Path

    from lookalike.cleaning.options import CleanOptions
    from lookalike.types import Faces


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with one file, or with one row of a table.

    Parameters
    ----------
    path : str
        The file below the folder, with forward slashes; of a table, the line.
    person : str
        Whom it is filed under.
    fault : Fault
        What is wrong.
    detail : str
        More about it; may be empty.
    action : Action
        What happens to the file; the same for all that is wrong with it.
    """

    path: str
    person: str
    fault: Fault
    detail: str
    action: Action


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done with one file.

    Parameters
    ----------
    name : str
        The file below the folder, as the system spells it.
    action : Action
        What to do.
    fault : Fault
        Why.
    detail : str
        More about that.
    sha256 : str
        Of the file, in hexadecimal.
    size, modified_ns : int
        In bytes, and when the file was changed last: a file that has changed since is not touched.
    target : str
        The name that the file gets, or the one that replaces it; empty if it just goes. Of faces
        that are cut out, the path of the first without its number.
    cut : Faces or None
        What to cut out, in pixels of the photo.
    """

    name: str
    action: Action
    fault: Fault
    detail: str
    sha256: str
    size: int
    modified_ns: int
    target: str = ""
    cut: Faces | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in a folder.

    Parameters
    ----------
    folder : Path
        The folder.
    options : CleanOptions
        What counted as a fault.
    photos : int
        Files that are photos or should be.
    others : int
        Files that are neither by name nor by contents; they are never touched.
    findings : tuple of Finding
        In the order of the paths.
    steps : tuple of Step
        What `apply` would do.
    """

    folder: Path
    options: CleanOptions
    photos: int
    others: int
    findings: tuple[Finding, ...]
    steps: tuple[Step, ...]

    @property
    def counts(self) -> dict[Fault, int]:
        """How often each fault was found, in the order of `Fault`."""
        found = Counter(finding.fault for finding in self.findings)
        return {fault: found[fault] for fault in Fault if found[fault]}

    @property
    def actions(self) -> dict[Fault, Counter[Action]]:
        """What would happen to the files with each fault."""
        found: dict[Fault, Counter[Action]] = {fault: Counter() for fault in self.counts}
        for finding in self.findings:
            found[finding.fault][finding.action] += 1
        return found

    @property
    def sound(self) -> int:
        """How many photos nothing is wrong with."""
        return self.photos - len({finding.path for finding in self.findings})
