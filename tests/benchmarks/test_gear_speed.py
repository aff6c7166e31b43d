"""Speed of finding the models of many gear texts.

In processor time over all threads: no less than the wall time of a machine that does nothing else.
"""

from __future__ import annotations

import time

import pytest

from connectors.shoes.match import match_gear
from connectors.shoes.name_tokens import word_rows

pytestmark = pytest.mark.benchmark
GOAL_S = 1.0
TEXTS = 2_000
ROUNDS = 5


def texts() -> list[str]:
    """All different: names of the catalogue as runners write them, every tenth without its brand."""
    shapes = (
        "{brand} {model} {version} azul",
        "{brand} {brand} {model}",
        "{model} {version} old",
        "{brand} {model} {version}",
    )
    rows = word_rows("catalogue.csv")
    named = [
        shapes[i % 10 if i % 10 < 3 else 3].format(**row) + f" n{i}x" * (i % 4 == 0)
        for i, row in enumerate(rows)
    ]
    return list(dict.fromkeys(named))[:TEXTS]


def test_two_thousand_texts_are_matched_within_a_second():
    given = texts()
    assert len(given) == TEXTS
    begin = time.process_time()
    match_gear(given[:1])
    first = time.process_time() - begin
    seconds = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        rows = match_gear(given)
        seconds.append(time.process_time() - begin)
    print(f"\n{TEXTS:,} texts in {min(seconds):.2f} s, {first:.2f} s to make the catalogue ready")
    assert rows.height == TEXTS
    assert min(seconds) < GOAL_S
