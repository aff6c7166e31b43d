"""The tables: one for each stored contract, and the store's own."""

# Numbers are kept as whole numbers, reals or text only, so that every table can be STRICT and every value
# comes back bit for bit: a time is microseconds since 1970-01-01 UTC, a date is days since 1970-01-01, yes is
# 1 and no is 0.

from __future__ import annotations

import polars as pl
from sqlalchemy import (
    REAL,
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

from connectors.frames import STORED, Contract
from connectors.plain_text import storable

METADATA = MetaData()
_INTEGER = BigInteger().with_variant(Integer(), "sqlite")
_REAL = Double().with_variant(REAL(), "sqlite")


class _StorableText(TypeDecorator[str]):
    """Text that is written and asked for as both databases keep it; see `connectors.plain_text`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: object) -> str | None:
        return None if value is None else storable(value)


_WORDS = _StorableText().with_variant(_StorableText(collation="C"), "postgresql")
# Both databases sort text by its bytes, whatever language the server was set up in.


def stored_dtype(dtype: pl.DataType | type[pl.DataType]) -> type[pl.DataType]:
    """Return the plain Polars type a contract's type is kept as.

    Three kinds of value are the same in every database.
    """
    if dtype == pl.String:
        return pl.String
    if dtype in (pl.Float32, pl.Float64):
        return pl.Float64
    return pl.Int64


def stored_schema(contract: Contract) -> pl.Schema:
    """Return the types of a contract's columns as they lie in the table.

    See `stored_dtype`.
    """
    return pl.Schema({name: stored_dtype(column.dtype) for name, column in contract.columns.items()})


_KINDS = {pl.Int64: _INTEGER, pl.Float64: _REAL, pl.String: _WORDS}


def _table(
    name: str, *parts: Column | PrimaryKeyConstraint | UniqueConstraint | Index, counted: bool = False
) -> Table:
    return Table(name, METADATA, *parts, sqlite_strict=True, sqlite_autoincrement=counted)


def _runner_id(primary: bool = True) -> Column:
    return Column(
        "athlete_id",
        _INTEGER,
        ForeignKey("runner.athlete_id", ondelete="CASCADE"),
        primary_key=primary,
        autoincrement=False,
        nullable=False,
    )


def _contract_table(contract: Contract) -> Table:
    columns = [
        _runner_id(primary=False)
        if name == "athlete_id"
        else Column(name, _KINDS[stored_dtype(column.dtype)], nullable=column.null)
        for name, column in contract.columns.items()
    ]
    return _table(contract.name, *columns, PrimaryKeyConstraint(*contract.key))


# A number once given to a runner is never given again: it may still be part of somebody's cache key.
RUNNER_TABLE = _table(
    "runner",
    Column("athlete_id", _INTEGER, primary_key=True),
    Column("name", _WORDS, nullable=False, unique=True),
    Column("is_demo", _INTEGER, nullable=False),
    Column("is_archived", _INTEGER, nullable=False, server_default=text("0")),
    Column("label", _WORDS),
    Index("runner_label", "label", unique=True),
    counted=True,
)
MACHINE_TABLE = _table(
    "machine_setting",
    Column("name", _WORDS, primary_key=True, nullable=False),
    Column("value", _WORDS, nullable=False),
)
SUMMARY_TABLE = _table(
    "runner_summary",
    _runner_id(),
    Column("made_utc", _INTEGER, nullable=False),
    Column("fingerprint", _WORDS, nullable=False),
    Column("value", _WORDS, nullable=False),
)
VERSION_TABLE = _table(
    "version",
    _runner_id(),
    Column("contract", _WORDS, primary_key=True),
    Column("number", _INTEGER, nullable=False),
)
SETTING_TABLE = _table(
    "setting",
    _runner_id(),
    Column("name", _WORDS, primary_key=True),
    Column("value", _WORDS, nullable=False),
)
MATCH_TABLE = _table(
    "match",
    _runner_id(),
    Column("activity_id", _WORDS, primary_key=True),
    Column("same_as", _WORDS, primary_key=True),
    Column("decided_by", _WORDS, nullable=False),
    Column("is_same", _INTEGER, nullable=False),
    Column("decided_utc", _INTEGER, nullable=False),
)
JOB_TABLE = _table(
    "job",
    Column("job_id", _INTEGER, primary_key=True),
    _runner_id(primary=False),
    Column("kind", _WORDS, nullable=False),
    Column("started_utc", _INTEGER, nullable=False),
    Column("seen_utc", _INTEGER, nullable=False),
    Column("finished_utc", _INTEGER),
    Column("done", _INTEGER, nullable=False),
    Column("total", _INTEGER),
    Column("message", _WORDS),
    Column("result", _WORDS),
    Column("error", _WORDS),
    counted=True,
)
BOOKMARK_TABLE = _table(
    "bookmark",
    _runner_id(),
    Column("name", _WORDS, primary_key=True),
    Column("value", _WORDS, nullable=False),
)
IMPORT_BATCH = _table(
    "import_batch",
    Column("import_id", _INTEGER, primary_key=True),
    _runner_id(primary=False),
    Column("started_utc", _INTEGER, nullable=False),
    Column("finished_utc", _INTEGER),
    Column("taken_back_utc", _INTEGER),
    Column("is_swept", _INTEGER, nullable=False, server_default=text("0")),
    Column("account", _WORDS),
    Column("result", _WORDS),
    counted=True,
)
IMPORT_FILE = _table(
    "import_file",
    _runner_id(primary=False),
    Column("import_id", _INTEGER, primary_key=True),
    Column("digest", _WORDS, primary_key=True),
    Column("name", _WORDS, nullable=False),
)
IMPORT_ROW = _table(
    "import_row",
    _runner_id(),
    Column("contract", _WORDS, primary_key=True),
    Column("source", _WORDS, primary_key=True),
    Column("source_id", _WORDS, primary_key=True),
    Column("import_id", _INTEGER, primary_key=True),
    Column("change", _WORDS, nullable=False),
    Column("before", _WORDS),
    Column("after", _WORDS, nullable=False),
    Column("samples", _WORDS),
    Index("import_row_of_import", "import_id"),
)
FILE_MOVE = _table(
    "file_move",
    Column("move_id", _INTEGER, primary_key=True),
    _runner_id(primary=False),
    Column("origin", _WORDS),
    Column("target", _WORDS, nullable=False),
    counted=True,
)
MIGRATION_TABLE = _table(
    "migration",
    Column("number", _INTEGER, primary_key=True, autoincrement=False),
    Column("name", _WORDS, nullable=False),
    Column("applied_utc", _INTEGER, nullable=False),
)
SAMPLE_FILE_TABLE = _table(
    "sample_file",
    _runner_id(),
    Column("path", _WORDS, primary_key=True),
    Column("object_name", _WORDS, nullable=False),
    Column("digest", _WORDS, nullable=False),
    Column("byte_count", _INTEGER, nullable=False),
)
DIGEST_TABLE = _table(
    "table_digest",
    _runner_id(),
    Column("contract", _WORDS, primary_key=True),
    Column("period", _WORDS, primary_key=True),
    Column("row_count", _INTEGER, nullable=False),
    Column("digest", _WORDS, nullable=False),
    Column("is_doubted", _INTEGER, nullable=False, server_default=text("0")),
)
# Devices and pairings are of this machine: in no backup. Values are stored as their hash alone.
DEVICE_TABLE = _table(
    "device",
    Column("device_id", _INTEGER, primary_key=True),
    _runner_id(primary=False),
    Column("name", _WORDS, nullable=False),
    Column("scope", _WORDS, nullable=False),
    Column("version", _INTEGER, nullable=False),
    Column("paired_utc", _INTEGER, nullable=False),
    Column("seen_utc", _INTEGER, nullable=False),
    Column("is_tls", _INTEGER, nullable=False),
    Column("address", _WORDS),
    Column("ended_utc", _INTEGER),
    counted=True,
)
DEVICE_COOKIE_TABLE = _table(
    "device_cookie",
    Column("digest", _WORDS, primary_key=True, nullable=False),
    _runner_id(primary=False),
    Column("device_id", _INTEGER, nullable=False),
    Column("jar", _WORDS, nullable=False),
    Column("is_tls", _INTEGER, nullable=False),
    Column("made_utc", _INTEGER, nullable=False),
    Column("seen_utc", _INTEGER),
    Column("settled_utc", _INTEGER),
    Column("superseded_utc", _INTEGER),
    Index("device_cookie_of_jar", "jar"),
)
PAIRING_TABLE = _table(
    "pairing",
    Column("pairing_id", _INTEGER, primary_key=True),
    _runner_id(primary=False),
    Column("kind", _WORDS, nullable=False),
    Column("scope", _WORDS, nullable=False),
    Column("device_id", _INTEGER),
    Column("secret_digest", _WORDS),
    Column("code_digest", _WORDS),
    Column("state", _WORDS, nullable=False),
    Column("changed_utc", _INTEGER, nullable=False),
    Column("phone_name", _WORDS),
    Column("number", _WORDS),
    Column("ticket_digest", _WORDS),
    Column("jar", _WORDS),
    counted=True,
)
PAIRING_TRY_TABLE = _table(
    "pairing_try",
    Column("try_id", _INTEGER, primary_key=True),
    Column("tried_utc", _INTEGER, nullable=False),
    Column("is_code", _INTEGER, nullable=False),
    counted=True,
)
PHONE_ENTRY_TABLE = _table(
    "phone_entry",
    _runner_id(),
    Column("entry_id", _WORDS, primary_key=True),
    Column("device_id", _INTEGER),
    Column("kind", _WORDS, nullable=False),
    Column("date", _INTEGER, nullable=False),
    Column("tapped_utc", _INTEGER, nullable=False),
    Column("received_utc", _INTEGER, nullable=False),
    Column("value", _WORDS, nullable=False),
)
# A clinic's server. Persons, sessions and sign-ins are of this server: in no backup. Secrets are stored as their hash
# alone; a person is known by issuer and subject, never by name or e-mail.
PERSON_TABLE = _table(
    "person",
    Column("person_id", _INTEGER, primary_key=True),
    Column("issuer", _WORDS, nullable=False),
    Column("subject", _WORDS, nullable=False),
    Column("display_name", _WORDS),
    Column("group_names", _WORDS, nullable=False, server_default=text("'[]'")),
    Column("is_therapist", _INTEGER, nullable=False, server_default=text("0")),
    Column("is_admin", _INTEGER, nullable=False, server_default=text("0")),
    Column("version", _INTEGER, nullable=False, server_default=text("1")),
    Column("added_utc", _INTEGER, nullable=False),
    Column("seen_utc", _INTEGER),
    Column("removed_utc", _INTEGER),
    UniqueConstraint("issuer", "subject", name="person_of_issuer"),
    counted=True,
)
SIGN_IN_TABLE = _table(
    "sign_in",
    Column("state_digest", _WORDS, primary_key=True, nullable=False),
    Column("browser_digest", _WORDS, nullable=False),
    Column("nonce", _WORDS, nullable=False),
    Column("code_verifier", _WORDS, nullable=False),
    Column("return_to", _WORDS, nullable=False),
    Column("begun_utc", _INTEGER, nullable=False),
)
PERSON_SESSION_TABLE = _table(
    "person_session",
    Column("session_digest", _WORDS, primary_key=True, nullable=False),
    Column("person_id", _INTEGER, ForeignKey("person.person_id", ondelete="CASCADE"), nullable=False),
    Column("provider_session", _WORDS),
    Column("made_utc", _INTEGER, nullable=False),
    Column("acted_utc", _INTEGER, nullable=False),
    Column("ends_utc", _INTEGER, nullable=False),
    Column("ended_utc", _INTEGER),
    Index("person_session_of_person", "person_id"),
)
LOGOUT_TOKEN_TABLE = _table(
    "logout_token",
    Column("token_digest", _WORDS, primary_key=True, nullable=False),
    Column("until_utc", _INTEGER, nullable=False),
)
GRANT_TABLE = _table(
    "access_grant",
    Column("grant_id", _INTEGER, primary_key=True),
    _runner_id(primary=False),
    Column("person_id", _INTEGER, ForeignKey("person.person_id", ondelete="CASCADE"), nullable=False),
    Column("access", _WORDS, nullable=False),
    Column("given_by", _INTEGER),
    Column("given_utc", _INTEGER, nullable=False),
    Column("until_date", _INTEGER),
    Column("ended_utc", _INTEGER),
    Column("is_confirmed", _INTEGER, nullable=False, server_default=text("1")),
    Index("access_grant_of_person", "person_id"),
    Index("access_grant_of_runner", "athlete_id"),
    counted=True,
)
CLAIM_CODE_TABLE = _table(
    "claim_code",
    Column("claim_id", _INTEGER, primary_key=True),
    Column("code_digest", _WORDS, nullable=False, unique=True),
    _runner_id(primary=False),
    Column("made_by", _INTEGER),
    Column("made_utc", _INTEGER, nullable=False),
    Column("initials", _WORDS),
    Column("birth_year", _INTEGER),
    Column("tries", _INTEGER, nullable=False, server_default=text("0")),
    Column("claimed_by", _INTEGER),
    Column("claimed_utc", _INTEGER),
    Column("undone_utc", _INTEGER),
    counted=True,
)
RUNNER_ALIAS_TABLE = _table(
    "runner_alias",
    _runner_id(),
    Column("alias", _WORDS, nullable=False, unique=True),
)
ACCESS_LOG_TABLE = _table(
    "access_log",
    Column("entry_id", _INTEGER, primary_key=True),
    Column("at_utc", _INTEGER, nullable=False),
    Column("alias", _WORDS),
    Column("actor", _WORDS, nullable=False),
    Column("action", _WORDS, nullable=False),
    Column("subject", _WORDS),
    Column("previous_digest", _WORDS, nullable=False),
    Column("digest", _WORDS, nullable=False),
    Index("access_log_of_alias", "alias"),
    counted=True,
)
ACCESS_LOG_HEAD_TABLE = _table(
    "access_log_head",
    Column("name", _WORDS, primary_key=True, nullable=False),
    Column("entries", _INTEGER, nullable=False),
    Column("digest", _WORDS, nullable=False, server_default=text("''")),
)
LEASE_TABLE = _table(
    "lease",
    Column("name", _WORDS, primary_key=True, nullable=False),
    Column("holder", _WORDS, nullable=False),
    Column("until_utc", _INTEGER, nullable=False),
)
TABLES = {contract.name: _contract_table(contract) for contract in STORED}
