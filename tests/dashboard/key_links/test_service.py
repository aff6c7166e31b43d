"""Keys: what is taken for one, when it ends, and what unlinking and forgetting leave."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_builders import activity_row

from connectors.errors import KeyRefused, ServiceError
from connectors.frames import ACTIVITY, checked
from connectors.source import stable_id
from connectors.store.token_vault import LinkKey, open_vault
from connectors.sync.key_service import key_service, key_services
from dashboard.data.forget import forget
from dashboard.key_links.service import clean_key, drop_keys, key_ends, parse_days, unlink

GARMIN = key_service("garmin")
DAY = date(2019, 3, 2)


@given(st.text(max_size=60))
def test_a_key_is_one_printable_word_or_refused(text):
    try:
        key = clean_key(text)
    except KeyRefused:
        return
    assert key
    assert key.isascii()
    assert not any(letter.isspace() for letter in key)
    assert key in text


@pytest.mark.parametrize(
    ("left", "words"),
    [(8, None), (7, "ends in 7 days"), (1, "ends in 1 day."), (0, "ends today"), (-1, "has ended")],
)
def test_a_key_near_its_end_says_so_a_week_before(left, words):
    ends = key_ends(GARMIN, LinkKey("k", ends_on=(DAY + timedelta(days=left)).isoformat()), DAY)
    assert (ends is None) if words is None else words in ends


def test_an_end_that_nobody_knows_warns_of_nothing():
    assert key_ends(GARMIN, LinkKey("k"), DAY) is None
    assert parse_days(" ") is None
    with pytest.raises(ServiceError):
        parse_days("400")


def test_unlinking_with_data_deletes_its_rows_alone(store, runner, monkeypatch):
    monkeypatch.setenv("HEELWISE_KEY", "bWFkZS11cC1rZXktZm9yLXRlc3RzLW9ubHktISEhISE=")
    vault = open_vault(store.home)
    vault.write_key(runner.athlete_id, "garmin", LinkKey("secret", "501"))
    before = store.read(ACTIVITY, runner.athlete_id).height + 1
    other = activity_row(runner.athlete_id, DAY)
    own = activity_row(runner.athlete_id, DAY - timedelta(days=1))
    own |= {
        "source": "garmin_api",
        "source_id": "9",
        "activity_id": stable_id(runner.athlete_id, "garmin_api", "9"),
    }
    store.write(ACTIVITY, checked(pl.DataFrame([other, own], schema=ACTIVITY.schema), ACTIVITY))
    store.set_bookmarks(runner.athlete_id, {"garmin.listed": "1", "intervals.listed": "1"})
    lines = unlink(store, vault, GARMIN, runner.athlete_id, with_data=True)
    assert "Deleted: 1 activity" in " ".join(lines)
    assert store.read(ACTIVITY, runner.athlete_id).filter(source="garmin_api").is_empty()
    assert store.read(ACTIVITY, runner.athlete_id).height == before
    assert "garmin.listed" not in store.bookmarks(runner.athlete_id)
    assert "intervals.listed" in store.bookmarks(runner.athlete_id)
    assert vault.read_key(runner.athlete_id, "garmin") is None


def test_forgetting_a_runner_drops_their_keys_alone(store, runner, monkeypatch):
    monkeypatch.setenv("HEELWISE_KEY", "bWFkZS11cC1rZXktZm9yLXRlc3RzLW9ubHktISEhISE=")
    vault, other = open_vault(store.home), store.runner("Other", create=True)
    for service in key_services():
        vault.write_key(runner.athlete_id, service.id, LinkKey("secret"))
    vault.write_key(other.athlete_id, "garmin", LinkKey("hers"))
    lines = forget(store, vault, [runner])
    assert sum("revoke" in line or "To end the key itself" in line for line in lines) == 2
    assert vault.keyed_services(runner.athlete_id) == []
    assert vault.read_key(other.athlete_id, "garmin").key == "hers"
    assert drop_keys(vault, runner.athlete_id) == []
