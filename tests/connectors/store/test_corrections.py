"""Several records of one run."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from connectors.errors import ContractError
from connectors.frames import ACTIVITY, SESSION_EXTRA
from connectors.store import Store, open_store

pytestmark = pytest.mark.usefixtures("runner")

START = datetime(2026, 5, 1, 6, tzinfo=UTC)


def record(
    activity_id: str, source: str, sample_rows: int | None = None, **columns: object
) -> dict[str, object]:
    return {
        "activity_id": activity_id,
        "athlete_id": 1,
        "source": source,
        "source_id": activity_id,
        "fetched_utc": START,
        "start_utc": START,
        "local_date": date(2026, 5, 1),
        "sport": "Run",
        "sample_rows": sample_rows,
        **columns,
    }


def keep(store: Store, *rows: dict[str, object]) -> None:
    store.write(ACTIVITY, pl.DataFrame(list(rows), schema_overrides=dict(ACTIVITY.schema)))


def same(*pairs: tuple[str, str], by: str = "rule") -> list[tuple[str, str, bool, str]]:
    return [(one, other, True, by) for one, other in pairs]


def ids(store: Store) -> list[tuple[str, str | None]]:
    return list(store.activities(1).select("activity_id", "samples_id").iter_rows())


def test_without_matches_each_record_is_a_session(store: Store):
    keep(store, record("aa", "file", 9), record("bb", "strava_export", 0), record("cc", "manual"))
    rows = store.activities(1)
    assert rows.columns == [*ACTIVITY.columns, "samples_id", *SESSION_EXTRA, "edited"]
    assert sorted(ids(store)) == [("aa", "aa"), ("bb", None), ("cc", None)]


def test_first_source_names_the_run_and_the_recording_gives_the_samples(store: Store):
    keep(
        store,
        record("api", "strava_api", 1_000, name="Edited", ascent_m=None, cadence_spm=160.0, timezone=None),
        record("fit", "file", 1_000, name="Raw", ascent_m=55.0, cadence_spm=172.0, timezone="Europe/Paris"),
    )
    store.decide_matches(1, same(("fit", "api")))
    [run] = store.activities(1).to_dicts()
    assert (run["activity_id"], run["name"], run["samples_id"]) == ("api", "Edited", "fit")
    assert (run["ascent_m"], run["cadence_spm"], run["timezone"]) == (55.0, 160.0, "Europe/Paris")


@pytest.mark.parametrize(("api_rows", "chosen"), [(1_050, "fit"), (1_200, "api"), (None, "fit"), (0, "fit")])
def test_a_recording_wins_unless_clearly_shorter(store: Store, api_rows: int | None, chosen: str):
    keep(store, record("api", "strava_api", api_rows), record("fit", "file", 1_000))
    store.decide_matches(1, same(("api", "fit")))
    [run] = store.activities(1).to_dicts()
    assert run["samples_id"] == chosen
    assert run["sample_rows"] == (api_rows if chosen == "api" else 1_000)


def test_links_reach_through_and_their_order_does_not_matter(tmp_path: Path):
    links = [("a1", "b2"), ("c3", "b2"), ("c3", "d4")]
    seen = []
    for number, order in enumerate(permutations(links)):
        store = open_store(tmp_path / str(number))
        store.runner(create=True)
        sources = ("manual", "file", "strava_export", "strava_api")
        keep(store, *(record(i, s, 10) for i, s in zip(("a1", "b2", "c3", "d4"), sources, strict=True)))
        for one, other in order:
            store.decide_matches(1, same((other, one)))
        seen.append(store.activities(1))
        assert ids(store) == [("d4", "c3")]
        store.close()
    for other in seen[1:]:
        assert_frame_equal(seen[0], other)


def test_a_persons_no_holds_also_by_way_of_a_third(store: Store):
    keep(
        store,
        *(
            record(i, "file", 5, start_utc=START + timedelta(seconds=n))
            for n, i in enumerate(["a1", "b2", "c3"])
        ),
    )
    store.decide_matches(1, same(("a1", "b2"), ("b2", "c3"), ("a1", "c3")))
    assert len(ids(store)) == 1
    store.decide_matches(1, [("c3", "a1", False, "person")])
    assert [i for i, _ in ids(store)] == ["a1", "c3"]


def test_the_rule_never_overwrites_a_person(store: Store):
    keep(store, record("a1", "file", 5), record("b2", "strava_export", 5))
    store.decide_matches(1, same(("a1", "b2")))
    store.decide_matches(1, [("b2", "a1", False, "person")])
    version = store.version(1, ACTIVITY)
    store.decide_matches(1, same(("a1", "b2")))
    assert store.version(1, ACTIVITY) == version
    assert len(ids(store)) == 2
    [row] = store.matches(1).to_dicts()
    assert (row["activity_id"], row["same_as"], row["decided_by"], row["is_same"]) == (
        "a1",
        "b2",
        "person",
        False,
    )
    store.decide_matches(1, same(("a1", "b2"), by="person"))
    assert len(ids(store)) == 1
    assert store.version(1, ACTIVITY) == version + 1


def test_within_one_call_too(store: Store):
    store.decide_matches(1, [("a1", "b2", False, "person"), ("b2", "a1", True, "rule")])
    assert store.matches(1)["is_same"].to_list() == [False]


def test_a_match_with_what_is_gone_is_passed_over(store: Store):
    keep(store, record("a1", "file", 5), record("b2", "strava_export", 5))
    store.decide_matches(1, same(("a1", "b2"), ("a1", "zz")))
    store.delete(ACTIVITY, 1, "strava_export", ["b2"])
    assert ids(store) == [("a1", "a1")]


@pytest.mark.parametrize("row", [("a1", "a1", True, "rule"), ("a1", "b2", True, "nobody")])
def test_a_match_of_one_or_by_nobody_is_refused(store: Store, row):
    with pytest.raises(ContractError, match="Nothing was stored"):
        store.decide_matches(1, [("x1", "y2", True, "rule"), row])
    assert store.matches(1).is_empty()


def test_deleted_activities_take_their_samples_along(store: Store):
    keep(store, record("a1", "file", 2), record("b2", "file", 2))
    for i in ("a1", "b2"):
        store.samples.write(1, i, pl.DataFrame({"second": [0, 1]}))
    assert store.delete(ACTIVITY, 1, "file", ["a1"]) == 1
    assert (store.samples.exists(1, "a1"), store.samples.exists(1, "b2")) == (False, True)


def test_a_store_read_without_a_source_knows_nothing_of_it(store: Store):
    keep(store, record("aa", "strava_api", 9), record("bb", "file", 7), record("cc", "strava_api"))
    store.decide_matches(1, same(("aa", "bb")))
    part = store.without("strava_api")
    assert ids(part) == [("bb", "bb")]
    assert part.read(ACTIVITY, 1)["activity_id"].to_list() == ["bb"]
    assert ids(store) == [("aa", "aa"), ("cc", None)]
    assert ids(store.without()) == ids(store)


def test_a_record_that_is_left_out_still_joins_two_others(store: Store):
    keep(store, record("aa", "strava_api"), record("bb", "file", 7), record("cc", "strava_export", 0))
    store.decide_matches(1, same(("aa", "bb"), ("aa", "cc")))
    assert ids(store.without("strava_api")) == [("cc", "bb")]


def test_what_is_written_to_a_part_is_in_the_whole(store: Store):
    keep(store.without("strava_api"), record("aa", "strava_api"))
    assert ids(store) == [("aa", None)]
