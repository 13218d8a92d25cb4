"""A folder of broken files: every fault is named, and nothing is lost."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image as Pillow
from PIL import ImageChops

from lookalike.cleaning import Action, CleanOptions, Report, apply, inspect, undo
from lookalike.cleaning.journal import read_journal
from lookalike.cleaning.walking import shown
from lookalike.errors import OptionError
from lookalike.protocols import Detector
from lookalike.sources.folder import FolderSource

Mess = Callable[[Path], dict[str, set[str]]]
Snapshot = Callable[[Path], dict[str, str]]
Everything = Callable[[Path], set[str]]


def faults_of(report: Report) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for finding in report.findings:
        found[finding.path].add(finding.fault.value)
    return dict(found)


def actions_of(report: Report) -> dict[str, str]:
    return {finding.path: finding.action.value for finding in report.findings}


def test_every_fault_is_named(tmp_path: Path, mess: Mess, crowd: Detector) -> None:
    expected = {shown(name): faults for name, faults in mess(tmp_path).items() if faults}
    assert len(expected) > 40
    report = inspect(tmp_path, detector=crowd)
    assert faults_of(report) == expected
    assert report.others == 2  # a text and a raw photo; what is hidden is not even counted
    assert report.photos - report.sound == len(expected)


def test_what_is_done_fits_the_fault(tmp_path: Path, mess: Mess, crowd: Detector) -> None:
    mess(tmp_path)
    actions = actions_of(inspect(tmp_path, detector=crowd))
    assert actions["Grace Hopper/film.gif"] == "convert"
    assert actions["Grace Hopper/film gif.png"] == "convert"
    assert actions["Grace Hopper/jpeg.png"] == "rename"
    assert actions["Grace Hopper/same.jpg"] == "quarantine"
    # Whose photo it is, nobody can say.
    assert actions["Space/Ann/hopper.jpg"] == "leave"
    assert actions["Grace Hopper/crowd.jpg"] == "leave"
    assert actions["Grace Hopper/pipe.jpg"] == "leave"


def test_looking_changes_nothing(
    tmp_path: Path, mess: Mess, snapshot: Snapshot, crowd: Detector
) -> None:
    mess(tmp_path)
    before = snapshot(tmp_path)
    inspect(tmp_path, detector=crowd)
    assert snapshot(tmp_path) == before
    assert not (tmp_path / ".lookalike-quarantine").exists()


@pytest.mark.parametrize(
    "options",
    [
        CleanOptions(),
        CleanOptions("skip", "quarantine"),
        CleanOptions("largest"),
        CleanOptions("centered", min_side_px=100),
    ],
    ids=lambda one: f"{one.several}-{one.across}",
)
def test_nothing_is_lost(
    tmp_path: Path,
    mess: Mess,
    snapshot: Snapshot,
    everything: Everything,
    crowd: Detector,
    options: CleanOptions,
) -> None:
    mess(tmp_path)
    before, all_before = snapshot(tmp_path), everything(tmp_path)

    outcome = apply(inspect(tmp_path, options, detector=crowd))
    assert outcome.problems == []
    assert outcome.done > 25
    cleaned = snapshot(tmp_path)
    assert cleaned != before
    assert all_before <= everything(tmp_path)

    again = inspect(tmp_path, options, detector=crowd)
    assert again.steps == ()
    assert apply(again).done == 0
    assert snapshot(tmp_path) == cleaned
    if options.several != "leave":
        assert "several faces" not in again.counts

    outcome = undo(tmp_path)
    assert outcome.problems == []
    assert snapshot(tmp_path) == before
    assert not (tmp_path / ".lookalike-quarantine").exists()


def test_what_is_left_can_be_read_by_a_source(tmp_path: Path, mess: Mess, crowd: Detector) -> None:
    from lookalike.images import read

    mess(tmp_path)
    apply(inspect(tmp_path, detector=crowd))
    candidates = list(FolderSource(tmp_path))
    assert len(candidates) > 20
    for candidate in candidates:
        if not candidate.uri.endswith(("loop.jpg", "gone.jpg")):
            read(candidate.load())
        assert ".lookalike" not in candidate.uri


def test_an_animation_becomes_its_first_frame(tmp_path: Path) -> None:
    frames = [Pillow.new("RGB", (90, 90), color) for color in ("red", "green", "blue")]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    frames[0].save(tmp_path / "b.png", save_all=True, append_images=frames[1:])
    apply(inspect(tmp_path))
    assert sorted(path.name for path in tmp_path.glob("*")) == [
        ".lookalike-quarantine",
        "a.png",
        "b.png",
    ]
    for name in ("a.png", "b.png"):
        with Pillow.open(tmp_path / name) as picture:
            assert getattr(picture, "n_frames", 1) == 1
            assert ImageChops.difference(picture.convert("RGB"), frames[0]).getbbox() is None


def test_names_never_collide(tmp_path: Path, rough: Callable[..., Pillow.Image]) -> None:
    for seed, name in enumerate(("x.png", "x.webp", "x", "x.jpg", "x_2.jpg")):
        rough(seed).save(tmp_path / name, "JPEG")
    apply(inspect(tmp_path))
    names = sorted(path.name for path in tmp_path.iterdir() if path.is_file())
    assert names == ["x.jpg", "x_2.jpg", "x_3.jpg", "x_4.jpg", "x_5.jpg"]


def test_the_best_copy_stays(tmp_path: Path, hopper: Path) -> None:
    folder = tmp_path / "Grace Hopper"
    folder.mkdir()
    portrait = Pillow.open(hopper)
    portrait.resize((256, 300)).save(folder / "a small.jpg")
    portrait.save(folder / "b poor.jpg", quality=20)
    portrait.save(folder / "c good.jpg", quality=95)
    (folder / "d same.jpg").write_bytes((folder / "c good.jpg").read_bytes())
    report = inspect(tmp_path)
    assert faults_of(report) == {
        "Grace Hopper/a small.jpg": {"near duplicate"},
        "Grace Hopper/b poor.jpg": {"near duplicate"},
        "Grace Hopper/d same.jpg": {"duplicate"},
    }


def test_a_file_that_a_link_points_to_keeps_its_name(
    tmp_path: Path, rough: Callable[..., Pillow.Image]
) -> None:
    for person in ("Ann", "Bob"):
        (tmp_path / person).mkdir()
    rough(1).save(tmp_path / "Ann" / "x.png", "JPEG")
    (tmp_path / "Bob" / "y.jpg").symlink_to("../Ann/x.png")
    report = inspect(tmp_path)
    assert actions_of(report)["Ann/x.png"] == "leave"
    assert (tmp_path / "Bob" / "y.jpg").exists()


def test_a_file_that_cannot_be_read_is_left(
    tmp_path: Path, rough: Callable[..., Pillow.Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    from lookalike.cleaning import examining

    rough(1).save(tmp_path / "locked.jpg")
    rough(2).save(tmp_path / "fine.jpg")
    real = examining.contents

    def contents(entry, limits):
        if entry.name == "locked.jpg":  # root may read everything, so modes would not do
            raise PermissionError(13, "Permission denied")
        return real(entry, limits)

    monkeypatch.setattr(examining, "contents", contents)
    (finding,) = inspect(tmp_path).findings
    assert (finding.fault.value, finding.action, finding.detail) == (
        "unreadable",
        Action.LEAVE,
        "permission denied",
    )


def test_a_file_that_changed_meanwhile_is_left(tmp_path: Path) -> None:
    path = tmp_path / "x.jpg"
    path.write_bytes(b"")
    report = inspect(tmp_path)
    path.write_bytes(b"no longer empty")
    outcome = apply(report)
    assert outcome.problems == [("x.jpg", "has changed since it was looked at")]
    assert path.read_bytes() == b"no longer empty"


def test_the_journal_says_what_went_where(tmp_path: Path) -> None:
    (tmp_path / "Ann").mkdir()
    (tmp_path / "Ann" / "x.jpg").write_bytes(b"<html>")
    apply(inspect(tmp_path))
    place = tmp_path / ".lookalike-quarantine"
    (line,) = read_journal(place)
    assert (line.op, line.source, line.fault) == ("move", "Ann/x.jpg", "not a picture")
    assert line.target == ".lookalike-quarantine/not-a-picture/Ann/x.jpg"
    assert (tmp_path / line.target).read_bytes() == b"<html>"
    for text in (place / "journal.jsonl").read_text("ascii").split():
        json.loads(text) if text.startswith("{") and text.endswith("}") else None


def test_one_name_can_go_to_quarantine_again_and_again(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / "x.jpg").write_bytes(b"%d" % number)
        assert apply(inspect(tmp_path)).done == 1
    # A folder where a file of that name went before.
    (tmp_path / "x.jpg").mkdir()
    (tmp_path / "x.jpg" / "y.jpg").write_bytes(b"y")
    assert apply(inspect(tmp_path)).done == 1
    outcome = undo(tmp_path)
    # Three files had one name, and there is a folder now: they stay where they are safe.
    assert (outcome.done, len(outcome.problems)) == (1, 3)
    quarantined = [p for p in (tmp_path / ".lookalike-quarantine").rglob("x.jpg") if p.is_file()]
    assert {path.read_bytes() for path in quarantined} == {b"0", b"1", b"2"}


def test_undo_does_not_overwrite_what_people_did_since(
    tmp_path: Path, rough: Callable[..., Pillow.Image]
) -> None:
    (tmp_path / "x.jpg").write_bytes(b"")
    rough(1).save(tmp_path / "y.gif")
    apply(inspect(tmp_path))
    (tmp_path / "x.jpg").write_bytes(b"new")
    rough(2).save(tmp_path / "y.png")
    outcome = undo(tmp_path)
    assert {path for path, _ in outcome.problems} == {"x.jpg", "y.png"}
    assert (tmp_path / "x.jpg").read_bytes() == b"new"
    assert (tmp_path / "y.gif").exists()
    assert (tmp_path / "y.png").exists()
    (tmp_path / "x.jpg").unlink()
    undo(tmp_path)
    assert (tmp_path / "x.jpg").read_bytes() == b""


def test_undo_needs_something_to_undo(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="nothing to put back"):
        undo(tmp_path)


def test_a_line_that_was_cut_off_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "x.jpg").write_bytes(b"")
    apply(inspect(tmp_path))
    journal = tmp_path / ".lookalike-quarantine" / "journal.jsonl"
    with journal.open("ab") as file:
        file.write(b'{"op": "move", "sour')
    (tmp_path / "y.jpg").write_bytes(b"")
    apply(inspect(tmp_path))
    assert undo(tmp_path).done == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.jpg", "y.jpg"]
