"""What persons did to the record: sessions left out, and every act with who, when and why."""

from __future__ import annotations

import streamlit as st

from connectors.store import Runner
from dashboard import quality_acts, quality_words, state, words
from dashboard.why_words import DECIDERS

SHOWN = 10


def show(mine: Runner) -> None:
    """Lay both lists out, closed."""
    out = quality_acts.left_out(state.store(), mine.athlete_id)
    if out:
        with st.expander(f"Left out ({len(out):,})"):
            for row in out[: 3 * SHOWN]:
                with st.container(horizontal=True, vertical_alignment="center"):
                    st.markdown(_named(row))
                    st.button(
                        "Count it again",
                        key=f"quality_again_{row['activity_id']}",
                        on_click=_again,
                        args=(mine, row["activity_id"]),
                    )
            if len(out) > 3 * SHOWN:
                st.caption(f"{len(out) - 3 * SHOWN:,} older ones are not listed here.")
    done = quality_acts.acts(state.store(), mine.athlete_id)
    if done:
        with st.expander(f"What was decided ({len(done):,})"):
            for act in done[:SHOWN]:
                with st.container(horizontal=True, vertical_alignment="center"):
                    st.markdown(quality_words.act_in_words(act, DECIDERS, state.zone()))
                    st.button(
                        "Put back in force" if act.is_undone else "Undo",
                        key=f"quality_act_{act.batch_id}",
                        on_click=_turn,
                        args=(mine, act),
                    )
            if len(done) > SHOWN:
                st.caption(f"{len(done) - SHOWN:,} earlier acts are not listed here.")


def _named(row: dict) -> str:
    name = quality_words.plain(str(row["name"] or words.SPORTS.get(row["sport"], row["sport"])))
    return f"{name} · {words.day(row['local_date'])}, {state.units().distance_words(row['distance_m'])}"


def _again(mine: Runner, activity_id: str) -> None:
    quality_acts.count_again(
        state.store(), mine.athlete_id, activity_id, st.session_state.get("quality_who") or "runner"
    )


def _turn(mine: Runner, act: quality_acts.Act) -> None:
    state.store().undo_edits(mine.athlete_id, act.batch_id, not act.is_undone)
