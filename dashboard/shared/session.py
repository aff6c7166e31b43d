"""What the pages share: the store, the runner being looked at, cached results, units, theme."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Hashable, Sequence
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import polars as pl
import streamlit as st

from connectors.errors import HeelwiseError, NotAllowed, RunnerNotShown
from connectors.frames import (
    ACTIVITY,
    EDIT,
    EVENT,
    LADDER,
    ONSET,
    SHOE,
    SHOE_FACT,
    STRENGTH,
    SYMPTOM,
    Contract,
)
from connectors.store import Runner, Store, home_folder, open_store
from connectors.store import jobs as jobs_of_store
from connectors.store.database import OTHER_RUNNER
from connectors.store.labels import CLINIC_MODE
from connectors.store.people import Person
from connectors.store.token_vault import Vault
from dashboard.access import access_notes
from dashboard.access.door import identity_of_key
from dashboard.access.identity import OWNER, Identity
from dashboard.access.narrow_store import FOR_OWNER, narrow
from dashboard.access.person_grants import PersonGrants
from dashboard.access.person_store import NOT_FOR_PERSONS, PersonStore
from dashboard.access.web_security import SESSION_HEADER
from dashboard.model.analysis import Analysis
from dashboard.model.changes import changes_before
from dashboard.model.explain import FlareExplanation
from dashboard.model.load.recordings import Recordings
from dashboard.model.load.runner_profile import RunnerProfile
from dashboard.model.settings import ModelSettings, for_loads, for_recordings
from dashboard.shared import crash_log, curtain, demo_start, doors, pipeline, recordings_fill, text
from dashboard.shared.doors import Door
from dashboard.shared.units import Units, units_from_settings
from dashboard.shared.upload_takeover import is_of_several

ATHLETE_VARIABLE = "HEELWISE_ATHLETE"
RUNNER_PARAMETER = "runner"
CARRIED = ("from", "to", "window", "dates")
"""The window that is looked at, carried from page to page."""
COVER_MINUTES = "cover_minutes"
"""Machine setting: 2 to 30, or "off"."""
SHOWN = "shown_athlete_id"
"""Whom this session shows; it is never turned to another runner, so that nothing typed for one can reach another."""
CHOOSE_IN_MENU = (
    "This is the made-up runner. To write for a runner of this machine, choose them in the menu first."
)
NOBODY_SHOWN = "No runner is shown on this page, so nothing was saved. Choose whose record it is first."
ENDED = "This device may not open pages here any more. Pair it again on the machine that Heelwise runs on."
NOT_SIGNED_IN = "Only somebody who has signed in may do that. Nothing was changed."
PART_MARK = "\0"
"""Parts the key of a person's answers; no path holds it."""
_NO_FILE_SIGN = re.compile(r"[^\w]+")
RECORDS_AT_ONCE = 32 if is_of_several() else 8
"""Records of which each answer is held in a process: on a clinic's server those of all open pages, since with fewer
each click works out anew what the click before has driven out. About 1 MB each."""
PARTS_OF_PAGES = 30
"""Answers of `computed` that the pages of one record ask for, or so: a card for each flare, a picture for each page."""
Answer = TypeVar("Answer")
LOAD_CONTRACTS = (ACTIVITY, SHOE, SHOE_FACT, EDIT)
"""What the load of a run is worked out from."""


def identity() -> Identity:
    """Return who this page is drawn for, as the door has recognised them when its socket was opened."""
    headers = st.context.headers
    if not headers:
        return OWNER  # no socket at all: the page is run by a program of this machine
    known = identity_of_key(headers.get(SESSION_HEADER))
    if known is None:
        raise NotAllowed(ENDED)
    return known


def is_owner() -> bool:
    """Return whether this page is drawn for the owner of this machine, and for nobody who is narrowed to a record."""
    return identity().kind == "owner"


def is_person() -> bool:
    """Return whether this page is drawn for somebody who has signed in on a clinic's server."""
    return identity().kind == "person"


def own_door() -> Door | None:
    """Return the door of the person who has signed in; None for the owner of the machine and a paired device."""
    return doors.of_person(grants().roles().is_admin) if is_person() else None


def grants() -> PersonGrants:
    """Return what the person who has signed in may do about who sees which record."""
    opened = machine_store()
    if not isinstance(opened, PersonStore):
        raise NotAllowed(NOT_SIGNED_IN)
    return opened.grants


