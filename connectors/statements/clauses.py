"""Clauses in which a runner speaks of a leg: a place with a complaint, or a word that says it alone."""

# No model and no network: the lists of `words.csv` in one pass. A place and a complaint must be words of one
# language in one clause, so that "no" is a denial in English and "in the" in Portuguese. What is found is
# only ever proposed to the runner, so a doubtful clause costs one tap and a silent one is lost.

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from connectors.statements.words import (
    Hit,
    Word,
    find_hits,
    is_first_name,
    languages,
    may_speak,
    split_words,
)

LONGEST_CLAUSE = 200
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|[\n\r;|•]+|\s{3,}")
_LINK = re.compile(r"\[?\bstrava://\S+|https?://\S+|^\s*-- (?:from|de|von|van) \w+\s*$", re.MULTILINE)
_SOFT = re.compile(r"[,:()/–—\[\]\"“”]|\s-\s|\.\.|\u2026")
_FAR = {"pain": 10, "complaint": 8}
_NEAR, _NEXT, _FELT, _BESIDE = 4, 4, 5, 1
"""Most tokens between place and complaint: by how plain the word is, for weak words, across a comma, after "felt",
and for weak words across a comma."""
_BUT = 10
_PLACES = ("achilles", "heel", "calf", "ankle", "foot", "shin", "hamstring", "knee", "hip", "other", "leg")
"""Of several places in one sentence the first of these is named."""
_STRONG, _ROUGH = ("pain",), ("leg",)
_NOT_BY_WEAK = ("leg", "foot")


@dataclass(frozen=True)
class Clause:
    """What one sentence says of a leg, as guessed; the runner decides."""

    text: str
    place: str
    side: str | None
    kind: str
    language: str
    is_alone: bool = False


@dataclass(frozen=True)
class _Match:
    place: str | None
    side: str | None
    kind: str
    first: int
    last: int
    is_alone: bool


def find_clauses(text: str) -> list[Clause]:
    """Return at most one clause for each sentence of a text, in their order."""
    plain = _LINK.sub(" \n ", html.unescape(text))
    clauses: dict[str, Clause] = {}
    for sentence in _SENTENCE.split(plain):
        clause = _of_sentence(sentence) if sentence and sentence.strip() else None
        if clause is not None:
            clauses.setdefault(clause.text, clause)
    return list(clauses.values())


@lru_cache(maxsize=8_192)  # most runs are called alike, and an import reads their titles twice
def _of_sentence(sentence: str) -> Clause | None:
    words = split_words(sentence)
    hits = find_hits(words) if may_speak(words) else []
    best: tuple[int, str, list[_Match], list[int]] | None = None
    for language in languages():
        own = [hit for hit in hits if hit.language == language]
        if not any(hit.kind.startswith(("place_", "alone")) for hit in own):
            continue
        parts = _segments(sentence, words, own)
        matches = list(_matches(_Sentence(words, own, parts, language)))
        if matches and (best is None or len(matches) > best[0]):
            best = (len(matches), language, matches, parts)
    return _clause(sentence, words, *best[1:]) if best else None


def _segments(sentence: str, words: Sequence[Word], hits: Sequence[Hit]) -> list[int]:
    """Number of the clause each token stands in; "but" begins one that is far from the one before."""
    buts = {hit.first for hit in hits if hit.kind == "but"}
    numbers, number, end = [], 0, 0
    for at, word in enumerate(words):
        number += len(_SOFT.findall(sentence[end : word.start])) > 0
        number += _BUT * (at in buts)
        numbers.append(number)
        end = word.end
    return numbers


