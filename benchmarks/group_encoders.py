"""Does another encoder take people with East Asian names for one as often as the default one?

Run: ``python benchmarks/group_encoders.py --data DATA`` with ``DATA/lfw`` and the weights of the
encoders. Up to two photos each of every fourth person of LFW, and of everybody with a family name
of `groups.FAMILY_NAMES`. The threshold of each encoder is the one at which one in a thousand pairs
of strangers of every fourth person is taken for one.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import record
from groups import family_name

from lookalike.errors import ImageError
from lookalike.evaluation.all_pairs import PairOptions, measure_pairs
from lookalike.evaluation.curve import error_curve
from lookalike.evaluation.groups import groups
from lookalike.evaluation.report_pairs import group_fields
from lookalike.gallery.building.choice import choose_face
from lookalike.gallery.records import Columns, Header
from lookalike.models.options import ModelOptions
from lookalike.pipeline import Analyst
from lookalike.search.metrics import ready_made
from lookalike.types import Person, Photo

ENCODERS = (("dlib-resnet-v1", "euclidean"), ("facenet-vggface2", "cosine"))
RATE = 1e-3
EVERY = 4
PHOTOS = 2


def chosen(folder: Path) -> tuple[list[Path], set[str]]:
    """Return the photos, and the ids of every fourth person."""
    folders = sorted(one for one in folder.iterdir() if one.is_dir())
    people = [Person.named(one.name.replace("_", " ")) for one in folders]
    sample = {person.id for person in people[::EVERY]}
    photos = [
        photo
        for one, person in zip(folders, people, strict=True)
        if person.id in sample or family_name(person) == "East Asian"
        for photo in sorted(one.glob("*.jpg"))[:PHOTOS]
    ]
    return photos, sample


def encoded(photos: list[Path], encoder: str) -> tuple[Columns, Header]:
    """Return the faces of photos as a gallery has them."""
    analyst = Analyst.open(ModelOptions(encoder=encoder))
    kept, rows = [], []
    for photo, analysis in zip(photos, analyst.analyze(photos), strict=True):
        if not isinstance(analysis, ImageError) and len(analysis):
            row = choose_face(analysis.image, analysis.faces, "centered")
            rows.append(analysis.embeddings.vectors[0 if row is None else row])
            kept.append(photo)
    names, owners = np.unique([photo.parent.name for photo in kept], return_inverse=True)
    people = [Person.named(str(name).replace("_", " ")) for name in names]
    labelled = tuple(Person(one.id, one.name, {"family name": family_name(one)}) for one in people)
    columns = Columns(
        labelled,
        tuple(Photo(photo.name, photo.name) for photo in kept),
        owners.astype(np.int64),
        np.array(rows, np.float32),
        np.arange(len(kept)),
    )
    return columns, Header(analyst.space, analyst.template, analyst.views)


def main() -> None:
    """Measure and write ``results/group_encoders.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    photos, sample = chosen(parser.parse_args().data / "lfw")
    result: dict[str, Any] = {}
    for encoder, name in ENCODERS:
        columns, header = encoded(photos, encoder)
        metric = ready_made(name)
        fourth = columns.of(np.array([one.id in sample for one in columns.people]))
        whole = measure_pairs(fourth, header, metric, PairOptions("every fourth"))
        threshold = error_curve(whole).threshold(RATE)
        scores = measure_pairs(columns, header, metric, PairOptions("chosen"))
        result[encoder] = {
            "metric": name,
            "threshold": round(threshold, 6),
            "rate": RATE,
            "every_fourth": {"people": len(fourth.people), "photos": len(fourth.photos)},
            "groups": [group_fields(one) for one in groups(scores, "family name", threshold)],
        }
    record.write("group_encoders", result)


if __name__ == "__main__":
    main()
