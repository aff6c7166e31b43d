"""How often windows and step-ups come on real people's records: a base rate, not a result. Run with -m benchmark -s.

Every Strava export beside the project, as the pages read it. Days are counted from day 180, when most of a runner's
own year is there. `hard_gap` is made of the load and not counted among the step-ups.
"""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from connectors.ingest.pipeline import import_paths
from connectors.store import open_store
from dashboard.model.analysis import Analysis
from dashboard.model.explain import FlareExplanation
from dashboard.shared.pipeline import analysis_of, explanation_of

FROM_DAY = 180
MOST_SHARE, MOST_MEAN_SHARE = 0.18, 0.12
MOST_STEP_UPS, MOST_MEAN_STEP_UPS = 20.0, 15.0


@dataclass(frozen=True)
class Record:
    """One export and what the model makes of it."""

    name: str
    analysis: Analysis
    why: FlareExplanation

    @property
    def counted(self) -> pl.DataFrame:
        """Known days from day 180 on."""
        known = self.analysis.days.filter("known")
        return known.filter(pl.col("local_date") >= known["local_date"][0] + timedelta(days=FROM_DAY))

    @property
    def years(self) -> float:
        return self.counted.height / 365.25

    def share_in(self, spans: pl.DataFrame) -> float:
        dates = self.counted["local_date"]
        inside = np.zeros(dates.len(), dtype=bool)
        for start, end in spans.select("from_date", "to_date").rows():
            inside |= dates.is_between(start, end).to_numpy()
        return float(inside.mean())

    def begun(self, spans: pl.DataFrame) -> pl.DataFrame:
        return spans.filter(pl.col("from_date") >= self.counted["local_date"][0])


def exports(folder: Path) -> list[Path]:
    """Every export; of several snapshots of one account the largest."""
    found = []
    for one in sorted(folder.iterdir()):
        tables = [path for path in one.glob("*.csv") if "activ" in path.name or "ativ" in path.name]
        if tables:
            found.append(max(tables, key=lambda path: path.stat().st_size))
    return found


def read(table: Path, tmp_path: Path) -> Record:
    """Import one export as a person would and compute everything."""
    source = table.parent
    if table.name != "activities.csv":
        source = tmp_path / table.parent.name
        source.mkdir()
        shutil.copyfile(table, source / "activities.csv")
    store = open_store(tmp_path / f"home-{table.parent.name}")
    runner = store.runner(create=True)
    import_paths(store, runner.athlete_id, [source])
    analysis = analysis_of(store, runner.athlete_id)
    return Record(table.parent.name, analysis, explanation_of(store, runner.athlete_id, analysis))


def line(one: Record) -> str:
    windows, steps = one.begun(one.analysis.windows), one.begun(one.why.step_ups.rows)
    states = Counter(one.counted["state"].to_list())
    told = ", ".join(f"{name} {count / one.counted.height:.0%}" for name, count in states.most_common())
    doses = steps.filter(pl.col("channel") != "hard_gap")
    robust = windows["robust"].sum() / max(windows.height, 1)
    return (
        f"{one.name[:28]:28s} {one.analysis.runs.height:5d} {one.years:5.1f} "
        f"{one.share_in(one.analysis.windows):6.1%} {windows.height / one.years:6.1f} {robust:6.0%} "
        f"{doses.height / one.years:7.1f} {steps.height / one.years:7.1f} "
        f"{one.share_in(one.why.step_ups.rows.filter(pl.col('channel') != 'hard_gap')):6.1%}  {told}"
    )


@pytest.mark.benchmark
@pytest.mark.real_data
@pytest.mark.timeout(1800)
def test_base_rates(real_data: Path, tmp_path: Path) -> None:
    everyone = [read(table, tmp_path) for table in exports(real_data / "strava_export")]
    records = [one for one in everyone if one.analysis.days.height > FROM_DAY + 90]
    print(
        f"\n{'export':28s} {'runs':>5s} {'years':>5s} {'days':>6s} {'a year':>6s} {'robust':>6s} "
        f"{'steps':>7s} {'+gap':>7s} {'in any':>6s}  states"
    )
    print("\n".join(line(one) for one in records))
    shares = [one.share_in(one.analysis.windows) for one in records]
    steps = [
        one.begun(one.why.step_ups.rows).filter(pl.col("channel") != "hard_gap").height / one.years
        for one in records
    ]
    channels = Counter(name for one in records for name in one.begun(one.why.step_ups.rows)["channel"])
    print(f"days in windows: mean {np.mean(shares):.1%}, most {max(shares):.1%}")
    print(f"step-ups a runner-year: mean {np.mean(steps):.1f}, most {max(steps):.1f}; {dict(channels)}")
    assert max(shares) <= MOST_SHARE
    assert np.mean(shares) <= MOST_MEAN_SHARE
    assert max(steps) <= MOST_STEP_UPS
    assert np.mean(steps) <= MOST_MEAN_STEP_UPS
