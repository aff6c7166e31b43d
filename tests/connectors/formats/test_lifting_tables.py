"""Logs of Hevy, Strong and FitNotes in the dresses their apps and spreadsheets give them."""

from __future__ import annotations

from datetime import date

import pytest

from connectors.errors import UnreadableFile
from connectors.formats.lifting_tables import is_lifting_log, lifting_app, parse_lifting

TODAY = date(2026, 6, 1)
NEWER = (
    "Workout #;Date;Workout Name;Duration (sec);Exercise Name;Set Order;Weight (kg);Reps;RPE;Distance (meters);"
    "Seconds;Notes;Workout Notes"
)
ANDROID = (
    "Date;Workout Name;Exercise Name;Set Order;Weight;Weight Unit;Reps;RPE;Distance;Distance Unit;Seconds;Notes;"
    "Workout Notes;Workout Duration"
)
GERMAN = (
    "Datum;Workout-Name;Dauer;Name der Übung;Reihenfolge festlegen;Gewicht (kg);Wiederh.;RPE;Entfernung;"
    "Sekunden;Notizen"
)
HEVY_HEAD = (
    '"title","start_time","end_time","description","exercise_title","superset_id","exercise_notes","set_index",'
    '"set_type","weight_kg","reps","distance_km","duration_seconds","rpe"'
)
STRONG_HEAD = (
    "Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE"
)
FITNOTES_HEAD = "Date,Exercise,Category,Weight (kgs),Reps,Distance,Distance Unit,Time,Comment"


def hevy(*rows: str, head: str = HEVY_HEAD) -> bytes:
    return "\n".join([head, *rows]).encode()


def hevy_row(
    start: str,
    exercise: str = "Standing Calf Raise (Machine)",
    index: int = 0,
    kind: str = "normal",
    weight="40",
    reps="12",
    km="",
    s="",
) -> str:
    return (
        f'"Legs","{start}","{start}","","{exercise}",,"knee ok",{index},"{kind}",{weight},{reps},{km},{s},8'
    )


@pytest.mark.parametrize(
    "start",
    [
        "4 May 2026, 17:09",
        "2026-05-04 17:09:00",
        "4. Mai 2026, 17:09",
        "4 mai 2026, 17:09",
        "May 4, 2026, 5:09 PM",
        "4 mag 2026, 17:09",
        "4 maj 2026, 17:09",
        "04.05.2026, 17:09",
        "4 mei 2026, 17:09",
        "4 may 2026, 17:09",
    ],
)
def test_hevy_in_every_language(start):
    log = parse_lifting(
        hevy(hevy_row(start), hevy_row(start, index=1, weight="42.5", reps="10")), "w.csv", TODAY
    )
    assert (log.app, [r.date for r in log.rows]) == ("Hevy", [date(2026, 5, 4)] * 2)
    assert [(r.set_number, r.repetitions, r.load_kg, r.note) for r in log.rows] == [
        (1, 12, 40.0, "knee ok"),
        (2, 10, 42.5, "knee ok"),
    ]
    assert len({r.source_id for r in log.rows}) == 2


def test_hevy_in_pounds_and_without_weight():
    head = HEVY_HEAD.replace("weight_kg", "weight_lbs").replace("distance_km", "distance_miles")
    rows = hevy_row("4 May 2026, 17:09", weight="100"), hevy_row("4 May 2026, 17:09", weight="", index=1)
    log = parse_lifting(hevy(*rows, head=head), "w.csv", TODAY)
    assert [r.load_kg for r in log.rows] == [45.36, None]
    assert not log.needs_unit


def test_hevy_warm_ups_holds_and_cardio():
    log = parse_lifting(
        hevy(
            hevy_row("4 May 2026, 17:09", kind="warmup"),
            hevy_row("4 May 2026, 17:09", "Plank", weight="", reps="", s="60"),
            hevy_row("4 May 2026, 17:09", "Running", weight="", reps="", km="5.2", s="1800"),
        ),
        "w.csv",
        TODAY,
    )
    assert [(r.exercise, r.repetitions, r.duration_s) for r in log.rows] == [
        ("Standing Calf Raise (Machine)", 12, None),
        ("Plank", None, 60.0),
    ]
    assert log.rows[0].note == "knee ok Warm-up set."
    assert "cardio" in log.notes[0]
    assert "Running" in log.notes[0]


def strong(*rows: str, head: str = STRONG_HEAD) -> bytes:
    return "\n".join([head, *rows]).encode()


def test_strong_without_a_unit_asks_for_it():
    data = strong("2026-05-04 17:09:00,Legs,45m,Seated Calf Raise (Machine),1,40.0,12.0,0,0.0,,,")
    log = parse_lifting(data, "strong.csv", TODAY)
    assert (log.app, log.rows[0].load_kg, log.needs_unit) == ("Strong", None, True)
    assert "--weights kg" in log.notes[-1]
    assert parse_lifting(data, "strong.csv", TODAY, "kg").rows[0].load_kg == 40
    assert parse_lifting(data, "strong.csv", TODAY, "lb").rows[0].load_kg == 18.14


