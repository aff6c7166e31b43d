"""The page on which a phone is paired: fixed bytes, which say nothing of this machine, its runners or its devices."""

from __future__ import annotations

from pathlib import Path
from string import Template

_FOLDER = Path(__file__).parent
SCRIPT = (_FOLDER / "pair.js").read_text("utf-8")
_PAGE = Template((_FOLDER / "pair.html").read_text("utf-8"))


def _page(title: str, lead: str) -> bytes:
    return _PAGE.substitute(title=title, lead=lead).encode()


PAIR = _page(
    "Pair this phone",
    "Scan the code that Heelwise shows on the computer, under Settings, “Use it on my phone”, or type its 8 "
    "characters.",
)
NOT_PAIRED = _page(
    "This phone is not paired",
    "Type the 8 characters that Heelwise shows on the computer, under Settings, “Use it on my phone”. For an app on "
    "the home screen, the browser that is paired shows them too.",
)
