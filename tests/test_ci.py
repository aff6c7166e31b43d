"""`.ci/run` names the place of each marker that it runs, so that nothing else is collected for it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    ("marker", "place"), [("browser", "tests/browser"), ("ray", "tests/dashboard/cohort/test_ray_tasks.py")]
)
def test_every_test_of_a_marker_lies_where_ci_looks_for_it(marker, place):
    assert re.search(rf"python -m pytest {place} -m \"?{marker}\b", (ROOT / ".ci" / "run").read_text())
    marked = re.compile(rf"pytest\.mark\.{marker}\b")
    holders = {path for path in ROOT.glob("tests/**/test_*.py") if marked.search(path.read_text())}
    assert holders
    assert [path for path in holders if not path.is_relative_to(ROOT / place)] == []
