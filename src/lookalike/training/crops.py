"""Crops of a source's photos, cut once and kept: training looks at each of them many times."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lookalike.alignment import align, template
from lookalike.detection.opening import open_detector
from lookalike.errors import ImageError, TrainingError
from lookalike.gallery.building.choice import face_of
from lookalike.images import read
from lookalike.models.runtime import Runtime
from lookalike.models.threads import threads_to_use
from lookalike.sources.opening import open_source
from lookalike.staging import staged
from lookalike.training.material import Material
from lookalike.training.writing import replacing
from lookalike.types import Person, Photo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from lookalike.protocols import Detector
    from lookalike.training.config import DataConfig
    from lookalike.types import Candidate

_LONGEST_PX: Final = 1600


def crops_of(
    data: DataConfig, name: str, folder: Path, on_photo: Callable[[int], None] = lambda _total: None
) -> Material:
    """Cut the face of every photo, or take what has been cut before.

    Parameters
    ----------
    data : DataConfig
        Where the photos are.
    name : str
        The template of the crops.
    folder : Path
        Where they are kept.
    on_photo : callable, optional
        Called for each photo with how many there are.

    Returns
    -------
    Material
        Crops, mapped from a file.

    Raises
    ------
    OptionError
        If a place is no source, or a file of names cannot be read.
    TrainingError
        If no photo shows a face.
    RunUnusable
        If the folder cannot be written.
    """
    wanted = _wanted(data)
    digest = _digest(wanted, data.detector, name)
    kept = folder / f"{digest[:16]}.json"
    if not kept.is_file():
        _cut(wanted, data, name, kept, on_photo)
    listed = json.loads(kept.read_text("utf-8"))
    side = template(name).size_px
    if not listed["photos"]:
        raise TrainingError("no photo shows a face", "check data.places")
    rows = np.memmap(kept.with_suffix(".crops"), np.uint8, "r")
    people = tuple(Person(one[0], one[1]) for one in listed["people"])
    return Material(
        people,
        tuple(Photo(sha256, uri) for sha256, uri in listed["photos"]),
        np.array(listed["groups"], np.int64),
        rows.reshape(-1, side, side, 3),
        digest,
    )


def _wanted(data: DataConfig) -> list[Candidate]:
    """Return the photos that can teach something: known before any is opened."""
    of: dict[str, list[Candidate]] = defaultdict(list)
    for one in open_source([Path(place) for place in data.places]):
        of[one.person.id].append(one)
    return [
        one
        for photos in of.values()
        if len(photos) >= data.least_photos
        for one in photos[: data.most_photos]
    ]


def _digest(wanted: Iterable[Candidate], detector: str, name: str) -> str:
    digest = hashlib.sha256(f"{detector}\t{name}\n".encode())
    for one in wanted:
        digest.update(f"{one.person.id}\t{one.uri}\t{one.stamp}\n".encode())
    return digest.hexdigest()


def _cut(
    wanted: list[Candidate],
    data: DataConfig,
    name: str,
    kept: Path,
    on_photo: Callable[[int], None],
) -> None:
    detector = open_detector(data.detector, Runtime())
    people: dict[str, tuple[int, Person]] = {}
    photos: list[tuple[str, str]] = []
    groups: list[int] = []

    def look(one: Candidate) -> tuple[Candidate, str, NDArray[np.uint8] | None]:
        return one, *_face(one, detector, name)

    with replacing(kept.with_suffix(".crops")) as part, part.open("wb") as file:
        seen = staged(wanted, look, lambda group: group, threads_to_use())
        for one, sha256, crop in seen:
            on_photo(len(wanted))
            if crop is not None:
                place, _ = people.setdefault(one.person.id, (len(people), one.person))
                groups.append(place)
                photos.append((sha256, one.uri))
                file.write(crop.tobytes())
    listed: dict[str, Any] = {
        "people": [(person.id, person.name) for _, person in people.values()],
        "photos": photos,
        "groups": groups,
    }
    with replacing(kept) as part:
        part.write_text(json.dumps(listed, ensure_ascii=False), "utf-8")


def _face(one: Candidate, detector: Detector, name: str) -> tuple[str, NDArray[np.uint8] | None]:
    try:
        data = one.load()
        image = read(data, longest_px=_LONGEST_PX)
    except (ImageError, OSError):
        return "", None
    (faces,) = detector.detect([image])
    if not len(faces):
        return "", None
    chosen = face_of(one, image, faces)
    if chosen is None:
        return "", None
    crop = align(image, faces.take([chosen]), name).pixels[0]
    return hashlib.sha256(data).hexdigest(), crop
