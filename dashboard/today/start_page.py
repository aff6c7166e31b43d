"""Start: what this is, the way from one's own runs to one's own picture, and the made-up runner's picture under it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from html import escape

import streamlit as st

from connectors.frames import ACTIVITY
from dashboard.key_links.section import roads
from dashboard.model import date_window
from dashboard.model.analysis import Analysis
from dashboard.shared import session, text, ui, upload_section
from dashboard.timeline import figure, markers
from dashboard.timeline import text as timeline_text
from dashboard.timeline.data import TimelineOptions, timeline_data

BRAND = "Heelwise"
TITLE = "See what your running did before your heel got sore"
PICTURE_KEY = (
    "Yellow: more load than this runner was used to. Grey: a flare, as logged. It shows what came before, "
    "not what was the cause."
)
WROTE = "wrote"
PICTURE_LANES = ("symptoms", "load")
STYLE = """<style>
.hw-brand { font-weight: 650; font-size: 1.25rem; margin: 0; }
.st-key-start_steps { gap: .5rem; }
.st-key-start_steps [data-testid="stMarkdownContainer"] p { margin: 0; }
</style>"""


@dataclass(frozen=True)
class StartStep:
    """One step from runs to a picture; each can be skipped and comes back whenever it is wanted."""

    title: str
    words: str
    page: str
    link: str
    is_done: bool = False


def start_steps() -> list[StartStep]:
    """Return the steps in their order, each with whether it is done."""
    runner = session.runner()
    own = runner if runner is not None and not runner.is_demo else None
    has_runs = own is not None and session.store().version(own.athlete_id, ACTIVITY) > 0
    explanation = session.explanation() if own is not None else None
    has_flare = explanation is not None and not explanation.flares.is_empty()
    steps = [
        StartStep(
            "Bring your runs",
            "Linked to Garmin, intervals.icu (any watch) or Strava (with a subscription), or from files.",
            "data",
            "Import my runs",
            has_runs,
        ),
        StartStep(
            "Which heel, since when",
            "A rough date is enough.",
            "flares",
            "When did it start hurting?",
            has_flare,
        ),
        StartStep(
            "Your picture",
            "What changed before it, on one clock.",
            "timeline",
            "See my Timeline",
            has_runs and has_flare,
        ),
    ]
    if ui.has_page(WROTE):
        wrote = StartStep(
            "What you already wrote", "Titles and notes that speak of a leg.", WROTE, "Look at them"
        )
        steps.insert(2, wrote)
    return steps


def _steps() -> None:
    with st.container(key="start_steps"):
        for number, step in enumerate(start_steps(), 1):
            sign = "✓" if step.is_done else f"{number}."
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"{sign} **{step.title}**: {step.words}", width="content")
                ui.page_link(step.page, label=step.link)


def _ways() -> None:
    """Offer one's own runs first, and a look round while there is somebody to look at."""
    runner = session.runner()
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Use my own runs", type="primary", key="start_own"):
            ui.switch_page("data", {})
        if runner is not None and runner.is_demo:
            if st.button("Look round", key="look_round"):
                ui.switch_page("timeline", {"window": "1 year"})
        else:
            if st.button("Log this morning", key="start_log"):
                ui.switch_page("log", {})
            if not session.has_real_runners():
                st.button("Back to the demo", on_click=session.bring_back_demo, type="tertiary")


def _demo_picture() -> None:
    """Draw the last year of the made-up runner: symptoms above load, with the newest flare pointed out."""
    runner, analysis, explanation = session.runner(), session.analysis(), session.explanation()
    if runner is None or not runner.is_demo or analysis is None or explanation is None:
        return
    onset = explanation.flares["onset"].max()
    if analysis.days.is_empty() or not isinstance(onset, date):
        return
    start, end = date_window.choose_range(analysis, "1 year")
    st.header("What it looks like, for a made-up runner")
    story = timeline_text.timeline_in_words(
        analysis, start, end, session.units(), explanation, session.shoe_names()
    )
    st.html(f"<p class='hw-story'>{escape(story[0])}</p>")
    _draw(analysis, start, end, onset, story[0])


def _draw(analysis: Analysis, start: date, end: date, onset: date, sentence: str) -> None:
    narrow, explanation = ui.is_narrow(), session.explanation()
    options = TimelineOptions(session.units(), session.theme(), narrow, PICTURE_LANES)
    data = timeline_data(analysis, session.shoe_names(), start, end, options, explanation)
    share = (onset - start).days / max((end - start).days, 1)
    words = f"Symptoms began {text.day_in_words(onset, False)}"
    drawn = markers.with_onset(figure.timeline_figure(data), onset, session.theme(), words, share)
    alt = timeline_text.timeline_alt(start, end, ["symptoms", "tendon load"])
    ui.draw_figure(drawn, key="start_picture", alt=f"{alt} {sentence}")
    st.caption(PICTURE_KEY)


def render() -> None:
    """Draw the page."""
    st.html(STYLE + ui.STYLE)
    st.html(f"<p class='hw-brand'>{BRAND}</p>")
    st.title(TITLE)
    _ways()
    upload_section.drop_zone()
    _steps()
    with st.expander("How to get your runs here", expanded=session.runner() is None):
        st.markdown("Which road fits you? The first three bring tomorrow's run by themselves.")
        roads()
        st.markdown(
            """
Your history from Strava without a subscription:

1. On strava.com, open *Settings → My Account → Download or Delete Your Account → Get Started → Request Your
   Archive*. Nothing is deleted; Strava sends a link by e-mail, usually within hours.
2. Download the ZIP. There is no need to unpack it.
3. Drop it above. FIT, GPX and TCX files and a diary CSV go there too.

You can start the symptom log today, before any run is here.
"""
        )
    _demo_picture()
    st.caption(
        f"Everything stays in {text.escape_markdown(str(session.home()))}, on this machine. {text.RECORD_AND_DISCUSS}"
    )


if __name__ == "__main__":
    render()
