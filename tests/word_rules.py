"""Words that no sentence for a runner or a physical therapist may have, each with what to write in its place."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from source_trees import Function, Trees, is_one_of

INSTEAD: Mapping[str, str] = {
    # The model's own terms.
    r"\bhabits?\b": "what you are used to",
    r"\bt(?:km|mi)\b": "easy kilometres",
    r"outpac": "rose above what you are used to",
    r"\bline back\b|\bline of the way back\b": "the way back to your old level",
    r"\bchannels?\b": "part of training, or its name",
    r"\brobust\b|model assumptions": "our two ways to estimate it agree, or disagree",
    r"\bown line\b": "your normal cadence for the pace",
    r"\bheld against\b|\bhold \w+ against\b": "compared with",
    # What the two word lists of a trial found, and their kind.
    r"by a person|\bpersons\b|a person (?:chose|named)": "by hand, you, Onset (PT), Onset (runner)",
    r"\bshare out\b": "hardly rose",
    r"\btook it down\b": "Recorded by",
    r"change the plan so|the plan keeps it|keep the plan\b": "Apply, OK, Save plan",
    r"by how far out": "4th most unusual of 46 weeks",
    r"this time counted": "this time included",
    r"dead tendon": "fatigue of tendon samples in the laboratory",
    r"\bcomputes? nothing from\b": "(leave out)",
    r"\bnothing is known of\b": "no run recorded on",
    r"what stands together|came together in time": "happening at the same time",
    r"items? left out|left out, and why|came in with a remark|seconds kept": "what is in, and why the rest is not",
    r"\bsettled? as proposed|\bsettling\b": "corrected, left out",
    r"\bif you like\b": "optional",
    r"\bwhom\b|\bput away\b|\bbring it in\b": "Runner, Archive, Restore",
    r"\bpart the two\b|\bput together\b": "Split, Merge",
    r"keep what i said|it is this model": "Save, Use this model",
    r"its name tells no model|what the model takes": "We do not know this shoe",
    r"going over to another pair": "Switching shoes",
    r"which is not the same as none": "so we cannot tell whether it hurt",
    r"logged in it|usual before it|highest logged": "Logged, Before, At its worst",
}
"""A pattern, without regard to case, and the words to use."""
PATTERNS = {re.compile(pattern, re.IGNORECASE): better for pattern, better in INSTEAD.items()}
TERMS_ALLOWED: Mapping[str, str] = {
    "dashboard/settings/formulas.py": "the Method page, which defines the terms",
    "dashboard/settings/later_formulas.py": "the Method page",
    "dashboard/settings/method_page.py": "the Method page",
    "dashboard/settings/model_settings.py": "the Method page's numbers",
    "dashboard/settings/model_changes.py": "the Method page, on earlier models",
    "dashboard/model/outpaced_windows.py": "a value of the JSON",
    "connectors/frames.py": "the description of stored columns",
    "dashboard/cohort/columns.py": "the data dictionary of the cohort tables",
}
"""Files whose words are no sentences of the daily pages, and what they are."""


def private_dialect(trees: Trees, allowed: Mapping[str, str] = TERMS_ALLOWED) -> list[str]:
    """No sentence has the model's own terms, or words that a trial found nobody understands."""
    return [
        f"{path}:{line}: {found.group()!r} in {sentence!r}; say: {better}"
        for path, tree in trees.items()
        if not is_one_of(path, allowed)
        for line, sentence in sentences(tree)
        for pattern, better in PATTERNS.items()
        if (found := pattern.search(sentence))
    ]


def unused_allowances(trees: Trees, allowed: Mapping[str, str] = TERMS_ALLOWED) -> list[str]:
    """Each file on the list of allowances needs it."""
    offending = {one.split(":")[0] for one in private_dialect(trees, {})}
    return sorted(set(allowed) - offending)


def sentences(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Each text with a blank in it that is no docstring, and the docstrings that are the help of a command."""
    silent = {id(text) for node in ast.walk(tree) for text in _bare_texts(node)}
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)
        elif (
            isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent | inside
        ):
            text = node.value
        else:
            continue
        if " " in text.strip():
            yield node.lineno, text


def _bare_texts(node: ast.AST) -> list[ast.expr]:
    """Texts that are a statement of their own: docstrings, but not those of commands."""
    if isinstance(node, Function) and any("command" in ast.unparse(one) for one in node.decorator_list):
        return []
    body = getattr(node, "body", None)
    lines = body if isinstance(body, list) else []
    return [one.value for one in lines if isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant)]
