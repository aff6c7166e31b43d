"""`heelwise log`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from connectors.errors import StoreError
from connectors.frames import SYMPTOM
from connectors.store import Store
from dashboard.commands.options import open_store_option, select_runner
from dashboard.diary import entries


def log_command(
    day: date | None, said: Mapping[str, Any] | None, home: Path | None, athlete: str | None
) -> None:
    """Store one symptom entry."""
    store = open_store_option(home)
    runner = select_runner(store, athlete, create=athlete is None)
    day = day or datetime.now().astimezone().date()
    told = (
        [entries.SymptomEntry(day, **said)] if said is not None else _as_before(store, runner.athlete_id, day)
    )
    kept = entries.save_entry(store, runner.athlete_id, *told)
    done = {"new": "Logged", "updated": "Updated", "unchanged": "Already logged"}[kept.what]
    for entry in told:
        side = f", {entry.side}" if entry.side else ""
        typer.echo(f"{done}: {entry.date.isoformat()}{side} for {runner.name}.")


def _as_before(store: Store, athlete_id: int, day: date) -> list[entries.SymptomEntry]:
    before = entries.entries_on(store.read(SYMPTOM, athlete_id), day - timedelta(days=1))
    found = entries.same_as_before(before)
    if not found:
        raise StoreError(
            f"Nothing is logged for the morning before {day.isoformat()}, so there is nothing to take over. "
            "Nothing was stored; give the scores instead."
        )
    return found


class SideOption(StrEnum):
    """Which heel."""

    left = "left"
    right = "right"
    both = "both"


class SiteOption(StrEnum):
    """Where on the tendon."""

    midportion = "midportion"
    insertion = "insertion"
    other = "other"


class BandOption(StrEnum):
    """How many minutes the morning stiffness took to ease, as the Log page asks it."""

    none = "0"
    short = "<5"
    some = "5-15"
    long = "15-30"
    longest = ">30"


def _scale(help: str) -> Any:
    return typer.Option(min=0, max=10, help=help)


StiffnessOption = Annotated[float | None, _scale("0 to 10; leave out what you do not know.")]
MinutesOption = Annotated[
    float | None, typer.Option(min=0, max=1440, help="Minutes until the morning stiffness eased.")
]
InBandOption = Annotated[
    BandOption | None, typer.Option(help="The same as one of five bands of minutes; quote those with < or >.")
]
PainOption = Annotated[float | None, _scale("Morning pain, 0 to 10.")]
PainStartOption = Annotated[float | None, _scale("Pain in the first minutes of the run, 0 to 10.")]
WarmedUpOption = Annotated[
    bool | None, typer.Option("--warmed-up/--not-warmed-up", help="Whether that pain eased as you ran.")
]
PainDuringOption = Annotated[float | None, _scale("Pain while running, 0 to 10.")]
PainAfterOption = Annotated[float | None, _scale("Pain after running, 0 to 10.")]
WhichSideOption = Annotated[SideOption | None, typer.Option(help="Which heel.")]
WhereOption = Annotated[SiteOption | None, typer.Option(help="Where on the tendon.")]
NoteOption = Annotated[str | None, typer.Option(help="Your own words.")]
NothingOption = Annotated[bool, typer.Option("--none", help="No stiffness and no pain today: stores zeros.")]
SameOption = Annotated[
    bool, typer.Option("--same-as-before", help="This morning was as the one before: takes it over.")
]


def entry_from_options(answers: dict[str, Any], none: bool, same: bool) -> dict[str, Any] | None:
    """Return what is to be stored."""
    beside = ("side", "site", "note")
    given = any(value is not None for name, value in answers.items() if name not in beside)
    if none and (given or same):
        raise typer.BadParameter("--none means no stiffness and no pain; leave the scores out.")
    if same:
        if any(value is not None for value in answers.values()):
            raise typer.BadParameter("--same-as-before takes the morning before over; leave the rest out.")
        return None
    if not (none or given or answers["note"]):
        raise typer.BadParameter("Give at least one score, a note, --none or --same-as-before.")
    if not none:
        return answers
    zeros = {name: 0.0 for name in answers if name.endswith(("_0_10", "_min"))}
    return {**answers, **zeros, "morning_stiffness_band": "0"}
