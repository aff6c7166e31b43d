"""A pair in words: what is known of it, where from, how far it ran, and which model it is taken for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from connectors.plural import count
from connectors.shoes.catalogue import catalogue
from connectors.shoes.match import ASK, SURE
from connectors.shoes.shoe_facts import CHOSEN, NONE_OF_THEM
from dashboard.model.leading_changes import BEFORE_DAYS, is_logged_after
from dashboard.shared import state_text
from dashboard.shared import text as shared_text
from dashboard.shared.units import Units
from dashboard.shoes.rotation import dates_of
from dashboard.shoes.transitions import AROUND_DAYS

SHOE_KIND_NAMES = {
    "conventional": "conventional",
    "minimalist": "minimalist",
    "maximalist": "maximalist",
    "racing": "racing",
    "trail": "trail",
    "barefoot": "barefoot",
}
PLATE_NAMES = {"none": "none", "nylon": "nylon", "carbon": "carbon", "other": "of another kind"}
INSERT_NAMES = {"insole": "insole", "orthosis": "orthosis", "other": "another insert"}
FACT_FROM = {"you": "as you said", "source": "as its source says", "catalogue": "from the catalogue"}
FROM_EACH = "{value}, {origin}"
PLATED_IN_WORDS = "yes"
DROP_IN_MM = "{drop:g} mm, {origin}"
DROP_RANGE = "{drop:g} mm ({low:g} to {high:g}), {origin}"
DROP_OPEN = "{low:g} to {high:g} mm, by the models it may be"
STACK = "{heel:g} and {forefoot:g} mm"
STACK_DIFFERS = (
    "{heel:g} and {forefoot:g} mm: {between:g} mm between them, so the sources of height and drop differ"
)
HEIGHTS_AGREE_MM = 1.0
"""A drop and two heights that are rounded each can be this far apart and mean the same shoe."""
LIFT = "{lift:g} mm: {drop:g} mm under the foot"
LIFT_ALONE = "{lift:g} mm"
AGE = "{days}, since {day}"
HERE_AND_BEFORE = "{here}, and {before} before"
MATCHES = {
    SURE: "Matched to {model} ({certainty:.0f} %).",
    CHOSEN: "{model}, as you said.",
    NONE_OF_THEM: "Not a model of the catalogue, as you said.",
    ASK: "Which model is it? The best guess is {certainty:.0f} % sure.",
}
NO_MATCH = "Its model is not known yet: choose it under Change."
ONLY_NAME = "{name}"
WITH_DROP = "{name} (drop {drop:g} mm)"
WITH_YEAR = "{name} ({year})"
WITH_BOTH = "{name} ({year}, drop {drop:g} mm)"


def pair_facts(pair: Mapping[str, Any], units: Units) -> list[tuple[str, str]]:
    """List what is known of one pair.

    Where a fact is from stands beside it.
    """
    here = units.distance_words(pair["distance_m"])
    before = pair["distance_before_m"]
    ran = here if not before else HERE_AND_BEFORE.format(here=here, before=units.distance_words(before))
    facts = [("Distance", ran)]
    if pair["days"] is not None:
        facts.append(
            (
                "Age",
                AGE.format(days=count(pair["days"], "day"), day=shared_text.day_in_words(pair["first_date"])),
            )
        )
    if pair["last_date"] is not None:
        facts.append(("Last run", shared_text.day_in_words(pair["last_date"])))
    facts += [
        ("Drop of the shoe", _drop_of_pair(pair)),
        ("Kind", _from(SHOE_KIND_NAMES.get(pair["kind"]), pair["kind_from"])),
    ]
    plate = PLATE_NAMES.get(pair["plate"]) or (PLATED_IN_WORDS if pair["is_plated"] else None)
    facts.append(("Plate", _from(plate, pair["plate_from"])))
    if pair["stack_heel_mm"] is not None and pair["stack_forefoot_mm"] is not None:
        facts.append(("Heel and forefoot", stack_of_pair(pair)))
    if pair["heel_lift_mm"]:
        text = LIFT_ALONE if pair["drop_mm"] is None else LIFT
        facts.append(("Heel lift", text.format(lift=pair["heel_lift_mm"], drop=pair["drop_mm"])))
    if pair["insert"]:
        facts.append(("Insert", INSERT_NAMES[pair["insert"]]))
    return facts


def _from(value: str | None, origin: str | None) -> str:
    return (
        FROM_EACH.format(value=value, origin=FACT_FROM[origin]) if value and origin else shared_text.NOT_KNOWN
    )


def _drop_of_pair(pair: Mapping[str, Any]) -> str:
    drop, low, high = pair["shoe_drop_mm"], pair["drop_low_mm"], pair["drop_high_mm"]
    lift = pair["heel_lift_mm"] or 0.0
    if low is None or high is None:
        return shared_text.NOT_KNOWN
    if drop is None:
        return DROP_OPEN.format(low=low - lift, high=high - lift)
    text = DROP_IN_MM if low == high else DROP_RANGE
    return text.format(drop=drop, low=low - lift, high=high - lift, origin=FACT_FROM[pair["drop_from"]])


def stack_of_pair(pair: Mapping[str, Any]) -> str:
    """Return the heights, with a doubt where they do not make the drop that is shown beside them."""
    heel, forefoot, lift = pair["stack_heel_mm"], pair["stack_forefoot_mm"], pair["heel_lift_mm"] or 0.0
    low, high, between = pair["drop_low_mm"], pair["drop_high_mm"], heel - forefoot
    agrees = low is None or low - lift - HEIGHTS_AGREE_MM <= between <= high - lift + HEIGHTS_AGREE_MM
    text = STACK if agrees else STACK_DIFFERS
    return text.format(heel=heel, forefoot=forefoot, between=between)


def match_in_words(pair: Mapping[str, Any]) -> str:
    """Describe which model a pair is taken for, and how sure that is."""
    text = MATCHES.get(pair["match_verdict"], NO_MATCH)
    model = model_names([pair["catalogue_id"]]).get(pair["catalogue_id"], "") if pair["catalogue_id"] else ""
    return text.format(model=model, certainty=100 * (pair["match_certainty"] or 0.0))


def model_names(ids: list[str] | None = None) -> dict[str, str]:
    """Name models of the catalogue as a reader tells them apart.

    Drop and year, since versions often differ in nothing else.
    """
    rows = catalogue() if ids is None else catalogue().filter(pl.col("catalogue_id").is_in(ids))
    columns = ("catalogue_id", "brand", "model", "version", "year", "drop_mm")
    names = {row[0]: _model_name(*row[1:]) for row in rows.select(columns).iter_rows()}
    return names if ids is None else {one: names[one] for one in ids if one in names}


def likely_models(pair: Mapping[str, Any]) -> list[str]:
    """Return the models that a pair may be: the best guess, then those on sale when it was first worn, newest first.

    A name with a number of its own ("II", a second pair) would else be offered models of ten years before alone.
    """
    first, guesses = pair["first_run"], list(pair["candidates"])
    year = first.year if first else None
    family = pl.col("family_id").filter(pl.col("catalogue_id") == guesses[0]).first()
    kin = pl.col("catalogue_id").is_in(guesses) | (pl.col("family_id") == family)
    rows = catalogue().filter(kin).select("catalogue_id", "year").rows()
    places = {guess: place for place, guess in enumerate(guesses)}

    def place(row: tuple[str, int | None]) -> tuple[bool, int, int]:
        model, sold = row
        rank = places.get(model, len(places))
        if year is None or sold is None:
            return (model != guesses[0], 10_000, rank)
        return (model != guesses[0], year - sold if sold <= year else 1_000 + sold - year, rank)

    return [model for model, _ in sorted(rows, key=place)]


def _model_name(brand: str, model: str, version: str | None, year: int | None, drop: float | None) -> str:
    name = " ".join(part for part in (brand, model, version) if part)
    texts = {(False, False): ONLY_NAME, (True, False): WITH_YEAR, (False, True): WITH_DROP}
    return texts.get((year is not None, drop is not None), WITH_BOTH).format(name=name, year=year, drop=drop)


ROTATION_SPAN = "From {span} you ran in {pairs} pairs."
SPAN_ONE = "From {span} you ran in one pair."
SPAN_NONE = "From {span} no pair was recorded."
MOST_WORN = "Most worn was {name}, with {share:.0f} % of the distance."
MEAN_DROP = "Average drop {drop:.1f} mm ({unknown:.0f} % of the distance in shoes with unknown drop)."
DROP_SHIFT = "In the first half of these weeks the average was {first:.1f} mm, in the second {second:.1f} mm."
MEAN_DROP_UNKNOWN = "Average drop not known: no pair worn in these weeks has a known drop."
PLATE_UNKNOWN = "Whether a pair worn in these weeks has a plate is not known."
PLATED_SHARE = "Plated pairs took {plated:.0f} % of the distance; of {unknown:.0f} % it is not known."
EVIDENCE = (
    "Kind: in 12 runners at 4.0 m/s the Achilles load of a mile was 22 % higher in minimalist and 6 % lower in "
    "maximalist shoes than in conventional ones (Sinclair 2015). Heelwise takes 12 % more and 5 % less force of a "
    "step, with a range of 5 to 20 % more and 0 to 10 % less.",
    "Drop: no study found gives tendon force for a mm of drop. Heelwise takes 0.5 % for each mm below 10, with a range "
    "from nothing to 1 %, as a design choice.",
    "Against what is often said of drop: in 12 people walking, shoes with a 10 mm offset raised the measure of load in "
    "the Achilles tendon over walking barefoot (Wearing 2014, Med Sci Sports Exerc 46:1604). A higher heel is not "
    "simply less load.",
    "Plate: the studies disagree. One shoe lowered the moment and work at the ankle, while stiffer midsoles gave more "
    "estimated energy back from the tendon (Cigoja 2021, doi:10.1038/s41598-020-80791-3). Heelwise takes no change, "
    "with 5 % either way.",
    "More than one pair: of 264 runners over 22 weeks, those with several pairs in turn were injured less often "
    "(hazard ratio 0.61, 0.39 to 0.97; Malisoux 2015). That is an association over all injuries, not a finding on the "
    "Achilles.",
    "A change of 4 mm as worth a mark is a starting guess that no study gives; set it as your physical therapist "
    "sees fit.",
)


def rotation_in_words(shares: pl.DataFrame, exposure: pl.DataFrame, names: dict[str, str]) -> list[str]:
    """Describe what was worn in some weeks.

    A mean is never said without the share it leaves out.
    """
    dates = dates_of(exposure)
    if dates is None:
        return []
    span = shared_text.span_in_words(*dates)
    sums = shares.group_by("shoe_id").agg(pl.col("distance_m").sum())
    known = sums.drop_nulls("shoe_id").sort("distance_m", "shoe_id", descending=True)
    text = ROTATION_SPAN if known.height > 1 else SPAN_ONE if known.height else SPAN_NONE
    sentences = [text.format(span=span, pairs=known.height)]
    if known.height > 1:
        shoe, metres = known.row(0)
        share = 100 * metres / sums["distance_m"].sum()
        sentences.append(MOST_WORN.format(name=names.get(shoe, shared_text.SHOE_NAMELESS), share=share))
    return [*sentences, *_mean_drop_in_words(exposure), _plated_share(exposure)]


def _mean_drop_in_words(exposure: pl.DataFrame) -> list[str]:
    drop, unknown = _mean_drop(exposure), 100 * _weighted(exposure, "drop_unknown")
    if drop is None:
        return [MEAN_DROP_UNKNOWN]
    sentences = [MEAN_DROP.format(drop=drop, unknown=unknown)]
    half = exposure.height // 2
    first, second = _mean_drop(exposure.head(half)), _mean_drop(exposure.tail(exposure.height - half))
    if first is not None and second is not None and abs(first - second) >= 1:
        sentences.append(DROP_SHIFT.format(first=first, second=second))
    return sentences


def _plated_share(exposure: pl.DataFrame) -> str:
    unknown = 100 * _weighted(exposure, "plate_unknown")
    if unknown > 99.5:
        return PLATE_UNKNOWN
    return PLATED_SHARE.format(plated=100 * _weighted(exposure, "plated"), unknown=unknown)


def _weighted(exposure: pl.DataFrame, name: str) -> float:
    weight = exposure["distance_m"]
    return float((exposure[name] * weight).sum()) / float(weight.sum())


def _mean_drop(exposure: pl.DataFrame) -> float | None:
    """Mean over the distance whose drop is known; None where that of none is."""
    known = exposure.filter(pl.col("drop_mm").is_not_null())
    weight = known["distance_m"] * (1 - known["drop_unknown"])
    total = float(weight.sum())
    return float((known["drop_mm"] * weight).sum()) / total if total > 0 else None


NO_MARKS = "No change of shoes is marked in these weeks."
TRANSITION_HEAD = "{day}: {name}"
NEW_MODEL = "A model not worn before on record."
NEW_PAIR = "A pair not worn before on record; its model is not known."
FIRST_PLATED = "The first pair with a plate on record."
LONG_UNUSED = "Not worn in the {days} days before."
DROP_CHANGE = "Drop {after:.1f} mm; in the eight weeks before it was {before:.1f} mm on average."
DROP_SAME = "Drop {after:.1f} mm, much as before ({before:.1f} mm on average over eight weeks)."
DROP_AFTER = "Drop {after:.1f} mm; that of the weeks before is not known."
DROP_CHANGE_UNKNOWN = "Its drop is not known."
FIRST_KM = "{distance} in this pair in its first {days} days."
LOAD_AROUND = (
    "Load was {before} of what you were used to the day before and {most} in the {days} days from then on."
)
LOAD_AFTER = "Load was {most} of what you were used to in the {days} days from then on."
LOAD_UNKNOWN = "How load stood against what you were used to is not known here."
FELT_AROUND = {
    "pain_0_10": (
        "Median pain {before:g} of 10 before ({before_n} logged) and {after:g} after ({after_n} logged).",
        "Median pain {before:g} of 10 before ({before_n} logged); not logged after.",
        "Median pain {after:g} of 10 after ({after_n} logged); not logged before.",
    ),
    "stiffness_min": (
        "Median morning stiffness {before:g} min before ({before_n} logged), {after:g} min after ({after_n} logged).",
        "Median morning stiffness {before:g} min before ({before_n} logged); not logged after.",
        "Median morning stiffness {after:g} min after ({after_n} logged); not logged before.",
    ),
    "stiffness_0_10": (
        "Median morning stiffness {before:g} of 10 before ({before_n} logged) and {after:g} after ({after_n} logged).",
        "Median morning stiffness {before:g} of 10 before ({before_n} logged); not logged after.",
        "Median morning stiffness {after:g} of 10 after ({after_n} logged); not logged before.",
    ),
}
FLARE_AFTER = "A flare began {days} later."
NO_FLARE_AFTER = "No flare is on record in the 28 days after."
AFTER_UNKNOWN = "Whether a flare began in the 28 days after is not known: too few of them are logged."
ELSEWHERE = "Of {count} other changes of shoes on record, {came} came with a flare in the 28 days after."
ONE_ELSEWHERE = {
    True: "The one other change of shoes on record came with a flare in the 28 days after.",
    False: "The one other change of shoes on record came without a flare in the 28 days after.",
    None: "After the one other change of shoes on record too little was logged to tell.",
}
ELSEWHERE_UNKNOWN = "After {count} of them too little was logged to tell."
UNLOGGED = "No symptoms were logged in the 14 days before or after, so we cannot tell whether it hurt."


def transition_title(mark: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Name a mark."""
    return TRANSITION_HEAD.format(
        day=shared_text.day_in_words(mark["date"]), name=names.get(mark["shoe_id"], shared_text.SHOE_NAMELESS)
    )


