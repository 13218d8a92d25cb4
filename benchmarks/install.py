"""The wheel in empty environments: does it work, how large is it, what does importing cost?

For every Python that is named, and for every extra, an environment of its own outside of the
checkout, with a new home and an empty cache. Nothing of the checkout is used but the wheel. Newest
versions are taken, but of torch the one of ``constraints.txt``: there may be a file of it for
processors only, which is a tenth of the size.

Run: ``python benchmarks/install.py --python python3.11 --python python3.12``. Rows of other Pythons
are left as they are.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass
from email.parser import Parser
from pathlib import Path
from typing import Any

import record

ROOT = Path(__file__).parents[1]
#: What nobody installs to use the software.
NOT_FOR_USE = {"dev"}
#: For each extra, something that cannot work without it.
PROOFS = {
    "cluster": "import pathlib, shutil, subprocess, sys\n"
    "pathlib.Path('people/Grace Hopper').mkdir(parents=True)\n"
    "shutil.copy(PORTRAIT, 'people/Grace Hopper/1.jpg')\n"
    "build = [sys.executable, '-m', 'lookalike', 'gallery', 'build', '-o', 'g.gallery', '--json']\n"
    "subprocess.run([*build, '--local', '1', f'file://{pathlib.Path.cwd()}/people'], check=True)",
    "collect": "from lookalike.collecting.search_engine import SearchEngine\n"
    "from lookalike.collecting.web import Web; SearchEngine(Web())",
    "dlib": "import sys; sys.argv[1:] = ['find', PORTRAIT, '--detector', 'hog', '--json']\n"
    "from lookalike.__main__ import main; main()",
    "fonts": "from lookalike.figures.typeface import Typeface\n"
    "assert Typeface('DejaVu Sans').draws('지효 李 ศรี')",
    "keras": "import h5py, numpy as np, pathlib\n"
    "from lookalike.models.convert.keras_file import read_layers\n"
    "with h5py.File('weights.h5', 'w') as file:\n"
    "    file.attrs['layer_names'] = ['fc']; layer = file.create_group('fc')\n"
    "    layer['kernel'] = np.eye(3); layer.attrs['weight_names'] = ['kernel']\n"
    "((kernel,),) = read_layers(pathlib.Path('weights.h5')); assert (kernel == np.eye(3)).all()",
    "server": "import sys; from lookalike.gallery.opening import create_store, open_store\n"
    "from lookalike.errors import GalleryUnreachable\n"
    "try: open_store('postgresql://me@127.0.0.1:1/faces')\n"
    "except GalleryUnreachable: pass\n"
    "else: raise SystemExit('nobody listens there')\n"
    "import lookalike.gallery.server.founding, lookalike.gallery.server.index\n"
    "from lookalike.gallery.server.migrating import newest; assert newest() > 1",
    "tables": "import sys; from lookalike.gallery.starter import starter_path\n"
    "sys.argv[1:] = ['gallery', 'export', str(starter_path()), '--parquet', 'all.parquet']\n"
    "from lookalike.__main__ import main; main()",
    "train": "import torch; from pathlib import Path\n"
    "from lookalike.training.backbones import make\n"
    "from lookalike.training.config import ModelConfig\n"
    "from lookalike.training.graphs import check_parity, write_graph\n"
    "network = make(ModelConfig(dimension=8, shrink=4)).eval(); path = Path('network.onnx')\n"
    "write_graph(network, 112, path); check_parity(network, path, torch.rand(2, 3, 112, 112))",
    "video": "import av, numpy as np, sys\nfrom PIL import Image\n"
    "film = av.open('in.mp4', 'w'); track = film.add_stream('libx264', rate=10)\n"
    "track.width, track.height, track.pix_fmt = 320, 374, 'yuv420p'\n"
    "shown = np.asarray(Image.open(PORTRAIT).convert('RGB').resize((320, 374)))\n"
    "for _ in range(10):\n"
    "    film.mux(track.encode(av.VideoFrame.from_ndarray(shown, format='rgb24')))\n"
    "film.mux(track.encode()); film.close()\n"
    "sys.argv[1:] = ['video', 'label', 'in.mp4', '-o', 'out.mp4']\n"
    "from lookalike.__main__ import main; main()",
    "web": "from lookalike import Finder; from lookalike.web import Settings, create_app\n"
    "assert '/api/v1/find' in create_app(Finder.open(), Settings()).openapi()['paths']",
}
_PORTRAIT = "from lookalike.cli.demo import portrait_path; PORTRAIT = str(portrait_path())\n"
_IMPORT = (
    "import sys, time; before = set(sys.modules); began = time.perf_counter(); import lookalike\n"
    "print((time.perf_counter() - began) * 1000, len(set(sys.modules) - before))"
)


@dataclass(frozen=True)
class Place:
    """An environment outside of the checkout."""

    folder: Path
    home: Path

    @property
    def python(self) -> str:
        """Return its interpreter."""
        return str(self.folder / "bin" / "python")

    def run(self, *arguments: str) -> str:
        """Run its interpreter in an empty folder, with nothing of the caller's; return output."""
        kept = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
        kept["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
        with tempfile.TemporaryDirectory() as empty:
            done = subprocess.run(
                [self.python, *arguments],
                cwd=empty,
                env={
                    **kept,
                    "HOME": str(self.home),
                    "PATH": "/usr/bin:/bin",
                    "PYTHONNOUSERSITE": "1",
                },
                capture_output=True,
                text=True,
                check=False,
            )
        if done.returncode:
            raise SystemExit(
                f"{self.folder.name}: {' '.join(arguments)[:200]}\n{done.stderr[-3000:]}"
            )
        return done.stdout

    def megabytes(self) -> float:
        """Return what was installed, without what every environment begins with."""
        packages = next(self.folder.glob("lib/python*/site-packages"))
        files = (
            path
            for path in packages.rglob("*")
            if path.is_file()
            and not re.match(
                r"(pip|setuptools|pkg_resources|_distutils_hack)\b",
                path.relative_to(packages).parts[0],
            )
            and path.suffix != ".pyc"
        )
        return round(sum(path.stat().st_size for path in files) / 1e6, 1)


def extras(wheel: Path) -> list[str]:
    """Return the extras that the wheel offers for use."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (one for one in archive.namelist() if one.endswith(".dist-info/METADATA"))
        told = Parser().parsestr(archive.read(name).decode("utf-8"))
    return [one for one in told.get_all("Provides-Extra", []) if one not in NOT_FOR_USE]


def torch_of_the_house(folder: Path) -> Path:
    """Write the one line of the constraints that is about torch; return the file."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    path = folder / "torch.txt"
    path.write_text("\n".join(line for line in lines if line.startswith("torch==")), "utf-8")
    return path


def install(place: Place, wheel: Path, extra: str = "") -> float:
    """Install the wheel, wheels only; return seconds."""
    began = time.perf_counter()
    # face_recognition_models has no wheel; it is data and a line of Python.
    source = ["--only-binary", ":all:", "--no-binary", "face_recognition_models"]
    wanted = f"{wheel}[{extra}]" if extra else str(wheel)
    limited = ["-c", str(torch_of_the_house(place.home))]
    place.run("-m", "pip", "install", "--quiet", *source, *limited, wanted)
    place.run("-m", "pip", "check")
    return round(time.perf_counter() - began, 1)


def tried(python: str, wheel: Path, work: Path) -> dict[str, Any]:
    """Try the wheel on one Python: bare, then with each extra beside a copy of the bare one."""
    bare = Place(work / "bare", work / "home")
    bare.home.mkdir(parents=True)
    subprocess.run([python, "-m", "venv", str(bare.folder)], check=True)
    seconds = install(bare, wheel)
    took, modules = zip(*(bare.run("-c", _IMPORT).split() for _ in range(7)), strict=True)
    answer = json.loads(bare.run("-m", "lookalike", "demo", "--json"))
    answered = json.loads(bare.run("-m", "lookalike", "doctor", "--json"))
    rows = {
        "python": bare.run("-c", "import platform; print(platform.python_version())").strip(),
        "seconds": seconds,
        "megabytes": bare.megabytes(),
        "packages": len(json.loads(bare.run("-m", "pip", "list", "--format", "json"))),
        "import_ms": record.median([float(one) for one in took]),
        "import_modules": int(modules[0]),
        "demo": answer["photos"][0]["faces"][0]["matches"][0]["name"],
        "healthy": answered["healthy"],
        "extras": {},
    }
    for extra in extras(wheel):
        place = Place(work / extra, bare.home)
        # Files are shared until pip replaces them, which it does by new files.
        subprocess.run(["/bin/cp", "-al", str(bare.folder), str(place.folder)], check=True)
        seconds = install(place, wheel, extra)
        place.run("-c", _PORTRAIT + PROOFS[extra])
        rows["extras"][extra] = {
            "seconds": seconds,
            "megabytes_more": round(place.megabytes() - rows["megabytes"], 1),
        }
        shutil.rmtree(place.folder)
        print(rows["python"], extra, rows["extras"][extra], flush=True)
    return rows


def main() -> None:
    """Build the wheel, try it, and write ``results/install.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", action="append", help="interpreters to try; may be repeated")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        subprocess.run(
            [sys.executable, "-m", "build", "--quiet", "--outdir", folder, str(ROOT)], check=True
        )
        (wheel,) = work.glob("*.whl")
        rows = [
            tried(python, wheel, work / f"on-{number}")
            for number, python in enumerate(options.python or [sys.executable])
        ]
        size = round(wheel.stat().st_size / 1e6, 2)
    before = json.loads((record.RESULTS / "install.json").read_text("utf-8"))["pythons"]
    tried_now = {_minor(row) for row in rows}
    rows += [row for row in before if _minor(row) not in tried_now]
    record.write("install", {"wheel_megabytes": size, "pythons": sorted(rows, key=_minor)})


def _minor(row: dict[str, Any]) -> tuple[int, ...]:
    return tuple(int(part) for part in row["python"].split(".")[:2])


if __name__ == "__main__":
    main()
