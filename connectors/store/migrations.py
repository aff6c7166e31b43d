"""Numbered steps from an older store to this one."""

# A step is a function of a connection that writes only what it is for. It is never changed once released; a
# new one goes to the end. Its body holds its own words, since the tables of `tables.py` move on and it must
# not.
# A store on PostgreSQL is made with all steps up to `NEUTRAL_FROM` at once. Every later step runs on both databases, so
# it says what it does with SQLAlchemy's own words (`CreateTable`, `text` of plain SQL), never with one dialect's.

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from sqlalchemy import Connection, func, insert, inspect, select

from connectors.errors import StoreTooNew
from connectors.store.backend import Backend
from connectors.store.database import Database
from connectors.store.labels import free_label
from connectors.store.tables import METADATA, MIGRATION_TABLE

Step = Callable[[Connection], None]


def first_tables(connection: Connection) -> None:
    """Build every table of a new store.

    A new store is made as it is today, and counted as having taken every step.
    """
    METADATA.create_all(connection)


def add_bookmarks(connection: Connection) -> None:
    """Build room for how far a sync has come.

    See `connectors.store.key_values`.
    """
    connection.exec_driver_sql(
        """CREATE TABLE bookmark (
            athlete_id INTEGER NOT NULL REFERENCES runner (athlete_id) ON DELETE CASCADE,
            name TEXT NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (athlete_id, name)) STRICT"""
    )


def add_onsets(connection: Connection) -> None:
    """Build room for what a person says of the beginning of a flare.

    See `connectors.frames.ONSET`.
    """
    connection.exec_driver_sql(
        """CREATE TABLE onset (
            athlete_id INTEGER NOT NULL REFERENCES runner (athlete_id) ON DELETE CASCADE,
            source TEXT NOT NULL, source_id TEXT NOT NULL, fetched_utc INTEGER NOT NULL,
            onset_rule_date INTEGER, onset_person_date INTEGER, decided_by TEXT NOT NULL,
            PRIMARY KEY (athlete_id, source, source_id)) STRICT"""
    )


_PROVENANCE = """
    athlete_id INTEGER NOT NULL REFERENCES runner (athlete_id) ON DELETE CASCADE,
    source TEXT NOT NULL, source_id TEXT NOT NULL, fetched_utc INTEGER NOT NULL"""
_OF_PEOPLE = {
    "edit": """batch_id TEXT NOT NULL, record TEXT NOT NULL, record_id TEXT NOT NULL, field TEXT NOT NULL,
        value TEXT, decided_by TEXT NOT NULL, reason TEXT, is_undone INTEGER NOT NULL""",
    "test_result": """date INTEGER NOT NULL, measure TEXT NOT NULL, side TEXT, value REAL NOT NULL,
        decided_by TEXT NOT NULL, note TEXT""",
    "plan": """date INTEGER NOT NULL, span TEXT NOT NULL, distance_m REAL, fast_s REAL, ascent_m REAL,
        descent_m REAL, runs INTEGER, longest_m REAL, shoe_id TEXT, ladder_step INTEGER, note TEXT""",
    "guardrail": """name TEXT NOT NULL, value REAL, is_on INTEGER NOT NULL, decided_by TEXT NOT NULL, note TEXT""",
    "programme": """programme TEXT NOT NULL, start_date INTEGER NOT NULL, week_from INTEGER NOT NULL,
        week_to INTEGER NOT NULL, exercise TEXT NOT NULL, kind TEXT, knee TEXT, sets INTEGER, repetitions INTEGER,
        load_kg REAL, hold_s REAL, tempo TEXT, times_per_week REAL, decided_by TEXT NOT NULL, note TEXT""",
    "ladder": """step INTEGER NOT NULL, walk_s REAL, run_s REAL, rounds INTEGER, rest_days INTEGER,
        done_on INTEGER, decided_by TEXT NOT NULL, note TEXT""",
    "visit": """date INTEGER NOT NULL, topic TEXT NOT NULL, subject TEXT, opinion TEXT, on_date INTEGER, note TEXT""",
}
_MORE = {
    "runner": ("is_archived INTEGER NOT NULL DEFAULT 0",),
    "symptom": (
        "morning_stiffness_band TEXT",
        "pain_start_0_10 REAL",
        "warmed_up INTEGER",
        "is_same_as_before INTEGER",
    ),
    "strength": ("kind TEXT", "knee TEXT", "pain_0_10 REAL"),
    "event": ("end_date INTEGER",),
}
_SHOE_EDITS = (
    ("kind", "kind"),
    ("drop_mm", "CAST(drop_mm AS TEXT)"),
    ("plate", "CASE is_plated WHEN 1 THEN 'other' WHEN 0 THEN 'none' END"),
)


