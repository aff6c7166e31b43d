"""The words a reader sees: calm, whole, and without those that alarm or diagnose."""

from __future__ import annotations

import ast
import re
import string
from datetime import date
from pathlib import Path

import pytest

from dashboard.shared import text as shared_text

CODE = Path(shared_text.__file__).parents[1]
ALARMING = (
    r"tendinitis|\btear\b|\btorn\b|danger|overload|red zone|\bcaus(?:ed|es|al)\b|damage|degenerat|worn out|\bweak\b|"
    r"injury event|predict|prevent|\bunsafe\b|\bsafe\b|risk|warning|\balarm|cure|heal(?:ed|s)\b|\bfail|"
    r"bad\b|lazy|streak|fitness of the tendon"
)
DENIALS = (
    "does not diagnose",
    "the cause of the other",
    "not a validated risk score",
    "Symptoms have many causes",
    "very weak",  # how a runner felt, in the five words of the watch
)


def sentences(file: Path) -> list[str]:
    """Give every text of a module that is not a docstring or a key."""
    tree = ast.parse(file.read_text())
    documented = (ast.Module, ast.FunctionDef, ast.ClassDef)
    docs = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, documented)}
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return [text for text in texts if text not in docs and " " in text]


def files() -> list[Path]:
    """Every module whose texts reach a reader: words, charts, pages, reports, and the sentences of the model."""
    own = (
        "text.py",
        "*page*.py",
        "*_form.py",
        "*section.py",
        "*figure*.py",
        "*table*.py",
        "cards.py",
        "formulas.py",
    )
    subjects = [path for name in own for path in sorted(CODE.rglob(name))]
    folders = [
        path for name in ("charts", "report", "timeline") for path in sorted((CODE / name).rglob("*.py"))
    ]
    modules = (
        "model/attribution.py",
        "model/changes.py",
        "model/explain.py",
        "model/linkage.py",
        "model/next_morning.py",
        "model/outpaced_windows.py",
        "model/settings.py",
        "strength/clinical_tests.py",
        "strength/templates.py",
    )
    return sorted({*subjects, *folders, *(CODE / name for name in modules)})


@pytest.mark.parametrize("file", files(), ids=lambda file: file.relative_to(CODE).as_posix())
def test_no_alarming_or_diagnosing_word(file):
    for text in sentences(file):
        if text.startswith("<style>"):  # its words are those of CSS
            continue
        plain = text
        for denial in DENIALS:
            plain = plain.replace(denial, "")
        assert not re.search(ALARMING, plain, re.IGNORECASE), text


def test_the_list_would_find_one():
    assert re.search(ALARMING, "Danger: your tendon is damaged", re.IGNORECASE)


def constants() -> dict[str, str]:
    return {
        name: value for name, value in vars(shared_text).items() if name.isupper() and isinstance(value, str)
    }


def test_sentences_are_whole():
    for name, text in constants().items():
        if text[0].isupper() and len(text.split()) > 6:
            assert text.rstrip("*").endswith((".", "?")), name


def test_templates_can_be_filled():
    for name, text in constants().items():
        fields = [field for _, field, _, _ in string.Formatter().parse(text) if field is not None]
        assert all(field.isidentifier() for field in fields), name


def test_dates_say_nothing_twice():
    assert shared_text.span_in_words(date(2024, 4, 14), date(2024, 4, 30)) == "14 to 30 Apr 2024"
    assert shared_text.span_in_words(date(2024, 4, 14), date(2024, 5, 2)) == "14 Apr to 2 May 2024"
    assert shared_text.span_in_words(date(2023, 12, 14), date(2024, 1, 2)) == "14 Dec 2023 to 2 Jan 2024"
    assert shared_text.span_in_words(date(2024, 4, 14), date(2024, 4, 14)) == "14 Apr 2024"
    assert (
        shared_text.dates_in_words(date(2024, 1, 1), date(2024, 6, 1))(date(2024, 4, 14), date(2024, 4, 16))
        == "14 to 16 Apr"
    )


def test_every_flag_of_the_model_has_words():
    from dashboard.model.load.run_load import FLAG_WORDS

    assert set(FLAG_WORDS) <= set(shared_text.FLAGS)


def test_words_of_a_person_are_text_whatever_they_hold():
    assert shared_text.escape_markdown("a *b* [c](d)") == r"a \*b\* \[c\](d)"
    assert shared_text.escape_markdown("1. one\n\n# two") == r"1\. one # two"
    assert shared_text.escape_markdown("# one") == r"\# one"
    assert shared_text.escape_markdown("Ridgeline 4 (2): 20 km") == "Ridgeline 4 (2): 20 km"


@pytest.mark.parametrize("text", ["https://a.example", "www.a.example", "b@a.example", "->", ":smile:", "~="])
def test_what_is_looked_for_after_markup_is_parted_without_a_mark_to_see(text):
    told = shared_text.escape_markdown(text).replace("\\", "")
    assert text not in told
    assert told.replace("\u2060", "") == text
