"""The section on doubts about the record: what is odd, and the buttons that settle it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from connectors.plural import count
from connectors.store import Runner
from dashboard.model.load.runner_profile import RunnerProfile
from dashboard.runs.quality import load_effect, service, text
from dashboard.runs.quality.checks import find_check
from dashboard.runs.quality.quality_check import QualityFlag
from dashboard.shared import pipeline, session, ui
from dashboard.shared import text as shared_text
from dashboard.shared.recordings_fill import load_version
from dashboard.shared.undo import Change

SHOWN = 6
ALL = "all"
QUALITY_SECTION = QUALITY_FORM = "quality"
MORE = "quality_more"
QualityAction = Callable[..., Change]


@st.cache_resource(max_entries=session.RECORDS_AT_ONCE, show_spinner="Looking through every recording …")
def _recorded(folder: str, athlete_id: int, version: Hashable) -> Any:
    return service.recorded_facts(session.store(), athlete_id)


@st.cache_resource(max_entries=session.RECORDS_AT_ONCE, show_spinner=False)
def _flags(
    folder: str, athlete_id: int, came_in: Hashable, version: Hashable, today: date
) -> list[QualityFlag]:
    return service.list_flags(session.store(), athlete_id, _recorded(folder, athlete_id, came_in), today)


@st.cache_resource(max_entries=session.RECORDS_AT_ONCE, show_spinner=False)
def _personal(folder: str, athlete_id: int, came_in: Hashable) -> RunnerProfile | None:
    """What is usual for the runner, as of the last import: one decision hardly moves it."""
    analysis = session.analysis()
    return None if analysis is None else analysis.personal


@st.cache_resource(max_entries=session.RECORDS_AT_ONCE, show_spinner=False)
def _effect(
    folder: str, athlete_id: int, came_in: Hashable, version: Hashable, today: date
) -> load_effect.LoadEffect:
    store, personal = session.store(), _personal(folder, athlete_id, came_in)
    flags = _flags(folder, athlete_id, came_in, version, today)
    if personal is None:
        return load_effect.LoadEffect()
    return load_effect.load_effect(
        store, athlete_id, flags, personal, pipeline.model_settings_of(store, athlete_id)
    )


def open_flags(runner: Runner) -> list[QualityFlag]:
    """Return what nobody has settled yet of one runner, gravest first; worked out once for each version."""
    return [replace(one, name=session.title_of(one.name)) for one in _flags(*_key(runner))]


def quality_section() -> None:
    """Draw the section: every open flag with its buttons, and the sessions left out."""
    st.header("Data quality")
    runner = session.runner()
    if runner is None or not session.has_data(runner):
        st.caption("There is nothing to look through yet.")
        return
    flags = open_flags(runner)
    ui.undo_bar(QUALITY_SECTION)
    if flags:
        _change(runner, flags)
        st.text_input("Reason (optional)", key=_why(), max_chars=200, width=340)
        for kind, of_kind in _chosen(flags):
            _group(runner, kind, of_kind)
        st.caption(text.LEFT_OUT_MEANS)
    else:
        st.markdown(text.NOTHING)
    _left_out(runner)


def _key(runner: Runner) -> tuple[str, int, Hashable, Hashable, date]:
    store, one = session.store(), runner.athlete_id
    return (
        session.folder_key(),
        one,
        load_version(store, one),
        session.load_version(runner),
        session.today(),
    )


def _settle(runner: Runner, write: QualityAction, flags: Sequence[QualityFlag]) -> None:
    # Read now: what was typed last comes in together with the tap.
    why = st.session_state.get(_why(), "").strip() or None
    change = write(session.store(), runner.athlete_id, flags, ui.decided_by(), why)
    ui.remember_change(QUALITY_SECTION, None, change)
    ui.reset_form(QUALITY_FORM)


def _change(runner: Runner, flags: Sequence[QualityFlag]) -> None:
    changed, units = _effect(*_key(runner)), session.units()
    if not any(abs(load) >= 0.05 for load in changed.by_session.values()):
        st.markdown(text.EFFECT_NONE)
        return
    template = text.EFFECT if len(flags) > 1 else text.EFFECT_ONE
    total, recent = (
        text.correction_in_words(load, units) for load in (changed.total_tkm, changed.recent_tkm)
    )
    st.markdown(template.format(count=f"{len(flags):,}", total=f"**{total}**", recent=f"**{recent}**"))


def _why() -> str:
    """Key of the reason: a new one after each change, so that the field is empty again."""
    return f"quality_why_{ui.form_version(QUALITY_FORM)}"


def _chosen(flags: Sequence[QualityFlag]) -> list[tuple[str, list[QualityFlag]]]:
    groups: dict[str, list[QualityFlag]] = {}
    for flag in flags:
        groups.setdefault(flag.kind, []).append(flag)
    if len(groups) == 1:
        return list(groups.items())
    names = {ALL: f"All kinds ({len(flags):,})"}
    names |= {kind: f"{find_check(kind).title} ({len(group):,})" for kind, group in groups.items()}
    # A kind that was chosen and is settled by now must not leave the list empty-handed.
    if st.session_state.get("quality_kind") not in names:
        st.session_state["quality_kind"] = ALL
    kind = st.selectbox("Show", list(names), format_func=names.__getitem__, key="quality_kind", width=340)
    return [(one, group) for one, group in groups.items() if kind in (ALL, one)]


def _group(runner: Runner, kind: str, flags: list[QualityFlag]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{find_check(kind).title}** · {len(flags):,}")
        if len(flags) > 1:
            with st.popover("All of these"):
                _buttons(runner, f"all_{kind}", flags)
    key = f"{MORE}_{kind}"
    most = st.session_state.get(key, SHOWN)
    for flag in flags[:most]:
        _card(runner, flag)
    if len(flags) > most:
        with st.container(horizontal=True, vertical_alignment="center"):
            rest = len(flags) - most
            st.caption(f"{rest:,} more of this kind {'is' if rest == 1 else 'are'} not shown.")
            st.button("Show more", key=f"{key}_button", on_click=_show_more, args=(key, most))


def _show_more(key: str, most: int) -> None:
    st.session_state[key] = most + 3 * SHOWN


def _card(runner: Runner, flag: QualityFlag) -> None:
    units = session.units()
    changed = _effect(*_key(runner)).by_session.get(flag.activity_id, 0.0)
    sentences = [text.flag_in_words(flag, units)]
    if flag.remedy and abs(changed) >= 0.05:
        sentences.append(text.EFFECT_RUN.format(change=text.correction_in_words(changed, units)))
    with st.container(
        border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.markdown(f"**{shared_text.escape_markdown(text.flag_title(flag))}**  \n{' '.join(sentences)}")
        _buttons(runner, flag.id, [flag])


def _buttons(runner: Runner, key: str, flags: list[QualityFlag]) -> None:
    mendable = [flag for flag in flags if flag.correction]
    with st.container(horizontal=True, width="content"):
        _button(runner, f"keep_{key}", text.KEEP_BUTTON, service.keep_as_is, flags)
        _button(runner, f"out_{key}", text.LEAVE_OUT, service.exclude_run, flags)
        if mendable:
            one = text.correction(mendable[0], session.units()) if len(flags) == 1 else None
            label = one or text.CORRECT_ALL.format(count=len(mendable))
            _button(runner, f"correct_{key}", label, service.correct_run, mendable)


def _button(runner: Runner, key: str, label: str, write: QualityAction, flags: list[QualityFlag]) -> None:
    st.button(label, key=f"quality_{key}", on_click=_settle, args=(runner, write, flags))


def _left_out(runner: Runner) -> None:
    out = service.excluded_runs(session.store(), runner.athlete_id)
    if not out:
        return
    with st.expander(f"Left out ({len(out):,})"):
        for row in out[: 3 * SHOWN]:
            name = shared_text.escape_markdown(
                str(session.title_of(row["name"]) or shared_text.SPORTS.get(row["sport"], row["sport"]))
            )
            far = session.units().distance_words(row["distance_m"])
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"{name} · {shared_text.day_in_words(row['local_date'])}, {far}")
                key = f"quality_again_{row['activity_id']}"
                st.button("Count it again", key=key, on_click=_again, args=(runner, row["activity_id"]))
        if len(out) > 3 * SHOWN:
            st.caption(f"{count(len(out) - 3 * SHOWN, 'older one is', 'older ones are')} not listed here.")


def _again(runner: Runner, activity_id: str) -> None:
    change = service.include_run(session.store(), runner.athlete_id, activity_id, ui.decided_by())
    ui.remember_change(QUALITY_SECTION, None, change)
