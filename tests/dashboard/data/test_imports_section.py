"""The Data page: what an import brought, the question of a held one, taking back, backups, the watched folder."""

from __future__ import annotations

import io
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from export_writer import Session, write_export
from fit_writer import fit_run

from connectors.backup import backup
from connectors.frames import ACTIVITY
from connectors.store import Store, open_store
from dashboard.commands.import_ import follow_progress
from dashboard.shared import jobs, recordings_fill, watched_folders

START = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)


def export(path: Path, first_id: int, count: int = 3, start: datetime = START) -> Path:
    return write_export(path, [Session(first_id + n, start + timedelta(days=n)) for n in range(count)])


@pytest.fixture
def robin(home) -> Store:
    opened = open_store(home)
    opened.add_runner("Robin")
    return opened


def bring(store: Store, *paths: Path):
    return follow_progress(store, 1, paths, lambda done, total, message: None)


def button(app, label: str):
    [found] = [one for one in app.button if one.label == label]
    return found


def wait(home: Path) -> None:
    until = time.monotonic() + 120
    while jobs.running_job(home, 1) and time.monotonic() < until:
        time.sleep(0.1)
    assert not jobs.running_job(home, 1)


def test_the_last_import_says_whose_it_is_and_is_taken_back_with_one_press(robin, tmp_path, open_page):
    bring(robin, export(tmp_path / "export_11111.zip", 1))
    app = open_page("data")
    said = "\n".join(one.value for one in app.markdown)
    assert "Import 1 for Robin, 1 to 3 Mar 2026." in said
    assert "3 sessions: 3 new." in said
    button(app, "Take this import back").click().run()
    assert not app.exception
    assert robin.read(ACTIVITY, 1).is_empty()
    assert "Removed: 3 sessions." in [one.value for one in app.success]
    assert not [one for one in app.button if one.label.startswith("Take")]


def test_every_import_of_the_list_can_be_taken_back(robin, tmp_path, open_page):
    bring(robin, export(tmp_path / "export_11111.zip", 1))
    bring(robin, export(tmp_path / "export_11111_b.zip", 1, 5))
    app = open_page("data")
    assert [one.label for one in app.expander if one.label.startswith("All imports")] == ["All imports (2)"]
    app.button(key="take_back_2").click().run()
    assert robin.read(ACTIVITY, 1).height == 3
    assert robin.imports(1)[0].taken_back_s is not None


def test_a_held_import_asks_with_the_runner_named_and_goes_on_at_a_press(robin, home, tmp_path, open_page):
    bring(robin, export(tmp_path / "export_11111.zip", 1))
    other = export(tmp_path / "export_22222.zip", 500, start=START + timedelta(days=90))
    folder = jobs.save_uploads([("export_22222.zip", io.BytesIO(other.read_bytes()))], home, 1)
    jobs.begin_job(home, "Robin", 1, [folder / "export_22222.zip"], folder)
    wait(home)
    app = open_page("data")
    [warning] = [one.value for one in app.warning]
    assert "22222" in warning
    assert "Robin" in warning
    assert "Nothing was brought in" in warning
    assert folder.exists(), "its files wait for the answer"
    button(app, "They are Robin's: bring them in").click().run()
    wait(home)
    assert robin.read(ACTIVITY, 1).height == 6
    assert not folder.exists()


def test_a_held_import_of_somebody_else_is_dropped(robin, home, tmp_path, open_page):
    bring(robin, export(tmp_path / "export_11111.zip", 1))
    other = export(tmp_path / "export_22222.zip", 500)
    folder = jobs.save_uploads([("export_22222.zip", io.BytesIO(other.read_bytes()))], home, 1)
    jobs.begin_job(home, "Robin", 1, [folder / "export_22222.zip"], folder)
    wait(home)
    app = open_page("data")
    button(app, "They are somebody else's").click().run()
    assert not app.exception
    assert not app.warning
    assert not folder.exists()
    assert robin.read(ACTIVITY, 1).height == 3


def test_files_of_an_import_that_failed_do_not_stay(robin, home, tmp_path, open_page):
    (tmp_path / "x.fit").write_bytes(b"no recording")
    folder = jobs.save_uploads([("x.fit", io.BytesIO(b"no recording"))], home, 1)
    jobs.begin_job(home, "Robin", 1, [folder / "x.fit"], folder)
    wait(home)
    app = open_page("data")
    assert any("Nothing came in" in one.value for one in app.error)
    assert not folder.exists()


