"""From the store to the model: what the pages, the reports and the command line all read."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import polars as pl

from connectors.frames import LADDER, STRENGTH, SYMPTOM
from connectors.shoes.shoe_facts import shoe_facts
from connectors.source import Progress, silent
from connectors.store import Store
from connectors.store.frame_cache import FrameCache
from connectors.store.sample_file import NO_STATE
from dashboard.model.analysis import Analysis, adapt, without_ratios
from dashboard.model.doubted_dates import doubted_dates
from dashboard.model.explain import FlareExplanation, explain_flares, without_comparisons
from dashboard.model.load.recordings import (
    Recordings,
    recording_ids,
    recordings_fingerprint,
    recordings_for,
)
from dashboard.model.load.run_load import load_runs
from dashboard.model.load.runner_profile import RunnerProfile
from dashboard.model.load.seconds import ScanSamples
from dashboard.model.mechanics import run_mechanics
from dashboard.model.other_sessions import other_sports
from dashboard.model.settings import ModelSettings
from dashboard.model.settings_migration import read_saved_settings
from dashboard.shared import onset_edits
from dashboard.shared.cached_recordings import CachedRecordings
from dashboard.shared.text import HABIT_WITHHELD


def model_settings_of(store: Store, athlete_id: int) -> ModelSettings:
    """Read the model settings of one runner.

    One place that turns stored words into numbers.
    """
    return read_saved_settings(store.settings(athlete_id))[0]


def recordings_of(store: Store, athlete_id: int) -> str:
    """Name what `recording_data_of` would read, in a word to key a cache on.

    A corrected shoe or distance leaves what the recordings say as it is; a recording written anew does not.
    """
    return _recordings_state(store, athlete_id, _dated(store.activities(athlete_id)))[0]


def _recordings_state(store: Store, athlete_id: int, activities: pl.DataFrame) -> tuple[str, int]:
    """Name what recordings say at present, and how many of them are there."""
    states = store.samples.states(athlete_id, recording_ids(activities))
    there = sum(one != NO_STATE for one in states)
    words = "\n".join((recordings_fingerprint(activities), *states))
    return hashlib.blake2b(words.encode(), digest_size=16).hexdigest(), there


def recording_data_of(
    store: Store, athlete_id: int, settings: ModelSettings, progress: Progress = silent
) -> Recordings:
    """Return what every recording says before anything is weighed, read where an earlier start kept none of it.

    Split where a changed force or exponent changes nothing.
    """
    activities = _dated(store.activities(athlete_id))
    in_all = activities["samples_id"].drop_nulls().n_unique()
    samples = _counted(scan_samples(store, athlete_id), in_all, progress)
    return CachedRecordings(
        FrameCache(store.samples, athlete_id),
        lambda: _recordings_state(store, athlete_id, activities),
        settings,
        lambda: recordings_for(activities, samples, settings),
    )


def load_runs_of(
    store: Store,
    athlete_id: int,
    settings: ModelSettings,
    recordings: Recordings | None = None,
    progress: Progress = silent,
) -> tuple[pl.DataFrame, RunnerProfile]:
    """Compute the load of every run: the slow part, which symptoms do not touch.

    Split where a symptom entry changes nothing.
    """
    pairs = shoe_facts(store.shoes(athlete_id))
    activities = _dated(store.activities(athlete_id))
    recordings = recordings or recording_data_of(store, athlete_id, settings, progress)
    return load_runs(activities, scan_samples(store, athlete_id), pairs, settings, recordings)


def _counted(scan: ScanSamples, in_all: int, progress: Progress) -> ScanSamples:
    """Return the scan that reports how many recordings it was asked for, from whichever thread asks."""
    asked, lock = 0, threading.Lock()

    def counted(ids: Sequence[str]) -> pl.LazyFrame:
        nonlocal asked
        with lock:
            asked += len(ids)
            progress(min(asked, in_all), in_all, "reading recordings")
        return scan(ids)

    return counted


def _dated(activities: pl.DataFrame) -> pl.DataFrame:
    """Sessions whose date may be true: one wrong year would stretch the whole picture; the doubt is told."""
    doubted = doubted_dates(activities, date.today())["activity_id"]
    return (
        activities.filter(pl.col("activity_id").is_in(doubted.to_list()).not_())
        if doubted.len()
        else activities
    )


def scan_samples(store: Store, athlete_id: int) -> ScanSamples:
    """Return the scan of one runner's recordings by their ids."""

    def scan(ids: Sequence[str]) -> pl.LazyFrame:
        return store.samples.scan(athlete_id, ids)

    return scan


def known_until(activities: pl.DataFrame) -> date | None:
    """Return the last local date that any record of a session reaches.

    A later day without a session may be rest or may be not yet imported.
    """
    counts = pl.col("is_excluded").fill_null(False).not_() | (pl.col("local_date") <= date.today())
    last = activities.filter(counts)["local_date"].max()
    return last if isinstance(last, date) else None


def adapt_runs(
    store: Store, athlete_id: int, runs: pl.DataFrame, personal: RunnerProfile, settings: ModelSettings
) -> Analysis:
    """Add days, windows and spikes to computed runs: the fast part.

    A symptom entry needs this part only.
    """
    activities = _dated(store.activities(athlete_id))
    entries = store.read(SYMPTOM, athlete_id)
    symptoms = entries.filter(pl.col("date") <= date.today() + timedelta(days=1))  # others are told as doubts
    stepped = store.read(LADDER, athlete_id)["done_on"].drop_nulls().to_list()
    adapted = adapt(
        runs, symptoms, settings, known_until(activities), personal, other_sports(activities), stepped
    )
    # Somebody else's link is not read here, and of a record without a fifth of its runs no ratio is true.
    is_withheld = store.left_out(athlete_id, date.today()).withholds_ratios
    return without_ratios(adapted) if is_withheld else adapted


def explanation_of(store: Store, athlete_id: int, analysis: Analysis) -> FlareExplanation:
    """Describe what came before flares and windows of one runner.

    Pages and reports say the same.
    """
    explained = explain_flares(
        analysis,
        store.read(SYMPTOM, athlete_id),
        onset_edits.onset_edits(store, athlete_id),
        store.read(STRENGTH, athlete_id),
    )
    return without_comparisons(explained, HABIT_WITHHELD) if analysis.is_withheld else explained


def mechanics_of_runs(
    store: Store, athlete_id: int, personal: RunnerProfile, settings: ModelSettings
) -> pl.DataFrame:
    """Average step rate, step length and running dynamics of every run by band of speed.

    A pass of its own over the seconds, which only the page that shows it waits for.
    """
    return run_mechanics(
        _dated(store.activities(athlete_id)), scan_samples(store, athlete_id), personal, settings
    )


def analysis_of(store: Store, athlete_id: int, progress: Progress = silent) -> Analysis:
    """Compute everything for one runner.

    The same two steps as the pages, without their cache.
    """
    settings = model_settings_of(store, athlete_id)
    runs, personal = load_runs_of(store, athlete_id, settings, progress=progress)
    return adapt_runs(store, athlete_id, runs, personal, settings)


def without_titles(analysis: Analysis) -> Analysis:
    """Return an analysis whose sessions have no title: on a shared screen one may give away a street."""
    no_title = pl.lit(None, pl.String).alias("name")
    frames = {
        name: frame.with_columns(no_title)
        for name in ("runs", "excluded")
        if "name" in (frame := getattr(analysis, name)).columns
    }
    return replace(analysis, **frames)
