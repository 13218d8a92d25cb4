"""Raw scores as files: arrays, and what they are, in one npz or JSON file. Never pickle.

::

    scores.npz     one array for each column, and ``header``: UTF-8 bytes of a JSON object
    scores.json    {"format": 2, "kind": …, "header": {…}, "arrays": {name: {dtype, shape, values}}}
"""

from __future__ import annotations

import json
import math
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import numpy as np

from lookalike.errors import EvaluationError
from lookalike.whole_files import replacing, writing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

#: What this version writes. Format 1 was JSON of LFW's folds alone; it is still read.
FORMAT: Final = 2

_ZIP: Final = b"PK"
_DTYPES: Final = frozenset({"bool", "int32", "int64", "float32", "float64"})

#: Digits that bring every float32 back to the last bit.
_DIGITS: Final = 9


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """What a file of scores holds.

    Parameters
    ----------
    kind : str
        What the scores are of: ``"pairs"`` or ``"asked"``.
    header : mapping of str to JSON value
        What was measured, with what, on what.
    arrays : mapping of str to ndarray
        The columns.
    """

    kind: str
    header: Mapping[str, Any]
    arrays: Mapping[str, NDArray[Any]]


def write(path: Path, stored: Stored) -> None:
    """Write scores, wholly or not at all.

    Parameters
    ----------
    path : Path
        The file; its folder is made. JSON if its name ends so, npz otherwise.
    stored : Stored
        What to write.

    Raises
    ------
    EvaluationError
        If it cannot be written.
    """
    with writing(path, EvaluationError, "choose a folder that has room for it"):
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as part, part.open("wb") as file:
            if path.suffix.lower() == ".json":
                file.write(_as_json(stored).encode("utf-8"))
            else:
                _write_npz(file, stored)


def read(path: Path) -> Stored:
    """Read a file of scores.

    Parameters
    ----------
    path : Path
        As `write` made it, under any name; also of format 1.

    Returns
    -------
    Stored
        Arrays of numbers only: nothing in a file can make this run code.

    Raises
    ------
    EvaluationError
        If the file does not hold scores, or was written by a newer lookalike.
    """
    try:
        with path.open("rb") as file:
            zipped = file.read(2) == _ZIP
        return _of_npz(path) if zipped else _of_json(path)
    except (OSError, ValueError, KeyError, TypeError, EOFError, AttributeError) as error:
        raise _no_scores(path, error) from error
    except (zipfile.BadZipFile, zlib.error, RecursionError, NotImplementedError) as error:
        raise _no_scores(path, error) from error


def _no_scores(path: Path, error: Exception) -> EvaluationError:
    return EvaluationError(
        f"{path} does not hold scores: {error}", "evaluate again, and keep them with -o"
    )


def _header(stored: Stored) -> dict[str, Any]:
    return {"format": FORMAT, "kind": stored.kind, "header": dict(stored.header)}


def _write_npz(file: BinaryIO, stored: Stored) -> None:
    text = json.dumps(_header(stored), ensure_ascii=False).encode("utf-8")
    arrays = {**stored.arrays, "header": np.frombuffer(text, np.uint8)}
    np.savez_compressed(file, allow_pickle=False, **arrays)


def _of_npz(path: Path) -> Stored:
    # NumPy would leave a file open that it cannot read.
    with path.open("rb") as file, np.load(file, allow_pickle=False) as opened:
        whole = json.loads(opened["header"].tobytes().decode("utf-8"))
        _require_known(path, whole)
        arrays = {name: opened[name] for name in opened.files if name != "header"}
    if any(str(array.dtype) not in _DTYPES for array in arrays.values()):
        raise ValueError("a column that is no number")
    return Stored(str(whole["kind"]), whole["header"], arrays)


def _as_json(stored: Stored) -> str:
    columns = {
        name: {
            "dtype": str(array.dtype),
            "shape": list(array.shape),
            "values": [_plain(value) for value in array.ravel().tolist()],
        }
        for name, array in stored.arrays.items()
    }
    # One line for each column: a file that changes can be compared line by line.
    whole = [f'"{key}": {json.dumps(value, ensure_ascii=False)}' for key, value in
             _header(stored).items()]  # fmt: skip
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(one)}" for name, one in columns.items())
    return "{\n" + ",\n".join(whole) + ',\n"arrays": {\n' + lines + "\n}\n}\n"


def _plain(value: Any) -> Any:
    """Return a number as JSON knows it; a face that was not found is at no distance."""
    if not isinstance(value, float):
        return int(value)
    return float(f"{value:.{_DIGITS}g}") if math.isfinite(value) else None


def _of_json(path: Path) -> Stored:
    whole = json.loads(path.read_text("utf-8"))
    if "setting" in whole:
        return _of_format_1(whole)
    _require_known(path, whole)
    arrays = {}
    for name, one in whole["arrays"].items():
        if one["dtype"] not in _DTYPES:
            raise ValueError("a column that is no number")
        values = [math.inf if value is None else value for value in one["values"]]
        arrays[name] = np.array(values, one["dtype"]).reshape(one["shape"])
    return Stored(str(whole["kind"]), whole["header"], arrays)


def _require_known(path: Path, whole: Mapping[str, Any]) -> None:
    if int(whole["format"]) > FORMAT:
        raise EvaluationError(
            f"{path} was written by a newer lookalike", "pip install -U lookalike"
        )


def _of_format_1(whole: Mapping[str, Any]) -> Stored:
    distances = [math.inf if value is None else value for value in whole["distances"]]
    arrays = {
        "distances": np.array(distances, np.float64),
        "same": np.array(whole["same"], bool),
        "folds": np.array(whole["folds"], np.int64),
    }
    header = {key: whole[key] for key in ("setting", "photos", "missed", "ms_a_photo")}
    return Stored("pairs", header, arrays)
