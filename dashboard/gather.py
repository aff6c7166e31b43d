"""From the store to the model: what the pages, the reports and the command line all read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from connectors.frames import LADDER, STRENGTH, SYMPTOM
from connectors.shoes.pairs import known_pairs
from connectors.store import Store
from dashboard import onsets
from dashboard.model.analysis import Analysis, Personal, adapt, load_runs
from dashboard.model.doubted_dates import doubted_dates
from dashboard.model.ground import Ground
from dashboard.model.load import Scan, ground_for, ground_key
from dashboard.model.mechanics import mechanics
from dashboard.model.set_apart import other_sports
from dashboard.model.settings import ModelSettings
from dashboard.model.settings_migration import read_kept
from dashboard.model.why import Why, explain


def settings_of(store: Store, athlete_id: int) -> ModelSettings:
    """Read the model settings of one runner.

    Parameters
    ----------
    store : Store
        Where they are kept.
    athlete_id : int
        Runner on this machine, from 1.

    Returns
    -------
    ModelSettings
        Defaults where the runner set nothing.

    Source
    ------
    ours: one place that turns stored words into numbers.
    """
    return read_kept(store.settings(athlete_id))[0]


def recordings_of(store: Store, athlete_id: int) -> str:
    """Name what `ground_of` would read, in a word to key a cache on.

    Parameters
    ----------
    store, athlete_id
        As for `settings_of`.

    Returns
    -------
    str
        Another word as soon as a recording came, went, was left out, or its cadence was corrected.

    Source
    ------
    ours: a corrected shoe or distance leaves what the recordings say as it is.
    """
    return ground_key(_dated(store.activities(athlete_id)))


def ground_of(store: Store, athlete_id: int, settings: ModelSettings) -> Ground:
    """Read what every recording says before anything is weighed.

    Parameters
    ----------
    store, athlete_id
        As for `settings_of`.
    settings : ModelSettings
        The walking limits are read, and nothing else.

    Returns
    -------
    Ground
        For `runs_of` of any other settings.

    Source
    ------
    ours: split where a changed force or exponent changes nothing.
    """
    return ground_for(_dated(store.activities(athlete_id)), _samples(store, athlete_id), settings)


def runs_of(
    store: Store, athlete_id: int, settings: ModelSettings, ground: Ground | None = None
) -> tuple[pl.DataFrame, Personal]:
    """Compute the load of every run: the slow part, which symptoms do not touch.

    Parameters
    ----------
    store, athlete_id, settings
        As for `settings_of`.
    ground : Ground or None
        What `ground_of` gave; None reads it.

    Returns
    -------
    tuple of DataFrame and Personal
        RUN_SCHEMA, one row for each run; and the runner's own easy speed and cadence line.

    Source
    ------
    ours: split where a symptom entry changes nothing.
    """
    pairs = known_pairs(store.shoes(athlete_id))
    samples = _samples(store, athlete_id)
    return load_runs(_dated(store.activities(athlete_id)), samples, pairs, pairs, settings, ground)


def _dated(activities: pl.DataFrame) -> pl.DataFrame:
    """Sessions whose date may be true: one wrong year would stretch the whole picture; the doubt is told."""
    doubted = doubted_dates(activities, date.today())["activity_id"]
    return (
        activities.filter(pl.col("activity_id").is_in(doubted.to_list()).not_())
        if doubted.len()
        else activities
    )


def _samples(store: Store, athlete_id: int) -> Scan:
    def scan(ids: Sequence[str]) -> pl.LazyFrame:
        return store.samples.scan(athlete_id, ids)

    return scan


def known_until(activities: pl.DataFrame) -> date | None:
    """Give the last local date that any record of a session reaches.

    Parameters
    ----------
    activities : DataFrame
        As from `Store.activities`.

    Returns
    -------
    date or None
        None where there is no session: every day's load is then unknown. A session left out reaches no
        further than today, as it may bear a date to come.

    Source
    ------
    ours: a later day without a session may be rest or may be not yet imported.
    """
    counts = pl.col("is_excluded").fill_null(False).not_() | (pl.col("local_date") <= date.today())
    last = activities.filter(counts)["local_date"].max()
    return last if isinstance(last, date) else None


def adapted(
    store: Store, athlete_id: int, runs: pl.DataFrame, personal: Personal, settings: ModelSettings
) -> Analysis:
    """Add days, windows and spikes to computed runs: the fast part.

    Parameters
    ----------
    store, athlete_id, settings
        As for `settings_of`.
    runs, personal
        What `runs_of` gave.

    Returns
    -------
    Analysis
        Runs, dense days, outpaced windows and session spikes; runs left out and other sports apart.

    Source
    ------
    ours: a symptom entry needs this part only.
    """
    activities = _dated(store.activities(athlete_id))
    entries = store.read(SYMPTOM, athlete_id)
    symptoms = entries.filter(pl.col("date") <= date.today() + timedelta(days=1))  # others are told as doubts
    stepped = store.read(LADDER, athlete_id)["done_on"].drop_nulls().to_list()
    return adapt(
        runs, symptoms, settings, known_until(activities), personal, other_sports(activities), stepped
    )


def why_of(store: Store, athlete_id: int, analysis: Analysis) -> Why:
    """Say what came before flares and windows of one runner.

    Parameters
    ----------
    store, athlete_id
        As for `settings_of`.
    analysis : Analysis
        What `adapted` gave.

    Returns
    -------
    Why
        Flares with what a person said of them, drivers, changes, linkage and next mornings.

    Source
    ------
    ours: pages and reports say the same.
    """
    return explain(
        analysis,
        store.read(SYMPTOM, athlete_id),
        onsets.edits(store, athlete_id),
        store.read(STRENGTH, athlete_id),
    )


def mechanics_of(store: Store, athlete_id: int, personal: Personal, settings: ModelSettings) -> pl.DataFrame:
    """Average step rate, step length and running dynamics of every run by band of speed.

    Parameters
    ----------
    store, athlete_id, settings
        As for `settings_of`.
    personal : Personal
        What `runs_of` gave.

    Returns
    -------
    DataFrame
        MECHANICS_SCHEMA.

    Source
    ------
    ours: a pass of its own over the seconds, which only the page that shows it waits for.
    """

    def samples(ids: Sequence[str]) -> pl.LazyFrame:
        return store.samples.scan(athlete_id, ids)

    return mechanics(_dated(store.activities(athlete_id)), samples, personal, settings)


def analysis_of(store: Store, athlete_id: int) -> Analysis:
    """Compute everything for one runner.

    Parameters
    ----------
    store, athlete_id
        As for `settings_of`.

    Returns
    -------
    Analysis
        As for `adapted`.

    Source
    ------
    ours: the same two steps as the pages, without their cache.
    """
    settings = settings_of(store, athlete_id)
    runs, personal = runs_of(store, athlete_id, settings)
    return adapted(store, athlete_id, runs, personal, settings)
