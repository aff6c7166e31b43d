"""Write takeouts of services for tests: ZIPs, ZIPs in ZIPs, and the JSON that lies beside recordings."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fit_writer import FIT_EPOCH_S, FitWriter, add_file_id, add_session, fit_run, stamp

START = datetime(2026, 5, 4, 16, 0, tzinfo=UTC)
SET = 225


def zip_bytes(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def fit_of_kind(kind: int) -> bytes:
    """A FIT file with nothing but its head."""
    fit = FitWriter()
    add_file_id(fit, kind=kind)
    return fit.bytes()


def garmin(
    path: Path,
    inner: dict[str, bytes],
    beside: dict[str, object] | None = None,
    outer: int = zipfile.ZIP_DEFLATED,
    method: int = zipfile.ZIP_STORED,
) -> Path:
    """An account takeout: uploaded files in a ZIP in the ZIP, JSON beside them."""
    members = {"DI_CONNECT/DI-Connect-Uploaded-Files/UploadedFiles_0-_Part1.zip": zip_bytes(inner, method)}
    members |= {name: json.dumps(value).encode() for name, value in (beside or {}).items()}
    path.write_bytes(zip_bytes(members, outer))
    return path


def summary(number: int, start: datetime = START, **values: object) -> dict[str, object]:
    """One entry of `summarizedActivities`: cm and ms, as Garmin writes them."""
    begin = start.timestamp() * 1000
    base = {
        "activityId": number,
        "name": f"Session {number}",
        "activityType": "running",
        "beginTimestamp": begin,
        "startTimeGmt": begin,
        "startTimeLocal": begin + 7_200_000,
        "duration": 600_000.0,
        "elapsedDuration": 600_000.0,
        "distance": 180_000.0,
    }
    return {**base, **values}


def summaries(*entries: dict[str, object]) -> list[dict[str, object]]:
    return [{"summarizedActivitiesExport": list(entries)}]


def fit_strength(
    sets: list[tuple[int | None, int | None, int | None, float | None]],
    start: datetime = START,
    feel: int | None = None,
) -> bytes:
    """A strength session: (category, subtype, repetitions, kg) for each set, a rest after each."""
    fit = FitWriter()
    add_file_id(fit)
    fit.define(
        1,
        SET,
        [
            (254, "uint32"),
            (0, "uint32"),
            (3, "uint16"),
            (4, "uint16"),
            (5, "uint8"),
            (6, "uint32"),
            (7, "uint16"),
            (8, "uint16"),
        ],
    )
    at = start
    for category, subtype, repetitions, weight in sets:
        raw = None if weight is None else round(weight * 16)
        fit.write(1, stamp(at), 40_000, repetitions, raw, 1, stamp(at), category, subtype)
        fit.write(1, stamp(at) + 40, 60_000, None, None, 0, stamp(at) + 40, 65534, None)
        at += timedelta(seconds=100)
    add_session(fit, start, 1800, sport=10, sub_sport=20)
    if feel is not None:
        fit.define(
            8,
            18,
            [
                (253, "uint32"),
                (2, "uint32"),
                (5, "enum"),
                (6, "enum"),
                (7, "uint32"),
                (8, "uint32"),
                (192, "uint8"),
                (193, "uint8"),
            ],
        )
        fit.write(8, stamp(start) + 1800, stamp(start), 10, 20, 1_800_000, 1_800_000, feel, 50)
    return fit.bytes()


__all__ = ["FIT_EPOCH_S", "fit_run"]