def signed_in() -> Person | None:
    """Return the person whose page this is, where persons sign in."""
    person_id = identity().person_id
    return None if person_id is None else _opened(str(home_folder())).people.person(person_id)


def home() -> Path:
    """Return the folder that holds everything, for what only the owner may do: imports, links, backups, forgetting."""
    if not is_owner():
        raise NotAllowed(NOT_FOR_PERSONS if is_person() else FOR_OWNER)
    return home_folder()


def work_folder(one: Runner | None) -> Path:
    """Return the folder in which imports, links and copies of a runner are worked on, for whoever may do that."""
    if is_owner():
        return home_folder()
    if one is None:
        raise NotAllowed(NOT_FOR_PERSONS if is_person() else FOR_OWNER)
    return machine_store().work_folder(one.athlete_id)


def vault() -> Vault:
    """Return where the secrets of links lie; a person has those of their own record alone."""
    return machine_store().vault()


def may_write() -> bool:
    """Return whether the person who has signed in may write the record that is shown; False for a paired device."""
    now = runner()
    return now is not None and is_person() and grants().rights().get(now.athlete_id) in ("own", "write")


def import_kind(one: Runner) -> str:
    """Return the kind of job by which an import is followed here: one into another's record, by who began it."""
    is_own = not is_person() or grants().rights().get(one.athlete_id) == "own"
    return jobs_of_store.import_kind(None if is_own else identity().person_id)


def folder_key() -> str:
    """Return the folder as a part of the key under which an answer of one runner is remembered for the pages.

    For a person it says whose links were read as well, and the day that shares of missing runs were counted on.
    """
    if not is_person():
        return str(home_folder())
    own = sorted(number for number, right in grants().rights().items() if right == "own")
    return f"{home_folder()}{PART_MARK}{today()}{PART_MARK}{','.join(map(str, own))}"


@st.cache_resource(max_entries=4, show_spinner=False)
def _opened(folder: str) -> Store:
    return open_store(Path(folder))


def _readable(key: str, athlete_id: int) -> Store:
    """Return the store that an answer under a key is computed from: without what came by somebody else's link."""
    folder, *part = key.split(PART_MARK)
    person_id = identity().person_id
    if not part or person_id is None:
        return _opened(folder)
    opened = _opened(folder).for_person(person_id)
    return opened if str(athlete_id) in part[1].split(",") else opened.for_others()


def machine_store() -> Store:
    """Return the open store of this machine, for what is done to the runners as a whole: adding, restoring, deleting.

    One handle for all sessions; a paired device has it narrowed to its runner and scope, a person to their rights.
    """
    return narrow(_opened(str(home_folder())), identity())


def note_page(one: Runner, page: str) -> None:
    """Note in the access log that whoever this page is drawn for has opened it; the owner is not noted."""
    access_notes.note_page(_opened(str(home_folder())), identity(), one.athlete_id, page)


def note_download(subject: str) -> None:
    """Note in the access log that a file of the runner shown was saved."""
    shown = st.session_state.get(SHOWN)
    if shown is not None:
        access_notes.note_download(_opened(str(home_folder())), identity(), shown, subject)


def store() -> Store:
    """Return the store for a page: it writes for the runner that the page shows, and for nobody else."""
    return machine_store().only_for(_athlete_to_write)


def _athlete_to_write() -> int:
    shown = st.session_state.get(SHOWN)
    if shown is None:
        raise RunnerNotShown(NOBODY_SHOWN)
    if st.query_params.get(RUNNER_PARAMETER) != str(shown):
        raise RunnerNotShown(OTHER_RUNNER)
    return shown


def runner() -> Runner | None:
    """Return the runner that the address names; None where it names nobody who is here, and in an empty store.

    A session that has shown one runner never shows another: the browser opens the page anew (see `main`).
    """
    addressed = addressed_runner()
    if addressed is not None and is_other_shown(addressed):
        raise RunnerNotShown(OTHER_RUNNER)
    return addressed


