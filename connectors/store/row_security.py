"""Row-level security: the second lock on a clinic's database, which no fault of the program opens."""

# Database roles: `heelwise_owner` owns the tables and changes their form, and nothing else; `heelwise_app` is who the
# server connects as and sees the rows of the person its transaction names; `heelwise_jobs` sees one runner at a time,
# for commands at the server's shell; `heelwise_backup` reads everything and writes nothing.
#
# A transaction names its person by `set_config('heelwise.person', ..., true)`, which ends with it; where nobody is
# named there are no rows. What a person may see is read from the grants by a function of the owner's, since a policy on
# the grants cannot ask the grants. FORCE makes the owner obey too. There is no setting that turns any of it off: who
# may do without is decided by the role, which the program cannot change.

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, Table, text

from connectors.store.runner_uid import UID
from connectors.store.tables import (
    ACCESS_LOG_TABLE,
    CLAIM_CODE_TABLE,
    DEVICE_COOKIE_TABLE,
    DEVICE_TABLE,
    GRANT_TABLE,
    LEASE_TABLE,
    MACHINE_TABLE,
    METADATA,
    MIGRATION_TABLE,
    PAIRING_TABLE,
    RUNNER_ALIAS_TABLE,
    RUNNER_TABLE,
    SETTING_TABLE,
    SUMMARY_TABLE,
)

OWNER, APP, JOBS, BACKUP = "heelwise_owner", "heelwise_app", "heelwise_jobs", "heelwise_backup"
PERSON, DEVICE, RUNNER = "heelwise.person", "heelwise.device", "heelwise.runner"
"""Settings of one transaction: whose it is. Only the role of the same purpose is asked for each."""
OPEN_TO_APP = (DEVICE_TABLE, DEVICE_COOKIE_TABLE, PAIRING_TABLE, RUNNER_ALIAS_TABLE)
"""Read before it is known who asks: hashes, names of phones, the random numbers of the access log."""
_READERS_WRITE = (SUMMARY_TABLE,)
"""Written by whoever may see the record: what was worked out from it."""
_ASKED_BY_OWNER = (GRANT_TABLE, CLAIM_CODE_TABLE, DEVICE_TABLE)
"""Read by the functions, which run as the owner."""


def _setting(name: str) -> str:
    return f"NULLIF(current_setting('{name}', true), '')::bigint"


