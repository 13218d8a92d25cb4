"""Build what is published: wheel and sdist, twice, equal byte for byte, checked, and listed.

Beside them come their digests and a bill of materials (CycloneDX) of an environment that holds
nothing but the wheel and what it brings, in the versions of ``constraints.txt``.

Run: ``make release``.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
#: W004: a module that begins with an underscore is private here, not misplaced.
_IGNORED: Final = "W004"


def run(*command: str, **environment: str) -> str:
    """Run a program; return its output, or stop with what it said."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


def build(folder: Path) -> dict[str, str]:
    """Build both files; return the digest of each by its name."""
    # The time of the last commit, so that whoever builds that commit gets the same bytes.
    when = run("git", "log", "-1", "--format=%ct").strip()
    # The build tool is the pinned one of this environment.
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    run(*command, SOURCE_DATE_EPOCH=when)
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
        if path.suffix in (".whl", ".gz")
    }


def check(folder: Path) -> None:
    """Let two tools look for what is wrong with the files."""
    files = [str(path) for path in sorted(folder.iterdir()) if path.suffix in (".whl", ".gz")]
    print(run(sys.executable, "-m", "twine", "check", "--strict", *files))
    wheels = [path for path in files if path.endswith(".whl")]
    tool = str(Path(sys.executable).with_name("check-wheel-contents"))
    print(run(tool, "--toplevel", "lookalike", *wheels))


def materials(folder: Path) -> Path:
    """Write what an environment with nothing but the wheel consists of."""
    (wheel,) = folder.glob("*.whl")
    with tempfile.TemporaryDirectory() as place:
        venv.create(place, with_pip=True)
        python = str(Path(place, "bin", "python"))
        constraints = str(ROOT / "constraints.txt")
        run(python, "-m", "pip", "install", "-q", "-c", constraints, str(wheel))
        written = folder / "sbom.json"
        run(
            sys.executable, "-m", "cyclonedx_py", "environment", python,
            "--output-reproducible", "--output-format", "JSON", "--output-file", str(written),
        )  # fmt: skip
    return written


def main() -> None:
    """Build, compare, check, list."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where to, such as dist; must be empty")
    parser.add_argument("--no-materials", action="store_true", help="leave the list out")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    if any(options.folder.iterdir()):
        raise SystemExit(f"{options.folder} is not empty")
    made = build(options.folder)
    with tempfile.TemporaryDirectory() as other:
        again = build(Path(other))
    if made != again:
        raise SystemExit(f"two builds differ: {made} and {again}")
    check(options.folder)
    if not options.no_materials:
        print(materials(options.folder).name)
    lines = "".join(f"{digest}  {name}\n" for name, digest in made.items())
    (options.folder / "SHA256SUMS").write_text(lines, "utf-8")
    print(lines, end="")


if __name__ == "__main__":
    main()
