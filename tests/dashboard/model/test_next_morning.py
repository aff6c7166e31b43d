"""What a morning follows, and which runs and pairs are spoken of."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl

from connectors.frames import ACTIVITY, SHOE, STRENGTH
from dashboard.model.next_morning import followed_by, latest_pairs, latest_runs

DAY = date(2026, 5, 4)
NOW = datetime(2026, 5, 5, tzinfo=UTC)


def activities(*rows) -> pl.DataFrame:
    """Rows of day back, metres, sport, pair."""
    made = [
        {
            "activity_id": f"a{n}",
            "start_utc": datetime(2026, 5, 4, 7, tzinfo=UTC) - timedelta(days=back),
            "local_date": DAY - timedelta(days=back),
            "distance_m": metres,
            "sport": sport,
            "shoe_id": pair,
        }
        for n, (back, metres, sport, pair) in enumerate(rows)
    ]
    return pl.DataFrame(made, schema={**ACTIVITY.schema, "is_excluded": pl.Boolean})


def sets(*names: str) -> pl.DataFrame:
    rows = [
        {"date": DAY, "exercise": name, "fetched_utc": NOW, "source_id": f"{n:02}"}
        for n, name in enumerate(names)
    ]
    return pl.DataFrame(rows, schema=STRENGTH.schema)


def test_a_morning_follows_the_runs_and_sets_of_the_date_before() -> None:
    ran = activities((0, 8000.0, "Run", None), (0, 2000.0, "TrailRun", None), (1, 5000.0, "Run", None))
    found = followed_by(ran, sets("calf_raise", "calf_raise", "bridge"), DAY + timedelta(1))
    assert (found.date, found.runs, found.distance_m) == (DAY, 2, 10_000.0)
    assert (found.exercises, found.sets) == (("calf_raise", "bridge"), 3)


def test_a_ride_is_no_run_and_an_unknown_distance_is_not_summed() -> None:
    ran = activities((0, 8000.0, "Run", None), (0, None, "Run", None), (0, 40_000.0, "Ride", None))
    found = followed_by(ran, STRENGTH.empty(), DAY + timedelta(1))
    assert (found.runs, found.distance_m) == (2, None)
    assert followed_by(ran, STRENGTH.empty(), DAY).runs == 0


def test_what_a_person_left_out_is_left_out() -> None:
    ran = activities((0, 8000.0, "Run", None)).with_columns(is_excluded=pl.lit(True))
    assert followed_by(ran, STRENGTH.empty(), DAY + timedelta(1)).runs == 0
    assert latest_runs(ran, DAY, 3, 14).is_empty()


def test_the_last_runs_are_the_newest_and_not_old() -> None:
    ran = activities(*((back, 1000.0, "Run", None) for back in (20, 3, 1, 2, 5)))
    assert latest_runs(ran, DAY, 3, 14)["activity_id"].to_list() == ["a2", "a3", "a1"]


def test_the_last_pairs_leave_retired_ones_out() -> None:
    ran = activities(
        (0, 1.0, "Run", "new"), (1, 1.0, "Run", "gone"), (2, 1.0, "Run", "old"), (3, 1.0, "Run", "new")
    )
    shoes = pl.DataFrame(
        [{"shoe_id": name, "is_retired": name == "gone"} for name in ("old", "new", "gone")],
        schema=SHOE.schema,
    )
    assert latest_pairs(ran, shoes, 3) == ["new", "old"]
