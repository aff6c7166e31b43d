"""The therapist's opinions on what changed before one flare: noted with its onset, shown again at the next visit."""

# An opinion hangs on the id of the flare's onset as a person dates it, and not on a date: a moved onset takes its
# opinions along. Opinions of before that id was kept belong to the newest flare there was at their visit, which is
# the one the page talked about then.

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from connectors.frames import VISIT
from connectors.store import Store
from dashboard.model.channels import CHANNELS
from dashboard.shared import onset_edits, text, visits

OPINION_NAMES = {"likely": "likely", "possible": "possible", "no": "no"}
BY_THERAPIST = "PT"
LOST = "Noted for the flare of {day}, which the rule no longer finds."
_TITLES = {channel.id: channel.title for channel in CHANNELS}


@dataclass(frozen=True)
class Opinion:
    """What the therapist noted of one channel at one visit."""

    visit: date
    channel: str
    opinion: str | None
    note: str | None
    onset_noted: date | None
    """The flare's onset when it was noted; None for an opinion of before it was kept."""
    onset: date | None
    """The flare's onset now; None where the flare is no longer found."""

    @property
    def title(self) -> str:
        """The name of the channel."""
        return _TITLES.get(self.channel, self.channel)

    @property
    def words(self) -> str:
        """The opinion and the therapist's own words: "likely – two track sessions a week"."""
        parts = [OPINION_NAMES.get(self.opinion or ""), self.note]
        return " – ".join(part for part in parts if part)

    @property
    def sentence(self) -> str:
        """The opinion and by whom: "PT: likely – two track sessions a week"."""
        return f"{BY_THERAPIST}: {self.words}"

    @property
    def dated(self) -> str:
        """The same with the day of the visit: "PT, 1 Oct 2026: likely – two track sessions a week"."""
        return f"{BY_THERAPIST}, {text.day_in_words(self.visit)}: {self.words}"


def opinions(store: Store, athlete_id: int, flares: pl.DataFrame) -> list[Opinion]:
    """Return every opinion of every visit, the newest visit first."""
    rows = store.read(VISIT, athlete_id).filter(pl.col("topic") == "driver").sort("date", "source_id")
    decided = {row["source_id"]: row for row in onset_edits.onset_decisions(store, athlete_id)}
    onsets = flares["onset"].to_list()
    once: dict[tuple[date, str, date | None, date | None], Opinion] = {}
    for row in sorted(rows.to_dicts(), key=lambda row: row["onset_id"] is not None):
        onset = _onset_now(row, decided, onsets)
        noted = row["on_date"] if row["onset_id"] is not None else onset
        one = Opinion(row["date"], row["subject"], row["opinion"], row["note"], noted, onset)
        once[one.visit, one.channel, onset, None if onset else noted] = one
    return sorted(once.values(), key=lambda one: one.visit, reverse=True)


def _onset_now(
    row: dict[str, Any], decided: dict[str, dict[str, Any]], onsets: Sequence[date]
) -> date | None:
    """Return the onset of the flare an opinion belongs to, as it is dated now; None where it is not found."""
    if row["onset_id"] is None:
        return max((onset for onset in onsets if onset <= row["date"]), default=None)
    decision = decided.get(row["onset_id"])
    # Without the person's word the flare is back at the date of the rule, which the opinion's own date is near.
    dated = decision["onset_person_date"] if decision else row["on_date"]
    if dated is None:
        return None
    near = min(onsets, key=lambda onset: abs((onset - dated).days), default=None)
    reach = 0 if decision else onset_edits.MATCH_DAYS
    return near if near is not None and abs((near - dated).days) <= reach else None


def opinions_of(store: Store, athlete_id: int, flares: pl.DataFrame, onset: date | None) -> list[Opinion]:
    """Return the opinions on the flare that begins on `onset`, the newest visit first."""
    return [one for one in opinions(store, athlete_id, flares) if onset is not None and one.onset == onset]


def latest_opinions(
    store: Store, athlete_id: int, flares: pl.DataFrame, onset: date | None, until: date | None = None
) -> dict[str, Opinion]:
    """Return the newest opinion on each channel of one flare, of visits up to a day."""
    every = opinions_of(store, athlete_id, flares, onset)
    return {one.channel: one for one in reversed(every) if until is None or one.visit <= until}


def lost_opinions(store: Store, athlete_id: int, flares: pl.DataFrame) -> list[Opinion]:
    """Return the opinions on flares that are no longer found; they are shown still."""
    return [one for one in opinions(store, athlete_id, flares) if one.onset is None]


def lost_in_words(lost: Sequence[Opinion]) -> list[list[str]]:
    """Describe opinions on flares that are no longer found, one group of sentences for each flare."""
    groups: dict[date | None, list[str]] = {}
    for one in lost:
        head = LOST.format(day=text.day_in_words(one.onset_noted)) if one.onset_noted else ""
        groups.setdefault(one.onset_noted, [head] if head else []).append(f"{one.title}: {one.dated}.")
    return list(groups.values())


def save_opinion(
    store: Store,
    athlete_id: int,
    visit: date,
    onset: date,
    flares: pl.DataFrame,
    channel: str,
    opinion: str | None,
    note: str | None,
) -> None:
    """Note an opinion on a flare; the first one stores the flare's onset as the therapist's, for its id."""
    is_empty = opinion is None and not (note or "").strip()
    onset_id = onset_edits.onset_id(store, athlete_id, onset)
    if onset_id is None and not is_empty:
        onset_edits.save_flare_onset(store, athlete_id, flares, onset, "therapist")
        onset_id = onset_edits.onset_id(store, athlete_id, onset)
    visits.drop_undated_opinion(store, athlete_id, visit, channel)
    if onset_id is not None:
        visits.save_note(
            store, athlete_id, visit, "driver", channel,
            opinion=opinion, note=note, on_date=None if is_empty else onset, onset_id=onset_id,
        )  # fmt: skip