def add_manual_tables(connection: Connection) -> None:
    """Build room for edits, tests, plans, limits, programmes, ladders and consults.

    What a runner had said of a pair becomes edits like any other, so that it has a history and an undo.
    """
    for name, columns in _OF_PEOPLE.items():
        connection.exec_driver_sql(
            f"CREATE TABLE {name} ({_PROVENANCE}, {columns}, PRIMARY KEY (athlete_id, source, source_id)) STRICT"
        )
    for table, columns in _MORE.items():
        for column in columns:
            connection.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN {column}")
    for field, value in _SHOE_EDITS:
        # The names are this module's own constants, never text from outside.
        connection.exec_driver_sql(
            f"""INSERT INTO edit
            SELECT athlete_id, source, 'said-' || source_id || ':{field}', fetched_utc, 'said-' || source_id,
                'shoe', shoe_id, '{field}', {value}, 'runner', NULL, 0
            FROM shoe_fact WHERE source = 'manual' AND {value} IS NOT NULL"""  # noqa: S608
        )
    connection.exec_driver_sql("DELETE FROM shoe_fact WHERE source = 'manual'")


_ATHLETE = "athlete_id INTEGER NOT NULL REFERENCES runner (athlete_id) ON DELETE CASCADE"
_OF_IMPORTS = (
    f"""CREATE TABLE import_batch (import_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, {_ATHLETE},
        started_utc INTEGER NOT NULL, finished_utc INTEGER, taken_back_utc INTEGER,
        is_swept INTEGER NOT NULL DEFAULT 0, account TEXT, result TEXT) STRICT""",
    f"""CREATE TABLE import_file ({_ATHLETE}, import_id INTEGER NOT NULL, digest TEXT NOT NULL, name TEXT NOT NULL,
        PRIMARY KEY (import_id, digest)) STRICT""",
    f"""CREATE TABLE import_row ({_ATHLETE}, contract TEXT NOT NULL, source TEXT NOT NULL, source_id TEXT NOT NULL,
        import_id INTEGER NOT NULL, change TEXT NOT NULL, before TEXT, after TEXT NOT NULL, samples TEXT,
        PRIMARY KEY (athlete_id, contract, source, source_id, import_id)) STRICT""",
    "CREATE INDEX import_row_of_import ON import_row (import_id)",
    f"""CREATE TABLE file_move (move_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, {_ATHLETE},
        origin TEXT, target TEXT NOT NULL) STRICT""",
)


def record_imports(connection: Connection) -> None:
    """Create the tables of imports: their files, the rows each brought, and what those rows were before."""
    for statement in _OF_IMPORTS:
        connection.exec_driver_sql(statement)


def add_feel(connection: Connection) -> None:
    """Add how the runner felt in a session, as answered on the watch."""
    connection.exec_driver_sql("ALTER TABLE activity ADD COLUMN feel_0_100 REAL")


def add_contact_balance(connection: Connection) -> None:
    """Add how contact time was shared between left and right in a session."""
    connection.exec_driver_sql("ALTER TABLE activity ADD COLUMN contact_left_pct REAL")


def add_onset_of_opinion(connection: Connection) -> None:
    """Add which flare an opinion noted at a consult is about."""
    connection.exec_driver_sql("ALTER TABLE visit ADD COLUMN onset_id TEXT")


_OF_INTAKE = {
    "episode": """from_date INTEGER, from_earliest_date INTEGER, to_date INTEGER, body_part TEXT NOT NULL, side TEXT,
        known_by TEXT NOT NULL, note TEXT""",
    "intake": """date INTEGER NOT NULL, topic TEXT NOT NULL, answer TEXT, on_date INTEGER, years REAL,
        decided_by TEXT NOT NULL""",
}


