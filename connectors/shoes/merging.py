"""Claims of many sources, merged into one row for each model and version.

Where sources agree a value is kept once; where they differ all of what they said stays in the source column
("RunRepeat 2020=10|general knowledge=12") and the range of the drop stands beside its middle.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from statistics import median

from connectors.shoes.claims import FIELDS, GENERAL, NUMBERS, WORKED_OUT, Claim, column_of
from connectors.shoes.lexicon import Lexicon
from connectors.shoes.spelling import Aliases, aliases_of, core, read
from connectors.shoes.words import plain, rows_of, spellings, split, words_of

SAME_MM = 0.5
"""Values no further apart than this agree."""

_RANK = {"general": 0, "stated": 1, "derived": 2}
Key = tuple[str, frozenset[str], tuple[str, ...], bool]


def merged(claims: Iterable[Claim]) -> list[dict[str, str]]:
    """Merge what sources say into the catalogue's rows.

    Parameters
    ----------
    claims : iterable of Claim
        Of all sources, in any order.

    Returns
    -------
    list of dict
        One for each model and version, with every column of the catalogue as text, sorted.
    """
    corrected = {(row["source"], row["name"]): row["should be"] for row in rows_of("corrections.csv")}
    known = sorted(
        (right for claim in claims if (right := _corrected(claim, corrected))),
        key=lambda c: (c.brand, c.name, c.source, str(c.value)),
    )
    lexicon = Lexicon()
    lexicon.learn(sorted({f"{claim.brand} {claim.name}" for claim in known}))
    groups: dict[Key, list[Claim]] = defaultdict(list)
    aliases = aliases_of(lexicon)
    keys: dict[tuple[str, str], Key] = {}
    for claim in known:
        named = (claim.brand, claim.name)
        if named not in keys:
            keys[named] = _key(claim, lexicon, aliases)
        groups[keys[named]].append(claim)
    _number_the_first(groups)
    listed = {key: "|".join(sorted({claim.source for claim in group})) for key, group in groups.items()}
    _share_kinds(groups)
    names = _names(groups)
    rows = [_row((key[0], *names[key]), listed[key], group) for key, group in groups.items()]
    return sorted(rows, key=order)


def order(row: dict[str, str]) -> tuple:
    """Give the order of the catalogue: brand, model, version with numbers as numbers.

    Parameters
    ----------
    row : dict
        With brand, model and version.

    Returns
    -------
    tuple
        To sort by.
    """
    pieces = re.split(r"(\d+(?:\.\d+)?)", row["version"])
    version = tuple((0, float(p), "") if p[:1].isdigit() else (1, 0.0, p) for p in pieces if p)
    return plain(row["brand"]), plain(row["model"]), version


def _corrected(claim: Claim, corrected: dict[tuple[str, str], str]) -> Claim | None:
    """Give a name that the source itself has wrong its right form; None where it names no one version."""
    name = corrected.get((claim.source, claim.name))
    if name is None:
        return claim
    right = Claim(claim.brand, name, None, claim.field, claim.value, claim.source, claim.certainty)
    return right if name else None


def _key(claim: Claim, lexicon: Lexicon, aliases: Aliases) -> Key:
    reading = read(claim.name, lexicon, claim.brand)
    return claim.brand, core(reading, aliases), reading.numbers, reading.is_weatherproof


def _number_the_first(groups: dict[Key, list[Claim]]) -> None:
    """Call a model without a number the first, where the same words have numbers."""
    numbered = {key[:2] for key in groups if key[2] and float(key[2][-1]) < 10}
    for key in [key for key in groups if not key[2] and key[:2] in numbered]:
        groups.setdefault((*key[:2], ("1",), key[3]), []).extend(groups.pop(key))


def _share_kinds(groups: dict[Key, list[Claim]]) -> None:
    """Let a whole family have the kind and plate that general knowledge gives all its known versions."""
    for field in ("kind", "plate"):
        said: dict[tuple[str, frozenset[str]], set[str]] = defaultdict(set)
        for key, group in groups.items():
            said[key[:2]] |= {
                str(c.value) for c in group if c.field == field and c.shown and c.source == GENERAL
            }
        for key, group in groups.items():
            values = said[key[:2]] - {"None"}
            if len(values) == 1 and not any(c.field == field and c.certainty == "general" for c in group):
                first = group[0]
                shared = values.pop()
                group.append(Claim(first.brand, first.name, None, field, shared, GENERAL, "general"))


def _names(groups: dict[Key, list[Claim]]) -> dict[Key, tuple[str, str]]:
    """Give each row its model and version as shown: our own spelling first, else the one most sources write."""
    families: dict[tuple[str, frozenset[str]], Counter[str]] = defaultdict(Counter)
    for key, group in groups.items():
        for claim in group:
            model, _ = claim.shown or _parted(claim.brand, claim.name)
            families[key[:2]][model] += (
                1000 if claim.shown and not re.search(r"[A-Za-z]{2}", claim.shown[1]) else 1
            )
    names = {}
    for key, group in groups.items():
        shown = next((c.shown for c in group if c.shown), None)
        best = min(families[key[:2]].items(), key=lambda pair: (-pair[1], pair[0]))[0]
        number = key[2][-1] if key[2] else ""
        number = "" if number and number in split(best) else number
        gtx = any("gtx" in split(claim.name) for claim in group)
        weather = ("GTX" if gtx else "Waterproof") if key[3] else ""
        names[key] = shown or (best, " ".join(filter(None, (number, weather))))
    return names


@cache
def _parted(brand: str, name: str) -> tuple[str, str]:
    """Part a name as a table writes it into model and version."""
    dropped = words_of("edition") | words_of("weather")
    words = name.split()
    for length in (3, 2, 1):
        head = tuple(split(" ".join(words[:length])))
        if spellings().get(head) == brand:
            words = words[length:]
            break
    kept = [w for w in words if not split(w) or not set(split(w)) <= dropped]
    for at in range(len(kept) - 1, -1, -1):
        found = re.fullmatch(
            r"(.*?(?<![\d.]))[-\s]?[vV]?([0-3]?\d(?:\.\d+)?|4[0-5]|20[0-3]\d|I{1,3}|IV|V|VI)", kept[at]
        )
        if found and (at or found[1]) and (found[1] or not kept[at].isalpha() or at):
            return " ".join([*kept[:at], *filter(None, [found[1]]), *kept[at + 1 :]]), found[2]
    return " ".join(kept), ""


def _row(name: tuple[str, str, str], listed_by: str, group: Sequence[Claim]) -> dict[str, str]:
    row = {"catalogue_id": slug(*name), "family_id": slug(*name[:2])}
    row |= dict(zip(("brand", "model", "version"), name, strict=True)) | {"listed_by": listed_by}
    for field in FIELDS:
        said = [c for c in group if c.field == field and c.value is not None]
        firm = [c for c in said if c.certainty != "derived"] or said
        row |= _cell(field, {(c.source, c.value): c for c in firm})
    return _with_forefoot(row)


def _cell(field: str, said: dict[tuple[str, float | str | None], Claim]) -> dict[str, str]:
    claims = sorted(said.values(), key=lambda c: (_RANK[c.certainty], c.source, str(c.value)))
    cell = {field: "", column_of(field, "source"): "", column_of(field, "certainty"): ""}
    if field == "drop_mm":
        cell = {"drop_mm": "", "drop_low_mm": "", "drop_high_mm": "", "drop_source": "", "drop_certainty": ""}
    if not claims:
        return cell
    sources = sorted({c.source for c in claims})
    if field in NUMBERS:
        values = sorted({float(c.value) for c in claims})  # pyright: ignore[reportArgumentType]
        differ = values[-1] - values[0] > (SAME_MM if field != "year" else 0)
        value = values[0] if field == "year" else float(median(values))
        cell[field] = f"{value:g}"
        if field == "drop_mm":
            cell |= {"drop_low_mm": f"{values[0]:g}", "drop_high_mm": f"{values[-1]:g}"}
        differ_text = len(values) > 1
    else:
        differ = differ_text = len({c.value for c in claims}) > 1
        cell[field] = str(claims[0].value)
    told = sorted(f"{c.source}={_text(c.value)}" for c in claims) if differ_text else sources
    named = [s for s in sources if s != GENERAL]
    agreed = "agreed" if len(named) > 1 and claims[0].certainty != "derived" else ""
    certainty = "stated" if named and claims[0].certainty == "general" else claims[0].certainty
    cell[column_of(field, "source")] = "|".join(told)
    cell[column_of(field, "certainty")] = "disagree" if differ else agreed or certainty
    return cell


def _with_forefoot(row: dict[str, str]) -> dict[str, str]:
    """Work the forefoot's height out where only heel and drop are given; mark the heights that do not add up."""
    heel, drop, front = row["stack_heel_mm"], row["drop_mm"], row["stack_forefoot_mm"]
    if heel and drop and not front:
        row["stack_forefoot_mm"] = f"{float(heel) - float(drop):g}"
        row |= {"stack_forefoot_source": WORKED_OUT, "stack_forefoot_certainty": "derived"}
    elif heel and drop and abs(float(heel) - float(front) - float(drop)) > 1:
        row["stack_forefoot_certainty"] = "disagree"
    return row


def _text(value: float | str | None) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def slug(*parts: str) -> str:
    """Give a readable id.

    Parameters
    ----------
    *parts : str
        Brand, model, version.

    Returns
    -------
    str
        Small letters, digits and single dashes: "asics-gel-pulse-11".
    """
    text = " ".join(parts).replace("+", " plus ").replace("%", " pct ").replace("'", "")
    return "-".join(re.findall(r"[a-z0-9]+", re.sub(r"(\d)\.0(?!\d)", r"\1", plain(text))))
