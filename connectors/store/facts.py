"""Reading, writing and deleting what came in, under its contracts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import polars as pl

from connectors.frames import ACTIVITY, Contract
from connectors.store.database import Database, Part
from connectors.store.rows import Counts, delete_rows, read_rows, touch_rows, write_rows
from connectors.store.samples import SampleFolder
from connectors.store.versions import version_of


class FactsPart(Part):
    """What came in, and how often it changed.

    Parameters
    ----------
    database
        Opened and up to date.
    samples
        Beside it.
    """

    def __init__(self, database: Database, samples: SampleFolder) -> None:
        super().__init__(database)
        self.samples = samples

    def version(self, athlete_id: int, *contracts: Contract) -> int:
        """Tell how often a runner's data changed.

        Parameters
        ----------
        athlete_id : int
            Runner on this machine, from 1.
        contracts : Contract
            Those that matter; none means all, settings included. ACTIVITY counts decisions on matches too.

        Returns
        -------
        int
            Sum of the counters: 0 before the first change, and it only grows.

        Raises
        ------
        StoreError
            When the store cannot be read.

        Source
        ------
        ours: a number to key a cache on, read in less than a millisecond.
        """
        with self._database.reading() as connection:
            return version_of(connection, athlete_id, [contract.name for contract in contracts])

    def write(self, contract: Contract, frame: pl.DataFrame) -> Counts:
        """Put one frame in, as a whole or not at all.

        Parameters
        ----------
        contract : Contract
            One of `connectors.frames.STORED`.
        frame : DataFrame, shape (n, any)
            Goes through `checked`; carries athlete_id and the other columns of every stored row.

        Returns
        -------
        Counts
            New, updated and unchanged rows; sums to n.

        Raises
        ------
        ContractError
            When the frame breaks its contract.
        StoreError
            When the store cannot be written to, or a row names no runner.

        Source
        ------
        ours: see `rows.write_rows`.
        """
        return self.write_many([(contract, frame)])[0]

    def write_many(self, parts: Sequence[tuple[Contract, pl.DataFrame]]) -> list[Counts]:
        """Put several frames in, all of them or none.

        Parameters
        ----------
        parts : sequence of (Contract, DataFrame)
            Each as for `write`.

        Returns
        -------
        list of Counts
            One for each part, in order.

        Raises
        ------
        ContractError
            When a frame breaks its contract.
        StoreError
            When the store cannot be written to, or a row names no runner.

        Source
        ------
        ours: one transaction, with the version counted up inside it.
        """
        with self._database.writing() as connection:
            return [write_rows(connection, contract, frame) for contract, frame in parts]

    def replace(
        self, contract: Contract, athlete_id: int, frame: pl.DataFrame, gone: Iterable[tuple[str, str]]
    ) -> Counts:
        """Put one frame in and take rows out, both or neither.

        Parameters
        ----------
        contract : Contract
            One of `connectors.frames.STORED`, but for ACTIVITY, which has samples beside it.
        athlete_id : int
            Runner on this machine, from 1: whose rows are taken out.
        frame : DataFrame, shape (n, any)
            As for `write`; may be empty.
        gone : iterable of (source, source id)
            Rows to take out; those in `frame` stay, those not in the store are passed over.

        Returns
        -------
        Counts
            As for `write`.

        Raises
        ------
        ContractError
            When the frame breaks its contract.
        StoreError
            When the store cannot be written to, or a row names no runner.

        Source
        ------
        ours: a row that takes the place of another is never there beside it, nor is neither there.
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

        Parameters
        ----------
        contract : Contract
            One of `connectors.frames.STORED`.
        athlete_id : int
            Runner on this machine, from 1.

        Returns
        -------
        DataFrame, shape (n, len(contract.columns))
            The contract's dtypes; by time where there is one, then by name, source and id. No rows for a
            runner who is not there.

        Raises
        ------
        StoreError
            When the store cannot be read.

        Source
        ------
        ours: see `rows.read_rows`.
        """
        with self._database.reading() as connection:
            rows = read_rows(connection, contract, athlete_id)
        return rows.filter(~pl.col("source").is_in(self._left_out)) if self._left_out else rows

    def touch(
        self, contract: Contract, athlete_id: int, source: str, source_ids: Sequence[str], when: datetime
    ) -> None:
        """Note that rows were seen again at their source; no fact changes, and no cache wakes.

        Parameters
        ----------
        contract : Contract
            One of `connectors.frames.STORED`.
        athlete_id : int
            Runner on this machine, from 1.
        source : str
            Where the rows came from.
        source_ids : sequence of str
            Their ids there; those not in the store are passed over.
        when : datetime
            Aware: becomes `fetched_utc`.

        Raises
        ------
        StoreError
            When the store cannot be written to.

        Source
        ------
        ours: what may be kept for a week only is counted from when it was last fetched.
        """
        with self._database.writing() as connection:
            touch_rows(connection, contract, athlete_id, source, source_ids, when)

    def delete(self, contract: Contract, athlete_id: int, source: str, source_ids: Sequence[str]) -> int:
        """Delete rows, and with activities their samples.

        Parameters
        ----------
        contract : Contract
            One of `connectors.frames.STORED`.
        athlete_id : int
            Runner on this machine, from 1.
        source : str
            Where the rows came from.
        source_ids : sequence of str
            Their ids there; those not in the store are passed over.

        Returns
        -------
        int
            Rows deleted.

        Raises
        ------
        StoreError
            When the store cannot be written to.

        Source
        ------
        ours: see `rows.delete_rows`.
        """
        with self._database.writing() as connection:
            gone = delete_rows(connection, contract, athlete_id, source, source_ids)
        if contract is ACTIVITY:
            self.samples.delete(athlete_id, gone["activity_id"].to_list())
        return gone.height
