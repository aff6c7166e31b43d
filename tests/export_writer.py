"""Made-up Strava exports for tests: any language, any era, any packing.

Use::

    from export_writer import Session, Shoe, write_export

    path = write_export(tmp_path / "export_1.zip", [Session(1, datetime(2024, 6, 4, 6, 13, 47, tzinfo=UTC))])
    write_export(folder, sessions, language="nl", era="2025")          # a path without .zip: an unpacked folder
    write_export(path, sessions, shoes=[Shoe("Old faithful")], folder="export_1/", others={"logins.csv": b"..."})

`activities_csv(sessions, language, era)` gives the table alone, as text. Eras (columns): "2018" (10, ISO dates,
metres), "2019" (10, long dates, km), "2020" (72 or 78), "2021" (78, markup in headings), "2023" (87), "2025" (99),
"2026" (103). Languages: en nl de fr es pt it pl.
"""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

LANGUAGES = ("en", "nl", "de", "fr", "es", "pt", "it", "pl")
LONG_ERAS = {"2020": 78, "2021": 78, "2023": 87, "2025": 99, "2026": 103}
SHORT_ERAS = ("2018", "2019")
ERAS = (*SHORT_ERAS, *LONG_ERAS)

SPORTS = {
    "en": {"Run": "Run", "Walk": "Walk", "Ride": "Ride", "Swim": "Swim", "TrailRun": "Trail Run"},
    "nl": {"Run": "Hardloopsessie", "Walk": "Wandeling", "Ride": "Fietsrit", "Swim": "Zwemmen"},
    "de": {"Run": "Lauf", "Walk": "Spaziergang", "Ride": "Radfahrt", "Swim": "Schwimmen"},
    "fr": {"Run": "Course à pied", "Walk": "Marche", "Ride": "Sortie à vélo", "Swim": "Natation"},
    "es": {"Run": "Carrera", "Walk": "Caminata", "Ride": "Bicicleta", "Swim": "Natación"},
    "pt": {"Run": "Corrida", "Walk": "Caminhada", "Ride": "Pedalada", "Swim": "Natação"},
    "it": {"Run": "Corsa", "Walk": "Camminata", "Ride": "Pedalata", "Swim": "Nuoto"},
    "pl": {"Run": "Bieg", "Walk": "Spacer", "Ride": "Jazda na rowerze", "Swim": "Pływanie"},
}
"""What a sport is called; a sport not listed is written as it is given."""

MONTHS = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "nl": "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "fr": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "es": "ene feb mar abr may jun jul ago sept oct nov dic",
    "pt": "jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.",
    "it": "gen feb mar apr mag giu lug ago set ott nov dic",
    "pl": "sty lut mar kwi maj cze lip sie wrz paź lis gru",
}

FIRST_HEADINGS = {
    "en": "Activity ID|Activity Date|Activity Name|Activity Type|Activity Description|Elapsed Time|Distance"
    "|Max Heart Rate|Relative Effort|Commute|Activity Private Note|Activity Gear|Filename|Athlete Weight|Bike Weight",
    "nl": "Activiteits-ID|Datum van activiteit|Naam activiteit|Activiteitstype|Beschrijving|Verstreken tijd|Afstand"
    "|Max. hartslag|Vergelijkbare poging|Woon-werkverkeer|Privénotitie|Uitrusting voor activiteit|Bestandsnaam"
    "|Gewicht sporter|Gewicht fiets",
    "de": "Aktivitäts-ID|Aktivitätsdatum|Name der Aktivität|Aktivitätsart|Beschreibung|Verstrichene Zeit|Distanz"
    "|Max. Herzfrequenz|Relative Leistung|Pendeln|Hinweis|Aktivitätsausrüstung|Dateiname|Sportlergewicht"
    "|Fahrradgewicht",
    "fr": "ID de l'activité|Date de l'activité|Nom de l'activité|Type d'activité|Description|Temps écoulé|Distance"
    "|Fréquence cardiaque max.|Effort relatif|Déplacement-transport|Note privée|Matériel utilisé|Nom du fichier"
    "|Poids de l'athlète|Poids du vélo",
}
"""The first block; a language not listed gets made-up headings, since the reader must not need them."""

