"""Everything that computes, draws and shows."""

from __future__ import annotations
