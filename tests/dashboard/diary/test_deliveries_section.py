"""What came from a phone, on the Log page: listed with what it replaced, and taken back one by one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl

from connectors.frames import SYMPTOM
from dashboard.diary import deliveries

NOW = datetime.now(UTC)
TODAY = datetime.now().astimezone().date()


def send(store, athlete_id, name: str, ago: timedelta, **value):
    one = {
        "id": name,
        "kind": "morning",
        "date": TODAY.isoformat(),
        "tapped": int((NOW - ago).timestamp() * 1000),
        "value": value,
    }
    return deliveries.deliver(store, athlete_id, [one], NOW)


def test_a_replaced_answer_is_listed_and_can_be_taken_back(store, athlete_id, open_page):
    send(
        store,
        athlete_id,
        "first-tap",
        timedelta(hours=2),
        morning_stiffness_0_10=3,
        morning_stiffness_band="<5",
    )
    send(
        store,
        athlete_id,
        "second-tap",
        timedelta(hours=1),
        morning_stiffness_0_10=7,
        morning_stiffness_band=">30",
    )
    log = open_page("log")
    log.session_state["earlier_entries"] = True
    log.run()
    told = "\n".join(one.value for one in log.markdown)
    assert "stiffness 7 of 10" in told
    assert "In place of: stiffness 3 of 10" in told
    log.button(key="untap_second-tap").click().run()
    assert not log.exception
    [row] = store.read(SYMPTOM, athlete_id).filter(pl.col("date") == TODAY).to_dicts()
    assert row["morning_stiffness_0_10"] == 3
    assert "untap_second-tap" not in [one.key for one in log.button]


def test_without_a_phone_nothing_is_listed(store, open_page):
    log = open_page("log")
    log.session_state["earlier_entries"] = True
    log.run()
    assert "From a phone" not in [one.value for one in log.subheader]