SECOND_HEADINGS_EN = (
    "Elapsed Time|Moving Time|Distance|Max Speed|Average Speed|Elevation Gain|Elevation Loss|Elevation Low"
    "|Elevation High|Max Grade|Average Grade|Average Positive Grade|Average Negative Grade|Max Cadence"
    "|Average Cadence|Max Heart Rate|Average Heart Rate|Max Watts|Average Watts|Calories|Max Temperature"
    "|Average Temperature|Relative Effort|Total Work|Number of Runs|Uphill Time|Downhill Time|Other Time"
    "|Perceived Exertion|Type|Start Time|Weighted Average Power|Power Count|Prefer Perceived Exertion"
    "|Perceived Relative Effort|Commute|Total Weight Lifted|From Upload|Grade Adjusted Distance"
)
MARKUP = '<span class="translation_missing" title="translation missing: en-US.lib.export.{0}">{1}</span>'
BIKE_AT, GEAR_AT = 53, 54


@dataclass(frozen=True)
class Session:
    """One row. Null is an empty cell; `recording` is the file's bytes (packed here when the name ends in .gz)."""

    id: int
    start: datetime
    sport: str = "Run"
    name: str = "Morning Run"
    description: str = ""
    private_note: str = ""
    elapsed_s: float | None = 3_600.0
    moving_s: float | None = 3_500.0
    distance_m: float | None = 10_000.0
    max_speed_mps: float | None = 4.5
    ascent_m: float | None = 50.0
    descent_m: float | None = 48.0
    cadence_one_leg: float | None = 85.0
    max_heart_rate: float | None = 180.0
    heart_rate: float | None = 150.0
    exertion: float | None = None
    gear_name: str = ""
    gear_id: int | None = None
    bike_id: int | None = None
    file_name: str = ""
    recording: bytes | None = None


@dataclass(frozen=True)
class Shoe:
    """One row of shoes.csv."""

    name: str = ""
    brand: str = ""
    model: str = ""


def write_export(
    path: Path,
    sessions: Sequence[Session],
    language: str = "en",
    era: str = "2026",
    shoes: Iterable[Shoe] = (),
    folder: str = "",
    others: Mapping[str, bytes] | None = None,
) -> Path:
    """Write a whole export: a ZIP where the path ends in .zip, else a folder. Gives the path back."""
    members = {"activities.csv": activities_csv(sessions, language, era).encode()}
    members["shoes.csv"] = shoes_csv(shoes).encode()
    for session in sessions:
        if session.recording is not None:
            packed = session.file_name.endswith(".gz")
            members[session.file_name] = gzip.compress(session.recording) if packed else session.recording
    return write_members(path, {folder + n: data for n, data in (members | dict(others or {})).items()})


def write_members(path: Path, members: Mapping[str, bytes]) -> Path:
    """Write named bytes into a ZIP (path in .zip) or a folder."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members.items():
                archive.writestr(name, data)
        return path
    for name, data in members.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def activities_csv(sessions: Iterable[Session], language: str = "en", era: str = "2026") -> str:
    """The table alone, as text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(headings(language, era))
    writer.writerows(cells(session, language, era) for session in sessions)
    return out.getvalue()


