"""Which column of a table is which column of the diary: our own names, and the words of eight languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from connectors.csv_cells import normalise
from connectors.ingest.diary_cells import DIARY_COLUMNS
from connectors.manual_rows import EVENTS, RESULTS, SETS
from connectors.month_names import plain_text

SUBJECTS = (SETS, RESULTS, EVENTS)
OWN_NAMES = {*DIARY_COLUMNS, *(name for subject in SUBJECTS for name in subject.columns)}
SYMPTOM_NAMES = tuple(name for name in DIARY_COLUMNS if name not in ("date", "side", "site", "note"))
"""Columns that say something of the tendon; a side, a site or a note alone is no symptom."""

_WORDS = {
    "date": "date datum day dag tag jour fecha dia data giorno dzien",
    "timestamp": "timestamp zeitstempel tijdstempel horodateur",
    "side": "side seite zijde kant kantje cote lado lato strona leg bein been jambe pierna perna gamba noga foot fuss "
    "voet pied pie pe piede stopa heel ferse hiel talon tallone calcanhar pieta which heels legs achilles",
    "note": "note notes notiz notizen notitie notities opmerking opmerkingen bemerkung bemerkungen anmerkung "
    "anmerkungen kommentar kommentare comment comments commentaire commentaires remarque remarques nota notas "
    "observacion observaciones comentario comentarios observacao observacoes commento commenti osservazioni uwagi "
    "uwaga notatka notatki komentarz remarks remark",
    "site": "site location place stelle ort plaats plek endroit lieu sitio lugar local luogo punto miejsce",
    "pain": "pain pijn schmerz schmerzen douleur douleurs dolor dor dolore bol bolu",
    "stiffness": "stiffness stijfheid steifigkeit steifheit raideur rigidez rigidita sztywnosc",
    "morning": "morning mornings ochtend ochtends smorgens morgen morgens morgendlich morgendliche fruh matin matinale "
    "matinal manana matutino matutina manha matinal mattina mattino mattutina mattutino rano poranny poranna "
    "waking wake wakeup up reveil lever despertar acordar levantar risveglio alzarsi aufstehen aufwachen opstaan "
    "ontwaken przebudzeniu wstaniu",
    "during": "during tijdens wahrend beim pendant durante podczas while lors mientras correndo corriendo belastung",
    "after": "after afterwards na nach danach apres despues depois apos dopo po",
    "start": "start starting anlauf beginn begin anfang debut inicio inizio poczatek poczatku beginning",
    "minutes": "min mins minute minutes minuten minuti minutos minut minuty",
    "hours": "h hour hours stunden uur heures horas ore godziny",
    "left": "left links linke linker linkes gauche izquierda izquierdo esquerda esquerdo sinistra sinistro lewa lewy "
    "lewej l",
    "right": "right rechts rechte rechter rechtes droite droit derecha derecho direita direito destra destro prawa "
    "prawy prawej r",
}
_MEANING = {word: meaning for meaning, words in _WORDS.items() for word in words.split()}
_STEMS = (
    ("schmerz", "pain"),
    ("pijn", "pain"),
    ("steif", "stiffness"),
    ("stijf", "stiffness"),
    ("sztywn", "stiffness"),
    ("rigid", "stiffness"),
    ("morgen", "morning"),
    ("ochtend", "morning"),
    ("anlauf", "start"),
    ("start", "start"),
    ("belastung", "during"),
    ("porann", "morning"),
)
"""Parts of compounds such as Morgensteifigkeit and ochtendpijn."""

_WHOLE_NAMES = {
    "marca temporal": "date",
    "carimbo de data/hora": "date",
    "informazioni cronologiche": "date",
    "sygnatura czasowa": "date",
    "full date": "date",
    "entry date": "date",
    "vas": "pain",
    "nrs": "pain",
}
_SCALE = re.compile(r"(?<!\d)(\d{1,3}) ?(?:-|to|bis|tot|a|do|al|ate|\.\.|…|/) ?(\d{1,3})(?!\d)")
_OF = re.compile(r"(?:/|out of|of|von|van|sur|de|su|na) ?(\d{1,3})\b")
_RUNNING = (
    "running",
    "run",
    "laufen",
    "lauf",
    "hardlopen",
    "course",
    "carrera",
    "correr",
    "corrida",
    "corsa",
)


@dataclass(frozen=True)
class DiaryColumn:
    """One column of a table that the diary reads."""

    at: int
    name: str
    heading: str
    side: str = ""


@dataclass(frozen=True)
class DiaryHeader:
    """What the headings of a table mean for the diary."""

    columns: list[DiaryColumn] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def names(self) -> set[str]:
        """Our names of the columns that are read."""
        return {column.name for column in self.columns}

    def is_diary(self) -> bool:
        """Recognise a diary: dates, and symptoms, sets, tests or events beside them, or nothing foreign at all."""
        names = self.names()
        if "date" not in names:
            return False
        columns = names & {*SYMPTOM_NAMES, *(subject.main_column for subject in SUBJECTS)}
        return bool(columns) or not (self.unknown or self.refused)


def read_header(header: Sequence[str]) -> DiaryHeader:
    """Find the columns of the diary among the headings of a table; our own names come before words."""
    read = DiaryHeader()
    taken: set[tuple[str, str]] = set()
    dated: list[DiaryColumn] = []
    for at, heading in enumerate(header):
        if not heading.strip():
            continue
        name, side, reason, remark = _meaning(heading)
        column = DiaryColumn(at, name, heading.strip(), side)
        if reason:
            read.refused[column.heading] = reason
        elif not name:
            read.unknown.append(column.heading)
        elif name in ("date", "timestamp"):
            dated.append(column)
        elif (name, side) in taken:
            read.remarks.append(f"Column {column.heading} stands twice; the first one was read.")
        else:
            taken.add((name, side))
            read.columns.append(column)
            read.remarks.extend([remark] if remark else [])
    _choose_date(read, dated)
    return read


def has_diary_header(cells: Sequence[str]) -> bool:
    """Distinguish the header row of a diary from a title above it."""
    read = read_header(cells)
    return "date" in read.names() and len(read.columns) + len(read.unknown) + len(read.refused) > 1


def _choose_date(read: DiaryHeader, dated: Sequence[DiaryColumn]) -> None:
    """One column of dates: the one called just `date` before any other, a form's timestamp last."""
    if not dated:
        return
    best = min(dated, key=lambda one: (one.name == "timestamp", normalise(one.heading) != "date", one.at))
    read.columns.insert(0, DiaryColumn(best.at, "date", best.heading))
    read.unknown.extend(one.heading for one in dated if one is not best)


