"""Pages to look at in a browser: one file each, without a network."""

from lookalike.reports.audit import audit_page
from lookalike.reports.cards import AuditPage, Card, Picture, Side

__all__ = ["AuditPage", "Card", "Picture", "Side", "audit_page"]
