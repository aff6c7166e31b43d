"""The original file of a recording as a service hands it over: unpacked without trust, read by its content."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from connectors import file_formats
from connectors.errors import UnknownFile, UnreadableFile
from connectors.gunzip import RECORDING_BYTES, decompress, read_capped
from connectors.recordings.cropped import Row, cropped
from connectors.recordings.recording import build_recording
from connectors.recordings.true_time import with_true_time
from connectors.source import FileFormat, Recording, Session

_ENDINGS = (".fit", ".gpx", ".tcx")
_HEAD_BYTES = 4_096
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


def read_original(data: bytes, row: Mapping[str, Any]) -> Recording:
    """Build the recording of one activity from its file."""
    # It may hold several sessions, of which the nearest is taken, and more of that than the service counts.
    content = _unpacked(data)
    sessions = _reader(content).parse(content)
    if not sessions:
        raise UnreadableFile("The original file holds no session.")
    zone = row["timezone"]
    session = with_true_time(_nearest(sessions, row["start_utc"]), zone)
    session = replace(session, sport=session.sport or row["sport"])
    recording = build_recording(session, zone)
    rest = cropped(session, recording, Row(row["start_utc"], row["elapsed_s"], row["distance_m"]))
    return build_recording(rest, zone) if rest is not None else recording


def _unpacked(data: bytes) -> bytes:
    if not data:
        raise UnreadableFile("The original file is empty.")
    if not data.startswith(b"PK"):
        return decompress(data, "The original file", cut_off=True)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [one for one in archive.infolist() if not one.is_dir() and one.file_size]
            if not members:
                raise UnreadableFile("The original file is an archive with nothing in it.")
            member = min(members, key=_preference)
            # Only its bytes are used: its name is never made a path.
            with archive.open(member) as stream:
                content = read_capped(stream.read, "The original file", RECORDING_BYTES, member.compress_size)
    except _DAMAGE as error:
        raise UnreadableFile("The original file is damaged and could not be unpacked.") from error
    return decompress(content, "The original file", cut_off=True)


def _preference(member: zipfile.ZipInfo) -> int:
    ending = PurePosixPath(member.filename.lower().removesuffix(".gz")).suffix
    return _ENDINGS.index(ending) if ending in _ENDINGS else len(_ENDINGS)


def _reader(content: bytes) -> FileFormat:
    head = content[:_HEAD_BYTES]
    ending = ".fit" if head[8:12] == b".FIT" else ".tcx" if b"TrainingCenterDatabase" in head else None
    ending = ending or (".gpx" if b"<gpx" in head.lower() else None)
    for one in file_formats():
        if ending in one.suffixes:
            return one
    raise UnknownFile("The original file is neither FIT nor GPX nor TCX.")


def _nearest(sessions: list[Session], start: datetime) -> Session:
    timed = [one for one in sessions if one.start_utc is not None]
    if not timed:
        return max(sessions, key=lambda one: one.points.height)
    return min(timed, key=lambda one: abs(((one.start_utc or start) - start).total_seconds()))