def add_episodes_and_intake(connection: Connection) -> None:
    """Create the tables of earlier episodes and of the intake card."""
    for name, columns in _OF_INTAKE.items():
        connection.exec_driver_sql(
            f"CREATE TABLE {name} ({_PROVENANCE}, {columns}, PRIMARY KEY (athlete_id, source, source_id)) STRICT"
        )


def add_labels(connection: Connection) -> None:
    """Give each runner a label, and build room for the settings of the machine and a summary row per runner."""
    connection.exec_driver_sql("ALTER TABLE runner ADD COLUMN label TEXT")
    connection.exec_driver_sql("CREATE UNIQUE INDEX runner_label ON runner (label)")
    connection.exec_driver_sql(
        "CREATE TABLE machine_setting (name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (name)) STRICT"
    )
    connection.exec_driver_sql(
        """CREATE TABLE runner_summary (
            athlete_id INTEGER NOT NULL REFERENCES runner (athlete_id) ON DELETE CASCADE,
            made_utc INTEGER NOT NULL, fingerprint TEXT NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (athlete_id)) STRICT"""
    )
    taken: list[str] = []
    runners = connection.exec_driver_sql("SELECT athlete_id, name FROM runner ORDER BY athlete_id").all()
    for athlete_id, name in runners:
        taken.append(free_label(name.removesuffix(" (made up)"), taken))
        connection.exec_driver_sql(
            "UPDATE runner SET label = ? WHERE athlete_id = ?", (taken[-1], athlete_id)
        )


def add_limit_ends(connection: Connection) -> None:
    """Add what the value of a limit counts, and the first and last date it counts."""
    for column in ("measure TEXT", "from_date INTEGER", "until_date INTEGER"):
        connection.exec_driver_sql(f"ALTER TABLE guardrail ADD COLUMN {column}")


_OF_STATEMENTS = {
    "statement": """date INTEGER NOT NULL, activity_id TEXT, text TEXT NOT NULL, body_part TEXT NOT NULL, side TEXT,
        kind TEXT NOT NULL""",
    "answer": """question TEXT NOT NULL, question_id TEXT NOT NULL, answer TEXT NOT NULL, from_date INTEGER,
        to_date INTEGER""",
}


def add_statements(connection: Connection) -> None:
    """Create the tables of clauses that a runner wrote, and of answers to what the record asks."""
    for name, columns in _OF_STATEMENTS.items():
        connection.exec_driver_sql(
            f"CREATE TABLE {name} ({_PROVENANCE}, {columns}, PRIMARY KEY (athlete_id, source, source_id)) STRICT"
        )


def add_impact(connection: Connection) -> None:
    """Add Garmin's own estimate of a run's impact."""
    connection.exec_driver_sql("ALTER TABLE activity ADD COLUMN impact_m REAL")


def add_digests(connection: Connection) -> None:
    """Create the table of digests; they are made at the first write or check of each table."""
    connection.exec_driver_sql(
        f"""CREATE TABLE table_digest ({_ATHLETE}, contract TEXT NOT NULL, period TEXT NOT NULL,
            row_count INTEGER NOT NULL, digest TEXT NOT NULL, is_doubted INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (athlete_id, contract, period)) STRICT"""
    )


def add_change_times(connection: Connection) -> None:
    """Add when a source was seen to have changed a run's title or pair; digests in no doubt are made anew."""
    for name in ("name_changed_utc", "shoe_changed_utc"):
        connection.exec_driver_sql(f"ALTER TABLE activity ADD COLUMN {name} INTEGER")
    connection.exec_driver_sql(
        """DELETE FROM table_digest WHERE contract = 'activity' AND athlete_id NOT IN (
            SELECT athlete_id FROM table_digest WHERE contract = 'activity' AND is_doubted = 1)"""
    )


