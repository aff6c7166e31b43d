"""The folder of the Data page: watched while the dashboard runs, and not carried to another machine."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from fit_writer import fit_run
from role_rig import lock_rows

from connectors.backup import backup, restore
from connectors.errors import HeelwiseError
from connectors.frames import ACTIVITY
from connectors.store import open_store
from connectors.store.row_security import APP, JOBS
from connectors.store.token_vault import open_vault
from dashboard.data import forget
from dashboard.shared import watched_folders

START = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)


class Ended(BaseException):
    """Ends the loop of a test."""


def test_what_is_put_there_comes_in_until_it_is_given_up(home, tmp_path):
    store = open_store(home)
    store.add_runner("Robin")
    folder = tmp_path / "in"
    folder.mkdir()
    watched_folders.choose_folder(store, 1, str(folder))
    end = threading.Event()

    def wait(_seconds: float) -> None:
        time.sleep(0.2)
        if end.is_set():
            raise Ended

    def keep() -> None:
        with pytest.raises(Ended):
            watched_folders.keep_watching(home, wait)

    thread = threading.Thread(target=keep, daemon=True)
    thread.start()
    (folder / "a.fit").write_bytes(fit_run(start=START, seconds=60))
    until = time.monotonic() + 60
    while store.read(ACTIVITY, 1).is_empty() and time.monotonic() < until:
        time.sleep(0.2)
    assert store.read(ACTIVITY, 1).height == 1
    watched_folders.forget_folder(store, 1)
    time.sleep(3)
    (folder / "b.fit").write_bytes(fit_run(start=START + timedelta(days=1), seconds=60))
    time.sleep(4)
    assert store.read(ACTIVITY, 1).height == 1
    end.set()
    thread.join(10)


def test_what_is_chosen_let_go_of_or_forgotten_here_is_looked_at_at_once(home, tmp_path):
    store = open_store(home)
    runner = store.add_runner("Robin")
    folder = tmp_path / "in"
    folder.mkdir()
    for act in (
        lambda: watched_folders.choose_folder(store, 1, str(folder)),
        lambda: watched_folders.forget_folder(store, 1),
        lambda: forget.forget(store, open_vault(home), [runner]),
    ):
        watched_folders.wait_for_choice(0.0)  # takes up what was done before
        began = time.monotonic()
        act()
        watched_folders.wait_for_choice(60.0)
        assert time.monotonic() - began < 30
        watched_folders.wait_for_choice(0.01)


def test_nothing_is_imported_for_one_who_is_gone(home, tmp_path):
    store = open_store(home)
    runner = store.add_runner("Robin")
    bring_in = watched_folders._importer(store, runner)
    store.delete_runner(runner.athlete_id)
    (tmp_path / "a.fit").write_bytes(fit_run(start=START, seconds=60))
    assert bring_in([tmp_path / "a.fit"]) is False
    assert store.runners() == []


@pytest.mark.postgres
def test_where_rows_are_locked_the_role_of_jobs_watches_and_without_it_nobody_does(
    home, tmp_path, postgres_server, postgres_url, monkeypatch
):
    monkeypatch.setenv("HEELWISE_DATABASE", postgres_url)
    folder = tmp_path / "in"
    folder.mkdir()
    with open_store(home) as owned:
        athlete_id = owned.add_runner("Robin").athlete_id
    roles = lock_rows(postgres_server, postgres_url, home)
    monkeypatch.setenv("HEELWISE_DATABASE", roles.url(APP))
    with open_store(home) as seen_by_app, pytest.raises(HeelwiseError, match="HEELWISE_JOBS_DATABASE"):
        watched_folders.choose_folder(seen_by_app, athlete_id, str(folder))
    monkeypatch.setenv("HEELWISE_JOBS_DATABASE", roles.url(JOBS))
    (folder / "a.fit").write_bytes(fit_run(start=START, seconds=60))
    with open_store(home, roles.url(JOBS)) as store:
        store.name_runner(athlete_id)
        watched_folders.choose_folder(store, athlete_id, str(folder))
        until = time.monotonic() + 120

        def wait(_seconds: float) -> None:
            time.sleep(0.2)
            if store.read(ACTIVITY, athlete_id).height or time.monotonic() > until:
                watched_folders.forget_folder(store, athlete_id)
                raise Ended

        with pytest.raises(Ended):
            watched_folders.keep_watching(home, wait)
        assert store.read(ACTIVITY, athlete_id).height == 1


def test_no_backup_carries_the_folder_to_another_machine(home, tmp_path):
    store = open_store(home)
    store.add_runner("Robin")
    store.set_bookmarks(1, {watched_folders.FOLDER: "/somewhere"})
    backup(store, tmp_path / "b.zip")
    with open_store(tmp_path / "other") as other:
        [done] = restore(other, tmp_path / "b.zip")
        assert watched_folders.watched_folder(other, done.runner.athlete_id) is None
