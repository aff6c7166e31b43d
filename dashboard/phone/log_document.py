"""The phone's page as fixed bytes, the same for everybody: questions and words, and no fact of any runner."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from connectors.frames import SIDES
from dashboard.diary import text as diary_text
from dashboard.diary.questions import LONGEST_NOTE, QUESTIONS, SCALE, Question, questions_of
from dashboard.phone import text
from dashboard.shared import text as shared_text

_FOLDER = Path(__file__).parent
_FROM_DIARY = (
    *("THIS_MORNING", "NONE_TODAY", "NONE_THAT_DAY", "SAME_AS_YESTERDAY", "SAME_AS_DAY_BEFORE", "OPTIONAL"),
    *("STRIP", "LOGGED", "OPEN", "WHICH_RUN", "NOT_ON_RECORD", "ONCE_ON_RECORD", "SKIP"),
)
_FROM_SHARED = (
    "SIGNS",
    "ASK_SIGNS",
    "SIGNS_NOW",
    "SIGNS_SOON",
    "SEEK_CARE_NOW",
    "SEEK_CARE_SOON",
    "SEEK_CARE",
)


def _own_words(module: Any) -> dict[str, str]:
    return {name: value for name, value in vars(module).items() if name.isupper() and isinstance(value, str)}


def schema() -> dict[str, Any]:
    """Return every question with its answers, and every sentence of the page."""
    words: dict[str, Any] = _own_words(text)
    words |= {name: getattr(diary_text, name) for name in _FROM_DIARY}
    words |= {name: getattr(shared_text, name) for name in _FROM_SHARED}
    return {
        "questions": [_question(one) for one in QUESTIONS],
        "text": words,
        "scale": list(SCALE),
        "sides": [[one, shared_text.SIDE_NAMES[one]] for one in SIDES],
        "longest_note": LONGEST_NOTE,
    }


def _question(one: Question) -> dict[str, Any]:
    return {
        "field": one.field,
        "label": one.label,
        "group": one.group,
        "options": [[option, one.name_of(option)] for option in one.options],
        "follows": one.follows,
    }


@cache
def version() -> str:
    """Return a mark of page, scripts and words together: another one is another page."""
    parts = [(_FOLDER / name).read_bytes() for name in ("log.html", "log.js", "sw.js")]
    return hashlib.sha256(b"".join([*parts, json.dumps(schema()).encode()])).hexdigest()[:16]


@cache
def page() -> bytes:
    """Return the page; its first question stands in it, so that it is drawn before the script is there."""
    filled = Template((_FOLDER / "log.html").read_text("utf-8")).substitute(
        title=text.LOG,
        first=_first_question(),
        no_script=escape(text.NO_SCRIPT),
        # A "<" would end the block of data that the words stand in.
        schema=json.dumps(schema(), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
        version=version(),
    )
    return filled.encode()


@cache
def script() -> bytes:
    """Return the script of the page."""
    return (_FOLDER / "log.js").read_bytes()


@cache
def worker() -> bytes:
    """Return the service worker, which opens the page without the machine; it changes with the page."""
    return (_FOLDER / "sw.js").read_text("utf-8").replace("$version", version()).encode()


def _first_question() -> str:
    stiffness = questions_of("morning")[0]
    label = escape(stiffness.label.format(when=diary_text.THIS_MORNING))
    taps = "".join(
        f'<button type="button" aria-pressed="false">{escape(stiffness.name_of(option))}</button>'
        for option in stiffness.options
    )
    none = f'<button type="button">{escape(diary_text.NONE_TODAY)}</button>'
    return (
        f'<div role="group" aria-label="{label}"><span>{label}</span><div class="taps">{taps}</div></div>'
        f'<div class="taps">{none}</div>'
    )
