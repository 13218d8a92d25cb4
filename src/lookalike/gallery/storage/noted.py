"""What kinds of things the journal notes, and how notes of what is gone are taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete

from lookalike.gallery.storage import schema

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

PERSON: Final = "person"
ALIAS: Final = "alias"
FACE: Final = "face"


def forget(connection: Connection, faces: Collection[int], ids: Collection[str]) -> None:
    """Take out what was written down of faces and people who are gone.

    The number of a face that is gone may be given to another one: a step must not find that one.

    Parameters
    ----------
    connection : Connection
        In a transaction.
    faces : collection of int
        Numbers of faces.
    ids : collection of str
        Ids of people.
    """
    row = schema.journal.c
    of_faces = (row.kind == FACE) & row.key.in_([str(face) for face in faces])
    of_people = (row.kind != FACE) & row.key.in_(ids)
    connection.execute(delete(schema.journal).where(of_faces | of_people))
