"""Rules a runner sets for which pair goes with which run, and what of a run they look at."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import polars as pl

from connectors.frames import RUN_SPORTS, SURFACES
from connectors.store import Store
from dashboard.shared import text as shared_text
from dashboard.shared.text import SURFACE_NAMES, WEEKDAYS
from dashboard.shared.units import Units

SLOWEST_MPS, FASTEST_MPS = 0.5, 8.0
"""Mean speeds outside these are no running, and say nothing of the shoe. Design choice."""


@dataclass(frozen=True)
class ShoeRule:
    """One rule: runs of this kind go with this pair. What is None, or empty, is not asked."""

    shoe_id: str
    sport: str | None = None
    surface: str | None = None
    weekdays: tuple[int, ...] = ()
    least_m: float | None = None
    most_m: float | None = None
    least_mps: float | None = None
    most_mps: float | None = None
    least_climb_m_per_km: float | None = None

    @property
    def asks_nothing(self) -> bool:
        """Whether every run would fit."""
        return self == ShoeRule(self.shoe_id)


def rule_in_words(runs: pl.DataFrame) -> pl.DataFrame:
    """Add to each run the columns that shoes are chosen by.

    Terrain, sport, distance, weekday and pace are what runners choose a pair by.
    """
    speed = pl.col("distance_m") / pl.col("moving_s")
    climb = pl.coalesce("ascent_device_m", "ascent_m")
    on_treadmill = (
        pl.col("is_indoor").fill_null(False)
        | (pl.col("sport") == "VirtualRun")
        | (pl.col("surface") == "treadmill").fill_null(False)
    )
    return (
        runs.filter(pl.col("sport").is_in(RUN_SPORTS))
        .sort("start_utc", "activity_id")
        .with_columns(
            weekday=pl.col("local_date").dt.weekday().cast(pl.Int64),
            speed_mps=pl.when(speed.is_between(SLOWEST_MPS, FASTEST_MPS)).then(speed),
            climb_m_per_km=pl.when(pl.col("distance_m") > 0).then(climb / pl.col("distance_m") * 1000),
            on_treadmill=on_treadmill,
            on_trail=(pl.col("sport") == "TrailRun") | (pl.col("surface") == "trail").fill_null(False),
        )
    )


def rule_fits(rule: ShoeRule) -> pl.Expr:
    """Return which runs a rule is about.

    A rule never guesses.
    """
    asked = [pl.lit(not rule.asks_nothing)]
    if rule.sport is not None:
        asked.append(pl.col("sport") == rule.sport)
    if rule.surface is not None:
        surface = (pl.col("surface") == rule.surface).fill_null(False)
        is_so = {"treadmill": pl.col("on_treadmill"), "trail": pl.col("on_trail")}
        asked.append(surface | is_so.get(rule.surface, surface))
    if rule.weekdays:
        asked.append(pl.col("weekday").is_in(rule.weekdays))
    for name, least, most in (
        ("distance_m", rule.least_m, rule.most_m),
        ("speed_mps", rule.least_mps, rule.most_mps),
        ("climb_m_per_km", rule.least_climb_m_per_km, None),
    ):
        asked += [pl.col(name) >= least] if least is not None else []
        asked += [pl.col(name) <= most] if most is not None else []
    return pl.all_horizontal(asked).fill_null(False)


def rules_to_text(rules: Iterable[ShoeRule]) -> str:
    """Write rules as they are kept among the settings."""
    return json.dumps([{k: v for k, v in asdict(rule).items() if v not in (None, ())} for rule in rules])


def rules_from_text(text: str | None) -> tuple[ShoeRule, ...]:
    """Read rules from the settings.

    A setting must never keep the page from opening.
    """
    try:
        listed = json.loads(text or "[]")
    except ValueError:
        return ()
    return (
        tuple(rule for one in listed if (rule := _rule(one)) is not None) if isinstance(listed, list) else ()
    )


def _rule(one: Any) -> ShoeRule | None:
    names = {field.name for field in fields(ShoeRule)}
    if not isinstance(one, dict) or not isinstance(one.get("shoe_id"), str) or set(one) - names:
        return None
    days = one.get("weekdays", [])
    numbers = [value for name, value in one.items() if name.startswith(("least_", "most_"))]
    is_known = (
        one.get("sport") in (None, *RUN_SPORTS)
        and one.get("surface") in (None, *SURFACES)
        and isinstance(days, list)
        and all(day in range(1, 8) for day in days)
        and all(isinstance(number, int | float) for number in numbers)
    )
    rule = ShoeRule(**{**one, "weekdays": tuple(days)}) if is_known else None
    return None if rule is None or rule.asks_nothing else rule


RULES_SETTING = "shoe_rules"


def load_rules(store: Store, athlete_id: int) -> tuple[ShoeRule, ...]:
    """Read the runner's rules."""
    return rules_from_text(store.settings(athlete_id).get(RULES_SETTING))


def save_rules(store: Store, athlete_id: int, rules: Sequence[ShoeRule]) -> None:
    """Store the runner's rules.

    A rule suggests; it never changes a run by itself.
    """
    store.set_settings(athlete_id, {RULES_SETTING: rules_to_text(rules) if rules else None})


def rule_line(rule: ShoeRule, labels: Mapping[str, str], units: Units) -> str:
    """Write a rule."""
    asked = [shared_text.SPORTS.get(rule.sport, rule.sport)] if rule.sport else []
    asked += [SURFACE_NAMES[rule.surface].lower()] if rule.surface else []
    asked += [", ".join(WEEKDAYS[day] for day in rule.weekdays)] if rule.weekdays else []
    asked += [f"at least {units.distance_words(rule.least_m)}"] if rule.least_m is not None else []
    asked += [f"at most {units.distance_words(rule.most_m)}"] if rule.most_m is not None else []
    asked += [f"{units.pace(rule.least_mps)} or quicker"] if rule.least_mps is not None else []
    asked += [f"{units.pace(rule.most_mps)} or slower"] if rule.most_mps is not None else []
    if rule.least_climb_m_per_km is not None:
        climb = units.height(rule.least_climb_m_per_km) * units.metres(1.0) / 1000
        asked.append(f"climb of at least {climb:.0f} {units.height_unit}/{units.distance_unit}")
    return f"{', '.join(asked)} → {labels.get(rule.shoe_id, shared_text.SHOE_NAMELESS)}"
