"""Follow the tutorial, word for word, where nothing has been prepared.

With ``--wheel``, as a reader on a bare machine does: an empty home, no cache, an environment that
the page's own lines make, and the wheel in place of the package of that name. Without, in the
environment that runs this: the lines that install are left out. ``--keep`` takes the
files that were made along.

Run: ``make tutorial``.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).parent / "tutorial" / "index.md"
_BLOCK: Final = re.compile(
    r"(?:<!-- file: (?P<file>[\w.]+) -->\n)?```(?P<kind>console|python)\n(?P<text>.*?)```",
    re.DOTALL,
)
_INSTALLING: Final = ("python3 -m venv", ". .venv/bin/activate", "pip install")
#: What the page must have made.
MADE: Final = (
    "demo.png",
    "my.gallery",
    "mine.png",
    "why.png",
    "card.png",
    "labeled.mp4",
    "labeled-people/people.json",
)
#: Asks the page of a service until it answers, and what it answers.
_VISIT: Final = """
import sys, time, urllib.request
for _ in range(300):
    try:
        told = urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}/", timeout=5).read()
        break
    except OSError:
        time.sleep(0.1)
else:
    raise SystemExit("the page did not come")
assert b"<title>" in told
print("the page answers,", len(told), "bytes")
"""


def script(page: str, *, bare: bool, port: int) -> str:
    """Return the page as a shell script.

    Parameters
    ----------
    page : str
        Markdown.
    bare : bool
        Whether the lines that install are run, too.
    port : int
        Where its service is told to listen.

    Returns
    -------
    str
        What stops at the first line that fails.
    """
    lines = ["set -eu"]
    for block in _BLOCK.finditer(page):
        if block["kind"] == "python":
            if not block["file"]:
                raise SystemExit(f"no file is named for this block:\n{block['text']}")
            lines.append(f"printf %s {shlex.quote(block['text'])} > {block['file']}")
            continue
        for line in block["text"].splitlines():
            if not line.startswith("$ "):
                continue
            command = line[2:]
            if not bare and command.startswith(_INSTALLING):
                continue
            lines.append(f"echo {shlex.quote(line)}")
            if command.startswith("lookalike serve"):
                visit = f"python -c {shlex.quote(_VISIT)} {port}"
                lines += [f"{command} &", "service=$!", visit, 'kill -INT "$service"']
                lines.append('wait "$service" || [ $? -eq 130 ]')
            else:
                lines.append(command)
    return "\n".join(lines) + "\n"


def follow(wheel: Path | None, folder: Path) -> None:
    """Run the page in an empty folder.

    Parameters
    ----------
    wheel : Path or None
        What stands in for the package; None for the environment that runs this.
    folder : Path
        Becomes the home, and holds what is made.
    """
    port = free_port()
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin" if wheel is None else _python3(folder)
    kept = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    environment = {
        **kept,
        "PATH": path,
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "BROWSER": "true",  # nobody looks
        "LOOKALIKE_SERVE_PORT": str(port),
        "PYTHONNOUSERSITE": "1",
    }
    if wheel is None:
        # Networks that have been converted before need not be again.
        environment |= {
            name: os.environ[name]
            for name in ("LOOKALIKE_CACHE", "XDG_CACHE_HOME")
            if name in os.environ
        }
    else:
        constraint = folder / "constraint.txt"
        constraint.write_text(f"lookalike=={wheel.name.split('-')[1]}\n", "utf-8")
        environment["PIP_CONSTRAINT"] = str(constraint)
        links = [environment.get("PIP_FIND_LINKS", ""), str(wheel.resolve().parent)]
        environment["PIP_FIND_LINKS"] = " ".join(links).strip()
    told = script(PAGE.read_text("utf-8"), bare=wheel is not None, port=port)
    done = subprocess.run(["/bin/bash", "-c", told], cwd=folder, env=environment, check=False)
    if done.returncode:
        sys.exit(f"the tutorial stopped with {done.returncode}")
    missing = [name for name in MADE if not (folder / name).is_file()]
    if missing:
        sys.exit(f"the tutorial did not make {', '.join(missing)}")


def free_port() -> int:
    """Return a port of this machine that nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _python3(folder: Path) -> str:
    """Return a search path on which ``python3`` is this Python, bare of its packages."""
    tools = folder / "tools"
    tools.mkdir()
    (tools / "python3").symlink_to(Path(sys.base_prefix, "bin", "python3").resolve())
    return f"{tools}:/usr/bin:/bin"


def main() -> None:
    """Follow the page once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wheel", type=Path, help="a wheel to install where the page says so")
    parser.add_argument("--keep", type=Path, help="a folder for what was made")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        follow(options.wheel, Path(folder))
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
            for name in (*MADE, "visitor.jpg"):
                target = options.keep / name
                target.parent.mkdir(exist_ok=True)
                shutil.copy(Path(folder, name), target)
    print("the tutorial works")


if __name__ == "__main__":
    main()