def transition_in_words(
    mark: Mapping[str, Any], until: date, units: Units, after: Sequence[str] = ()
) -> list[str]:
    """Describe what changed and what stood around it.

    What came together in time.
    """
    days = max(1, min(AROUND_DAYS, (until - mark["date"]).days + 1))
    sentences = [NEW_MODEL if mark["is_model_known"] else NEW_PAIR] if mark["is_new_model"] else []
    sentences += [FIRST_PLATED] if mark["is_first_plated"] else []
    sentences += [LONG_UNUSED.format(days=mark["unused_days"] - 1)] if mark["is_long_unused"] else []
    sentences += [
        _drop_change(mark),
        FIRST_KM.format(distance=units.distance_words(mark["first_14d_m"]), days=days),
    ]
    sentences += after
    before, most = mark["ratio_before"], mark["ratio_after"]
    if most is None:
        sentences.append(LOAD_UNKNOWN)
    else:
        ratios = {"before": before and state_text.ratio(before), "most": state_text.at_most(most)}
        sentences.append((LOAD_AFTER if before is None else LOAD_AROUND).format(**ratios, days=days))
    felt = [text for name in FELT_AROUND if (text := _felt(mark, name)) is not None]
    return [*sentences, *(felt or [UNLOGGED])]


def followed(
    marks: pl.DataFrame, flares: pl.DataFrame, days: pl.DataFrame, mark: Mapping[str, Any], until: date
) -> list[str]:
    """Describe whether a flare began in the 28 days after a change of shoes, and how it was after the others.

    Where too few of these days are logged, it is not known.
    """
    onsets = flares["onset"].sort().to_list()
    if not onsets:
        return []

    def days_to(day: date) -> int | None:
        return next(((one - day).days for one in onsets if 0 < (one - day).days <= BEFORE_DAYS), None)

    def came(day: date) -> bool | None:
        return True if days_to(day) is not None else False if is_logged_after(days, day) else None

    gap = days_to(mark["date"])
    if gap is None and (until - mark["date"]).days < BEFORE_DAYS:
        return []
    outcomes = {
        True: FLARE_AFTER.format(days=count(gap or 0, "day")),
        False: NO_FLARE_AFTER,
        None: AFTER_UNKNOWN,
    }
    return [outcomes[came(mark["date"])], *_elsewhere(marks, mark["date"], came)]


