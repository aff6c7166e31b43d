"""Every sentence with which the import side leaves something out, collected from the source."""

from __future__ import annotations

import ast
import re
from pathlib import Path

CONNECTORS = Path(__file__).resolve().parents[1] / "connectors"
MODULES = (
    *(
        "archive.py",
        "nested_zip.py",
        "gunzip.py",
        "tables.py",
        "csv_cells.py",
        "written_dates.py",
        "manual_rows.py",
    ),
    *("ingest/*.py", "formats/*.py", "strava/export/activities_csv.py", "strava/export/csv_text.py"),
)
BESIDE = ("decode.py", "gpx.py", "tcx.py", "xml_points.py", "xml_reader.py")
"""Recordings and their readers: their sentences are provoked where they are tested."""
FEWEST_BLANKS = 3


def templates() -> dict[str, re.Pattern[str]]:
    """Each sentence as it stands in the source, {} for what is filled in, with the pattern of what it becomes."""
    found: dict[str, re.Pattern[str]] = {}
    for pattern in MODULES:
        for path in sorted(path for path in CONNECTORS.glob(pattern) if path.name not in BESIDE):
            for parts in _sentences(ast.parse(path.read_text(encoding="utf-8"))):
                text = "{}".join(parts)
                found[text] = re.compile(".*".join(re.escape(part.strip()) for part in parts), re.DOTALL)
    return found


def _sentences(tree: ast.Module) -> list[list[str]]:
    nodes = list(ast.walk(tree))
    told = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}  # docstrings
    inner = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    inner |= {
        id(part)
        for node in nodes
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("compile", "fullmatch", "sub")
        for part in ast.walk(node)
    }
    kept = [_parts(node) for node in nodes if id(node) not in told | inner]
    return [parts for parts in kept if parts and _is_sentence("{}".join(parts))]


def _parts(node: ast.AST) -> list[str]:
    """The fixed parts of a text, parted where something is filled in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.split(r"\{\w+\}", node.value)
    if not isinstance(node, ast.JoinedStr):
        return []
    parts = [""]
    for value in node.values:
        if isinstance(value, ast.Constant):
            parts[-1] += str(value.value)
        else:
            parts.append("")
    return parts


def _is_sentence(text: str) -> bool:
    ended = text.rstrip().endswith(".") and text[:1] not in ("^", "(")
    return ended and text.count(" ") >= FEWEST_BLANKS
