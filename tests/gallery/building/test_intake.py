"""A build reads ahead of its analyzer and makes the very gallery of one that does not."""

from __future__ import annotations

import random
from collections import deque
from itertools import chain, islice

import pytest

from lookalike.errors import ImageMissing
from lookalike.gallery.build import BuildOptions, build
from lookalike.gallery.building import filling
from lookalike.testing import FakeAnalyzer, FakeSource
from lookalike.types import Candidate, Person


class Ahead(FakeAnalyzer):
    """Takes some photos more before it says what the first one shows; counts its streams."""

    def __init__(self, window):
        super().__init__()
        self.window = window
        self.streams = []

    def analyze(self, photos):
        seen, waiting = [], deque()
        self.streams.append(seen)
        stream = iter(photos)
        while True:
            for photo in islice(stream, self.window - len(waiting)):
                seen.append(photo)
                waiting.append(photo)
            if not waiting:
                return
            yield from super().analyze([waiting.popleft()])


class Stepwise(Ahead):
    """Takes one photo after the other."""

    def __init__(self):
        super().__init__(1)


def spoilt(seed, count=120):
    """Return photos many of which are copies, broken, or show nobody."""
    rng = random.Random(seed)
    photos = {}
    for at in range(count):
        data = b"%d" % rng.randrange(count // 2)
        kind = int(data) % 7
        if kind == 1:
            data = b"broken" + data
        elif kind == 2:
            data = b"nobody" + data
        photos[f"{at:03}"] = data
    return photos


@pytest.mark.parametrize("batch", [1, 4, 32])
@pytest.mark.parametrize("window", [2, 16, 500])
def test_reading_ahead_changes_nothing(batch, window, create, monkeypatch, contents):
    monkeypatch.setattr(filling, "BATCH", batch)
    for seed in range(3):
        source = FakeSource({"Ada": spoilt(seed)})
        stepwise, ahead = Stepwise(), Ahead(window)
        files = [create(f"{seed}-stepwise"), create(f"{seed}-ahead")]
        summaries = [
            build(file, source, one) for file, one in zip(files, (stepwise, ahead), strict=True)
        ]
        assert summaries[0] == summaries[1]
        assert contents(files[0].path) == contents(files[1].path)
        # Not one photo was looked at in vain.
        looked_at = [list(chain.from_iterable(one.streams)) for one in (stepwise, ahead)]
        assert looked_at[0] == looked_at[1]


def test_photos_are_one_stream_where_none_has_to_wait(create, monkeypatch):
    monkeypatch.setattr(filling, "BATCH", 4)
    photos = {str(at): b"%d" % at for at in range(50)} | {"51": b"1", "52": b"52"}
    analyzer = Ahead(8)
    build(create(), FakeSource({"Ada": photos}), analyzer)
    assert [len(stream) for stream in analyzer.streams] == [51]


def test_a_copy_waits_for_what_becomes_of_the_first_in_an_earlier_batch(create, monkeypatch):
    monkeypatch.setattr(filling, "BATCH", 2)
    photos = {"1": b"a", "2": b"nobody", "3": b"b", "4": b"nobody", "5": b"c", "6": b"a"}
    analyzer = Ahead(100)
    file = create()
    build(file, FakeSource({"Ada": photos}), analyzer)
    assert analyzer.streams == [[b"a", b"nobody", b"b"], [b"nobody", b"c"]]
    assert [(entry.uri, entry.reason.value) for entry in file.ledger()] == [
        ("2", "no face"), ("4", "no face"), ("6", "duplicate"),
    ]  # fmt: skip


def gone():
    raise ImageMissing("it is gone")


@pytest.mark.parametrize("way", ["missing", "duplicate", "opted out"])
def test_many_photos_that_are_not_looked_at_keep_nothing_waiting(way, create):
    """A photo among thousands of such is in the gallery before all of them were gone through."""
    file, written = create(), []

    class Mostly:
        name = "mostly"

        def __iter__(self):
            yield Candidate(Person.named("Ada"), "good", lambda: b"good", "1")
            who = Person.named("Greta" if way == "opted out" else "Ada")
            load = gone if way == "missing" else lambda: b"good"
            for at in range(1000):
                written.append(file.counts()["photos"])
                yield Candidate(who, f"{at}", load, "1")

    summary = build(file, Mostly(), Ahead(16), BuildOptions(opted_out=frozenset({"greta"})))
    assert (summary.added, summary.turned_down.total()) == (1, 1000)
    assert written.index(1) <= 128


def test_what_has_been_written_is_not_lost_when_the_source_breaks(create, monkeypatch):
    monkeypatch.setattr(filling, "BATCH", 4)

    class Breaking:
        name = "breaking"

        def __iter__(self):
            yield from FakeSource({"Ada": {str(at): b"%d" % at for at in range(30)}})
            raise OSError("the disk is gone")

    file = create()
    with pytest.raises(OSError, match="the disk is gone"):
        build(file, Breaking(), Stepwise())
    assert file.counts()["photos"] == 28


def test_an_answer_too_few_is_an_error_and_not_a_gallery_of_wrong_names(create):
    class Forgetful(FakeAnalyzer):
        def analyze(self, photos):
            yield from super().analyze(list(photos)[1:])

    with pytest.raises(ValueError, match="longer"):
        build(create(), FakeSource({"Ada": {"1": b"1", "2": b"2"}}), Forgetful())
