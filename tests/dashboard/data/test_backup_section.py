"""A backup made on a page: short ones at one press, long ones with their stage first."""

from __future__ import annotations

import polars as pl
import pytest

from connectors.backup import restore
from connectors.source import stable_id
from connectors.store import open_store
from dashboard.data.backup_section import MOST_AT_ONCE


def buttons(page) -> list[str]:
    return [one.proto.label for one in page.get("download_button") if "backup" in one.proto.label]


@pytest.fixture
def recorded(store, athlete_id):
    """The store with more recordings than are packed at one press."""
    first = stable_id(athlete_id, "file", "first")
    store.samples.write(athlete_id, first, pl.DataFrame({"second": range(60)}))
    there = store.samples.path(athlete_id, first)
    for number in range(MOST_AT_ONCE):
        path = store.samples.path(athlete_id, stable_id(athlete_id, "file", f"more {number}"))
        path.parent.mkdir(exist_ok=True)
        path.hardlink_to(there)
    return store


def test_a_short_backup_is_one_press(store, open_page):
    page = open_page("settings")
    assert buttons(page) == ["Save a backup"]
    assert not [one for one in page.button if one.key == "prepare_backup"]


def test_a_long_backup_is_prepared_and_then_saved(recorded, open_page):
    page = open_page("settings")
    assert buttons(page) == []
    page.button(key="prepare_backup").click().run()
    assert not page.exception
    assert buttons(page) == ["Save the backup"]
    page.checkbox(key="backup_without_titles").check().run()
    assert buttons(page) == [], "what was prepared is not what is asked for now"
    page.checkbox(key="backup_without_titles").uncheck().run()
    assert buttons(page) == ["Save the backup"]


def test_what_is_prepared_is_a_whole_backup(recorded, open_page, tmp_path):
    page = open_page("settings")
    page.button(key="prepare_backup").click().run()
    _, content = page.session_state["prepared_backup"]
    (tmp_path / "b.zip").write_bytes(content)
    with open_store(tmp_path / "elsewhere") as other:
        (done,) = restore(other, tmp_path / "b.zip")
        assert done.new
    assert not list(recorded.home.glob("upload-*")), "no copy of the record lies about"
