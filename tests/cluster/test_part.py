"""What a task leaves open is given out again, until it is known what became of every photo."""

from __future__ import annotations

from functools import partial

import pytest

from lookalike.cluster.looking import Answer, Looked
from lookalike.cluster.part import Part
from lookalike.cluster.sending import Held, sent
from lookalike.errors import ImageHarmful, ImageMissing, ImageTooSlow
from lookalike.images import read_bytes
from lookalike.types import Candidate, Person

ADA = Person.named("Ada")


def part_of(*uris):
    return Part([Candidate(ADA, uri, lambda uri=uri: uri.encode()) for uri in uris])


def uris(part):
    return [one.uri for one in part.next(read_here=False)]


def good(count):
    return Answer([Looked(str(at), at) for at in range(count)])


def test_photos_go_together_and_are_done_together():
    part = part_of("a", "b", "c")
    assert uris(part) == ["a", "b", "c"]
    assert not part.done
    assert part.take(good(3)) is False
    assert part.done


def test_of_a_task_that_ends_workers_the_photo_that_does_it_is_found():
    part = part_of("a", "b", "c", "d")
    part.crash()
    assert uris(part) == ["a"]
    part.take(good(1))
    assert uris(part) == ["b"]
    part.crash()
    assert isinstance(part.looked[1].fault, ImageHarmful)
    assert part.looked[1].fault.message == "b ends the process that looks at it"
    # The others are not suspected any more.
    assert uris(part) == ["c", "d"]
    part.take(good(2))
    assert part.done
    assert [one.fault is None for one in part.looked] == [True, False, True, True]


def test_after_a_photo_that_was_too_slow_the_rest_is_given_out():
    part = part_of("a", "b", "c")
    slow = Looked(fault=ImageTooSlow("b took longer"))
    part.take(Answer([Looked("1", 1), slow], stuck="tcp://there"))
    assert part.looked[1] is slow
    assert uris(part) == ["c"]


def test_what_only_this_process_can_read_is_sent_as_bytes(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(b"here")
    part = Part([Candidate(ADA, "a", partial(read_bytes, path)) for _ in range(2)])
    (first, _) = part.next(read_here=False)
    assert not isinstance(first.load, Held)
    missing = Looked(fault=ImageMissing("not here"))
    assert part.take(Answer([missing, missing])) is True
    assert part.looked == []
    again = part.next(read_here=True)
    assert [one.load() for one in again] == [b"here", b"here"]
    assert all(isinstance(one.load, Held) for one in again)
    part.take(good(2))
    assert part.done


def test_what_nobody_can_read_has_the_words_of_this_process(tmp_path):
    path = tmp_path / "gone.jpg"
    part = Part([Candidate(ADA, "a", partial(read_bytes, path))])
    part.next(read_here=False)
    assert part.take(Answer([Looked(fault=ImageMissing("elsewhere"))])) is False
    assert part.done
    assert part.looked[0].fault.message == f"there is no file {path}"


def test_paths_are_sent_in_full_and_everything_else_is_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.jpg").write_bytes(b"x")
    from pathlib import Path

    by_path = sent(Candidate(ADA, "a", partial(read_bytes, Path("a.jpg"))), read_here=False)
    assert by_path.load.args == (tmp_path / "a.jpg",)
    other = sent(Candidate(ADA, "b", lambda: b"y"), read_here=False)
    assert other.load == Held(b"y")
    assert sent(other, read_here=True) is other
    gone = sent(Candidate(ADA, "c", partial(read_bytes, Path("no.jpg"))), read_here=True)
    with pytest.raises(ImageMissing, match="no file"):
        gone.load()
