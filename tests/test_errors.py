from __future__ import annotations

import pickle
import re

import pytest

from lookalike import errors
from lookalike.errors import LookalikeError

EVERY_ERROR = [
    found
    for found in vars(errors).values()
    if isinstance(found, type) and issubclass(found, LookalikeError)
]


@pytest.mark.parametrize("error", EVERY_ERROR)
def test_says_what_is_wrong_and_what_to_do(error):
    raised = error("the picture is broken", "take another")
    assert str(raised) == raised.message == "the picture is broken"
    assert raised.hint == "take another"
    assert error("alone").hint == ""


@pytest.mark.parametrize("error", EVERY_ERROR)
def test_survives_the_way_between_processes(error):
    back = pickle.loads(pickle.dumps(error("broken", "mend it")))  # noqa: S301 - our own bytes
    assert type(back) is error
    assert (back.message, back.hint) == ("broken", "mend it")


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (errors.ArrayError, ValueError),
        (errors.SpaceMismatch, ValueError),
        (errors.OptionError, ValueError),
        (errors.UnknownName, LookupError),
        (errors.MissingExtra, ImportError),
    ],
)
def test_can_be_caught_as_the_builtin_that_it_is(error, builtin):
    with pytest.raises(builtin, match="as such"):
        raise error("as such")


def test_the_drawn_tree_is_the_tree():
    depth_of = {"LookalikeError": 0}
    stack = ["LookalikeError"]
    for line in errors.__doc__.splitlines():
        drawn = re.match(r"    ([│ ]*)(?:├──|└──) (\w+)", line)
        if drawn:
            depth = len(drawn[1]) // 4 + 1
            del stack[depth:]
            name = drawn[2]
            assert getattr(errors, name).__bases__[0].__name__ == stack[-1], name
            stack.append(name)
            depth_of[name] = depth
    assert set(depth_of) == {error.__name__ for error in EVERY_ERROR}