def _meaning(heading: str) -> tuple[str, str, str, str]:
    """Our name of a heading, the side it names, why it is refused, and a doubt; each "" where there is none."""
    own = normalise(heading)
    if own in OWN_NAMES:
        return own, "", "", ""
    text = plain_text(heading).replace("_", " ")
    text = re.sub(r"(?<=[a-z])-(?=[a-z])", " ", text)
    scale = _scale(text)
    words = list(re.findall(r"[^\W\d_]+", _SCALE.sub(" ", text)))
    bare = " ".join(words)
    if own_name := next(
        (n for n in OWN_NAMES if n.replace("_", " ") == bare and n not in ("date", "note")), ""
    ):
        return _scored(own_name, "", scale, heading)
    meant = _meanings(words) | ({_WHOLE_NAMES[bare]} if bare in _WHOLE_NAMES else set())
    side = "left" if "left" in meant else "right" if "right" in meant else ""
    if {"pain", "stiffness"} & meant:
        return _symptom(meant, side, scale, heading)
    return _other(words, meant, bare), "", "", ""


def _meanings(words: Sequence[str]) -> set[str]:
    meant = {_MEANING[word] for word in words if word in _MEANING}
    for word in words:
        meant |= {meaning for stem, meaning in _STEMS if stem in word}
    return meant


