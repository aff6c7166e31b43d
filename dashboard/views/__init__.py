"""Thin pages: they call state, charts and words; no column arithmetic."""
