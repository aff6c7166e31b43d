"""An activities.csv that somebody worked on: read by its headings or refused, never shifted."""

from __future__ import annotations

import csv
import io
import random
from datetime import UTC, datetime

import pytest
from export_writer import LANGUAGES, LONG_ERAS, Session, activities_csv

from connectors.errors import AmbiguousDates, SourceError
from connectors.strava.export.activities_csv import parse_activities
from connectors.strava.export.layout import WIDTHS

RUNS = [
    Session(
        16_000_000_000 + i,
        datetime(2026, 5, 4 + i * 3, 16, 3, tzinfo=UTC),
        distance_m=5_000.0 + i * 11,
        elapsed_s=1_800 + i * 7,
        moving_s=1_750 + i * 5,
        gear_name="GT",
        gear_id=77_777,
        file_name=f"activities/{i}.fit.gz",
        exertion=4,
    )
    for i in range(6)
]


def rows_of(language: str, era: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(activities_csv(RUNS, language, era))))


def written(rows: list[list[str]], keep: list[int]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([[row[i] for i in keep] for row in rows])
    return out.getvalue().encode()


def check(data: bytes, whole: dict[str, dict]) -> bool:
    """Whether it was read; what was read is what the whole table says, or unknown."""
    try:
        read = parse_activities(data).rows
    except SourceError:
        return False
    for row in read.iter_rows(named=True):
        for name, value in row.items():
            expected = whole[row["source_id"]][name]
            rounded = name == "distance_m" and value is not None and abs(value - expected) < 6
            assert value is None or rounded or value == expected, name
    return True


@pytest.mark.parametrize("era", sorted(LONG_ERAS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_column_is_read_as_another(language, era):
    rows = rows_of(language, era)
    whole = {
        one["source_id"]: one
        for one in parse_activities(written(rows, [*range(len(rows[0]))])).rows.to_dicts()
    }
    width, choose = len(rows[0]), random.Random(f"{language}{era}")
    subsets = [[j for j in range(width) if j != i] for i in range(width)]
    subsets += [
        sorted({0, 1, 3, *choose.sample(range(width), choose.randint(3, width - 2))}) for _ in range(12)
    ]
    read = [check(written(rows, keep), whole) for keep in subsets if len(keep) not in WIDTHS]
    assert any(read)


def test_what_a_person_keeps_of_an_english_table_is_read():
    rows = rows_of("en", "2026")
    wanted = ["Activity ID", "Activity Date", "Activity Type", "Elapsed Time", "Distance"]
    kept = parse_activities(written(rows, [rows[0].index(name) for name in wanted]))
    apart = [
        abs(metres - (one.distance_m or 0)) for metres, one in zip(kept.rows["distance_m"], RUNS, strict=True)
    ]
    assert max(apart) < 6
    assert kept.rows["elapsed_s"].to_list() == [float(one.elapsed_s or 0) for one in RUNS]
    assert any("Columns were taken out" in note.reason for note in kept.notes)


def test_without_its_ids_it_is_refused_with_the_reason():
    rows = rows_of("en", "2026")
    with pytest.raises(SourceError, match="it has no Activity ID"):
        parse_activities(written(rows, [*range(1, len(rows[0]))]))


def test_day_and_month_that_cannot_be_told_are_asked():
    text = activities_csv(RUNS[:1]).replace('"May 4, 2026, 4:03:00\u202fPM"', "5/4/2026 16:03")
    with pytest.raises(AmbiguousDates, match="5 April 2026 or 4 May 2026"):
        parse_activities(text.encode())
    assert parse_activities(text.encode(), day_first=False).rows["start_utc"][0].month == 5


def test_an_id_that_a_spreadsheet_rounded_is_told_and_one_with_zeros_behind_is_read():
    text = (
        activities_csv(RUNS[:2])
        .replace("\n16000000000,", '\n"1,60E+10",')
        .replace("\n16000000001,", "\n16000000001.0,")
    )
    parsed = parse_activities(text.encode())
    assert parsed.rows["source_id"].to_list() == ["16000000001"]
    assert "rounded the number" in parsed.skipped[0].reason
