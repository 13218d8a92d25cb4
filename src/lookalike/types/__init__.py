"""The nouns: frozen, checked when made, NumPy only.

Plural nouns are columns, singular nouns are rows. Coordinates are pixels with the origin at the
top left, x to the right and y down; boxes are ``x1 y1 x2 y2``.
"""

from lookalike.types.analysis import Analysis
from lookalike.types.crops import Crops
from lookalike.types.embeddings import Embeddings, Space
from lookalike.types.faces import Face, Faces
from lookalike.types.image import Image
from lookalike.types.people import Person, Photo, person_id
from lookalike.types.results import (
    Comparison,
    Found,
    Identified,
    Identity,
    Match,
    Neighbors,
    Rarity,
)
from lookalike.types.sources import Candidate
from lookalike.types.visitors import FoundTogether, Visitor, VisitorPhoto

__all__ = [
    "Analysis",
    "Candidate",
    "Comparison",
    "Crops",
    "Embeddings",
    "Face",
    "Faces",
    "Found",
    "FoundTogether",
    "Identified",
    "Identity",
    "Image",
    "Match",
    "Neighbors",
    "Person",
    "Photo",
    "Rarity",
    "Space",
    "Visitor",
    "VisitorPhoto",
    "person_id",
]
