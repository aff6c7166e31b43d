"""Recordings as people have them, after reports on other tools: each kind with its right value."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from connectors.frames import ACTIVITY
from connectors.ingest.pipeline import import_paths
from connectors.store import Store

REPORTS = Path(__file__).parents[2] / "reports"


def bring(store: Store, *paths: Path):
    return import_paths(store, store.runner(create=True).athlete_id, paths)


def rows(store: Store) -> list[dict]:
    return store.read(ACTIVITY, store.runner().athlete_id).sort("start_utc").rows(named=True)


def changed(path: Path, out: Path, *swaps: tuple[str, str]) -> Path:
    """A copy of a report's file in other words."""
    text = gzip.decompress(path.read_bytes()).decode()
    for pattern, new in swaps:
        text = re.sub(pattern, new, text)
    out.write_text(text)
    return out


@pytest.mark.parametrize(
    "name",
    [path.name for path in sorted((REPORTS / "odd_times").iterdir())],
    ids=lambda name: name.split(".")[0],
)
def test_odd_times_are_read(store, name):
    bring(store, REPORTS / "odd_times" / name)
    (row,) = rows(store)
    assert (row["distance_m"], row["moving_s"]) == pytest.approx((3_600, 1_200), rel=0.01)
    local = row["start_utc"] + timedelta(hours=2 if name.startswith("slashes") else 0)
    assert local == datetime(2026, 5, 4, 16, tzinfo=UTC), "slashes state no zone: they are Berlin's"


def test_times_that_cannot_be_read_are_named_as_such(store, tmp_path):
    odd = changed(
        REPORTS / "no_zone" / "a.gpx.gz", tmp_path / "a.gpx", ("<time>[^<]*<", "<time>half past ten<")
    )
    reason = bring(store, odd).skipped[0].reason
    assert "cannot be read" in reason
    assert "half past ten" in reason
    assert "without times" not in reason


def test_times_without_a_zone_are_local_where_the_place_says_which(store):
    result = bring(store, REPORTS / "no_zone" / "a.gpx.gz")
    (row,) = rows(store)
    assert row["local_date"] == date(2020, 6, 5)
    assert row["timezone"] == "Europe/Berlin"
    assert any("without a zone" in note.reason for note in result.notes)


def test_weeks_that_a_receiver_lost_are_given_back_where_the_file_says_so(store):
    result = bring(store, REPORTS / "week_rollover" / "A" / "old.gpx.gz")
    assert rows(store)[0]["start_utc"] == datetime(2026, 5, 4, 16, tzinfo=UTC)
    assert any("1024 weeks" in note.reason for note in result.notes)


@pytest.mark.parametrize(("name", "steps"), [("A.gpx.gz", 122.8), ("B.gpx.gz", 118), ("C.gpx.gz", 122.8),
                                             ("D.tcx.gz", 174), ("E.fit.gz", 122.8)])  # fmt: skip
def test_both_feet_are_counted_once(store, name, steps):
    bring(store, REPORTS / "walk_run_both_feet" / name)
    assert rows(store)[0]["cadence_spm"] == pytest.approx(steps, abs=0.1)


@pytest.mark.parametrize(
    "path", sorted((REPORTS / "words_for_running").iterdir()), ids=lambda path: path.name[:2]
)
def test_words_for_running_are_runs(store, path):
    result = bring(store, path)
    assert rows(store)[0]["sport"] in ("Run", "TrailRun", "VirtualRun")
    assert not result.unknown_sports


WORDS = [
    "Löpning",
    "ジョギング",
    "夜跑",
    "koşu",
    "juoksu",
    "Easy run",
    "Interval running",
    "hill_run",
    "beh",
    "bieg",
]


@pytest.mark.parametrize("word", WORDS)
def test_other_words_for_running_are_runs(store, tmp_path, word):
    bring(store, called(word, tmp_path))
    assert rows(store)[0]["sport"] == "Run"


def called(word: str, tmp_path: Path) -> Path:
    path = REPORTS / "words_for_running" / "00.gpx.gz"
    return changed(path, tmp_path / "a.gpx", ("<type>.*?</type>", f"<type>{word}</type>"))


def test_a_word_nobody_knows_is_decided_by_how_it_moves_aloud(store, tmp_path):
    result = bring(store, called("quxing", tmp_path))
    (row,) = rows(store)
    assert (row["sport"], row["cadence_spm"]) == ("Run", 170)
    assert result.unknown_sports == {"quxing": 1}
    assert any("quxing" in note.reason and "taken for one" in note.reason for note in result.notes)


def test_a_word_nobody_knows_that_rides_stays_beside_the_runs(store, tmp_path):
    path = REPORTS / "words_for_running" / "00.gpx.gz"
    start = datetime(2026, 5, 4, 16, tzinfo=UTC)
    points = "".join(
        f'<trkpt lat="52.5" lon="{13.4 + second * 9 / 67_700:.7f}"><time>{start + timedelta(seconds=second):%FT%TZ}'
        "</time></trkpt>"
        for second in range(600)
    )
    ride = changed(path, tmp_path / "a.gpx", ("<type>.*?</type>", "<type>quxing</type>"),
                   (r"<trkseg>[\s\S]*</trkseg>", f"<trkseg>{points}</trkseg>"))  # fmt: skip
    result = bring(store, ride)
    assert rows(store)[0]["sport"] == "quxing"
    assert result.unknown_sports == {"quxing": 1}


@pytest.mark.parametrize("name", ["A0.zip", "A9.zip", "A14.zip"])
def test_what_was_cropped_on_strava_has_the_recording_of_the_rest(store, name):
    result = bring(store, REPORTS / "car_at_the_end" / name)
    (row,) = rows(store)
    assert (row["distance_m"], row["sample_rows"]) == pytest.approx((5_000, 1_668), rel=0.01)
    assert any("cropped" in note.reason for note in result.notes) == (name != "A0.zip")


def test_a_run_still_to_come_is_refused_aloud(store, tmp_path):
    day = f"{date.today() + timedelta(days=365)}"
    ahead = changed(
        REPORTS / "no_zone" / "a.gpx.gz", tmp_path / "ahead.gpx", (r"\d{4}-\d\d-\d\dT", f"{day}T")
    )
    result = bring(store, ahead)
    assert rows(store) == []
    assert day in result.skipped[0].reason
    assert "still to come" in result.skipped[0].reason
