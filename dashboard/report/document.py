"""The report as plain values: every key of the contract, from the store and the analysis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from connectors.store import Runner, Store
from dashboard.flares import lead_text
from dashboard.model.analysis import Analysis
from dashboard.model.attribution import rise_in_words
from dashboard.model.explain import CurrentChanges, FlareExplanation
from dashboard.model.linkage import Linkage
from dashboard.model.load.factor import DRIVERS
from dashboard.model.robustness import robust_flares, same_leading
from dashboard.report import document_extras, first_sentences
from dashboard.report.document_extras import plan_json
from dashboard.report.document_facts import day, document_facts, rounded, within
from dashboard.report.doubts import Doubt, doubts
from dashboard.shared.pipeline import explanation_of
from dashboard.shared.units import units_from_settings


def windows_json(explanation: FlareExplanation) -> dict[tuple[date, date], dict[str, Any]]:
    """Return what is said of each outpaced window.

    Keyed by dates, so that a report of a part of the history finds its own.
    """
    asked = explanation.windows.held.select("from_date", "to_date").unique(maintain_order=True)
    return dict(zip(asked.rows(), _driven(explanation.windows), strict=True))


def flares_json(
    explanation: FlareExplanation, since: date | None = None, until: date | None = None
) -> list[dict[str, Any]]:
    """Return every flare that touches a period.

    The contract for those who run Heelwise from outside.
    """
    held = robust_flares(explanation.before_flares.held).to_dicts()
    changed = _changes(explanation.before_flares)
    rows = zip(explanation.flares.to_dicts(), _driven(explanation.before_flares), held, changed, strict=True)
    return [
        _flare(row)
        | driven
        | {
            "load_came_before": verdict["holds"],
            "robust": verdict["robust"],
            "changes": changes,
        }
        for row, driven, verdict, changes in rows
        if (since is None or row["last_high"] >= since) and (until is None or row["onset"] <= until)
    ]


def linkage_json(linkage: Linkage) -> dict[str, Any]:
    """Return the answer to whether load usually came first.

    The contract for those who run Heelwise from outside.
    """
    return {
        "enough_data": linkage.enough_data,
        "why": linkage.why,
        "flares": linkage.flares,
        "exposed": linkage.exposed,
        "expected": _json_number(linkage.expected),
        "p": _json_number(linkage.p),
        "lag_days": linkage.lag_days,
        "controls_exposed": linkage.controls_exposed,
        "controls": linkage.controls,
        "after_exposed": None if linkage.after is None else linkage.after.exposed,
        "after_p": None if linkage.after is None else _json_number(linkage.after.p),
        "spikes_exposed": None if linkage.spikes is None else linkage.spikes.exposed,
        "spikes_p": None if linkage.spikes is None else _json_number(linkage.spikes.p),
        "base_rate": _json_number(linkage.base_rate),
        "flares_needed": linkage.needed_flares,
        "channels": [
            {k: _json_number(v) if isinstance(v, float) else v for k, v in row.items()}
            for row in linkage.channels.iter_rows(named=True)
        ],
        "sensitivity": [
            {k: _json_number(v) if isinstance(v, float) else v for k, v in row.items()}
            for row in linkage.sensitivity.iter_rows(named=True)
        ],
    }


def step_ups(explanation: FlareExplanation, since: date | None, until: date | None) -> list[dict[str, Any]]:
    """Return the step-ups that touch a period; every channel in its own unit."""
    return [
        {"from": row["from_date"].isoformat(), "to": row["to_date"].isoformat(), "channel": row["channel"]}
        | {name: _json_number(row[name]) for name in (*_RANGE, "reached", "z", "above_share_of_year")}
        for row in explanation.step_ups.rows.iter_rows(named=True)
        if (since is None or row["to_date"] >= since) and (until is None or row["from_date"] <= until)
    ]


_RANGE = ("usual", "usual_low", "usual_high")


def _changes(around: CurrentChanges) -> list[list[dict[str, Any]]]:
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
        {"channel": row["channel"], "reached": _json_number(row["value"])}
        | {name: _json_number(row[name]) for name in (*_RANGE, "z")}
        | {"rank": row["rank"], "of_weeks": row["of_weeks"]}
        | {"since": row["since"].isoformat() if row["since"] else None}
        | {name: row[name] for name in ("with_flare", "without_flare", "not_told")}
    )


def _driven(around: CurrentChanges) -> list[dict[str, Any]]:
    robust = same_leading(around.led) if around.led.height else around.led.with_columns(robust=pl.lit(None))
    verdict = {(r["from_date"], r["to_date"]): r["robust"] for r in robust.iter_rows(named=True)}
    return [
        {
            "rise": _json_number(row["rise"]),
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
        {"factor": n, "share": round(row[f"share_{n}"], 6), "multiplier": _json_number(row[f"x_{n}"])}
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


def _json_number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else round(value, 4)


def compose_document(
    store: Store,
    runner: Runner,
    analysis: Analysis,
    since: date | None = None,
    until: date | None = None,
    explanation: FlareExplanation | None = None,
    doubted: Sequence[Doubt] | None = None,
    facts: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Build the document of one runner in the shape of the contract.

    The contract for those who run Heelwise from outside.
    """
    facts = document_facts(store, runner, analysis, since, until) if facts is None else facts
    spikes = within(analysis.spikes, "local_date", since, until)
    why = explanation or explanation_of(store, runner.athlete_id, analysis)
    if doubted is None:
        doubted = doubts(store, runner.athlete_id, analysis, since, until)
    reader = lead_text.Reader(
        units_from_settings(store.settings(runner.athlete_id)), store.shoe_names(runner.athlete_id)
    )
    return {
        **facts,
        "outpaced": _outpaced(analysis, why, reader, since, until),
        "spikes": [_spike(row) for row in spikes.iter_rows(named=True)],
        "step_ups": step_ups(why, since, until),
        "flares": first_sentences.flares(flares_json(why, since, until), analysis, why, reader),
        "linkage": linkage_json(why.linkage),
        "doubts": [one.as_row() for one in doubted],
        **document_extras.entered_json(store, runner.athlete_id, since, until),
        **plan_json(store, runner.athlete_id, analysis),
    }


def _outpaced(
    analysis: Analysis,
    why: FlareExplanation,
    reader: lead_text.Reader,
    since: date | None,
    until: date | None,
) -> list[dict[str, Any]]:
    """Windows that touch a period, each with what is said of it."""
    driven, first = windows_json(why), first_sentences.windows(analysis, why, reader)
    rows = _touching(analysis.windows, since, until).to_dicts()
    spans = [(row["from_date"], row["to_date"]) for row in rows]
    return [
        _window(row) | first_sentences.put_first(driven[span], first[span])
        for row, span in zip(rows, spans, strict=True)
    ]


def _touching(windows: pl.DataFrame, since: date | None, until: date | None) -> pl.DataFrame:
    if since is not None:
        windows = windows.filter(pl.col("to_date") >= since)
    if until is not None:
        windows = windows.filter(pl.col("from_date") <= until)
    return windows


def _window(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "from": day(row["from_date"]),
        "to": day(row["to_date"]),
        "peak_date": day(row["peak_date"]),
        "peak_ratio": rounded(row["peak_ratio"]),
        "threshold": rounded(row["threshold"]),
        "above_share_of_year": rounded(row["above_share_of_year"]),
        "robust": row["robust"],
    }


def _spike(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "date": day(row["local_date"]),
        "run_id": row["activity_id"],
        "distance_ratio": rounded(row["distance_ratio"]),
        "band": row["band"],
        "days_since": row["days_since"],
    }
