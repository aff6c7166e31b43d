"""Rows of paired devices, the values of their cookies, and pairings under way; what they mean is decided above."""

# They belong to this machine: no backup holds them, and they go with their runner. A value, secret or code is stored
# as its hash alone.

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, Table, delete, insert, select, update

from connectors.store.database import StorePart, check_runner, insert_counted
from connectors.store.deletion_mark import marked_ids, refuse_marked
from connectors.store.stored_time import read_time, read_time_if_any, stored_time
from connectors.store.tables import DEVICE_COOKIE_TABLE, DEVICE_TABLE, PAIRING_TABLE, PAIRING_TRY_TABLE

DeviceScope = Literal["everything", "log_only"]
PairingKind = Literal["new", "renew", "join"]
PairingState = Literal["offered", "asked", "confirmed", "collected", "refused"]


@dataclass(frozen=True)
class Device:
    """A paired device: one runner, one scope."""

    device_id: int
    athlete_id: int
    name: str
    scope: DeviceScope
    version: int
    """Counts changes of what the device may do."""
    paired: datetime
    seen: datetime
    is_tls: bool
    """Whether it was last paired over TLS."""
    address: str | None
    """Host and port under which the device reached this machine when it was last paired."""
    ended: datetime | None = None
    """When an earlier value of its cookie came again; None for a device that may ask."""


@dataclass(frozen=True)
class DeviceCookie:
    """One value of a device's cookie, known by its hash."""

    digest: str
    athlete_id: int
    device_id: int
    jar: str
    """The browser, or the app on a home screen, that holds the value: each has cookies of its own."""
    is_tls: bool
    made: datetime
    seen: datetime | None = None
    settled: datetime | None = None
    """When the value was first used so long after it was made that the browser must have written it to its disk."""
    superseded: datetime | None = None
    """When another value of the same jar took its place."""


@dataclass(frozen=True)
class Pairing:
    """One pairing: offered at the machine, asked for by a phone, confirmed at the machine, collected by the phone."""

    pairing_id: int
    athlete_id: int
    kind: PairingKind
    scope: DeviceScope
    device_id: int | None
    """The device that is renewed or joined; of a new one once it is collected."""
    secret_digest: str | None
    code_digest: str | None
    state: PairingState
    changed: datetime
    phone_name: str | None = None
    number: str | None = None
    ticket_digest: str | None = None
    jar: str | None = None


