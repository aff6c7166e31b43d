"""Every sentence with which the import side leaves something out, collected from the source."""

from __future__ import annotations

import ast
import re
from pathlib import Path

CONNECTORS = Path(__file__).resolve().parents[1] / "connectors"
MODULES = (
    *("archive.py", "nested_zip.py", "gunzip.py", "tables.py", "csv_cells.py", "written_dates.py"),
    *("manual_rows.py", "ingest/*.py", "formats/*.py", "strava/export/activities_csv.py"),
    *("strava/export/layout.py", "strava/export/csv_text.py"),
)
# Their sentences are about what is inside one recording, and their own tests provoke them.
LEFT_OUT = ("ingest/decode.py", "formats/gpx.py", "formats/tcx.py", "formats/xml_*.py")
FEWEST_BLANKS = 3


def templates() -> dict[str, re.Pattern[str]]:
    """Each sentence as it stands in the source, {} for what is filled in, with the pattern of what it becomes."""
    patterns: dict[str, re.Pattern[str]] = {}
    left_out = {path for pattern in LEFT_OUT for path in CONNECTORS.glob(pattern)}
    for path in sorted({path for pattern in MODULES for path in CONNECTORS.glob(pattern)} - left_out):
        for parts in _sentences(ast.parse(path.read_text(encoding="utf-8"))):
            text = "{}".join(parts)
            patterns[text] = re.compile(".*".join(re.escape(part.strip()) for part in parts), re.DOTALL)
    return patterns


def _sentences(tree: ast.Module) -> list[list[str]]:
    nodes = list(ast.walk(tree))
    docstrings = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    inner = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    inner |= {
        id(part)
        for node in nodes
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("compile", "fullmatch", "sub")
        for part in ast.walk(node)
    }
    texts = [_parts(node) for node in nodes if id(node) not in docstrings | inner]
    return [parts for parts in texts if parts and _is_sentence("{}".join(parts))]


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
