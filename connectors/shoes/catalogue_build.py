"""What a source says of one shoe: the claims the catalogue is merged from."""

# A source is a table someone else made (`connectors.shoes.catalogue_build`), our own `known.csv`, or the
# catalogue as it is: every value there names its sources, so the catalogue alone tells again what each of
# them said.

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median

from connectors.errors import UnreadableFile
from connectors.shoes.built_index import write_index
from connectors.shoes.match_index import build_index
from connectors.shoes.name_tokens import (
    AliasTable,
    ShoeLexicon,
    aliases_of,
    brand_name,
    brands,
    core_tokens,
    normalise_name,
    read_gear_text,
    spellings,
    split_gear_text,
    tokens_of,
    word_rows,
)

GENERAL = "general knowledge"
"""Source of a value no table gives: what is widely written of the model, from memory, unchecked."""

WORKED_OUT = "heel less drop"
FIELDS = ("year", "drop_mm", "stack_heel_mm", "stack_forefoot_mm", "plate", "kind")
NUMBERS = FIELDS[:4]


@dataclass(frozen=True)
class Claim:
    """One value one source gives of one shoe."""

    brand: str
    name: str
    shown: tuple[str, str] | None
    field: str
    value: float | str | None
    source: str
    certainty: str


def known_claims(rows: list[dict[str, str]]) -> Iterator[Claim]:
    """Read `known.csv`: values from general knowledge."""
    for row in rows:
        yield from _claims(row, GENERAL, "general")


def catalogue_claims(rows: list[dict[str, str]], but: frozenset[str]) -> Iterator[Claim]:
    """Return what each source states, from the catalogue."""
    for row in rows:
        shown = (row["model"], row["version"])
        full_name = " ".join(shown).strip()
        for source in frozenset(row["listed_by"].split("|")) - but:
            yield Claim(row["brand"], full_name, shown, "kind", None, source, "stated")
        for name in FIELDS:
            value, sources = row[name], row[column_of(name, "source")]
            for part in filter(None, sources.split("|")):
                source, _, other = part.partition("=")
                if source in but or source == WORKED_OUT:
                    continue
                certainty = row[column_of(name, "certainty")]
                given = certainty if certainty in ("general", "derived") else "stated"
                read = _claim_value(name, other or value)
                given = "general" if source == GENERAL else given
                yield Claim(row["brand"], full_name, shown, name, read, source, given)


def _claims(row: dict[str, str], source: str, certainty: str) -> Iterator[Claim]:
    shown = (row["model"].strip(), row["version"].strip())
    given = [name for name in FIELDS if row[name].strip()]
    for name in given or ["kind"]:
        value = _claim_value(name, row[name].strip())
        yield Claim(row["brand"], " ".join(shown).strip(), shown, name, value, source, certainty)


def _claim_value(name: str, text: str) -> float | str | None:
    return (float(text) if name in NUMBERS else text) if text else None


def column_of(name: str, what: str) -> str:
    """Name the column that holds the source or the certainty of a field."""
    return f"{name.removesuffix('_mm')}_{what}"


SAME_MM = 0.5
"""Values no further apart than this agree."""

_RANK = {"general": 0, "stated": 1, "derived": 2}
ModelKey = tuple[str, frozenset[str], tuple[str, ...], bool]


def merge_claims(claims: Iterable[Claim]) -> list[dict[str, str]]:
    """Merge what sources say into the catalogue's rows."""
    corrected = {(row["source"], row["name"]): row["should be"] for row in word_rows("corrections.csv")}
    known = sorted(
        (right for claim in claims if (right := _corrected(claim, corrected))),
        key=lambda c: (c.brand, c.name, c.source, str(c.value)),
    )
    lexicon = ShoeLexicon()
    lexicon.learn(sorted({f"{claim.brand} {claim.name}" for claim in known}))
    groups: dict[ModelKey, list[Claim]] = defaultdict(list)
    aliases = aliases_of(lexicon)
    keys: dict[tuple[str, str], ModelKey] = {}
    for claim in known:
        model = (claim.brand, claim.name)
        if model not in keys:
            keys[model] = _key(claim, lexicon, aliases)
        groups[keys[model]].append(claim)
    _number_the_first(groups)
    listed = {key: "|".join(sorted({claim.source for claim in group})) for key, group in groups.items()}
    _share_kinds(groups)
    names = _names(groups)
    rows = [_row((key[0], *names[key]), listed[key], group) for key, group in groups.items()]
    return sorted(rows, key=sort_catalogue)


def sort_catalogue(row: dict[str, str]) -> tuple:
    """Return the order of the catalogue: brand, model, version with numbers as numbers."""
    pieces = re.split(r"(\d+(?:\.\d+)?)", row["version"])
    version = tuple((0, float(p), "") if p[:1].isdigit() else (1, 0.0, p) for p in pieces if p)
    return normalise_name(row["brand"]), normalise_name(row["model"]), version