def shoes_csv(shoes: Iterable[Shoe]) -> str:
    """The list of pairs, as text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["Shoe Name", "Shoe Brand", "Shoe Model", "Shoe Default Sport Types"])
    writer.writerows([s.name, s.brand, s.model, ""] for s in shoes)
    return out.getvalue()


def headings(language: str = "en", era: str = "2026") -> list[str]:
    """The first row of an era in a language."""
    if era == "2018":
        first = ["id", "date", "name", "type", "description"]
        return [*first, "elapsed_time", "distance", "commute", "gear", "filename"]
    made_up = "|".join(f"{language} {n}" for n in range(15))
    first = FIRST_HEADINGS.get(language, made_up).split("|")
    if era == "2019":
        return [first[i] for i in (0, 1, 2, 3, 4, 5, 6, 9, 11, 12)]
    second = SECOND_HEADINGS_EN.split("|")
    if language != "en":
        second = [f"{language} second {n}" for n in range(len(second))]
        second[0], second[2], second[15] = first[5], first[6], first[7]
    early = era in ("2020", "2021")
    if early:
        first = [heading for i, heading in enumerate(first) if i not in (7, 10)]
    row = first + second
    row += [f"{language} later {n}" for n in range(len(second), LONG_ERAS[era] - len(first) - 1)] + ["Media"]
    if language == "en":
        row[len(first) + BIKE_AT], row[len(first) + GEAR_AT] = "Bike", "Gear"
    if era in ("2021", "2023"):
        row[len(first) + 29] = MARKUP.format("type", "Type")
        row[-2] = "translation missing: en-US.lib.export.portability_exporter.total_steps"
    return row


def cells(session: Session, language: str = "en", era: str = "2026") -> list[str]:
    """One row of an era in a language."""
    sport = SPORTS[language].get(session.sport, session.sport)
    lead = [
        str(session.id),
        date_text(session.start, language, era),
        session.name,
        sport,
        session.description,
    ]
    elapsed = "" if session.elapsed_s is None else f"{session.elapsed_s:.0f}"
    if era in SHORT_ERAS:
        shown = _text(session.distance_m) if era == "2018" else shown_distance(session, language)
        return [*lead, elapsed, shown, "false", session.gear_name, session.file_name]
    first = [*lead, elapsed, shown_distance(session, language)]
    rest = ["", "false", session.private_note, session.gear_name, session.file_name, "", ""]
    first += ["", "false", *rest[3:]] if era in ("2020", "2021") else [_text(session.max_heart_rate), *rest]
    second = [""] * (len(headings(language, era)) - len(first))
    second[:7] = [_text(v) for v in _speeds(session)]
    second[13] = _text(session.cadence_one_leg)
    second[14:17] = [_text(v) for v in (session.cadence_one_leg, session.max_heart_rate, session.heart_rate)]
    second[28] = _text(session.exertion)
    second[BIKE_AT], second[GEAR_AT] = _text(session.bike_id), _text(session.gear_id)
    return first + second


def shown_distance(session: Session, language: str = "en") -> str:
    """Distance as displayed: km with two decimals; swims in metres with a separator for thousands."""
    if session.distance_m is None:
        return ""
    text = f"{session.distance_m:,.0f}" if session.sport == "Swim" else f"{session.distance_m / 1_000:,.2f}"
    return text if language == "en" else text.translate(str.maketrans(",.", ".,"))


def date_text(start: datetime, language: str = "en", era: str = "2026") -> str:
    """A start as the account's language writes it."""
    clock = f"{start:%H:%M:%S}"
    if era == "2018":
        return f"{start:%Y-%m-%d} {clock}"
    if language == "de":
        return f"{start:%d.%m.%Y}, {clock}"
    month = MONTHS[language].split()[start.month - 1]
    if language == "en":
        half = "AM" if start.hour < 12 else "PM"
        return f"{month} {start.day}, {start.year}, {start.hour % 12 or 12}:{start:%M:%S}\u202f{half}"
    if language == "pt":
        return f"{start.day} de {month} de {start.year}, {clock}"
    joint = " à " if language == "fr" else ", "
    return f"{start.day} {month} {start.year}{joint}{clock}"


def _speeds(session: Session) -> tuple[float | None, ...]:
    known = session.distance_m and session.moving_s
    average = (session.distance_m or 0) / (session.moving_s or 1) if known else None
    return (
        session.elapsed_s,
        session.moving_s,
        session.distance_m,
        session.max_speed_mps,
        average,
        session.ascent_m,
        session.descent_m,
    )


def _text(value: float | None) -> str:
    return "" if value is None else str(float(value))
