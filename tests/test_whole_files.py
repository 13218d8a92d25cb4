"""Files that are there whole or not at all, whatever the disk says."""

from __future__ import annotations

import os
import stat
import threading

import pytest

from lookalike.errors import FolderUnwritable, OptionError
from lookalike.whole_files import replacing, write_whole, writing


def test_a_file_is_replaced_whole(tmp_path):
    path = tmp_path / "new" / "folder" / "file"
    write_whole(path, b"one", OptionError)
    write_whole(path, b"two", OptionError)
    assert path.read_bytes() == b"two"
    assert list(path.parent.iterdir()) == [path]


def test_a_full_disk_leaves_the_old_file_and_no_litter(tmp_path, monkeypatch):
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FolderUnwritable, match=r"cannot write .*file: No space left") as caught:
        write_whole(path, b"new", FolderUnwritable, "make room")
    assert caught.value.hint == "make room"
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("end", [KeyboardInterrupt, ValueError, OptionError])
def test_whoever_stops_halfway_leaves_the_old_file_and_no_litter(tmp_path, end):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with pytest.raises(end), writing(path, OptionError), replacing(path) as part:  # noqa: PT012
        part.write_bytes(b"half")
        raise end("stop")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_said_and_not_made(tmp_path):
    path = tmp_path / "gone" / "file"
    words = "gone/file: No such file or directory"
    with pytest.raises(OptionError, match=words), writing(path, OptionError), replacing(path):
        pass
    with pytest.raises(OptionError, match="directory"):
        write_whole(tmp_path, b"a folder is no file", OptionError)
    assert list(tmp_path.iterdir()) == []


def test_through_a_link_its_target_is_replaced(tmp_path):
    (tmp_path / "there").mkdir()
    target, link = tmp_path / "there" / "file", tmp_path / "link"
    link.symlink_to(target)
    write_whole(link, b"new", OptionError)
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert list((tmp_path / "there").iterdir()) == [target]


def test_who_may_read_a_file_stays_as_it_was(tmp_path):
    path, other = tmp_path / "secret", tmp_path / "usual"
    path.touch(0o600)
    path.chmod(0o600)
    other.touch()
    usual = stat.S_IMODE(other.stat().st_mode)
    for one in (path, tmp_path / "new"):
        write_whole(one, b"new", OptionError)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == usual


def test_names_of_any_length_and_letter(tmp_path):
    for name in ("x" * 255, "é" * 127, "a\nb"):
        write_whole(tmp_path / name, b"new", OptionError)
        assert (tmp_path / name).read_bytes() == b"new"
    with pytest.raises(OptionError, match=r"a\\nb"):
        write_whole(tmp_path / "a\nb" / "c", b"", OptionError)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_a_pipe_is_written_to_and_stays(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    heard = []
    listener = threading.Thread(target=lambda: heard.append(path.read_bytes()))
    listener.start()
    write_whole(path, b"new", OptionError)
    listener.join(10)
    assert heard == [b"new"]
    assert stat.S_ISFIFO(path.stat().st_mode)
