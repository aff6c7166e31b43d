"""Every real file, field by field, against Garmin's own decoder."""

from __future__ import annotations

import gzip
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from garmin_fit_sdk import Decoder, Stream

from connectors.errors import SourceError
from connectors.formats.fit.decoder import file_parts
from connectors.formats.fit.fit_time import FIT_EPOCH_S
from connectors.formats.fit.records import FitRecords, fit_records
from connectors.formats.fit.sessions import parse_fit
from connectors.frames import POINT, RUN_SPORTS, checked

pytestmark = pytest.mark.real_data
SHARES = 8
UNREADABLE_TO_THE_ORACLE = ("compressed-speed-distance.fit",)  # it knows no shortened times
DEVELOPER = {  # name in the file: column, factor to its unit, "not valid"
    "Power": ("power_w", 1, 0xFFFF),
    "Form Power": ("form_power_w", 1, 0xFFFF),
    "Ground Time": ("contact_ms", 1, 0xFFFF),
    "Vertical Oscillation": ("vertical_oscillation_mm", 10, None),
}


def fit_files(real_data: Path) -> list[Path]:
    loose = (real_data / "activities").rglob("*.fit")
    return sorted([*loose, *(real_data / "strava_export").glob("slalom007*/activities/*.fit.gz")])


def content(path: Path) -> bytes:
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


def oracle(data: bytes) -> dict[str, list[dict]]:
    stream = Stream.from_byte_array(bytearray(data))
    return Decoder(stream).read(
        enable_crc_check=False,
        merge_heart_rates=False,
        convert_datetimes_to_dates=False,
        convert_types_to_strings=False,
    )[0]


def column(records: list[dict], *names: str) -> np.ndarray:
    """First of the names that has a value, NaN where none has."""
    values = (next((r[n] for n in names if r.get(n) is not None), np.nan) for r in records)
    return np.array([v[0] if isinstance(v, list) else v for v in values], dtype=float)


def without(values: np.ndarray, *none: float) -> np.ndarray:
    return np.where(np.isin(values, none), np.nan, values)


def expected(records: list[dict]) -> dict[str, np.ndarray]:
    get = partial(column, records)
    latitude, longitude = get("position_lat") * 180 / 2**31, get("position_long") * 180 / 2**31
    nowhere = (latitude == 0) & (longitude == 0)
    return {
        "latitude_deg": np.where(nowhere, np.nan, latitude),
        "longitude_deg": np.where(nowhere, np.nan, longitude),
        "distance_m": get("distance"),
        "speed_mps": get("enhanced_speed", "speed"),
        "altitude_m": without(get("enhanced_altitude", "altitude"), -500),
        "cadence_raw": get("cadence") + np.nan_to_num(get("fractional_cadence")),
        "heart_rate_bpm": without(get("heart_rate"), 0, 255),
        "power_w": get("power"),
        "step_length_mm": get("step_length"),
        "contact_ms": get("stance_time"),
        "vertical_oscillation_mm": get("vertical_oscillation"),
        "temperature_c": get("temperature"),
    }


def native_values(records: FitRecords, field: str, expected_values: np.ndarray) -> np.ndarray:
    """The device's own values: where a developer field overrides them, they stand behind it."""
    values = records.columns[field]
    if field not in records.overridden or len(values[0]) != len(expected_values):
        return values[0]
    alike = (
        one for one in values if np.allclose(one, expected_values, rtol=1e-12, atol=1e-9, equal_nan=True)
    )
    return next(alike, values[0])


def same_records(name: str, data: bytes, truth: dict[str, list[dict]]) -> int:
    records = [r for r in truth.get("record_mesgs", []) if r.get("timestamp") is not None]
    ours = [fit_records(part) for part in file_parts(data)[0]]
    times = np.concatenate([r.time_s for r in ours])
    np.testing.assert_array_equal(times, column(records, "timestamp"), err_msg=f"{name} time")
    for field, values in expected(records).items():
        mine = np.concatenate([native_values(r, field, values) for r in ours])
        np.testing.assert_allclose(mine, values, rtol=1e-12, atol=1e-9, err_msg=f"{name} {field}")
    described = truth.get("field_description_mesgs", [])
    for key, row in enumerate(described):
        if (
            row.get("field_name") in DEVELOPER
            and len({d.get("developer_data_index") for d in described}) == 1
        ):
            field, factor, none = DEVELOPER[row["field_name"]]
            raw = column([r.get("developer_fields", {}) for r in records], key)
            mine = ours[0].columns[field][0 if field in ours[0].overridden else -1]
            np.testing.assert_allclose(
                mine, without(raw, none) * factor, rtol=1e-9, err_msg=f"{name} {field}"
            )
    return len(records)


