"""Pages to look at in a browser: one file each, without a network; and reports in other formats."""

from lookalike.reports.audit import audit_page
from lookalike.reports.cards import AuditPage, Card, Picture, Side
from lookalike.reports.document import Chart, Document, Pair, Section, Table
from lookalike.reports.writing import as_json, as_markdown, as_page

__all__ = [
    "AuditPage",
    "Card",
    "Chart",
    "Document",
    "Pair",
    "Picture",
    "Section",
    "Side",
    "Table",
    "as_json",
    "as_markdown",
    "as_page",
    "audit_page",
]
