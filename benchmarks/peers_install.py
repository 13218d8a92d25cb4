"""Environments for ``peers.py``: one for each of the others, with what their installation lacks.

What stands in `PEERS` is what it takes: none of them works after a plain ``pip install`` without a
compiler. Weights are the files that Python packages bring, so nothing else is downloaded.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import venv
from dataclasses import dataclass, field
from pathlib import Path

RESNET = "dlib_face_recognition_resnet_model_v1.dat"


@dataclass(frozen=True)
class Peer:
    """What installs one of the others: one list for each call of pip."""

    name: str
    calls: tuple[tuple[str, ...], ...]
    #: Packages whose versions are told with the results.
    told: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


PEERS = (
    Peer(
        "face_recognition",
        (
            # Its models look for pkg_resources, which newer setuptools do not have.
            ("dlib-bin", "setuptools<81", "face_recognition_models", "numpy", "pillow", "click"),
            # It asks for dlib, which is compiled for a quarter of an hour; dlib-bin is the same.
            ("--no-deps", "face_recognition==1.3.0"),
        ),
        ("face-recognition", "dlib-bin", "numpy"),
        # That pkg_resources is going to go away is said at every start.
        {"PYTHONWARNINGS": "ignore"},
    ),
    Peer(
        "deepface",
        (
            # Asked for by what it imports, not by its own list: all after the first.
            ("deepface==0.0.103", "werkzeug", "tensorflow", "tf-keras", "mtcnn", "dlib-bin"),
        ),
        ("deepface", "tensorflow", "mtcnn", "dlib-bin", "numpy"),
        {"TF_CPP_MIN_LOG_LEVEL": "3"},
    ),
)


@dataclass(frozen=True)
class Installed:
    """A peer that is there, or why it is not."""

    peer: Peer
    python: str
    versions: dict[str, str]
    problem: str = ""


def install(peer: Peer, work: Path) -> Installed:
    """Make the environment, once; what is there already is used again."""
    folder = work / peer.name
    python = str(folder / "bin" / "python")
    done = folder / "installed"
    if not done.exists():
        print("installing", peer.name, flush=True)
        venv.create(folder, with_pip=True, clear=True)
        for call in peer.calls:
            command = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *call]
            ended = subprocess.run(command, check=False, capture_output=True, text=True)
            if ended.returncode:
                return Installed(peer, python, {}, _last_words(ended.stderr))
        _give_weights(folder)
        done.touch()
    listed = subprocess.run(
        [python, "-m", "pip", "list", "--format", "json"], check=True, capture_output=True
    )
    there = {one["name"].replace("_", "-"): one["version"] for one in json.loads(listed.stdout)}
    return Installed(peer, python, {name: there[name] for name in peer.told if name in there})


def _last_words(errors: str) -> str:
    """Return what pip said last, without warnings."""
    lines = [line for line in errors.splitlines() if line.strip() and "WARNING" not in line]
    return " ".join(lines[-3:])[:500]


def _give_weights(home: Path) -> None:
    """Put dlib's network where deepface looks for what it would download."""
    spec = importlib.util.find_spec("face_recognition_models")
    if spec is None or spec.origin is None:
        raise SystemExit("face_recognition_models is not installed")
    weights = home / ".deepface" / "weights"
    weights.mkdir(parents=True, exist_ok=True)
    shutil.copy(Path(spec.origin).with_name("models") / RESNET, weights)
