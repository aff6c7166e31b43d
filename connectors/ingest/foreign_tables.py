"""Tables that are no diary: which service's list a table is and what to import instead, or what it lacks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from connectors.ingest.diary_columns import DiaryHeader
from connectors.month_names import plain_text

MOST_HEADINGS = 8


@dataclass(frozen=True)
class ForeignList:
    """A list that another program writes."""

    title: str
    instead: str
    headings: tuple[tuple[str, ...], ...]


FOREIGN = (
    ForeignList(
        "Garmin Connect's list of activities",
        "Import its FIT files: the account takeout that Garmin sends on request, or Export Original on each activity.",
        (
            ("activity type", "date", "favorite", "title"),
            ("activity type", "date", "favourite", "title"),
            ("aktivitatstyp", "datum", "favorit", "titel"),
            ("activiteittype", "datum", "favoriet", "titel"),
            ("activiteitstype", "datum", "favoriet", "titel"),
            ("type d'activite", "date", "favori", "titre"),
            ("type d'activite", "date", "favoris", "titre"),
            ("tipo de actividad", "fecha", "favorito", "titulo"),
            ("tipo di attivita", "data", "preferito", "titolo"),
            ("tipo attivita", "data", "preferiti", "titolo"),
            ("tipo de atividade", "data", "favorito", "titulo"),
            ("tipo de atividade", "data", "favoritos", "titulo"),
            ("typ aktywnosci", "data", "ulubiony", "tytul"),
            ("typ aktywnosci", "data", "ulubione", "tytul"),
            ("activity type", "date", "title", "avg run cadence"),
            ("activity type", "date", "title", "avg stride length"),
        ),
    ),
    ForeignList(
        "Garmin Connect's table of laps",
        "Import the FIT file of the activity: Export Original on its page.",
        (
            ("laps", "time", "distance", "avg pace"),
            ("laps", "time", "cumulative time"),
            ("split", "time", "moving time"),
        ),
    ),
    ForeignList(
        "Runkeeper's list of activities",
        "Import the GPX files that lie beside it in the same export.",
        (
            ("activity id", "date", "type", "route name", "gpx file"),
            ("date", "type", "route name", "gpx file"),
        ),
    ),
    ForeignList(
        "Runkeeper's list of body measurements",
        "Heelwise reads no weights; import the GPX files that lie beside it.",
        (("date", "type", "value"),),
    ),
    ForeignList(
        "a list of activities from a Strava export with columns taken out or renamed",
        "Import the export's ZIP as it came from Strava.",
        (
            ("activity id", "activity date", "activity name"),
            ("activity date", "activity type"),
            ("activity id", "filename"),
        ),
    ),
    ForeignList(
        "Runalyze's list of activities",
        "Import the FIT, TCX or GPX files of its export.",
        (("time", "sportid", "distance"), ("date", "sport", "vo2max", "trimp")),
    ),
    ForeignList(
        "intervals.icu's list of activities",
        "Import the original FIT files: Download original on each activity, or its export of all files.",
        (
            ("id", "start_date_local", "type"),
            ("icu_training_load", "type"),
            ("start_date_local", "moving_time"),
        ),
    ),
    ForeignList(
        "TrainingPeaks' list of workouts",
        "Import the workout files (FIT) of its export.",
        (("title", "workouttype", "workoutday"), ("workoutday", "plannedduration")),
    ),
    ForeignList(
        "Polar Flow's table of a session",
        "Import the session as TCX or FIT from Polar Flow.",
        (("name", "sport", "date", "start time", "duration"), ("sample rate", "time", "hr (bpm)")),
    ),
    ForeignList(
        "a list of activities from MapMyRun or another app of that family",
        "Import the TCX or GPX file of each workout.",
        (("date submitted", "workout date", "activity type"),),
    ),
    ForeignList(
        "a list of activities from Nike Run Club, adidas Running or a like app",
        "Import GPX or TCX files, which such apps export one by one or on request.",
        (("activity type", "start time", "distance", "duration"), ("sport type", "start time", "distance")),
    ),
    ForeignList(
        "Daylio's list of moods",
        "It has no pain or stiffness on a scale; write these into a table with a date for each row.",
        (("full_date", "weekday", "mood", "activities"), ("full_date", "mood")),
    ),
    ForeignList(
        "Fitbit's or Google's table of daily totals",
        "Import recordings: the TCX files of its activities.",
        (("date", "calories burned", "steps"), ("date", "move minutes count")),
    ),
    ForeignList(
        "Whoop's table of days",
        "It holds no recordings of runs; import the files of your watch or of Strava.",
        (("cycle start time", "recovery score %"), ("cycle start time", "cycle end time")),
    ),
    ForeignList(
        "a contact list or an account list of Strava's export",
        "Import the export's ZIP as a whole: only the runs and shoes in it are read.",
        (("shoe name", "shoe brand"), ("bike name", "bike brand"), ("follower",)),
    ),
)
"""Lists seen in public exports of these services, and headings translated by their own pages."""

_DISTANCE = (
    "distance",
    "distanz",
    "distanza",
    "distancia",
    "afstand",
    "dystans",
    "km",
    "miles",
    "strecke",
    "kilometer",
)
_TIME = (
    "time",
    "duration",
    "dauer",
    "zeit",
    "tijd",
    "duur",
    "duree",
    "temps",
    "tiempo",
    "duracion",
    "tempo",
    "durata",
    "czas",
    "pace",
)


def foreign_list(header: Sequence[str]) -> ForeignList | None:
    """Find whose list a table is by its headings; None where nobody's is known."""
    there = {plain_text(heading).strip('"') for heading in header}
    return next((known for known in FOREIGN if any(there >= set(one) for one in known.headings)), None)