_ME, _PHONE, _ONE = _setting(PERSON), _setting(DEVICE), _setting(RUNNER)
# Days end at different hours in different zones. The program ends a grant to the minute; this lock ends it once the
# day is past wherever the runner may be.
_LAST_DAY = "((now() AT TIME ZONE 'Etc/GMT+12')::date - DATE '1970-01-01')"
_FUNCTIONS = (
    # The record that this very connection has just begun, until somebody has a right in it.
    f"""CREATE OR REPLACE FUNCTION heelwise_begun() RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE begun bigint;
BEGIN
  IF {_ME} IS NULL THEN RETURN NULL; END IF;
  begun := currval(pg_get_serial_sequence('public.runner', 'athlete_id'));
  IF EXISTS (SELECT 1 FROM access_grant WHERE athlete_id = begun) THEN RETURN NULL; END IF;
  RETURN begun;
EXCEPTION WHEN object_not_in_prerequisite_state THEN RETURN NULL;
END $$""",
    f"""CREATE OR REPLACE FUNCTION heelwise_records(rights text[]) RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
SELECT coalesce(array_agg(one), '{{}}') FROM (
  SELECT g.athlete_id AS one FROM access_grant g JOIN person p ON p.person_id = g.person_id
  WHERE g.person_id = {_ME} AND p.removed_utc IS NULL AND g.access = ANY (rights)
    AND (g.access = 'own' OR p.is_therapist = 1) AND g.is_confirmed = 1 AND g.ended_utc IS NULL
    AND (g.until_date IS NULL OR g.until_date >= {_LAST_DAY})
  UNION SELECT d.athlete_id FROM device d WHERE d.device_id = {_PHONE} AND d.ended_utc IS NULL
  UNION SELECT heelwise_begun()
) records WHERE one IS NOT NULL $$""",
    # Records that this person may take over by a code, or has taken over.
    f"""CREATE OR REPLACE FUNCTION heelwise_claimable() RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
SELECT coalesce(array_agg(athlete_id), '{{}}') FROM claim_code
WHERE {_ME} IS NOT NULL AND undone_utc IS NULL AND (claimed_by IS NULL OR claimed_by = {_ME}) $$""",
    f"""CREATE OR REPLACE FUNCTION heelwise_is_admin() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
SELECT EXISTS (SELECT 1 FROM person WHERE person_id = {_ME} AND is_admin = 1 AND removed_utc IS NULL) $$""",
    # What an administrator ends is noted by the random name of its record, so that no restore gives it again.
    f"""CREATE OR REPLACE FUNCTION heelwise_uid(record bigint) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
SELECT value FROM setting WHERE athlete_id = record AND name = '{UID}' AND heelwise_is_admin() $$""",
)
_NAMES = (
    "heelwise_begun()",
    "heelwise_records(text[])",
    "heelwise_claimable()",
    "heelwise_is_admin()",
    "heelwise_uid(bigint)",
)
# Asked once in each statement, as a subquery of its own, and not once for each row.
_SEEN = "athlete_id = ANY ((SELECT heelwise_records('{own,see,write}'))::bigint[])"
_WRITTEN = "athlete_id = ANY ((SELECT heelwise_records('{own,write}'))::bigint[])"
_OWN = "athlete_id = ANY ((SELECT heelwise_records('{own}'))::bigint[])"
_CLAIMED = "athlete_id = ANY ((SELECT heelwise_claimable())::bigint[])"
_ADMIN = "(SELECT heelwise_is_admin())"
_MINE = f"person_id = {_ME}"
_SIGNED_IN = f"{_ME} IS NOT NULL"
_ON_GRANTS = f"({_OWN} OR {_CLAIMED} OR {_ADMIN})"

Policies = dict[str, str]
"""What must hold of a row, by the verb: SELECT, INSERT, UPDATE, DELETE; after `|` what must hold of the new row."""


def runner_tables() -> list[Table]:
    """List the tables that hold rows of runners, by the order in which they are made."""
    return [table for table in METADATA.sorted_tables if "athlete_id" in table.c]


def _policies(table: Table) -> Policies:
    """What the app may do with the rows of a table, by the person that the transaction names."""
    if table in OPEN_TO_APP:
        return dict.fromkeys(("SELECT", "INSERT", "UPDATE", "DELETE"), "true")
    if table is RUNNER_TABLE:
        seen = f"({_SEEN} OR {_ADMIN})"
        return {"SELECT": seen, "INSERT": _SIGNED_IN, "UPDATE": _WRITTEN, "DELETE": _WRITTEN}
    if table is CLAIM_CODE_TABLE:
        return {"SELECT": _SIGNED_IN, "INSERT": _WRITTEN, "UPDATE": _SIGNED_IN, "DELETE": _WRITTEN}
    if table is GRANT_TABLE:
        begun = f"({_MINE} AND athlete_id = heelwise_begun())"
        return {
            "SELECT": f"({_MINE} OR {_SEEN} OR {_CLAIMED} OR {_ADMIN})",
            # An administrator may put a therapist's right back, and never give one to themselves.
            "INSERT": f"({_OWN} OR {_CLAIMED} OR {begun} OR ({_ADMIN} AND NOT {_MINE}))",
            # Of another's record a person may end their own right, and change nothing else of it.
            "UPDATE": f"({_MINE} OR {_ON_GRANTS})|({_ON_GRANTS} OR ({_MINE} AND ended_utc IS NOT NULL))",
            "DELETE": _OWN,
        }
    written = _SEEN if table in _READERS_WRITE else _WRITTEN
    return {"SELECT": _SEEN, "INSERT": written, "UPDATE": written, "DELETE": _WRITTEN}


