"""The part of a page on doubts about the record: what is odd, and what a person makes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import streamlit as st

from connectors.frames import ACTIVITY
from connectors.plural import count
from connectors.store import Runner
from dashboard import gather, quality, quality_acts, quality_sentences, quality_words, state, words
from dashboard import quality_effect as effects
from dashboard.model.personal import Personal
from dashboard.model.quality import Flag
from dashboard.views import acts

SHOWN = 6
ALL = "all"
PLACE, MORE, ROUND = "quality", "quality_more", "quality_round"
Act = Callable[..., str]


@st.cache_resource(max_entries=4, show_spinner="Looking through every recording …")
def _recorded(folder: str, athlete_id: int, version: int) -> Any:
    return quality.recorded(state.store(), athlete_id)


@st.cache_resource(max_entries=8, show_spinner=False)
def _flags(folder: str, athlete_id: int, came_in: int, version: int, today: date) -> list[Flag]:
    return quality.listed(state.store(), athlete_id, _recorded(folder, athlete_id, came_in), today)


@st.cache_resource(max_entries=4, show_spinner=False)
def _personal(folder: str, athlete_id: int, came_in: int) -> Personal | None:
    """What is usual for the runner, as of the last import: one decision hardly moves it."""
    found = state.analysis()
    return None if found is None else found.personal


@st.cache_resource(max_entries=8, show_spinner=False)
def _effect(folder: str, athlete_id: int, came_in: int, version: int, today: date) -> effects.Effect:
    kept, personal = state.store(), _personal(folder, athlete_id, came_in)
    found = _flags(folder, athlete_id, came_in, version, today)
    if personal is None:
        return effects.Effect()
    return effects.effect(kept, athlete_id, found, personal, gather.settings_of(kept, athlete_id))


def open_flags(mine: Runner) -> list[Flag]:
    """Give what nobody has settled yet of one runner, gravest first; worked out once for each version."""
    return _flags(*_key(mine))


def show() -> None:
    """Lay the section out."""
    st.header("Data quality")
    mine = state.runner()
    if mine is None or not state.has_data(mine):
        st.caption("There is nothing to look through yet.")
        return
    found = open_flags(mine)
    acts.done(mine, PLACE)
    if found:
        _change(mine, found)
        st.text_input("Why (if you like)", key=_why(), max_chars=200, width=340)
        for kind, flags in _chosen(found):
            _group(mine, kind, flags)
        st.caption(quality_words.LEFT_OUT_MEANS)
    else:
        st.markdown(quality_words.NOTHING)
    _left_out(mine)


def _key(mine: Runner) -> tuple[str, int, int, int, date]:
    kept, one = state.store(), mine.athlete_id
    return str(state.home()), one, kept.version(one, ACTIVITY), kept.version(one, *state.LOADS), state.today()


def _act(mine: Runner, what: Act, found: Sequence[Flag]) -> None:
    # Read now: what was typed last comes in together with the tap.
    why = st.session_state.get(_why(), "").strip() or None
    acts.note(PLACE, what(state.store(), mine.athlete_id, found, acts.who(), why))
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1


def _change(mine: Runner, found: Sequence[Flag]) -> None:
    changed, units = _effect(*_key(mine)), state.units()
    if not any(abs(load) >= 0.05 for load in changed.by_session.values()):
        st.markdown(quality_words.EFFECT_NONE)
        return
    template = quality_words.EFFECT if len(found) > 1 else quality_words.EFFECT_ONE
    total, recent = (quality_words.change(load, units) for load in (changed.total_tkm, changed.recent_tkm))
    st.markdown(template.format(count=f"{len(found):,}", total=f"**{total}**", recent=f"**{recent}**"))


def _why() -> str:
    """Key of the reason: a new one after each act, so that the field is empty again."""
    return f"quality_why_{st.session_state.get(ROUND, 0)}"


def _chosen(found: Sequence[Flag]) -> list[tuple[str, list[Flag]]]:
    groups: dict[str, list[Flag]] = {}
    for flag in found:
        groups.setdefault(flag.kind, []).append(flag)
    if len(groups) == 1:
        return list(groups.items())
    names = {ALL: f"All kinds ({len(found):,})"}
    names |= {kind: f"{quality_sentences.KINDS[kind]} ({len(flags):,})" for kind, flags in groups.items()}
    # A kind that was chosen and is settled by now must not leave the list empty-handed.
    if st.session_state.get("quality_kind") not in names:
        st.session_state["quality_kind"] = ALL
    kind = st.selectbox("Show", list(names), format_func=names.__getitem__, key="quality_kind", width=340)
    return [(one, flags) for one, flags in groups.items() if kind in (ALL, one)]


def _group(mine: Runner, kind: str, flags: list[Flag]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{quality_sentences.KINDS[kind]}** · {len(flags):,}")
        if len(flags) > 1:
            with st.popover("All of these"):
                _buttons(mine, f"all_{kind}", flags)
    key = f"{MORE}_{kind}"
    most = st.session_state.get(key, SHOWN)
    for flag in flags[:most]:
        _card(mine, flag)
    if len(flags) > most:
        with st.container(horizontal=True, vertical_alignment="center"):
            rest = len(flags) - most
            st.caption(f"{rest:,} more of this kind {'is' if rest == 1 else 'are'} not shown.")
            st.button("Show more", key=f"{key}_button", on_click=_show_more, args=(key, most))


def _show_more(key: str, most: int) -> None:
    st.session_state[key] = most + 3 * SHOWN


def _card(mine: Runner, flag: Flag) -> None:
    units = state.units()
    changed = _effect(*_key(mine)).by_session.get(flag.activity_id, 0.0)
    said = [quality_sentences.in_words(flag, units)]
    if flag.remedy and abs(changed) >= 0.05:
        said.append(quality_words.EFFECT_RUN.format(change=quality_words.change(changed, units)))
    with st.container(
        border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.markdown(f"**{words.plain(quality_words.title(flag))}**  \n{' '.join(said)}")
        _buttons(mine, flag.id, [flag])


def _buttons(mine: Runner, key: str, flags: list[Flag]) -> None:
    mendable = [flag for flag in flags if flag.correction]
    with st.container(horizontal=True, width="content"):
        _button(mine, f"keep_{key}", quality_words.KEEP, quality_acts.keep, flags)
        _button(mine, f"out_{key}", quality_words.LEAVE_OUT, quality_acts.leave_out, flags)
        if mendable:
            one = quality_words.correction(mendable[0], state.units()) if len(flags) == 1 else None
            label = one or quality_words.CORRECT_ALL.format(count=len(mendable))
            _button(mine, f"correct_{key}", label, quality_acts.correct, mendable)


def _button(mine: Runner, key: str, label: str, what: Act, flags: list[Flag]) -> None:
    st.button(label, key=f"quality_{key}", on_click=_act, args=(mine, what, flags))


def _left_out(mine: Runner) -> None:
    out = quality_acts.left_out(state.store(), mine.athlete_id)
    if not out:
        return
    with st.expander(f"Left out ({len(out):,})"):
        for row in out[: 3 * SHOWN]:
            name = words.plain(str(row["name"] or words.SPORTS.get(row["sport"], row["sport"])))
            far = state.units().distance_words(row["distance_m"])
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"{name} · {words.day(row['local_date'])}, {far}")
                key = f"quality_again_{row['activity_id']}"
                st.button("Count it again", key=key, on_click=_again, args=(mine, row["activity_id"]))
        if len(out) > 3 * SHOWN:
            st.caption(f"{count(len(out) - 3 * SHOWN, 'older one is', 'older ones are')} not listed here.")


def _again(mine: Runner, activity_id: str) -> None:
    acts.note(PLACE, quality_acts.count_again(state.store(), mine.athlete_id, activity_id, acts.who()))
