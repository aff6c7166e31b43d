"""The runner's rules for pairs: kept among the settings, written in words, read from a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from connectors.store import Store
from dashboard import words
from dashboard.model.shoe_rules import ShoeRule, from_text, to_text
from dashboard.run_words import SURFACE_NAMES, WEEKDAYS
from dashboard.units import Units

SETTING = "shoe_rules"


def rules(store: Store, athlete_id: int) -> tuple[ShoeRule, ...]:
    """Read the runner's rules.

    Parameters
    ----------
    store : Store
        Where they are.
    athlete_id : int
        Runner on this machine, from 1.

    Returns
    -------
    tuple of ShoeRule
        The first that fits counts.

    Source
    ------
    ours.
    """
    return from_text(store.settings(athlete_id).get(SETTING))


def keep(store: Store, athlete_id: int, kept: Sequence[ShoeRule]) -> None:
    """Store the runner's rules.

    Parameters
    ----------
    store, athlete_id
        As for `rules`.
    kept : sequence of ShoeRule
        All of them, in their order.

    Raises
    ------
    StoreError
        When it cannot be written.

    Source
    ------
    ours: a rule suggests; it never changes a run by itself.
    """
    store.set_settings(athlete_id, {SETTING: to_text(kept) if kept else None})


def in_words(rule: ShoeRule, labels: Mapping[str, str], units: Units) -> str:
    """Write a rule.

    Parameters
    ----------
    rule : ShoeRule
        The rule.
    labels : mapping of str to str
        Name of each pair by its id.
    units : Units
        Units to write in.

    Returns
    -------
    str
        Such as "Trail run, at least 10.0 km, Sat, Sun → Ridgeline 4".

    Source
    ------
    ours.
    """
    asked = [words.SPORTS.get(rule.sport, rule.sport)] if rule.sport else []
    asked += [SURFACE_NAMES[rule.surface].lower()] if rule.surface else []
    asked += [", ".join(WEEKDAYS[day] for day in rule.weekdays)] if rule.weekdays else []
    asked += [f"at least {units.distance_words(rule.least_m)}"] if rule.least_m is not None else []
    asked += [f"at most {units.distance_words(rule.most_m)}"] if rule.most_m is not None else []
    asked += [f"{units.pace(rule.least_mps)} or quicker"] if rule.least_mps is not None else []
    asked += [f"{units.pace(rule.most_mps)} or slower"] if rule.most_mps is not None else []
    if rule.least_climb_m_per_km is not None:
        climb = units.height(rule.least_climb_m_per_km) * units.metres(1.0) / 1000
        asked.append(f"climb of at least {climb:.0f} {units.height_unit}/{units.distance_unit}")
    return f"{', '.join(asked)} → {labels.get(rule.shoe_id, words.SHOE_NAMELESS)}"