def _elsewhere(marks: pl.DataFrame, day: date, came: Callable[[date], bool | None]) -> list[str]:
    """How it was after the other changes of shoes."""
    others = [came(other) for other in marks["date"].unique() if abs((other - day).days) > BEFORE_DAYS]
    if len(others) == 1:
        return [ONE_ELSEWHERE[others[0]]]
    untold = others.count(None)
    return [
        *([ELSEWHERE.format(count=len(others), came=others.count(True))] if others else []),
        *([ELSEWHERE_UNKNOWN.format(count=untold)] if untold else []),
    ]


def _drop_change(mark: Mapping[str, Any]) -> str:
    before, after = mark["drop_before_mm"], mark["drop_after_mm"]
    if after is None:
        return DROP_CHANGE_UNKNOWN
    if before is None:
        return DROP_AFTER.format(after=after)
    return (DROP_CHANGE if mark["is_drop_change"] else DROP_SAME).format(before=before, after=after)


def _felt(mark: Mapping[str, Any], name: str) -> str | None:
    before, after = mark[f"{name}_before_n"], mark[f"{name}_after_n"]
    if not before and not after:
        return None
    both, only_before, only_after = FELT_AROUND[name]
    text = both if before and after else only_before if before else only_after
    return text.format(
        before=mark[f"{name}_before"], after=mark[f"{name}_after"], before_n=before, after_n=after
    )


