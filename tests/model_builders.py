"""Made-up runs and recordings for the model's tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from connectors.frames import ACTIVITY, SAMPLE
from dashboard.model.analysis import Analysis, adapt
from dashboard.model.load.run_load import load_runs
from dashboard.model.other_sessions import other_sports
from dashboard.model.schemas import RUN_SCHEMA
from dashboard.model.settings import ModelSettings

FIRST = date(2024, 1, 1)
PLAIN_PAIR = pl.DataFrame(
    {"shoe_id": ["pair"], "kind": ["conventional"], "drop_mm": [10.0], "is_plated": [False]}
)
PUBLISHED = Path(__file__).parents[0] / "published"


def published(name: str) -> pl.DataFrame:
    """Read one table of printed numbers; the first line says where they were printed."""
    return pl.read_csv(PUBLISHED / f"{name}.csv", comment_prefix="#")


def recording(
    seconds: int = 3600,
    speed: float | Sequence[float | None] | None = 3.0,
    cadence: float | Sequence[float | None] | None = 170.0,
    grade: float | Sequence[float | None] | None = 0.0,
) -> pl.DataFrame:
    """Build the samples of one session: a number for all seconds, or one for each."""
    columns = {"speed_mps": speed, "cadence_spm": cadence, "grade_pct": grade}
    frame = pl.DataFrame({"second": np.arange(seconds, dtype=np.int32)})
    for name, value in columns.items():
        values = [value] * seconds if value is None or isinstance(value, int | float) else list(value)
        frame = frame.with_columns(pl.Series(name, values, dtype=pl.Float32))
    missing = [
        pl.lit(None, column.dtype).alias(name)
        for name, column in SAMPLE.columns.items()
        if name not in frame.columns
    ]
    return frame.with_columns(missing).select(list(SAMPLE.columns))


def activity(number: int, **facts: object) -> dict[str, object]:
    """Build one ACTIVITY row; what is not said is unknown."""
    day = FIRST + timedelta(days=number)
    row: dict[str, object] = {
        "activity_id": f"{number:04x}",
        "athlete_id": 1,
        "source": "file",
        "source_id": str(number),
        "fetched_utc": datetime(2025, 1, 1, tzinfo=UTC),
        "start_utc": datetime(day.year, day.month, day.day, 7, tzinfo=UTC),
        "local_date": day,
        "sport": "Run",
        "shoe_id": "pair",
        "samples_id": None,
    }
    return row | facts


def activities(rows: Sequence[dict[str, object]]) -> pl.DataFrame:
    """Put rows under the contract, with `samples_id`."""
    types = {name: column.dtype for name, column in ACTIVITY.columns.items()} | {"samples_id": pl.String}
    return pl.DataFrame(
        {name: pl.Series([row.get(name) for row in rows], dtype=dtype) for name, dtype in types.items()}
    )


def scan(recordings: dict[str, pl.DataFrame]) -> Callable[[Sequence[str]], pl.LazyFrame]:
    """Stand in for the store's sample folder."""

    def samples(ids: Sequence[str]) -> pl.LazyFrame:
        found = [recordings[i].with_columns(activity_id=pl.lit(i)) for i in ids if i in recordings]
        empty = SAMPLE.empty().with_columns(activity_id=pl.lit(None, pl.String))
        return pl.concat(found).lazy() if found else empty.lazy()

    return samples


def loads(
    rows: Sequence[dict[str, object]],
    recordings: dict[str, pl.DataFrame] | None = None,
    settings: ModelSettings | None = None,
    shoe_facts: pl.DataFrame | None = None,
) -> tuple[pl.DataFrame, object]:
    """Run the slow part on made-up rows."""
    facts = PLAIN_PAIR if shoe_facts is None else shoe_facts
    return load_runs(activities(rows), scan(recordings or {}), facts, settings or ModelSettings())


def analyse(
    sessions: pl.DataFrame,
    samples: Callable[[Sequence[str]], pl.LazyFrame],
    shoe_facts: pl.DataFrame,
    symptoms: pl.DataFrame,
    settings: ModelSettings,
    known_until: date | None = None,
) -> Analysis:
    """Go the whole way from sessions to windows, as the pages do; the record reaches its last session."""
    runs, personal = load_runs(sessions, samples, shoe_facts, settings)
    last = known_until or sessions["local_date"].max()
    return adapt(runs, symptoms, settings, last, personal, other_sports(sessions))


def recorded(number: int, frame: pl.DataFrame, **facts: object) -> dict[str, object]:
    """Build the ACTIVITY row that belongs to a recording."""
    told = {"samples_id": f"{number:04x}", "distance_m": float(frame["speed_mps"].sum() or 0.0)}
    return activity(number, **({"moving_s": float(frame.height)} | told | facts))


def run_days(
    loads_by_day: Sequence[float | None], metres: Sequence[float | None] | None = None
) -> pl.DataFrame:
    """Build RUN rows: one for each day whose load is not 0; None is a run of unknown load."""
    rows = []
    for day, load in enumerate(loads_by_day):
        if load == 0:
            continue
        distance = metres[day] if metres is not None else (None if load is None else load * 1000)
        at = FIRST + timedelta(days=day)
        start = datetime(at.year, at.month, at.day, 7, tzinfo=UTC)
        rows.append({"activity_id": f"{day:04x}", "local_date": at, "start_utc": start, "distance_m": distance,
                     "load_tkm": load, "load_low_tkm": load, "load_high_tkm": load, "load_a_tkm": load,
                     "load_c_tkm": load, "moving_s": 1800.0, "shoe_id": "pair"})  # fmt: skip
    return pl.DataFrame(
        {name: pl.Series([row.get(name) for row in rows], dtype=dtype) for name, dtype in RUN_SCHEMA.items()}
    )
