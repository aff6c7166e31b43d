"""What must hold of every parser of a recording format, with a file of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hypothesis import strategies as st

from connectors.errors import SourceError
from connectors.frames import POINT, checked
from connectors.source import Session

Parse = Callable[[bytes], list[Session]]


def damage(data: bytes) -> st.SearchStrategy[bytes]:
    """A file with up to twelve bytes changed, cut off somewhere."""
    spots = st.lists(st.tuples(st.integers(0, len(data) - 1), st.integers(0, 255)), max_size=12)
    return st.builds(_damaged, st.just(data), st.integers(0, len(data)), spots)


def _damaged(data: bytes, cut: int, spots: list[tuple[int, int]]) -> bytes:
    broken = bytearray(data)
    for place, value in spots:
        broken[place] = value
    return bytes(broken[:cut])


def gives_checked_points_or_source_error(parse: Parse, data: bytes) -> None:
    """Parse a file: every session starts at a known time and keeps the contract, or the file is refused."""
    try:
        sessions = parse(data)
    except SourceError:
        return
    for session in sessions:
        checked(session.points, POINT)
        assert session.start_utc is not None


def parse_all(folder: Path, ending: str, parse: Parse) -> tuple[dict[str, list[Session]], dict[str, str]]:
    """Parse every real file of an ending; return the sessions and the refusals by file name."""
    sessions: dict[str, list[Session]] = {}
    refusals: dict[str, str] = {}
    for path in sorted(folder.rglob(f"*{ending}")):
        try:
            sessions[path.name] = parse(path.read_bytes())
        except SourceError as error:
            refusals[path.name] = str(error)
    assert all(
        checked(one.points, POINT).height and one.start_utc
        for several in sessions.values()
        for one in several
    )
    return sessions, refusals