class DeviceRows:
    """The rows of devices inside one transaction that may write."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def device(self, device_id: int) -> Device | None:
        """Return one device."""
        return next(iter(_devices(self._connection, DEVICE_TABLE.c.device_id == device_id)), None)

    def add_device(self, athlete_id: int, values: dict[str, Any]) -> int:
        """Add a device of a runner, and return its number, which is never given again."""
        return self._add(DEVICE_TABLE, athlete_id, values)

    def change_device(self, device_id: int, values: dict[str, Any]) -> None:
        """Change some columns of a device."""
        self._change(DEVICE_TABLE, DEVICE_TABLE.c.device_id == device_id, values)

    def remove_device(self, device_id: int) -> bool:
        """Delete a device with its cookies and pairings; False where there is none."""
        for table in (DEVICE_COOKIE_TABLE, PAIRING_TABLE):
            self._connection.execute(delete(table).where(table.c.device_id == device_id))
        gone = delete(DEVICE_TABLE).where(DEVICE_TABLE.c.device_id == device_id)
        return self._connection.execute(gone).rowcount > 0

    def cookie(self, digest: str) -> tuple[DeviceCookie, Device] | None:
        """Return a value by its hash, with its device."""
        return _cookie(self._connection, digest)

    def cookies(self, jar: str) -> list[DeviceCookie]:
        """Return every value of a jar, oldest first."""
        table = DEVICE_COOKIE_TABLE
        query = select(table).where(table.c.jar == jar).order_by(table.c.made_utc, table.c.digest)
        return [_as_cookie(row) for row in self._connection.execute(query)]

    def add_cookie(self, value: DeviceCookie) -> None:
        """Add a value to a jar."""
        row = {"device_id": value.device_id, "digest": value.digest, "jar": value.jar}
        self._add(
            DEVICE_COOKIE_TABLE, value.athlete_id, row | {"is_tls": int(value.is_tls), "made_utc": value.made}
        )

    def change_cookie(self, digest: str, values: dict[str, Any]) -> None:
        """Change some columns of a value."""
        self._change(DEVICE_COOKIE_TABLE, DEVICE_COOKIE_TABLE.c.digest == digest, values)

    def remove_cookies(self, device_id: int, before: datetime | None = None) -> None:
        """Delete the values of a device, or those superseded before a time."""
        table = DEVICE_COOKIE_TABLE
        old = delete(table).where(table.c.device_id == device_id)
        if before is not None:
            old = old.where(table.c.superseded_utc < _stored(before))
        self._connection.execute(old)

    def pairings(self) -> list[Pairing]:
        """Return every pairing."""
        return _pairings(self._connection)

    def add_pairing(self, athlete_id: int, values: dict[str, Any]) -> int:
        """Add a pairing, and return its number."""
        return self._add(PAIRING_TABLE, athlete_id, values)

    def change_pairing(self, pairing_id: int, values: dict[str, Any]) -> None:
        """Change some columns of a pairing."""
        self._change(PAIRING_TABLE, PAIRING_TABLE.c.pairing_id == pairing_id, values)

    def remove_pairing(self, pairing_id: int) -> None:
        """Delete a pairing."""
        self._connection.execute(delete(PAIRING_TABLE).where(PAIRING_TABLE.c.pairing_id == pairing_id))

    def tries(self) -> list[tuple[datetime, bool]]:
        """Return when a pairing was tried in vain, and whether by a code."""
        query = select(PAIRING_TRY_TABLE).order_by(PAIRING_TRY_TABLE.c.try_id)
        return [(read_time(row.tried_utc), bool(row.is_code)) for row in self._connection.execute(query)]

    def add_try(self, tried: datetime, is_code: bool, window: timedelta) -> None:
        """Note a try in vain, and delete those that lie further away than a window."""
        at = PAIRING_TRY_TABLE.c.tried_utc
        self._connection.execute(
            delete(PAIRING_TRY_TABLE).where((at < _stored(tried - window)) | (at > _stored(tried + window)))
        )
        row = {"tried_utc": _stored(tried), "is_code": int(is_code)}
        self._connection.execute(insert(PAIRING_TRY_TABLE).values(row))

    def _add(self, table: Table, athlete_id: int, values: dict[str, Any]) -> int:
        check_runner(self._connection, [{"athlete_id": athlete_id}])
        refuse_marked(self._connection, athlete_id)
        row = {name: _stored(value) for name, value in values.items()}
        return insert_counted(self._connection, table, {"athlete_id": athlete_id, **row})

    def _change(self, table: Table, where: Any, values: dict[str, Any]) -> None:
        row = {name: _stored(value) for name, value in values.items()}
        self._connection.execute(update(table).where(where).values(row))


class DeviceStore(StorePart):
    """Devices and pairings; `Store.devices`."""

    @contextmanager
    def changing(self) -> Iterator[DeviceRows]:
        """Open one transaction: what is read and written in it, no other process changes in between."""
        with self._database.writing() as connection:
            yield DeviceRows(connection)

    def devices(self) -> list[Device]:
        """List all devices, of whichever runner, oldest first."""
        with self._database.reading() as connection:
            return _devices(connection)

    def cookie(self, digest: str) -> tuple[DeviceCookie, Device] | None:
        """Return a value by its hash, with its device."""
        with self._database.reading() as connection:
            return _cookie(connection, digest)

    def pairings(self) -> list[Pairing]:
        """List the pairings under way, of whichever runner."""
        with self._database.reading() as connection:
            return _pairings(connection)

    def versions(self) -> dict[int, int]:
        """Return the version of every device that may ask, by its number; read anew only after a change."""

        def read(connection: Connection) -> dict[int, int]:
            return {one.device_id: one.version for one in _devices(connection) if one.ended is None}

        return dict(self._database.remembered("device versions", read))


def _devices(connection: Connection, *where: Any) -> list[Device]:
    table = DEVICE_TABLE
    query = select(table).where(table.c.athlete_id.not_in(marked_ids()), *where).order_by(table.c.device_id)
    return [_as_device(row) for row in connection.execute(query)]


def _cookie(connection: Connection, digest: str) -> tuple[DeviceCookie, Device] | None:
    row = connection.execute(
        select(DEVICE_COOKIE_TABLE).where(DEVICE_COOKIE_TABLE.c.digest == digest)
    ).one_or_none()
    if row is None:
        return None
    device = next(iter(_devices(connection, DEVICE_TABLE.c.device_id == row.device_id)), None)
    return (_as_cookie(row), device) if device else None


def _pairings(connection: Connection) -> list[Pairing]:
    table = PAIRING_TABLE
    query = select(table).where(table.c.athlete_id.not_in(marked_ids())).order_by(table.c.pairing_id)
    return [_as_pairing(row) for row in connection.execute(query)]


def _as_device(row: Row[Any]) -> Device:
    return Device(
        row.device_id,
        row.athlete_id,
        row.name,
        row.scope,
        row.version,
        read_time(row.paired_utc),
        read_time(row.seen_utc),
        bool(row.is_tls),
        row.address,
        read_time_if_any(row.ended_utc),
    )


def _as_cookie(row: Row[Any]) -> DeviceCookie:
    return DeviceCookie(
        row.digest,
        row.athlete_id,
        row.device_id,
        row.jar,
        bool(row.is_tls),
        read_time(row.made_utc),
        read_time_if_any(row.seen_utc),
        read_time_if_any(row.settled_utc),
        read_time_if_any(row.superseded_utc),
    )


def _as_pairing(row: Row[Any]) -> Pairing:
    values = dict(row._mapping)
    return Pairing(changed=read_time(values.pop("changed_utc")), **values)


def _stored(value: Any) -> Any:
    """Return a time as microseconds since 1970-01-01 UTC; everything else as it is."""
    return stored_time(value) if isinstance(value, datetime) else value