@dataclass(frozen=True)
class _Sentence:
    words: Sequence[Word]
    hits: Sequence[Hit]
    parts: Sequence[int]
    language: str

    def of(self, *kinds: str) -> list[Hit]:
        return [hit for hit in self.hits if hit.kind in kinds]

    def within(self, kinds: tuple[str, ...], first: int, last: int, part: int) -> bool:
        """Whether a word of some kinds stands among some tokens of one clause."""
        return any(
            first <= h.first and h.last <= last and self.parts[h.first] == part for h in self.of(*kinds)
        )

    def places(self) -> list[Hit]:
        return [h for h in self.hits if h.kind.startswith("place_") and self._is_own(h)]

    def _is_own(self, hit: Hit) -> bool:
        before = self.words[hit.first - 1].folded if hit.first else ""
        if before.isdecimal() and hit.kind == "place_foot":  # 300 feet
            return False
        return not self.is_others(hit)

    def is_others(self, hit: Hit) -> bool:
        """Whether a leg or an injury is somebody else's, by whose it is called or who has it."""
        part = self.parts[hit.first]
        if self._is_owned(hit, part):
            return True
        start = self.parts.index(part)
        if self.within(("own",), start, hit.last, part):
            return False
        if self.within(("other_subject",), start, hit.first - 1, part) or self._has_named(start, hit.first):
            return True
        has = [
            h.first
            for h in self.of("other_has")
            if start < h.first < hit.first and self.parts[h.first] == part
        ]
        return bool(has) and not any(
            h.kind.startswith("place_") and start <= h.first < has[0] for h in self.hits
        )

    def _has_named(self, start: int, end: int) -> bool:
        """Whether a person is named as the one who has it: "Ellie had …", "saw that Ellie had …"."""
        has = {h.first for h in self.of("name_has")}
        return any(
            self._is_name(at, at + 1 in has) and (at == start or at + 1 in has) for at in range(start, end)
        )

    def _is_name(self, at: int, has_it: bool) -> bool:
        """Whether a token is a first name; before a verb also any capital within small letters, but German nouns."""
        word, after = self.words[at], self.words[at + 1]
        if has_it and any(h.first <= at <= h.last for h in self.of("kin")):
            return True  # "my wife has …"
        if is_first_name(word.folded):
            return word.is_capital and not after.folded[0].isdigit()
        is_small = not (self.words[0].is_capital and self.words[-1].is_capital)
        in_middle = at > 0 and self.parts[at] == self.parts[at - 1]
        is_listed = any(h.first <= at <= h.last for h in self.hits)
        return (
            has_it and in_middle and is_small and word.is_capital and self.language != "de" and not is_listed
        )

    def _is_owned(self, hit: Hit, part: int) -> bool:
        first = max(0, hit.first - 2)
        if self.within(("other_owner",), first, hit.first - 1, part):
            return True
        no_owner = {h.first for h in self.of("no_owner")}
        return self.language == "en" and any(
            self.words[at].folded.endswith("'s") and at not in no_owner and self.parts[at] == part
            for at in range(first, hit.first)
        )


def _matches(sentence: _Sentence) -> Iterator[_Match]:
    places = sentence.places()
    for spoken in sentence.of("pain", "complaint", "weak", "feel", "good"):
        fitting = [place for place in places if _pairs(sentence, spoken, place)]
        if fitting:
            nearest = min(fitting, key=lambda one: (_gap(spoken, one), one.first))
            yield from (
                _match(sentence, spoken, one) for one in fitting if _is_joined(sentence, nearest, one)
            )
    for spoken in (hit for hit in sentence.hits if hit.kind.startswith("alone")):
        part = sentence.parts[spoken.first]
        near = [place for place in places if sentence.parts[place.first] == part]
        if sentence.is_others(spoken) or (not near and _is_of_other_part(sentence, spoken)):
            continue
        place = min(near, key=lambda one: _gap(spoken, one), default=None)
        yield _match(sentence, spoken, place)


def _is_joined(sentence: _Sentence, nearest: Hit, place: Hit) -> bool:
    """Whether a place is the nearest one, or joined to it by "and"."""
    first, last = sorted((nearest.first, place.first))
    return nearest == place or any(first < hit.first < last for hit in sentence.of("and"))


def _gap(one: Hit, other: Hit) -> int:
    """Tokens between two hits; 0 where they touch or are one word."""
    return max(0, max(one.first, other.first) - min(one.last, other.last) - 1)


def _pairs(sentence: _Sentence, spoken: Hit, place: Hit) -> bool:
    part, gap, name = sentence.parts[spoken.first], _gap(spoken, place), place.kind.removeprefix("place_")
    apart = abs(part - sentence.parts[place.first])
    if apart > 1 or (name in _ROUGH and spoken.kind not in _STRONG):
        return False
    if spoken.kind in _FAR:
        return gap <= (_NEXT if apart else _FAR[spoken.kind]) and not _is_nearer_other(
            sentence, spoken, place
        )
    if name in _NOT_BY_WEAK:
        return False
    if spoken.kind == "weak":
        return gap <= (_BESIDE if apart else _NEAR)
    return not apart and _is_felt(sentence, spoken, place, gap)