def addressed_runner() -> Runner | None:
    """Return whom the address names; without a number, whom HEELWISE_ATHLETE names, else the only real runner.

    With several, nobody: a guess could be another patient.
    """
    demo_start.wait_for_demo()
    opened = machine_store()
    everyone = opened.runners()
    if not is_owner():
        return _persons_runner(everyone) if is_person() else _paired_runner(everyone)
    if not everyone:
        demo_start.show_demo(opened, home())
        everyone = opened.runners()
    number = st.query_params.get(RUNNER_PARAMETER)
    if number is not None:
        return next((one for one in everyone if str(one.athlete_id) == number), None)
    shown = st.session_state.get(SHOWN)
    if shown is not None and all(one.athlete_id != shown for one in everyone):
        return None  # a tab whose runner was deleted turns to no other by itself
    if name := os.environ.get(ATHLETE_VARIABLE):
        return opened.runner(name)
    real = [one for one in everyone if not one.is_demo]
    coming = [one for one in real if not one.is_archived] or real
    if not coming:
        return next(iter(everyone), None)
    return coming[0] if len(coming) == 1 else None


def _paired_runner(everyone: Sequence[Runner]) -> Runner | None:
    """Return the runner a device was paired with; None where they are gone, or the address names another."""
    number = st.query_params.get(RUNNER_PARAMETER)
    return next((one for one in everyone if number in (None, str(one.athlete_id))), None)


def _persons_runner(everyone: Sequence[Runner]) -> Runner | None:
    """Return whom a person's address names, else their own record, else the only one; with several, nobody."""
    number = st.query_params.get(RUNNER_PARAMETER)
    if number is not None:
        return next((one for one in everyone if str(one.athlete_id) == number), None)
    shown = st.session_state.get(SHOWN)
    if shown is not None and all(one.athlete_id != shown for one in everyone):
        return None  # a tab whose right has ended turns to no other record by itself
    rights = grants().rights()
    own = [one for one in everyone if rights.get(one.athlete_id) == "own"]
    coming = own if own and not grants().roles().is_therapist else list(everyone)
    return coming[0] if len(coming) == 1 else None


def is_other_shown(one: Runner) -> bool:
    """Return whether this session has shown another runner than this one."""
    shown = st.session_state.get(SHOWN)
    return shown is not None and shown != one.athlete_id


def show_runner(one: Runner) -> None:
    """Hold a runner in the session and in the address, before a page of theirs is drawn."""
    st.session_state[SHOWN] = one.athlete_id
    if st.query_params.get(RUNNER_PARAMETER) != str(one.athlete_id):
        st.query_params[RUNNER_PARAMETER] = str(one.athlete_id)


def is_clinic() -> bool:
    """Return whether this machine is a clinic's: labels in place of names, no titles, and a list of the runners."""
    return machine_store().machine_settings().get(CLINIC_MODE) == "on"


def cover_minutes() -> int | None:
    """Return after how many minutes without a touch a shared screen covers itself; None for never."""
    chosen = machine_store().machine_settings().get(COVER_MINUTES, str(curtain.USUAL_MINUTES))
    return int(chosen) if chosen.isdigit() else None


def hides_names() -> bool:
    """Return whether names and titles of sessions may not stand on the screen: a clinic's, or a shared one."""
    return is_open() or is_clinic()


def name_of(one: Runner) -> str:
    """Return what a runner is called on screen: the label where names may not stand."""
    return names_of([one])[one.athlete_id]


def names_of(everyone: Sequence[Runner]) -> dict[int, str]:
    """Return what several runners are called on screen, by their number."""
    hidden = hides_names()
    return {one.athlete_id: (one.label or "Runner") if hidden else one.name for one in everyone}


def title_of(title: str | None) -> str | None:
    """Return the title of a session where titles may stand: one may hold the name of a street."""
    return None if hides_names() else title


def labelled(file_name: str, whose: Runner | None = None) -> str:
    """Put the runner's label into the name of a download, so that unlike runners have unlike files."""
    now = whose or runner()
    if now is None or not (is_clinic() or is_shared_machine()):
        return file_name
    return file_name.replace("heelwise", f"heelwise_{_NO_FILE_SIGN.sub('-', now.label)}", 1)


def link_parameters(one: Runner | None) -> dict[str, str | list[str]]:
    """Return what every link between pages carries in its address: the runner, and the window where one is set."""
    carried = {name: st.query_params.get_all(name) for name in CARRIED if name in st.query_params}
    return ({RUNNER_PARAMETER: str(one.athlete_id)} if one is not None else {}) | carried