def shown_transitions(marks: pl.DataFrame, first: date, last: date) -> list[dict[str, Any]]:
    """Return the marks of some dates."""
    return marks.filter(pl.col("date").is_between(first, last)).to_dicts()


# Reasons to doubt a pair: of one run, and of several.
DOUBTED = {
    "missing": ("1 run, {span}, has no shoe.", "{count} runs from {span} have no shoe."),
    "retired": (
        "1 run, {span}, on {shoe}, after the pair was retired.",
        "{count} runs from {span} on {shoe}, after the pair was retired.",
    ),
    "unused": (
        "1 run, {span}, on {shoe}, before the first day you gave for that pair.",
        "{count} runs from {span} on {shoe}, before the first day you gave for that pair.",
    ),
    "alone": (
        "1 run, {span}, on {shoe}, worn alone since {since}; before that you changed between pairs.",
        "{count} runs from {span} all on {shoe}, worn alone since {since}; in the 90 days before that you changed "
        "between pairs.",
    ),
    "other_kind": (
        "1 {kind} run, {span}, on {shoe}; you wear other pairs for that kind of run.",
        "{count} {kind} runs from {span} on {shoe}; you wear other pairs for that kind of run.",
    ),
}
OTHER_KIND_TOO = "{count} of them are of a kind you wear other pairs for."
BY_RULE = ("{shoe}, by your rule {rule}.", "{shoe} for {count} of them, by your rule {rule}.")
BY_HABIT = (
    "{shoe} for 1 run: {sure} sure, from similar runs.",
    "{shoe} for {count} of them: {sure} sure, from similar runs.",
)
LIKELY = {
    "rule": "Likely {shoe}, by your rule {rule}.",
    "habit": "Likely {shoe}: {share} sure, from similar runs.",
}
NO_SUGGESTION = (
    "We cannot guess its pair: no rule and no similar run is sure enough.",
    "Of {count} of them we cannot guess the pair: no rule and no similar run is sure enough.",
)
WOULD_CHANGE = "{changed} of {count} runs would change: {parts}."
WOULD_NOT = "No run would change."