def statements() -> Iterator[str]:
    """Build everything the roles may do as SQL; run again it changes nothing."""
    yield from _roles()
    yield from _rights()
    for table in METADATA.sorted_tables:
        yield f"ALTER TABLE {table.name} OWNER TO {OWNER}"
    yield from _FUNCTIONS
    for name in _NAMES:
        yield f"ALTER FUNCTION {name} OWNER TO {OWNER}"
        yield f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC"
        yield f"GRANT EXECUTE ON FUNCTION {name} TO {APP}, {OWNER}"
    for table in runner_tables():
        yield from _locked(table)
    yield from _locked_log()


def _roles() -> Iterator[str]:
    # Roles are of the whole server, and another database of Heelwise on it may be making them in this moment.
    for name in (OWNER, APP, JOBS, BACKUP):
        may_bypass = name == BACKUP
        bypass = "BYPASSRLS" if may_bypass else "NOBYPASSRLS"
        is_right = f"rolbypassrls = {may_bypass} AND NOT (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication)"
        yield f"""DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{name}') THEN CREATE ROLE {name} LOGIN {bypass}; END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{name}' AND {is_right}) THEN
    ALTER ROLE {name} NOSUPERUSER {bypass} NOCREATEROLE NOCREATEDB NOREPLICATION;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$"""


def _rights() -> Iterator[str]:
    yield "REVOKE ALL ON SCHEMA public FROM PUBLIC"
    yield f"GRANT USAGE ON SCHEMA public TO {APP}, {JOBS}, {BACKUP}"
    yield f"GRANT USAGE, CREATE ON SCHEMA public TO {OWNER}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {APP}, {JOBS}, {BACKUP}"
    for table in METADATA.sorted_tables:
        verbs = "SELECT, INSERT, UPDATE, DELETE"
        if table is MIGRATION_TABLE:
            verbs = "SELECT"
        elif table is ACCESS_LOG_TABLE:
            verbs = "SELECT, INSERT"
        yield f"GRANT {verbs} ON {table.name} TO {APP}, {JOBS}"
        # The dump notes when it was written, and takes a lease so that no second one is.
        noted = ", INSERT, UPDATE, DELETE" if table in (MACHINE_TABLE, LEASE_TABLE) else ""
        yield f"GRANT SELECT{noted} ON {table.name} TO {BACKUP}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP}, {JOBS}"
    yield f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {BACKUP}"


def _locked(table: Table) -> Iterator[str]:
    yield from _forced(table)
    for verb, rule in _policies(table).items():
        yield _policy(table, APP, verb, rule)
    if table is RUNNER_TABLE:
        # A command finds its runner by name, then names them; `import` may begin a new one.
        yield _policy(table, JOBS, "SELECT", "true")
        yield _policy(table, JOBS, "INSERT", "true")
        yield _policy(table, JOBS, "UPDATE", f"athlete_id = {_ONE}")
        yield _policy(table, JOBS, "DELETE", f"athlete_id = {_ONE}")
    else:
        yield _policy(table, JOBS, "ALL", f"athlete_id = {_ONE}")
    if table in _ASKED_BY_OWNER:
        yield _policy(table, OWNER, "SELECT", "true")
    if table is SETTING_TABLE:
        yield _policy(table, OWNER, "SELECT", f"name = '{UID}'")


def _locked_log() -> Iterator[str]:
    """The access log is added to and never changed; the app reads of it what is of a record of the person's own."""
    aliases = f"(SELECT a.alias FROM {RUNNER_ALIAS_TABLE.name} a WHERE a.{_OWN})"
    of_one = f"(SELECT a.alias FROM {RUNNER_ALIAS_TABLE.name} a WHERE a.athlete_id = {_ONE})"
    yield from _forced(ACCESS_LOG_TABLE)
    yield _policy(ACCESS_LOG_TABLE, APP, "SELECT", f"alias IN {aliases}")
    yield _policy(ACCESS_LOG_TABLE, APP, "INSERT", "true")
    yield _policy(ACCESS_LOG_TABLE, JOBS, "SELECT", f"alias IN {of_one}")
    yield _policy(ACCESS_LOG_TABLE, JOBS, "INSERT", "true")


