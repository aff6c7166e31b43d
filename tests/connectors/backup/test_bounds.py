"""What another program wrote into a backup is held against the bounds: refused by name, the rest brought in."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from backed_up_runner import fill
from backup_forger import forge, with_settings, with_table

from connectors.backup import backup, restore
from connectors.backup.bounds import MOST_TABLE_ROWS
from connectors.errors import UnreadableFile
from connectors.frames import ACTIVITY, EDIT, SYMPTOM
from connectors.store import Store, open_store

SYMPTOMS, RUNS, EDITS = (f"1/tables/{name}.parquet" for name in ("symptom", "activity", "edit"))


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("written")
    with open_store(folder / "home") as store:
        fill(store, "Robin")
        backup(store, folder / "b.zip")
    return folder / "b.zip"


@pytest.fixture
def other(tmp_path: Path) -> Store:
    with open_store(tmp_path / "other") as opened:
        yield opened


def _beside(rows: pl.DataFrame, **changed: pl.Expr) -> pl.DataFrame:
    """The rows, and the first of them once more with other values."""
    return pl.concat([rows, rows.head(1).with_columns(**changed)])


TOMORROW_ANYWHERE = (datetime.now(UTC) + timedelta(hours=14)).date() + timedelta(days=1)


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"date": pl.lit(date(9999, 12, 31))}, "date must be from 1970-01-01"),
        ({"date": pl.lit(date(1, 1, 1))}, "date must be from 1970-01-01"),
        ({"date": pl.lit(TOMORROW_ANYWHERE + timedelta(days=1))}, "date must be from 1970-01-01"),
        ({"morning_pain_0_10": pl.lit(float("inf"))}, "morning_pain_0_10 must be a finite number"),
        ({"morning_pain_0_10": pl.lit(99.0)}, "morning_pain_0_10 must be at most 10 0-10"),
        ({"fetched_utc": pl.lit(datetime(9999, 1, 1, tzinfo=UTC))}, "fetched_utc must be from 1970-01-01"),
    ],
)
def test_a_hostile_symptom_is_refused_by_its_bound_and_the_rest_comes_in(
    other, tmp_path, written, changed, rule
):
    def change(members):
        with_table(members, SYMPTOMS, lambda rows: _beside(rows, source_id=pl.lit("evil\x1b[2J"), **changed))

    [done] = restore(other, forge(written, tmp_path / "bad.zip", change))
    [sentence] = done.refused
    assert rule in sentence
    assert "evil" in sentence
    assert sentence.isprintable()
    me = done.runner.athlete_id
    assert other.read(SYMPTOM, me)["source_id"].to_list() == ["d"]
    assert (other.activities(me).height, done.recordings) == (1, 1)


def test_the_last_date_that_can_have_happened_comes_in(other, tmp_path, written):
    def change(members):
        with_table(members, SYMPTOMS, lambda rows: rows.with_columns(date=pl.lit(TOMORROW_ANYWHERE)))

    [done] = restore(other, forge(written, tmp_path / "b.zip", change))
    assert done.refused == ()
    assert other.read(SYMPTOM, done.runner.athlete_id)["date"].to_list() == [TOMORROW_ANYWHERE]


@pytest.mark.parametrize("value", ["inf", "nan", "-5.0", "1e9", "much"])
def test_an_edit_that_no_page_would_write_is_refused(other, tmp_path, written, value):
    def change(members):
        with_table(
            members,
            EDITS,
            lambda rows: _beside(
                rows,
                source_id=pl.lit("bad"),
                record=pl.lit("activity"),
                field=pl.lit("distance_m"),
                value=pl.lit(value),
            ),
        )

    [done] = restore(other, forge(written, tmp_path / "bad.zip", change))
    [sentence] = done.refused
    assert sentence.startswith("edit bad: distance_m ")
    assert "bad" not in other.read(EDIT, done.runner.athlete_id)["source_id"].to_list()


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"speed_mps": pl.lit(float("inf"), pl.Float32)}, "speed_mps must be a finite number"),
        ({"second": pl.col("second") + 100_000_000}, "second must be at most 1e+07"),
        ({"second": pl.col("second").reverse()}, "its seconds are out of order"),
    ],
)
def test_a_hostile_recording_is_left_out_and_its_run_stays(other, tmp_path, written, changed, rule):
    def change(members):
        with_table(
            members, next(n for n in members if "/samples/" in n), lambda rows: rows.with_columns(**changed)
        )

    [done] = restore(other, forge(written, tmp_path / "bad.zip", change))
    [sentence] = done.refused
    assert rule in sentence
    me = done.runner.athlete_id
    assert (done.recordings, list(other.samples.files())) == (0, [])
    # A row that claims samples which are not there would be damage for `doctor`.
    assert other.read(ACTIVITY, me)["sample_rows"].to_list() == [None, None]
    assert other.check() == []


def test_a_table_that_unpacks_without_end_is_refused_unread(other, tmp_path, written):
    def change(members):
        with_table(
            members,
            RUNS,
            lambda rows: pl.DataFrame(
                {"athlete_id": pl.repeat(1, MOST_TABLE_ROWS + 1, dtype=pl.Int8, eager=True)}
            ),
        )

    with pytest.raises(UnreadableFile, match="has more than 5,000,000 rows"):
        restore(other, forge(written, tmp_path / "bad.zip", change))
    assert other.runners() == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("cadence_experiment_target_pct", "900"),
        ("cadence_experiment_start", "9999-01-01"),
        ("drop_change_mm", "nan"),
        ("lifting_weights", "stone"),
    ],
)
def test_a_setting_out_of_its_limits_is_refused_by_name(other, tmp_path, written, name, text):
    def change(members):
        with_settings(members, "1/words.json", **{name: text})

    [done] = restore(other, forge(written, tmp_path / "bad.zip", change))
    [sentence] = done.refused
    assert sentence.startswith(f"setting: {name} ")
    assert other.settings(done.runner.athlete_id)["distance_unit"] == "mi"
    assert name not in other.settings(done.runner.athlete_id)


def test_progress_names_stage_and_count_and_a_stop_leaves_nothing(other, tmp_path, written):
    class StopPressed(BaseException):
        pass

    steps = []

    def stop_at_recordings(done: int, total: int, step: str) -> None:
        steps.append((done, total, step))
        if step == "recordings":
            raise StopPressed

    with pytest.raises(StopPressed):
        restore(other, written, progress=stop_at_recordings)
    assert steps[0][2] == "checking the file"
    assert steps[-1] == (1, 1, "recordings")
    assert (other.runners(), list(other.samples.files())) == ([], [])
    assert not [path for path in (tmp_path / "other").rglob("*") if path.name.startswith(".restore")]


def test_a_bent_recording_never_ends_the_program(other, tmp_path, written):
    for at in range(40, 400, 45):

        def change(members, at=at):
            name = next(n for n in members if "/samples/" in n)
            content = bytearray(members[name].replace(b"heelwise.digest", b"somebody.else.s"))
            content = bytearray(bytes(content).replace(b"b2:", b"b3:"))
            content[at] ^= 0xFF
            members[name] = bytes(content)

        with suppress(UnreadableFile):  # or it is read, where the byte says nothing
            restore(other, forge(written, tmp_path / "bent.zip", change))


def test_a_backup_names_stage_and_count_and_a_stop_leaves_nothing(store, tmp_path):
    class StopPressed(BaseException):
        pass

    steps = []

    def stop(done: int, total: int, step: str) -> None:
        steps.append((done, total, step))
        raise StopPressed

    fill(store, "Robin")
    with pytest.raises(StopPressed):
        backup(store, tmp_path / "b.zip", progress=stop)
    assert steps == [(1, 1, "recordings of runner 1 of 1")]
    assert list(tmp_path.glob("*.zip")) + list(tmp_path.glob(".*.part")) == []
