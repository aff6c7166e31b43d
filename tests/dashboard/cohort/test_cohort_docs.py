"""The page on cohorts tells the truth: its example runs, and what it names is there."""

from __future__ import annotations

import re
from pathlib import Path

from cohort_exports import TABLES, table

from connectors import __version__
from dashboard.cohort.columns import SCHEMA_VERSION
from dashboard.cohort.participants import FIELDS
from dashboard.model.settings import MODEL_VERSION

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "cohort.md").read_text(encoding="utf-8")


def test_the_example_reads_the_tables(cohort, monkeypatch):
    shown = re.search(r"<!-- example -->\n```python\n(.+?)```\n<!-- /example -->", PAGE, re.DOTALL)
    assert shown
    monkeypatch.chdir(cohort.folder.parent)
    names: dict = {}
    exec(shown.group(1), names)
    assert names["athletes"].height == 11
    days = table(cohort.folder, "days")
    assert names["shares"]["days"].sum() == days["in_window"].count()
    assert names["after"].columns == ["outpaced_before", "len"]
    assert names["logged"] == 0


def test_columns_of_the_list_and_the_columns_page_are_named():
    assert [name for name in FIELDS if f"| `{name}` |" not in PAGE] == []
    columns = (ROOT / "docs" / "cohort-columns.md").read_text(encoding="utf-8")
    assert [name for name in TABLES if f"## {name}\n" not in columns] == []


def test_the_citation_names_the_versions_that_are_in_the_manifest():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"version: {__version__}\n" in citation
    assert f'"tendon-load model, version {MODEL_VERSION}"' in citation
    assert f'"cohort tables, version {SCHEMA_VERSION}"' in citation
