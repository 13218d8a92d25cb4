"""Whatever is done to a gallery, in any order: it holds what a plain dictionary would."""

from __future__ import annotations

import copy
import hashlib
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from lookalike.errors import OptionError
from lookalike.gallery import care, journal
from lookalike.gallery.opening import create_store, open_store
from lookalike.gallery.records import FaceRecord, Header, LedgerEntry, Reason
from lookalike.gallery.seam import Store
from lookalike.gallery.storage import schema
from lookalike.gallery.storage.vector_column import numbers_of
from lookalike.testing.fakes import FAKE_SPACE
from lookalike.types import Face, Person, Photo, person_id

HEADER = Header(FAKE_SPACE, "fake-32", 1)
# Few of each, so that what is done to one of them meets what was done before.
NAMES = st.sampled_from(["Ada", "Édith 名前", "7"])
PHOTOS = {"1.jpg": ["Ada"], "ü/2.jpg": ["7", "Édith 名前"], "'; --": ["Ada"]}
URIS = st.sampled_from([*PHOTOS])
FACTS = st.dictionaries(
    st.sampled_from(["born", "job"]), st.one_of(st.none(), st.integers(0, 9), st.text(max_size=3))
)


def digest_of(uri):
    return hashlib.sha256(uri.encode()).hexdigest()


def record(name, uri, at):
    return FaceRecord(
        Person(person_id(name), name),
        Photo(digest_of(uri), uri),
        "stamp",
        Face(np.array([1, 2, 30, 40], "f4"), np.full((5, 2), 9, np.float32), 0.875),
        np.full(8, at, np.float32),
        b"jpeg",
        None,
        0.625,
        (64, 48),
    )


@dataclass
class Model:
    """What a gallery should hold, said with dictionaries."""

    #: Each face that is kept, by what it looks like: who it is, on which photo, and if it is found.
    faces: dict[int, list] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    facts: dict[str, dict] = field(default_factory=dict)
    #: The other ids of people.
    also: dict[str, str] = field(default_factory=dict)
    turned_down: set[str] = field(default_factory=set)
    kept_out: set[str] = field(default_factory=set)

    def people(self):
        return sorted({person for person, _, _ in self.faces.values()})

    def leave(self, person):
        """Forget somebody who has no face any more, with all other ids."""
        self.names.pop(person, None)
        self.facts.pop(person, None)
        self.also = {other: who for other, who in self.also.items() if who != person}

    def drop(self, faces):
        left = {self.faces.pop(at)[0] for at in faces}
        for person in left - set(self.people()):
            self.leave(person)