def _forced(table: Table) -> Iterator[str]:
    yield f"ALTER TABLE {table.name} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table.name} FORCE ROW LEVEL SECURITY"
    # Whatever stood there before goes: one more policy would open what these close.
    yield (
        f"DO $$ DECLARE one text; BEGIN FOR one IN SELECT policyname FROM pg_policies WHERE schemaname = 'public' "
        f"AND tablename = '{table.name}' LOOP EXECUTE 'DROP POLICY ' || quote_ident(one) || ' ON {table.name}'; "
        "END LOOP; END $$"
    )


def _policy(table: Table, role: str, verb: str, rule: str) -> str:
    using, _, checked = rule.partition("|")
    name = f"{role.removeprefix('heelwise_')}_{verb.casefold()}"
    parts = f"CREATE POLICY {name} ON {table.name} FOR {verb} TO {role}"
    if verb != "INSERT":
        parts += f" USING ({using})"
    return parts if verb in ("SELECT", "DELETE") else f"{parts} WITH CHECK ({checked or using})"


def apply_roles(connection: Connection) -> None:
    """Make the roles and lock the rows, inside the caller's transaction; needs a superuser of PostgreSQL."""
    for one in statements():
        connection.exec_driver_sql(one)


def bind(connection: Connection, settings: Mapping[str, str]) -> None:
    """Name whose transaction this is, until it ends; SQLite has no such lock and needs no name."""
    if connection.dialect.name != "postgresql":
        return
    for name, value in settings.items():
        connection.execute(text("SELECT set_config(:name, :value, true)"), {"name": name, "value": value})


def is_partial(connection: Connection) -> bool:
    """Return whether this role sees only some rows, so that what it does not see may well be there."""
    if connection.dialect.name != "postgresql":
        return False
    return bool(connection.scalar(text(f"SELECT row_security_active('{RUNNER_TABLE.name}')")))


def uid_for_admin(connection: Connection, athlete_id: int) -> str | None:
    """Return the random name of a record that an administrator may not see, by which what they end is noted."""
    if not is_partial(connection):
        return None
    return connection.scalar(text("SELECT heelwise_uid(:record)"), {"record": athlete_id})


def owns_tables(connection: Connection) -> bool:
    """Return whether this role owns the tables, and so may lift what it has set itself."""
    query = text(
        f"SELECT pg_get_userbyid(relowner) = current_user FROM pg_class WHERE relname = '{RUNNER_TABLE.name}'"
    )
    return connection.dialect.name != "postgresql" or bool(connection.scalar(query))


def unlocked_tables(connection: Connection) -> list[str]:
    """List the tables with rows of runners that are not locked, or have no policy: none, once `apply_roles` ran."""
    query = text(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' "
        "AND c.relkind IN ('r', 'p') AND (c.relname = 'access_log' OR EXISTS (SELECT 1 FROM pg_attribute a WHERE "
        "a.attrelid = c.oid AND a.attname = 'athlete_id' AND NOT a.attisdropped)) AND NOT (c.relrowsecurity AND "
        "c.relforcerowsecurity AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid)) ORDER BY c.relname"
    )
    return list(connection.scalars(query)) if connection.dialect.name == "postgresql" else []


def lift_force(connection: Connection) -> list[str]:
    """Let the owner of the tables at all rows until the transaction ends with `put_force_back`; return which."""
    query = text(
        "SELECT relname FROM pg_class WHERE relforcerowsecurity AND relnamespace = 'public'::regnamespace"
    )
    names = sorted(connection.scalars(query)) if connection.dialect.name == "postgresql" else []
    for name in names:
        connection.exec_driver_sql(f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY")
    return names


def put_force_back(connection: Connection, names: list[str]) -> None:
    """End what `lift_force` began, in the same transaction; cut off in between, nothing of either remains."""
    for name in names:
        connection.exec_driver_sql(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
