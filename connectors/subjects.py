"""What a diary may hold beside symptoms: one row, one fact, told by the column that is filled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from connectors.cells import read_date, read_value
from connectors.contract import Contract, checked

Row = Mapping[str, object]


@dataclass(frozen=True)
class Subject:
    """One subject of the diary.

    Parameters
    ----------
    contract
        What its rows become.
    told_by
        Column of the CSV that is filled in every row of this subject and in no other.
    columns
        Names in the CSV to names in the contract, in the order of the export.
    build
        Rows as said to a frame under the contract.
    id_of
        Id of a row: a later row of the same id takes the place of an earlier one. None where the rows of a
        subject may be alike.
    needs
        Columns of the CSV without which a row says nothing.
    check
        Raises a ValueError in words for what no single column tells.
    may_lie_ahead
        Whether a date after today is meant, as of a race.
    """

    contract: Contract
    told_by: str
    columns: Mapping[str, str]
    build: Callable[[Iterable[Row], int, datetime], pl.DataFrame]
    id_of: Callable[[Row], str | None]
    needs: tuple[str, ...] = ()
    check: Callable[[Row], None] | None = None
    may_lie_ahead: bool = False

    def read(
        self, cells: Mapping[str, str], today: date, lost: dict[str, str] | None = None
    ) -> dict[str, object]:
        """Read the cells of one row.

        Parameters
        ----------
        cells : mapping of str to str
            By the name of their column in the CSV; absent and empty is unknown.
        today : date
            Of the import.
        lost : dict of str to str or None
            Takes the reason of each cell that could not be read; without it such a cell costs the row.

        Returns
        -------
        dict
            Values by the names of the contract; None is unknown.

        Raises
        ------
        ValueError
            Says in words why the row cannot be kept.

        Source
        ------
        ours: bounds and words are those of the contract.
        """
        missing = [name for name in ("date", *self.needs) if not cells.get(name)]
        if missing:
            raise ValueError(f"It has {self.told_by} filled, but no {' and no '.join(missing)}.")
        said: dict[str, object] = {}
        for name, kept in self.columns.items():
            text, column = cells.get(name, ""), self.contract.columns[kept]
            if column.dtype == pl.Date:
                said[kept] = read_date(text, today, name, self.may_lie_ahead) if text else None
                continue
            try:
                said[kept] = read_value(name, text, column)
            except ValueError as error:
                if lost is None or not column.null:
                    raise
                said[kept] = None
                lost[name] = str(error)
        if self.check:
            self.check(said)
        return said

    def csv(self, frame: pl.DataFrame) -> bytes:
        """Write rows as a diary that `heelwise import` reads back.

        Parameters
        ----------
        frame : DataFrame
            Under the contract.

        Returns
        -------
        bytes
            UTF-8 with a byte order mark, SI units, oldest first; an empty cell is unknown. No provenance.

        Source
        ------
        ours: what goes out comes back in.
        """
        shown = frame.sort("date", maintain_order=True).select(
            pl.col(kept).alias(name) for name, kept in self.columns.items()
        )
        return b"\xef\xbb\xbf" + shown.write_csv(date_format="%Y-%m-%d").encode()


def manual_rows(
    rows: Iterable[Row],
    contract: Contract,
    id_of: Callable[[Row], str],
    athlete_id: int,
    fetched_utc: datetime,
) -> pl.DataFrame:
    """Give rows made by hand their provenance, and hold them against their contract.

    Parameters
    ----------
    rows : iterable of mapping
        Keys are columns of the contract without provenance; what is absent is unknown.
    contract : Contract
        Of the rows.
    id_of : callable
        Gives the id of a row.
    athlete_id : int
        Runner on this machine, from 1.
    fetched_utc : datetime
        Aware time of the entry.

    Returns
    -------
    DataFrame
        Under the contract, source "manual".

    Raises
    ------
    ContractError
        When a value is out of its bounds, or one id comes twice.

    Source
    ------
    ours: page and CSV make a row in the same way.
    """
    built = [
        {
            **row,
            "athlete_id": athlete_id,
            "source": "manual",
            "source_id": id_of(row),
            "fetched_utc": fetched_utc,
        }
        for row in rows
    ]
    if not built:
        return contract.empty()
    return checked(pl.DataFrame(built, infer_schema_length=None, strict=False), contract)