_OF_DEVICES = (
    f"""CREATE TABLE device (device_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, {_ATHLETE}, name TEXT NOT NULL,
        scope TEXT NOT NULL, version INTEGER NOT NULL, paired_utc INTEGER NOT NULL, seen_utc INTEGER NOT NULL,
        is_tls INTEGER NOT NULL, address TEXT, ended_utc INTEGER) STRICT""",
    f"""CREATE TABLE device_cookie (digest TEXT NOT NULL, {_ATHLETE}, device_id INTEGER NOT NULL, jar TEXT NOT NULL,
        is_tls INTEGER NOT NULL, made_utc INTEGER NOT NULL, seen_utc INTEGER, settled_utc INTEGER,
        superseded_utc INTEGER, PRIMARY KEY (digest)) STRICT""",
    "CREATE INDEX device_cookie_of_jar ON device_cookie (jar)",
    f"""CREATE TABLE pairing (pairing_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, {_ATHLETE}, kind TEXT NOT NULL,
        scope TEXT NOT NULL, device_id INTEGER, secret_digest TEXT, code_digest TEXT, state TEXT NOT NULL,
        changed_utc INTEGER NOT NULL, phone_name TEXT, number TEXT, ticket_digest TEXT, jar TEXT) STRICT""",
    """CREATE TABLE pairing_try (try_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, tried_utc INTEGER NOT NULL,
        is_code INTEGER NOT NULL) STRICT""",
)


def add_devices(connection: Connection) -> None:
    """Create the tables of paired devices, of pairings under way, and of tries that failed."""
    for statement in _OF_DEVICES:
        connection.exec_driver_sql(statement)


def add_phone_entries(connection: Connection) -> None:
    """Create the table of what was tapped on a phone: each tap once, by its id, with the time of the tap."""
    connection.exec_driver_sql(
        f"""CREATE TABLE phone_entry ({_ATHLETE}, entry_id TEXT NOT NULL, device_id INTEGER, kind TEXT NOT NULL,
            date INTEGER NOT NULL, tapped_utc INTEGER NOT NULL, received_utc INTEGER NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (athlete_id, entry_id)) STRICT"""
    )


_OF_CLINIC = (
    """CREATE TABLE person (person_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, issuer TEXT NOT NULL,
        subject TEXT NOT NULL, display_name TEXT, group_names TEXT NOT NULL DEFAULT '[]',
        is_therapist INTEGER NOT NULL DEFAULT 0, is_admin INTEGER NOT NULL DEFAULT 0,
        version INTEGER NOT NULL DEFAULT 1, added_utc INTEGER NOT NULL, seen_utc INTEGER, removed_utc INTEGER,
        CONSTRAINT person_of_issuer UNIQUE (issuer, subject)) STRICT""",
    """CREATE TABLE sign_in (state_digest TEXT NOT NULL, browser_digest TEXT NOT NULL, nonce TEXT NOT NULL,
        code_verifier TEXT NOT NULL, return_to TEXT NOT NULL, begun_utc INTEGER NOT NULL,
        PRIMARY KEY (state_digest)) STRICT""",
    """CREATE TABLE person_session (session_digest TEXT NOT NULL,
        person_id INTEGER NOT NULL REFERENCES person (person_id) ON DELETE CASCADE, provider_session TEXT,
        made_utc INTEGER NOT NULL, acted_utc INTEGER NOT NULL, ends_utc INTEGER NOT NULL, ended_utc INTEGER,
        PRIMARY KEY (session_digest)) STRICT""",
    "CREATE INDEX person_session_of_person ON person_session (person_id)",
    """CREATE TABLE logout_token (token_digest TEXT NOT NULL, until_utc INTEGER NOT NULL,
        PRIMARY KEY (token_digest)) STRICT""",
    f"""CREATE TABLE access_grant (grant_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, {_ATHLETE},
        person_id INTEGER NOT NULL REFERENCES person (person_id) ON DELETE CASCADE, access TEXT NOT NULL,
        given_by INTEGER, given_utc INTEGER NOT NULL, until_date INTEGER, ended_utc INTEGER,
        is_confirmed INTEGER NOT NULL DEFAULT 1) STRICT""",
    "CREATE INDEX access_grant_of_person ON access_grant (person_id)",
    "CREATE INDEX access_grant_of_runner ON access_grant (athlete_id)",
    f"""CREATE TABLE claim_code (claim_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, code_digest TEXT NOT NULL,
        {_ATHLETE}, made_by INTEGER, made_utc INTEGER NOT NULL, initials TEXT, birth_year INTEGER,
        tries INTEGER NOT NULL DEFAULT 0, claimed_by INTEGER, claimed_utc INTEGER, undone_utc INTEGER,
        UNIQUE (code_digest)) STRICT""",
    f"CREATE TABLE runner_alias ({_ATHLETE}, alias TEXT NOT NULL, PRIMARY KEY (athlete_id), UNIQUE (alias)) STRICT",
    """CREATE TABLE access_log (entry_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, at_utc INTEGER NOT NULL,
        alias TEXT, actor TEXT NOT NULL, action TEXT NOT NULL, subject TEXT, previous_digest TEXT NOT NULL,
        digest TEXT NOT NULL) STRICT""",
    "CREATE INDEX access_log_of_alias ON access_log (alias)",
    f"""CREATE TABLE sample_file ({_ATHLETE}, path TEXT NOT NULL, object_name TEXT NOT NULL, digest TEXT NOT NULL,
        byte_count INTEGER NOT NULL, PRIMARY KEY (athlete_id, path)) STRICT""",
    "CREATE TABLE access_log_head (name TEXT NOT NULL, entries INTEGER NOT NULL, digest TEXT NOT NULL DEFAULT '', "
    "PRIMARY KEY (name)) STRICT",
    "CREATE TABLE lease (name TEXT NOT NULL, holder TEXT NOT NULL, until_utc INTEGER NOT NULL, "
    "PRIMARY KEY (name)) STRICT",
)


