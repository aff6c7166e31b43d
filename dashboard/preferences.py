"""What a runner can set: units, start of the week, time zone, body weight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import available_timezones

from connectors.errors import HeelwiseError
from connectors.intake import settle_days
from connectors.store import Store

LIGHTEST_KG = 20.0
HEAVIEST_KG = 300.0


@dataclass(frozen=True)
class Preference:
    """One thing to set.

    Parameters
    ----------
    name
        Key in the store.
    title
        What a reader calls it.
    choices
        Stored text to words; empty for free text. The first is the default.
    help
        One sentence.
    """

    name: str
    title: str
    choices: Mapping[str, str] = field(default_factory=dict)
    help: str = ""

    def widget(self, where: Any, now: str | None) -> str | None:
        """Show the control.

        Parameters
        ----------
        where : container
            Has `selectbox` and `text_input`.
        now : str or None
            Stored text.

        Returns
        -------
        str or None
            What is chosen now.

        Source
        ------
        ours.
        """
        key = f"preference_{self.name}"
        if not self.choices:
            return where.text_input(self.title, value=now or "", help=self.help or None, key=key)
        texts = list(self.choices)
        at = texts.index(now) if now in texts else 0
        return where.selectbox(
            self.title, texts, index=at, format_func=self.choices.get, help=self.help or None, key=key
        )


PREFERENCES = (
    Preference("distance_unit", "Distance", {"km": "Kilometres", "mi": "Miles"}),
    Preference("height_unit", "Climb and descent", {"m": "Metres", "ft": "Feet"}),
    Preference(
        "week_start", "Week starts on", {"monday": "Monday", "sunday": "Sunday", "saturday": "Saturday"}
    ),
    Preference(
        "timezone",
        "Time zone",
        help="For runs whose recording names none, such as Europe/Amsterdam. Empty: your most usual one.",
    ),
    Preference(
        "body_weight_kg", "Body weight, kg", help="Kept for later; load is relative and does not need it."
    ),
)


def keep(store: Store, athlete_id: int, texts: Mapping[str, str | None]) -> None:
    """Check and store what a runner set.

    Parameters
    ----------
    store : Store
        Where it goes.
    athlete_id : int
        Whose.
    texts : mapping of str to str or None
        Name to text; empty or None goes back to the default.

    Raises
    ------
    HeelwiseError
        When the zone is no IANA name or the weight no number from 20 to 300; nothing is changed then.

    Source
    ------
    ours: a changed zone moves runs to their local day at once.
    """
    clean = {name: (text or "").strip() or None for name, text in texts.items()}
    zone = clean.get("timezone")
    if zone is not None and zone not in available_timezones():
        raise HeelwiseError(f"“{zone}” is not a time zone such as Europe/Amsterdam. Nothing was changed.")
    weight = clean.get("body_weight_kg")
    if weight is not None:
        clean["body_weight_kg"] = f"{_weight(weight):g}"
    before = store.settings(athlete_id).get("timezone")
    store.set_settings(athlete_id, clean)
    if before != zone:
        settle_days(store, athlete_id)


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
