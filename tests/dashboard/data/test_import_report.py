"""The object of `import --json` keeps the contract."""

from __future__ import annotations

import json

from connectors.source import SUMMARY_USED, ImportResult, Skipped
from dashboard.data import import_report


def result(**more) -> ImportResult:
    return ImportResult(
        activities={"new": 2, "updated": 1, "unchanged": 0},
        sample_files=2,
        sample_rows=7200,
        shoes=1,
        skipped=[Skipped("a.fit", "Cut off.")],
        seconds=1.23456,
        **more,
    )


def test_the_contracts_keys():
    done = json.loads(import_report.import_json(result()))
    assert {"activities", "samples", "shoes", "symptoms", "skipped", "seconds"} <= set(done)
    assert done["activities"] == {"new": 2, "updated": 1, "unchanged": 0}
    assert done["samples"] == {"files": 2, "rows": 7200}
    assert done["symptoms"] == {"new": 0, "updated": 0, "unchanged": 0}
    assert done["skipped"] == [{"path": "a.fit", "reason": "Cut off."}]
    assert done["shoes"] == 1
    assert done["seconds"] == 1.235


def test_words_tell_counts_reasons_and_unknown_sports():
    lines = import_report.import_in_words(result(unknown_sports={"Quidditch": 3}))
    assert lines[0] == "3 sessions: 2 new, 1 updated."
    assert any("a.fit: Cut off." in line for line in lines)
    assert any("Quidditch (3)" in line for line in lines)


def test_long_lists_are_cut_and_say_so():
    many = result(notes=[Skipped(f"{n}.fit", "odd") for n in range(25)])
    assert any("15 more" in line for line in import_report.import_in_words(many))


def test_only_an_import_that_saw_nothing_is_empty():
    assert import_report.is_empty(ImportResult(skipped=[Skipped("x", "y")]))
    assert not import_report.is_empty(ImportResult(activities={"new": 0, "updated": 0, "unchanged": 4}))


def test_a_run_without_its_recording_is_not_left_out():
    left = [
        Skipped("export.zip", f"1,708 of the 1,832 recordings it names are not beside it; {SUMMARY_USED[1]}"),
        Skipped("x.fit", "It is cut off."),
    ]
    one = ImportResult(activities={"new": 1832}, sample_files=124, sample_rows=243_679, skipped=left)
    lines = import_report.import_in_words(one)
    assert "1 item left out." in lines
    assert "Left out: x.fit: It is cut off." in lines
    assert any(line.startswith("In by summary: export.zip: 1,708 of") for line in lines)
    assert "124 recordings read, 68 hours long." in lines
    assert not [
        line for line in import_report.headline(import_report.import_dict(result())) if "second" in line
    ]