def same_sessions(name: str, data: bytes, truth: dict[str, list[dict]]) -> int:
    rows = sorted(truth.get("session_mesgs", []), key=lambda row: row["start_time"])
    sessions = parse_fit(data)
    for session in sessions:
        checked(session.points, POINT)
    if not rows:
        return 0
    assert len(sessions) == len(rows), name
    for session, row in zip(sessions, rows, strict=True):
        get = row.get
        assert session.distance_m == get("total_distance"), name
        assert (session.timer_s, session.elapsed_s) == (get("total_timer_time"), get("total_elapsed_time")), (
            name
        )
        assert (session.ascent_m, session.descent_m) == (get("total_ascent"), get("total_descent")), name
        assert session.heart_rate_bpm == (get("avg_heart_rate") or None), name
        assert session.max_heart_rate_bpm == (get("max_heart_rate") or None), name
        assert session.max_speed_mps == get("enhanced_max_speed", get("max_speed")), name
        cadence = get("avg_cadence")
        fraction = get("avg_fractional_cadence") or 0
        assert session.cadence_raw == (None if cadence is None else cadence + fraction), name
        effort = get("workout_rpe")
        assert session.perceived_exertion_0_10 == (None if effort is None else effort / 10), name
        assert session.start_utc is not None, name
        assert session.start_utc.timestamp() == row["start_time"] + FIT_EPOCH_S, name
        assert (session.sport in RUN_SPORTS) == (get("sport") == 1), name
        assert (session.is_indoor is True) == (get("sub_sport") in (1, 6, 15, 45, 58)), name
    return len(rows)


def same_as_garmin(path: Path) -> int:
    """Compare one file; return how many records of it were compared."""
    data = content(path)
    truth = oracle(data)
    is_activity = any(row.get("type") == 4 for row in truth.get("file_id_mesgs", []))
    if not is_activity or path.name in UNREADABLE_TO_THE_ORACLE:
        return 0
    same_sessions(path.name, data, truth)
    return same_records(path.name, data, truth)


def layouts(path: Path) -> frozenset:
    """Every message of a file as it is laid out: number, byte order, and each field's number, size and type."""
    try:
        parts = file_parts(content(path))[0]
    except SourceError:
        return frozenset({path.name})
    return frozenset(
        (x.message, x.order, tuple((n, f.size, f.kind) for n, f in x.native.items()), tuple(x.developer))
        for part in parts
        for x in part.layouts.values()
    )


def two_of_each_layout(paths: list[Path]) -> list[Path]:
    by_layout: dict[frozenset, list[Path]] = {}
    for path in paths:
        by_layout.setdefault(layouts(path), []).append(path)
    return [path for several in by_layout.values() for path in several[:2]]


@pytest.fixture(scope="module")
def laid_out_differently(real_data) -> list[Path]:
    return two_of_each_layout(fit_files(real_data))


@pytest.mark.parametrize("share", range(SHARES))
def test_every_field_of_each_layout_of_real_files_is_what_garmin_reads(laid_out_differently, share):
    assert len(laid_out_differently) > 120
    assert sum(same_as_garmin(path) for path in laid_out_differently[share::SHARES]) > 1_000


@pytest.mark.benchmark  # a minute in Garmin's own decoder, by hand: files of one layout are read in one way
def test_every_field_of_every_real_file_is_what_garmin_reads(real_data):
    assert sum(same_as_garmin(path) for path in fit_files(real_data)) > 100_000


def test_every_odd_file_gives_sessions_or_one_clear_sentence(real_data):
    refused = {}
    paths = [p for p in real_data.rglob("*") if p.name.lower().endswith((".fit", ".fit.gz"))]
    for path in paths:
        try:
            sessions = parse_fit(content(path))
        except SourceError as error:
            refused[path.name] = str(error)
            continue
        assert sessions
        assert all(note.endswith(".") for s in sessions for note in s.notes)
    assert len(paths) > 270
    assert refused["Settings.fit"] == "This FIT file holds settings, no activity."
    assert refused["MonitoringFile.fit"] == "This FIT file holds all-day monitoring, no activity."
    assert refused["example.fit"] == "This FIT file holds a course, no activity."
    assert refused["empty.fit"] == "The file is empty."
    # The folder of made-up reports holds other kinds of files under this ending, to be refused on purpose.
    made_up = {path.name for path in paths if "reports" in path.relative_to(real_data).parts}
    assert len(set(refused) - made_up) < 8


def test_other_formats_are_told_apart(real_data):
    others = [
        p for p in (real_data / "activities").rglob("*") if p.suffix.lower() in (".gpx", ".tcx", ".zip")
    ]
    assert others
    for path in others:
        with pytest.raises(SourceError, match=r"not a FIT file|empty"):
            parse_fit(path.read_bytes())


def test_shortened_times_and_packed_distance_of_a_real_file(real_data):
    (path,) = real_data.rglob("compressed-speed-distance.fit")
    (run,) = parse_fit(path.read_bytes())
    assert run.distance_m == 10248.67
    assert run.points["distance_m"].max() == pytest.approx(run.distance_m, abs=30)
    assert run.points["time_s"].is_sorted()
    assert run.points["time_s"][-1] - run.points["time_s"][0] == pytest.approx(run.elapsed_s, abs=30)


def test_points_within_the_timer_last_as_long_as_the_device_says(real_data):
    """Stretch by stretch, on watches that write a point a second."""
    compared = 0
    for path in (real_data / "strava_export").glob("slalom007*/activities/*.fit.gz"):
        for session in parse_fit(content(path)):
            if session.points.height < 100 or session.timer_s is None:
                continue
            span = pl.col("time_s").max() - pl.col("time_s").min() + 1
            stretches = session.points.group_by("segment").agg(span.alias("span"))
            assert stretches["span"].sum() == pytest.approx(session.timer_s, rel=0.02, abs=30), path.name
            compared += 1
    assert compared > 200