def _is_felt(sentence: _Sentence, spoken: Hit, place: Hit, gap: int) -> bool:
    """Whether a place is felt and not well, or named before it is said to be well."""
    if spoken.kind == "good":
        return place.last < spoken.first and gap <= _NEAR
    last, part = place.last, sentence.parts[spoken.first]
    is_well = sentence.within(("good",), last + 1, last + 1 + _NEAR, part)
    return spoken.last < place.first and gap <= _FELT and not is_well


def _is_nearer_other(sentence: _Sentence, spoken: Hit, place: Hit) -> bool:
    """Whether a complaint belongs to an arm or a tooth rather than to the place."""
    for other in sentence.of("other_part"):
        if sentence.parts[other.first] != sentence.parts[spoken.first] or _gap(spoken, other) >= _gap(
            spoken, place
        ):
            continue
        first, last = sorted((other.first, place.first))
        joined = any(first < h.first < last for h in sentence.of("and"))
        if not joined:
            return True
    return False


def _is_of_other_part(sentence: _Sentence, spoken: Hit) -> bool:
    part = sentence.parts[spoken.first]
    return sentence.within(("other_part",), spoken.first - 3, spoken.last + 4, part)


def _match(sentence: _Sentence, spoken: Hit, place: Hit | None) -> _Match:
    ends = (spoken.first, spoken.last, *((place.first, place.last) if place else ()))
    place_name = place.kind.removeprefix("place_") if place else None
    if place_name is None and spoken.kind not in ("alone", "alone_none"):
        place_name = spoken.kind.removeprefix("alone_")
    side = _side(sentence, place or spoken)
    return _Match(place_name, side, _strength(sentence, spoken), min(ends), max(ends), place is None)


def _strength(sentence: _Sentence, spoken: Hit) -> str:
    """Return whether a clause complains, eases it, or denies it."""
    part = sentence.parts[spoken.first]
    is_denied = sentence.within(("negation",), spoken.first - 3, spoken.first - 1, part) or sentence.within(
        ("negation_after",), spoken.last + 1, spoken.last + 2, part
    )
    if spoken.kind in ("good", "weak"):
        is_eased = spoken.kind == "good"
        return "eased" if is_eased != is_denied else "complaint"
    if spoken.kind == "alone_none" or is_denied:
        return "none"
    is_eased = any(sentence.parts[hit.first] == part for hit in sentence.of("easing"))
    return "eased" if is_eased else "complaint"


def _side(sentence: _Sentence, place: Hit) -> str | None:
    part = sentence.parts[place.first]
    spans = [(place.first - 2, place.first - 1)]
    if sentence.language != "en":  # "right" after a place is mostly "right from the start"
        spans.append((place.last + 1, place.last + 2))
    for first, last in spans:
        for side in ("both", "left", "right"):
            if sentence.within((f"side_{side}",), first, last, part):
                return side
    return None


def _clause(
    sentence: str, words: Sequence[Word], language: str, matches: Sequence[_Match], parts: Sequence[int]
) -> Clause:
    """Write the matches of one sentence as one clause: the first place by weight, the worst of its kinds."""
    first, last = min(one.first for one in matches), max(one.last for one in matches)
    covered = [at for at, part in enumerate(parts) if parts[first] <= part <= parts[last]]
    start, end = words[covered[0]].start, words[covered[-1]].end
    placed = [one for one in matches if one.place] or list(matches)
    led = min(placed, key=lambda one: _PLACES.index(one.place or "leg"))
    kinds = {one.kind for one in matches}
    kind = next(one for one in ("complaint", "eased", "none") if one in kinds)
    place = "other" if led.place in (None, "leg") else led.place
    text = " ".join(sentence[start:end].split())
    return Clause(
        text[:LONGEST_CLAUSE], place, led.side, kind, language, all(one.is_alone for one in matches)
    )
