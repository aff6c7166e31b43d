"""S of the report: what the runner says. Which heel, which episode, the day's pattern, what was asked at intake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from connectors.plural import count
from dashboard.diary.day_pattern_text import pattern_lines
from dashboard.report import blocks
from dashboard.report.blocks import ReportItem, ReportSection
from dashboard.report.material import ReportInput
from dashboard.shared import text as shared_text
from dashboard.shared.consult_mode import LATEST_ENTRIES
from dashboard.shared.text import day_in_words, in_days, span_in_words

EPISODE, EVENTS = "Episode", "Events"
HEEL_UNKNOWN = "Side and site not logged"
SIDES = {"left": "Left Achilles", "right": "Right Achilles", "both": "Both Achilles"}
SITES = {"midportion": ", mid-portion", "insertion": ", insertion", "other": ", elsewhere"}
NO_EPISODE = "no flare on record in these dates; symptoms logged on {logged} of {days}"
NO_LOG = "nothing logged {these}, so no flare can be found"
PEAK = "peak {peak:g} of 10"
SO_FAR = "not over by the log"
LOGGED = "logged on {logged} of {days}"
ONSET_RULE = "Onset (rule): {day}"
ONSET_BY = {"therapist": "Onset (PT): {day}", "runner": "Onset (runner): {day}"}
NO_ONSET = "not found"
MOST_EVENTS = 6


def subjective_section(report_input: ReportInput) -> ReportSection:
    """Describe what the runner says, from the log, the intake card and the calendar."""
    record = report_input.consult
    items = [
        ReportItem((heel(record.symptoms),)),
        *_episode(report_input),
        *[ReportItem((line,)) for line in day_lines(report_input)],
        *[_with_lead(line) for line in record.intake_lines],
        *[ReportItem((line,), EVENTS) for line in events_in_words(report_input)],
    ]
    return ReportSection(blocks.SUBJECTIVE, items)


def _with_lead(line: str) -> ReportItem:
    """Set the name of an answer apart from its words."""
    lead, colon, words = line.partition(": ")
    return ReportItem((words,), lead) if colon else ReportItem((line,))


def heel(symptoms: pl.DataFrame) -> str:
    """Name side and site in a therapist's words, as the last entries have them most often."""
    latest = symptoms.sort("date").drop_nulls("side").tail(LATEST_ENTRIES)
    if latest.is_empty():
        return HEEL_UNKNOWN
    site = latest["site"].drop_nulls().mode().sort()
    return SIDES[str(latest["side"].mode().sort()[0])] + (SITES[str(site[0])] if site.len() else "")


def _episode(report_input: ReportInput) -> list[ReportItem]:
    record = report_input.consult
    flare = record.flare
    if flare is None:
        return [ReportItem((_no_episode(report_input),), EPISODE)]
    length = (flare["last_high"] - flare["onset"]).days + 1
    peak, at = flare["peak_0_10"], flare["peak_date"]
    parts = [
        span_in_words(flare["onset"], flare["last_high"]),
        *(
            [PEAK.format(peak=peak) + (f" on {day_in_words(at, False)}" if at else "")]
            if peak is not None
            else []
        ),
        *([] if flare["end"] else [SO_FAR]),
        LOGGED.format(logged=flare["n_logged"], days=count(length, "day")),
    ]
    return [
        ReportItem((", ".join(parts),), EPISODE),
        ReportItem((" · ".join(onsets_in_words(flare, record.onsets)),)),
    ]


def _no_episode(report_input: ReportInput) -> str:
    logged = report_input.document["coverage"]["symptom_days"]
    days = len(report_input.document["days"])
    return (NO_EPISODE if logged else NO_LOG).format(
        logged=logged, days=count(days, "day"), these=in_days(days)
    )


def onsets_in_words(flare: Mapping[str, Any], decisions: Sequence[Mapping[str, Any]]) -> list[str]:
    """Write the onset by the rule, and beside it each onset that a person dated, by who said it."""
    rule = flare["onset_rule"]
    return [
        ONSET_RULE.format(day=day_in_words(rule) if rule else NO_ONSET),
        *(
            ONSET_BY[one["decided_by"]].format(day=day_in_words(one["onset_person_date"]))
            for one in decisions
        ),
    ]


def day_lines(report_input: ReportInput) -> list[str]:
    """Return the 24-hour pattern since the onset, or since the page begins; empty where nothing at all is logged."""
    record, days = report_input.consult, report_input.analysis.days
    since = record.flare["onset"] if record.flare else report_input.start
    if since is None or days.is_empty() or record.symptoms.is_empty():
        return []
    run_days = report_input.analysis.runs["local_date"].unique().to_list()
    until = max(record.as_of, since)
    return pattern_lines(record.symptoms, run_days, since, until, max(record.today, until))


def events_in_words(report_input: ReportInput) -> list[str]:
    """Write what happened in the period by kind and date; the words of a person stay on the machine."""
    start, end = report_input.start, report_input.consult.as_of
    if start is None:
        return []
    last = pl.coalesce("end_date", "date")
    rows = report_input.consult.events.filter((last >= start) & (pl.col("date") <= end)).sort("date", "kind")
    parts = [
        f"{shared_text.EVENT_KINDS[row['kind']]} {span_in_words(row['date'], row['end_date'] or row['date'])}"
        for row in rows.tail(MOST_EVENTS).iter_rows(named=True)
    ]
    return [" · ".join(parts)] if parts else []
