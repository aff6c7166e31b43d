"""What the report tells of the running and the heel, in the sentences of the pages."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from dashboard import report_words as said
from dashboard import words
from dashboard.charts import flare_cards, timeline_words, today_words
from dashboard.charts import load_first as first_words
from dashboard.charts.changes import unusual
from dashboard.charts.drivers import by_window, went_with
from dashboard.charts.window import whole
from dashboard.model.channels import NEW_AFTER_DAYS
from dashboard.model.linkage import p_in_words
from dashboard.model.standing import standing
from dashboard.report import doubts
from dashboard.report.material import Material
from dashboard.report.parts import Item

SHOWN = ("Peak", "Length", "Logged in it", "Usual before it")
"""Facts of a flare; where a person moved its onset, all are shown."""
MOST_WINDOWS, MOST_FLARES, MOST_CHANGES, MOST_PAIRS = 3, 2, 2, 4


def agreed(of: Material) -> list[Item]:
    """Say what the last consult ended on, as it was written.

    Parameters
    ----------
    of : Material
        With a period.

    Returns
    -------
    list of Item
        None where no consult ended on anything.

    Source
    ------
    ours.
    """
    if of.agreed is None:
        return []
    lines = [" ".join(line.split()) for line in (of.agreed.step or "").splitlines()]
    step = " · ".join(line for line in lines if line)
    days = [said.AGREED_ON.format(day=words.day(of.agreed.visit))]
    days += [said.REVIEW_ON.format(day=words.day(of.agreed.review))] if of.agreed.review else []
    return [*([Item((step,))] if step else []), Item(tuple(days))]


def stands_out(of: Material) -> list[Item]:
    """Say what happened, as above the Timeline; drivers and flares have sections of their own.

    Parameters
    ----------
    of : Material
        With a period.

    Returns
    -------
    list of Item
        One for each sentence.

    Source
    ------
    ours.
    """
    start, end = _period(of)
    return [Item((one,)) for one in timeline_words.in_words(of.analysis, start, end, of.units)]


def doubted(of: Material) -> list[Item]:
    """Say what of the record is open to doubt and would change the picture.

    Parameters
    ----------
    of : Material
        With or without a period.

    Returns
    -------
    list of Item
        One for each doubt, the gravest first; none where nothing is doubted.

    Source
    ------
    ours.
    """
    return [Item((line,)) for line in doubts.in_words(of.doubted, of.units)]


def at_the_end(of: Material) -> list[Item]:
    """Say where load stands on the last day, and what was unusual in the fortnight to it, as on Today.

    Parameters
    ----------
    of : Material
        With a period.

    Returns
    -------
    list of Item
        One paragraph; what was unusual only where the period reaches the last known load.

    Source
    ------
    ours.
    """
    _, end = _period(of)
    now = standing(of.analysis, end)
    lines = today_words.load(now)
    recent = of.why.recent.spans
    if recent.height and recent["to_date"][0] <= end:
        before = int(of.analysis.settings.before_days)
        lines = [*lines, *today_words.unusual(of.why, now, of.units, before)[:MOST_CHANGES]]
    return [Item(tuple(lines))]


def windows(of: Material) -> list[Item]:
    """Say of the largest windows of the period how far load went beyond habit, and with what.

    Parameters
    ----------
    of : Material
        With a period.

    Returns
    -------
    list of Item
        By date.

    Source
    ------
    ours.
    """
    start, end = _period(of)
    seen = of.analysis.windows.filter((pl.col("from_date") <= end) & (pl.col("to_date") >= start))
    if seen.is_empty():
        return [Item((_calm(of),))]
    driven = by_window(of.why, of.analysis.windows)
    items = []
    for row in seen.sort("peak_ratio", descending=True).head(MOST_WINDOWS).sort("from_date").to_dicts():
        driver = driven[row["from_date"], row["to_date"]]
        sure = said.WINDOW_ROBUST if row["robust"] else said.WINDOW_ASSUMED
        at_most = sure.format(ratio=row["peak_ratio"], day=words.day(row["peak_date"], False))
        went = went_with(driver) or driver["why"]
        items.append(
            Item((at_most, went) if went else (at_most,), words.span(row["from_date"], row["to_date"]))
        )
    return [*items, *_more(seen.height - MOST_WINDOWS, said.ONE_MORE_WINDOW, said.MORE_WINDOWS)]


def flares(of: Material) -> list[Item]:
    """Say of the last flares of the period what was felt, what came before, and how often that came without one.

    Parameters
    ----------
    of : Material
        With a period.

    Returns
    -------
    list of Item
        By date.

    Source
    ------
    ours: the runner's notes stay on the runner's machine. One flare leaves room for more of what changed than two.
    """
    start, end = _period(of)
    rows = of.why.flares.with_row_index("place")
    seen = rows.filter((pl.col("onset") <= end) & (pl.col("last_high") >= start)).sort("onset")
    if seen.is_empty():
        days = (end - start).days + 1
        logged = of.document["coverage"]["symptom_days"]
        return [Item((said.NO_FLARE if logged else words.UNLOGGED.format(in_days=words.in_days(days)),))]
    items, before = [], int(of.analysis.settings.before_days)
    for place in seen["place"].tail(MOST_FLARES):
        card = flare_cards.card(of.why, of.analysis, of.symptoms, place, of.units)
        shown = [fact for fact in card.facts if fact[0] in SHOWN or card.onset_person]
        facts = " · ".join(f"{name}: {value}" for name, value in shown)
        items.append(Item((f"{facts}.", card.before[0]), card.title))
        items.append(Item(tuple(card.before[1:])))
        changed = unusual(card.changes)[: MOST_CHANGES // min(seen.height, MOST_FLARES)]
        items += [Item((today_words.change(row, of.units, before),)) for row in changed]
    return [*items, *_more(seen.height - MOST_FLARES, said.ONE_MORE_FLARE, said.MORE_FLARES)]


def load_first(of: Material) -> list[Item]:
    """Say whether load usually came first, and how often it came after.

    Parameters
    ----------
    of : Material
        With a period.

    Returns
    -------
    list of Item
        Of the whole record.

    Source
    ------
    ours.
    """
    found = of.why.linkage
    lines = [*first_words.in_words(found), said.WHOLE_RECORD]
    after = found.after
    if found.enough_data and after is not None:
        counts = {"lag": found.lag_days, "exposed": after.exposed, "flares": after.flares}
        told = (
            said.REVERSE_UNTOLD.format(**counts)
            if after.p is None
            else said.REVERSE.format(**counts, p=p_in_words(after.p))
        )
        lines.insert(-1, told)
    return [Item(tuple(lines))]


def shoes(of: Material) -> list[Item]:
    """Say how far each pair ran in the period, which was new in it, and what was not recorded.

    Parameters
    ----------
    of : Material
        With a period.

    Returns
    -------
    list of Item
        The pair that ran furthest first.

    Source
    ------
    ours: exposure, not blame.
    """
    start, end = _period(of)
    ran = of.analysis.runs.filter(pl.col("distance_m") > 0)
    first = dict(ran.drop_nulls("shoe_id").group_by("shoe_id").agg(pl.col("local_date").min()).iter_rows())
    inside = ran.filter(pl.col("local_date").is_between(start, end))
    total = float(inside["distance_m"].sum())
    if not total:
        return [Item((said.NO_PAIRS,))]
    sums = (
        inside.group_by("shoe_id")
        .agg(pl.col("distance_m").sum())
        .sort("distance_m", "shoe_id", descending=True)
    )
    known = sums.drop_nulls("shoe_id")
    unknown = total - float(known["distance_m"].sum())
    items = [
        Item(
            (_pair(of, shoe, metres, metres / total, first[shoe]),),
            of.shoe_names.get(shoe, words.SHOE_NAMELESS),
        )
        for shoe, metres in known.head(MOST_PAIRS).iter_rows()
    ]
    items += _more(known.height - MOST_PAIRS, said.ONE_MORE_PAIR, said.MORE_PAIRS)
    return items + ([Item((said.PAIR_UNKNOWN.format(share=unknown / total),))] if unknown > 1 else [])


def _pair(of: Material, shoe: str, metres: float, share: float, first: date) -> str:
    start, _ = _period(of)
    known_from = whole(of.analysis)[0] + timedelta(days=NEW_AFTER_DAYS)
    is_new, drop = first >= max(start, known_from), of.drops.get(shoe)
    template = {
        (False, False): said.PAIR,
        (False, True): said.PAIR_DROP,
        (True, False): said.PAIR_NEW,
        (True, True): said.PAIR_NEW_DROP,
    }[is_new, drop is not None]
    far = of.units.distance_words(metres)
    return template.format(distance=far, share=share, day=words.day(first), drop=drop)


def _calm(of: Material) -> str:
    """Say that there is no window, only as far as load and habit are known."""
    ratios = [day["ratio"] for day in of.document["days"]]
    if not any(one is not None for one in ratios):
        return words.HABIT_UNKNOWN
    return said.NO_WINDOW_KNOWN if None in ratios else said.NO_WINDOW


def _more(count: int, one: str, many: str) -> list[Item]:
    return [] if count < 1 else [Item((one if count == 1 else many.format(count=count),))]


def _period(of: Material) -> tuple[date, date]:
    if of.start is None or of.end is None:
        raise ValueError("a section needs a period")
    return of.start, of.end
