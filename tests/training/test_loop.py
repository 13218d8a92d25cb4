"""A run from the first step to the last, killed, resumed, collapsed, in several processes."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from typer.testing import CliRunner

torch = pytest.importorskip("torch")

from safetensors.torch import load_file  # noqa: E402

from lookalike.cli.app import app  # noqa: E402
from lookalike.errors import Collapsed, RunUnusable, TrainingError  # noqa: E402
from lookalike.training.batches import Batches  # noqa: E402
from lookalike.training.config import ScheduleConfig  # noqa: E402
from lookalike.training.loop import STATE, run  # noqa: E402
from lookalike.training.people import split  # noqa: E402
from lookalike.training.telling import read_diary  # noqa: E402


@pytest.fixture(scope="session")
def sides(crops):
    from lookalike.training.config import DataConfig

    return split(crops.people, crops.counts, DataConfig(held_out=0.4))


def weights(folder):
    return load_file(folder / STATE)


def same(one, other):
    assert one.keys() == other.keys()
    return all(torch.equal(one[name], other[name]) for name in one)


def test_people_are_told_apart_better_and_a_diary_says_so(crops, sides, config, tmp_path):
    chosen = config(
        schedule={"steps": 24, "learning_rate": 3e-3}, run={"report_every": 12, "measure_every": 12}
    )
    reports = []
    last = run(chosen, crops, sides, tmp_path / "run", reports.append)
    assert reports[0].measured is not None
    assert last.eer <= reports[0].measured.eer
    assert last.eer < 0.2
    assert [line["step"] for line in read_diary(tmp_path / "run")] == [r.step for r in reports]
    assert any((tmp_path / "run" / "board").iterdir())


def test_a_run_that_was_stopped_goes_on_as_if_nothing_had_been(crops, sides, config, tmp_path):
    chosen = config()
    run(chosen, crops, sides, tmp_path / "whole")

    class Stopped(Exception):
        pass

    def stop(report):
        if report.step == 4:
            raise Stopped

    with pytest.raises(Stopped):
        run(chosen, crops, sides, tmp_path / "parts", stop)
    assert not same(weights(tmp_path / "parts"), weights(tmp_path / "whole"))
    run(chosen, crops, sides, tmp_path / "parts")
    assert same(weights(tmp_path / "parts"), weights(tmp_path / "whole"))
    steps = [line["step"] for line in read_diary(tmp_path / "parts")]
    assert steps == sorted(set(steps))


@pytest.mark.slow
@pytest.mark.shared_data
def test_killed_and_resumed_equals_uninterrupted(portraits, tmp_path):
    text = f"""
