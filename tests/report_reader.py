"""Reads the words out of a report, whichever form it has."""

from __future__ import annotations

from html.parser import HTMLParser
from io import BytesIO

from pypdf import PdfReader


class Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def read(form: str, page: bytes) -> str:
    if form == "pdf":
        text = " ".join(page.extract_text() for page in PdfReader(BytesIO(page)).pages)
    elif form == "html":
        parser = Words()
        parser.feed(page.decode())
        text = " ".join(parser.said)
    else:
        text = page.decode()
    return " ".join(text.split())