def add_clinic(connection: Connection) -> None:
    """Create the tables of a clinic's server: persons, sign-ins, sessions, grants, claim codes, access log, leases."""
    for statement in _OF_CLINIC:
        connection.exec_driver_sql(statement)


STEPS: tuple[Step, ...] = (
    first_tables,
    add_bookmarks,
    add_onsets,
    add_manual_tables,
    record_imports,
    add_feel,
    add_contact_balance,
    add_onset_of_opinion,
    add_episodes_and_intake,
    add_labels,
    add_limit_ends,
    add_statements,
    add_impact,
    add_digests,
    add_change_times,
    add_devices,
    add_phone_entries,
    add_clinic,
)


NEUTRAL_FROM = 18
"""Number of the last step that was written for SQLite alone; no PostgreSQL store is older."""


def check_schema(backend: Backend) -> int:
    """Return the schema version of a store, without the right to change it; 0 where there is none yet."""
    with backend.inspecting() as connection:
        number = 0 if connection is None else _taken(connection)
    if number is None:
        raise backend.not_ours()
    if number > len(STEPS):
        raise StoreTooNew(
            f"The store {backend.name} was written by a later Heelwise (its step {number}; this one knows "
            f"{len(STEPS)}). Nothing was changed. Install the newer Heelwise again, or use another folder with "
            "--home."
        )
    return number


def bring_up_to_date(database: Database, steps: Sequence[Step] = STEPS) -> int:
    """Build the tables of a new file, or take an older store step by step to this version.

    All steps lie in one transaction, so a store is the old one or the new one and never between.
    """
    with database.reading() as connection:
        if _taken(connection) == len(steps):
            return 0
    with database.writing() as connection:
        # Asked again under the lock: another program may just have done the work.
        number = _taken(connection) or 0
        if number == len(steps):
            return 0
        if number == 0:
            first_tables(connection)
        else:
            database.backend.copy_before_upgrade(number)
            for step in steps[number:]:
                step(connection)
        _note(connection, steps, number)
        return max(0, len(steps) - number)


def _taken(connection: Connection) -> int | None:
    """Steps taken: 0 in a file without tables, None in a database that is not ours."""
    names = inspect(connection).get_table_names()
    if MIGRATION_TABLE.name not in names:
        return None if names else 0
    return int(connection.scalar(select(func.max(MIGRATION_TABLE.c.number))) or 0)


def _note(connection: Connection, steps: Sequence[Step], after: int) -> None:
    now = time.time_ns() // 1_000
    rows = [
        {"number": number, "name": step.__name__, "applied_utc": now}
        for number, step in enumerate(steps, start=1)
        if number > after
    ]
    if rows:
        connection.execute(insert(MIGRATION_TABLE), rows)
