"""Build the starter gallery from LFW and PINS: names and vectors, no photos.

Run it again with ``make starter DATA=<folder with lfw/, pins/ and lfw-people.csv>``.
"""

from __future__ import annotations

import argparse
import csv
import tomllib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lookalike.gallery.asking.rarity import LEARNED
from lookalike.gallery.asking.selection import WELL_KNOWN
from lookalike.gallery.build import BuildOptions, build
from lookalike.gallery.copying import compact
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.opt_out import read_opt_out
from lookalike.gallery.records import Header
from lookalike.gallery.store import GalleryFile
from lookalike.pipeline import Analyst
from lookalike.sources.folder import clean_name
from lookalike.types import Candidate, Person, person_id

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent


class StarterSource:
    """The chosen photos of both sets, the well-known people first.

    Parameters
    ----------
    data : Path
        The folder with ``lfw/``, ``pins/`` and ``lfw-people.csv``.
    recipe : dict
        ``recipe.toml``.
    """

    # Stands beside every photo, and its place in the sets is said by the uri.
    name = ""

    def __init__(self, data: Path, recipe: dict[str, Any]) -> None:
        self.data = data
        self.recipe = recipe
        with (data / "lfw-people.csv").open(encoding="utf-8") as stream:
            self.in_news = {
                row["name"]: int(row["photos_in_lfw"]) for row in csv.DictReader(stream)
            }
        self.people = self._people()

    def _people(self) -> dict[str, tuple[Person, list[Path]]]:
        """Merge both sets by person: the same name in both is one person."""
        photos: dict[str, list[Path]] = {}
        names: dict[str, str] = {}
        fame: Counter[str] = Counter()
        actors = set()
        for folder in self._folders("pins"):
            key, name = self._named(folder)
            names[key] = name
            actors.add(key)
            photos.setdefault(key, []).extend(self._photos(folder))
        for folder in self._folders("lfw"):
            key, name = self._named(folder)
            names.setdefault(key, name)
            fame[key] += self.in_news.get(folder.name, 0)
            photos.setdefault(key, []).extend(self._photos(folder))
        known = {
            key for key in names if key in actors or fame[key] >= self.recipe["well_known_photos"]
        }
        known.difference_update(self.recipe["not_well_known"])
        people = {}
        for key in sorted(names, key=lambda key: (key not in known, key)):
            well_known = key in known
            most = self.recipe["photos_of_well_known" if well_known else "photos_of_others"]
            facts = {WELL_KNOWN: well_known, "photos_in_news": fame[key]}
            people[key] = Person(key, names[key], facts), photos[key][:most]
        return people

    def _folders(self, of: str) -> list[Path]:
        return [folder for folder in sorted((self.data / of).iterdir()) if folder.is_dir()]

    def _named(self, folder: Path) -> tuple[str, str]:
        """Return the id and the name of the person whose folder it is."""
        name = self.recipe["names"].get(folder.name, clean_name(folder.name))
        return person_id(name), name

    def _photos(self, folder: Path) -> list[Path]:
        """Return a folder's photos that show whom they should."""
        wrong = self.recipe["wrong_photos"]
        paths = sorted(folder.glob("*.jpg"))
        return [path for path in paths if path.relative_to(self.data).as_posix() not in wrong]

    def __iter__(self) -> Iterator[Candidate]:
        """Offer the photos one by one."""
        for person, paths in self.people.values():
            for path in paths:
                # Files of LFW repeat their folder's name; the shorter place saves a megabyte in 25.
                of, *_, name = path.relative_to(self.data).parts
                uri = f"{of}/{name}" if of == "lfw" else path.relative_to(self.data).as_posix()
                yield Candidate(person, uri, path.read_bytes, str(path.stat().st_size))


def main() -> None:
    """Build the gallery and say what is in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with lfw/, pins/ and lfw-people.csv")
    parser.add_argument("output", type=Path, help="the gallery file to write")
    arguments = parser.parse_args()
    recipe = tomllib.loads((HERE / "recipe.toml").read_text("utf-8"))
    source = StarterSource(arguments.data, recipe)
    analyst = Analyst.open()
    header = Header(
        analyst.space,
        analyst.template,
        analyst.views,
        vector_type="float16",
        title="starter gallery",
    )
    arguments.output.unlink(missing_ok=True)
    gallery = GalleryFile.create(arguments.output, header)
    # Both sets are cropped around the person: the face in the middle is the one that is meant.
    options = BuildOptions(
        faces="centered", portrait_px=0, opted_out=read_opt_out(HERE / "opt-out.txt")
    )
    summary = build(gallery, source, analyst, options)
    people = gallery.counts()["people"]
    for metric in LEARNED:
        Gallery(gallery).learn(metric)
    gallery.close()
    compact(arguments.output)
    size = arguments.output.stat().st_size
    print(f"{summary.added} photos of {people} people, {size:,} bytes")
    for reason, count in summary.turned_down.most_common():
        print(f"{count} not used: {reason}")


if __name__ == "__main__":
    main()
