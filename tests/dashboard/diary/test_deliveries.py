"""Taps of a phone: the same diary in any order, doubled or late; merged by time of tap; undone; refused; asked."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from connectors.frames import ACTIVITY, EDIT, STRENGTH, SYMPTOM
from connectors.store import open_store
from dashboard.diary import deliveries, entries
from dashboard.diary.entries import SymptomEntry
from dashboard.shared.text import WARNING_SIGN
from dashboard.shared.undo import replace_rows

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
AN_HOUR_AGO = NOW - timedelta(hours=1)
COUNT = iter(range(10**9))


def tap(kind: str, hour: float = 7.0, day=TODAY, name: str = "", **value):
    when = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour)
    return {
        "id": name or f"tap-{next(COUNT):09d}",
        "kind": kind,
        "date": day.isoformat(),
        "tapped": int(when.timestamp() * 1000),
        "value": value,
    }


def morning(score: int, band: str, hour: float = 7.0, day=TODAY, **more):
    return tap("morning", hour, day, morning_stiffness_0_10=score, morning_stiffness_band=band, **more)


def send(store, athlete_id, *given, now=NOW):
    return deliveries.deliver(store, athlete_id, given, now)


def on_page(store, athlete_id, entry, when):
    """Store an entry as the page does, at a time."""
    rows = entries.answered_rows(athlete_id, [entry], {}, when)
    return replace_rows(store, SYMPTOM, athlete_id, rows).rows[0]


def rows_of(store, athlete_id, day=TODAY):
    return store.read(SYMPTOM, athlete_id).filter(pl.col("date") == day).to_dicts()


@pytest.fixture
def run_id(store, athlete_id) -> str:
    """The newest run of the store, moved to yesterday."""
    row = store.read(ACTIVITY, athlete_id).sort("local_date").row(-1, named=True)
    shift = TODAY - timedelta(1) - row["local_date"]
    moved = {
        **row,
        "activity_id": "run-1",
        "source_id": "run-1",
        "local_date": row["local_date"] + shift,
        "start_utc": row["start_utc"] + shift,
    }
    store.write(ACTIVITY, pl.DataFrame([moved], schema=ACTIVITY.schema))
    return "run-1"


def test_a_morning_is_stored_as_the_page_stores_it(store, athlete_id):
    one = morning(3, "5-15")
    outcome = send(store, athlete_id, one)
    assert (outcome.taken, outcome.asked, outcome.refused) == ([one["id"]], {}, {})
    [row] = rows_of(store, athlete_id)
    entries.save_entry(
        store,
        athlete_id,
        SymptomEntry(
            TODAY - timedelta(3),
            morning_stiffness_0_10=3.0,
            morning_stiffness_band="5-15",
            is_same_as_before=False,
        ),
    )
    [page] = rows_of(store, athlete_id, TODAY - timedelta(3))
    of_place = ("date", "source_id", "fetched_utc")
    assert {k: v for k, v in row.items() if k not in of_place} == {
        k: v for k, v in page.items() if k not in of_place
    }


def test_the_same_tap_twice_is_one_and_wakes_no_cache(store, athlete_id):
    one = tap("none")
    send(store, athlete_id, one, one)
    version = store.version(athlete_id)
    assert send(store, athlete_id, one).taken == [one["id"]]
    assert store.version(athlete_id) == version
    assert len(rows_of(store, athlete_id)) == 1


def test_a_late_tap_gives_way_field_by_field_to_what_a_page_stored_after_it(store, athlete_id):
    send(store, athlete_id, morning(3, "5-15", 5.0), tap("answer", 5.1, morning_pain_0_10=2))
    [row] = rows_of(store, athlete_id)
    entries.amend_entry(store, row, morning_pain_0_10=6.0, fetched_utc=NOW - timedelta(hours=2))
    late = [
        morning(5, "15-30", 6.0),
        tap("answer", 6.1, morning_pain_0_10=1),
        tap("answer", 6.2, site="other"),
    ]
    send(store, athlete_id, *late)
    [row] = rows_of(store, athlete_id)
    assert (row["morning_stiffness_0_10"], row["morning_stiffness_band"]) == (5, "15-30")
    assert (row["morning_pain_0_10"], row["site"]) == (6, "other")


def test_a_tap_after_a_page_wins_over_it(store, athlete_id):
    on_page(store, athlete_id, SymptomEntry(TODAY, "left", morning_pain_0_10=6.0), NOW - timedelta(hours=4))
    send(store, athlete_id, tap("answer", 8.0, morning_pain_0_10=1))
    [row] = rows_of(store, athlete_id)
    assert (row["side"], row["morning_pain_0_10"]) == ("left", 1)


def test_a_tap_before_a_page_fills_what_the_page_left_open(store, athlete_id):
    on_page(store, athlete_id, SymptomEntry(TODAY, "left", morning_pain_0_10=6.0), NOW - timedelta(hours=1))
    send(store, athlete_id, morning(2, "<5", 5.0), tap("answer", 5.1, morning_pain_0_10=1))
    [row] = rows_of(store, athlete_id)
    assert (row["side"], row["morning_stiffness_0_10"], row["morning_pain_0_10"]) == ("left", 2, 6)


def test_what_a_page_removed_stays_removed_for_older_taps_and_a_newer_one_counts(store, athlete_id):
    send(store, athlete_id, tap("none", 5.0), now=NOW - timedelta(hours=3))
    [row] = rows_of(store, athlete_id)
    entries.correct_entries(store, athlete_id, [row], {0: {"remove": True}})
    send(store, athlete_id, tap("answer", 5.5, morning_pain_0_10=3))
    assert rows_of(store, athlete_id) == []
    send(store, athlete_id, morning(2, "<5", 8.0))
    [row] = rows_of(store, athlete_id)
    assert (row["morning_stiffness_0_10"], row["morning_pain_0_10"]) == (2, None)


def test_same_as_yesterday_is_what_yesterday_was_however_late_it_arrives(store, athlete_id):
    yesterday = TODAY - timedelta(1)
    same, before = tap("same", 7.0), morning(4, "15-30", 7.0, yesterday)
    send(store, athlete_id, same)
    assert rows_of(store, athlete_id) == []
    send(store, athlete_id, before)
    [row] = rows_of(store, athlete_id)
    assert (row["morning_stiffness_0_10"], row["is_same_as_before"]) == (4, True)


def test_undo_takes_one_tap_back_and_leaves_the_others(store, athlete_id):
    first, second = morning(4, "15-30", 6.0), morning(1, "<5", 7.0)
    send(store, athlete_id, first, second)
    send(store, athlete_id, tap("undo", 7.1, of=second["id"]))
    assert rows_of(store, athlete_id)[0]["morning_stiffness_0_10"] == 4
    deliveries.undo_tap(store, athlete_id, first["id"], NOW)
    assert rows_of(store, athlete_id) == []


def test_what_was_replaced_is_in_the_history(store, athlete_id):
    send(store, athlete_id, morning(4, "15-30", 6.0), morning(1, "<5", 7.0))
    last, first = deliveries.history(store, athlete_id, 14, TODAY)
    assert [row["morning_stiffness_0_10"] for row in last.before] == [4]
    assert [row["morning_stiffness_0_10"] for row in last.after] == [1]
    assert first.before == ()


def test_effort_and_pair_of_a_run_by_time_of_tap_with_undo(store, athlete_id, run_id):
    def effort() -> object:
        rows = store.activities(athlete_id).filter(pl.col("activity_id") == run_id)
        return rows["perceived_exertion_0_10"][0]

    newer = tap("run", 8.0, activity_id=run_id, perceived_exertion_0_10=7)
    older = tap("run", 6.0, activity_id=run_id, perceived_exertion_0_10=3)
    pair = tap("run", 8.1, activity_id=run_id, shoe_id="pair")
    send(store, athlete_id, newer, pair)
    send(store, athlete_id, older, older)
    assert effort() == 7
    assert store.activities(athlete_id).filter(pl.col("activity_id") == run_id)["shoe_id"][0] == "pair"
    send(store, athlete_id, tap("undo", 8.2, of=newer["id"]))
    assert effort() == 3
    assert store.read(EDIT, athlete_id).height == 3


def test_sets_are_added_after_those_of_the_page_and_undone_alone(store, athlete_id):
    def lines() -> list:
        return [
            (row["set_number"], row["repetitions"])
            for row in store.read(STRENGTH, athlete_id).sort("set_number", "repetitions").to_dicts()
        ]

    late = tap("sets", 6.0, exercise="heel raise", sets=1, repetitions=12)
    first = tap("sets", 7.0, exercise="heel raise", sets=2, repetitions=15, load_kg=10)
    send(store, athlete_id, first)
    send(store, athlete_id, late, first)
    assert lines() == [(1, 12), (2, 15), (3, 15)]
    send(store, athlete_id, tap("undo", 7.1, of=first["id"]))
    assert lines() == [(1, 12)]


def test_a_warning_sign_leaves_its_day_alone(store, athlete_id):
    send(store, athlete_id, tap("sign", 7.0))
    send(store, athlete_id, tap("sign", 7.0, TODAY - timedelta(1)))
    assert store.bookmarks(athlete_id)[WARNING_SIGN] == TODAY.isoformat()


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"id": "short", "kind": "none", "date": "2026-11-28", "tapped": 1},
        {**tap("none"), "kind": "page"},
        {**tap("none"), "kind": "delete"},
        {**tap("none"), "date": "28.11."},
        {**tap("none"), "tapped": "now"},
        {**tap("none"), "tapped": True},
        tap("none", 7.0, TODAY - timedelta(40)) | {"confirmed": True},
        {**tap("none", 7.0), "date": (TODAY - timedelta(20)).isoformat()},
        {**tap("none", 7.0), "date": (TODAY + timedelta(3)).isoformat()},
        tap("morning", morning_stiffness_0_10=11, morning_stiffness_band="<5"),
        tap("morning", morning_stiffness_0_10=3),
        tap("answer", morning_pain_0_10=True),
        tap("answer", morning_pain_0_10=3.5),
        tap("answer", load_tkm=3),
        tap("answer", side="left' OR 1=1"),
        tap("answer", note="x" * 2001),
        tap("run", activity_id="another", perceived_exertion_0_10=3),
        tap("sets", exercise="", sets=3),
        tap("sets", exercise="heel raise", sets=1000),
        tap("sets", exercise="heel raise", sets=3, repetitions=-4),
        tap("sets", exercise="heel raise", sets=3, load_kg="heavy"),
        tap("undo", of="x"),
    ],
)
def test_what_is_no_answer_is_refused_with_a_sentence_and_the_rest_is_stored(store, athlete_id, bad):
    good = tap("none")
    outcome = send(store, athlete_id, bad, good)
    assert outcome.taken == [good["id"]]
    [sentence] = outcome.refused.values()
    assert sentence.endswith((".", "."))
    assert "Traceback" not in sentence
    assert len(rows_of(store, athlete_id)) == 1
    assert store.read(STRENGTH, athlete_id).is_empty()


@pytest.mark.parametrize("hours", [-37, 37])
def test_a_clock_far_from_this_one_is_asked_about_and_taken_once_confirmed(store, athlete_id, hours):
    when = NOW + timedelta(hours=hours)
    one = tap("none", when.hour, when.date())
    outcome = send(store, athlete_id, one)
    assert (outcome.taken, list(outcome.asked)) == ([], [one["id"]])
    assert rows_of(store, athlete_id, when.date()) == []
    day = min(when.date(), TODAY + timedelta(1))
    outcome = send(store, athlete_id, {**one, "date": day.isoformat(), "confirmed": True})
    assert outcome.taken == [one["id"]]
    assert len(rows_of(store, athlete_id, day)) == 1


def test_taps_of_another_runner_change_nothing(store, athlete_id, run_id):
    other = store.add_runner("Somebody Else").athlete_id
    before = store.version(athlete_id)
    narrowed = store.only_for(lambda: other)
    outcome = send(narrowed, other, tap("none"), tap("run", activity_id=run_id, perceived_exertion_0_10=2))
    assert len(outcome.refused) == 1
    assert store.version(athlete_id) == before
    assert len(rows_of(store, other)) == 1


def test_ten_phones_at_once_lose_nothing(store, athlete_id):
    def one_phone(number: int):
        day = TODAY - timedelta(number % 3)
        taps = [
            tap("answer", 6.0 + number / 60, day, name=f"phone-{number:02d}-{n}", note=f"{n}")
            for n in range(3)
        ]
        with open_store(store.home) as own:
            return deliveries.deliver(own, athlete_id, taps, NOW).taken

    with ThreadPoolExecutor(10) as pool:
        taken = [name for names in pool.map(one_phone, range(10)) for name in names]
    assert len(set(taken)) == 30
    _, stored = store.phone_entries(athlete_id)
    assert {one.entry_id for one in stored if one.kind == "answer"} == set(taken)
    assert all(len(rows_of(store, athlete_id, TODAY - timedelta(n))) == 1 for n in range(3))


DAYS = [TODAY - timedelta(n) for n in range(3)]
HOURS = st.integers(0, 95).map(lambda quarter: quarter / 4)
ONE_TAP = st.one_of(
    st.builds(
        morning, st.integers(1, 10), st.sampled_from(["<5", "5-15", ">30"]), HOURS, st.sampled_from(DAYS)
    ),
    st.builds(tap, st.sampled_from(["none", "same"]), HOURS, st.sampled_from(DAYS)),
    st.builds(
        lambda hour, day, value: tap("answer", hour, day, **value),
        HOURS,
        st.sampled_from(DAYS),
        st.sampled_from(
            [
                {"morning_pain_0_10": 3},
                {"morning_pain_0_10": None},
                {"side": "left"},
                {"side": "right"},
                {"note": "stairs"},
                {"pain_after_0_10": 5},
                {"warmed_up": True},
            ]
        ),
    ),
    st.builds(
        lambda hour, score: tap("run", hour, activity_id="run-1", perceived_exertion_0_10=score),
        HOURS,
        st.integers(0, 10),
    ),
    st.builds(
        lambda hour, reps: tap("sets", hour, exercise="heel raise", sets=2, repetitions=reps),
        HOURS,
        st.integers(0, 20),
    ),
)


def record_of(store, athlete_id) -> list[list[dict]]:
    # When a row was stored is no part of the diary: an answer that changes nothing leaves it as it was.
    return [
        store.read(one, athlete_id).drop("fetched_utc").sort("source_id").to_dicts()
        for one in (SYMPTOM, EDIT, STRENGTH)
    ]


@settings(
    max_examples=25,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data(), made=st.lists(ONE_TAP, min_size=1, max_size=8))
def test_any_order_doubling_and_delay_of_deliveries_gives_the_same_diary(
    data, made, store, athlete_id, run_id, tmp_path_factory
):
    undone = data.draw(st.sets(st.sampled_from(range(len(made))), max_size=2))
    made = [*made, *(tap("undo", 23.9, of=made[n]["id"]) for n in sorted(undone))]
    order = data.draw(st.permutations([*made, *data.draw(st.lists(st.sampled_from(made), max_size=4))]))
    cuts = data.draw(st.lists(st.integers(1, 5), min_size=len(order), max_size=len(order)))
    records = []
    for folder in ("at once", "in parts"):
        home = tmp_path_factory.mktemp(folder) / "home"
        shutil.copytree(store.home, home)
        with open_store(home) as opened:
            on_page(opened, athlete_id, SymptomEntry(DAYS[1], "left", morning_pain_0_10=6.0), AN_HOUR_AGO)
            if folder == "at once":
                send(opened, athlete_id, *made)
            else:
                left = list(order)
                for size in cuts:
                    send(opened, athlete_id, *left[:size])
                    left = left[size:]
            records.append(record_of(opened, athlete_id))
    assert records[1] == records[0]
