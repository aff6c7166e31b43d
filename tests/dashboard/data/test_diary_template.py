"""The diary to fill in: every column of it is one the import reads, and a filled one comes in whole."""

from __future__ import annotations

import csv
import io
from datetime import date

from connectors.frames import SYMPTOM
from connectors.ingest.pipeline import import_paths
from dashboard.data.diary_template import COLUMNS, EXPLAINED, diary_template


def test_a_filled_template_comes_in_whole(store, runner, tmp_path):
    header = diary_template().decode("utf-8-sig").splitlines()[0].split(",")
    filled = io.StringIO()
    writer = csv.DictWriter(filled, header)
    writer.writeheader()
    writer.writerow(
        {
            "date": "2026-03-09", "side": "left", "site": "midportion", "morning_stiffness_min": "10",
            "morning_pain": "2", "pain_during": "1", "pain_after": "3", "note": "hills",
        }
    )  # fmt: skip
    file = tmp_path / "diary.csv"
    file.write_text(filled.getvalue(), "utf-8-sig")
    result = import_paths(store, runner.athlete_id, [file])
    assert result.skipped == []
    assert result.notes == []
    (row,) = store.read(SYMPTOM, runner.athlete_id).filter(date=date(2026, 3, 9)).to_dicts()
    assert (row["side"], row["site"], row["note"]) == ("left", "midportion", "hills")
    assert [row[name] for name in ("morning_stiffness_min", "morning_pain_0_10")] == [10, 2]
    assert [row[name] for name in ("pain_during_0_10", "pain_after_0_10")] == [1, 3]


def test_the_words_name_the_columns_that_need_them():
    for name in set(COLUMNS) - {"morning_pain", "pain_during", "pain_after", "note"}:
        assert name in EXPLAINED


def test_the_page_offers_it(open_page, store, athlete_id):
    labels = [one.proto.label for one in open_page("data").get("download_button")]
    assert "Download a template" in labels
