"""Reading a pickle without running it.

A pickle is a program for a small stack machine, and the standard library's machine imports and
calls whatever the program names. This one only moves plain values about: it knows the opcodes
that a dictionary of arrays needs, and the few names that its caller hands in stand for values
and functions of the caller's own. Anything else is an error before anything happens.
"""

from __future__ import annotations

from pickletools import opcodes
from typing import IO, TYPE_CHECKING, Any, Final

from lookalike.errors import WeightsUnreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: Opcodes whose argument is the value itself.
_LITERALS: Final = frozenset(
    ("BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT", "BINUNICODE", "SHORT_BINSTRING")
)
_CONSTANTS: Final[dict[str, Any]] = {
    "NONE": None,
    "NEWTRUE": True,
    "NEWFALSE": False,
    "EMPTY_TUPLE": (),
}
_TUPLES: Final = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
#: Opcodes that a method of the machine stands for.
_ACTS: Final = frozenset(
    (
        "MARK", "TUPLE", "EMPTY_DICT", "EMPTY_LIST", "APPEND", "APPENDS", "SETITEM", "SETITEMS",
        "BINPUT", "LONG_BINPUT", "BINGET", "LONG_BINGET", "GLOBAL", "REDUCE", "BUILD", "BINPERSID",
    )
)  # fmt: skip

_OPCODES: Final = {opcode.code: opcode for opcode in opcodes}
_KNOWN: Final = _LITERALS | _ACTS | {*_CONSTANTS, *_TUPLES, "PROTO", "STOP"}

#: Where a run of values began.
_MARK: Final = object()

#: What comes of a program that was cut, or that handles the stack wrongly.
#: Lengths that no file has make readers ask for memory that no machine has.
_DAMAGE: Final = (
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    EOFError,
    MemoryError,
    OverflowError,
)


class PlainPickle:
    """A machine for pickles that make dictionaries, lists, tuples, numbers and strings.

    Parameters
    ----------
    names : mapping of str to object
        What the program may name, as ``"module.name"``, and what each name stands for here. A
        function among them may be called by the program.
    persistent : callable
        Turns the program's references to things outside of it into values.
    """

    def __init__(self, names: Mapping[str, Any], persistent: Callable[[Any], Any]) -> None:
        self._names = names
        self._persistent = persistent

    def read(self, stream: IO[bytes]) -> Any:
        """Read one value, and leave the stream behind it.

        Parameters
        ----------
        stream : binary file
            At the beginning of a pickle.

        Returns
        -------
        object
            Made of plain values, and of what `names` and `persistent` give.

        Raises
        ------
        WeightsUnreadable
            If the program is damaged, or asks for more than this machine does.
        """
        machine = _Machine(self._names, self._persistent)
        try:
            while not machine.done:
                machine.step(stream)
            (value,) = machine.stack
        except _DAMAGE as error:
            raise WeightsUnreadable(
                f"the pickle in the file is damaged: {error}", "fetch the file again"
            ) from error
        return value


class _Machine:
    """The stack, the memo, and what each opcode does to them."""

    def __init__(self, names: Mapping[str, Any], persistent: Callable[[Any], Any]) -> None:
        self.stack: list[Any] = []
        self.done = False
        self._memo: dict[int, Any] = {}
        self._names = names
        self._persistent = persistent

    def step(self, stream: IO[bytes]) -> None:
        known = _OPCODES[stream.read(1).decode("latin-1")]
        opcode = known.name
        # Before its argument is read: some are decoded in ways that this machine has no use for.
        if opcode not in _KNOWN:
            raise WeightsUnreadable(
                f"the pickle in the file uses {opcode}, which no dictionary of arrays needs",
                "only a state dictionary as torch.save writes it can be read",
            )
        if opcode == "GLOBAL":
            argument: Any = _dotted(stream)
        else:
            argument = known.arg.reader(stream) if known.arg else None
        if opcode in _LITERALS:
            self.stack.append(argument)
        elif opcode in _CONSTANTS:
            self.stack.append(_CONSTANTS[opcode])
        elif opcode in _TUPLES:
            many = _TUPLES[opcode]
            self.stack[-many:] = [tuple(self.stack[-many:])]
        elif opcode in _ACTS:
            getattr(self, f"_{opcode.lower()}")(argument)
        self.done = opcode == "STOP"

    def _run(self) -> list[Any]:
        """Take the values above the last mark."""
        at = len(self.stack) - 1
        while self.stack[at] is not _MARK:
            at -= 1
            if at < 0:
                raise ValueError("a mark is missing")
        run = self.stack[at + 1 :]
        del self.stack[at:]
        return run

    def _mark(self, _: None) -> None:
        self.stack.append(_MARK)

    def _empty_dict(self, _: None) -> None:
        self.stack.append({})

    def _empty_list(self, _: None) -> None:
        self.stack.append([])

    def _tuple(self, _: None) -> None:
        run = self._run()
        self.stack.append(tuple(run))

    def _append(self, _: None) -> None:
        value = self.stack.pop()
        self._top(list).append(value)

    def _appends(self, _: None) -> None:
        run = self._run()
        self._top(list).extend(run)

    def _setitem(self, _: None) -> None:
        value, key = self.stack.pop(), self.stack.pop()
        self._top(dict)[_plain(key)] = value

    def _setitems(self, _: None) -> None:
        run = self._run()
        self._top(dict).update(zip(map(_plain, run[::2]), run[1::2], strict=True))

    def _binput(self, slot: int) -> None:
        self._memo[slot] = self.stack[-1]

    def _binget(self, slot: int) -> None:
        self.stack.append(self._memo[slot])

    _long_binput = _binput
    _long_binget = _binget

    def _global(self, name: str) -> None:
        if name not in self._names:
            raise WeightsUnreadable(
                f"the pickle in the file names {name!r}, which is not allowed",
                "do not trust this file; a state dictionary holds arrays and nothing else",
            )
        self.stack.append(self._names[name])

    def _reduce(self, _: None) -> None:
        arguments, function = self.stack.pop(), self.stack.pop()
        if not any(function is known for known in self._names.values()):
            raise TypeError("a value is called that is no function")
        self.stack.append(function(*arguments))

    def _build(self, _: None) -> None:
        # State beside the contents of a dictionary, such as version numbers: not needed.
        self.stack.pop()
        self._top(dict)

    def _binpersid(self, _: None) -> None:
        self.stack.append(self._persistent(self.stack.pop()))

    def _top(self, kind: type[Any]) -> Any:
        if not isinstance(self.stack[-1], kind):
            raise TypeError(f"a {kind.__name__} was expected")
        return self.stack[-1]


def _dotted(stream: IO[bytes]) -> str:
    # The standard library's reader takes backslashes for escapes, and warns of odd ones.
    module, name = (stream.readline().removesuffix(b"\n").decode() for _ in range(2))
    return f"{module}.{name}"


def _plain(key: Any) -> str | int | float:
    # Tuples of tuples of tuples would take for ever to look up, or all of the stack.
    if not isinstance(key, str | int | float):
        raise TypeError("a key is neither a text nor a number")
    return key
