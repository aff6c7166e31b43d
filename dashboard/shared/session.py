"""What the pages share: the store, the runner being looked at, cached results, units, theme."""

from __future__ import annotations

import os
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import polars as pl
import streamlit as st

from connectors.errors import HeelwiseError
from connectors.frames import ACTIVITY, EDIT, EVENT, LADDER, ONSET, SHOE, SHOE_FACT, STRENGTH, SYMPTOM
from connectors.store import Runner, Store, home_folder, open_store
from dashboard.model.analysis import Analysis, Coverage, coverage
from dashboard.model.explain import FlareExplanation
from dashboard.model.load.recordings import RecordingData
from dashboard.model.load.runner_profile import RunnerProfile
from dashboard.model.settings import ModelSettings, for_loads, for_recordings
from dashboard.shared import crash_log, demo_start, pipeline, text
from dashboard.shared.units import Units, units_from_settings

ATHLETE_VARIABLE = "HEELWISE_ATHLETE"
_CHOSEN = "athlete_id"
RUNNER_PARAMETER = "runner"
LOAD_CONTRACTS = (ACTIVITY, SHOE, SHOE_FACT, EDIT)
"""What the load of a run is worked out from."""


def home() -> Path:
    """Return the folder that holds the runner's data."""
    return home_folder()


@st.cache_resource(max_entries=4, show_spinner=False)
def _opened(folder: str) -> Store:
    return open_store(Path(folder))


def store() -> Store:
    """Return the open store of this machine.

    One handle for all sessions.
    """
    return _opened(str(home()))


def runner() -> Runner | None:
    """Return the runner being looked at; None in an empty store.

    Chosen on this page, else named at the start, else the first real runner, else the made-up one.
    """
    demo_start.wait_for_demo()
    everyone = store().runners()
    if _CHOSEN not in st.session_state and st.query_params.get(RUNNER_PARAMETER, "").isdigit():
        st.session_state[_CHOSEN] = int(st.query_params[RUNNER_PARAMETER])
    chosen = st.session_state.get(_CHOSEN)
    for one in everyone:
        if one.athlete_id == chosen:
            return one
    if not everyone:
        return demo_start.show_demo(store(), home())
    return store().runner(os.environ.get(ATHLETE_VARIABLE) or None)


def select_runner(one: Runner | None) -> None:
    """Choose the runner to look at in this browser tab.

    A choice of this tab, kept out of the address.
    """
    st.session_state[_CHOSEN] = one.athlete_id if one else None


def own_runner() -> Runner:
    """Return the runner that a person's own data goes to: never the made-up one.

    An import during the demo starts the runner's own record.
    """
    now = runner()
    if now is not None and not now.is_demo:
        return now
    return store().runner(create=True)


def logging_runner() -> Runner:
    """Return the runner an entry made on this page belongs to: the one being looked at.

    In an empty store the first entry starts the runner's own record.
    """
    return runner() or store().runner(create=True)


def leave_demo() -> None:
    """Send the made-up runner away, with all that belongs to it."""
    demo_start.leave_demo(store(), home())
    select_runner(None)


def bring_back_demo() -> None:
    """Show the made-up runner again."""
    select_runner(demo_start.bring_back_demo(store(), home()))


@st.cache_resource(max_entries=1, show_spinner=False)
def _ground(folder: str, athlete_id: int, recordings: str, settings: ModelSettings) -> RecordingData:
    return pipeline.recording_data_of(_opened(folder), athlete_id, settings)


@st.cache_resource(max_entries=8, show_spinner="Working out the load of every run …")
def _runs(
    folder: str, athlete_id: int, version: int, settings: ModelSettings
) -> tuple[pl.DataFrame, RunnerProfile]:
    opened = _opened(folder)
    # A changed force or exponent, or another shoe, leaves what the recordings say as it is.
    recordings = _ground(
        folder, athlete_id, pipeline.recordings_of(opened, athlete_id), for_recordings(settings)
    )
    return pipeline.load_runs_of(opened, athlete_id, settings, recordings)


@st.cache_resource(max_entries=8, show_spinner=False)
def _analysis(
    folder: str, athlete_id: int, version: int, symptom_version: int, settings: ModelSettings
) -> Analysis:
    # A setting that no run's load depends on leaves the slow part as it is.
    runs, personal = _runs(folder, athlete_id, version, for_loads(settings))
    opened = _opened(folder)
    return pipeline.adapt_runs(opened, athlete_id, runs, personal, settings)


