"""The routes of the phone's log: whose it is, what it shows, what it takes, and what it refuses."""

from __future__ import annotations

import json
import time
from datetime import date, datetime, timedelta

import polars as pl
import pytest
from phone_app import COOKIE, app
from starlette.testclient import TestClient

from connectors.frames import ACTIVITY, SYMPTOM
from dashboard.diary import entries
from dashboard.diary.entries import SymptomEntry

TODAY = datetime.now().astimezone().date()


@pytest.fixture
def phone(home, store, athlete_id):
    """A paired phone of the runner."""
    with TestClient(app(), cookies={COOKIE: f"7.{athlete_id}"}) as client:
        yield client


@pytest.fixture
def owner(home, store):
    with TestClient(app(), cookies={COOKIE: "owner"}) as client:
        yield client


def tap(kind: str, number: int = 1, day: date = TODAY, **value):
    return {
        "id": f"tap-{number:08d}",
        "kind": kind,
        "date": day.isoformat(),
        "tapped": int(time.time() * 1000) + number,
        "value": value,
    }


def state(client, **more):
    return client.get("/phone/state", params={"today": TODAY.isoformat(), **more}).json()


def send(client, *taps, **more):
    return client.post("/phone/entries", json={"entries": taps}, params={"today": TODAY.isoformat(), **more})


def test_without_an_identity_nothing_but_the_open_files(home, store):
    with TestClient(app()) as stranger:
        for path in ("/log", "/phone/log", "/phone/state", "/phone/log.js", "/phone/sw.js"):
            assert stranger.get(path).status_code == 403
        assert stranger.post("/phone/entries", json={"entries": []}).status_code == 403
        assert stranger.get("/manifest.webmanifest").status_code == 200
        assert stranger.get("/icons/icon-192.png").content.startswith(b"\x89PNG")
        assert stranger.get("/icons/../log_routes.py").status_code in (403, 404)
        assert stranger.get("/icons/secret.png").status_code == 404


def test_a_phone_writes_for_the_runner_of_its_pairing_alone(phone, store, athlete_id):
    other = store.add_runner("Somebody Else").athlete_id
    answer = send(phone, tap("none"), runner=other).json()
    assert answer["taken"] == ["tap-00000001"]
    assert answer["state"]["whose"] == f"device-7-{athlete_id}"
    assert store.read(SYMPTOM, other).is_empty()
    assert store.read(SYMPTOM, athlete_id).filter(pl.col("date") == TODAY).height == 1
    forged = {**tap("none", 2), "athlete_id": other, "runner": other}
    send(phone, forged)
    assert store.read(SYMPTOM, other).is_empty()


def test_the_owner_names_whose_log_it_is(owner, athlete_id):
    assert owner.get("/phone/state").status_code == 404
    for bad in ("0", "-1", "999", "1 OR 1=1", "٣", "1" * 40):
        assert owner.get("/phone/state", params={"runner": bad}).status_code == 404
    assert state(owner, runner=athlete_id)["whose"] == f"owner-0-{athlete_id}"


def test_a_phone_sees_nothing_earlier_than_today_but_whether_it_is_logged(phone, store, athlete_id):
    yesterday = TODAY - timedelta(1)
    entries.save_entry(
        store,
        athlete_id,
        SymptomEntry(
            yesterday, "left", "insertion", 7.0, morning_stiffness_band=">30", note="a word of yesterday"
        ),
    )
    told = state(phone)
    assert [one["is_logged"] for one in told["days"]] == [False] * 12 + [True, False]
    assert told["entry"] is None
    words = json.dumps(told)
    assert "a word of yesterday" not in words
    assert "insertion" not in words
    assert "tkm" not in words
    send(phone, tap("same"))
    assert "stiffness 7 of 10" in state(phone)["entry"]["words"][0]


def test_a_run_that_arrives_is_asked_about_first_until_effort_and_pain_are_known(phone, store, athlete_id):
    row = store.read(ACTIVITY, athlete_id).sort("local_date").row(-1, named=True)
    moved = {
        **row,
        "activity_id": "run-1",
        "source_id": "run-1",
        "local_date": TODAY - timedelta(1),
        "start_utc": row["start_utc"] + (TODAY - timedelta(1) - row["local_date"]),
        "perceived_exertion_0_10": None,
    }
    assert state(phone)["ask_first"] is None
    store.write(ACTIVITY, pl.DataFrame([moved], schema=ACTIVITY.schema))
    assert state(phone)["ask_first"] == "run-1"
    send(phone, tap("run", 1, activity_id="run-1", perceived_exertion_0_10=8))
    assert state(phone)["ask_first"] == "run-1"
    told = send(phone, tap("answer", 2, TODAY - timedelta(1), pain_start_0_10=2)).json()["state"]
    assert told["ask_first"] is None
    [run] = told["runs"]
    assert set(run["answered"]) >= {"perceived_exertion_0_10", "pain_start_0_10"}
    assert run["values"]["perceived_exertion_0_10"] is None  # a value of yesterday is not shown


def test_a_delivery_is_acknowledged_once_and_twice(phone, store, athlete_id):
    one = tap("morning", morning_stiffness_0_10=3, morning_stiffness_band="5-15")
    first = send(phone, one).json()
    assert "stiffness 3 of 10, stiff for 5 to 15 min" in first["state"]["entry"]["words"][0]
    version = store.version(athlete_id)
    assert send(phone, one, one).json()["taken"] == [one["id"], one["id"]]
    assert store.version(athlete_id) == version


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "application/json", 400),
        (b"[" * 50_000, "application/json", 400),
        (b'{"entries": {}}', "application/json", 400),
        (b'{"entries": [' + b"1," * 300 + b"1]}", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b'{"entries": []}', "text/plain", 415),
        (b'{"entries": []}', "application/x-www-form-urlencoded", 415),
        (b" " * 600_000, "application/json", 413),
    ],
)
def test_what_the_log_did_not_send_is_refused_with_a_sentence(phone, body, kind, status):
    answer = phone.post("/phone/entries", content=body, headers={"Content-Type": kind})
    assert answer.status_code == status
    assert answer.text.strip().endswith(".")
    assert "Traceback" not in answer.text


def test_entries_that_are_no_taps_are_refused_one_by_one(phone, store, athlete_id):
    answer = send(phone, 3, None, {"id": ["x"]}, tap("none")).json()
    assert answer["taken"] == ["tap-00000001"]
    assert answer["refused"]


def test_page_and_script_hold_no_inline_script_and_weigh_less_than_60_kb(phone):
    page, script = phone.get("/log"), phone.get("/phone/log.js")
    assert len(page.content) + len(script.content) < 60_000
    assert page.headers["cache-control"] == "no-store"
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert page.text.count("<script") == 2
    assert '<script type="application/json" id="schema">' in page.text
    assert " onclick" not in page.text
    assert "http://" not in page.text + script.text
    assert "https://" not in page.text + script.text


def test_the_worker_may_open_log_and_changes_with_the_page(phone):
    worker = phone.get("/phone/sw.js")
    assert worker.headers["service-worker-allowed"] == "/log"
    assert "$version" not in worker.text
    assert phone.get("/log").text.split("log.js?v=")[1][:16] in worker.text


def test_the_state_of_an_impossible_date_is_that_of_the_servers(phone):
    for bad in ("", "tomorrow", "2020-01-01", "9999-12-31"):
        told = phone.get("/phone/state", params={"today": bad}).json()
        assert told["today"] == TODAY.isoformat()