def _corrected(claim: Claim, corrected: dict[tuple[str, str], str]) -> Claim | None:
    """Return a name that the source itself has wrong its right form; None where it names no one version."""
    name = corrected.get((claim.source, claim.name))
    if name is None:
        return claim
    right = Claim(claim.brand, name, None, claim.field, claim.value, claim.source, claim.certainty)
    return right if name else None


def _key(claim: Claim, lexicon: ShoeLexicon, aliases: AliasTable) -> ModelKey:
    reading = read_gear_text(claim.name, lexicon, claim.brand)
    return claim.brand, core_tokens(reading, aliases), reading.numbers, reading.is_weatherproof


def _number_the_first(groups: dict[ModelKey, list[Claim]]) -> None:
    """Call a model without a number the first, where the same words have numbers."""
    numbered = {key[:2] for key in groups if key[2] and float(key[2][-1]) < 10}
    for key in [key for key in groups if not key[2] and key[:2] in numbered]:
        groups.setdefault((*key[:2], ("1",), key[3]), []).extend(groups.pop(key))


def _share_kinds(groups: dict[ModelKey, list[Claim]]) -> None:
    """Assign a whole family the kind and plate that general knowledge gives all its known versions."""
    for field in ("kind", "plate"):
        kinds: dict[tuple[str, frozenset[str]], set[str]] = defaultdict(set)
        for key, group in groups.items():
            kinds[key[:2]] |= {
                str(c.value) for c in group if c.field == field and c.shown and c.source == GENERAL
            }
        for key, group in groups.items():
            values = kinds[key[:2]] - {"None"}
            if len(values) == 1 and not any(c.field == field and c.certainty == "general" for c in group):
                first = group[0]
                shared = values.pop()
                group.append(Claim(first.brand, first.name, None, field, shared, GENERAL, "general"))


def _names(groups: dict[ModelKey, list[Claim]]) -> dict[ModelKey, tuple[str, str]]:
    """Return each row its model and version as shown: our own spelling first, else the one most sources write."""
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
        number = "" if number and number in split_gear_text(best) else number
        gtx = any("gtx" in split_gear_text(claim.name) for claim in group)
        weather = ("GTX" if gtx else "Waterproof") if key[3] else ""
        names[key] = shown or (best, " ".join(filter(None, (number, weather))))
    return names


@cache
def _parted(brand: str, name: str) -> tuple[str, str]:
    """Part a name as a table writes it into model and version."""
    dropped = tokens_of("edition") | tokens_of("weather")
    words = name.split()
    for length in (3, 2, 1):
        head = tuple(split_gear_text(" ".join(words[:length])))
        if spellings().get(head) == brand:
            words = words[length:]
            break
    left = [w for w in words if not split_gear_text(w) or not set(split_gear_text(w)) <= dropped]
    for at in range(len(left) - 1, -1, -1):
        match = re.fullmatch(
            r"(.*?(?<![\d.]))[-\s]?[vV]?([0-3]?\d(?:\.\d+)?|4[0-5]|20[0-3]\d|I{1,3}|IV|V|VI)", left[at]
        )
        if match and (at or match[1]) and (match[1] or not left[at].isalpha() or at):
            return " ".join([*left[:at], *filter(None, [match[1]]), *left[at + 1 :]]), match[2]
    return " ".join(left), ""


def _row(name: tuple[str, str, str], listed_by: str, group: Sequence[Claim]) -> dict[str, str]:
    row = {"catalogue_id": slug(*name), "family_id": slug(*name[:2])}
    row |= dict(zip(("brand", "model", "version"), name, strict=True)) | {"listed_by": listed_by}
    for field in FIELDS:
        known = [c for c in group if c.field == field and c.value is not None]
        firm = [c for c in known if c.certainty != "derived"] or known
        row |= _cell(field, {(c.source, c.value): c for c in firm})
    return _with_forefoot(row)


def _cell(field: str, claims_by_value: dict[tuple[str, float | str | None], Claim]) -> dict[str, str]:
    claims = sorted(claims_by_value.values(), key=lambda c: (_RANK[c.certainty], c.source, str(c.value)))
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
    entries = sorted(f"{c.source}={_text(c.value)}" for c in claims) if differ_text else sources
    specific = [s for s in sources if s != GENERAL]
    agreed = "agreed" if len(specific) > 1 and claims[0].certainty != "derived" else ""
    certainty = "stated" if specific and claims[0].certainty == "general" else claims[0].certainty
    cell[column_of(field, "source")] = "|".join(entries)
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
    """Return a readable id."""
    text = " ".join(parts).replace("+", " plus ").replace("%", " pct ").replace("'", "")
    return "-".join(re.findall(r"[a-z0-9]+", re.sub(r"(\d)\.0(?!\d)", r"\1", normalise_name(text))))


THICK_HEEL_MM = 38.0
"""From here on a shoe that is no racer counts as maximalist where nobody says its kind; ours: Sinclair et al. 2015
measured a Hoka, and no paper draws the line."""

_TRAIL_WORDS = ("Trail", "Mud", "Snow")


