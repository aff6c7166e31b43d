"""Cadence in pictures and words: over speed, by band over time, as a table, in both units and both themes."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from dashboard.cadence import figures
from dashboard.cadence import text as cadence_text
from dashboard.cadence.experiment import CadenceExperiment
from dashboard.model.load.runner_profile import RunnerProfile
from dashboard.model.mechanics import MEASURE_COLUMNS, MECHANICS_SCHEMA, mechanics_over_time, usual_bands
from dashboard.shared.units import Units

OWN = RunnerProfile(3.0, 3.45, 140.0, 10.0, "samples", "samples", 36_000.0)
FIRST, DAYS = date(2025, 1, 6), 200
KM, MILES = Units(), Units("mi", "ft")
WHOLE = (FIRST, FIRST + timedelta(DAYS))


def made(shift_pct: float = 0.0, own: bool = True, dynamics: bool = True) -> pl.DataFrame:
    rows = []
    for day in range(0, DAYS, 2):
        for band, speed in ((0, 3.0), (2, 3.6)):
            line = 140 + 10 * speed
            cadence = line * (1 + shift_pct / 100)
            rows.append(
                {
                    "activity_id": f"{day:04x}",
                    "local_date": FIRST + timedelta(day),
                    "band": band,
                    "seconds": 1500.0,
                    "speed_mps": speed,
                    "cadence_spm": cadence,
                    "own_cadence_spm": line if own else None,
                    "cadence_deviation_pct": shift_pct if own else None,
                    "step_length_mm": speed / cadence * 60_000,
                    "step_length_s": 1500.0,
                    "contact_ms": 250.0 - band if dynamics else None,
                    "contact_s": 1500.0 if dynamics else 0.0,
                    "vertical_oscillation_s": 0.0,
                    "form_power_s": 0.0,
                }
            )
    return pl.DataFrame(rows, schema=MECHANICS_SCHEMA)


@pytest.mark.parametrize(
    ("shift", "said"), [(2.0, "2.0 % above"), (-1.5, "1.5 % below"), (0.2, "your normal one")]
)
def test_the_words_say_where_cadence_stood_to_the_line(shift, said):
    text = " ".join(figures.speed_in_words(made(shift), OWN, *WHOLE, KM))
    assert said in text
    assert "100 runs with cadence, 83.3 h" in text
    assert "5:17–5:51 /km" in text
    assert ("Biggest difference" in text) == (abs(shift) >= 1)


def test_miles_are_said_in_miles():
    assert "8:31–9:25 /mi" in " ".join(figures.speed_in_words(made(), OWN, *WHOLE, MILES))


def test_an_unknown_line_and_an_empty_stretch_are_said():
    flat = RunnerProfile(3.0, 3.45, 165.0, 0.0, "samples", "default")
    assert figures.speed_in_words(made(own=False), flat, *WHOLE, KM)[-1] == figures.NO_LINE
    early = FIRST - timedelta(9)
    assert "has cadence on level ground" in figures.speed_in_words(made(), OWN, early, early, KM)[0]
    assert figures.speed_figure(made().clear(), OWN, KM, "light") is None
    drawn = figures.speed_figure(made(own=False), flat, KM, "light")
    assert [trace["mode"] for trace in drawn.to_dict()["data"]] == ["markers"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("narrow", [False, True])
def test_runs_lie_on_the_line_they_were_made_from(theme, narrow):
    line, dots = figures.speed_figure(made(), OWN, KM, theme, narrow).data
    assert np.interp(dots["x"], line["x"], line["y"]) == pytest.approx(dots["y"], abs=0.05)
    assert len(dots["x"]) == 200


def test_runs_of_the_experiment_have_another_shape_and_the_target_is_drawn_from_the_weeks_before():
    began = CadenceExperiment(FIRST + timedelta(100), 5.0)
    own, target, old, new = figures.speed_figure(made(), OWN, KM, "light", False, began, OWN).data
    assert (old["marker"]["symbol"], new["marker"]["symbol"]) == ("circle", "diamond")
    assert len(old["x"]) == len(new["x"]) == 100
    assert np.array(target["y"]) == pytest.approx(np.array(own["y"]) * 1.05)
    assert target["line"]["dash"] == "dash"


def test_paces_on_the_axis_are_round():
    layout = figures.speed_figure(made(), OWN, KM, "light").to_dict()["layout"]
    assert {label.split(":")[1] for label in layout["xaxis"]["ticktext"]} <= {"00", "30"}
    assert "min/km" in layout["xaxis"]["title"]["text"]


@pytest.mark.parametrize("column", ["cadence_deviation_pct", "cadence_spm", "step_length_mm", "contact_ms"])
@pytest.mark.parametrize("every", ["week", "month"])
def test_each_band_has_a_panel_of_the_same_height_and_scale(column, every):
    rows = made(1.0)
    series, measure = mechanics_over_time(rows, every), cadence_text.MECHANICS_MEASURES[column]
    drawn = figures.time_figure(
        series, measure, usual_bands(rows), OWN, KM, "dark", began=FIRST + timedelta(50)
    )
    layout = drawn.to_dict()["layout"]
    axes = [layout["yaxis"], layout["yaxis2"]]
    heights = [axis["domain"][1] - axis["domain"][0] for axis in axes]
    spans = [axis["range"][1] - axis["range"][0] for axis in axes]
    assert heights[0] == pytest.approx(heights[1])
    assert spans[0] == pytest.approx(spans[1])
    notes = [note["text"] for note in layout["annotations"]]
    assert notes == ["5:17–5:51 /km · easy", "4:27–4:50 /km", "experiment"]
    assert len(layout["shapes"]) == 1
    for axis in axes:
        assert all(axis["range"][0] <= tick <= axis["range"][1] for tick in axis["tickvals"])


def test_a_gap_breaks_the_line():
    rows = made().filter(~pl.col("local_date").is_between(FIRST + timedelta(30), FIRST + timedelta(80)))
    measure = cadence_text.MECHANICS_MEASURES["cadence_spm"]
    drawn = figures.time_figure(mechanics_over_time(rows, "week"), measure, [0], OWN, KM, "light")
    (trace,) = drawn.data
    assert np.isnan(np.array(trace["y"], dtype=float)).sum() >= 6
    assert trace["connectgaps"] is False


def test_what_is_not_known_is_not_offered_not_drawn_and_said():
    rows = made(dynamics=False)
    assert cadence_text.known_measures(rows) == ["cadence_deviation_pct", "cadence_spm", "step_length_mm"]
    assert cadence_text.known_measures(made())[-1] == "contact_ms"
    contact, series = cadence_text.MECHANICS_MEASURES["contact_ms"], mechanics_over_time(rows, "month")
    assert figures.time_figure(series, contact, [0, 2], OWN, KM, "light") is None
    sentence = cadence_text.mechanics_in_words(series, contact, [0, 2], OWN, KM, "month")
    assert sentence.startswith("Contact time is not known")
    assert cadence_text.NO_DYNAMICS in cadence_text.mechanics_caption(
        "cadence_spm", cadence_text.known_measures(rows)
    )
    assert cadence_text.DEVICES in cadence_text.mechanics_caption(
        "contact_ms", cadence_text.known_measures(made())
    )


def test_step_length_is_in_metres_or_feet():
    rows = made()
    series, length = mechanics_over_time(rows, "month"), cadence_text.MECHANICS_MEASURES["step_length_mm"]
    assert "1.06 m" in cadence_text.mechanics_in_words(series, length, [0], OWN, KM, "month")
    assert "3.47 ft" in cadence_text.mechanics_in_words(series, length, [0], OWN, MILES, "month")


def test_every_measure_of_the_model_has_a_name():
    assert tuple(cadence_text.MECHANICS_MEASURES) == MEASURE_COLUMNS
    assert set(figures.LEAST_SPAN) == set(MEASURE_COLUMNS)


def test_the_table_is_newest_first_in_the_runners_units_with_the_minutes_behind():
    rows = made()
    for frame, head in ((rows, "Date"), (mechanics_over_time(rows, "week"), "From")):
        told = cadence_text.mechanics_table(frame, OWN, MILES)
        assert told[head].is_sorted(descending=True)
        assert told["Step length (ft)"][0] == pytest.approx(3.47)
        assert told["Contact time known (min)"][0] > 0
        assert "Form power (W)" not in told.columns
        assert told["Pace"][0].endswith("· easy")
    assert cadence_text.mechanics_table(rows, OWN, KM)["Cadence (steps/min)"][0] == 170.0


@pytest.mark.parametrize(
    ("value", "said"), [(-0.04, "0.0 %"), (0.0, "0.0 %"), (-0.06, "−0.1 %"), (1.26, "+1.3 %")]
)
def test_a_difference_of_nothing_carries_no_sign(value, said):
    assert cadence_text.MECHANICS_MEASURES["cadence_deviation_pct"].amount(value, Units()) == said
