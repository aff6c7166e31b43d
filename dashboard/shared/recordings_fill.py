"""The time in which all runs are in by their totals and their recordings are still being read, beside the pages."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from connectors.frames import ACTIVITY
from connectors.ingest.decode_order import WEEKS_BEFORE, stated_dates
from connectors.plural import count
from connectors.source import LOOSE_RECORDINGS, RECORDINGS, SOME_LOOSE_RECORDINGS
from connectors.store import Job, Store
from connectors.store.jobs import FILL_JOB, IMPORT_JOB, import_kind
from dashboard.shared import jobs

FEW = 20
"""Up to so many recordings are read before anybody would have looked at a picture without them."""
FIRST_S = 2.0
"""s after which the pace says how long the rest takes."""
RECORDS_OF_FILES = "file"
STOPPED = "The import was stopped, to be taken back."


@dataclass(frozen=True)
class RecordingsFill:
    """How far the recordings of an import are; `left_s` is None until the pace is known, `step` what is estimated."""

    job_id: int
    done: int
    total: int
    left_s: float | None
    step: str = RECORDINGS


def fill_under_way(store: Store, athlete_id: int) -> RecordingsFill | None:
    """Return how far the recordings of a runner's import are; None while none are being read."""
    job = store.jobs.latest(athlete_id, FILL_JOB)
    if job is None or not job.is_running or not job.total:
        return None
    if jobs.ended_since(store.jobs.home, athlete_id, job.seen_s):
        return None  # it was killed: what it had read stays, and counts
    return RecordingsFill(job.job_id, job.done, job.total, _left_s(job), job.message or RECORDINGS)


def stop_import(store: Store, athlete_id: int, person_id: int | None = None) -> None:
    """End the import that this dashboard runs for a runner where it is, so that it can be taken back as a whole.

    Where persons sign in, `person_id` ends their own alone.
    """
    if not jobs.stop_job(store.work_folder(athlete_id), athlete_id, person_id):
        return
    for kind in (IMPORT_JOB, import_kind(person_id), FILL_JOB):
        job = store.jobs.latest(athlete_id, kind)
        if job is not None and job.finished_s is None:
            store.jobs.finish(job.job_id, error=STOPPED)


def _left_s(job: Job) -> float | None:
    took_s = job.seen_s - job.started_s
    if not job.done or took_s < FIRST_S or not job.total:
        return None
    return max(0.0, took_s / job.done * (job.total - job.done) - (time.time() - job.seen_s))


def fill_in_words(fill: RecordingsFill) -> str:
    """Describe what the pages rest on meanwhile, and for how long."""
    left = "" if fill.left_s is None else f", {_left_in_words(fill.left_s)} left"
    if fill.step == LOOSE_RECORDINGS:
        read = f"Runs come in newest first: {fill.done:,} of {fill.total:,} recordings read{left}."
        return f"{read} What is not read yet is missing here."
    missing = " Runs without totals are missing until then." if fill.step == SOME_LOOSE_RECORDINGS else ""
    return f"Estimated until the recordings are read: {fill.done:,} of {fill.total:,}{left}.{missing}"


def _left_in_words(left_s: float) -> str:
    if left_s < 55:
        return f"about {max(10, round(left_s / 10) * 10)} s"
    minutes = round(left_s / 60)
    return f"about {minutes} min" if minutes < 90 else f"about {count(round(minutes / 60), 'hour')}"


def load_version(store: Store, athlete_id: int, *others: int) -> tuple[object, ...]:
    """Return what a page's load is to be keyed on, with `others`, the versions of the runner's other tables.

    Recordings that are being read change it only at their end: a page that computed anew for each would be waited for.
    """
    fill = fill_under_way(store, athlete_id)
    if fill is None:
        return (*others, store.version(athlete_id, ACTIVITY))
    # Files that no table lists are new runs, not better ones: they are drawn each time their number has doubled.
    # And what came before a date that the runner states is drawn once the recordings of its weeks are in, which are
    # read first: those weeks are what is looked at.
    counts = store.session_counts(athlete_id)
    known = {source: number for source, number in counts.items() if source != RECORDS_OF_FILES}
    return (
        *others,
        f"recordings {fill.job_id}",
        *sorted(known.items()),
        counts.get(RECORDS_OF_FILES, 0).bit_length(),
        *_dates_read(store, athlete_id),
    )


def _dates_read(store: Store, athlete_id: int) -> list[str]:
    """The dates on which symptoms began, as the runner states, whose weeks before are read."""
    dates = stated_dates(store, athlete_id)
    if not dates:
        return []
    is_recorded = pl.col("file_name").is_not_null() | (pl.col("source") == RECORDS_OF_FILES)
    waiting = is_recorded & pl.col("sample_rows").is_null()
    days = store.read(ACTIVITY, athlete_id).filter(waiting)["local_date"]
    first = timedelta(weeks=WEEKS_BEFORE)
    return [str(day) for day in sorted(dates) if not days.is_between(day - first, day).any()]


def form_version(store: Store, athlete_id: int) -> str:
    """Return what the key of a form is made of: it changes with what the form shows, and not with recordings alone.

    A form of another key is a new one, and loses what was half typed.
    """
    fill = fill_under_way(store, athlete_id)
    if fill is None:
        return str(store.version(athlete_id))
    others = store.version(athlete_id) - store.version(athlete_id, ACTIVITY)
    return f"{others}_{fill.job_id}_{sum(store.session_counts(athlete_id).values())}"
