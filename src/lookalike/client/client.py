"""A small client of the service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from lookalike.client.answers import (
    CompareAnswer,
    DetectAnswer,
    ExplainAnswer,
    FindAnswer,
    IdentifyAnswer,
    TogetherAnswer,
)
from lookalike.client.fields import files, part
from lookalike.client.gallery_answers import AddedAnswer, GalleryAnswer, PeopleAnswer, RemovedAnswer
from lookalike.client.line import Line
from lookalike.client.making import made

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Unpack

    from lookalike.client.fields import (
        CardFields,
        CompareFields,
        FindFields,
        IdentifyFields,
        MatchFields,
        Photo,
        Provenance,
    )


class Client:
    """Asks a service. For one thread at a time.

    Parameters
    ----------
    address : str, default "http://127.0.0.1:8000"
        Where it is.
    token : str, optional
        What it wants to see.
    time_s : float, default 60
        How long an answer may take.
    patience_s : float, default 0
        For how long to try again where the service says that it may work later.

    Examples
    --------
    >>> from lookalike.client import Client
    >>> with Client("http://127.0.0.1:8000", patience_s=30) as client:
    ...     found = client.find("me.jpg", k=3)  # doctest: +SKIP
    """

    def __init__(
        self,
        address: str = "http://127.0.0.1:8000",
        token: str | None = None,
        time_s: float = 60.0,
        patience_s: float = 0.0,
    ) -> None:
        self._line = Line(address, token, time_s, patience_s)

    def __enter__(self) -> Self:
        """Return the client itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the connection."""
        self._line.close()

    def find(self, *photos: Photo, **fields: Unpack[FindFields]) -> FindAnswer:
        """Say whom every face of some photos resembles most.

        Parameters
        ----------
        *photos : path or bytes
            At least one.
        **fields : FindFields
            As `lookalike.FindOptions`, with the gallery's name, and whether to cut the faces out.

        Returns
        -------
        FindAnswer
            With an answer for each photo; of several, one may have an error instead.

        Raises
        ------
        LookalikeError
            The error that the library would raise, by the service's account.
        """
        return made(FindAnswer, self._post("find", files("photo", photos), fields))

    def together(self, *photos: Photo, **fields: Unpack[FindFields]) -> TogetherAnswer:
        """Say whom one visitor resembles by several photos.

        Parameters
        ----------
        *photos : path or bytes
            Of one person; others may be in them.
        **fields : FindFields
            As for `find`.

        Returns
        -------
        TogetherAnswer
            One answer, how stable it is, and what became of each photo.
        """
        return made(TogetherAnswer, self._post("together", files("photo", photos), fields))

    def detect(self, *photos: Photo, portraits: bool = False) -> DetectAnswer:
        """Say where the faces of some photos are.

        Parameters
        ----------
        *photos : path or bytes
            At least one.
        portraits : bool, default False
            Whether to cut the faces out.

        Returns
        -------
        DetectAnswer
            With an answer for each photo.
        """
        told = self._post("detect", files("photo", photos), {"portraits": portraits})
        return made(DetectAnswer, told)

    def compare(self, one: Photo, other: Photo, **fields: Unpack[CompareFields]) -> CompareAnswer:
        """Say how alike the largest faces of two photos are, and whether they are one person.

        Parameters
        ----------
        one, other : path or bytes
            The photos.
        **fields : CompareFields
            As `lookalike.comparing.CompareOptions`, and a gallery to judge by.

        Returns
        -------
        CompareAnswer
            The distance, what it means, and the decision.
        """
        both = [*files("one", [one]), *files("other", [other])]
        return made(CompareAnswer, self._post("compare", both, fields))

    def identify(self, *photos: Photo, **fields: Unpack[IdentifyFields]) -> IdentifyAnswer:
        """Say who of a gallery is in some photos, or nobody of it.

        Parameters
        ----------
        *photos : path or bytes
            At least one.
        **fields : IdentifyFields
            As `lookalike.identification.options.IdentifyOptions`, and the gallery.

        Returns
        -------
        IdentifyAnswer
            With an answer for each photo.
        """
        return made(IdentifyAnswer, self._post("identify", files("photo", photos), fields))

    def explain(self, photo: Photo, person: str, **fields: Unpack[MatchFields]) -> ExplainAnswer:
        """Say which parts make a face and a match alike.

        Parameters
        ----------
        photo : path or bytes
            As it was given to `find`.
        person : str
            The match's id.
        **fields : MatchFields
            Which face, and what `find` was asked.

        Returns
        -------
        ExplainAnswer
            What counts most comes first.
        """
        told = self._post("explain", files("photo", [photo]), {"person": person, **fields})
        return made(ExplainAnswer, told)

    def card(self, photo: Photo, person: str, **fields: Unpack[CardFields]) -> bytes:
        """Draw a card of a face and a match.

        Parameters
        ----------
        photo : path or bytes
            As it was given to `find`.
        person : str
            The match's id.
        **fields : CardFields
            Which face, what `find` was asked, and how it looks.

        Returns
        -------
        bytes
            A PNG file, with what it shows and whose photo it is in its text.
        """
        said = {"person": person, **fields}
        form = {name: str(value) for name, value in said.items()}
        return self._line.ask("POST", "card", files=files("photo", [photo]), data=form).content

    def galleries(self) -> list[GalleryAnswer]:
        """Return the galleries, the default one first."""
        return made(list[GalleryAnswer], self._line.ask("GET", "galleries").json()["galleries"])

    def people(
        self, gallery: str, name: str = "", offset: int = 0, limit: int = 100
    ) -> PeopleAnswer:
        """Say who is in a gallery.

        Parameters
        ----------
        gallery : str
            Its name.
        name : str, default ""
            Part of the names that are looked for.
        offset, limit : int
            How many to pass over, and how many to return, at most 500.

        Returns
        -------
        PeopleAnswer
            By name.
        """
        query = {"name": name, "offset": offset, "limit": limit}
        path = f"galleries/{part(gallery)}/people"
        return made(PeopleAnswer, self._line.ask("GET", path, params=query).json())

    def add(
        self, gallery: str, person: str, *photos: Photo, **known: Unpack[Provenance]
    ) -> AddedAnswer:
        """Add photos of one person to a gallery. Takes a token that may manage.

        Parameters
        ----------
        gallery : str
            Its name.
        person : str
            A name or an id.
        *photos : path or bytes
            At least one.
        **known : Provenance
            Their licence, whom to name, the page they were published on, and which face counts.

        Returns
        -------
        AddedAnswer
            What became of them.
        """
        path = f"galleries/{part(gallery)}/people"
        told = self._post(path, files("photo", photos), {"person": person, **known})
        return made(AddedAnswer, told)

    def remove(self, gallery: str, who: str, *, forever: bool = False) -> RemovedAnswer:
        """Delete somebody from a gallery. Takes a token that may manage.

        Parameters
        ----------
        gallery : str
            Its name.
        who : str
            An id or a name, or the SHA-256 of a photo.
        forever : bool, default False
            Whether to turn them away from now on.

        Returns
        -------
        RemovedAnswer
            How many faces are gone.
        """
        path = f"galleries/{part(gallery)}/people/{part(who)}"
        query = {"forever": str(forever).lower()}
        return made(RemovedAnswer, self._line.ask("DELETE", path, params=query).json())

    def picture(self, portrait: str) -> bytes:
        """Fetch a portrait.

        Parameters
        ----------
        portrait : str
            As an answer holds it.

        Returns
        -------
        bytes
            A JPEG file.
        """
        return self._line.ask("GET", portrait.removeprefix("/api/v1/")).content

    def _post(self, path: str, photos: Sequence[Any], fields: Mapping[str, Any]) -> Any:
        said = {name: str(value) for name, value in fields.items()}
        return self._line.ask("POST", path, files=photos, data=said).json()