def select_runner(one: Runner | None) -> None:
    """Turn this tab to another runner, as a person asked: the address changes, and the browser opens it anew.

    Without one it shows nobody, and asks whose record to open where there is a choice.
    """
    if one is None:
        st.query_params.pop(RUNNER_PARAMETER, None)
        if not has_real_runners():
            st.session_state.pop(SHOWN, None)
    else:
        st.query_params[RUNNER_PARAMETER] = str(one.athlete_id)


def own_runner() -> Runner:
    """Return the runner that a person's own data goes to: never the made-up one.

    An import during the demo starts the runner's own record, where there is none yet.
    """
    now = runner()
    return now if now is not None and not now.is_demo else _new_runner()


def logging_runner() -> Runner:
    """Return the runner an entry made on this page belongs to: the one being looked at.

    In an empty store the first entry starts the runner's own record.
    """
    return runner() or _new_runner()


def has_real_runners() -> bool:
    """Return whether anybody but the made-up runner is on this machine."""
    return any(not one.is_demo for one in machine_store().runners())


def is_shared_machine() -> bool:
    """Return whether more than one real runner is on this machine, so that each act names its runner."""
    return sum(not one.is_demo for one in machine_store().runners()) > 1


def _new_runner() -> Runner:
    """Start the record of the first real runner, and show it; with a real runner here, nobody is guessed."""
    if has_real_runners():
        raise RunnerNotShown(NOBODY_SHOWN)
    one = machine_store().runner(create=True)
    show_runner(one)
    return one


def is_untouched(one: Runner) -> bool:
    """Return whether nothing of a runner was ever recorded or set: they were only begun."""
    opened = machine_store()
    return not one.is_demo and opened.version(one.athlete_id) == 0 and not opened.settings(one.athlete_id)


def forget_untouched(one: Runner) -> None:
    """Delete a runner who was only begun, so that a file that cannot be read leaves nobody behind."""
    if is_untouched(one):
        machine_store().delete_runner(one.athlete_id)
        _start_over()


def leave_demo() -> None:
    """Send the made-up runner away, with all that belongs to it."""
    demo_start.leave_demo(machine_store(), home())
    _start_over()


def bring_back_demo() -> None:
    """Show the made-up runner again."""
    one = demo_start.bring_back_demo(machine_store(), home())
    _start_over()
    select_runner(one)


def _start_over() -> None:
    """Show nobody, after what the session showed is gone or has made room for the made-up runner."""
    st.session_state.pop(SHOWN, None)
    select_runner(None)


@st.cache_resource(max_entries=RECORDS_AT_ONCE, show_spinner=False)
def _recordings(folder: str, athlete_id: int, recordings: str, settings: ModelSettings) -> Recordings:
    return pipeline.recording_data_of(_readable(folder, athlete_id), athlete_id, settings)


@st.cache_resource(max_entries=RECORDS_AT_ONCE, show_spinner="Working out the load of every run …")
def _runs(
    folder: str, athlete_id: int, version: Hashable, settings: ModelSettings
) -> tuple[pl.DataFrame, RunnerProfile]:
    opened = _readable(folder, athlete_id)
    # A changed force or exponent, or another shoe, leaves what the recordings say as it is.
    recordings = _recordings(
        folder, athlete_id, pipeline.recordings_of(opened, athlete_id), for_recordings(settings)
    )
    return pipeline.load_runs_of(opened, athlete_id, settings, recordings)


@st.cache_resource(max_entries=RECORDS_AT_ONCE, show_spinner=False)
def _analysis(
    folder: str, athlete_id: int, version: Hashable, symptom_version: int, settings: ModelSettings
) -> Analysis:
    # A setting that no run's load depends on leaves the slow part as it is.
    runs, personal = _runs(folder, athlete_id, version, for_loads(settings))
    opened = _readable(folder, athlete_id)
    return pipeline.adapt_runs(opened, athlete_id, runs, personal, settings)


def load_version(one: Runner, *beside: Contract) -> Hashable:
    """Return what a cache of a runner's load, and of what stands in some tables beside it, is keyed on."""
    opened = store()
    others = opened.version(one.athlete_id, *LOAD_CONTRACTS, *beside) - opened.version(
        one.athlete_id, ACTIVITY
    )
    return recordings_fill.load_version(opened, one.athlete_id, others)


def form_version(one: Runner) -> str:
    """Return what the key of a form over a runner's record is made of."""
    return recordings_fill.form_version(store(), one.athlete_id)


