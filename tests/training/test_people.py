"""Who is learned from: people are split, whatever their photos; nobody leaks."""

from __future__ import annotations

import numpy as np
import pytest

from lookalike.errors import OptionError, TrainingError
from lookalike.training.config import DataConfig
from lookalike.training.people import is_held_out, names_in, split
from lookalike.types import Person

PEOPLE = tuple(Person.named(f"Somebody {at}") for at in range(200))


def test_everybody_is_on_one_side_and_always_the_same():
    counts = np.full(200, 3)
    one = split(PEOPLE, counts, DataConfig(held_out=0.25))
    assert not set(one.learned) & set(one.held_out)
    assert len(one.learned) + len(one.held_out) == 200
    assert 30 < len(one.held_out) < 70
    # More people move nobody, and another spelling is nobody else.
    more = split((*PEOPLE, Person.named("New")), np.full(201, 3), DataConfig(held_out=0.25))
    assert set(one.held_out) <= set(more.held_out)
    assert is_held_out("George_W_Bush", 0.5) == is_held_out("George W. Bush", 0.5)


def test_people_with_few_photos_and_people_who_leak_are_left_out(tmp_path):
    listed = tmp_path / "pairs.txt"
    listed.write_text("1\t1\nSomebody_3\t1\t4\nSomebody_4\t1\tSomebody_5\t2\n")
    counts = np.full(200, 3)
    counts[7] = 1
    found = split(PEOPLE, counts, DataConfig(exclude=(str(listed),)))
    assert found.excluded == ("Somebody 3", "Somebody 4", "Somebody 5")
    assert found.few == 1
    assert not {3, 4, 5, 7} & {*found.learned, *found.held_out}


def test_a_list_of_names_will_do(tmp_path):
    (tmp_path / "names.txt").write_text("Grace Hopper\n\nEileen Collins\n", "utf-8")
    assert names_in([tmp_path / "names.txt"]) == {"grace-hopper", "eileen-collins"}
    with pytest.raises(OptionError, match="cannot read"):
        names_in([tmp_path / "absent.txt"])


def test_too_few_people_are_refused():
    with pytest.raises(TrainingError, match="too few"):
        split(PEOPLE[:3], np.full(3, 3), DataConfig())
