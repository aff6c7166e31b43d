"""Edits: what a person says of sessions and pairs, its history, and taking it back."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

import polars as pl
from sqlalchemy import update

from connectors.edits import Edit, edit_rows, lay_over
from connectors.frames import EDIT, SHOE, SHOE_FACT
from connectors.store.database import Part
from connectors.store.rows import read_rows, write_rows
from connectors.store.tables import TABLES
from connectors.store.versions import bump

_FACTS = ("kind", "drop_mm", "is_plated")


class EditsPart(Part):
    """What persons say."""

    def edit(
        self, athlete_id: int, edits: Sequence[Edit], decided_by: str = "runner", reason: str | None = None
    ) -> str:
        """Keep one act of a person, whole or not at all.

        Parameters
        ----------
        athlete_id : int
            Runner on this machine, from 1.
        edits : sequence of Edit
            May be empty: then nothing is kept.
        decided_by : str
            One of `frames.DECIDERS`.
        reason : str or None
            Why, in the person's words or a flag's name.

        Returns
        -------
        str
            `batch_id` of the act, for `undo_edits`.

        Raises
        ------
        ContractError
            When a field may not be edited or a value is out of bounds; nothing is kept then.
        StoreError
            When the store cannot be written to.

        Source
        ------
        ours: appended, never changed, so the history of edits is the table itself.
        """
        now = datetime.now(UTC)
        batch_id = f"{now:%Y%m%dT%H%M%S%f}-{secrets.token_hex(3)}"
        rows = edit_rows(edits, athlete_id, batch_id, now, decided_by, reason)
        with self._database.writing() as connection:
            write_rows(connection, EDIT, rows)
        return batch_id

    def undo_edits(self, athlete_id: int, batch_id: str, is_undone: bool = True) -> int:
        """Take an act back, or put it in force again.

        Parameters
        ----------
        athlete_id : int
            Runner on this machine, from 1.
        batch_id : str
            As `edit` gave it.
        is_undone : bool
            False puts it in force again.

        Returns
        -------
        int
            Edits changed; 0 where there is no such act or it already is so.

        Raises
        ------
        StoreError
            When the store cannot be written to.

        Source
        ------
        ours: what was said before it counts again; the act stays in the history.
        """
        table = TABLES[EDIT.name]
        mine = (table.c.athlete_id == athlete_id, table.c.batch_id == batch_id)
        with self._database.writing() as connection:
            change = update(table).where(*mine, table.c.is_undone == int(not is_undone))
            changed = connection.execute(change.values(is_undone=int(is_undone))).rowcount
            if changed:
                bump(connection, athlete_id, EDIT.name)
        return changed

    def shoes(self, athlete_id: int) -> pl.DataFrame:
        """Read the pairs of one runner, with what a source states and a person says of each.

        Parameters
        ----------
        athlete_id : int
            Runner on this machine, from 1.

        Returns
        -------
        DataFrame, one row for each real pair
            SHOE, `kind`, `drop_mm`, `is_plated` of SHOE_FACT, and PAIR_EXTRA of `connectors.frames`, and
            `edited` (fields a person spoke of). A pair said to be another is left out, and so is one made by hand of
            which no word is in force any more. `is_plated` follows `plate` where a person chose one.

        Raises
        ------
        StoreError
            When the store cannot be read.

        Source
        ------
        ours: one door, so that no page sees a pair another way.
        """
        with self._database.reading() as connection:
            pairs = read_rows(connection, SHOE, athlete_id).unique(
                "shoe_id", keep="first", maintain_order=True
            )
            facts = read_rows(connection, SHOE_FACT, athlete_id).select("shoe_id", *_FACTS)
            edits = read_rows(connection, EDIT, athlete_id)
        if self._left_out:
            pairs = pairs.filter(~pl.col("source").is_in(self._left_out))
        facts = facts.unique("shoe_id", keep="last", maintain_order=True)
        known = lay_over(
            pairs.join(facts, on="shoe_id", how="left", maintain_order="left"), edits, "shoe", {}
        )
        plated = pl.when(pl.col("plate").is_not_null()).then(pl.col("plate") != "none").otherwise("is_plated")
        merged = pl.col("same_as").is_in(known["shoe_id"].implode()) & (
            pl.col("same_as") != pl.col("shoe_id")
        )
        # A split makes a pair and names it in one act: with the act taken back, nothing speaks for the pair.
        unmade = (pl.col("source") == "manual") & pl.col("edited").is_null()
        return known.filter(~merged.fill_null(False), ~unmade).with_columns(is_plated=plated)


def same_pairs(edits: pl.DataFrame) -> dict[str, str]:
    """Give the pair each merged pair really is.

    Parameters
    ----------
    edits : DataFrame
        EDIT of one runner.

    Returns
    -------
    dict of str to str
        `shoe_id` to `shoe_id`, chains followed to their end; a ring of pairs stays apart.

    Source
    ------
    ours: one pair that came under two ids is one pair in every sum.
    """
    ids = edits.filter(pl.col("record") == "shoe").select(shoe_id="record_id").unique()
    told = lay_over(ids, edits, "shoe", {}).filter(pl.col("same_as").is_not_null())
    one_step = dict(told.select("shoe_id", "same_as").iter_rows())
    found = {}
    for shoe_id, named in one_step.items():
        seen, now = {shoe_id}, named
        while now in one_step and now not in seen:
            seen.add(now)
            now = one_step[now]
        if now not in seen:
            found[shoe_id] = now
    return found
