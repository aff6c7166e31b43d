"""How often Python looks for objects that only know each other, at the start of a program."""

# A start makes half a million objects, and nearly all of them last as long as the program. Python looks through them
# again with every 700 new ones: half a second of a server's first page, and a tenth of every page after it, since
# Streamlit has all of them looked through at the end of each run of a page.

from __future__ import annotations

import gc


def search_seldom() -> None:
    """Look only after so many new objects that a start makes do with one search or none."""
    gc.set_threshold(300_000, 50, 50)


def keep_for_good() -> None:
    """Leave what there is now out of every search to come: it lasts as long as the program."""
    gc.freeze()
