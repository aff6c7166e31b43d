"""Processes that are killed, hang or fail: one athlete each, and never the end of the others."""

from __future__ import annotations

import os
from collections import Counter
from functools import partial

import pytest
from cohort_tasks import DEADLY, UNLUCKY, ended, report, touch

from dashboard.cohort.athlete import AthleteTask
from dashboard.cohort.local_pool import run_in_pool


def tasks(*names: str) -> list[AthleteTask]:
    return [AthleteTask(name, (), b"") for name in names]


@pytest.mark.parametrize("workers", [1, 3])
def test_a_killed_process_is_tried_once_more_and_then_one_refusal(tmp_path, workers):
    names = [f"{n:032x}" for n in range(6)]
    given = tasks(*names[:2], DEADLY, *names[2:4], UNLUCKY, *names[4:])
    done = list(run_in_pool(given, partial(touch, folder=tmp_path), ended, workers))
    reasons = {one.athlete: one.reason for one in done}
    assert len(done) == len(given)
    assert reasons == {**dict.fromkeys(names), UNLUCKY: None, DEADLY: "worker_ended"}
    tried = Counter(path.name[:32] for path in tmp_path.iterdir())
    assert tried[DEADLY] == 2
    assert tried[UNLUCKY] == 2


def test_a_worker_has_one_thread_no_zone_no_database_and_prints_nothing(capfd, monkeypatch):
    monkeypatch.setenv("HEELWISE_DATABASE", "postgresql://nobody@127.0.0.1:1/none")
    before = os.environ.get("POLARS_MAX_THREADS")
    done = list(run_in_pool(tasks("a" * 32), report, ended, 1))
    assert [one.reason for one in done] == [None]
    assert "a word" not in "".join(capfd.readouterr())
    assert os.environ["HEELWISE_DATABASE"].startswith("postgresql")
    assert os.environ.get("POLARS_MAX_THREADS") == before
