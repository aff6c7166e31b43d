"""What follows an import of a runner without a diary: when the heel began, and what was already written."""

from __future__ import annotations

from connectors.frames import ONSET, SYMPTOM
from connectors.store import Runner
from dashboard.diary import statements, statements_text, written_section
from dashboard.flares import start_question_section, written_question_section
from dashboard.shared import session, ui


def render(runner: Runner) -> None:
    """Count what was written of a leg, and ask when it began where nothing on record says so."""
    if not session.has_data(runner):
        return
    store, athlete_id = session.store(), runner.athlete_id
    written_question_section.render(athlete_id, has_list=False)
    is_dated = bool(store.version(athlete_id, SYMPTOM, ONSET))
    is_known = statements.heel_episodes(written_section.shown_episodes())
    if is_dated or is_known:
        if ui.last_change(start_question_section.START_SECTION):
            ui.undo_bar(start_question_section.START_SECTION)
            ui.page_link("flares", statements_text.SEE_BEFORE, icon=":material/search_insights:")
        return
    start_question_section.render()
