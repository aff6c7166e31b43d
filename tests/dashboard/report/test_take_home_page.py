"""The last step of a consult: what is agreed stands at once in the text to paste."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest


def script() -> None:
    from dashboard.report import take_home_page
    from dashboard.shared import session

    session.show_runner(session.addressed_runner())
    take_home_page.render()


@pytest.fixture
def app(consult_store) -> AppTest:
    page = AppTest.from_function(script, default_timeout=60).run()
    assert not page.exception
    return page


def test_the_text_to_paste_is_the_sheet_and_grows_by_what_may_be_left(app):
    (text,) = [one.value for one in app.code]
    assert "S · Subjective" in text
    assert "PT: likely – two long runs in a week" in text
    assert "Does load usually come first?" not in text
    app.checkbox(key="second_page").check().run()
    assert "Does load usually come first?" in app.code[0].value


def test_what_is_agreed_now_stands_under_p(app):
    app.text_area(key="agreed_note").set_value("Flat runs only.")
    app.button[0].click().run()
    assert not app.exception
    plan = app.code[0].value.split("P · Plan")[1]
    assert "Agreed: Flat runs only." in plan
