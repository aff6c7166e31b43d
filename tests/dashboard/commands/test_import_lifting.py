"""What a lifting log leaves open is answered on the command line."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from connectors.frames import STRENGTH
from connectors.store import open_store
from dashboard.cli import app

LOG = "Date,Workout Name,Exercise Name,Set Order,Weight,Reps\n2026-05-04 10:00:00,Legs,Heel thing,1,100,5\n"


def test_names_and_units_are_answered_and_remembered(tmp_path):
    log, home = tmp_path / "strong.csv", tmp_path / "home"
    log.write_text(LOG)
    base = ["import", str(log), "--home", str(home), "--json"]
    first = json.loads(CliRunner().invoke(app, base).stdout)
    assert first["unknown_exercises"] == {"Heel thing": 1}
    assert any("--weights kg" in note["note"] for note in first["notes"])
    answered = [*base, "--weights", "lb", "--exercise", "Heel thing=Seated calf raise, weighted"]
    assert json.loads(CliRunner().invoke(app, answered).stdout)["unknown_exercises"] == {}
    (row,) = open_store(home).read(STRENGTH, 1).iter_rows(named=True)
    assert (row["exercise"], row["load_kg"]) == ("Seated calf raise, weighted", 45.36)
    assert json.loads(CliRunner().invoke(app, base).stdout)["strength"]["unchanged"] == 1


def test_an_answer_without_its_sign_is_refused_in_words(tmp_path):
    log = tmp_path / "strong.csv"
    log.write_text(LOG)
    base = ["import", str(log), "--home", str(tmp_path / "home"), "--exercise", "Heel thing"]
    result = CliRunner().invoke(app, base)
    assert result.exit_code != 0
    assert "is no answer like" in str(result.exception) + result.output
