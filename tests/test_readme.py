"""The README tells the truth: its commands, its pages, its test line, its picture."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from connectors import __version__

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()
IN_A_CONSULT = ("Start", "Symptoms", "Timeline for the consult", "What changed first", "Report")
"""Pages nobody looks for: the first one of an empty store, and the steps of a consult."""


def commands() -> list[str]:
    said = subprocess.run(
        [sys.executable, "-m", "dashboard.cli", "--help"],
        capture_output=True,
        text=True,
        check=True,
        env={"COLUMNS": "80", "PATH": "/usr/bin"},
    ).stdout
    listed = said.split("Commands:")[1]
    return re.findall(r"^  (\w+)  ", listed, re.MULTILINE)


def test_every_command_is_in_the_readme():
    missing = [name for name in commands() if f"heelwise {name}" not in README]
    assert not missing


def test_every_page_is_in_the_readme():
    pages = re.findall(
        r'_page\(\s*"\w+", (?:"[\w/.]+"|_consult_step\("\w+"\)), "([\w ]+)"',
        (ROOT / "dashboard" / "main.py").read_text(),
    )
    assert pages
    missing = [page for page in pages if f"| {page} |" not in README and page not in IN_A_CONSULT]
    assert not missing


def test_the_test_line_is_where_ci_looks_for_it():
    found = re.search(r"<!-- test line -->\s*```\n(.+?)\n```\s*<!-- /test line -->", README, re.DOTALL)
    assert found
    line = found.group(1)
    assert "\n" not in line
    for part in ("-m venv", "pip install --require-hashes -r requirements-dev.lock", "pytest"):
        assert part in line


def test_the_start_line_is_one_line():
    lines = [
        line for line in README.splitlines() if "streamlit run dashboard/app.py" in line and "venv" in line
    ]
    assert any(line.startswith("python3 -m venv") for line in lines)


@pytest.mark.parametrize("name", re.findall(r"!\[[^]]*\]\(([^)]+)\)", README))
def test_pictures_are_there_and_described(name):
    data = (ROOT / name).read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">I", data[16:20])[0] >= 1_000
    assert len(data) < 1_000_000


def test_settings_from_the_environment_are_documented():
    texts = "".join(
        p.read_text() for p in [*ROOT.glob("connectors/**/*.py"), *ROOT.glob("dashboard/**/*.py")]
    )
    used = set(re.findall(r'"(HEELWISE_[A-Z_]+|STRAVA_CLIENT_[A-Z]+)"', texts))
    assert "HEELWISE_HOME" in used
    assert not [name for name in sorted(used) if name not in README]


@pytest.mark.parametrize(
    "name",
    ["README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/developers.md", "docs/phone.md", "docs/clinic.md"],
)
def test_files_that_a_document_points_to_are_there(name):
    document = ROOT / name
    targets = re.findall(r"\]\((?!https?://|#)([^)#]+)", document.read_text())
    assert not [target for target in targets if not (document.parent / target).exists()]


def test_the_guide_names_each_folder_of_the_source():
    guide = (ROOT / "docs/developers.md").read_text().split("## How data flows")[0]
    folders = {path.parent for top in ("connectors", "dashboard") for path in (ROOT / top).glob("*/*.py")}
    named = set(re.findall(r"`(?:(?:connectors|dashboard)/)?(\w+)/`", guide))
    assert not sorted(folder.name for folder in folders if folder.name not in named)


def test_the_citation_names_this_version():
    cited = re.search(r"^version: (\S+)$", (ROOT / "CITATION.cff").read_text(), re.MULTILINE)
    assert cited
    assert cited.group(1) == __version__
