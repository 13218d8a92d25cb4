"""Killed at any moment, on a full disk, across disks, or beside another run: nothing is lost."""

from __future__ import annotations

import errno
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from lookalike.cleaning import CleanOptions, apply, inspect, moving, resume, undo
from lookalike.cleaning.journal import held
from lookalike.errors import CleaningUnwritable, QuarantineBusy
from lookalike.protocols import Detector

Mess = Callable[[Path], dict[str, set[str]]]

CHILD = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from conftest import CrowdDetector
from lookalike.cleaning import CleanOptions, apply, inspect, undo
folder = Path(sys.argv[2])
if sys.argv[3] == "undo":
    print("go", flush=True)
    undo(folder)
else:
    report = inspect(folder, CleanOptions("largest"), detector=CrowdDetector())
    print("go", flush=True)
    apply(report)
print("done", flush=True)
"""


def run_and_kill(folder: Path, verb: str, after_s: float) -> bool:
    """Return whether it was killed before it was done."""
    root = str(Path(__file__).parents[1])
    words = [sys.executable, "-c", CHILD, str(Path(__file__).parent), str(folder), verb]
    with subprocess.Popen(words, stdout=subprocess.PIPE, cwd=root) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"go\n"
        time.sleep(after_s)
        child.send_signal(signal.SIGKILL)
        return b"done" not in child.stdout.read()


@pytest.mark.slow
def test_a_killed_run_loses_nothing(
    tmp_path: Path,
    mess: Mess,
    snapshot: Callable[[Path], dict[str, str]],
    everything: Callable[[Path], set[str]],
    crowd: Detector,
) -> None:
    whole = tmp_path / "whole"
    mess(whole)
    (whole / "Grace Hopper" / "bomb.png").unlink()  # takes its time, and adds nothing here
    all_before = everything(whole)
    chance = random.Random(1)
    killed = 0
    for number in range(10):
        folder = tmp_path / f"run {number}"
        shutil.copytree(whole, folder, symlinks=True, copy_function=_copy, ignore=_pipes)
        before = snapshot(folder)
        killed += run_and_kill(folder, "apply", chance.uniform(0, 0.4) ** 1.5)
        assert all_before <= everything(folder)
        # The same command again finishes it.
        resume(folder)
        options = CleanOptions("largest")
        assert apply(inspect(folder, options, detector=crowd)).problems == []
        assert all_before <= everything(folder)
        assert inspect(folder, options, detector=crowd).steps == ()
        killed += run_and_kill(folder, "undo", chance.uniform(0, 0.05))
        assert all_before <= everything(folder)
        if (folder / ".lookalike-quarantine" / "journal.jsonl").exists():
            assert undo(folder).problems == []
        assert snapshot(folder) == before
    assert killed >= 3


def _copy(source: str, target: str) -> str:
    return shutil.copy2(source, target, follow_symlinks=False)


def _pipes(here: str, names: list[str]) -> list[str]:
    return [name for name in names if Path(here, name).is_fifo()]


@pytest.mark.parametrize("at", range(14))
def test_stopped_before_any_rename(
    at: int,
    tmp_path: Path,
    rough: Callable,
    snapshot: Callable[[Path], dict[str, str]],
    everything: Callable[[Path], set[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As if the power went at the n-th step: the run does not even tidy up after itself."""
    for number in range(3):
        rough(number).save(tmp_path / f"{number}.gif")
        (tmp_path / f"{number}.jpg").write_bytes(b"%d" % number)
        rough(10 + number).save(tmp_path / f"{number}.png", "JPEG")
    before, all_before = snapshot(tmp_path), everything(tmp_path)
    real, count = Path.rename, iter(range(1000))

    class PowerCut(BaseException):
        pass

    def rename(path: Path, target: Path) -> Path:
        if next(count) == at:
            raise PowerCut
        return real(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", rename)
        try:
            apply(inspect(tmp_path))
        except PowerCut:
            assert at < 12
        else:
            assert at >= 12
    assert all_before <= everything(tmp_path)
    resume(tmp_path)
    apply(inspect(tmp_path))
    # Every animation has its frame, and none twice.
    names = sorted(path.name for path in tmp_path.iterdir() if path.is_file())
    assert len(names) == 6
    assert inspect(tmp_path).steps == ()
    assert undo(tmp_path).problems == []
    assert snapshot(tmp_path) == before


def test_a_full_disk_is_one_clear_error(
    tmp_path: Path,
    rough: Callable,
    snapshot: Callable[[Path], dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(3):
        rough(number).save(tmp_path / f"{number}.gif")
    before = snapshot(tmp_path)
    report = inspect(tmp_path)

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        with pytest.raises(CleaningUnwritable, match="No space left on device") as caught:
            apply(report)
    assert "make room" in caught.value.hint
    assert snapshot(tmp_path) == before
    assert apply(inspect(tmp_path)).done == 3
    undo(tmp_path)
    assert snapshot(tmp_path) == before


def test_from_disk_to_disk(
    tmp_path: Path,
    rough: Callable,
    snapshot: Callable[[Path], dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rough(1).save(tmp_path / "x.gif")
    (tmp_path / "y.jpg").write_bytes(b"no photo")
    (tmp_path / "z.jpg").symlink_to("y.jpg")
    before = snapshot(tmp_path)
    real = Path.rename

    def rename(path: Path, target: Path) -> Path:
        if path.name != ".lookalike-part":
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return real(path, target)

    monkeypatch.setattr(Path, "rename", rename)
    assert apply(inspect(tmp_path)).problems == []
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lookalike-quarantine", "x.png"]
    undo(tmp_path)
    assert snapshot(tmp_path) == before


def test_a_copy_that_came_out_wrong_is_not_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rename(_path: Path, _target: Path) -> Path:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    (tmp_path / "x").write_bytes(b"data")
    monkeypatch.setattr(Path, "rename", rename)
    monkeypatch.setattr(moving, "checksum", lambda path: path.name)
    with pytest.raises(CleaningUnwritable, match="not what was copied"):
        moving.move(tmp_path / "x", tmp_path / "y")
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_only_one_at_a_time(tmp_path: Path) -> None:
    (tmp_path / "x.jpg").write_bytes(b"")
    report = inspect(tmp_path)
    with held(tmp_path) as place:
        assert FileLock(place / "lock").lock_file
        with pytest.raises(QuarantineBusy):
            apply(report)
    assert apply(report).done == 1


def test_one_file_that_cannot_be_moved_does_not_stop_the_others(
    tmp_path: Path, rough: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    rough(1).save(tmp_path / "a.gif")
    (tmp_path / "b.jpg").write_bytes(b"")
    real = Path.rename

    def rename(path: Path, target: Path) -> Path:
        if target.name == "a.png":
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path, target)

    monkeypatch.setattr(Path, "rename", rename)
    outcome = apply(inspect(tmp_path))
    assert outcome.done == 1
    assert [path for path, _ in outcome.problems] == ["a.gif"]
    assert (tmp_path / "a.gif").exists()
