"""Developer fields that state which native field they stand for."""

from __future__ import annotations

from pathlib import Path

import pytest
from fit_writer import (
    DEVELOPER_DATA_ID,
    FIELD_DESCRIPTION,
    RECORD,
    SESSION,
    START,
    FitWriter,
    add_file_id,
    add_session,
    stamp,
)

from connectors.formats.fit.sessions import parse_fit
from connectors.recordings.recording import build_recording

SECONDS = 120


def pod_run(
    fields: list[tuple], natives: dict[int, list[float]] | None = None, total: int | None = None
) -> bytes:
    """A treadmill run: `fields` are (name, type, unit, native number, values), natives raw numbers by field."""
    natives = natives or {}
    fit = FitWriter()
    add_file_id(fit)
    fit.define(8, DEVELOPER_DATA_ID, [(1, "byte", 16), (3, "uint8")])
    fit.write(8, b"a" * 16, 0)
    described = [(0, "uint8"), (1, "uint8"), (2, "uint8"), (3, "string", 24), (8, "string", 16)]
    fit.define(9, FIELD_DESCRIPTION, [*described, (14, "uint16"), (15, "uint8")])
    codes, widths = {"uint16": 132, "uint32": 134, "float32": 136}, {"uint16": 2, "uint32": 4, "float32": 4}
    for number, (name, kind, unit, native, _) in enumerate(fields):
        fit.write(9, 0, number, codes[kind], name, unit, None if native is None else RECORD, native)
    own = [(253, "uint32"), *((number, "uint32") for number in natives)]
    fit.define(0, RECORD, own, [(n, widths[f[1]], 0, f[1]) for n, f in enumerate(fields)])
    for second in range(SECONDS + 1):
        values = [field[4][second] for field in fields]
        fit.write(0, stamp(START) + second, *(rows[second] for rows in natives.values()), *values)
    add_session(fit, START, SECONDS, sub_sport=1, distance=total)
    return fit.bytes()


def steady(rate: float, as_kind: type = float) -> list[float]:
    return [as_kind(second * rate) for second in range(SECONDS + 1)]


def constant(value: float) -> list[float]:
    return [value] * (SECONDS + 1)


def read(data: bytes) -> dict[str, object]:
    return build_recording(parse_fit(data)[0]).activity


@pytest.mark.parametrize("name", ["distance", "Distanz", "Runn Distance", "距离", "x", ""])
def test_a_distance_counts_by_its_native_number_whatever_its_name(name):
    assert read(pod_run([(name, "float32", "m", 5, steady(3.3))]))["distance_m"] == pytest.approx(396.0)


@pytest.mark.parametrize("native", [6, 73])
def test_a_speed_alone_gives_the_distance(native):
    found = read(pod_run([("Tempo", "float32", "m/s", native, constant(3.3))]))
    assert found["distance_m"] == pytest.approx(396.0, rel=0.02)


@pytest.mark.parametrize(
    ("unit", "factor", "kind"),
    [
        ("m", 1, "float32"),
        ("", 1, "float32"),
        ("km", 0.001, "float32"),
        ("cm", 100, "uint32"),
        ("Meters", 1, "float32"),
    ],
)
def test_the_unit_that_the_file_states_decides(unit, factor, kind):
    values = steady(3.3 * factor, int if kind == "uint32" else float)
    assert read(pod_run([("d", kind, unit, 5, values)]))["distance_m"] == pytest.approx(396.0, abs=1)


@pytest.mark.parametrize(
    ("unit", "value"), [("m/s", 3.3), ("km/h", 11.88), ("mm/s", 3300.0), ("min/km", 1000 / 198)]
)
def test_speeds_in_other_units(unit, value):
    found = read(pod_run([("v", "float32", unit, 6, constant(value))]))
    assert found["distance_m"] == pytest.approx(396.0, rel=0.02)


def test_it_overrides_the_native_field_and_the_total_made_from_it():
    fields = [("d", "float32", "m", 5, steady(3.3)), ("v", "float32", "m/s", 6, constant(3.3))]
    natives = {5: steady(300, int), 73: constant(3000)}
    found = read(pod_run(fields, natives, total=36_000))
    assert found["distance_m"] == pytest.approx(396.0)
    samples = build_recording(parse_fit(pod_run(fields, natives, total=36_000))[0]).samples
    assert samples["speed_mps"].median() == pytest.approx(3.3, abs=0.01)


def test_a_pod_that_fell_silent_overrides_nothing():
    short = [second * 3.3 if second < 20 else None for second in range(SECONDS + 1)]
    found = read(pod_run([("d", "float32", "m", 5, short)], {5: steady(300, int)}, total=36_000))
    assert found["distance_m"] == 360.0


def test_a_pod_that_says_nothing_but_zero_overrides_nothing():
    found = read(pod_run([("d", "float32", "m", 5, constant(0.0))], {5: steady(300, int)}, total=36_000))
    assert found["distance_m"] == 360.0


def test_the_same_number_of_another_message_is_another_field():
    data = bytearray(pod_run([("d", "float32", "m", 5, steady(3.3))]))
    described = data.index(b"d" + bytes(23))
    native = data.index(bytes([RECORD, 0, 5]), described)
    data[native] = SESSION
    assert read(bytes(data))["distance_m"] is None


def test_a_name_without_a_number_fills_what_the_device_left_open():
    assert read(pod_run([("Distance", "float32", "m", None, steady(3.3))]))["distance_m"] == pytest.approx(
        396.0
    )
    found = read(
        pod_run([("Distance", "float32", "m", None, steady(3.3))], {5: steady(300, int)}, total=36_000)
    )
    assert found["distance_m"] == 360.0


def test_a_total_of_the_session_message_counts_too():
    fit = FitWriter()
    add_file_id(fit)
    fit.define(8, DEVELOPER_DATA_ID, [(1, "byte", 16), (3, "uint8")])
    fit.write(8, b"a" * 16, 0)
    described = [(0, "uint8"), (1, "uint8"), (2, "uint8"), (3, "string", 24), (8, "string", 16)]
    fit.define(9, FIELD_DESCRIPTION, [*described, (14, "uint16"), (15, "uint8")])
    fit.write(9, 0, 0, 136, "Gesamt", "m", SESSION, 9)
    fit.define(0, RECORD, [(253, "uint32"), (3, "uint8")])
    for second in range(SECONDS + 1):
        fit.write(0, stamp(START) + second, 140)
    own = [(253, "uint32"), (2, "uint32"), (5, "enum"), (6, "enum"), (7, "uint32"), (8, "uint32")]
    fit.define(5, SESSION, own, [(0, 4, 0, "float32")])
    fit.write(5, stamp(START) + SECONDS, stamp(START), 1, 1, SECONDS * 1000, SECONDS * 1000, 396.0)
    assert read(fit.bytes())["distance_m"] == pytest.approx(396.0)


REPORTS = Path(__file__).parents[3] / "reports" / "foot_pod_fields"


@pytest.mark.parametrize("name", sorted(path.name for path in REPORTS.iterdir()))
def test_treadmill_runs_of_a_foot_pod_as_reported(name):
    import gzip

    found = read(gzip.decompress((REPORTS / name).read_bytes()))
    assert found["distance_m"] == pytest.approx(3960.0, abs=0.5)
    assert found["moving_s"] == 1200.0
