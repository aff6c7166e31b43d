from __future__ import annotations

import json

import polars as pl
import pytest
from cohort_exports import run, table, write_athlete, write_diary

from dashboard.cohort.describe import NO_LAGS, describe_cohort


@pytest.fixture(scope="module")
def logged(tmp_path_factory):
    """Three athletes with a diary of 300 days, one without."""
    home = tmp_path_factory.mktemp("logged")
    (home / "in").mkdir()
    rows = ["athlete,files,sex,birth_year"]
    for number in range(4):
        write_athlete(home / "in" / f"{number}.zip", number, runs=150)
        write_diary(home / "in" / f"{number}.csv", days=300, minutes=number)
        diary = f"; {number}.csv" if number < 3 else ""
        rows.append(f"P{number},{number}.zip{diary},{'female' if number % 2 else 'male'},{1980 + number}")
    (home / "in" / "participants.csv").write_text("\n".join(rows) + "\n")
    status, _, err = run("run", home / "in", "--out", home / "out", "--key-file", home / "k" / "key")
    assert status == 0, err
    return home / "out"


def test_table_1_is_that_of_the_tables(logged):
    described = describe_cohort(logged)
    athletes = table(logged, "athletes")
    assert described["athletes"] == 4
    assert described["refused"] == {}
    assert described["sex"] == {"female": 2, "male": 2}
    totals = described["totals"]
    assert totals["runs"] == table(logged, "runs").height == 600
    assert totals["days"] == table(logged, "days").height
    assert totals["distance_km"] == pytest.approx(table(logged, "runs")["distance_m"].sum() / 1000, abs=0.06)
    assert totals["athletes_with_diary"] == totals["athletes_with_flare"] == 3
    ages = described["per_athlete"]["age_years"]
    assert (ages["median"], ages["athletes"]) == (42.5, 4)
    km = 7 * athletes["distance_m"] / 1000 / athletes["days_known"]
    assert described["per_athlete"]["km_a_week"]["median"] == pytest.approx(km.median(), abs=1e-4)


def test_base_rates_are_over_all_years_and_of_flares_over_those_who_logged(logged):
    described, athletes, days = describe_cohort(logged), table(logged, "athletes"), table(logged, "days")
    known = days.drop_nulls("in_window")
    rates = described["base_rates"]
    assert rates["days_in_windows"] == pytest.approx(known["in_window"].mean(), abs=1e-4)
    assert rates["days_in_windows"] > 0
    asked = athletes.filter(pl.col("days_logged") > 0)
    for name, part in (("flares", asked), ("windows", athletes)):
        a_day = part.select(pl.col(name).sum() / pl.col("days").sum()).item()
        assert rates[f"{name}_a_year"] == pytest.approx(a_day * 365.25, abs=1e-3)


def test_linkage_is_asked_of_each_athlete_s_own_days(logged):
    linkage = describe_cohort(logged)["linkage"]
    flares = table(logged, "flares")
    assert linkage["athletes"] == 3
    asked = flares.drop_nulls("outpaced_before")
    assert linkage["flares"] == asked.height > 0
    assert linkage["exposed"] == asked["outpaced_before"].sum()
    assert 0 < linkage["p"] <= 1
    assert "3 athletes" in linkage["why"]
    assert "no cause" in linkage["why"]
    assert linkage["lags"] == NO_LAGS


def test_text_and_json_say_the_same(logged, in_process):
    status, out, err = in_process("describe", logged, "--format", "json")
    assert status == 0, err
    described = json.loads(out)
    assert described == describe_cohort(logged)
    status, text, err = in_process("describe", logged)
    assert status == 0, err
    assert "4 analysed, 0 refused" in text
    assert described["linkage"]["why"] in text
    for word in ("predict", "prevent", "risk", "safe", "damage"):
        assert word not in text.casefold()


def test_a_cohort_without_a_diary_says_that_nothing_can_be_asked(cohort, in_process):
    status, text, _ = in_process("describe", cohort.folder)
    assert status == 0
    assert "11 analysed, 11 refused" in text
    assert "2 × Another input is of the same account." in text
    assert "No athlete has enough of load and diary" in text
