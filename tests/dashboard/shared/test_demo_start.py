"""The made-up runner: shown once, left for good, brought back when asked."""

from __future__ import annotations

import threading

from connectors import demo
from connectors.frames import ACTIVITY
from connectors.store import open_store
from dashboard.shared import demo_start, session
from dashboard.strava_link import background_sync


def test_an_empty_store_gets_the_made_up_runner_once(home):
    store = open_store(home)
    runner = demo_start.show_demo(store, home)
    assert runner is not None
    assert runner.is_demo
    assert demo_start.show_demo(store, home) == runner
    assert len(store.runners()) == 1


def test_left_is_left_also_after_a_restart(demo_copy, home):
    store = open_store(demo_copy)
    demo_start.leave_demo(store, home)
    assert store.runners() == []
    again = open_store(home)
    assert demo_start.show_demo(again, home) is None
    assert again.runners() == []


def test_it_comes_back_when_asked(demo_copy, home):
    store = open_store(demo_copy)
    demo_start.leave_demo(store, home)
    assert demo_start.bring_back_demo(store, home).is_demo
    assert demo_start.bring_back_demo(store, home).is_demo
    assert len(store.runners()) == 1


def test_leaving_does_not_touch_a_real_runner(demo_copy, home):
    store = open_store(demo_copy)
    store.add_runner("Robin")
    demo_start.leave_demo(store, home)
    assert [one.name for one in store.runners()] == ["Robin"]


def test_a_store_with_a_runner_stays_as_it_is(store, home):
    assert demo_start.show_demo(store, home).name == "Robin Placeholder"
    assert len(store.runners()) == 1


def test_a_page_never_sees_the_made_up_runner_half_there(home, monkeypatch):
    """The server adds it while the first page is already asking."""
    begun = threading.Event()
    add = demo.add_demo

    def slowly(store):
        store.add_runner("half", is_demo=True)
        begun.set()
        threading.Event().wait(0.3)
        store.delete_runner(store.runner("half").athlete_id)
        return add(store)

    monkeypatch.setattr(demo, "add_demo", slowly)
    server = threading.Thread(target=background_sync.warm_up)
    server.start()
    assert begun.wait(30)
    seen = session.runner()
    server.join()
    assert seen is not None
    assert session.store().read(ACTIVITY, seen.athlete_id).height > 100


def test_a_demo_that_was_cut_short_is_made_anew(home):
    store = open_store(home)
    store.add_runner("Demo runner (made up)", is_demo=True)
    runner = demo_start.show_demo(store, home)
    assert runner is not None
    assert store.read(ACTIVITY, runner.athlete_id).height > 100
    assert len(store.runners()) == 1


def test_a_page_is_told_while_the_made_up_runner_is_under_way(home, monkeypatch):
    seen = []
    monkeypatch.setattr(demo, "add_demo", lambda store: seen.append(demo_start.is_being_made()))
    demo_start.show_demo(open_store(home), home)
    assert seen == [True]
    assert not demo_start.is_being_made()