[data]
places = ["{portraits}"]
held_out = 0.4
cache = "crops"
[model]
dimension = 16
shrink = 4
[schedule]
steps = 24
people = 4
photos = 2
[run]
threads = 1
report_every = 1
keep_every = 4
"""
    (tmp_path / "t.toml").write_text(text)
    command = ["train", str(tmp_path / "t.toml"), "--json", "-o"]
    killed = [sys.executable, "-m", "lookalike", *command, str(tmp_path / "killed")]
    process = subprocess.Popen(killed, stdout=subprocess.DEVNULL)
    state = tmp_path / "killed" / STATE
    while not state.is_file() and process.poll() is None:
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    # Only what is killed needs a process of its own.
    whole = CliRunner().invoke(app, [*command, str(tmp_path / "whole")])
    assert json.loads(whole.stdout)["steps"] == 24
    assert not same(weights(tmp_path / "killed"), weights(tmp_path / "whole"))
    resumed = CliRunner().invoke(app, [*command, str(tmp_path / "killed")])
    assert resumed.exit_code == 0, resumed.output
    assert same(weights(tmp_path / "killed"), weights(tmp_path / "whole"))


def test_a_collapse_is_said_with_what_to_change(crops, sides, config, tmp_path):
    flat = dataclasses.replace(crops, rows=np.full_like(crops.rows, 127))
    with pytest.raises(Collapsed, match="the vectors of all people are one") as caught:
        run(config(schedule={"augment": False}), flat, sides, tmp_path / "run")
    assert "semi-hard" in caught.value.hint


def test_numbers_that_are_none_are_a_collapse_too(crops, sides, config, tmp_path):
    wild = config(schedule={"learning_rate": 1e30, "steps": 20, "warmup": 0})
    with pytest.raises(Collapsed, match=r"nan|inf|one"):
        run(wild, crops, sides, tmp_path / "run")


@pytest.mark.parametrize("kind", ["contrastive", "arcface", "sub-center-arcface"])
def test_other_losses_learn_too(crops, sides, config, tmp_path, kind):
    chosen = config(loss={"kind": kind, "margin": 0.5}, schedule={"steps": 12})
    last = run(chosen, crops, sides, tmp_path / "run")
    first = read_diary(tmp_path / "run")[0]
    assert last.eer <= first["eer"]


@pytest.mark.parametrize("backbone", ["mobilefacenet"])
def test_other_networks_take_the_same_crops(crops, sides, config, tmp_path, backbone):
    chosen = config(
        model={"backbone": backbone, "shrink": 1}, schedule={"steps": 2, "accumulate": 2},
        run={"precision": "bfloat16"},
    )  # fmt: skip
    assert 0 <= run(chosen, crops, sides, tmp_path / "run").eer <= 0.6


def test_another_run_or_a_damaged_one_is_left_alone(crops, sides, config, tmp_path):
    run(config(), crops, sides, tmp_path / "run")
    with pytest.raises(RunUnusable, match="another config"):
        run(config(run={"seed": 5}), crops, sides, tmp_path / "run")
    other = dataclasses.replace(crops, digest="other")
    with pytest.raises(RunUnusable, match="another material"):
        run(config(), other, sides, tmp_path / "run")
    state = tmp_path / "run" / STATE
    state.write_bytes(state.read_bytes()[:100])
    with pytest.raises(RunUnusable, match="no state of a run"):
        run(config(), crops, sides, tmp_path / "run")


def test_weights_of_another_run_are_a_beginning(crops, sides, config, tmp_path):
    run(config(), crops, sides, tmp_path / "first")
    state = str(tmp_path / "first" / STATE)
    chosen = config(model={"weights": state}, schedule={"learning_rate": 0.0, "steps": 2})
    begun = run(chosen, crops, sides, tmp_path / "second")
    assert read_diary(tmp_path / "second")[0]["eer"] == pytest.approx(begun.eer, abs=1e-5)
    before, after = weights(tmp_path / "first"), weights(tmp_path / "second")
    name = "model.network.network.last.weight"
    assert torch.equal(before[name], after[name])
    wide = config(model={"weights": state, "dimension": 8})
    with pytest.raises(RunUnusable, match="has shape"):
        run(wide, crops, sides, tmp_path / "third")


@pytest.mark.slow
def test_two_processes_keep_the_same_weights(crops, sides, config, tmp_path):
    script = tmp_path / "two.py"
    script.write_text(
        "import sys, torch\n"
        "from torch import distributed\n"
        "from pathlib import Path\n"
        "import numpy as np\n"
        "from lookalike.training.config import DataConfig\n"
        "from lookalike.training.reading import parse_config\n"
        "from lookalike.training.material import Material\n"
        "from lookalike.training.people import split\n"
        "from lookalike.types import Person, Photo\n"
        "from lookalike.training.loop import run, _Run\n"
        "rng = np.random.default_rng(0)\n"
        "groups = np.repeat(np.arange(12), 4)\n"
        "rows = (rng.normal(size=(48, 8)) + groups[:, None] % 5).astype(np.float32)\n"
        "people = tuple(Person.named(f'P {at}') for at in range(12))\n"
        "photos = tuple(Photo(str(at), str(at)) for at in range(48))\n"
        "material = Material(people, photos, groups, rows, 'd', 'e')\n"
        "sides = split(people, material.counts, DataConfig(held_out=0.4))\n"
        "tables = {'data': {'places': ['x']}, 'model': {'backbone': 'head', 'dimension': 4},\n"
        "    'schedule': {'steps': 4, 'people': 3, 'photos': 2, 'accumulate': 2},\n"
        "    'run': {'device': 'cpu', 'threads': 1}}\n"
        "config = parse_config(tables, 't', Path())\n"
        "inner = _Run._step\n"
        "def step(self, learner, at):\n"
        "    found = inner(self, learner, at)\n"
        "    mine = self._learner.network.linear.weight.detach().clone()\n"
        "    theirs = mine.clone()\n"
        "    distributed.broadcast(theirs, 0)\n"
        "    assert torch.equal(mine, theirs)\n"
        "    return found\n"
        "_Run._step = step\n"
        "run(config, material, sides, Path(sys.argv[1]))\n"
    )
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc_per_node=2"]
    command += ["--master_port=0", "--rdzv_backend=c10d", "--rdzv_endpoint=localhost:0"]
    command += [str(script), str(tmp_path / "run")]
    done = subprocess.run(command, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()[:3000]
    assert (tmp_path / "run" / STATE).is_file()


def test_batches_have_their_people_and_photos_and_follow_from_the_step():
    groups = np.repeat(np.arange(6), [2, 3, 4, 5, 6, 7])
    batches = Batches(groups, [1, 2, 3, 5], ScheduleConfig(people=3, photos=4), seed=7)
    for step in range(20):
        rows, labels = batches.draw(step)
        assert len(set(labels)) == 3
        assert (np.bincount(labels)[list(set(labels))] == 4).all()
        assert ([[1, 2, 3, 5][label] for label in labels] == groups[rows]).all()
        again = batches.draw(step)
        assert (rows == again[0]).all()
        # Only somebody with fewer photos than a batch wants is shown twice.
        for one in set(labels):
            own = rows[labels == one]
            assert len(set(own)) == min(4, (groups == groups[own[0]]).sum()) or groups[own[0]] == 1
    assert (batches.draw(0)[0] != batches.draw(1)[0]).any()
    assert (batches.draw(0, process=1)[0] != batches.draw(0)[0]).any()
    with pytest.raises(TrainingError, match="people"):
        Batches(groups, [1], ScheduleConfig(), 0)
