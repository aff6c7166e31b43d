"""Garmin's impact load beside tendon load: a section of the Method page, for runners who have both."""

from __future__ import annotations

import streamlit as st

from dashboard.model.analysis import Analysis
from dashboard.settings.impact import EXPLAINED, compare_impact, furthest_in_words, impact_in_words
from dashboard.settings.impact_figure import impact_figure
from dashboard.shared import session, ui


def impact_section(analysis: Analysis, athlete_id: int) -> None:
    """Draw the section, where a run has both."""
    comparison = compare_impact(analysis.runs, session.store().activities(athlete_id))
    if comparison.rows.is_empty():
        return
    st.header("Garmin's impact load beside tendon load", anchor="impact")
    st.markdown(EXPLAINED)
    sentence = impact_in_words(comparison)
    st.markdown(sentence)
    if comparison.rho is None:
        return
    drawn = impact_figure(comparison, session.units(), session.theme())
    ui.draw_figure(drawn, key="impact", alt=sentence)
    furthest = furthest_in_words(comparison, session.units())
    if furthest:
        st.markdown("Where the two disagree most (diamonds):\n\n" + "\n".join(f"- {one}" for one in furthest))
