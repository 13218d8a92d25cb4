"""Answers made for people to look at: why two faces are alike, and a card to share."""

from __future__ import annotations

from lookalike.presenting.cards import card_of_match
from lookalike.presenting.reasons import Explained, explain_match, explain_photos

__all__ = ["Explained", "card_of_match", "explain_match", "explain_photos"]
