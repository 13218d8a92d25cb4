"""Files as the tests of sources need them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from scipy.io import savemat


@pytest.fixture
def folder(tmp_path):
    """Return a maker of files; each holds its own name."""

    def make(*names: str) -> Path:
        for name in names:
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(name.encode())
        return tmp_path

    return make


def datenum(year, month, day):
    """Count days as MATLAB does."""
    return date(year, month, day).toordinal() + 366


def cells(values):
    """Make a row of cells."""
    row = np.empty((1, len(values)), object)
    for at, value in enumerate(values):
        row[0, at] = value
    return row


#: A row that passes every filter.
GOOD = {
    "dob": datenum(1970, 5, 1),
    "photo_taken": 2005,
    "full_path": "01/a.jpg",
    "gender": 1.0,
    "name": "Ada Lovelace",
    "face_location": (11.0, 21.5, 110.25, 140.0),
    "face_score": 4.5,
    "second_face_score": np.nan,
}


def write_mat(path, rows, title="imdb", **savemat_options):
    """Write rows as the authors of IMDB-WIKI do; what a row does not say is as in a good one."""
    rows = [{**GOOD, **row} for row in rows]
    table = np.empty((1, 1), [(name, object) for name in (*GOOD, "celeb_names", "celeb_id")])
    for name in GOOD:
        column = [row[name] for row in rows]
        if name in {"full_path", "name"}:
            table[0, 0][name] = cells(column)
        elif name == "face_location":
            table[0, 0][name] = cells([np.array([box], float) for box in column])
        else:
            table[0, 0][name] = np.array([column], float)
    table[0, 0]["celeb_names"] = cells(sorted({row["name"] for row in rows}))
    table[0, 0]["celeb_id"] = np.ones((1, len(rows)))
    savemat(path, {title: table}, **{"do_compression": True, **savemat_options})
    return path


@pytest.fixture
def mat(tmp_path):
    """Return a maker of IMDB-WIKI files."""

    def make(*rows, name="imdb.mat", **options):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return write_mat(path, rows, **options)

    return make
