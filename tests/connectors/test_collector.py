"""A start searches its own objects once at most, and what there was then is left out afterwards."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import gc
from connectors import collector
searches = []
gc.callbacks.append(lambda phase, info: searches.append(phase) if phase == "stop" else None)
collector.search_seldom()
kept = [{number: [number]} for number in range(100_000)]
print(len(searches))
collector.keep_for_good()
print(gc.get_freeze_count() >= 200_000)
a = []; a.append(a); del a
print(gc.collect())
"""


def test_a_start_is_not_searched_and_what_comes_later_is():
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "True", "1"]
