"""What a runner can set: units, start of the week, time zone, and a little about the body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from connectors.errors import HeelwiseError
from connectors.store import Store
from connectors.store.after_import import assign_local_dates

LIGHTEST_KG = 20.0
HEAVIEST_KG = 300.0
OLDEST_YEARS = 120


@dataclass(frozen=True)
class Preference:
    """One thing to set."""

    name: str
    title: str
    choices: Mapping[str, str] = field(default_factory=dict)
    help: str = ""

    def widget(self, where: Any, now: str | None) -> str | None:
        """Show the control."""
        key, choices = f"preference_{self.name}", self.choices or (zones() if self.name == ZONE else {})
        if not choices:
            return where.text_input(self.title, value=now or "", help=self.help or None, key=key)
        texts = list(choices)
        at = texts.index(now) if now in texts else 0
        return where.selectbox(
            self.title, texts, index=at, format_func=choices.get, help=self.help or None, key=key
        )


ZONE = "timezone"


@cache
def zones() -> dict[str, str]:
    """Return every zone of this machine by name, first of all none."""
    return {"": "Your most usual one"} | {name: name for name in sorted(available_timezones())}


PREFERENCES = (
    Preference("distance_unit", "Distance", {"km": "Kilometres", "mi": "Miles"}),
    Preference("height_unit", "Climb and descent", {"m": "Metres", "ft": "Feet"}),
    Preference("weight_unit", "Lifted weight", {"kg": "Kilograms", "lb": "Pounds"}),
    Preference(
        "week_start", "Week starts on", {"monday": "Monday", "sunday": "Sunday", "saturday": "Saturday"}
    ),
    Preference(
        ZONE,
        "Time zone",
        help="For runs whose recording names none. Type a place, such as Amsterdam, to find its zone.",
    ),
    Preference(
        "body_weight_kg", "Body weight, kg", help="Kept for later; load is relative and does not need it."
    ),
    Preference(
        "birth_year",
        "Year of birth",
        help="For what is usual in a heel-rise test at your age; used for nothing else.",
    ),
    Preference(
        "sex",
        "Sex",
        {"": "Not said", "female": "Female", "male": "Male"},
        help="For the same: its table has women and men only.",
    ),
)


def save_preference(store: Store, athlete_id: int, texts: Mapping[str, str | None]) -> None:
    """Check and store what a runner set.

    A changed zone moves runs to their local day at once.
    """
    clean = {
        name: valid_preference(name, text.strip()) if text and text.strip() else None
        for name, text in texts.items()
    }
    zone = clean.get("timezone")
    before = store.settings(athlete_id).get("timezone")
    store.set_settings(athlete_id, clean)
    if before != zone:
        assign_local_dates(store, athlete_id)


def valid_preference(name: str, text: str) -> str:
    """Return the text of one preference as it is stored; one outside its choices or limits is refused."""
    if name == "timezone" and text not in available_timezones():
        raise HeelwiseError(f"“{text}” is not a time zone such as Europe/Amsterdam. Nothing was changed.")
    if name == "body_weight_kg":
        return f"{_weight(text):g}"
    if name == "birth_year":
        return str(_year(text))
    one = next((one for one in PREFERENCES if one.name == name), None)
    if one is not None and one.choices and text not in one.choices:
        choices = ", ".join(choice for choice in one.choices if choice)
        raise HeelwiseError(f"“{text}” is not possible for “{one.title}”: {choices}. Nothing was changed.")
    return text


def age_on(day: date, settings: Mapping[str, str]) -> int | None:
    """Return the age a runner reaches in the year of a date.

    The year is enough for a table by decade, and says less of a person than a birthday.
    """
    text = settings.get("birth_year", "")
    return day.year - int(text) if text.isdecimal() else None


def _year(text: str) -> int:
    now = date.today().year
    if not (text.isdecimal() and now - OLDEST_YEARS <= int(text) <= now):
        raise HeelwiseError(
            f"The year of birth must be a year such as 1984; it is “{text}”. Nothing was changed."
        )
    return int(text)


def _weight(text: str) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = 0.0
    if not LIGHTEST_KG <= value <= HEAVIEST_KG:
        raise HeelwiseError(
            f"Body weight must be a number from 20 to 300 kg; it is “{text}”. Nothing was changed."
        )
    return value
