"""Flares, drivers and linkage as plain values, under the keys of the contract."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import polars as pl

from dashboard.model.driver_words import rise_in_words
from dashboard.model.linkage import Linkage
from dashboard.model.robustness import same_leading, verdicts
from dashboard.model.shelf import DRIVERS
from dashboard.model.why import Around, Why


def windows(why: Why) -> dict[tuple[date, date], dict[str, Any]]:
    """Give what is said of each outpaced window.

    Parameters
    ----------
    why : Why
        Of the whole history.

    Returns
    -------
    dict
        First and last date of the window to `rise`, `drivers`, `drivers_robust`, `drivers_why`, `story`.

    Source
    ------
    ours: keyed by dates, so that a report of a part of the history finds its own.
    """
    asked = why.windows.held.select("from_date", "to_date").unique(maintain_order=True)
    return dict(zip(asked.rows(), _driven(why.windows), strict=True))


def flares(why: Why, since: date | None = None, until: date | None = None) -> list[dict[str, Any]]:
    """Give every flare that touches a period.

    Parameters
    ----------
    why : Why
        Of the whole history.
    since, until : date or None
        First and last local date; None is the first or last there is.

    Returns
    -------
    list of dict
        The keys of the contract, and more.

    Source
    ------
    ours: the contract for those who run Heelwise from outside.
    """
    held = verdicts(why.before_flares.held).to_dicts()
    changed = _changes(why.before_flares)
    rows = zip(why.flares.to_dicts(), _driven(why.before_flares), held, changed, strict=True)
    return [
        _flare(row)
        | driven
        | {
            "load_came_before": told["holds"],
            "robust": told["robust"],
            "changes": changes,
        }
        for row, driven, told, changes in rows
        if (since is None or row["last_high"] >= since) and (until is None or row["onset"] <= until)
    ]


def linkage(found: Linkage) -> dict[str, Any]:
    """Give the answer to whether load usually came first.

    Parameters
    ----------
    found : Linkage
        Of the whole history, whatever the period of the report.

    Returns
    -------
    dict
        The keys of the contract, and more. Null where there is not enough to say.

    Source
    ------
    ours: the contract for those who run Heelwise from outside.
    """
    return {
        "enough_data": found.enough_data,
        "why": found.why,
        "flares": found.flares,
        "exposed": found.exposed,
        "expected": _number(found.expected),
        "p": _number(found.p),
        "lag_days": found.lag_days,
        "controls_exposed": found.controls_exposed,
        "controls": found.controls,
        "after_exposed": None if found.after is None else found.after.exposed,
        "after_p": None if found.after is None else _number(found.after.p),
        "spikes_exposed": None if found.spikes is None else found.spikes.exposed,
        "spikes_p": None if found.spikes is None else _number(found.spikes.p),
        "base_rate": _number(found.base_rate),
        "flares_needed": found.needed_flares,
        "channels": [
            {k: _number(v) if isinstance(v, float) else v for k, v in row.items()}
            for row in found.channels.iter_rows(named=True)
        ],
        "sensitivity": [
            {k: _number(v) if isinstance(v, float) else v for k, v in row.items()}
            for row in found.sensitivity.iter_rows(named=True)
        ],
    }


def step_ups(why: Why, since: date | None, until: date | None) -> list[dict[str, Any]]:
    """Return the step-ups that touch a period; every channel in its own unit.

    Parameters
    ----------
    why : Why
        Of the whole history.
    since, until : date or None
        First and last local date; None is the first or last there is.

    Returns
    -------
    list of dict
        The keys of the contract, by their first day.
    """
    return [
        {"from": row["from_date"].isoformat(), "to": row["to_date"].isoformat(), "channel": row["channel"]}
        | {name: _number(row[name]) for name in (*_RANGE, "reached", "z", "above_share_of_year")}
        for row in why.step_ups.rows.iter_rows(named=True)
        if (since is None or row["to_date"] >= since) and (until is None or row["from_date"] <= until)
    ]


_RANGE = ("usual", "usual_low", "usual_high")


def _changes(around: Around) -> list[list[dict[str, Any]]]:
    """Channels with a known z of each span, in the order of the model."""
    known = around.changes.filter(pl.col("z").is_not_null())
    return [
        [
            _change(row)
            for row in known.filter((pl.col("from_date") == start) & (pl.col("to_date") == end)).to_dicts()
        ]
        for start, end in around.spans.select("from_date", "to_date").rows()
    ]


def _change(row: dict[str, Any]) -> dict[str, Any]:
    return (
        {"channel": row["channel"], "reached": _number(row["value"])}
        | {name: _number(row[name]) for name in (*_RANGE, "z")}
        | {"rank": row["rank"], "of_weeks": row["of_weeks"]}
        | {"since": row["since"].isoformat() if row["since"] else None}
        | {name: row[name] for name in ("with_flare", "without_flare", "not_told")}
    )


def _driven(around: Around) -> list[dict[str, Any]]:
    robust = same_leading(around.led) if around.led.height else around.led.with_columns(robust=pl.lit(None))
    verdict = {(r["from_date"], r["to_date"]): r["robust"] for r in robust.iter_rows(named=True)}
    return [
        {
            "rise": _number(row["rise"]),
            "drivers": _shares(row),
            "drivers_robust": verdict.get((row["from_date"], row["to_date"])),
            "drivers_why": row["why"],
            "story": rise_in_words(row),
        }
        for row in around.drivers.iter_rows(named=True)
    ]


def _shares(row: dict[str, Any]) -> list[dict[str, Any]]:
    """Largest first; empty where there is no rise to share out."""
    if row["leading"] is None:
        return []
    parts = sorted(DRIVERS, key=lambda name: -row[f"share_{name}"])
    return [
        {"factor": n, "share": round(row[f"share_{n}"], 6), "multiplier": _number(row[f"x_{n}"])}
        for n in parts
    ]


def _flare(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "onset": row["onset"].isoformat(),
        "onset_rule": row["onset_rule"].isoformat() if row["onset_rule"] else None,
        "onset_person": row["onset_person"].isoformat() if row["onset_person"] else None,
        "end": row["end"].isoformat() if row["end"] else None,
        "peak_date": row["peak_date"].isoformat() if row["peak_date"] else None,
        "peak_0_10": row["peak_0_10"],
        "peak_stiffness_min": row["peak_stiffness_min"],
        "rule": row["rule"],
        "logged_days": row["n_logged"],
    }


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else round(value, 4)