def why_no_diary(header: Sequence[str], name: str, read: DiaryHeader) -> str:
    """Describe what a table is, or what it lacks to be a diary, and what to do; nothing of it was taken."""
    if known := foreign_list(header):
        return f"This is {known.title}, not a diary. {known.instead}"
    if not any(heading.strip() for heading in header):
        return f"{name} holds no table. Nothing was taken from it."
    has = f"it has {_headings(header)}"
    if _is_headless(header):
        return (
            f"Its first row ({_headings(header)}) holds no headings. Nothing was read; write date, side, morning_pain "
            "and the like above the columns."
        )
    if read.refused:
        why = "; ".join(
            f'its column "{heading}" was refused: {reason}' for heading, reason in read.refused.items()
        )
        lacks = "" if "date" in read.names() else f" It has no column of dates either: {has}."
        return f"Nothing was read from this table: {why}.{lacks}"
    if "date" not in read.names() and read.names():
        return (
            f"This table has no column of dates: {has}. Nothing was read; name the column of the days date."
        )
    return _without_symptoms(header, has)


def _without_symptoms(header: Sequence[str], has: str) -> str:
    if sum(bool(heading.strip()) for heading in header) == 1:
        return f"This is a text without columns, not a diary: {has}. Nothing was taken from it."
    likely = (
        "It looks like a list of training; runs are read from FIT, GPX and TCX recordings and from a Strava export. "
        if _is_training_log(header)
        else ""
    )
    return f"This table has no column of pain or stiffness: {has}. {likely}Nothing was taken from it."


def _headings(header: Sequence[str]) -> str:
    names = [heading.strip() for heading in header if heading.strip()]
    more = f" and {len(names) - MOST_HEADINGS} more" if len(names) > MOST_HEADINGS else ""
    return ", ".join(name[:40] for name in names[:MOST_HEADINGS]) + more


def _is_headless(header: Sequence[str]) -> bool:
    return any(re.fullmatch(r"[\d.,:/\- ]*\d[\d.,:/\- ]*", heading.strip()) for heading in header)


def _is_training_log(header: Sequence[str]) -> bool:
    words = {
        word for heading in header for word in re.findall(r"[^\W\d_]+", plain_text(heading).replace("_", " "))
    }
    return bool(words & set(_DISTANCE)) and bool(words & set(_TIME))
