"""Names of implementations, and where to find them.

Nothing is imported before it is asked for, so a part that nobody uses costs nothing.
"""

from __future__ import annotations

import difflib
import importlib
from typing import Any, Final

from lookalike.errors import MissingExtra, UnknownName

#: kind → name → ``module:attribute``.
IMPLEMENTATIONS: Final[dict[str, dict[str, str]]] = {
    "detector": {
        "mtcnn": "lookalike.detection.mtcnn:Mtcnn",
        "yunet": "lookalike.detection.yunet:Yunet",
        "scrfd": "lookalike.detection.scrfd:Scrfd",
        "ssd": "lookalike.detection.ssd:Ssd",
        "haar": "lookalike.detection.haar:Haar",
        "hog": "lookalike.detection.hog:Hog",
        "mmod": "lookalike.detection.mmod:Mmod",
        "crop": "lookalike.detection.crop:Crop",
    },
    "encoder": {
        "onnx": "lookalike.encoding.onnx:OnnxEncoder",
    },
    "converter": {
        "dlib-mmod": "lookalike.models.convert.dlib_mmod:build",
        "dlib-resnet": "lookalike.models.convert.dlib_resnet:build",
        "dlib-resnet-int8": "lookalike.models.convert.dlib_resnet_int8:build",
        "free-size": "lookalike.models.convert.free_size:build",
        "inception-resnet": "lookalike.models.convert.inception_resnet:build",
        "mtcnn": "lookalike.models.convert.mtcnn:build",
        "openface": "lookalike.models.convert.openface:build",
        "vgg-face": "lookalike.models.convert.vgg_face:build",
        "vgg-face-fc7": "lookalike.models.convert.vgg_face:build_fc7",
    },
    "metric": {
        "euclidean": "lookalike.search.metrics:Euclidean",
        "sqeuclidean": "lookalike.search.metrics:SquaredEuclidean",
        "cosine": "lookalike.search.metrics:Cosine",
        "mahalanobis": "lookalike.search.mahalanobis:PooledMahalanobis",
    },
    "index": {
        "exact": "lookalike.search.exact:ExactIndex",
        "hnsw": "lookalike.search.graph:HnswIndex",
        "ivf": "lookalike.search.inverted_lists:IvfIndex",
    },
    "head": {
        "centroid": "lookalike.identification.centroid:CentroidHead",
        "knn": "lookalike.identification.voting:KnnHead",
        "svm": "lookalike.identification.svm:SvmHead",
    },
    "person-model": {
        "mahalanobis-person": "lookalike.search.mahalanobis:PersonMahalanobis",
    },
}


def names(kind: str) -> tuple[str, ...]:
    """Return the names of all implementations of a kind.

    Parameters
    ----------
    kind : str
        For example ``"metric"``.

    Returns
    -------
    tuple of str
        In the order of the table, defaults first.
    """
    return tuple(IMPLEMENTATIONS[kind])


def load(kind: str, name: str) -> Any:
    """Import the implementation of that name.

    Parameters
    ----------
    kind : str
        For example ``"metric"``.
    name : str
        For example ``"cosine"``.

    Returns
    -------
    object
        The class or function.

    Raises
    ------
    UnknownName
        If there is none of that name.
    MissingExtra
        If it needs a package that is not installed.
    """
    table = IMPLEMENTATIONS[kind]
    if name not in table:
        raise unknown(kind, name, table)
    module, _, attribute = table[name].partition(":")
    try:
        return getattr(importlib.import_module(module), attribute)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("lookalike"):
            raise
        raise MissingExtra(
            f"the {kind} {name!r} needs the package {error.name!r}",
            f"pip install {error.name}",
        ) from error


def unknown(kind: str, name: str, known: Any) -> UnknownName:
    """Make the error for a name that is not in a table.

    Parameters
    ----------
    kind : str
        What the name should name.
    name : str
        The name that was given.
    known : iterable of str
        The names there are.

    Returns
    -------
    UnknownName
        Its hint lists the nearest names, or all.
    """
    choices = list(known)
    close = difflib.get_close_matches(name, choices, n=3, cutoff=0.5)
    listed = ", ".join(close or sorted(choices)[:12])
    return UnknownName(
        f"there is no {kind} named {name!r}",
        f"did you mean {listed}?" if close else f"known: {listed or 'none'}",
    )
