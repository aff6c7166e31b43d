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
from dashboard import first_start, gather, incident, words
from dashboard.model.analysis import Analysis, Coverage, Personal, coverage
from dashboard.model.ground import Ground
from dashboard.model.settings import ModelSettings, for_ground, for_loads
from dashboard.model.why import Why
from dashboard.units import Units, from_settings

ATHLETE = "HEELWISE_ATHLETE"
_CHOSEN = "athlete_id"
RUNNER = "runner"
LOADS = (ACTIVITY, SHOE, SHOE_FACT, EDIT)
"""What the load of a run is worked out from."""


def home() -> Path:
    """Give the folder that holds the runner's data."""
    return home_folder()


@st.cache_resource(max_entries=4, show_spinner=False)
def _opened(folder: str) -> Store:
    return open_store(Path(folder))


def store() -> Store:
    """Give the open store of this machine.

    Raises
    ------
    StoreError
        When it cannot be opened; `main` turns it into a calm page.

    Source
    ------
    ours: one handle for all sessions.
    """
    return _opened(str(home()))


def runner() -> Runner | None:
    """Give the runner being looked at; None in an empty store.

    Source
    ------
    ours: chosen on this page, else named at the start, else the first real runner, else the made-up one.
    """
    first_start.settled()
    everyone = store().runners()
    if _CHOSEN not in st.session_state and st.query_params.get(RUNNER, "").isdigit():
        st.session_state[_CHOSEN] = int(st.query_params[RUNNER])
    chosen = st.session_state.get(_CHOSEN)
    for one in everyone:
        if one.athlete_id == chosen:
            return one
    if not everyone:
        return first_start.show_demo(store(), home())
    return store().runner(os.environ.get(ATHLETE) or None)


def look_at(one: Runner | None) -> None:
    """Choose the runner to look at in this browser tab.

    Parameters
    ----------
    one : Runner or None
        None falls back to the first.

    Source
    ------
    ours: a choice of this tab, kept out of the address.
    """
    st.session_state[_CHOSEN] = one.athlete_id if one else None


def own_runner() -> Runner:
    """Give the runner that a person's own data goes to: never the made-up one.

    Source
    ------
    ours: an import during the demo starts the runner's own record.
    """
    now = runner()
    if now is not None and not now.is_demo:
        return now
    return store().runner(create=True)


def logging_runner() -> Runner:
    """Give the runner an entry made on this page belongs to: the one being looked at.

    Source
    ------
    ours: in an empty store the first entry starts the runner's own record.
    """
    return runner() or store().runner(create=True)


def leave_demo() -> None:
    """Send the made-up runner away, with all that belongs to it."""
    first_start.leave_demo(store(), home())
    look_at(None)


def bring_back_demo() -> None:
    """Show the made-up runner again."""
    look_at(first_start.bring_back_demo(store(), home()))


@st.cache_resource(max_entries=1, show_spinner=False)
def _ground(folder: str, athlete_id: int, recordings: str, settings: ModelSettings) -> Ground:
    return gather.ground_of(_opened(folder), athlete_id, settings)


@st.cache_resource(max_entries=8, show_spinner="Working out the load of every run …")
def _runs(
    folder: str, athlete_id: int, version: int, settings: ModelSettings
) -> tuple[pl.DataFrame, Personal]:
    kept = _opened(folder)
    # A changed force or exponent, or another shoe, leaves what the recordings say as it is.
    ground = _ground(folder, athlete_id, gather.recordings_of(kept, athlete_id), for_ground(settings))
    return gather.runs_of(kept, athlete_id, settings, ground)


@st.cache_resource(max_entries=8, show_spinner=False)
def _analysis(
    folder: str, athlete_id: int, version: int, symptom_version: int, settings: ModelSettings
) -> Analysis:
    # A setting that no run's load depends on leaves the slow part as it is.
    runs, personal = _runs(folder, athlete_id, version, for_loads(settings))
    kept = _opened(folder)
    return gather.adapted(kept, athlete_id, runs, personal, settings)


def analysis() -> Analysis | None:
    """Give everything computed for the runner being looked at; None in an empty store.

    Source
    ------
    ours: keyed on the store's version counters and plain settings, never on a frame.
    """
    now = runner()
    if now is None:
        return None
    kept = store()
    settings = gather.settings_of(kept, now.athlete_id)
    version = kept.version(now.athlete_id, *LOADS)
    symptom_version = kept.version(now.athlete_id, SYMPTOM, LADDER)
    return _analysis(str(home()), now.athlete_id, version, symptom_version, settings)


