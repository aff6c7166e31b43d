"""The made-up runner, made and computed once; and what a report is made from."""

from __future__ import annotations
