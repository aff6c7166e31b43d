"""Activities of intervals.icu, value by value; whatever a value is, it costs only itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from intervals_stand_in import made_run

from connectors.frames import ACTIVITY, split
from connectors.intervals.parse_api import is_stub, parse_page
from connectors.local_date import with_local_date

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
JUNK = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.lists(st.integers(), max_size=2)
)


def parsed(item):
    return parse_page([item], 1, START)


def run(**changes):
    return made_run("i7", START, 1_800, 3.0, **changes)


@given(st.dictionaries(st.sampled_from(sorted(made_run("i7", START, 60, 3.0))), JUNK, max_size=6))
def test_odd_values_are_unknown_and_never_break_a_page(changes):
    page = parse_page([{**run(), **changes}, made_run("i8", START, 600, 3.0)], 1, START)
    assert "i8" in [row["source_id"] for row in page.rows]
    good, _ = split(with_local_date(pl.DataFrame(page.rows, schema=ACTIVITY.schema)), ACTIVITY)
    assert "i8" in good["source_id"].to_list()


@pytest.mark.parametrize(("feel", "wanted"), [(1, 100), (3, 50), (5, 0), (0, None), (6, None), (None, None)])
def test_feel_runs_the_other_way(feel, wanted):
    assert parsed(run(feel=feel)).rows[0]["feel_0_100"] == wanted


def test_zero_of_what_cannot_be_zero_is_unknown():
    row = parsed(run(icu_rpe=0, average_heartrate=0, average_cadence=0, distance=0)).rows[0]
    assert (row["perceived_exertion_0_10"], row["heart_rate_bpm"], row["cadence_spm"]) == (None, None, None)
    assert row["distance_m"] == 0


def test_the_clock_where_it_began_gives_offset_and_date():
    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    row = parsed(made_run("i7", late, 600, 3.0)).rows[0]
    assert (row["utc_offset_s"], row["local_date"]) == (3_600, (late + timedelta(hours=1)).date())


def test_a_stub_is_no_run_and_a_full_entry_of_strava_is():
    stub = {
        "id": "91",
        "start_date_local": "2026-03-02T08:00:00",
        "source": "STRAVA",
        "_note": "not available",
    }
    page = parsed(stub)
    assert (page.rows, page.stubs, page.skipped) == ([], ["91"], [])
    assert not is_stub(run(source="STRAVA"))


@pytest.mark.parametrize("bad", [None, "", "../athlete", "i7/file", True, 1.5, "i"])
def test_an_id_is_letters_and_digits_or_left_out(bad):
    page = parsed(run(id=bad))
    assert page.rows == []
    assert "usable id" in page.skipped[0].reason
