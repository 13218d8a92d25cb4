"""Which parts make two faces alike: hide each, and measure how the distance changes."""

from __future__ import annotations

from lookalike.explain.explainer import Explainer, ExplainOptions
from lookalike.explain.explanation import Explanation, PartWeight
from lookalike.explain.parts import PARTS

__all__ = ["PARTS", "ExplainOptions", "Explainer", "Explanation", "PartWeight"]