def claims_of_source(folder: Path) -> Iterator[Claim]:
    """Read the tables of `sources.csv` as far as they are there."""
    for source in word_rows("sources.csv"):
        for path in sorted(folder.glob(source["files"])):
            try:
                yield from READERS[source["reader"]](path, source["source"])
            except (KeyError, ValueError, TypeError) as error:
                sentence = f"{path.name} is not a table as {source['source']} writes it; nothing was changed."
                raise UnreadableFile(sentence) from error


def read_sources(folder: Path) -> frozenset[str]:
    """Name the sources of `sources.csv` whose files are all there."""
    return frozenset(row["source"] for row in word_rows("sources.csv") if list(folder.glob(row["files"])))


def _listing(path: Path, source: str) -> Iterator[Claim]:
    """A table with the drop of men's and women's shoe as texts ("10mm") and no stack."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            name, brand = row["product"].strip(), brand_name(row["product"])
            if not brand or name == "NaN":
                continue
            drops = {_number(row[f"heel_to_toe_{sex}"]) for sex in ("men", "women")}
            year = re.search(r"\b20\d\d\b", row["release_date"])
            terrain = "trail" if row["terrain"].strip().startswith(_TRAIL_WORDS) else "conventional"
            kind = brands()[brand].kind or terrain
            for drop in sorted(drop for drop in drops if drop is not None):
                yield _stated(brand, name, "drop_mm", drop, source)
            yield _stated(brand, name, "year", float(year[0]) if year else None, source)
            yield Claim(brand, name, None, "kind", kind, source, "derived")
            if brand != "On":
                # Every plated model on sale by mid-2020 stands in known.csv; On's boards are left unknown.
                yield Claim(brand, name, None, "plate", "none", source, "derived")


def _finder(path: Path, source: str) -> Iterator[Claim]:
    """Records with model and version apart, drop, and one stack height, taken as the heel's."""
    for row in json.loads(path.read_text(encoding="utf-8")):
        brand, ride, category = brand_name(row["brand"]), row["ride"], row["fit"]["category"]
        if not brand:
            continue
        name = f"{row['model']} {str(row['version']).lower().removeprefix('v')}"
        heel, racer = float(ride["stack_height_mm"]), "rac" in category or "super" in category
        kind = _kind(brand, racer, row["use_case"]["terrain"], heel)
        yield _stated(brand, name, "year", float(row["release_year"]), source)
        yield _stated(brand, name, "drop_mm", float(ride["drop_mm"]), source)
        yield _stated(brand, name, "stack_heel_mm", heel, source)
        yield Claim(brand, name, None, "kind", kind, source, "derived")


def _selector(path: Path, source: str) -> Iterator[Claim]:
    """Rows with drop, one stack height, taken as the heel's, and whether there is a plate."""
    plates = {"yes": "carbon", "no": "none", "nylon": "nylon"}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            brand, name = brand_name(row["Brand"]), row["Model"].strip()
            if not brand:
                continue
            heel = _number(row["Stack Height (mm)"])
            kind = _kind(brand, row["Category"].strip() == "Racing", "road", heel or 0.0)
            yield _stated(brand, name, "drop_mm", _number(row["Heel Drop (mm)"]), source)
            yield _stated(brand, name, "stack_heel_mm", heel, source)
            yield _stated(brand, name, "plate", plates[row["Carbon Plate"].strip().lower()], source)
            yield Claim(brand, name, None, "kind", kind, source, "derived")


READERS: Mapping[str, Callable[[Path, str], Iterator[Claim]]] = {
    "listing": _listing,
    "finder": _finder,
    "selector": _selector,
}


def _stated(brand: str, name: str, field: str, value: float | str | None, source: str) -> Claim:
    return Claim(brand, name, None, field, value, source, "stated")


def _kind(brand: str, is_racer: bool, terrain: str, heel_mm: float) -> str:
    if brands()[brand].kind and not is_racer:
        return brands()[brand].kind
    if is_racer:
        return "racing"
    return "trail" if terrain == "trail" else "maximalist" if heel_mm >= THICK_HEEL_MM else "conventional"


def _number(text: str) -> float | None:
    """First number of a text ("Men: 10mm"); the one with a slipped unit ("8m") too."""
    match = re.search(r"\d+(?:\.\d+)?", text)
    return float(match[0]) if match else None


HERE = Path(__file__).parent


def build_catalogue(folder: Path | None, catalogue: Path, known: Path = HERE / "known.csv") -> str:
    """Build the text of the catalogue.

    The catalogue names its sources with each value, so it is a source itself.
    """
    anew = (read_sources(folder) if folder else frozenset()) | {GENERAL}
    claims = list(known_claims(_rows(known)))
    claims += catalogue_claims(_rows(catalogue), anew)
    claims += claims_of_source(folder) if folder else ()
    rows = merge_claims(claims)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def main(arguments: list[str]) -> None:
    """Write the catalogue beside this module, and the index that is made from it."""
    target = HERE / "catalogue.csv"
    text = build_catalogue(Path(arguments[0]) if arguments else None, target)
    part = target.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, target)
    write_index(build_index())


if __name__ == "__main__":
    main(sys.argv[1:])
