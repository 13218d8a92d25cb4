"""What the examples in docstrings may take for granted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest


@pytest.fixture(autouse=True)
def _names_of_examples(doctest_namespace: dict[str, Any]) -> None:
    doctest_namespace["np"] = np
    doctest_namespace["portrait"] = Path(mpl.get_data_path(), "sample_data/grace_hopper.jpg")
