"""One choice of dates on every page: kept in the tab and in the address, and read back from it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dashboard.model.date_window import AROUND_FLARE

LAST = date(2026, 4, 29)


def dates_of(app) -> tuple[str, str]:
    return app.query_params["from"], app.query_params["to"]


def test_a_choice_stands_in_the_address_as_dates(store, open_page):
    app = open_page("timeline")
    assert dates_of(app) == (str(LAST - timedelta(days=111)), str(LAST))
    app.segmented_control(key="window").set_value("4 weeks").run()
    assert not app.exception
    assert dates_of(app) == (str(LAST - timedelta(days=27)), str(LAST))
    app.run()
    assert app.segmented_control(key="window").value == "4 weeks"
    assert AROUND_FLARE not in app.segmented_control(key="window").options


@pytest.mark.parametrize(
    ("asked", "pressed", "shown"),
    [
        ({"from": str(LAST - timedelta(days=27)), "to": str(LAST)}, "4 weeks", None),
        ({"from": "2026-02-02", "to": "2026-03-03"}, "Dates", ("2026-02-02", "2026-03-03")),
        ({"from": "yesterday", "to": "2026-03-03"}, "16 weeks", None),
        ({"from": "2026-03-03", "to": "2026-02-02"}, "16 weeks", None),
        ({"window": "All"}, "All", None),
    ],
)
def test_an_address_opens_its_dates_and_a_broken_one_the_usual(store, home, asked, pressed, shown):
    from page_runner import MAIN, address
    from streamlit.testing.v1 import AppTest

    app = AppTest.from_file(str(MAIN), default_timeout=60)
    for name, value in asked.items():
        app.query_params[name] = value
    address(app, "timeline")
    app.run()
    assert not app.exception
    assert app.segmented_control(key="window").value == pressed
    if shown:
        assert dates_of(app) == shown
        assert app.date_input(key="window_dates").value == tuple(map(date.fromisoformat, shown))


def test_going_back_in_the_address_goes_back_in_the_window(store, open_page):
    app = open_page("timeline")
    before = dates_of(app)
    app.segmented_control(key="window").set_value("All").run()
    app.query_params["from"], app.query_params["to"] = before
    app.run()
    assert app.segmented_control(key="window").value == "16 weeks"


def test_own_dates_are_typed_and_another_window_leaves_them(store, open_page):
    app = open_page("timeline")
    app.segmented_control(key="window").set_value("Dates").run()
    app.date_input(key="window_dates").set_value((date(2026, 2, 1), date(2026, 3, 1))).run()
    assert dates_of(app) == ("2026-02-01", "2026-03-01")
    app.segmented_control(key="window").set_value("16 weeks").run()
    assert dates_of(app)[1] == str(LAST)


@pytest.mark.parametrize(("pressed", "taken"), [(None, "1 year"), ("4 weeks", "4 weeks")])
def test_a_choice_goes_along_to_the_next_page_and_what_a_page_opens_with_does_not(
    store, open_page, pressed, taken
):
    from streamlit.util import calc_hash

    app = open_page("timeline")
    if pressed:
        app.segmented_control(key="window").set_value(pressed).run()
    app._page_hash = calc_hash("shoes")
    app.query_params.clear()  # as a link of the menu drops them
    app.run()
    assert app.title[0].value == "Shoes"
    assert app.segmented_control(key="window").value == taken


def test_the_made_up_runner_opens_on_a_year(demo, open_page):
    assert open_page("timeline").segmented_control(key="window").value == "1 year"
