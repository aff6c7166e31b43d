"""`heelwise store` on the command line: what it prints, and what it never prints."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from backed_up_runner import fill
from postgres_rig import PASSWORD

from connectors.store import open_store
from connectors.store.address import open_backend
from connectors.store.row_security import unlocked_tables

SECRETS = (PASSWORD, "p%40ss%2Fword%251")


def heelwise(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HEELWISE_")}
    return subprocess.run(
        [sys.executable, "-m", "dashboard.cli", "store", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**kept, "HEELWISE_HOME": str(home), **environment},
    )


@pytest.fixture
def filled(tmp_path) -> Path:
    home = tmp_path / "laptop"
    with open_store(home) as store:
        fill(store, "Robin")
    return home


@pytest.mark.postgres
def test_a_copy_prints_counts_and_checksums_and_no_password(filled, postgres_url, tmp_path):
    done = heelwise(tmp_path / "server", "copy", str(filled), "database", HEELWISE_DATABASE=postgres_url)
    assert done.returncode == 0, done.stderr
    assert "the same on both sides" in done.stdout
    assert [line.split()[:2] for line in done.stdout.splitlines() if line.startswith("runner ")] == [
        ["runner", "1"]
    ]
    assert "Tokens of links are not copied" in done.stdout
    again = heelwise(tmp_path / "server", "copy", str(filled), postgres_url)
    assert "Nothing was written" in again.stdout
    back = heelwise(tmp_path / "server", "copy", postgres_url, str(tmp_path / "back"))
    sums = [[line for line in one.stdout.splitlines() if len(line.split()) == 3] for one in (done, back)]
    assert sums[0] == sums[1] != []
    for one in (done, again, back):
        assert not [word for word in SECRETS if word in one.stdout + one.stderr]


def test_bad_sides_are_refused_in_one_sentence(filled, tmp_path):
    for arguments, words in (
        (("database", str(tmp_path / "new")), "which is not set"),
        ((str(filled), str(filled)), "Both name the same store"),
        ((str(tmp_path / "nothing"), str(tmp_path / "new")), "There is no store in the folder"),
        ((str(filled), "mysql://me:secret@host/x"), "does not name a PostgreSQL database"),
        ((str(filled), "postgresql://me:secret@127.0.0.1:9/x"), "No PostgreSQL server answers"),
    ):
        done = heelwise(tmp_path / "home", "copy", *arguments)
        assert (done.returncode, done.stdout) == (1, "")
        assert words in done.stderr
        assert "secret" not in done.stderr
        assert done.stderr.count("\n") == 1
    assert not (tmp_path / "new").exists()


@pytest.mark.postgres
def test_the_printed_roles_are_the_applied_ones(filled, postgres_server, tmp_path):
    printed = heelwise(tmp_path / "server", "roles")
    assert printed.returncode == 0, printed.stderr
    for way in ("printed", "applied"):
        name = postgres_server.fresh()
        url = postgres_server.url(name)
        try:
            early = heelwise(tmp_path / way, "roles", "--apply", HEELWISE_DATABASE=url)
            assert "holds no store of this version yet" in early.stderr
            assert (
                heelwise(tmp_path / way, "copy", str(filled), "database", HEELWISE_DATABASE=url).returncode
                == 0
            )
            if way == "printed":
                postgres_server.execute(printed.stdout, database=name)
            else:
                for _ in range(2):
                    applied = heelwise(tmp_path / way, "roles", "--apply", HEELWISE_DATABASE=url)
                    assert applied.returncode == 0, applied.stderr
            backend = open_backend(tmp_path / way, url)
            with backend.reading() as connection:
                assert unlocked_tables(connection) == []
            backend.close()
        finally:
            postgres_server.drop(name)
