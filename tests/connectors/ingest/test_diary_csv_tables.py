"""Diaries as spreadsheets save them, in eight languages, and tables that are none."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest
from workbook_writer import write_ods, write_xlsx

from connectors.errors import AmbiguousDates, SourceError, UnknownFile
from connectors.ingest.diary_csv import parse_diary

NOW = datetime(2026, 11, 29, 8, tzinfo=UTC)
HEADER = "date;side;morning_stiffness_min;morning_pain;pain_during;note"


def read(text: str | bytes, **given):
    return parse_diary(text.encode() if isinstance(text, str) else text, 1, NOW, "diary.csv", **given)


def row(line: str) -> dict:
    return read(f"{HEADER}\n{line}\n").symptoms.row(0, named=True)


@pytest.mark.parametrize(
    ("cell", "pain"),
    [
        *(
            ("3", 3),
            ("3,5", 3.5),
            ("0.0", 0),
            (" 3 ", 3),
            ("3/10", 3),
            ("3 / 10", 3),
            ("3 von 10", 3),
            ("3 of 10", 3),
        ),
        *(
            ("2\u00bd", 2.5),
            ("\u00bd", 0.5),
            ('="3"', 3),
            ("'3", 3),
            ("none", 0),
            ("keine", 0),
            ("geen", 0),
            ("brak", 0),
        ),
        *(("aucune", 0), ("nessuno", 0), ("ninguno", 0), ("nenhuma", 0)),
        *(
            ("-", None),
            ("n/a", None),
            ("NA", None),
            ("N.A.", None),
            ("?", None),
            ("\u2013", None),
            ("k.A.", None),
        ),
    ],
)
def test_cells_that_have_one_meaning_are_read(cell, pain):
    diary = read(f"{HEADER}\n2026-05-04;left;10;{cell};2;ok\n")
    assert diary.symptoms["morning_pain_0_10"].to_list() == [pain]
    assert diary.skipped == []


@pytest.mark.parametrize(
    ("cell", "word"),
    [
        *(
            ("11", "outside 0 to 10"),
            ("-1", "outside 0 to 10"),
            ("mild", "not a number"),
            ("2-3", "not a number"),
        ),
        *(("<1", "not a number"), ("30%", "percentage"), ("3/5", "scale of 5"), ("2026-10-03", "is a date")),
        *(("3. Okt", "is a date"), ("#REF!", "not a number")),
    ],
)
def test_an_unreadable_cell_costs_that_cell_and_not_the_row(cell, word):
    diary = read(f"{HEADER}\n2026-05-04;left;10;{cell};2;ok\n")
    assert diary.symptoms.select("morning_stiffness_min", "morning_pain_0_10", "pain_during_0_10").rows() == [
        (10.0, None, 2.0)
    ]
    assert diary.skipped[0].path == "row 2, morning_pain"
    assert word in diary.skipped[0].reason


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        *(("10 min", 10), ("10min.", 10), ("10 Minuten", 10), ("10 minutes", 10), ("1 h", 60), ("1h30", 90)),
        *(("0:10:00", 10), ("10'", 10), ("none", 0), ("10 minuti", 10), ("10 minut", 10)),
    ],
)
def test_minutes_with_their_unit(cell, minutes):
    assert row(f"2026-05-04;left;{cell};3;2;ok")["morning_stiffness_min"] == minutes


@pytest.mark.parametrize(
    ("side", "words"),
    [
        (
            "left",
            "L|l|LEFT |Left|links|linker|gauche|izquierda|izq.|esquerda|sinistra|sx|lewa|left heel|linke Ferse",
        ),
        ("right", "R|right|rechts|droite|derecha|direita|destra|dx|prawa|talon droit|Right foot"),
        (
            "both",
            "B|both|bilateral|both sides|beide|beidseits|les deux|ambos|entrambi|obie|L+R|links und rechts",
        ),
    ],
)
def test_sides_in_eight_languages(side, words):
    assert [row(f"2026-05-04;{word};10;3;2;")["side"] for word in words.split("|")] == [side] * len(
        words.split("|")
    )


def test_an_unknown_side_costs_the_side():
    diary = read(f"{HEADER}\n2026-05-04;middle;10;3;2;ok\n")
    assert diary.symptoms["side"].to_list() == [None]
    assert diary.skipped[0].path == "row 2, side"


HEADINGS = {
    "de": "Datum;Seite;Morgensteifigkeit (min);Morgenschmerz (0-10);Schmerz beim Laufen;Schmerz danach;Bemerkung",
    "nl": "Datum;Kant;Ochtendstijfheid (min);Ochtendpijn (0-10);Pijn tijdens;Pijn na;Opmerking",
    "fr": "Date;C\u00f4t\u00e9;Raideur matinale (min);Douleur le matin;Douleur pendant;Douleur apr\u00e8s;Remarque",
    "es": "Fecha;Lado;Rigidez matutina (min);Dolor por la ma\u00f1ana;Dolor durante;Dolor despu\u00e9s;Nota",
    "pt": "Data;Lado;Rigidez matinal (min);Dor de manh\u00e3;Dor durante;Dor depois;Observa\u00e7\u00f5es",
    "it": "Data;Lato;Rigidit\u00e0 mattutina (min);Dolore al mattino;Dolore durante;Dolore dopo;Note",
    "pl": "Data;Strona;Sztywno\u015b\u0107 poranna (min);B\u00f3l rano;B\u00f3l podczas;B\u00f3l po;Uwagi",
    "en": "Day;Which heel;Stiffness (minutes);Pain on waking;Pain while running /10;Pain after run;Comments",
}


@pytest.mark.parametrize("language", sorted(HEADINGS))
def test_headings_in_eight_languages(language):
    diary = read(f"{HEADINGS[language]}\n2026-05-04;L;10;3;2;4;ok\n")
    wanted = (
        "side",
        "morning_stiffness_min",
        "morning_pain_0_10",
        "pain_during_0_10",
        "pain_after_0_10",
        "note",
    )
    assert diary.symptoms.select(wanted).rows() == [("left", 10.0, 3.0, 2.0, 4.0, "ok")]
    assert (diary.skipped, diary.warnings) == ([], [])


def test_a_side_in_the_heading_gives_each_side_its_entry():
    diary = read("date,left morning pain,right morning pain,note\n2026-05-04,3,1,stairs\n2026-05-05,,2,\n")
    assert diary.symptoms.select("date", "side", "morning_pain_0_10").sort("date", "side").rows() == [
        (date(2026, 5, 4), "left", 3.0),
        (date(2026, 5, 4), "right", 1.0),
        (date(2026, 5, 5), "right", 2.0),
    ]


def test_an_ambiguous_file_is_asked_once_and_read_with_the_answer():
    text = f"{HEADER}\n04/05/2026;left;10;3;2;\n06/05/2026;left;10;3;2;\n"
    with pytest.raises(
        AmbiguousDates, match=r"4 May 2026 or 5 April 2026.*--day-first or --month-first"
    ) as error:
        read(text)
    assert error.value.question.text == "04/05/2026"
    assert read(text, day_first=True).symptoms["date"].to_list() == [date(2026, 5, 4), date(2026, 5, 6)]
    assert read(text, day_first=False).symptoms["date"].to_list() == [date(2026, 4, 5), date(2026, 6, 5)]


def test_the_answer_changes_nothing_where_the_column_has_one_meaning():
    text = f"{HEADER}\n04/05/2026;left;10;3;2;\n25/05/2026;left;10;3;2;\n"
    assert read(text, day_first=False).symptoms["date"].to_list() == [date(2026, 5, 4), date(2026, 5, 25)]


def test_a_row_a_year_ahead_is_refused_and_tomorrow_is_not():
    diary = read("date,side,morning_pain\n2026-11-01,left,3\n2027-11-06,left,4\n2026-11-30,left,1\n")
    assert diary.symptoms["date"].to_list() == [date(2026, 11, 1), date(2026, 11, 30)]
    assert diary.skipped[0].path == "row 3"
    assert "2027-11-06 lies after the day of this import" in diary.skipped[0].reason


def test_a_race_may_lie_ahead_and_a_set_may_not():
    diary = read("date,event\n2027-05-04,race\n")
    assert diary.beside["event"].height == 1
    assert read("date,exercise\n2027-05-04,Hop\n").beside["strength"].is_empty()


@pytest.mark.parametrize("is_ods", [False, True])
def test_workbooks_are_diaries_too(is_ods):
    grid = [
        ["My heel"],
        ["Date", "Side", "Morning pain"],
        [date(2026, 5, 4), "L", 3],
        ["5.5.2026", "R", "2,5"],
    ]
    diary = read(write_ods(grid) if is_ods else write_xlsx({"Notes": [["a"]], "Diary": grid}))
    assert diary.symptoms.select("date", "side", "morning_pain_0_10").rows() == [
        (date(2026, 5, 4), "left", 3.0),
        (date(2026, 5, 5), "right", 2.5),
    ]


def test_dates_as_a_spreadsheet_counts_them_are_read_aloud():
    diary = read("date,morning_pain\n46146,3\n46147,3\n")
    assert diary.symptoms["date"].to_list() == [date(2026, 5, 4), date(2026, 5, 5)]
    assert diary.warnings == ["Its dates are numbers of days: 46146 was read as 2026-05-04."]


GARMIN = {
    "en": "Activity Type,Date,Favorite,Title,Distance,Calories,Time,Avg HR",
    "de": "Aktivit\u00e4tstyp,Datum,Favorit,Titel,Distanz,Kalorien,Zeit",
    "nl": "Activiteittype,Datum,Favoriet,Titel,Afstand,Calorie\u00ebn,Tijd",
    "fr": "Type d'activit\u00e9,Date,Favori,Titre,Distance,Calories,Dur\u00e9e",
    "es": "Tipo de actividad,Fecha,Favorito,T\u00edtulo,Distancia,Calor\u00edas,Tiempo",
}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        *(
            (f"{head}\nx,2026-05-04,false,y,5,300,30:00\n", "This is Garmin Connect's list")
            for head in GARMIN.values()
        ),
        (
            "date,distance_km,time,note\n2026-05-04,8.2,45:10,easy\n",
            "no column of pain or stiffness: it has date, dist",
        ),
        ("date,amount,note\n2026-05-04,12.50,shoes\n", "it has date, amount, note"),
        (
            "full_date,date,weekday,time,mood,activities,note_title,note\n2026-05-04,May 4,Mo,1,meh,,,s\n",
            "Daylio's",
        ),
        (
            "Activity Id,Date,Type,Route Name,Distance (km),GPX File\na,2026-05-04,Running,,3,a.gpx\n",
            "Runkeeper's list",
        ),
        ("date,side,pain (0-5),note\n2026-05-04,left,3,x\n", "its scale is 0 to 5"),
        ("date;Schmerz morgens (0\u20135)\n2026-05-04;3\n", "its scale is 0 to 5"),
        ("date,morning pain /100\n2026-05-04,30\n", "its scale is 0 to 100"),
        ("date,pain\n2026-05-04,3\n", "does not say when the pain was felt"),
        ("date,morning stiffness in the leg\n2026-05-04,3\n", "whether it counts minutes or a score"),
        ("side,morning_pain\nleft,3\n", "no column of dates: it has side, morning_pain"),
        ("2026-05-04,left,3\n2026-05-05,left,2\n", "holds no headings"),
        ("Dear diary\nmy heel was sore\n", "a text without columns"),
        ("Activity ID,Activity Date,Activity Name\n1,x,y\n", "a Strava export with columns taken out"),
        ("title,workoutType,WorkoutDay\nx,run,2026-05-04\n", "TrainingPeaks"),
    ],
)
def test_a_table_that_is_no_diary_is_refused_with_the_true_reason(text, reason):
    with pytest.raises(UnknownFile) as error:
        read(text)
    assert reason in str(error.value)


def test_a_column_on_another_scale_is_named_and_the_others_are_read():
    diary = read("date,morning_pain,pain_during (0-5)\n2026-05-04,3,2\n")
    assert diary.symptoms.select("morning_pain_0_10", "pain_during_0_10").rows() == [(3.0, None)]
    assert "pain_during (0-5) was not read: its scale is 0 to 5" in diary.warnings[0]


def test_a_zero_that_was_a_word_and_unknown_columns_are_told():
    diary = read("date,morning_pain,weather,\n2026-05-04,none,rain,stray\n")
    assert [w.split(",")[0].split(":")[0] for w in diary.warnings] == [
        "Columns not read" if len(diary.warnings) > 3 else "Column not read",
        "Column 4 has no heading and was not read.",
        '"none" in a column of numbers was read as 0; leave a cell empty for unknown.',
    ]


def test_nothing_of_a_refused_table_is_taken():
    for text in (
        "date,amount,note\n2026-05-04,12.50,shoes\n",
        "date,distance,note\n2026-05-04,5,sore heel\n",
    ):
        with pytest.raises(SourceError):
            read(text)


def test_what_two_rows_say_of_one_day_is_told():
    diary = read("date,side,morning_pain\n2026-05-04,left,3\n2026-05-04,left,5\n2026-05-04,,4\n")
    assert diary.symptoms.sort("side", nulls_last=True)["morning_pain_0_10"].to_list() == [5.0, 4.0]
    assert "row 3 was kept, row 2 was not" in diary.warnings[0]
    assert isinstance(diary.symptoms, pl.DataFrame)
