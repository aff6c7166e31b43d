"""One flare on the page: the words at once, the pictures and tables when they are opened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import streamlit as st

from dashboard.diary import day_pattern_section, statements, statements_text, written_section
from dashboard.flares import before_section, figures, start_question_section, tables
from dashboard.flares import cards as flares_cards
from dashboard.flares.cards import FlareCard
from dashboard.flares.text import CHANGES_EXPLAINED, DESCENT, LENSES_EXPLAINED
from dashboard.model import date_window
from dashboard.model.analysis import Analysis
from dashboard.model.explain import FlareExplanation
from dashboard.shared import coverage, half_empty_section, onset_edits, session, text, ui
from dashboard.shared.glossary import FLARE, STEP_UP, USED_TO, USUAL, glossary_html
from dashboard.shared.text import DECIDER_NAMES
from dashboard.shared.ui import is_narrow

NOTHING = (
    "Each time your heel flared will stand here, with what changed in your running before it. It needs a diary, or a "
    "date you remember, and your runs."
)
UNUSUAL, DROVE, SURE, NOTES, FIX_DATE = (
    "What was unusual",
    "What drove the load",
    "How sure",
    "Notes",
    "Fix the date",
)
CARD_SECTIONS = (UNUSUAL, DROVE, SURE, NOTES, FIX_DATE)


def flare_card_section(card: FlareCard, is_narrow: bool, is_open: bool) -> None:
    """Draw one flare: the words, and one part more on a tap."""
    key = f"{card.onset:%Y%m%d}"
    with st.container(border=True, key=f"flare_{key}"):
        st.html(
            ui.card_heading(card.title, card.badge, level=2)
            + "<h3 class='hw-part'>What came before</h3>"
            + ui.card_paragraphs(card.before)
            + ui.facts_list(card.facts)
            + ui.card_paragraphs(card.observed)
        )
        names = [part for part in CARD_SECTIONS if part != NOTES or card.notes]
        default = names[0] if is_open else None
        chosen = st.pills(
            "Show", names, default=default, key=f"part_{key}", label_visibility="collapsed", wrap=True
        )
        if chosen == DROVE:
            _drivers(card, key, is_narrow)
        elif chosen == UNUSUAL:
            _changes(card, key, is_narrow)
        elif chosen == SURE:
            _assumptions(card)
        elif chosen == NOTES:
            st.html(ui.bullets([[f"{day}:", note] for day, note in card.notes]))
        elif chosen == FIX_DATE:
            _onset(card, key)


def _drivers(card: FlareCard, key: str, is_narrow: bool) -> None:
    drawn = figures.drivers_figure(card.driver, session.theme(), is_narrow)
    sentence = figures.drivers_in_words(card.driver)
    if drawn is None:
        st.markdown(sentence)
        return
    ui.draw_figure(drawn, key=f"waterfall_{key}", alt=sentence)
    st.caption(f"{text.ESTIMATED} {DESCENT}")


def _changes(card: FlareCard, key: str, is_narrow: bool) -> None:
    st.html(ui.bullets(card.changed))
    drawn = figures.changes_figure(card.changes, session.units(), session.theme(), is_narrow)
    if drawn is not None:
        alt = "Each part of training against your own eight weeks before; the sentences above say the same."
        ui.draw_figure(drawn, key=f"channels_{key}", alt=alt)
        st.caption(CHANGES_EXPLAINED)
    st.caption(text.ORDER_ONLY)


def _assumptions(card: FlareCard) -> None:
    if card.leading:
        st.markdown(card.leading)
    st.html(card.assumed)
    st.caption(LENSES_EXPLAINED)


def _save_onset(rule: date | None, person: date | None, decided_by: str) -> None:
    athlete_id = session.logging_runner().athlete_id
    change = onset_edits.save_onset(session.store(), athlete_id, rule, person, decided_by)
    ui.remember_change(ONSET_SECTION, _decision_in_words(change.rows[0]), change)


def _save_typed_onset(rule: date | None, day_key: str, who_key: str) -> None:
    """Save what the fields hold now: a date is sent with the press itself, after the page was drawn."""
    day = st.session_state.get(day_key)
    if not isinstance(day, date):
        ui.remember_problem(ONSET_SECTION, NO_DATE)
        return
    _save_onset(rule, day, st.session_state.get(who_key) or ui.usual_decider())


def _save_no_flare(rule: date, who_key: str) -> None:
    _save_onset(rule, None, st.session_state.get(who_key) or ui.usual_decider())


def _step(name: str, days: int) -> None:
    st.session_state[name] += timedelta(days=days)


def _onset(card: FlareCard, key: str) -> None:
    name = f"onset_date_{key}"
    st.session_state.setdefault(name, card.onset)
    ui.decided_by_picker(key=f"who_{key}")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button("− 1 day", on_click=_step, args=(name, -1), key=f"less_{key}")
        st.date_input("Onset", key=name, max_value=session.today(), format="YYYY-MM-DD", width=160)
        st.button("+ 1 day", on_click=_step, args=(name, 1), key=f"more_{key}")
    rule = card.onset_rule
    with st.container(horizontal=True):
        st.button(
            "Keep this onset",
            on_click=_save_typed_onset,
            args=(rule, name, f"who_{key}"),
            type="primary",
            key=f"keep_{key}",
        )
        if rule is not None:
            st.button("Not a flare", on_click=_save_no_flare, args=(rule, f"who_{key}"), key=f"no_{key}")
    st.caption("The rule's own date stays beside yours, and can be brought back at the end of the page.")


def linkage_section(explanation: FlareExplanation) -> None:
    """Show the finding with its reverse, its gates in words and its sensitivity."""
    st.header("Does load usually come first for me?")
    ui.paragraphs(tables.linkage_in_words(explanation.linkage))
    tests = tables.linkage_tests_in_html(explanation.linkage)
    if not tests:
        return
    st.html(tests)
    st.caption(f"{tables.METHOD} {tables.REVERSE}")
    below = st.expander("The same under other assumptions", key="sensitivity", on_change="rerun")
    if below.open:
        with below:
            st.html(tables.sensitivity_in_html(explanation.linkage))


def next_mornings_section(explanation: FlareExplanation) -> None:
    """Show how mornings answered to each kind of session."""
    st.header("The morning after each kind of session")
    ui.paragraphs(tables.mornings_in_words(explanation.responses))
    rows = tables.mornings_in_html(explanation.responses)
    if rows:
        st.html(rows)
        st.caption(tables.MORNINGS_EXPLAINED)


SHOWN_KEY, MORE_FLARES = "flares_shown", 5
ONSET_SECTION = "onsets"
NO_DATE = "No date stands in the field, so nothing was saved. Type one, such as 2026-03-01."
BACK_TO_RULE = "The rule's own date holds again."


def _undo_decision(source_id: str) -> None:
    change = onset_edits.undo_onsets(session.store(), session.logging_runner().athlete_id, [source_id])
    ui.remember_change(ONSET_SECTION, BACK_TO_RULE, change)


def _decision_in_words(row: Mapping[str, Any]) -> str:
    name, rule, person = DECIDER_NAMES[row["decided_by"]], row["onset_rule_date"], row["onset_person_date"]
    if person is None:
        return f"{name}: not a flare on {text.day_in_words(rule)}, where the rule found one."
    if rule is None:
        return f"{name}: a flare from {text.day_in_words(person)}, which the rule did not find."
    return f"{name}: onset on {text.day_in_words(person)}; by the rule {text.day_in_words(rule)}."


def onset_section() -> None:
    """Show what persons said, and let a flare be added that the rule did not find."""
    st.header("Your corrections")
    for row in onset_edits.onset_decisions(session.store(), session.logging_runner().athlete_id):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_decision_in_words(row))
            st.button(
                "Use the log's date",
                on_click=_undo_decision,
                args=(row["source_id"],),
                key=f"back_{row['source_id']}",
            )
    below = st.expander("Tell us about a flare", key="add_flare", on_change="rerun")
    if not below.open:
        return
    with below, st.container(horizontal=True, vertical_alignment="bottom"):
        ui.decided_by_picker(key="add_who")
        st.date_input(
            "Onset", session.today(), max_value=session.today(), format="YYYY-MM-DD", key="add_day", width=160
        )
        st.button(
            "Add",
            on_click=_save_typed_onset,
            args=(None, "add_day", "add_who"),
            key="add_onset",
            type="primary",
        )


def flare_cards(analysis: Analysis, explanation: FlareExplanation) -> None:
    """Show the newest flares, and more on request."""
    narrow, units, symptoms, events = is_narrow(), session.units(), session.symptom_rows(), session.events()
    most = st.session_state.setdefault(SHOWN_KEY, MORE_FLARES)
    places = list(range(explanation.flares.height))[::-1]
    decisions = onset_edits.onset_decisions(session.store(), session.logging_runner().athlete_id)
    deciders = {row["onset_person_date"]: row["decided_by"] for row in decisions if row["onset_person_date"]}
    for place in places[:most]:
        card = session.computed(
            "flare_card",
            lambda place=place: flares_cards.flare_card(
                explanation, analysis, symptoms, place, units, events, session.shoe_names(), deciders
            ),
            place,
        )
        flare_card_section(card, narrow, place == places[0])
    if len(places) > most and st.button(
        f"Show {min(MORE_FLARES, len(places) - most)} earlier", key="earlier"
    ):
        st.session_state[SHOWN_KEY] = most + MORE_FLARES
        st.rerun()


def wrote_section() -> None:
    """Show what the runner wrote of and remembers, with the clauses still open."""
    episodes = written_section.shown_episodes()
    sentence = statements_text.counting_sentence(written_section.shown_statements())
    if not sentence and not statements.heel_episodes(episodes):
        return
    st.header(statements_text.TITLE)
    if sentence:
        st.markdown(sentence)
        ui.page_link("wrote", statements_text.TO_STATEMENTS, icon=":material/history_edu:")
    before_section.render(episodes)


def _has_warning_sign() -> bool:
    """Ask for signs for a doctor first; on a phone behind one line, so that the answer stands in sight."""
    if not ui.is_known_narrow():
        return ui.red_flag_questions()
    with st.expander(text.SIGNS, expanded=bool(st.session_state.get("signs"))):
        return ui.red_flag_questions()


def render() -> None:
    """Draw the page, newest flare first."""
    st.title("Flares")
    with ui.skeleton("flares"):
        analysis, explanation = session.analysis(), session.explanation()
    if analysis is None or explanation is None or analysis.days.is_empty():
        ui.nothing_yet(NOTHING, ui.LOG_MORNING, ui.IMPORT_RUNS)
        return
    if _has_warning_sign():
        return
    if analysis.runs.is_empty():
        half_empty_section.beside_running(analysis)
    if explanation.flares.is_empty():
        start_question_section.render()
    st.html(
        ui.STYLE
        + coverage.coverage_html(coverage.coverage_parts(analysis, *date_window.full_range(analysis)))
    )
    words = glossary_html(session.units(), FLARE, STEP_UP, USED_TO, USUAL)
    st.html(words + ui.story([flares_cards.flares_summary(explanation, analysis), text.ORDER_ONLY]))
    ui.undo_bar(ONSET_SECTION)
    flare_cards(analysis, explanation)
    wrote_section()
    day_pattern_section.render()
    linkage_section(explanation)
    next_mornings_section(explanation)
    onset_section()
    st.caption(f"{text.ESTIMATED} {text.RECORD_AND_DISCUSS} {text.SEEK_CARE}")


if __name__ == "__main__":
    render()
