"""Pickles that would do something are refused, and nothing is done."""

from __future__ import annotations

import collections
import io
import os
import pickle
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.errors import WeightsUnreadable
from lookalike.models.convert.plain_pickle import PlainPickle

from .torch_files import a_global, text

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False)
    | st.text(),
    lambda inside: (
        st.lists(inside, max_size=4)
        | st.dictionaries(st.text(), inside, max_size=4)
        | st.tuples(inside, inside)
    ),
    max_leaves=20,
)


def machine(**names):
    return PlainPickle(names, lambda reference: ("outside", reference))


def read(data, **names):
    return machine(**names).read(io.BytesIO(data))


class Evil:
    """Runs a command when the standard library unpickles it."""

    def __init__(self, function, *arguments):
        self.made = function, arguments

    def __reduce__(self):
        return self.made


@given(plain)
def test_plain_values_are_as_the_standard_library_reads_them(value):
    assert read(pickle.dumps(value, 2)) == value


def test_the_stream_is_left_behind_the_value():
    stream = io.BytesIO(pickle.dumps([1], 2) + pickle.dumps({"a": 2.5}, 2) + b"rest")
    assert machine().read(stream) == [1]
    assert machine().read(stream) == {"a": 2.5}
    assert stream.read() == b"rest"


def test_a_value_that_is_referred_to_again_is_the_same():
    shared = ["shared"]
    first, second = read(pickle.dumps((shared, shared), 2))
    assert first is second


def test_references_to_outside_are_handed_over():
    assert read(b"\x80\x02" + text("key") + b"Q.") == ("outside", "key")


@pytest.mark.parametrize(
    "evil",
    [
        Evil(os.system, "touch {mark}"),
        Evil(subprocess.check_call, ["touch", "{mark}"]),
        Evil(eval, "open('{mark}', 'w')"),
        Evil(exec, "open('{mark}', 'w')"),
        Evil(getattr, Evil, "made"),
        Evil(print, "hello"),
    ],
    ids=lambda evil: evil.made[0].__name__,
)
@pytest.mark.parametrize("protocol", range(6))
def test_a_pickle_that_names_functions_is_refused(evil, protocol, tmp_path):
    mark = tmp_path / "mark"
    function, arguments = evil.made
    filled = [
        [part.replace("{mark}", str(mark)) for part in a] if isinstance(a, list)
        else a.replace("{mark}", str(mark)) if isinstance(a, str) else a
        for a in arguments
    ]  # fmt: skip
    data = pickle.dumps({"weight": Evil(function, *filled)}, protocol)
    with pytest.raises(WeightsUnreadable):
        read(data)
    assert not mark.exists()


def test_the_refused_name_is_told():
    data = pickle.dumps(Evil(os.system, "true"), 2)
    with pytest.raises(
        WeightsUnreadable, match=r"names '(posix|nt)\.system', which is not allowed"
    ) as caught:
        read(data)
    assert "do not trust this file" in caught.value.hint


def test_nothing_is_imported(monkeypatch):
    monkeypatch.delitem(sys.modules, "antigravity", raising=False)
    with pytest.raises(WeightsUnreadable, match="not allowed"):
        read(b"\x80\x02" + a_global("antigravity", "fly") + b")R.")
    assert "antigravity" not in sys.modules


def test_an_allowed_name_is_what_the_caller_says():
    allowed = {"collections.OrderedDict": lambda *items: ["mine", *items]}
    data = pickle.dumps(collections.OrderedDict(), 2)
    assert read(data, **allowed) == ["mine"]


@pytest.mark.parametrize(
    "program",
    [
        b"N)R.",  # calls None
        text("os") + b")R.",  # calls a string
        b"})R.",  # calls a dictionary
        a_global("known", "number") + b")R.",  # calls an allowed name that is no function
        a_global("known", "make") + b"NR.",  # calls with no arguments tuple
        b"N}b.",  # gives state to what has none
    ],
)
def test_only_the_callers_functions_are_called(program):
    with pytest.raises(WeightsUnreadable, match="damaged"):
        read(b"\x80\x02" + program, **{"known.number": 5, "known.make": dict})


@pytest.mark.parametrize(
    "opcode", [b"\x93", b"\x81", b"i", b"o", b"\x82\x01", b"P1\n", b"\x97", b"S'a'\n"]
)
def test_other_opcodes_are_refused(opcode):
    with pytest.raises(WeightsUnreadable, match=r"which no dictionary of arrays needs|damaged"):
        read(b"\x80\x02(" + text("posix") + text("system") + opcode + b".")


@given(st.integers(0, 200))
def test_a_pickle_cut_anywhere_is_damaged(kept):
    whole = pickle.dumps({"weight": [1.5, (2, "three")], "bias": {"a": None}}, 2)
    if kept < len(whole):
        with pytest.raises(WeightsUnreadable):
            read(whole[:kept])


@given(st.binary(max_size=60))
def test_noise_never_breaks_the_machine(noise):
    try:
        read(b"\x80\x02" + noise + b".")
    except WeightsUnreadable:
        return


@pytest.mark.parametrize("key", [b")" + b"\x85" * 200_000, b"K\x01" + b"q\x00h\x00\x86" * 60])
@pytest.mark.parametrize("put", [b"}%sNs.", b"}(%sNu."])
def test_a_key_is_a_text_or_a_number(key, put):
    # Looking up tuples of tuples would end the process, or never end.
    with pytest.raises(WeightsUnreadable, match="neither a text nor a number"):
        read(b"\x80\x02" + put % key)


@pytest.mark.parametrize("program", [b"S'\\q'\n.", b"V\\u12\n.", b"I1\n."])
def test_what_is_not_needed_is_not_even_decoded(program):
    with pytest.raises(WeightsUnreadable, match="no dictionary of arrays needs"):
        read(b"\x80\x02" + program)


def test_a_name_of_odd_escapes_is_refused_in_silence():
    with pytest.raises(WeightsUnreadable, match="not allowed"):
        read(b"\x80\x02ca\\q\nb\n.")


def test_a_text_longer_than_any_memory_is_damage():
    with pytest.raises(WeightsUnreadable):
        read(b"\x80\x04X" + b"\xff\xff\xff\x7f" + b"x.")
