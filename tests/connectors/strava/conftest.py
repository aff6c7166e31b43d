"""Lets the tests here import `export_writer`; a package called `tests` is taken by one of our dependencies."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
