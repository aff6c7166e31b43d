"""What an exercise is called elsewhere, and what it is here: names of lifting apps and watches to ours."""

# The names stand in `exercise_names.csv`: one row an exercise of ours, with how it is done, and `|` between
# its names; a row without an exercise holds names that are kept as they are and need no question.

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

SETTING = "exercise_names"
"""Setting of a runner: JSON of names, as they came, to what the runner says they are; "" one of their own."""

_EQUIPMENT = frozenset(
    {
        "barbell",
        "dumbbell",
        "kettlebell",
        "machine",
        "cable",
        "smith",
        "band",
        "banded",
        "bodyweight",
        "weighted",
        "assisted",
        "plate",
        "loaded",
        "trap",
        "bar",
        "langhantel",
        "kurzhantel",
        "maschine",
        "kabelzug",
        "barre",
        "haltere",
        "barra",
        "mancuerna",
        "maquina",
        "halteres",
        "bilanciere",
        "manubri",
        "macchina",
        "stang",
        "halter",
        "sztanga",
    }
)
_UPPER_BODY = re.compile(
    r"\b(bench|chest|bicep|tricep|shoulder|pulldown|pull ?up|chin ?up|push ?up|press ?up|dip|fly|flye|shrug|face pull|"
    r"overhead|arnold|lateral raise|front raise|rear delt|reverse fly|wrist|forearm|neck|pullover|row|hammer curl|"
    r"preacher|skull ?crusher|military press|upright|incline press|decline press|(barbell|dumbbell|cable|ez bar) curl|"
    r"bankdrucken|klimmzug|liegestutz|latzug|rudern|schulterdrucken|bizeps|trizeps|developpe|traction|pompe|dominada|"
    r"flexion|remo|supino|panca|rematore|trazioni|curl (barbell|dumbbell|cable|ez bar|machine)|clean|snatch|jerk|"
    r"thruster|muscle ?up|kickback)s?\b"
)


@dataclass(frozen=True)
class ExerciseName:
    """What is known of an exercise by its name elsewhere."""

    exercise: str
    kind: str | None = None
    knee: str | None = None


def resolve(name: str, answers: Mapping[str, str] | None = None) -> ExerciseName | None:
    """Find what an exercise is here."""
    answer = (answers or {}).get(name.strip())
    if answer is not None:
        return _ours().get(_bag(answer)) or ExerciseName(answer or name.strip())
    words = _bag(name)
    exercise = _known().get(words) or _known().get(words - _EQUIPMENT)
    if exercise is None and _UPPER_BODY.search(_plain(name)):
        exercise = ExerciseName("", "other")
    if exercise is None:
        return None
    return exercise if exercise.exercise else ExerciseName(name.strip(), exercise.kind, exercise.knee)


def answers_of(settings: Mapping[str, str]) -> dict[str, str]:
    """What a runner said of names no table knows, from the settings of the store."""
    try:
        answers = json.loads(settings.get(SETTING) or "{}")
    except ValueError:
        return {}
    return (
        {str(name): str(exercise) for name, exercise in answers.items()} if isinstance(answers, dict) else {}
    )


@cache
def _rows() -> tuple[tuple[ExerciseName, tuple[str, ...]], ...]:
    text = files("connectors").joinpath("exercise_names.csv").read_text(encoding="utf-8")
    rows = list(csv.reader(text.splitlines()))[1:]
    return tuple(
        (ExerciseName(exercise, kind or None, knee or None), tuple(names.split("|")))
        for exercise, kind, knee, names in rows
    )


@cache
def _ours() -> dict[frozenset[str], ExerciseName]:
    return {_bag(one.exercise): one for one, _ in _rows() if one.exercise}


@cache
def _known() -> dict[frozenset[str], ExerciseName]:
    known = dict(_ours())
    for one, names in _rows():
        for name in names:
            known.setdefault(_bag(name), one)
    return known


def _bag(name: str) -> frozenset[str]:
    """Words of a name without order: "Calf Raises, Standing" is "Standing calf raise"."""
    return frozenset(
        word[:-1] if len(word) > 3 and word.endswith("s") else word for word in _plain(name).split()
    )


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold().replace("ł", "l"))
    return re.sub(r"[\W_]+", " ", "".join(c for c in letters if not unicodedata.combining(c))).strip()
