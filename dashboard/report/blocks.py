"""The parts a page of the report is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ReportItem:
    """One thing told: what it is of, and the sentences."""

    sentences: tuple[str, ...]
    lead: str = ""

    @property
    def lines(self) -> list[str]:
        """Lead and sentences as one paragraph, for a reader of plain text."""
        text = " ".join(self.sentences)
        return [f"{self.lead}: {text}" if self.lead else text]


@dataclass(frozen=True)
class ReportGrid:
    """A table; `in_words` has one line for each row, for a reader of plain text."""

    caption: str
    head: list[str]
    rows: list[list[str]]
    in_words: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReportSection:
    """Things told under one heading, in order; a table may stand among them."""

    title: str
    items: list[ReportItem]
    grid: ReportGrid | None = None
    grid_after: int = 0
    """Number of items that stand before the table."""

    @property
    def parts(self) -> list[ReportItem | ReportGrid]:
        """Items and table in the order they are read."""
        if self.grid is None:
            return list(self.items)
        return [*self.items[: self.grid_after], self.grid, *self.items[self.grid_after :]]


TITLE = "Running load and the heel"
MADE_UP = "This runner is made up: an example, not a person."
EMPTY = "There is nothing in this period."
ENDED = "The runs on record end on {day}, {days} before this page."
PERIOD = "{span} ({days})"


TABLE_TITLE = "The picture in numbers, newest first; the load of a stretch with a hole in it is left open"
WEEKS, MONTHS, YEARS = "7 days to", "Month", "Year"

SUBJECTIVE = "S · Subjective"
OBJECTIVE = "O · Objective"
ASSESSMENT = "A · Assessment"
PLAN = "P · Plan"
CERTAINTY = "How sure"
SECOND_PAGE = "Second page, may be left out"

STANDS_OUT = "What stands out"
WINDOWS = "When load rose above what you are used to"
FLARES = "Flares and what came before"
LOAD_FIRST = "Does load usually come first?"
CHANGED_LAST = "Where it stands at the end"
SHOES = "Shoes"
RESTS_ON = "What this rests on"
DOUBTED = "What is doubted in the record"
HOW_SURE = "How sure the model is"
NOT_KNOWN = "What is not known"
READING = "How to read this"


WINDOW_ROBUST = "Total load: {most} of what you were used to, on {day}; both ways to estimate it agree."
WINDOW_ASSUMED = (
    "Total load: {most} of what you were used to, on {day}; the two ways to estimate it disagree."
)
NO_WINDOW = "In this period load did not rise above what you were used to."
NO_WINDOW_KNOWN = (
    "On those days of this period whose load is known, it did not rise above what you were used to."
)
MORE_WINDOWS = "{count} smaller ones are not listed."
ONE_MORE_WINDOW = "One smaller one is not listed."
NO_FLARE = "No flare was found in this period."
MORE_FLARES = "{count} earlier ones are not listed."
ONE_MORE_FLARE = "One earlier one is not listed."
REVERSE = (
    "The reverse: in the {lag} days after, load rose above what you were used to for {exposed} of {flares} flares "
    "({p})."
)
REVERSE_UNTOLD = (
    "The reverse: in the {lag} days after, load rose above what you were used to "
    "for {exposed} of {flares} flares."
)
FROM_ALL_RUNS = "Asked of the whole record, not of this period alone."

PAIR = "{distance}, {share} of the distance."
PAIR_DROP = "{distance}, {share} of the distance; drop {drop:g} mm."
PAIR_NEW = "{distance}, {share} of the distance; first worn on {day}."
PAIR_NEW_DROP = "{distance}, {share} of the distance; first worn on {day}; drop {drop:g} mm."
PAIR_UNKNOWN = "{share} of the distance was run in a pair that is not recorded."
NO_PAIRS = "No run of this period has a distance."
MORE_PAIRS = "{count} other pairs are not listed."
ONE_MORE_PAIR = "One other pair is not listed."

SOURCES = "Runs by source: {sources}."
NO_SOURCES = "No run is on record in this period."
COVERED = (
    "Of {runs}: {samples} with a recording, {cadence} with cadence, {altitude} with altitude, "
    "{shoe} with a shoe."
)
ESTIMATED_RUNS = "The load of {count} of them is estimated from their summary."
ONE_ESTIMATED_RUN = "The load of one of them is estimated from its summary."
LOGGED = "Symptoms were logged on {logged} of {days}; a day without an entry is unknown, not calm."
MADE_BY = "Heelwise {version}, model {model}."
LEFT_OUT_UNLINKED = (
    "Left out: {count} runs that came through the Strava link alone, as what Strava's API gives stays on the machine "
    "the runner linked, and this one holds no live link."
)
ONE_LEFT_OUT_UNLINKED = (
    "Left out: one run that came through the Strava link alone, as what Strava's API gives stays on the machine "
    "the runner linked, and this one holds no live link."
)
LEFT_OUT_ASKED = (
    "Left out, as asked: {count} runs that came through the Strava link alone, since what Strava's API gives is bound "
    "to the machine the runner linked."
)
ONE_LEFT_OUT_ASKED = (
    "Left out, as asked: one run that came through the Strava link alone, since what Strava's API gives is bound to "
    "the machine the runner linked."
)
GRADES = {
    "measured": "Measured or modelled in a study: {things}.",
    "extrapolated": "Extrapolated from studies: {things}.",
    "design choice": "Design choices, without direct evidence: {things}.",
}
YOU = "“You” is the runner; figures and sentences are those of the dashboard."
UNDRAWN = "A □ stands for a letter that no font on this machine can draw."

NO_TYPST = (
    'A PDF needs one more package. Nothing was written. Install it with: pip install "heelwise[report]" '
    "— or use --format html, which every browser prints."
)
NO_PDF = "The PDF could not be made ({reason}). Nothing was written. --format html prints the same page."
IN_NUMBERS = "The picture in numbers"