def analysis() -> Analysis | None:
    """Return everything computed for the runner being looked at; None in an empty store.

    Keyed on the store's version counters and plain settings, never on a frame.
    """
    now = runner()
    if now is None:
        return None
    opened = store()
    settings = pipeline.model_settings_of(opened, now.athlete_id)
    version = opened.version(now.athlete_id, *LOAD_CONTRACTS)
    symptom_version = opened.version(now.athlete_id, SYMPTOM, LADDER)
    return _analysis(str(home()), now.athlete_id, version, symptom_version, settings)


@st.cache_resource(max_entries=8, show_spinner=False)
def _why(
    folder: str,
    athlete_id: int,
    version: int,
    symptom_version: int,
    onset_version: int,
    settings: ModelSettings,
) -> FlareExplanation:
    computed = _analysis(folder, athlete_id, version, symptom_version, settings)
    return pipeline.explanation_of(_opened(folder), athlete_id, computed)


def explanation() -> FlareExplanation | None:
    """Return what came before flares and windows; None in an empty store.

    Kept apart from `analysis`, since a person's word on an onset changes no load.
    """
    now = runner()
    if now is None:
        return None
    opened, athlete_id = store(), now.athlete_id
    versions = [
        opened.version(athlete_id, *of) for of in (LOAD_CONTRACTS, (SYMPTOM, LADDER), (ONSET, STRENGTH))
    ]
    return _why(
        str(home()),
        athlete_id,
        versions[0],
        versions[1],
        versions[2],
        pipeline.model_settings_of(opened, athlete_id),
    )


def symptom_rows() -> pl.DataFrame:
    """Return the diary of the runner being looked at; empty in an empty store."""
    now = runner()
    return SYMPTOM.empty() if now is None else store().read(SYMPTOM, now.athlete_id)


def events() -> pl.DataFrame:
    """Return the events of the runner being looked at; empty in an empty store."""
    now = runner()
    return EVENT.empty() if now is None else store().read(EVENT, now.athlete_id)


def strength() -> pl.DataFrame:
    """Return the sets logged by the runner being looked at; empty in an empty store."""
    now = runner()
    return STRENGTH.empty() if now is None else store().read(STRENGTH, now.athlete_id)


def coverage_of() -> Coverage | None:
    """Return how much of the runs and days is known; None in an empty store."""
    computed = analysis()
    return None if computed is None else coverage(computed.runs, computed.days)


def shoe_names() -> dict[str, str]:
    """Return the name of each pair by its `shoe_id`; empty in an empty store."""
    now = runner()
    return {} if now is None else store().shoe_names(now.athlete_id)


def has_data(one: Runner | None) -> bool:
    """Return whether there is anything to draw for a runner.

    An empty page says what to do instead of showing empty charts.
    """
    return one is not None and store().version(one.athlete_id, ACTIVITY, SYMPTOM) > 0


def settings() -> dict[str, str]:
    """Return what the runner being looked at has set; empty in an empty store."""
    now = runner()
    return {} if now is None else store().settings(now.athlete_id)


def units() -> Units:
    """Return the units the runner reads in: kilometres and metres unless set otherwise."""
    return units_from_settings(settings())


def theme() -> Literal["light", "dark"]:
    """Return the theme the browser shows now."""
    return "dark" if st.context.theme.type == "dark" else "light"


def zone() -> tzinfo | None:
    """Return the time zone of the browser, else of this machine."""
    try:
        return ZoneInfo(st.context.timezone or "")
    except (ZoneInfoNotFoundError, ValueError):
        return datetime.now().astimezone().tzinfo


def today() -> date:
    """Return the local date where the browser is, else where this machine is.

    An entry made after midnight abroad belongs to the day the runner reads on the clock.
    """
    return datetime.now(zone()).date()


def page_failed(error: Exception) -> bool:
    """Show one calm sentence in place of a page that failed.

    A traceback helps nobody who runs; where it happened is kept in a local log.
    """
    if isinstance(error, HeelwiseError):
        st.error(text.escape_markdown(str(error)))
        return True
    log = crash_log.record_crash(home(), error)
    where = f" Where it happened is noted in {log.name}, in the Heelwise data folder." if log else ""
    st.error(f"This page could not be shown. Your data is as it was.{where}")
    return True


def is_open() -> bool:
    """Return whether this is the consult: the address asks for a page without a menu, so a reload stays in it."""
    return bool(st.context.is_embedded)
