"""Keeps codes, tokens and states out of every log of this process, whoever writes it."""

from __future__ import annotations

import logging
import re
from typing import Any

HIDDEN = "[hidden]"
_NAMES = "code|state|token|access_token|refresh_token|client_secret"
# In an address, a form or a dict; not again what was hidden before.
_START = r"(?:\b|(?<=%3F)|(?<=%26))"
_IS = r"""(['"]\s*:\s*['"]?|\s?=\s?['"]?|%3D)"""
_PAIR = re.compile(rf"""{_START}({_NAMES}){_IS}(?!\[hidden\])[^\s&'",;<>}})\]]+""", re.IGNORECASE)
# The address that a calendar subscribes to is its own secret.
_CALENDAR = re.compile(r"(/calendar/)(?!\[hidden\])[^\s/?\"']+?(?=\.ics\b)")
_BEARER = re.compile(r"\b(Bearer|Basic|ApiKey)\s+(?!\[hidden\])[\w\-.~+/=]{6,}")


def redact(text: str) -> str:
    """Replace secrets in a text.

    References
    ----------
    Names of RFC 6749; a server's access log holds the callback's whole address.
    """
    text = _CALENDAR.sub(rf"\1{HIDDEN}", text)
    return _BEARER.sub(rf"\1 {HIDDEN}", _PAIR.sub(rf"\1\2{HIDDEN}", text))


def install() -> None:
    """Pass every log record of this process through `redact`, from now on.

    A filter on one logger misses the others; all records are made by one factory.
    """
    make = logging.getLogRecordFactory()
    if getattr(make, "hides", False):
        return

    def made(*given: Any, **also: Any) -> logging.LogRecord:
        return _cleaned(make(*given, **also))

    made.hides = True  # pyright: ignore[reportFunctionMemberAccess] - so that it is not put on twice
    logging.setLogRecordFactory(made)


def _cleaned(record: logging.LogRecord) -> logging.LogRecord:
    """Clean the parts first: some formatters read the arguments one by one."""
    if isinstance(record.args, tuple):
        record.args = tuple(redact(part) if isinstance(part, str) else part for part in record.args)
    try:
        message = record.getMessage()
    except (TypeError, ValueError, KeyError):
        return record  # logging itself reports a record that cannot be written
    if redact(message) != message:
        record.msg, record.args = redact(message), ()
    return record
