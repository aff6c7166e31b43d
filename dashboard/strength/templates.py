"""Exercises of foot, calf, hip and trunk as data: what each is, and what is known of its tendon load."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

BodyPart = Literal["calf", "foot", "ankle", "hip", "core"]

BODY_PARTS: dict[BodyPart, str] = {
    "calf": "Calf",
    "foot": "Foot",
    "ankle": "Ankle",
    "hip": "Hip and thigh",
    "core": "Core",
}
PEAK_SOURCE = (
    "Baxter 2021, Med Sci Sports Exerc 53:124 (doi:10.1249/MSS.0000000000002459), abstract: eight healthy adults, "
    "thirty exercises, force estimated with a 5 cm lever"
)


@dataclass(frozen=True)
class Exercise:
    """One exercise."""

    name: str
    part: BodyPart
    kind: str | None = None
    knee: str | None = None
    peak_bw: float | None = None


EXERCISES = (
    Exercise("Two-leg heel raise", "calf", "slow_heavy", "straight"),
    Exercise("Single-leg heel raise", "calf", "slow_heavy", "straight"),
    Exercise("Single-leg heel raise, bent knee", "calf", "slow_heavy", "bent"),
    Exercise("Standing calf raise with barbell", "calf", "slow_heavy", "straight"),
    Exercise("Leg-press calf raise", "calf", "slow_heavy", "straight"),
    Exercise("Seated calf raise, weighted", "calf", "slow_heavy", "bent"),
    Exercise("Seated heel raise", "calf", "slow_heavy", "bent", 0.5),
    Exercise("Calf hold, straight knee", "calf", "isometric", "straight"),
    Exercise("Seated calf hold", "calf", "isometric", "bent"),
    Exercise("Heel drop, straight knee", "calf", "eccentric", "straight"),
    Exercise("Heel drop, bent knee", "calf", "eccentric", "bent"),
    Exercise("Quick-rebounding heel raise", "calf", "plyometric", "straight"),
    Exercise("Two-leg hop", "calf", "plyometric"),
    Exercise("Single-leg hop", "calf", "plyometric"),
    Exercise("Single-leg forward hop", "calf", "plyometric", None, 7.3),
    Exercise("Skipping rope", "calf", "plyometric"),
    Exercise("Short foot", "foot", "other"),
    Exercise("Toe curl", "foot", "other"),
    Exercise("Big-toe press", "foot", "isometric"),
    Exercise("Toe spread", "foot", "other"),
    Exercise("Ankle eversion with band", "ankle", "other"),
    Exercise("Ankle inversion with band", "ankle", "other"),
    Exercise("Toe raise (shin)", "ankle", "other"),
    Exercise("Single-leg balance", "ankle", "other"),
    Exercise("Squat", "hip", "slow_heavy"),
    Exercise("Split squat", "hip", "slow_heavy"),
    Exercise("Step-up", "hip", "slow_heavy"),
    Exercise("Step-down", "hip", "slow_heavy"),
    Exercise("Deadlift", "hip", "slow_heavy"),
    Exercise("Single-leg deadlift", "hip", "slow_heavy"),
    Exercise("Hip thrust", "hip", "slow_heavy"),
    Exercise("Bridge", "hip", "other"),
    Exercise("Side-lying leg raise", "hip", "other"),
    Exercise("Band walk", "hip", "other"),
    Exercise("Plank", "core", "isometric"),
    Exercise("Side plank", "core", "isometric"),
    Exercise("Dead bug", "core", "other"),
    Exercise("Bird dog", "core", "other"),
)
_BY_NAME = {one.name.casefold(): one for one in EXERCISES}


def exercise(name: str) -> Exercise | None:
    """Look an exercise up.

    Names as physical therapists use them; peak loads from `PEAK_SOURCE`.
    """
    return _BY_NAME.get(name.strip().casefold())


Certainty = Literal["printed", "passed_on", "unchecked", "unsourced"]

CERTAINTY: dict[Certainty, str] = {
    "printed": "as printed in the study or a reference work on it",
    "passed_on": "as others pass the study on",
    "unchecked": "from memory, not checked in print",
    "unsourced": "a place to start from, without a study behind it",
}
"""How sure a number of a programme is: not whether it works."""
STEP_NOTES = ("sets", "repetitions", "load_kg", "hold_s", "tempo", "times_per_week")
LAST_WEEK = 520


@dataclass(frozen=True)
class ProgrammeStep:
    """One exercise over some weeks; the names are those of PROGRAMME."""

    exercise: str
    week_from: int
    week_to: int
    sets: int | None = None
    repetitions: int | None = None
    times_per_week: float | None = None
    hold_s: float | None = None
    tempo: str | None = None
    certainty: Certainty = "printed"
    note: str | None = None


@dataclass(frozen=True)
class ProgrammeTemplate:
    """A programme to start from."""

    name: str
    about: str
    source: str
    steps: tuple[ProgrammeStep, ...]
    authors: str = ""
    rest: str = ""

    @property
    def label(self) -> str:
        """Name with its authors, as a therapist calls it."""
        return f"{self.name} ({self.authors})" if self.authors else self.name


def _heavy() -> tuple[ProgrammeStep, ...]:
    stages = ((1, 1, 3, 15), (2, 3, 3, 12), (4, 5, 4, 10), (6, 8, 4, 8), (9, 12, 4, 6))
    names = ("Seated calf raise, weighted", "Leg-press calf raise", "Standing calf raise with barbell")
    return tuple(
        ProgrammeStep(
            name, first, last, sets, most, 3, tempo="3-0-3",
            certainty="passed_on" if first == 6 else "printed",
            note=f"Heaviest weight that allows {most}",
        )
        for first, last, sets, most in stages
        for name in names
    )  # fmt: skip


def _eccentric() -> tuple[ProgrammeStep, ...]:
    names = ("Heel drop, straight knee", "Heel drop, bent knee")
    note = "Twice a day; weight is added as it becomes easy; on the floor for pain at the heel bone"
    return tuple(ProgrammeStep(name, 1, 12, 3, 15, 14, certainty="passed_on", note=note) for name in names)


def _holds() -> tuple[ProgrammeStep, ...]:
    note = "At 70 % of the strongest push"
    return (ProgrammeStep("Seated calf hold", 1, 2, 5, 1, None, 45.0, certainty="passed_on", note=note),)


def _short_holds() -> tuple[ProgrammeStep, ...]:
    note = "At 90 % of the strongest push; either knee position loads the tendon alike"
    return (ProgrammeStep("Calf hold, straight knee", 1, 12, 5, 4, 3, 3.0, certainty="passed_on", note=note),)


def _plyometrics() -> tuple[ProgrammeStep, ...]:
    single, seated, drop = "Single-leg heel raise", "Seated heel raise", "Heel drop, straight knee"
    rebound, weighted = "Quick-rebounding heel raise", "With added weight, on the edge of a step"
    floor, edge, plyometric = "On the floor", "On the edge of a step", "The study says plyometric training"
    return (
        ProgrammeStep("Two-leg heel raise", 1, 2, 3, 15, 7, note="10 to 15 repetitions, on the floor"),
        ProgrammeStep(single, 1, 2, 3, 10, 7, note=floor),
        ProgrammeStep(seated, 1, 2, 3, 10, 7),
        ProgrammeStep(drop, 1, 2, 3, 10, 7, note=floor),
        ProgrammeStep("Two-leg heel raise", 3, 5, 3, 15, 7, note=edge),
        ProgrammeStep(single, 3, 5, 3, 15, 7, note=f"{edge}; 10 or 15 repetitions: reprints differ"),
        ProgrammeStep(seated, 3, 5, 3, 15, 7),
        ProgrammeStep(drop, 3, 5, 3, 15, 7, note=edge),
        ProgrammeStep(rebound, 3, 5, 3, 20, 7),
        ProgrammeStep(single, 6, 12, 3, 15, 3, note=weighted),
        ProgrammeStep(seated, 6, 12, 3, 15, 7),
        ProgrammeStep(drop, 6, 12, 3, 15, 3, note=weighted),
        ProgrammeStep(rebound, 6, 12, 3, 20, 7),
        ProgrammeStep("Two-leg hop", 6, 8, None, None, 3, certainty="unsourced", note=plyometric),
        ProgrammeStep("Single-leg hop", 9, 12, None, None, 3, certainty="unsourced", note=plyometric),
    )  # fmt: skip


def _stages() -> tuple[ProgrammeStep, ...]:
    """Isometric holds for two weeks, the twelve heavy weeks after them, then rebounding and hops."""
    holds = tuple(replace(step, times_per_week=4, certainty="unsourced") for step in _holds())
    heavy = tuple(replace(step, week_from=step.week_from + 2, week_to=step.week_to + 2) for step in _heavy())
    hops = (
        ProgrammeStep("Quick-rebounding heel raise", 15, 20, 3, 20, 3, certainty="unsourced"),
        ProgrammeStep("Two-leg hop", 15, 17, 3, 10, 2, certainty="unsourced"),
        ProgrammeStep("Single-leg hop", 18, 20, 3, 10, 2, certainty="unsourced"),
        ProgrammeStep(
            "Standing calf raise with barbell", 15, 20, 4, 6, 2, tempo="3-0-3", certainty="unsourced"
        ),
    )
    return (*holds, *heavy, *hops)


def _beside_the_calf() -> tuple[ProgrammeStep, ...]:
    return (
        ProgrammeStep("Short foot", 1, 12, 3, 10, 3, certainty="unsourced"),
        ProgrammeStep("Ankle eversion with band", 1, 12, 3, 15, 3, certainty="unsourced"),
        ProgrammeStep("Single-leg balance", 1, 12, 3, 1, 3, 30.0, certainty="unsourced", note="Each leg"),
        ProgrammeStep("Step-down", 1, 12, 3, 10, 3, certainty="unsourced", note="Each leg, slowly"),
        ProgrammeStep("Side-lying leg raise", 1, 12, 3, 15, 3, certainty="unsourced", note="Each leg"),
        ProgrammeStep("Side plank", 1, 12, 3, 1, 3, 30.0, certainty="unsourced", note="Each side"),
    )


STAGED = "Isometric, then slow heavy, then plyometric"
TEMPLATES = (
    ProgrammeTemplate(
        "Heavy slow resistance",
        "In a trial of 58 people it did no better or worse than eccentric training by VISA-A, and people were more "
        "content with it.",
        "Beyer 2015, Am J Sports Med 43:1704, as in UpToDate graphic 103058; weeks 6 to 8 as others pass "
        "them on",
        _heavy(),
        authors="Beyer 2015",
        rest="2 to 3 min between sets, 5 min between exercises",
    ),
    ProgrammeTemplate(
        "Eccentric heel drops",
        "The programme most trials compare others with.",
        "Alfredson 1998, Am J Sports Med 26:360, as handouts pass it on",
        _eccentric(),
        authors="Alfredson 1998",
    ),
    ProgrammeTemplate(
        "Isometric holds",
        "In 16 people with a sore Achilles tendon one such session gave no meaningful relief at once; how often a week "
        "nobody said. The idea comes from studies of the tendon below the kneecap.",
        "O'Neill 2019, Knee Surg Sports Traumatol Arthrosc 27:2765 (PMC6706360)",
        _holds(),
        authors="O'Neill 2019",
    ),
    ProgrammeTemplate(
        "Short heavy holds",
        "Holds of a few seconds near the strongest push made tendons stiffer in healthy people over 12 to 14 weeks; "
        "for sore tendons it is untested whether they do better than the 45-second holds beside them.",
        "Arampatzis 2007, J Exp Biol 210:2743; Bohm 2015 (PMC4532714), as others pass them on",
        _short_holds(),
        authors="Arampatzis 2007",
    ),
    ProgrammeTemplate(
        "Return to plyometrics (Silbernagel)",
        "In a trial of 38 people its users went on running by a pain rule and did no worse than those who paused. The "
        "weeks of its phases overlap in print; here each begins where the one before ends.",
        "Silbernagel 2007, Am J Sports Med 35:897, as in the Achilles Tendinopathy Toolkit, appendix A",
        _plyometrics(),
    ),
    ProgrammeTemplate(
        STAGED,
        "The stages of three programmes one after another. The weeks are a place to start: what must be true to move "
        "on is listed beside them. The order is a consensus; no trial has tested it.",
        "stages of O'Neill 2019 (PMC6706360), Beyer 2015, Am J Sports Med 43:1704, and Silbernagel 2007, Am J Sports "
        "Med 35:897; their order and the weeks of the hops are custom",
        _stages(),
        authors="by criteria",
        rest="2 to 3 min between sets, 5 min between exercises",
    ),
    ProgrammeTemplate(
        "Foot, ankle, hip and trunk",
        "A short round beside the calf work, about 15 minutes. No trial says that it changes an Achilles tendon.",
        "custom",
        _beside_the_calf(),
    ),
)


RENAMED = {"Return to plyometrics": "Return to plyometrics (Silbernagel)"}
"""Names under which templates were kept before."""


@dataclass(frozen=True)
class Recommendation:
    """One line of a clinical guideline with the grade its authors gave it."""

    text: str
    grade: str


GUIDELINE = "JOSPT 2024 (doi:10.2519/jospt.2024.0302), midportion Achilles tendinopathy"
RECOMMENDATIONS = (
    Recommendation("Loading of the tendon as the first treatment.", "A"),
    Recommendation("No complete rest: go on with what pain allows.", "B"),
    Recommendation("Exercises three times a week or more.", "E"),
)
"""Grades: A strong evidence, B moderate, E theoretical or foundational."""
ORDER_NOTE = f"“{STAGED}” is a consensus; no trial has tested the order."
KNEE_NOTE = "With a bent and with a straight knee the tendon is loaded alike."


def find_template(name: str) -> ProgrammeTemplate | None:
    """Look a template up."""
    now = RENAMED.get(name, name)
    return next((one for one in TEMPLATES if one.name == now), None)


FLOOR_NOTE = "on the floor, the heel not below it"
_LOWERED = ("slow_heavy", "eccentric")
"""Kinds of calf work in which the heel is lowered; a hold and a hop do not go below the floor."""


def floor_note(exercise_name: str, note: str | None) -> str | None:
    """Return the note of a calf exercise for pain at the heel bone: no load into dorsiflexion (Jonsson 2008)."""
    known = exercise(exercise_name)
    if known is None or known.part != "calf" or known.kind not in _LOWERED or FLOOR_NOTE in (note or ""):
        return note
    parts = [part.strip() for part in (note or "").split(";")]
    left = [part for part in parts if part and "floor" not in part.lower()]
    left = [
        part.replace(", on the edge of a step", "")
        for part in left
        if part.lower() != "on the edge of a step"
    ]
    return "; ".join([*left, FLOOR_NOTE])


def template_rows(
    chosen: ProgrammeTemplate, start: date, decided_by: str, on_floor: bool = False
) -> list[dict[str, Any]]:
    """Turn a template into rows of PROGRAMME, to be edited; `on_floor` for pain at the heel bone."""
    return [
        {
            "programme": chosen.name,
            "start_date": start,
            "week_from": step.week_from,
            "week_to": step.week_to,
            "exercise": step.exercise,
            "kind": known.kind if known else None,
            "knee": known.knee if known else None,
            "sets": step.sets,
            "repetitions": step.repetitions,
            "load_kg": None,
            "hold_s": step.hold_s,
            "tempo": step.tempo,
            "times_per_week": step.times_per_week,
            "decided_by": decided_by,
            "note": floor_note(step.exercise, step.note) if on_floor else step.note,
        }
        for step in chosen.steps
        for known in [exercise(step.exercise)]
    ]


def certainty(row: Mapping[str, Any]) -> Certainty | None:
    """Describe how sure the numbers of one row of a programme are, whichever weeks they were moved to.

    An edited number is the person's, not the study's.
    """
    known = find_template(row["programme"])
    numbers = [name for name in STEP_NOTES if name != "load_kg"]
    same = [
        step
        for step in (known.steps if known else ())
        if step.exercise == row["exercise"]
        and all(getattr(step, name, None) == row.get(name) for name in numbers)
    ]
    weeks = row["week_from"], row["week_to"]
    exact = [step for step in same if (step.week_from, step.week_to) == weeks]
    return next((step.certainty for step in (*exact, *same)), None)


def has_own_weeks(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether a programme's weeks are no longer those of its template: held, moved on or edited."""
    known = find_template(rows[0]["programme"])
    weeks = {(step.exercise, step.week_from, step.week_to) for step in (known.steps if known else ())}
    return known is not None and {(r["exercise"], r["week_from"], r["week_to"]) for r in rows} != weeks