def test_a_backup_given_as_a_path_is_offered_for_restoring(robin, tmp_path, open_page):
    bring(robin, export(tmp_path / "export_11111.zip", 1))
    backup(robin, tmp_path / "b.zip")
    robin.delete_runner(1)
    robin.add_runner("Ana")
    app = open_page("data")
    app.text_input(key="path_text_0").set_value(str(tmp_path / "b.zip"))
    app.button(key="import_path_0").click().run()
    assert any("This is a Heelwise backup: restore it" in one.value for one in app.info)
    assert [one.name for one in robin.runners()] == ["Ana"]
    app.button(key="restore_offered").click().run()
    assert not app.exception
    assert {one.name for one in robin.runners()} == {"Ana", "Robin"}
    assert not [one for one in app.button if one.key == "restore_offered"]


def test_a_folder_to_watch_is_chosen_and_given_up(robin, home, tmp_path, open_page):
    (tmp_path / "in").mkdir()
    app = open_page("data")
    app.text_input(key="watch_folder_text").set_value(str(tmp_path / "away"))
    app.button(key="watch_folder_begin").click().run()
    assert any("no folder of that name" in one.value for one in app.warning)
    app.text_input(key="watch_folder_text").set_value(str(home.parent))
    app.button(key="watch_folder_begin").click().run()
    assert any("own data" in one.value for one in app.warning)
    app.text_input(key="watch_folder_text").set_value(str(tmp_path / "in"))
    app.button(key="watch_folder_begin").click().run()
    assert watched_folders.watched_folder(robin, 1) == tmp_path / "in"
    assert any("Watching" in one.value for one in app.markdown)
    app.button(key="unwatch").click().run()
    assert watched_folders.watched_folder(robin, 1) is None


def test_a_file_that_cannot_be_read_says_why_in_red_and_leaves_no_runner(home, tmp_path, open_page):
    bad = tmp_path / "export.zip"
    bad.write_bytes(b"PK\x03\x04 and then nothing")
    with open_store(home) as opened:
        demo = opened.add_runner("Demo runner (made up)", is_demo=True)
    app = open_page("data")
    app.text_input(key="path_text_0").set_value(str(bad))
    app.button(key="import_path_0").click().run()
    (begun,) = [one for one in open_store(home).runners() if not one.is_demo]
    until = time.monotonic() + 120
    while jobs.running_job(home, begun.athlete_id) and time.monotonic() < until:
        time.sleep(0.1)
    app.run()
    assert not app.exception
    assert app.error[0].value.startswith("Nothing came in. export.zip: ")
    assert [one.athlete_id for one in open_store(home).runners()] == [demo.athlete_id]


def test_a_runner_added_by_hand_stays_when_a_file_cannot_be_read(robin, tmp_path, open_page):
    bad = tmp_path / "export.zip"
    bad.write_bytes(b"PK\x03\x04 and then nothing")
    bring(robin, bad)
    app = open_page("data")
    assert app.error[0].value.startswith("Nothing came in. export.zip: ")
    assert [one.name for one in robin.runners()] == ["Robin"]


def test_an_import_is_taken_back_while_its_recordings_are_read(robin, home, tmp_path, open_page):
    recording = fit_run(start=START, seconds=1_800, place=(52.37, 4.9))
    runs = [
        Session(
            n + 1,
            START - timedelta(days=2 * n),
            file_name=f"activities/{n}.fit.gz",
            recording=recording + n.to_bytes(4, "little"),
        )
        for n in range(400)
    ]
    whole = write_export(tmp_path / "export.zip", runs).read_bytes()
    folder = jobs.save_uploads([("export.zip", io.BytesIO(whole))], home, 1)
    jobs.begin_job(home, "Robin", 1, [folder / "export.zip"], folder)
    until = time.monotonic() + 120
    while recordings_fill.fill_under_way(robin, 1) is None:
        assert jobs.running_job(home, 1)
        assert time.monotonic() < until
        time.sleep(0.02)
    app = open_page("data")
    assert robin.read(ACTIVITY, 1).height == 400
    button(app, "Stop, and take this import back").click().run()
    assert not app.exception
    assert not jobs.running_job(home, 1)
    assert recordings_fill.fill_under_way(robin, 1) is None
    assert robin.read(ACTIVITY, 1).is_empty()
    assert robin.imports(1)[0].taken_back_s is not None
    assert not folder.exists()
    assert any("400 sessions" in one.value for one in app.success)
    bring(robin, export(tmp_path / "export_11111.zip", 1))
    assert robin.read(ACTIVITY, 1).height == 3
