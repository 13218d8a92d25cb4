"""Cleaning a folder of photos, or a table of them, before a gallery is built from it.

`inspect` says what is wrong and changes nothing; `apply` acts on what it said; `undo` puts
everything back. Nothing is ever deleted: what goes is moved into a hidden folder beside what
stays, with a journal of where it came from.
"""

from lookalike.cleaning.applying import apply, resume
from lookalike.cleaning.faults import Action, Fault
from lookalike.cleaning.inspection import inspect
from lookalike.cleaning.options import CleanOptions
from lookalike.cleaning.performing import Outcome
from lookalike.cleaning.report import Finding, Report, Step
from lookalike.cleaning.tables import TableReport, apply_table, inspect_table
from lookalike.cleaning.undoing import undo

__all__ = [
    "Action",
    "CleanOptions",
    "Fault",
    "Finding",
    "Outcome",
    "Report",
    "Step",
    "TableReport",
    "apply",
    "apply_table",
    "inspect",
    "inspect_table",
    "resume",
    "undo",
]
