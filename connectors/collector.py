"""How often Python looks for objects that only know each other, at the start of a program."""

# A start makes half a million objects, and nearly all of them last as long as the program. Python looks through them
# again with every 700 new ones: half a second of a server's first page. Streamlit has all of them looked through at the
# end of each run of a page besides, a third of what the run takes: a server looks through them by the clock instead.

from __future__ import annotations

import gc
import time
from collections.abc import Callable

EVERY_S = 10.0
"""s between two searches of a server that is at work: what a page leaves behind lasts no longer."""
WORTH_IT = 20_000
"""New objects from which on a search is made."""
_FIRST = 300_000


def search_seldom() -> None:
    """Look only after so many new objects that a start makes do with one search or none."""
    gc.set_threshold(_FIRST, 50, 50)


def keep_for_good() -> None:
    """Leave what there is now out of every search to come: it lasts as long as the program."""
    gc.freeze()


def search_by_the_clock(is_over: Callable[[float], object] = time.sleep) -> None:
    """Search every EVERY_S where there is much new, until `is_over`, which waits so many s, is true."""
    while not is_over(EVERY_S):
        newest, older, _ = gc.get_count()
        if newest + older * _FIRST >= WORTH_IT:
            gc.collect()
