"""Who is meant by the names of folders such as ``n00000001``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lookalike.errors import OptionError
from lookalike.sources.delimited import encoding_of, read_delimited

if TYPE_CHECKING:
    from pathlib import Path

_FILES: Final = ("celeb_label_map", "celeb_labels", "label_map", "labels", "identity_meta")
_SUFFIXES: Final = (".csv", ".tsv", ".npy")
_KEYS: Final = ("folder", "label", "key", "class_id", "class", "id", "identity", "directory")
_NAMES: Final = ("name", "person", "person_name", "celebrity", "celeb", "full_name")
_KEY: Final = re.compile(r"[nm]\.?[0-9a-z_]{4,}", re.IGNORECASE)
_CONVERT: Final = (
    "if you trust it, load it with allow_pickle and save numpy.array(list(names.items())), or a CSV"
)


def find_label_map(folder: Path) -> Path | None:
    """Look for the file that says who is who, in a folder and beside it.

    Parameters
    ----------
    folder : Path
        The folder of photos.

    Returns
    -------
    Path or None
        A file of a usual name; a CSV file before an array. None if there is none, or if no folder
        has a name such as ``n00000001``.
    """
    try:
        inside = [entry.name for entry in folder.iterdir() if entry.is_dir()]
    except OSError:
        return None
    if not any(_KEY.fullmatch(name) and any(map(str.isdigit, name)) for name in inside):
        return None
    own = folder.absolute()
    stems = (*_FILES, f"{own.name}_labels", f"{own.name}_label_map", own.name)
    for suffix in _SUFFIXES:
        for place in (own, own.parent):
            for stem in stems:
                path = place / f"{stem}{suffix}"
                if path.is_file():
                    return path
    return None


def read_label_map(path: Path) -> dict[str, str]:
    """Read who is who.

    Parameters
    ----------
    path : Path
        A CSV file with two columns, the name of the folder and that of the person, or with a header
        that says which they are; or an array of text of shape (n, 2) in a ``.npy`` file.

    Returns
    -------
    dict of str to str
        From the name of a folder to the name of a person.

    Raises
    ------
    OptionError
        If it is something else. An array of Python objects is pickled: reading it could run any
        program, so it is refused.
    """
    pairs = _from_array(path) if path.suffix.lower() == ".npy" else _from_csv(path)
    names: dict[str, str] = {}
    for key, name in pairs:
        if not key or not name:
            continue
        if names.setdefault(key, name) != name:
            raise OptionError(f"{path.name} says two names for {key!r}", "keep one of them")
    if not names:
        raise OptionError(
            f"{path.name} names nobody", "it must hold two columns: the folder and the person"
        )
    return names


def _from_csv(path: Path) -> list[tuple[str, str]]:
    encoding = encoding_of(path)
    rows = read_delimited(path, encoding, lambda cells: len(cells) >= 2)
    key, name = 0, 1
    pairs = []
    for number, (_, cells) in enumerate(rows):
        if number == 0 and (columns := _columns(cells)):
            key, name = columns
        elif len(cells) > max(key, name):
            pairs.append((cells[key], cells[name]))
    return pairs


def _columns(cells: list[str]) -> tuple[int, int] | None:
    """Find the columns if this is a header."""
    words = [cell.lower().replace(" ", "_") for cell in cells]
    name = next((words.index(word) for word in _NAMES if word in words), None)
    if name is None:
        return None
    key = next((words.index(word) for word in _KEYS if word in words), None)
    if key is None:
        key = 1 if name == 0 else 0
    return key, name


def _from_array(path: Path) -> list[tuple[str, str]]:
    array: Any
    try:
        # Not read but mapped: what a header says of its size need not be true.
        with np.errstate(over="ignore"):
            array = np.load(path, mmap_mode="r", allow_pickle=False)
    except FileNotFoundError as error:
        raise OptionError(f"there is no file {path}", "check the spelling") from error
    except (OSError, ValueError, EOFError, SyntaxError, OverflowError) as error:
        # NumPy says by its words alone that it was asked for Python objects.
        if "object" in str(error).lower():
            raise OptionError(
                f"{path.name} is a pickled array, which could run any program when it is read",
                _CONVERT,
            ) from error
        raise OptionError(
            f"{path.name} is no NumPy array, or a damaged one", "save it again, or as a CSV file"
        ) from error
    if not isinstance(array, np.ndarray):
        array.close()
        raise OptionError(f"{path.name} holds several arrays", "save the one that is meant")
    if array.ndim != 2 or array.shape[1] != 2 or array.dtype.kind not in "US":
        raise OptionError(
            f"{path.name} is an array of {array.dtype} with shape {array.shape}",
            "it must be text of shape (n, 2): the folder and the person",
        )
    return [(_text(key), _text(name)) for key, name in array.tolist()]


def _text(cell: str | bytes) -> str:
    return (cell.decode("utf-8", "replace") if isinstance(cell, bytes) else cell).strip()
