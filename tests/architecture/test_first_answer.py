"""What a first answer costs: libraries that it can do without are not imported for it."""

from __future__ import annotations

import subprocess
import sys

#: Each takes as long to import as finding a face, or longer.
SPARED = (
    "faiss",
    "jinja2",
    "joblib",
    "matplotlib",
    "numpy.ma",
    "onnx",
    "requests",
    "scipy",
    "sklearn",
)

CODE = """
import sys
from lookalike.pipeline import Finder
found = Finder.open().find(sys.argv[1])
assert len(found.matches[0]) == 5
print(" ".join(sorted(set(sys.argv[2:]) & set(sys.modules))))
"""


def test_a_first_answer_imports_only_what_it_needs(analyst, hopper):
    del analyst  # Opened before, so that networks are converted: that needs more.
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(hopper), *SPARED],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == []
