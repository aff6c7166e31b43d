from __future__ import annotations

from pathlib import Path

from dashboard.cohort.columns import COHORT_TABLES
from dashboard.cohort.dictionary import dictionary

PAGE = Path(__file__).resolve().parents[3] / "docs" / "cohort-columns.md"


def test_the_page_is_what_the_contracts_give():
    assert PAGE.read_text(encoding="utf-8") == dictionary(), (
        "write docs/cohort-columns.md anew: python -c "
        "'from dashboard.cohort.dictionary import dictionary; print(dictionary(), end=\"\")' > docs/cohort-columns.md"
    )


def test_every_column_of_every_table_has_a_row():
    text = dictionary()
    for table in COHORT_TABLES:
        part = text.partition(f"## {table.name}\n")[2].partition("\n## ")[0]
        assert [line.split("`")[1] for line in part.splitlines() if line.startswith("| `")] == list(
            table.columns
        )
