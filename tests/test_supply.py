"""What is installed: three locks with a hash for every file, and the licences that come with it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUNS, CLINIC, DEV = "requirements.lock", "requirements-clinic.lock", "requirements-dev.lock"


def locked(name: str) -> dict[str, tuple[str, int]]:
    """Package to its version and the number of its hashes."""
    parts = re.split(r"^(?=[A-Za-z0-9])", (ROOT / name).read_text(), flags=re.MULTILINE)
    packages: dict[str, tuple[str, int]] = {}
    for part in filter(None, parts):
        found = re.match(r"([A-Za-z0-9._-]+)==([^\s;\\]+)", part)
        assert found, part
        packages[found[1]] = (found[2], len(re.findall(r"--hash=sha256:[0-9a-f]{64}\b", part)))
    return packages


def wanted(requirements: list[str]) -> set[str]:
    return {re.split(r"[<>=\[ ;]", one)[0] for one in requirements}


@pytest.mark.parametrize("name", [RUNS, CLINIC, DEV])
def test_every_locked_package_has_a_version_and_hashes(name):
    packages = locked(name)
    assert len(packages) > 50
    assert {one for one, (_, hashes) in packages.items() if not hashes} == set()


def test_the_locks_hold_what_the_project_asks_for_and_agree():
    runs, clinic, dev = locked(RUNS), locked(CLINIC), locked(DEV)
    needed = wanted(PROJECT["project"]["dependencies"]) | wanted(PROJECT["build-system"]["requires"])
    extras = PROJECT["project"]["optional-dependencies"]
    assert needed - runs.keys() == set(), "run .ci/lock"
    assert (needed | wanted(extras["dev"]) | wanted(extras["report"])) - dev.keys() == set(), "run .ci/lock"
    asked = needed | wanted(extras["clinic"]) | wanted(extras["report"])
    assert asked - clinic.keys() == runs.keys() - clinic.keys() == set(), "run .ci/lock"
    assert {one for one in runs | clinic if (runs | clinic)[one] != dev.get(one)} == set(), "run .ci/lock"
    assert {one for one in runs if runs[one] != clinic[one]} == set(), "run .ci/lock"


@pytest.mark.parametrize("name", [RUNS, CLINIC])
def test_no_test_tool_comes_with_what_runs(name):
    tools = {"pytest", "hypothesis", "ruff", "basedpyright", "playwright", "oidc-provider-mock"}
    assert locked(name).keys() & tools == set()


@pytest.mark.parametrize(("lock", "ending"), [(RUNS, "streamlit run"), (DEV, "python -m pytest")])
def test_the_lines_of_the_readme_install_from_the_locks_alone(lock, ending):
    parts = [
        "python3 -m venv .venv",
        ". .venv/bin/activate",
        f"pip install --require-hashes -r {lock}",
        "pip install --no-deps --no-build-isolation -e .",
    ]
    assert any(
        line.startswith(" && ".join([*parts, ending]))
        for line in (ROOT / "README.md").read_text().splitlines()
    )


def test_the_licence_of_every_package_that_runs_is_listed():
    lines = (ROOT / "licences.txt").read_text().splitlines()
    listed = dict(line.split(": ", 1) for line in lines)
    runs = locked(RUNS).keys() | locked(CLINIC).keys()
    assert listed.keys() == runs, "run .ci/licences > licences.txt, and look at what is new"
    assert [name for name, licence in listed.items() if licence == "?"] == []
