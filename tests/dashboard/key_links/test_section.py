"""Links by key on the Data page: asked for, confirmed with a name, followed, ended."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from garmin_stand_in import GarminStandIn

from connectors.frames import ACTIVITY
from connectors.store import open_store
from connectors.store.token_vault import LinkKey, open_vault
from dashboard.strava_link import background_sync

KEY = "bWFkZS11cC1rZXktZm9yLXRlc3RzLW9ubHktISEhISE="


@pytest.fixture
def garmin(monkeypatch):
    with GarminStandIn() as server:
        server.add_runs(3)
        monkeypatch.setenv("HEELWISE_GARMIN_URL", server.url)
        monkeypatch.setenv("HEELWISE_KEY", KEY)
        yield server


@pytest.fixture
def nora(home, garmin) -> int:
    with open_store(home) as store:
        return store.runner("Nora", create=True).athlete_id


def texts(app) -> str:
    parts = [*app.markdown, *app.warning, *app.error, *app.caption]
    return "\n".join(str(one.value) for one in parts)


def by_key(elements, start: str):
    return next(one for one in elements if (one.key or "").startswith(start))


def linked(home, athlete: int):
    return open_vault(home).read_key(athlete, "garmin")


def typed(app, key: str, days: str = ""):
    by_key(app.text_input, "key_text_garmin").input(key)
    by_key(app.text_input, "key_days_garmin").input(days)
    return by_key(app.button, "key_check_garmin").click().run()


def test_a_key_is_linked_only_after_its_account_was_named(open_page, home, nora, garmin):
    app = typed(open_page("data"), garmin.key, "90")
    assert "This key opens the account of Made Up at Garmin" in texts(app)
    assert "Nora" in texts(app)
    assert linked(home, nora) is None
    app = by_key(app.button, "key_yes_garmin").click().run()
    process = background_sync.process_of(home, nora)
    assert process is not None
    process.wait(60)
    assert (linked(home, nora).key, linked(home, nora).account) == (garmin.key, "501")
    assert garmin.key not in texts(app)
    assert all(one.value != garmin.key for one in app.text_input)
    with open_store(home) as store:
        assert store.read(ACTIVITY, nora).height == 3


def test_no_forgets_the_key(open_page, home, nora, garmin):
    app = typed(open_page("data"), garmin.key)
    app = by_key(app.button, "key_no_garmin").click().run()
    assert linked(home, nora) is None
    assert by_key(app.text_input, "key_text_garmin").value == ""


def test_a_key_that_is_none_is_one_sentence(open_page, home, nora, garmin):
    app = typed(open_page("data"), "two words")
    assert "spaces or line ends inside" in texts(app)
    app = typed(open_page("data"), "wrong")
    assert "does not take this key" in texts(app)
    assert linked(home, nora) is None


def test_days_that_are_none_are_one_sentence(open_page, home, nora, garmin):
    assert "1 to 366 days" in texts(typed(open_page("data"), garmin.key, "999"))
    assert garmin.calls == []


def test_unlinking_drops_the_key_and_says_where_to_end_it(open_page, home, nora, garmin):
    open_vault(home).write_key(nora, "garmin", LinkKey(garmin.key, "501", "Made Up", "2000-01-01", True))
    app = open_page("data")
    assert "Your key for Garmin has ended" in texts(app)
    by_key(app.radio, "key_data_garmin").set_value("keep").run()
    app = by_key(app.button, "key_unlink_garmin").click().run()
    assert linked(home, nora) is None
    assert "delete it on connect.garmin.com" in texts(app)


def test_the_roads_stand_on_start_and_data(open_page, home, garmin):
    with open_store(home) as store:
        store.runner(create=True)
    for page in ("start", "data"):
        shown = texts(open_page(page))
        for word in ("Personal API", "Developer Settings", "Connect with Strava", "takeout"):
            assert word in shown


def test_today_says_a_week_before_that_a_key_ends(open_page, home, nora, garmin):
    soon = (date.today() + timedelta(days=3)).isoformat()
    open_vault(home).write_key(nora, "garmin", LinkKey(garmin.key, "501", "Made Up", soon, True))
    assert "Your key for Garmin ends in 3 days." in texts(open_page("today"))
