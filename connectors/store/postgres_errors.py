"""What PostgreSQL says when it fails, put into the store's own errors and plain words."""

# A sentence never holds the address, a password, a statement or a value. Before a connection stands, libpq has words
# alone; afterwards every error has a code (PostgreSQL, appendix A), which no language of the server changes.

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from connectors.errors import DatabaseUnreachable, StoreError, StoreFull, StoreUnreadable
from connectors.store.disk_errors import refused_rows

WAIT_S = 5.0
"""s for which a write waits for another."""

LOST = (
    "The database does not answer: it is restarting, or the connection to it was lost. What was just begun was not "
    "saved; everything saved before is kept. Wait a minute and try again."
)
UNCERTAIN = (
    "The connection to the database was lost in the moment of saving, and the database has not come back yet. It is "
    "not known whether this was saved; everything saved before is kept. Open the page again and look before you "
    "repeat it."
)
_REFUSED = (
    "PostgreSQL refused the user or the password of HEELWISE_DATABASE. Nothing was changed. Check both; a sign such "
    "as @ in a password is written as %40, and PostgreSQL's own log says more."
)
_MISSING = (
    "There is no database of the name in HEELWISE_DATABASE on that PostgreSQL server. Nothing was changed. Create it "
    "with createdb, encoding UTF8, or correct the name."
)
_NO_SERVER = (
    "No PostgreSQL server answers at the host and port of HEELWISE_DATABASE. Nothing was changed; everything saved "
    "before is kept. Check that the server runs and that host and port are right, then try again."
)
_TOO_MANY = (
    "The PostgreSQL server takes no more connections just now. Nothing was changed. Try again in a minute; if it goes "
    "on, raise max_connections there."
)
_NOT_SECURE = (
    "A secure connection to the PostgreSQL server of HEELWISE_DATABASE could not be made: it offers none, or its "
    "certificate does not fit. Nothing was changed. Check sslmode and sslrootcert in the address."
)
_BAD_OPTION = (
    "HEELWISE_DATABASE holds an option that PostgreSQL does not know. Nothing was changed. Correct what follows the "
    "question mark in the address."
)
_NOT_A_TEXT = (
    "A text holds a sign that PostgreSQL cannot store, such as the null character. This was not saved; everything "
    "saved before is kept. Take the sign out and try again."
)

_BY_CODE: dict[str, tuple[type[StoreError], str]] = {
    "28": (StoreError, _REFUSED),
    "3D000": (StoreError, _MISSING),
    "08": (DatabaseUnreachable, LOST),
    "57P": (DatabaseUnreachable, LOST),
    "53300": (DatabaseUnreachable, _TOO_MANY),
    "53": (
        StoreFull,
        "The PostgreSQL server has no room left. What was stored before is kept as it was; the last step was not "
        "stored. Free some space where PostgreSQL keeps its data, and try again.",
    ),
    "42501": (
        StoreError,
        "The database did not allow this to the user of HEELWISE_DATABASE. Nothing was changed. Give that user the "
        "rights in docs/clinic.md, or name another.",
    ),
    "25006": (
        StoreFull,
        "The PostgreSQL server can only be read at present: it is a standby, or was set so. Nothing was changed. Name "
        "the server that takes writes, and try again.",
    ),
    "55P03": (
        StoreError,
        f"Another program has been writing to the database for more than {WAIT_S:g} seconds. Nothing was changed. "
        "Wait until it is done, or close it, and try again.",
    ),
    "40": (
        StoreError,
        "Two programs changed the same rows in the same moment, and the database kept the first. This was not saved. "
        "Try again.",
    ),
    "57014": (StoreError, "The database was told to stop this before its end. It was not saved. Try again."),
    "XX001": (
        StoreUnreadable,
        "PostgreSQL found damage in its own files. Nothing was changed. Stop Heelwise, copy the server's data folder "
        "as it is, and restore the newest dump on a sound disk.",
    ),
    "23503": (StoreError, ""),
    "23": (StoreError, ""),
}
_LONGEST_FIRST = sorted(_BY_CODE, key=len, reverse=True)

_BY_WORDS: tuple[tuple[str, type[StoreError], str], ...] = (
    ("invalid connection option", StoreError, _BAD_OPTION),
    ("invalid sslmode value", StoreError, _BAD_OPTION),
    ("invalid uri query", StoreError, _BAD_OPTION),
    ("password authentication failed", StoreError, _REFUSED),
    ("authentication failed", StoreError, _REFUSED),
    ("no password supplied", StoreError, _REFUSED),
    ("no pg_hba.conf entry", StoreError, _REFUSED),
    ("role ", StoreError, _REFUSED),
    ("too many", DatabaseUnreachable, _TOO_MANY),
    ("remaining connection slots", DatabaseUnreachable, _TOO_MANY),
    ("starting up", DatabaseUnreachable, LOST),
    ("shutting down", DatabaseUnreachable, LOST),
    ("recovery mode", DatabaseUnreachable, LOST),
    ("not yet accepting connections", DatabaseUnreachable, LOST),
    ("server closed the connection", DatabaseUnreachable, LOST),
    ("connection is lost", DatabaseUnreachable, LOST),
    ("connection is closed", DatabaseUnreachable, LOST),
    ("reset by peer", DatabaseUnreachable, LOST),
    ("certificate", StoreError, _NOT_SECURE),
    ("server does not support ssl", StoreError, _NOT_SECURE),
    ("ssl error", StoreError, _NOT_SECURE),
    ("database ", StoreError, _MISSING),
)
"""Looked for in this order: words of libpq and of the server before there is a connection."""


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what PostgreSQL raises inside the block into the store's own errors."""
    try:
        yield
    except DBAPIError as error:
        raise to_store_error(error.orig, is_lost=error.connection_invalidated) from error
    except psycopg.Error as error:
        raise to_store_error(error) from error
    except PoolTimeout as error:
        raise DatabaseUnreachable(_TOO_MANY) from error


def to_store_error(raw: BaseException | None, is_lost: bool = False) -> StoreError:
    """Build the error for what psycopg raised. `is_lost` is whether the connection was found broken."""
    code = getattr(raw, "sqlstate", None) or ""
    key = next((one for one in _LONGEST_FIRST if code.startswith(one)), None) if code else None
    if key in ("23503", "23"):
        return refused_rows(is_runner=key == "23503")
    if key is not None:
        kind, sentence = _BY_CODE[key]
        return kind(sentence)
    if is_lost:
        return DatabaseUnreachable(LOST)
    if isinstance(raw, psycopg.DataError) and not code:
        return StoreError(_NOT_A_TEXT)
    if isinstance(raw, psycopg.Error) and not code:
        return _opening_error(raw)
    return StoreUnreadable(
        f"The database is not as Heelwise left it, and refused what was asked (PostgreSQL's code {code}). Nothing was "
        "changed. `heelwise doctor` looks at it; else restore the newest dump."
    )


def is_unreachable(raw: BaseException | None, is_lost: bool = False) -> bool:
    """Return whether waiting and trying again may help."""
    return isinstance(to_store_error(raw, is_lost), DatabaseUnreachable)


def _opening_error(raw: psycopg.Error) -> StoreError:
    words = str(raw).casefold()
    for part, kind, sentence in _BY_WORDS:
        if part in words:
            return kind(sentence)
    return DatabaseUnreachable(_NO_SERVER)