def _other(words: Sequence[str], meant: set[str], bare: str) -> str:
    """Dates, side, site and notes; only a heading that says nothing else besides."""
    if bare in _WHOLE_NAMES:
        return "timestamp" if bare != "full date" else "date"
    for name in ("date", "timestamp", "side", "note", "site"):
        if name in meant and all(
            _MEANING.get(word) in (name, "left", "right") or len(word) < 4 for word in words
        ):
            return name
    return ""


def _symptom(
    meant: set[str], side: str, scale: tuple[int, int] | None, heading: str
) -> tuple[str, str, str, str]:
    if "stiffness" in meant and "pain" not in meant:
        return _stiffness(meant, side, scale, heading)
    if "pain" in meant and "stiffness" in meant:
        return "", "", "it names pain and stiffness in one", ""
    if name := _moment(meant, heading):
        return _scored(name, side, scale, heading)
    reason = _wrong_scale(scale) or (
        "it does not say when the pain was felt; call it morning_pain, pain_during (while running) or pain_after"
    )
    return "", "", reason, ""


_TIMES_OF_DAY = (
    ("start", "pain_start"),
    ("during", "pain_during"),
    ("after", "pain_after"),
    ("morning", "morning_pain"),
)
"""A morning run's pain after it is pain after it: the moment of the run comes before the time of day."""


def _moment(meant: set[str], heading: str) -> str:
    """Our name of a column of pain by when it was felt; "" where the heading does not say."""
    if _wakes(heading):
        return "morning_pain"
    match = next((name for moment, name in _TIMES_OF_DAY if moment in meant), "")
    running = any(word in plain_text(heading).split() for word in _RUNNING)
    return match or ("pain_during" if running else "")


def _wakes(heading: str) -> bool:
    stems = (
        "aufstehen",
        "aufwachen",
        "opstaan",
        "ontwaken",
        "reveil",
        "lever",
        "despertar",
        "acordar",
        "risveglio",
    )
    text = plain_text(heading)
    return any(
        stem in text for stem in (*stems, "waking", "wake", "przebudz", "wstaniu", "levantar", "alzarsi")
    )


def _stiffness(
    meant: set[str], side: str, scale: tuple[int, int] | None, heading: str
) -> tuple[str, str, str, str]:
    if scale:
        return _scored("morning_stiffness", side, scale, heading)
    if "minutes" in meant:
        return "morning_stiffness_min", side, "", ""
    if "hours" in meant:
        return "", "", "it is in hours; write minutes and call it morning_stiffness_min", ""
    reason = (
        "it does not say whether it counts minutes or a score; call it morning_stiffness_min (minutes) or "
        "morning_stiffness (0 to 10)"
    )
    return "", "", reason, ""


def _scored(name: str, side: str, scale: tuple[int, int] | None, heading: str) -> tuple[str, str, str, str]:
    if name == "morning_stiffness_min" or not scale:
        return name, side, "", ""
    if wrong := _wrong_scale(scale):
        return "", "", wrong, ""
    remark = f"Column {heading.strip()} begins at {scale[0]}, not at 0; its numbers were read as they stand."
    return name, side, "", remark if scale[0] else ""


def _wrong_scale(scale: tuple[int, int] | None) -> str:
    if scale is None or scale[1] == 10:
        return ""
    return (
        f"its scale is {scale[0]} to {scale[1]}, and Heelwise reads 0 to 10; write the numbers on that scale"
    )


def _scale(text: str) -> tuple[int, int] | None:
    """The scale that a heading names, such as (0-5) or /10."""
    if match := _SCALE.search(text):
        return int(match[1]), int(match[2])
    if match := _OF.search(text):
        return 0, int(match[1])
    return (0, 100) if "%" in text or re.search(r"\bmm\b", text) else None
