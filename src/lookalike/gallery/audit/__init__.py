"""Looking through a gallery for what is filed wrongly; a file of decisions about it."""

from lookalike.gallery.audit.decisions import (
    Decision,
    Decisions,
    decisions_of,
    read_decisions,
    write_decisions,
)
from lookalike.gallery.audit.findings import (
    ACTIONS,
    Action,
    Audit,
    AuditOptions,
    Evidence,
    Suggestion,
)
from lookalike.gallery.audit.page import audit_report
from lookalike.gallery.audit.run import audit

__all__ = [
    "ACTIONS",
    "Action",
    "Audit",
    "AuditOptions",
    "Decision",
    "Decisions",
    "Evidence",
    "Suggestion",
    "audit",
    "audit_report",
    "decisions_of",
    "read_decisions",
    "write_decisions",
]
