"""Who may do what with a gallery on a server: as SQL, for the database's owner to read and run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from lookalike.errors import OptionError

if TYPE_CHECKING:
    from lookalike.gallery.places import Address

#: PostgreSQL cuts names off after 63 bytes without an error: of a longer gallery's name, the reader
#: and the writer would be one role.
_LONGEST: Final = 63 - len("_reader")

_SQL: Final = """\
-- Run as the owner of the gallery {gallery}, who alone makes and upgrades its tables:
--     lookalike gallery roles ADDRESS | psql DATABASE
-- The reader can find and look; the writer can also add, change and remove people and photos.
-- Neither can log in: give them to users, as in the last lines.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{gallery}_reader') THEN
        CREATE ROLE "{gallery}_reader" NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{gallery}_writer') THEN
        CREATE ROLE "{gallery}_writer" NOLOGIN;
    END IF;
END $$;
REVOKE ALL ON SCHEMA "{gallery}" FROM PUBLIC;
GRANT CONNECT ON DATABASE "{database}" TO "{gallery}_reader", "{gallery}_writer";
GRANT USAGE ON SCHEMA "{gallery}" TO "{gallery}_reader", "{gallery}_writer";
GRANT SELECT ON ALL TABLES IN SCHEMA "{gallery}" TO "{gallery}_reader", "{gallery}_writer";
GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "{gallery}" TO "{gallery}_writer";
REVOKE INSERT, UPDATE, DELETE ON "{gallery}".revision FROM "{gallery}_writer";
GRANT USAGE ON ALL SEQUENCES IN SCHEMA "{gallery}" TO "{gallery}_writer";
-- CREATE ROLE web LOGIN PASSWORD '...' IN ROLE "{gallery}_reader";
-- CREATE ROLE builder LOGIN PASSWORD '...' IN ROLE "{gallery}_writer";
"""


def roles_sql(address: Address) -> str:
    """Return the SQL that makes a reader and a writer of a gallery.

    Parameters
    ----------
    address : Address
        Where the gallery is; nobody is asked.

    Returns
    -------
    str
        Statements for the gallery's owner. Run again, they change nothing.

    Raises
    ------
    OptionError
        If the gallery's name is so long that both roles would have the same one.
    """
    if len(address.gallery) > _LONGEST:
        raise OptionError(
            f"the name {address.gallery!r} is too long for roles of its own",
            f"copy the gallery to a name of at most {_LONGEST} letters",
        )
    database = unquote(urlsplit(address.database).path.strip("/")).replace('"', '""')
    return _SQL.format(gallery=address.gallery, database=database)
