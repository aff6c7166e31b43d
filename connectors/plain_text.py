"""Text as every database keeps it: no zero byte, which PostgreSQL refuses, and no half of a sign, which is no UTF-8."""

from __future__ import annotations

import json
import re
from typing import Any

_NOT_STORED = re.compile("[\0\ud800-\udfff]")
_HALF = "\N{REPLACEMENT CHARACTER}"
_MAY_ESCAPE = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


def storable(text: str) -> str:
    """Return a text without zero bytes, which nobody sees; half a sign becomes the sign for one that was lost."""
    if text.isascii() and "\0" not in text:
        return text
    return _NOT_STORED.sub(lambda match: _HALF if match[0] != "\0" else "", text)


def read_json(data: str | bytes) -> Any:
    """Read JSON that comes from outside: its escapes can spell what no text file holds."""
    text = data if isinstance(data, str) else data.decode(json.detect_encoding(data), "surrogatepass")
    document = json.loads(text)
    return document if storable(text) == text and not _MAY_ESCAPE.search(text) else storable_parts(document)


def storable_parts(part: Any) -> Any:
    """Return lists and words by name with every text as it can be kept."""
    if isinstance(part, str):
        return storable(part)
    if isinstance(part, dict):
        return {storable(name): storable_parts(value) for name, value in part.items()}
    return [storable_parts(value) for value in part] if isinstance(part, list) else part
