"""The names of exercises for imports stand for those of the catalogue."""

from __future__ import annotations

import csv
from importlib.resources import files

from connectors.exercise_names import resolve
from dashboard.strength.templates import EXERCISES


def test_every_exercise_of_the_catalogue_has_names_and_is_done_alike():
    table = files("connectors").joinpath("exercise_names.csv").read_text(encoding="utf-8")
    named = {row["exercise"] for row in csv.DictReader(table.splitlines())} - {""}
    assert named == {one.name for one in EXERCISES}
    for one in EXERCISES:
        known = resolve(one.name)
        assert known is not None
        assert (known.exercise, known.kind, known.knee) == (one.name, one.kind, one.knee)
