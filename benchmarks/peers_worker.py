"""One program of ``peers.py`` in its own process and environment: lines of JSON in and out.

Each is used as its own documentation says. Nothing is imported here that one of the environments
lacks.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

K = 5


class Ours:
    """lookalike, with what it does by default."""

    def __init__(self) -> None:
        from lookalike.models.options import ModelOptions
        from lookalike.pipeline import Analyst

        self.analyst = Analyst.open(ModelOptions())

    def build(self, folder: Path, gallery: Path) -> None:
        """Make a gallery of the folder."""
        from lookalike.gallery.build import build
        from lookalike.gallery.records import Header
        from lookalike.gallery.store import GalleryFile
        from lookalike.sources.folder import FolderSource

        path = gallery / "people.gallery"
        header = Header(self.analyst.space, self.analyst.template, self.analyst.views)
        file = GalleryFile.create(path, header)
        build(file, FolderSource(folder), self.analyst)
        file.close()

    def faces(self, folder: Path, _gallery: Path) -> list[int]:
        """Return how many faces were found in each photo; a gallery takes one of them."""
        from lookalike.types import Analysis

        analyses = self.analyst.analyze(photos_of(folder))
        return [len(one) if isinstance(one, Analysis) else 0 for one in analyses]

    def open(self, _folder: Path, gallery: Path) -> None:
        """Get ready for questions."""
        from lookalike.gallery.gallery import Gallery
        from lookalike.gallery.store import GalleryFile
        from lookalike.pipeline import Finder

        path = gallery / "people.gallery"
        with Gallery(GalleryFile(path, writable=True)) as opened:
            opened.learn()
        self.finder = Finder(Gallery.open(path), self.analyst)

    def query(self, photo: Path) -> list[str]:
        """Return the names of the five nearest people of the first face."""
        for matches in self.finder.find(photo).matches:
            return [match.person.name for match in matches]
        return []

    def stages(self, photo: Path) -> dict[str, float]:
        """Return the milliseconds of each step of a query."""
        from lookalike.alignment import align
        from lookalike.encoding.together import encode_together
        from lookalike.images import read
        from lookalike.search.exact import ExactIndex
        from lookalike.search.metrics import Euclidean

        vectors = self.finder.gallery.columns(everyone=False).vectors
        index = ExactIndex(vectors, Euclidean())
        marks = [time.perf_counter()]
        image = read(photo, longest_px=1600)
        marks.append(time.perf_counter())
        (faces,) = self.analyst.detector.detect([image])
        marks.append(time.perf_counter())
        crops = align(image, faces, self.analyst.template)
        marks.append(time.perf_counter())
        (encoded,) = encode_together(self.analyst.encoder, [crops])
        marks.append(time.perf_counter())
        index.search(encoded.vectors, K)
        marks.append(time.perf_counter())
        self.finder.gallery.find(encoded)
        marks.append(time.perf_counter())
        took = [(b - a) * 1000 for a, b in itertools.pairwise(marks)]
        names = ("read", "detect", "align", "encode", "search")
        # Finding searches, too, and then says who that is and how rare it is.
        return {**dict(zip(names, took, strict=False)), "match": max(took[5] - took[4], 0.0)}


class FaceRecognition:
    """face_recognition: a list of known encodings, and distances to all of them."""

    def __init__(self) -> None:
        import face_recognition

        self.api: Any = face_recognition

    def build(self, folder: Path, gallery: Path) -> None:
        """Encode every face of every photo and keep them in a file."""
        import numpy as np

        names, rows, counts = [], [], []
        for photo in photos_of(folder):
            encodings = self.api.face_encodings(self.api.load_image_file(photo))
            counts.append(len(encodings))
            rows += encodings
            names += [photo.parent.name] * len(encodings)
        np.savez(gallery / "people.npz", rows=rows, names=names, counts=counts)

    def faces(self, _folder: Path, gallery: Path) -> list[int]:
        """Return how many faces were found in each photo."""
        import numpy as np

        counts: list[int] = np.load(gallery / "people.npz")["counts"].tolist()
        return counts

    def open(self, _folder: Path, gallery: Path) -> None:
        """Get ready for questions."""
        import numpy as np

        stored = np.load(gallery / "people.npz")
        self.rows, self.names = stored["rows"], stored["names"].tolist()

    def query(self, photo: Path) -> list[str]:
        """Return the names of the five nearest people of the first face."""
        for encoding in self.api.face_encodings(self.api.load_image_file(photo)):
            distances = self.api.face_distance(self.rows, encoding)
            nearest: dict[str, None] = {}
            for at in distances.argsort():
                nearest.setdefault(self.names[at])
                if len(nearest) == K:
                    break
            return list(nearest)
        return []


class Deepface:
    """deepface: ``find`` makes its database when it is first asked, and reads it from then on."""

    settings: dict[str, Any] = {  # noqa: RUF012 - a constant
        "model_name": "Dlib",
        "detector_backend": "mtcnn",
        "distance_metric": "euclidean",
        "similarity_search": True,
        "k": K,
        "silent": True,
        "return_type": "dict",
    }

    def __init__(self) -> None:
        from deepface import DeepFace

        self.api: Any = DeepFace
        self.about: Any = None

    def build(self, folder: Path, _gallery: Path) -> None:
        """Have the database made; the question that goes with it is a vector-sized picture."""
        import numpy as np

        for kept in folder.glob("ds_model_*"):
            kept.unlink()
        blank = np.zeros((150, 150, 3), np.uint8)
        try:
            self.api.find(blank, str(folder), **self.settings)
        except ValueError as error:  # The blank has no face; the database has been made.
            self.about = error

    def faces(self, folder: Path, _gallery: Path) -> list[int]:
        """Return how many faces were found in each photo."""
        import numpy as np

        (path,) = folder.glob("ds_model_*")
        with np.load(path, allow_pickle=False) as stored:
            identities, there = stored["identity"].tolist(), stored["has_embedding"].tolist()
        counts = dict.fromkeys(identities, 0)
        for identity, has in zip(identities, there, strict=True):
            counts[identity] += bool(has)
        return list(counts.values())

    def open(self, folder: Path, _gallery: Path) -> None:
        """Get ready for questions."""
        self.folder = str(folder)

    def query(self, photo: Path) -> list[str]:
        """Return the names of the five nearest photos of the first face."""
        try:
            found = self.api.find(str(photo), self.folder, refresh_database=False, **self.settings)
        except ValueError as error:  # No face.
            self.about = error
            return []
        return [Path(row["identity"]).parent.name for row in found[0]]


def photos_of(folder: Path) -> list[Path]:
    """Return the photos of a folder of folders."""
    return sorted(folder.glob("*/*.jpg"))


PROGRAMS = {"ours": Ours, "face_recognition": FaceRecognition, "deepface": Deepface}


def answer(program: Any, asked: dict[str, Any]) -> dict[str, Any]:
    """Do what a line asks for."""
    began, processor = time.perf_counter(), time.process_time()
    if asked["do"] == "stages":
        return {"ms": program.stages(Path(asked["photo"]))}
    if asked["do"] == "query":
        people = program.query(Path(asked["photo"]))
        took = time.perf_counter() - began, time.process_time() - processor
        return {"ms": took[0] * 1000, "processor_ms": took[1] * 1000, "people": people}
    folder = Path(asked["folder"])
    with tempfile.TemporaryDirectory() as place:
        program.build(folder, Path(place))
        took = time.perf_counter() - began, time.process_time() - processor
        counts = program.faces(folder, Path(place)) if asked["count"] else []
        if asked["do"] == "open":
            program.open(folder, Path(place))
            program.query(photos_of(folder)[0])
    return {
        "photos": len(photos_of(folder)),
        "wall_s": took[0],
        "processor_s": took[1],
        "faces": sum(counts),
        "photos_with_a_face": sum(count > 0 for count in counts),
    }


def main() -> None:
    """Answer questions about one program."""
    # Networks talk to stdout; what is meant for the benchmark goes the old way.
    told = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    program = PROGRAMS[sys.argv[1]]()
    print(json.dumps({"ready": True}), file=told, flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(program, json.loads(line))), file=told, flush=True)


if __name__ == "__main__":
    main()