@st.cache_resource(max_entries=8, show_spinner=False)
def _why(
    folder: str, athlete_id: int, version: int, symptom_version: int, told: int, settings: ModelSettings
) -> Why:
    found = _analysis(folder, athlete_id, version, symptom_version, settings)
    return gather.why_of(_opened(folder), athlete_id, found)


def why() -> Why | None:
    """Give what came before flares and windows; None in an empty store.

    Source
    ------
    ours: kept apart from `analysis`, since a person's word on an onset changes no load.
    """
    now = runner()
    if now is None:
        return None
    kept, mine = store(), now.athlete_id
    versions = [kept.version(mine, *of) for of in (LOADS, (SYMPTOM, LADDER), (ONSET, STRENGTH))]
    return _why(str(home()), mine, versions[0], versions[1], versions[2], gather.settings_of(kept, mine))


def symptoms() -> pl.DataFrame:
    """Give the diary of the runner being looked at; empty in an empty store."""
    now = runner()
    return SYMPTOM.empty() if now is None else store().read(SYMPTOM, now.athlete_id)


def events() -> pl.DataFrame:
    """Give the events of the runner being looked at; empty in an empty store."""
    now = runner()
    return EVENT.empty() if now is None else store().read(EVENT, now.athlete_id)


def strength() -> pl.DataFrame:
    """Give the sets logged by the runner being looked at; empty in an empty store."""
    now = runner()
    return STRENGTH.empty() if now is None else store().read(STRENGTH, now.athlete_id)


def covered() -> Coverage | None:
    """Give how much of the runs and days is known; None in an empty store."""
    found = analysis()
    return None if found is None else coverage(found.runs, found.days)


def shoe_names() -> dict[str, str]:
    """Give the name of each pair by its `shoe_id`; empty in an empty store."""
    now = runner()
    if now is None:
        return {}
    shoes = store().shoes(now.athlete_id)
    return dict(zip(shoes["shoe_id"].to_list(), shoes["name"].to_list(), strict=True))


def has_data(one: Runner | None) -> bool:
    """Tell whether there is anything to draw for a runner.

    Parameters
    ----------
    one : Runner or None
        None is an empty store.

    Returns
    -------
    bool
        True with at least one session or one symptom entry.

    Source
    ------
    ours: an empty page says what to do instead of showing empty charts.
    """
    return one is not None and store().version(one.athlete_id, ACTIVITY, SYMPTOM) > 0


def settings() -> dict[str, str]:
    """Give what the runner being looked at has set; empty in an empty store."""
    now = runner()
    return {} if now is None else store().settings(now.athlete_id)


def units() -> Units:
    """Give the units the runner reads in: kilometres and metres unless set otherwise."""
    return from_settings(settings())


def theme() -> Literal["light", "dark"]:
    """Give the theme the browser shows now."""
    return "dark" if st.context.theme.type == "dark" else "light"


def zone() -> tzinfo | None:
    """Give the time zone of the browser, else of this machine."""
    try:
        return ZoneInfo(st.context.timezone or "")
    except (ZoneInfoNotFoundError, ValueError):
        return datetime.now().astimezone().tzinfo


def today() -> date:
    """Give the local date where the browser is, else where this machine is.

    Source
    ------
    ours: an entry made after midnight abroad belongs to the day the runner reads on the clock.
    """
    return datetime.now(zone()).date()


def page_failed(error: Exception) -> bool:
    """Show one calm sentence in place of a page that failed.

    Parameters
    ----------
    error : Exception
        What went wrong.

    Returns
    -------
    bool
        True: the message was shown, Streamlit shows nothing of its own.

    Source
    ------
    ours: a traceback helps nobody who runs; where it happened is kept in a local log.
    """
    if isinstance(error, HeelwiseError):
        st.error(words.plain(str(error)))
        return True
    log = incident.record(home(), error)
    where = f" Where it happened is noted in {log.name}, in the Heelwise data folder." if log else ""
    st.error(f"This page could not be shown. Your data is as it was.{where}")
    return True
