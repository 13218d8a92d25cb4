"""Figures to look at and to share: the results grid."""

from lookalike.figures.grid import GridOptions, lookalikes
from lookalike.figures.palette import ThemeName
from lookalike.figures.rows import Reason, Row, Tile
from lookalike.figures.saving import save

__all__ = ["GridOptions", "Reason", "Row", "ThemeName", "Tile", "lookalikes", "save"]