class AnyOrder(RuleBasedStateMachine):
    """A gallery, and beside it the dictionaries."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.at = 0
        self.model = Model()
        #: What it was like before each step that can be taken back exactly.
        self.before: list[Model] = []
        self.newest_when_decided = 0

    @initialize()
    def start(self):
        self.store: Store = create_store(self.place(), HEADER)
        # Of an empty gallery there is little to ask.
        for uri, names in PHOTOS.items():
            self.put_in(uri, names)

    def place(self) -> Path:
        return Path(self.folder.name, "g.gallery")

    def teardown(self):
        self.store.close()
        self.folder.cleanup()

    def somebody(self, data):
        return data.draw(st.sampled_from(self.model.people()))

    def known(self):
        return bool(self.model.faces)

    def decided(self, before):
        self.before.append(before)
        self.newest_when_decided = self.at

    def settled(self):
        """Forget how to take steps back: photos have come or gone since."""
        self.before = []

    @rule(uri=URIS, names=st.lists(NAMES, min_size=1, max_size=2, unique=True))
    def add(self, uri, names):
        self.put_in(uri, names)

    @precondition(known)
    @rule(data=st.data(), name=NAMES)
    def decide_and_see_the_newest_photo_change(self, data, name):
        """What was decided of a face is asked of none that comes in its place."""
        decide = data.draw(st.sampled_from([self.merge, self.hide]))
        decide(data)
        self.put_in(self.model.faces[max(self.model.faces)][1], [name])
        if data.draw(st.booleans()):
            self.undo_what_is_older_than_the_photos()

    def put_in(self, uri, names):
        model, owners = self.model, {}
        for name in names:
            key = person_id(name)
            owners[name] = model.also.get(key, key)
        if len(set(owners.values())) < len(names):
            return  # a photo shows nobody twice
        records = []
        gone = [at for at, (_, where, _) in model.faces.items() if where == uri]
        for name in names:
            self.at += 1
            records.append(record(name, uri, self.at))
            model.faces[self.at] = [owners[name], uri, True]
            model.names.setdefault(owners[name], name)
            model.facts.setdefault(owners[name], {})
        model.drop(gone)
        model.turned_down.discard(uri)
        self.store.write(records, [])
        self.settled()

    @rule(uri=URIS)
    def turn_down(self, uri):
        self.store.write([], [LedgerEntry(uri, "stamp", "Ada", "", Reason.NO_FACE)])
        self.model.drop([at for at, (_, where, _) in self.model.faces.items() if where == uri])
        self.model.turned_down.add(uri)
        self.settled()

    @precondition(known)
    @rule(data=st.data())
    def merge(self, data):
        model, kept, gone = self.model, self.somebody(data), self.somebody(data)
        shown = [uri for person, uri, seen in model.faces.values() if person == kept and seen]
        moving = [one for one in model.faces.values() if one[0] == gone]
        if kept != gone and {uri for _, uri, _ in moving} & set(shown):
            try:
                care.merge(self.store, kept, [gone])
            except OptionError:
                return
            raise AssertionError("one photo shows one person twice")
        before = copy.deepcopy(model)
        care.merge(self.store, kept, [gone])
        if kept == gone:
            return
        self.decided(before)
        for one in moving:
            one[0] = kept
        model.also = {o: kept if who == gone else who for o, who in model.also.items()}
        model.also[gone] = kept
        model.facts[kept] = {**model.facts[gone], **model.facts[kept]}

    @precondition(known)
    @rule(data=st.data(), facts=FACTS)
    def annotate(self, data, facts):
        person = self.somebody(data)
        care.annotate(self.store, {person: facts})
        known = {**self.model.facts[person], **facts}
        known = {key: value for key, value in known.items() if value is not None}
        if known != self.model.facts[person]:
            self.decided(copy.deepcopy(self.model))
            self.model.facts[person] = known

    @precondition(known)
    @rule(data=st.data())
    def hide(self, data):
        seen = [at for at, (_, _, found) in self.model.faces.items() if found]
        if not seen:
            return
        at = data.draw(st.sampled_from(seen))
        columns = self.store.columns()
        (row,) = np.flatnonzero(columns.vectors[:, 0] == at)
        with journal.step(self.store, "hide") as book:
            book.hide([int(columns.numbers[row])])
        self.decided(copy.deepcopy(self.model))
        self.model.faces[at][2] = False

    @precondition(known)
    @rule(data=st.data(), forever=st.booleans())
    def erase_somebody(self, data, forever):
        model, person = self.model, self.somebody(data)
        ids = {person} | {other for other, who in model.also.items() if who == person}
        chosen = [at for at, (who, _, _) in model.faces.items() if who == person]
        assert care.erase(self.store, [person], forever=forever) == len(chosen)
        model.drop(chosen)
        for other in ids:
            model.leave(other)
        model.kept_out |= ids if forever else set()
        self.settled()

    @rule(uri=URIS)
    def erase_photo(self, uri):
        chosen = [at for at, (_, where, _) in self.model.faces.items() if where == uri]
        assert care.erase(self.store, [digest_of(uri)], forever=True) == len(chosen)
        self.model.drop(chosen)
        self.model.kept_out.add(digest_of(uri))
        self.settled()

    @rule(data=st.data())
    def allow(self, data):
        if self.model.kept_out:
            key = data.draw(st.sampled_from(sorted(self.model.kept_out)))
            care.allow(self.store, [key])
            self.model.kept_out.discard(key)

    @precondition(lambda self: self.before)
    @rule()
    def undo(self):
        assert journal.undo(self.store) is not None
        allowed = self.model.kept_out
        self.model = self.before.pop()
        self.model.kept_out = allowed

    @precondition(lambda self: not self.before)
    @rule()
    def undo_what_is_older_than_the_photos(self):
        """Such a step takes no face away, and changes none that has come since."""
        here = copy.deepcopy(self.model.faces)
        journal.undo(self.store)
        self.read_again()
        assert {at: one[1] for at, one in self.model.faces.items()} == {
            at: one[1] for at, one in here.items()
        }
        for at, one in here.items():
            if at > self.newest_when_decided:
                assert self.model.faces[at] == one

    def read_again(self):
        model, people, face = self.model, schema.people, schema.faces.c
        with self.store.reading() as connection:
            rows = connection.execute(select(people)).all()
            ids = {row.number: row.id for row in rows}
            model.names = {row.id: row.name for row in rows}
            model.facts = {row.id: row.attributes for row in rows}
            others = connection.execute(select(schema.aliases))
            model.also = {row.id: ids[row.person] for row in others}
            found = connection.execute(
                select(face.vector, face.person, schema.photos.c.uri, face.hidden).join(
                    schema.photos, schema.photos.c.number == face.photo
                )
            )
            model.faces = {
                int(numbers_of([row.vector], 8)[0, 0]): [ids[row.person], row.uri, not row.hidden]
                for row in found
            }

    @rule()
    def reopen(self):
        self.store.close()
        self.store = open_store(self.place(), writable=True)

    @invariant()
    def holds_the_same(self):
        model, columns = self.model, self.store.columns()
        found = {
            int(vector[0]): (columns.people[group].id, photo.uri)
            for vector, group, photo in zip(
                columns.vectors, columns.groups, columns.photos, strict=True
            )
        }
        seen = {at: (who, uri) for at, (who, uri, there) in model.faces.items() if there}
        assert found == seen
        for person in columns.people:
            assert (person.name, person.attributes) == (
                model.names[person.id],
                model.facts[person.id],
            )
        assert {one.uri for one in self.store.ledger()} == model.turned_down
        assert self.store.opted_out() == model.kept_out
        assert self.store.counts() == {
            "people": len({who for who, _ in seen.values()}),
            "photos": len({uri for _, uri, _ in model.faces.values()}),
            "faces": len(seen),
            "hidden": len(model.faces) - len(seen),
            "ledger": len(model.turned_down),
        }


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=40, stateful_step_count=20)
