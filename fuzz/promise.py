"""What every reader of foreign bytes promises: a result, or an error of ours in one line.

Nothing else: no other exception, no warning, no file beside the one that was read, and that one as
it was.
"""

from __future__ import annotations

import importlib
import shutil
import traceback
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

HERE = Path(__file__).parent
#: By so much one input may raise the most memory that the process ever had.
MOST_GROWTH_MIB = 512
TARGETS = tuple(sorted(path.stem for path in (HERE / "targets").glob("[a-z]*.py")))


class Broken(Exception):
    """A promise was not kept.

    Parameters
    ----------
    what : str
        The kind of the fault and where it arose: the same for inputs that show the same fault.
    details : str
        For a person.
    """

    def __init__(self, what: str, details: str) -> None:
        super().__init__(f"{what}: {details}")
        self.what = what
        self.details = details


def target(name: str) -> ModuleType:
    """Return the module of a target: what it reads, and how its seeds are made."""
    return importlib.import_module(f"targets.{name}")


def kept(name: str) -> dict[str, Path]:
    """Return the kept inputs of a target: its seeds, and what once broke the promise."""
    return {
        path.relative_to(HERE).as_posix(): path
        for folder in ("seeds", "findings")
        for path in sorted((HERE / folder / name).glob("*"))
    }


def check(use: Callable[[bytes, Path], Any], data: bytes, folder: Path) -> str:
    """Read bytes and raise `Broken` unless the promise is kept.

    Parameters
    ----------
    use : callable
        Reads the bytes; is given an empty folder, and lets all errors out.
    data : bytes
        Anything.
    folder : Path
        An empty folder; whatever `use` puts there is taken away again.

    Returns
    -------
    str
        The name of the error of ours that was raised; empty if there was a result.
    """
    from lookalike.errors import LookalikeError

    said, before_mib = "", _peak_mib()
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        try:
            use(data, folder)
        except LookalikeError as error:
            said = type(error).__name__
            if "\n" in error.message or not error.message:
                raise Broken(f"message of {said} {_place(error)}", repr(error.message)) from error
        except Broken:
            raise
        except Exception as error:
            told = "".join(traceback.format_exception(error))
            raise Broken(f"{type(error).__name__} {_place(error)}", told[-4000:]) from error
    if heard:
        one = heard[0]
        where = f"{Path(one.filename).name}:{one.lineno}"
        raise Broken(f"{one.category.__name__} {where}", str(one.message))
    if (grown_mib := _peak_mib() - before_mib) > MOST_GROWTH_MIB:
        raise Broken(f"memory {said}", f"{grown_mib:,} MiB for {len(data):,} bytes")
    return said


def _peak_mib() -> int:
    """Return the most memory that this process has had, 0 where no system tells."""
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


@contextmanager
def untouched(path: Path, data: bytes) -> Iterator[Path]:
    """Write a file, and see that it is still alone and as it was when the block ends."""
    path.write_bytes(data)
    try:
        yield path
    finally:
        there = sorted(one.name for one in path.parent.iterdir())
        as_it_was = path.is_file() and path.read_bytes() == data
        for one in path.parent.iterdir():
            shutil.rmtree(one) if one.is_dir() else one.unlink()
        if there != [path.name]:
            raise Broken("written beside", ", ".join(there))
        if not as_it_was:
            raise Broken("written into", path.name)


def _place(error: BaseException) -> str:
    """Say where in our own code an error arose, for faults to be told apart."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "lookalike/" in frame.filename]
    last = (own or list(frames))[-1]
    inner = frames[-1]
    place = f"{Path(last.filename).name}:{last.name}"
    return place if inner is last else f"{place} {Path(inner.filename).name}:{inner.name}"
