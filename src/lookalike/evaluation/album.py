"""The photos of a report: their pictures, and whom to name for them."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lookalike.errors import ImageError
from lookalike.figures.initials import initials
from lookalike.gallery.opening import open_store
from lookalike.gallery.pictures import portrait
from lookalike.images import encode_jpeg, read
from lookalike.reports import Pair, Picture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from lookalike.evaluation.cast import Cast
    from lookalike.evaluation.failures import Failure
    from lookalike.gallery.seam import Store
    from lookalike.types import Photo


@dataclass(frozen=True, slots=True, eq=False)
class Album:
    """Pictures of the photos of scores.

    Parameters
    ----------
    cast : Cast
        Who is in the photos.
    picture : callable
        Returns the JPEG of a photo by its position in the cast; empty bytes if there is none.
    known : mapping of int to Photo
        What is known of photos, by their position.
    """

    cast: Cast
    picture: Callable[[int], bytes]
    known: Mapping[int, Photo]

    @classmethod
    def without_pictures(cls, cast: Cast) -> Album:
        """Return an album of initials.

        Parameters
        ----------
        cast : Cast
            Who is in the photos.

        Returns
        -------
        Album
            Without any picture.
        """
        return cls(cast, lambda _at: b"", {})

    @classmethod
    def of_gallery(cls, cast: Cast, file: Store) -> Album:
        """Return an album of what a gallery keeps of its photos.

        Parameters
        ----------
        cast : Cast
            Who is in the photos.
        file : Store
            The gallery that was measured. What has changed there since is shown without picture.

        Returns
        -------
        Album
            With pictures and credits.
        """
        columns = file.columns()
        there = dict(zip(columns.numbers.tolist(), columns.photos, strict=True))
        known = {
            at: there[number]
            for at, (number, uri) in enumerate(zip(cast.numbers.tolist(), cast.photos, strict=True))
            if number in there and there[number].uri == uri
        }

        def picture(at: int) -> bytes:
            pixels = portrait(file, int(cast.numbers[at])) if at in known else None
            return b"" if pixels is None else encode_jpeg(pixels)

        return cls(cast, picture, known)

    @classmethod
    def of_folder(cls, cast: Cast, folder: Path) -> Album:
        """Return an album of photos in a folder.

        Parameters
        ----------
        cast : Cast
            Who is in the photos, which are named relative to the folder.
        folder : Path
            Where they are.

        Returns
        -------
        Album
            With the photos as they are.
        """

        def picture(at: int) -> bytes:
            try:
                return encode_jpeg(read(folder / cast.photos[at], longest_px=250).pixels)
            except ImageError:
                return b""

        return cls(cast, picture, {})

    def show(self, at: int) -> Picture:
        """Return a photo as a report shows it.

        Parameters
        ----------
        at : int
            Its position in the cast.

        Returns
        -------
        Picture
            With whom to name.
        """
        name, photo = self.cast.people[self.cast.owners[at]].name, self.known.get(at)
        credit = (photo.licence, photo.credit, photo.page) if photo else ("", "", "")
        return Picture(at, name, self.cast.photos[at], initials(name), *credit)

    def pair(self, failure: Failure, words: str) -> Pair:
        """Return two photos beside each other.

        Parameters
        ----------
        failure : Failure
            Which.
        words : str
            Why they are shown.

        Returns
        -------
        Pair
            For a report.
        """
        return Pair(self.show(failure.photos[0]), self.show(failure.photos[1]), words)


@contextmanager
def gallery_album(cast: Cast, path: Path) -> Iterator[Album]:
    """Open a gallery for its pictures.

    Parameters
    ----------
    cast : Cast
        Who is in the photos of the scores.
    path : Path
        The gallery that was measured.

    Yields
    ------
    Album
        While the gallery is open.

    Raises
    ------
    GalleryError
        If it cannot be read.
    """
    file = open_store(path)
    try:
        yield Album.of_gallery(cast, file)
    finally:
        file.close()