def analysis() -> Analysis | None:
    """Return everything computed for the runner being looked at; None in an empty store.

    Keyed on the store's version counters and plain settings, never on a frame.
    """
    now = runner()
    if now is None:
        return None
    opened = store()
    settings = pipeline.model_settings_of(opened, now.athlete_id)
    version = load_version(now)
    symptom_version = opened.version(now.athlete_id, SYMPTOM, LADDER)
    computed = _analysis(folder_key(), now.athlete_id, version, symptom_version, settings)
    return pipeline.without_titles(computed) if hides_names() else computed


@st.cache_resource(max_entries=RECORDS_AT_ONCE, show_spinner=False)
def _why(
    folder: str,
    athlete_id: int,
    version: Hashable,
    symptom_version: int,
    onset_version: int,
    settings: ModelSettings,
) -> FlareExplanation:
    computed = _analysis(folder, athlete_id, version, symptom_version, settings)
    return pipeline.explanation_of(_readable(folder, athlete_id), athlete_id, computed)


def explanation() -> FlareExplanation | None:
    """Return what came before flares and windows; None in an empty store.

    Kept apart from `analysis`, since a person's word on an onset changes no load.
    """
    now = runner()
    if now is None:
        return None
    opened, athlete_id = store(), now.athlete_id
    versions = [opened.version(athlete_id, *of) for of in ((SYMPTOM, LADDER), (ONSET, STRENGTH))]
    return _why(
        folder_key(),
        athlete_id,
        load_version(now),
        versions[0],
        versions[1],
        pipeline.model_settings_of(opened, athlete_id),
    )


@st.cache_resource(max_entries=RECORDS_AT_ONCE, show_spinner=False)
def _changed(
    folder: str,
    athlete_id: int,
    version: Hashable,
    symptom_version: int,
    onset_version: int,
    settings: ModelSettings,
    day: date,
) -> pl.DataFrame:
    computed = _analysis(folder, athlete_id, version, symptom_version, settings)
    flares = _why(folder, athlete_id, version, symptom_version, onset_version, settings).flares
    return changes_before(computed, flares, day)


def changed_before(day: date) -> pl.DataFrame | None:
    """Return what stood out in each channel in the four weeks before a day; None in an empty store."""
    now = runner()
    if now is None:
        return None
    opened, athlete_id = store(), now.athlete_id
    versions = [opened.version(athlete_id, *of) for of in ((SYMPTOM, LADDER), (ONSET, STRENGTH))]
    settings = pipeline.model_settings_of(opened, athlete_id)
    return _changed(folder_key(), athlete_id, load_version(now), versions[0], versions[1], settings, day)


@st.cache_resource(max_entries=PARTS_OF_PAGES * RECORDS_AT_ONCE, show_spinner=False)
def _computed(question: tuple[Hashable, ...], _compute: Callable[[], Any]) -> Any:
    return _compute()


def computed(name: str, compute: Callable[[], Answer], *given: Hashable) -> Answer:
    """Return what a page computes of the runner shown, computed anew once anything of theirs has changed.

    `given` is all it depends on beside their record, settings and today; the answer is shared: never change it.
    """
    now = runner()
    if now is None:
        return compute()
    opened = store()
    others = opened.version(now.athlete_id) - opened.version(now.athlete_id, ACTIVITY)
    version = recordings_fill.load_version(opened, now.athlete_id, others)
    whose = (folder_key(), identity().kind, identity().scope, now.athlete_id, version, hides_names(), today())
    return _computed((name, *whose, *given), compute)


def drop_answers() -> None:
    """Let go of everything that was worked out of records, once one of them is forgotten."""
    for worked_out in (_recordings, _runs, _analysis, _why, _changed, _computed):
        worked_out.clear()


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
        if isinstance(error, RunnerNotShown):
            st.html("<a href='' target='_self'>Open the page again</a>", width="content")
        return True
    log = crash_log.record_crash(home_folder(), error)
    where = f" Where it happened is noted in {log.name}, in the Heelwise data folder." if log else ""
    st.error(f"This page could not be shown. Your data is as it was.{where}")
    return True


def is_open() -> bool:
    """Return whether this is the consult: the address asks for a page without a menu, so a reload stays in it."""
    return bool(st.context.is_embedded)
