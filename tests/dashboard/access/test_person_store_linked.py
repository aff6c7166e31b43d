"""What came by a link is the runner's alone: for everybody else the whole analysis is computed without it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from clinic_builders import add_person, signed_in

from connectors.errors import NotAllowed
from connectors.frames import ACTIVITY, EDIT, SHOE
from connectors.source import SOURCES, stable_id
from connectors.store.left_out import LeftOutRuns
from dashboard.access.narrow_store import narrow
from dashboard.access.person_store import BOUND
from dashboard.report.build import render_report
from dashboard.shared.left_out_text import LEFT_OUT, WITHHELD, left_out_in_words
from dashboard.shared.pipeline import analysis_of, explanation_of

TODAY = datetime.now(UTC).date()


@pytest.fixture
def shared(store, athlete_id):
    """A runner with sixty runs of files, made theirs, and shared with a therapist."""
    nora, tess = add_person(store, "Nora"), add_person(store, "Tess", is_therapist=True)
    with store._database.writing() as connection:
        from connectors.store.grants import add_right

        add_right(connection, athlete_id, nora, "own", nora, datetime.now(UTC))
    store.grants.give(athlete_id, tess, "write", TODAY + timedelta(days=30), nora)
    return store, athlete_id, narrow(store, signed_in(nora)), narrow(store, signed_in(tess))


def link_rows(store, athlete_id, days: list[date], source: str = "strava_api") -> pl.DataFrame:
    row = store.read(ACTIVITY, athlete_id).row(-1, named=True)
    rows = [
        row
        | {
            "activity_id": stable_id(athlete_id, source, f"link-{day}"),
            "source": source,
            "source_id": f"link-{day}",
            "local_date": day,
            "start_utc": row["start_utc"] + (day - row["local_date"]),
            "distance_m": 12_345.0,
            "name": "A street of mine",
        }
        for day in days
    ]
    return pl.DataFrame(rows, schema=ACTIVITY.schema)


def dates_of(store, athlete_id) -> list[date]:
    return sorted(store.read(ACTIVITY, athlete_id)["local_date"].unique().to_list())


def test_links_that_bind_are_strava_and_garmin():
    assert set(BOUND) == {"strava_api", "garmin_api"}
    assert {one.id for one in SOURCES if one.is_link} - set(BOUND) == {"intervals_api"}


@pytest.mark.parametrize("source", BOUND)
def test_the_runner_has_all_and_everybody_else_what_it_would_be_without(shared, source):
    store, athlete_id, own, other = shared
    without = analysis_of(store, athlete_id)
    days = [day + timedelta(days=1) for day in dates_of(store, athlete_id)[10:16]]
    store.write(ACTIVITY, link_rows(store, athlete_id, days, source))
    with_all = analysis_of(store, athlete_id)
    assert analysis_of(own, athlete_id).runs.equals(with_all.runs)
    seen = analysis_of(other, athlete_id)
    assert seen.runs.equals(without.runs)
    assert seen.days.equals(without.days)
    assert not seen.runs.equals(with_all.runs)
    assert set(other.read(ACTIVITY, athlete_id)["source"]) == {"file"}
    assert source not in other.session_counts(athlete_id)
    assert own.session_counts(athlete_id)[source] == 6


def test_recordings_edits_and_matches_of_a_link_are_hidden_with_it(shared):
    store, athlete_id, own, other = shared
    rows = link_rows(store, athlete_id, [dates_of(store, athlete_id)[-1]])
    store.write(ACTIVITY, rows)
    linked, of_file = rows["activity_id"][0], store.read(ACTIVITY, athlete_id)["activity_id"][0]
    store.decide_matches(athlete_id, [(linked, of_file, True, "person")])
    with pytest.raises(NotAllowed):
        other.samples.scan(athlete_id, [of_file, linked])
    assert not other.samples.exists(athlete_id, linked)
    assert other.matches(athlete_id).is_empty()
    assert own.matches(athlete_id).height == 1
    assert other.read(EDIT, athlete_id).filter(pl.col("record_id") == linked).is_empty()


def test_nobody_else_writes_or_deletes_rows_of_a_link(shared):
    store, athlete_id, _, other = shared
    rows = link_rows(store, athlete_id, [dates_of(store, athlete_id)[-1]])
    store.write(ACTIVITY, rows)
    before = store.version(athlete_id)
    for act in (
        lambda: other.write(ACTIVITY, rows),
        lambda: other.write_many([(SHOE, SHOE.empty()), (ACTIVITY, rows)]),
        lambda: other.delete(ACTIVITY, athlete_id, "strava_api", rows["source_id"].to_list()),
        lambda: other.replace(ACTIVITY, athlete_id, ACTIVITY.empty(), [("garmin_api", "1")]),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert store.version(athlete_id) == before


def recent(store, athlete_id, count: int) -> None:
    """Move the runs of files to the last weeks, and add some of a link among them."""
    files = store.read(ACTIVITY, athlete_id)
    shift = TODAY - files["local_date"].max()
    moved = files.with_columns(pl.col("local_date") + shift, pl.col("start_utc") + shift)
    store.write(ACTIVITY, moved)
    days = [TODAY - timedelta(days=2 * number) for number in range(count)]
    if days:
        rows = link_rows(store, athlete_id, days)
        # By another hour, so that no run of a link is taken for one of a file.
        store.write(ACTIVITY, rows.with_columns(pl.col("start_utc") + timedelta(hours=5)))


def test_up_to_a_fifth_it_is_said_and_above_it_ratios_are_withheld(shared):
    store, athlete_id, own, other = shared
    recent(store, athlete_id, 3)
    few = other.left_out(athlete_id, TODAY)
    assert few.missing == 3
    assert not few.withholds_ratios
    assert not analysis_of(other, athlete_id).is_withheld
    recent(store, athlete_id, 30)
    many = other.left_out(athlete_id, TODAY)
    assert many.withholds_ratios
    seen = analysis_of(other, athlete_id)
    assert seen.is_withheld
    assert seen.windows.is_empty()
    assert seen.spikes.is_empty()
    assert seen.days["ratio"].null_count() == seen.days["load_tkm"].null_count() == seen.days.height
    explained = explanation_of(other, athlete_id, seen)
    assert explained.step_ups.rows.is_empty()
    assert "link that only the runner may see" in explained.linkage.why
    assert not analysis_of(own, athlete_id).is_withheld
    assert own.left_out(athlete_id, TODAY) == LeftOutRuns()


@pytest.mark.parametrize(
    ("missing", "total", "is_withheld"), [(2, 10, False), (21, 100, True), (0, 0, False)]
)
def test_a_fifth_is_the_bound(missing, total, is_withheld):
    assert LeftOutRuns(5, 50, missing, total).withholds_ratios == is_withheld


def test_the_sentence_names_both_numbers():
    assert left_out_in_words(LeftOutRuns(63, 210, 1, 30)) == (
        "63 of 210 runs came by a link that only the runner may see; load below is too low by these."
    )
    assert left_out_in_words(LeftOutRuns(63, 210, 10, 30)) == (
        f"{LEFT_OUT.format(missing=63, total='210 runs')} {WITHHELD}"
    )
    assert left_out_in_words(LeftOutRuns(0, 210)) is None


@pytest.mark.parametrize("form", ["text", "json", "html"])
def test_a_report_for_somebody_else_says_it_and_holds_nothing_of_a_link(shared, form):
    store, athlete_id, own, other = shared
    recent(store, athlete_id, 30)
    runner = other.runners()[0]
    written = render_report(form, other, runner).decode()
    assert "came by a link that only the runner may see" in written
    assert "A street of mine" not in written
    assert "12.3" not in written
    assert "came by a link that only" not in render_report(form, own, own.runners()[0]).decode()
