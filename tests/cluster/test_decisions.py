"""What becomes of photos is decided alike, whoever looks at them and however far ahead."""

from __future__ import annotations

import hashlib
import random
from itertools import islice
from types import SimpleNamespace

import pytest

from lookalike.cluster.building import build as build_by_workers
from lookalike.cluster.looking import Looked
from lookalike.errors import ImageError, ImageMissing
from lookalike.gallery.build import BuildOptions, build
from lookalike.gallery.records import Header
from lookalike.gallery.store import GalleryFile
from lookalike.models.options import ModelOptions
from lookalike.testing import FakeAnalyzer
from lookalike.testing.fakes import FAKE_SPACE
from lookalike.types import Candidate, Person

from .same import facts


class Here:
    """Workers in this process, which look at some parts more before the first is settled."""

    options = SimpleNamespace(photo_s=60)

    def __init__(self, ahead):
        self.ahead = ahead

    def look(self, job, parts):
        waiting = []
        while True:
            waiting += [self.looked(job, part) for part in islice(parts, self.ahead - len(waiting))]
            if not waiting:
                return
            yield waiting.pop(0)

    def looked(self, job, part):
        return [self.one(job, candidate) for candidate in part]

    def one(self, job, candidate):
        try:
            data = candidate.load()
        except ImageError as error:
            return Looked(fault=error)
        (analysis,) = FakeAnalyzer().analyze([data])
        sha256 = hashlib.sha256(data).hexdigest()
        return Looked(sha256, job.make(candidate, sha256, analysis))


class Spoilt:
    """Photos of four people: many are copies, broken, show nobody, or are not there."""

    name = "spoilt"

    def __init__(self, seed, version=0):
        rng = random.Random(seed)
        self.photos = {f"{at:03}": self.photo(rng.randrange(60)) for at in range(120)}
        for at in rng.sample(range(120), 15) if version else ():
            self.photos[f"{at:03}"] = self.photo(rng.randrange(60))

    def photo(self, number):
        kinds = {1: b"broken", 2: b"nobody", 3: b"gone"}
        return kinds.get(number % 7, b"") + b"%d" % number

    def __iter__(self):
        for at, (uri, data) in enumerate(self.photos.items()):
            who = Person.named(("Ada", "Greta", "Hedy", "Rosa")[at % 4])
            yield Candidate(who, uri, lambda data=data: read(data), data.decode())


def read(data):
    if data.startswith(b"gone"):
        raise ImageMissing("it is gone")
    return data


@pytest.mark.parametrize("ahead", [1, 3, 100])
def test_workers_change_nothing(ahead, tmp_path):
    """Filled, filled again after files have changed, and with people who opted out meanwhile."""
    for seed in range(2):
        files = [GalleryFile.create(tmp_path / f"{seed}-{name}", Header(FAKE_SPACE, "fake-32", 1))
                 for name in ("alone", "workers")]  # fmt: skip
        copied = hashlib.sha256(b"4").hexdigest()
        rounds = [
            (Spoilt(seed), BuildOptions()),
            (Spoilt(seed, version=1), BuildOptions(opted_out=frozenset({"hedy", copied}))),
            (Spoilt(seed, version=1), BuildOptions()),
        ]
        for source, options in rounds:
            ours, theirs = [], []
            summary = build(files[0], source, FakeAnalyzer(), options, ours.append)
            other = build_by_workers(
                files[1], source, Here(ahead), ModelOptions(views=1), options, theirs.append
            )
            assert summary == other
            assert sorted(ours) == sorted(theirs)
            assert facts(files[0]) == facts(files[1])
            assert list(files[0].ledger()) == list(files[1].ledger())
            assert summary.turned_down
        for file in files:
            file.close()
