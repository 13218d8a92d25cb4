"""Finding with workers: the answers of one process, and a command that is interrupted."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from typer.testing import CliRunner

from lookalike import FindOptions
from lookalike.cli.answers import found_fields
from lookalike.cli.app import app
from lookalike.cluster import ClusterAnalyzer
from lookalike.errors import ImageError, OptionError
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.store import GalleryFile
from lookalike.pipeline import Finder

from .same import MODELS

pytestmark = [pytest.mark.shared_data, pytest.mark.slow]


def answers(finder, photos, options):
    return [
        type(found).__name__ if isinstance(found, ImageError) else found_fields(found)
        for found in finder.find_all(photos, options)
    ]


def test_workers_find_what_one_process_finds(photos, crew, analyst, alone):
    gallery = Gallery(alone[0])
    paths = [*sorted(photos.rglob("*.jpg"))[:18], photos / "gone.jpg"]
    asked = [*paths, paths[0].read_bytes()]
    expected = answers(Finder(gallery, analyst), asked, FindOptions(k=2, min_quality=0.3))
    assert "ImageMissing" in expected
    assert any(len(one) == 1 for one in expected)
    shared = Finder(gallery, ClusterAnalyzer(crew, MODELS, analyst.space, 0.3))
    assert answers(shared, asked, FindOptions(k=2)) == expected
    with pytest.raises(OptionError, match="given files, not ndarray"):
        list(shared.find_all([np.zeros((9, 9, 3), np.uint8)]))


def test_ctrl_c_loses_nothing_and_the_next_run_goes_on(photos, tmp_path, alone, opted_out, crew):
    path = tmp_path / "g.gallery"
    build = ["gallery", "build", str(photos), "-o", str(path), "--json"]
    # A shell that starts the tests in the background has them ignore Ctrl-C.
    first = subprocess.Popen(
        [sys.executable, "-m", "lookalike", *build, "--local", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    until = time.monotonic() + 60
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.1)
    # While it waits for its workers: Python loses a Ctrl-C that comes while it collects garbage.
    time.sleep(0.4)
    # As a terminal does: to the command and to its workers.
    os.killpg(first.pid, signal.SIGINT)
    _, said = first.communicate(timeout=60)
    assert first.returncode == 130, said
    assert "Run the same command to go on" in said or "stopped" in said
    assert "Traceback" not in said
    # Whoever goes on may have other workers: those of all tests here.
    others = ["--scheduler", crew.client.scheduler_info(n_workers=0)["address"]]
    done = CliRunner().invoke(app, [*build, *others])
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert answer["offered"] == 30
    assert answer["totals"]["photos"] + answer["totals"]["ledger"] == 30
    file = GalleryFile(path)
    everybody = [one for one in file.records() if one.person.id not in opted_out]
    assert [one.photo.id for one in everybody] == [one.photo.id for one in alone[0].records()]
    file.close()
    asked = ["find", str(photos), "-g", str(path), "-k", "1", "--json", *others]
    found = CliRunner().invoke(app, asked)
    assert found.exit_code == 3, found.output  # two of the photos are broken
    assert len(json.loads(found.stdout)["photos"]) == 30


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("find", "--local", "1", "--explain"), "workers keep the pictures"),
        (
            ("gallery", "build", "--scheduler", "tcp://127.0.0.1:1", "--local", "2"),
            "either local or behind a scheduler",
        ),
    ],
)
def test_what_workers_cannot_do_is_refused(photos, asked, words):
    done = CliRunner().invoke(app, [*asked, str(photos)])
    assert done.exit_code == 2
    assert words in done.output
