"""Long work on a page: its stage, and what is said of a press on Stop."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def _works_to_its_end() -> None:
    from dashboard.data.progress_section import stoppable_progress, stopped_message

    with stoppable_progress("Stopped. Nothing was changed.", "work") as progress:
        progress(1, 2, "recordings")
    stopped_message("work")


def _breaks_off() -> None:
    import streamlit as st

    from dashboard.data.progress_section import stoppable_progress, stopped_message

    stopped_message("work")
    if st.button("Begin"):
        with stoppable_progress("Stopped. Nothing was changed.", "work"):
            st.stop()  # as a press on Stop ends the run


def test_work_that_ended_before_the_press_was_not_stopped():
    page = AppTest.from_function(_works_to_its_end).run()
    assert page.button(key="stop_work").label == "Stop"
    page.button(key="stop_work").click().run()
    assert not page.exception
    assert not page.info


def test_work_that_was_stopped_is_told_once():
    page = AppTest.from_function(_breaks_off).run()
    page.button[0].click().run()
    page.button(key="stop_work").click().run()
    assert [one.value for one in page.info] == ["Stopped. Nothing was changed."]
    page.run()
    assert not page.info
