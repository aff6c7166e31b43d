"""`SECURITY.md` and `docs/reliability.md`: every row names tests that are there; a threat, what is not protected."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WHO = (
    "another user",
    "a web page",
    "a hostile file",
    "a hostile backup",
    "the stolen laptop",
    "a lost backup",
    "the same network",
)


def threats() -> list[list[str]]:
    """The cells of the table, without its head."""
    section = (ROOT / "SECURITY.md").read_text().partition("## Against whom")[2].partition("\n## ")[0]
    lines = section.splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    assert rows[0] == ["who", "could", "what stands against it", "test", "not protected"]
    return rows[2:]


def known_tests() -> set[str]:
    return {
        node.name
        for path in (ROOT / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
    }


def test_every_promise_names_a_test_that_exists():
    rows = [
        line for line in (ROOT / "docs" / "reliability.md").read_text().splitlines() if line.startswith("|")
    ]
    promises = rows[2 : rows.index("| printed | by |")]
    there = known_tests()
    for row in promises:
        names = re.findall(r"`(test_\w+)`", row)
        assert names, row
        assert [name for name in names if name not in there] == [], row


def test_every_threat_names_a_test_that_exists_and_what_is_not_protected():
    there = known_tests()
    for row in threats():
        assert len(row) == 5, row
        assert all(row), row
        names = re.findall(r"`(test_\w+)`", row[3])
        assert names, row[0]
        assert [name for name in names if name not in there] == [], row[0]


def test_everybody_who_could_harm_a_record_is_in_it():
    first = " ".join(row[0] for row in threats())
    assert [who for who in WHO if who not in first] == []
