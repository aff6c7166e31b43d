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


CLOCK = """
import gc, sys
from connectors import collector
made, waits = int(sys.argv[1]), []
kept = []
def is_over(seconds):
    waits.append(seconds)
    kept.extend([number] for number in range(made))
    return len(waits) == 3
collector.search_seldom()
gc.collect()
searches = []
gc.callbacks.append(lambda phase, info: searches.append(info["generation"]) if phase == "stop" else None)
collector.search_by_the_clock(is_over)
print(searches.count(2), set(waits) == {collector.EVERY_S})
"""


def test_a_server_at_work_is_searched_by_the_clock_and_one_at_rest_is_not():
    def searched(made):
        command = [sys.executable, "-c", CLOCK, str(made)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()

    assert searched(50_000) == ["2", "True"]
    assert searched(10) == ["0", "True"]
