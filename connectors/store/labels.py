"""Short labels of runners, unique on this machine, and the settings of the machine itself."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable

from sqlalchemy import Connection, delete, select, update

from connectors.errors import StoreError
from connectors.store.database import StorePart, check_runner, upsert
from connectors.store.tables import MACHINE_TABLE, RUNNER_TABLE

LONGEST_LABEL = 12
MOST_INITIALS = 3
FIRST_NAME = "Runner"
"""Name of a runner who gave none."""
CLINIC_MODE = "clinic_mode"
"""Machine setting: "on", "off", or absent where nobody was asked yet."""
CLINIC_NOTICE = "clinic_mode_notice"
"""Machine setting: "due" from when clinic mode turned itself on until a person has read so."""
DATABASE_ID = "database_id"
"""Number of a store on a server, made at random, by which a folder of recordings knows it; nobody sets it."""
_ADDED = re.compile(r"#[0-9A-Z]{4}")
"""What a name that somebody has already gets on a clinic's server."""
CLINIC_FROM = 3
"""Real runners, not put away, from which on clinic mode is proposed, and on."""


class LabelStore(StorePart):
    """What a runner is called where no name may stand, and what is set for the machine and no runner."""

    def set_label(self, athlete_id: int, label: str) -> None:
        """Set the label of a runner, as a therapist chose it."""
        label = " ".join(label.split())
        if not label or len(label) > LONGEST_LABEL or not label.isprintable():
            raise StoreError(f"A label needs 1 to {LONGEST_LABEL} printable signs. Nothing was changed.")
        with self._database.writing() as connection:
            check_runner(connection, [{"athlete_id": athlete_id}])
            others = select(RUNNER_TABLE.c.label).where(RUNNER_TABLE.c.athlete_id != athlete_id)
            if label.casefold() in _folded(connection.scalars(others)):
                raise StoreError(f"Another runner has the label {label} already. Nothing was changed.")
            one = update(RUNNER_TABLE).where(RUNNER_TABLE.c.athlete_id == athlete_id)
            connection.execute(one.values(label=label))

    def machine_settings(self) -> dict[str, str]:
        """Read what is set for this machine: in no backup, and of no runner."""
        known = self._database.remembered("machine_settings", read_machine_settings)
        return {name: value for name, value in known.items() if name != DATABASE_ID}

    def set_machine_setting(self, name: str, value: str | None) -> None:
        """Set, change or take away a setting of this machine."""
        with self._database.writing() as connection:
            write_machine_setting(connection, name, value)


def read_machine_settings(connection: Connection) -> dict[str, str]:
    """Read the settings of the machine inside a transaction."""
    return {row.name: row.value for row in connection.execute(select(MACHINE_TABLE))}


def write_machine_setting(connection: Connection, name: str, value: str | None) -> None:
    """Set, change or take away a setting of the machine inside a transaction."""
    if value is None:
        connection.execute(delete(MACHINE_TABLE).where(MACHINE_TABLE.c.name == name))
    else:
        upsert(connection, MACHINE_TABLE, [{"name": name, "value": value}], ("name",))


def turn_on_clinic_mode(connection: Connection) -> None:
    """Turn clinic mode on when the third real runner is added; what a person chose stays as it is."""
    coming = select(RUNNER_TABLE.c.athlete_id).where(
        RUNNER_TABLE.c.is_demo == 0, RUNNER_TABLE.c.is_archived == 0
    )
    settings = read_machine_settings(connection)
    if CLINIC_MODE not in settings and len(connection.scalars(coming).all()) >= CLINIC_FROM:
        write_machine_setting(connection, CLINIC_MODE, "on")
        write_machine_setting(connection, CLINIC_NOTICE, "due")


def free_label(name: str, taken: Iterable[str | None]) -> str:
    """Return the initials of a name, with a number where another runner has them; `Runner` where it has none."""
    used, initials = _folded(taken), initials_of(name)
    if initials and initials.casefold() not in used:
        return initials
    number = 2 if initials else 1
    while f"{initials or FIRST_NAME} {number}".casefold() in used:
        number += 1
    return f"{initials or FIRST_NAME} {number}"


def hidden_label(name: str) -> str:
    """Return the initials of a name with four random signs: nobody learns from a label whose initials are taken."""
    return f"{initials_of(name) or FIRST_NAME} {secrets.token_hex(2).upper()}"


def initials_of(name: str) -> str:
    """Return the initials of a label: the first three letters of a name without a sign between them."""
    return "".join(initial_letters(name)[:MOST_INITIALS])


def initial_letters(name: str) -> list[str]:
    """Return the first letter of each word of a name as a capital; none for the name given where none was."""
    plain = unicodedata.normalize("NFC", name).strip()
    if plain.casefold() == FIRST_NAME.casefold():
        return []
    words = [word for word in plain.split() if not _ADDED.fullmatch(word)]
    letters = [next((sign for sign in word if sign.isalpha()), "") for word in words]
    # A capital may be two letters, such as the one of "ß".
    return [letter.upper()[:1] for letter in letters if letter]


def _folded(labels: Iterable[str | None]) -> set[str]:
    return {label.casefold() for label in labels if label}
