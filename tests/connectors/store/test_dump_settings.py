"""How long dumps stay, and the day that a receipt names."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.store.dump_settings import KEEP_DAYS, LATEST, RECIPIENT, TOO_OLD, dump_settings

NOW = datetime(2026, 11, 29, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "days"), [("", 30), ("30", 30), ("7", 7), ("3", 7), ("900", 90), ("-1", 30), ("many", 30)]
)
def test_the_days_have_both_ends(text, days):
    assert dump_settings({KEEP_DAYS: text}).keep_days == days


def test_the_receipt_names_the_day_after_the_last_dump_has_gone():
    assert dump_settings({}).gone_by(date(2026, 12, 12)) == date(2027, 1, 12)


@given(st.integers(7, 90), st.integers(0, 86_399))
def test_on_the_day_of_the_receipt_no_dump_of_the_runner_is_left(days, second):
    settings = dump_settings({KEEP_DAYS: str(days)})
    made = datetime(2026, 11, 29, tzinfo=UTC) + timedelta(seconds=second)
    gone_by = datetime.combine(settings.gone_by(made.date()), made.time(), UTC)
    assert gone_by - made > timedelta(days=settings.days_of(made))


def test_a_dump_is_overdue_after_two_nights_and_only_where_dumps_are_made():
    assert not dump_settings({}).is_overdue(NOW)
    assert dump_settings({RECIPIENT: "age1"}).is_overdue(NOW)
    for age, is_overdue in ((timedelta(hours=30), False), (TOO_OLD + timedelta(minutes=1), True)):
        settings = dump_settings({RECIPIENT: "age1", LATEST: (NOW - age).isoformat()})
        assert settings.is_overdue(NOW) is is_overdue
