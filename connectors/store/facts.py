"""Reading, writing and deleting what came in, under its contracts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial

import polars as pl
from sqlalchemy import Connection, func, select

from connectors.errors import StoreError
from connectors.frames import ACTIVITY, Contract
from connectors.store.database import Database, StorePart
from connectors.store.key_values import version_of
from connectors.store.rows import Counts, delete_rows, mark_seen, read_rows, write_rows
from connectors.store.samples import SampleFolder
from connectors.store.sweep import sweep_runner
from connectors.store.tables import TABLES
from connectors.store.work_lock import refuse_gone, working

ACTIVITY_TABLE = TABLES[ACTIVITY.name]


class ShoeStore(StorePart):
    """What came in, and how often it changed."""

    def __init__(self, database: Database, samples: SampleFolder) -> None:
        super().__init__(database)
        self.samples = samples

    @contextmanager
    def working(self, athlete_id: int) -> Iterator[None]:
        """Hold a runner's lock, together with others, while recordings of theirs are written.

        A sweep spares what may still get its row, and a deletion waits for the end.
        """
        try:
            with working(self._database, athlete_id):
                yield
        except BaseException:
            # On a full disk recordings may be there whose rows never came.
            with suppress(StoreError):
                sweep_runner(self._database.home, self._database, self.samples, athlete_id)
            raise

    def raise_if_forgotten(self, athlete_id: int) -> None:
        """Raise `RunnerForgotten` where a runner is being deleted or gone: long work stops with a sentence."""
        refuse_gone(self._database, athlete_id)

    def version(self, athlete_id: int, *contracts: Contract) -> int:
        """Return how often a runner's data changed.

        A number to key a cache on, read in less than a millisecond.
        """
        names = tuple(contract.name for contract in contracts)
        read = partial(version_of, athlete_id=athlete_id, names=names)
        return self._database.remembered(("version", athlete_id, names), read)

    def session_counts(self, athlete_id: int) -> dict[str, int]:
        """Return how many sessions of each source are on record, read in less than a millisecond."""
        of_runner = ACTIVITY_TABLE.c.athlete_id == athlete_id
        query = (
            select(ACTIVITY_TABLE.c.source, func.count()).where(of_runner).group_by(ACTIVITY_TABLE.c.source)
        )

        def read(connection: Connection) -> dict[str, int]:
            return {row[0]: row[1] for row in connection.execute(query)}

        return dict(self._database.remembered(("session counts", athlete_id), read))

    def write(self, contract: Contract, frame: pl.DataFrame) -> Counts:
        """Write one frame, as a whole or not at all.

        See `rows.write_rows`.
        """
        return self.write_many([(contract, frame)])[0]

    def write_many(self, parts: Sequence[tuple[Contract, pl.DataFrame]]) -> list[Counts]:
        """Write several frames, all of them or none.

        One transaction, with the version counted up inside it.
        """
        with self._database.writing() as connection:
            return [write_rows(connection, contract, frame) for contract, frame in parts]

    def replace(
        self, contract: Contract, athlete_id: int, frame: pl.DataFrame, gone: Iterable[tuple[str, str]]
    ) -> Counts:
        """Write one frame and delete rows, both or neither.

        A row that takes the place of another is never there beside it, nor is neither there.
        """
        left = set(gone) - set(frame.select("source", "source_id").iter_rows())
        with self._database.writing() as connection:
            counts = write_rows(connection, contract, frame)
            for source in sorted({source for source, _ in left}):
                ids = sorted(source_id for where, source_id in left if where == source)
                delete_rows(connection, contract, athlete_id, source, ids)
        return counts

    def read(self, contract: Contract, athlete_id: int) -> pl.DataFrame:
        """Read all rows of one runner under one contract.

        See `rows.read_rows`.
        """
        read = partial(read_rows, contract=contract, athlete_id=athlete_id)
        rows = self._database.remembered(("rows", contract.name, athlete_id), read).clone()
        return rows.filter(~pl.col("source").is_in(self._left_out)) if self._left_out else rows

    def touch(
        self, contract: Contract, athlete_id: int, source: str, source_ids: Sequence[str], when: datetime
    ) -> None:
        """Note that rows were seen again at their source; no fact changes, and no cache wakes.

        What may be kept for a week only is counted from when it was last fetched.
        """
        with self._database.writing() as connection:
            mark_seen(connection, contract, athlete_id, source, source_ids, when)

    def delete(self, contract: Contract, athlete_id: int, source: str, source_ids: Sequence[str]) -> int:
        """Delete rows, and with activities their samples.

        See `rows.delete_rows`.
        """
        with self._database.writing() as connection:
            gone = delete_rows(connection, contract, athlete_id, source, source_ids)
        if contract is ACTIVITY:
            self.samples.delete(athlete_id, gone["activity_id"].to_list())
        return gone.height
