"""The command line: what each command prints, its exit status, and never a traceback."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from datetime import UTC, date, datetime

import pytest
from export_writer import Session, write_export

from connectors.frames import ACTIVITY, SYMPTOM
from connectors.store import open_store
from dashboard import cli

DIARY = "date,side,morning_stiffness_min,morning_pain\n2026-03-01,left,10,3\n2026-03-02,left,,\n"
COMMANDS = (
    *("import", "sync", "connect", "demo", "log", "report", "backup", "restore", "forget", "doctor", "serve"),
    *("imports", "watch"),
)


@pytest.fixture
def export(tmp_path):
    sessions = [Session(n, datetime(2026, 3, n, 6, 30, tzinfo=UTC)) for n in range(1, 6)]
    return write_export(tmp_path / "export_1.zip", sessions)


def test_help_names_every_command_and_each_explains_itself(run):
    status, out, _ = run("--help")
    assert status == 0
    for command in COMMANDS:
        assert command in out
        status, own, _ = run(command, "--help")
        assert status == 0
        assert "--home" in own
        assert "--athlete" in own


def test_wrong_usage_is_status_2(run):
    assert run("report", "--format", "xyz")[0] == 2
    assert run("log", "--pain", "11", "--date", "2026-03-01")[0] == 2
    assert run("log", "--date", "yesterday", "--none")[0] == 2
    assert run("log")[0] == 2
    assert run("log", "--none", "--date", "2999-03-01")[0] == 2
    assert run("log", "--none", "--pain", "3")[0] == 2
    assert run("import")[0] == 2
    assert run("report", "--from", "2026-03-02", "--to", "2026-03-01")[0] == 2


def test_import_prints_its_object_also_where_there_is_nothing_to_read(run, tmp_path):
    status, out, err = run("import", "--json", tmp_path / "nowhere.zip")
    assert status == 1
    done = json.loads(out)
    assert done["activities"] == {"new": 0, "updated": 0, "unchanged": 0}
    assert [one["path"] for one in done["skipped"]] == [str(tmp_path / "nowhere.zip")]
    assert len(err.splitlines()) == 1


def test_import_prints_one_object_and_nothing_else(run, export, home):
    status, out, _ = run("import", "--json", export)
    assert status == 0
    done = json.loads(out)
    assert done["activities"] == {"new": 5, "updated": 0, "unchanged": 0}
    again = json.loads(run("import", "--json", export)[1])
    assert again["activities"] == {"new": 0, "updated": 0, "unchanged": 5}
    store = open_store(home)
    runner = store.runner()
    assert store.read(ACTIVITY, runner.athlete_id).height == 5
    job = store.jobs.latest(runner.athlete_id, "import")
    assert job is not None
    assert job.result is not None
    assert json.loads(job.result)["activities"]["unchanged"] == 5


def test_import_says_what_it_left_out_and_takes_the_rest(run, export, tmp_path):
    broken = tmp_path / "broken.fit"
    broken.write_bytes(b"not a recording")
    status, out, _ = run("import", "--json", export, broken)
    done = json.loads(out)
    assert status == 0
    assert done["activities"]["new"] == 5
    assert [one["path"] for one in done["skipped"]] == ["broken.fit"]


def test_import_of_nothing_useful_is_status_1_with_one_line(run, tmp_path):
    broken = tmp_path / "broken.fit"
    broken.write_bytes(b"not a recording")
    status, out, err = run("import", "--json", broken)
    assert status == 1
    assert json.loads(out)["activities"]["new"] == 0
    assert len(err.strip().splitlines()) == 1
    assert "Nothing came in" in err
    status, out, err = run("import", tmp_path / "absent.zip")
    assert (status, out) == (1, "")
    assert len(err.strip().splitlines()) == 1


def test_import_never_goes_to_the_made_up_runner(run, export, home):
    run("demo")
    run("import", "--json", export)
    store = open_store(home)
    first, last = store.runners()
    assert not first.is_demo
    assert last.is_demo
    assert store.read(ACTIVITY, first.athlete_id).height == 5


def test_two_runners_are_kept_apart(run, export, home, tmp_path):
    diary = tmp_path / "diary.csv"
    diary.write_text(DIARY)
    run("import", "--json", "--athlete", "Ann", export)
    run("import", "--json", "--athlete", "Ben", diary)
    store = open_store(home)
    ann, ben = store.runner("Ann"), store.runner("Ben")
    assert store.read(ACTIVITY, ben.athlete_id).is_empty()
    assert store.read(SYMPTOM, ann.athlete_id).is_empty()
    assert store.read(SYMPTOM, ben.athlete_id).height == 2


def test_an_unknown_runner_is_status_1(run, export):
    run("import", "--json", export)
    status, _, err = run("report", "--athlete", "Nobody at all")
    assert status == 1
    assert "Nobody at all" in err


def test_log_keeps_what_was_said_and_leaves_the_rest_unknown(run, home):
    status, out, _ = run(
        "log", "--date", "2026-03-01", "--stiffness", 3, "--side", "left", "--note", "stairs"
    )
    assert status == 0
    assert "2026-03-01" in out
    run("log", "--date", "2026-03-01", "--side", "left", "--pain-after", 2)
    store = open_store(home)
    row = store.read(SYMPTOM, store.runner().athlete_id).row(0, named=True)
    assert row["date"] == date(2026, 3, 1)
    assert (row["morning_stiffness_0_10"], row["pain_after_0_10"], row["note"]) == (3, 2, "stairs")
    assert row["morning_pain_0_10"] is None


def test_none_is_zero(run, home):
    run("log", "--date", "2026-03-01", "--none")
    store = open_store(home)
    row = store.read(SYMPTOM, store.runner().athlete_id).row(0, named=True)
    assert {row[name] for name in row if "0_10" in name or name.endswith("_min")} == {0}


def test_report_goes_to_a_file_that_only_the_owner_reads(run, export, tmp_path):
    run("import", "--json", export)
    target = tmp_path / "report.json"
    status, out, _ = run(
        "report", "--format", "json", "-o", target, "--from", "2026-03-02", "--to", "2026-03-04"
    )
    assert (status, out) == (0, "")
    assert len(json.loads(target.read_text())["runs"]) == 3
    assert oct(target.stat().st_mode & 0o777) == "0o600"
    assert [path.name for path in tmp_path.glob(".*part")] == []


def test_report_that_cannot_be_written_is_status_1(run, export, tmp_path):
    run("import", "--json", export)
    status, _, err = run("report", "-o", tmp_path / "absent" / "report.txt")
    assert status == 1
    assert "could not be written" in err


@pytest.mark.parametrize(("form", "begins"), [("html", b"<!doctype html>"), ("pdf", b"%PDF-")])
def test_reports_for_paper_are_files(run, export, tmp_path, form, begins):
    run("import", "--json", export)
    target = tmp_path / f"report.{form}"
    status, out, err = run("report", "--format", form, "-o", target, "--name", "Kit", "--paper", "letter")
    assert (status, out) == (0, "")
    assert str(target) in err
    assert target.read_bytes().startswith(begins)
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_pdf_without_typst_says_how_to_get_it(run, export, monkeypatch):
    run("import", "--json", export)
    monkeypatch.setitem(sys.modules, "typst", None)
    status, out, err = run("report", "--format", "pdf")
    assert (status, out) == (1, "")
    assert 'pip install "heelwise[report]"' in err
    assert len(err.strip().splitlines()) == 1


def test_report_without_a_runner_is_one_line(run):
    status, out, err = run("report")
    assert (status, out) == (1, "")
    assert len(err.strip().splitlines()) == 1


def test_the_made_up_runner_may_have_another_name_and_says_what_it_is(run):
    status, out, _ = run("demo", "--athlete", "Ana")
    assert status == 0
    assert "Ana (made up)" in out
    status, out, _ = run("report", "--athlete", "ana", "--format", "text")
    assert status == 0
    assert "made up" in out


def test_doctor_is_content_with_a_good_store(run, export):
    run("import", "--json", export)
    status, out, _ = run("doctor")
    assert status == 0
    assert "All is well" in out


def test_doctor_and_report_say_when_the_store_is_damaged_and_leave_it(run, export, home):
    run("import", "--json", export)
    for part in home.glob("heelwise.db*"):
        part.unlink()  # a new file: this process still holds the log of the old one
    rubbish = b"this is no database" * 500
    (home / "heelwise.db").write_bytes(rubbish)
    for command in ("doctor", "report"):
        status, _, err = run(command)
        assert status == 1
        assert len(err.strip().splitlines()) == 1
    assert (home / "heelwise.db").read_bytes() == rubbish


def test_a_failure_nobody_foresaw_is_one_line_and_a_log_without_its_text(run, export, home, monkeypatch):
    run("import", "--json", export)

    def fail(*_):
        raise ZeroDivisionError("Secret street loop")

    monkeypatch.setattr("dashboard.report.material.analysis_of", fail)
    status, out, err = run("report")
    assert (status, out) == (1, "")
    assert len(err.strip().splitlines()) == 1
    log = (home / "problems.log").read_text()
    assert "ZeroDivisionError" in log
    assert "Secret street" not in log + err
    assert oct((home / "problems.log").stat().st_mode & 0o777) == "0o600"


def test_stopping_is_calm(run, monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("dashboard.commands.store.add_demo", stop)
    status, _, err = run("demo")
    assert status == 130
    assert "Stopped" in err


def test_serve_starts_on_this_machine_only(run, monkeypatch, home):
    started = []

    class Server:
        def __init__(self, command, env):
            started.extend(command)

        def wait(self):
            return 0

    monkeypatch.setattr("dashboard.commands.serve.subprocess.Popen", Server)
    assert run("serve", "--no-browser", "--port", "8599")[0] == 0
    assert "--server.address=127.0.0.1" in started
    assert "--server.port=8599" in started
    assert "--server.headless=true" in started


def test_serve_takes_its_server_with_it_when_told_to_end(home):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "dashboard.cli", "serve", "--no-browser", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as serving:
        assert eventually(lambda: answers(port))
        taken = subprocess.run(command, capture_output=True, text=True, check=False)
        serving.terminate()
        assert serving.wait(20) == 0
    assert eventually(lambda: not answers(port))
    assert taken.returncode == 1
    assert "could not be started" in taken.stderr


def answers(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def eventually(told, within_s: float = 30.0) -> bool:
    until = time.monotonic() + within_s
    while not told() and time.monotonic() < until:
        time.sleep(0.1)
    return told()


def test_usage_does_not_load_the_heavy_parts():
    heavy = ("polars", "streamlit", "sqlalchemy", "plotly")
    code = f"import sys, dashboard.cli; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout.strip() == "[]"


def test_a_closed_pipe_is_quiet(run, export):
    command = f"{sys.executable} -m dashboard.cli report --format json | head -c 1"
    assert run("import", "--json", export)[0] == 0
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert done.stdout == "{"
    assert done.stderr == ""


def test_log_takes_a_band_and_the_morning_before(run, home):
    said = ("--stiffness", 3, "--stiffness-band", "5-15", "--pain-start", 4, "--warmed-up", "--side", "left")
    assert run("log", "--date", "2026-03-01", *said)[0] == 0
    assert run("log", "--date", "2026-03-02", "--same-as-before")[0] == 0
    store = open_store(home)
    first, second = store.read(SYMPTOM, store.runner().athlete_id).sort("date").to_dicts()
    assert (first["morning_stiffness_band"], first["morning_stiffness_min"]) == ("5-15", 10)
    assert (first["pain_start_0_10"], first["warmed_up"]) == (4, True)
    assert (second["side"], second["morning_stiffness_band"], second["is_same_as_before"]) == (
        "left",
        "5-15",
        True,
    )
    assert second["pain_start_0_10"] is None


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (("--same-as-before",), 1),
        (("--same-as-before", "--stiffness", 3), 2),
        (("--none", "--warmed-up"), 2),
        (("--stiffness-band", "5-15", "--stiffness-min", 40), 1),
    ],
)
def test_log_refuses_what_does_not_go_together(run, home, said, status):
    code, _, err = run("log", "--date", "2026-03-02", *said)
    assert code == status
    assert "Traceback" not in err
    store = open_store(home)
    assert all(store.read(SYMPTOM, one.athlete_id).is_empty() for one in store.runners())


OPEN_DATES = "date;side;morning_pain\n04/05/2026;left;3\n"


def test_a_file_whose_dates_are_open_is_skipped_with_both_readings_and_the_others_go_in(run, home, tmp_path):
    (tmp_path / "open.csv").write_text(OPEN_DATES)
    (tmp_path / "diary.csv").write_text(DIARY)
    status, out, _ = run("import", tmp_path, "--home", home, "--json")
    done = json.loads(out)
    assert (status, done["symptoms"]["new"]) == (0, 2)
    reasons = [one["reason"] for one in done["skipped"] if one["path"] == "open.csv"]
    assert "4 May 2026 or 5 April 2026" in reasons[0]
    assert "--day-first or --month-first" in reasons[0]
    assert done["date_questions"] == [
        {"path": "open.csv", "text": "04/05/2026", "day_first": "2026-05-04", "month_first": "2026-04-05"}
    ]


@pytest.mark.parametrize(
    ("option", "day"), [("--day-first", date(2026, 5, 4)), ("--month-first", date(2026, 4, 5))]
)
def test_the_answer_on_the_command_line(run, home, tmp_path, option, day):
    (tmp_path / "open.csv").write_text(OPEN_DATES)
    status, out, _ = run("import", tmp_path / "open.csv", option, "--home", home, "--json")
    assert (status, json.loads(out)["date_questions"]) == (0, [])
    store = open_store(home)
    assert store.read(SYMPTOM, store.runners()[0].athlete_id)["date"].to_list() == [day]


def test_both_answers_at_once_are_wrong_usage(run, home, tmp_path):
    assert run("import", tmp_path, "--day-first", "--month-first", "--home", home)[0] == 2


def test_a_terminal_is_asked_once(run, home, tmp_path, monkeypatch):
    (tmp_path / "open.csv").write_text(OPEN_DATES)
    asked = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.prompt", lambda text, **_: asked.append(text) or "1")
    status, out, _ = run("import", tmp_path / "open.csv", "--home", home)
    assert (status, len(asked)) == (0, 1)
    assert "4 May 2026 (the day comes first)" in out
    store = open_store(home)
    assert store.read(SYMPTOM, store.runners()[0].athlete_id)["date"].to_list() == [date(2026, 5, 4)]


def test_a_failure_over_a_folder_that_is_gone_names_it_and_any_other_does_not(tmp_path, monkeypatch):
    gone = FileNotFoundError(2, "No such file", str(tmp_path / "home" / "samples" / "a.parquet"))
    assert cli._unforeseen(gone).startswith(f"The folder {tmp_path / 'home'} is not there any more")
    monkeypatch.setenv("HEELWISE_HOME", str(tmp_path / "home"))
    for name in (
        str(tmp_path / "home"),
        "a.parquet",
        None,
    ):  # the folder itself; a file named by its open folder
        missing = FileNotFoundError(2, "No such file", name)
        assert cli._unforeseen(missing).startswith(f"The folder {tmp_path / 'home'} is not there any more")
    monkeypatch.setenv("HEELWISE_HOME", str(tmp_path))
    for other in (str(tmp_path / "a.parquet"), "systemctl", None):
        assert "did not foresee" in cli._unforeseen(FileNotFoundError(2, "No such file", other))