@pytest.mark.parametrize(
    ("head", "row", "kg"),
    [
        (
            NEWER,
            '"1";"2026-05-04 17:09:00";"Legs";"2700";"Seated Calf Raise";"1";"40,5";"12";"";"";"";"";""',
            40.5,
        ),
        (
            NEWER.replace("kg", "lbs"),
            "1;2026-05-04 17:09:00;Legs;2700;Seated Calf Raise;1;100;12;;;;;",
            45.36,
        ),
        (
            ANDROID,
            "2026-05-04;Legs;Seated Calf Raise;1;100;lbs;12;;;;0;;;1h",
            45.36,
        ),
        (
            ANDROID,
            "2026-05-04;Legs;Seated Calf Raise;1;40;kg;12;;;;0;;;1h",
            40.0,
        ),
        (
            GERMAN,
            "2026-05-04 17:09:00;Beine;45m;Wadenheben sitzend;1;40,0;12;;;;",
            40.0,
        ),
    ],
)
def test_strong_in_its_dresses(head, row, kg):
    for data in (
        strong(row, head=head),
        b"\xef\xbb\xbf" + strong(row, head=head),
        strong(row, head=head).decode().encode("utf-16"),
    ):
        log = parse_lifting(data, "strong.csv", TODAY)
        assert (log.app, log.rows[0].load_kg, log.rows[0].repetitions) == ("Strong", kg, 12)
        assert log.rows[0].date == date(2026, 5, 4)


def test_strong_timers_notes_warm_ups_and_sets_not_done():
    base = "2026-05-04 17:09:00,Legs,45m,Heel Raise,{},40.0,{},0,{},,,"
    rows = [
        base.format(*one)
        for one in (("W", 10, 0), (1, 12, 0), ("Rest Timer", 0, 90), ("Note", 0, 0), (2, 0, 0), (3, 0, 45))
    ]
    log = parse_lifting(strong(*rows), "strong.csv", TODAY, "kg")
    assert [(r.repetitions, r.duration_s, r.note) for r in log.rows] == [
        (10, None, "Warm-up set."),
        (12, None, None),
        (None, 45.0, None),
    ]
    assert any("1 set with 0 repetitions" in note for note in log.notes)


@pytest.mark.parametrize(
    ("head", "row", "kg"),
    [
        (FITNOTES_HEAD, "2026-05-04,Standing Calf Raise,Legs,40,12,,,,felt good", 40.0),
        (FITNOTES_HEAD.replace("kgs", "lbs"), "2026-05-04,Standing Calf Raise,Legs,100,12,,,,", 45.36),
        (
            "Date,Exercise,Category,Weight,Weight Unit,Reps,Distance,Distance Unit,Time",
            "2026-05-04,Standing Calf Raise,Legs,100,lbs,12,,,",
            45.36,
        ),
        (
            "Date,Exercise,Category,Weight (lbs),Weight (kg),Reps,Distance,Distance Unit,Time,Notes",
            "2026-05-04,Standing Calf Raise,Legs,88,40,12,,,,",
            40.0,
        ),
        (FITNOTES_HEAD.replace(",", ";"), "2026-05-04;Standing Calf Raise;Legs;40,0;12;;;;", 40.0),
    ],
)
def test_fitnotes_in_its_dresses(head, row, kg):
    log = parse_lifting(f"{head}\r\n{row}\r\n".encode(), "FitNotes_Export.csv", TODAY)
    assert (log.app, log.rows[0].load_kg, log.rows[0].repetitions, log.rows[0].exercise) == (
        "FitNotes",
        kg,
        12,
        "Standing Calf Raise",
    )


def test_fitnotes_holds_and_cardio():
    log = parse_lifting(
        f"{FITNOTES_HEAD}\n2026-05-04,Plank,Core,,,,,0:01:30,\n2026-05-04,Cycling,Cardio,,,12,km,30:00,\n".encode(),
        "f.csv",
        TODAY,
    )
    assert [(r.exercise, r.duration_s) for r in log.rows] == [("Plank", 90.0)]
    assert "cardio" in log.notes[0]


def test_dates_of_numbers_are_settled_from_the_column_or_refused():
    rows = [f"{day},Standing Calf Raise,Legs,40,12,,,," for day in ("04/05/2026", "13/05/2026")]
    log = parse_lifting("\n".join([FITNOTES_HEAD, *rows]).encode(), "f.csv", TODAY)
    assert [r.date for r in log.rows] == [date(2026, 5, 4), date(2026, 5, 13)]
    with pytest.raises(UnreadableFile, match="4 May 2026 or 5 April 2026"):
        parse_lifting("\n".join([FITNOTES_HEAD, rows[0]]).encode(), "f.csv", TODAY)


def test_rows_that_cannot_be_are_told_one_by_one():
    rows = [
        "2027-05-04,Squat,Legs,40,12,,,,",
        "2026-05-04,,Legs,40,12,,,,",
        "soon,Squat,Legs,40,12,,,,",
        "2026-05-04,Squat,Legs,40,12,,,,",
    ]
    log = parse_lifting("\n".join([FITNOTES_HEAD, *rows]).encode(), "f.csv", TODAY)
    assert len(log.rows) == 1
    assert [one.path for one in log.skipped] == ["row 2", "row 3", "row 4"]
    assert "ahead of today" in log.skipped[0].reason


@pytest.mark.parametrize(
    "head",
    [
        "date,side,morning_pain,exercise",
        "date,exercise,side,set_number,repetitions,load_kg,hold_s,tempo,kind,knee,pain_0_10,note",
        "Activity Type,Date,Favorite,Title,Distance,Calories,Time",
        "date,morning_pain",
    ],
)
def test_a_diary_is_no_lifting_log(head):
    assert lifting_app(head.split(",")) is None
    assert not is_lifting_log(f"{head}\n2026-05-04,,,\n".encode(), "diary.csv")


def test_ids_stay_when_the_log_grows():
    old = hevy(hevy_row("4 May 2026, 17:09"), hevy_row("4 May 2026, 17:09", index=1))
    new = hevy(
        hevy_row("6 May 2026, 17:09"), hevy_row("4 May 2026, 17:09"), hevy_row("4 May 2026, 17:09", index=1)
    )
    before = {r.source_id for r in parse_lifting(old, "w.csv", TODAY).rows}
    after = {r.source_id for r in parse_lifting(new, "w.csv", TODAY).rows}
    assert before < after
