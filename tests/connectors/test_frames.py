"""The contracts and the check that holds them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import ContractError
from connectors.frames import ACTIVITY, POINT, SAMPLE, STORED, SYMPTOM, checked, split

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def symptom(**values) -> dict:
    return {
        "athlete_id": 1,
        "source": "manual",
        "source_id": "2026-01-02:left",
        "fetched_utc": NOW,
        "date": date(2026, 1, 2),
        **values,
    }


def test_missing_columns_that_may_be_unknown_become_null():
    frame = checked(pl.DataFrame([symptom()]), SYMPTOM)
    assert frame.columns == list(SYMPTOM.columns)
    assert frame["morning_pain_0_10"].to_list() == [None]


def test_each_broken_rule_is_named_with_its_rows():
    rows = [symptom(source_id=str(i), morning_pain_0_10=v) for i, v in enumerate([0.0, 11.0, 3.0, -1.0])]
    with pytest.raises(ContractError) as caught:
        checked(pl.DataFrame(rows), SYMPTOM)
    text = str(caught.value)
    assert "morning_pain_0_10 must be at most 10" in text
    assert "rows 1" in text
    assert "must be at least 0" in text
    assert "rows 3" in text


def test_good_rows_come_back_with_the_reasons_for_the_rest():
    rows = [symptom(source_id="a", side="left"), symptom(source_id="b", side="sinister")]
    good, rejected = split(pl.DataFrame(rows), SYMPTOM)
    assert good["source_id"].to_list() == ["a"]
    assert [(r.rows, "side must be one of" in r.rule) for r in rejected] == [((1,), True)]


def test_repeated_keys_are_refused():
    with pytest.raises(ContractError, match="must not repeat"):
        checked(pl.DataFrame([symptom(), symptom()]), SYMPTOM)


def test_unknown_columns_are_refused():
    with pytest.raises(ContractError, match="latitude"):
        checked(pl.DataFrame([symptom(latitude=1.0)]), SYMPTOM)


def test_not_a_number_is_not_a_value():
    _, rejected = split(pl.DataFrame({"second": [0], "speed_mps": [float("nan")]}), SAMPLE)
    assert any("finite" in r.rule for r in rejected)


def test_wrong_types_are_told():
    with pytest.raises(ContractError, match="wrong type"):
        checked(pl.DataFrame([symptom(morning_pain_0_10="much")]), SYMPTOM)


@given(st.lists(st.one_of(st.none(), st.floats(-5, 15)), min_size=1, max_size=20))
def test_split_parts_the_frame(values):
    frame = pl.DataFrame(
        [symptom(source_id=str(i), morning_pain_0_10=v) for i, v in enumerate(values)], strict=False
    )
    good, rejected = split(frame, SYMPTOM)
    bad = {row for rule in rejected for row in rule.rows}
    assert good.height + len(bad) == len(values)
    assert bad == {i for i, v in enumerate(values) if v is not None and not 0 <= v <= 10}


@pytest.mark.parametrize("contract", STORED, ids=lambda c: c.name)
def test_every_kept_row_says_whose_and_whence(contract):
    for name in ("athlete_id", "source", "source_id", "fetched_utc"):
        assert not contract.columns[name].null
    assert contract.key == ("athlete_id", "source", "source_id")


@pytest.mark.parametrize("contract", [*STORED, SAMPLE], ids=lambda c: c.name)
def test_no_place_is_kept(contract):
    assert not [n for n in contract.columns if "latitude" in n or "longitude" in n or "polyline" in n]
    assert "latitude_deg" in POINT.columns  # the raw point has it, in memory only


@pytest.mark.parametrize("contract", [*STORED, SAMPLE, POINT], ids=lambda c: c.name)
def test_every_column_has_a_unit_and_an_empty_frame_keeps_the_contract(contract):
    assert all(column.unit for column in contract.columns.values())
    assert checked(contract.empty(), contract).schema == contract.schema


def test_an_activity_is_kept_whole():
    row = {
        "activity_id": "x", "athlete_id": 1, "source": "file", "source_id": "9007199254740993",
        "fetched_utc": NOW, "start_utc": NOW, "local_date": NOW.date(), "sport": "Run", "elapsed_s": 791_508.0,
    }  # fmt: skip
    frame = checked(pl.DataFrame([row]), ACTIVITY)
    assert frame["source_id"].item() == "9007199254740993"
    assert frame["elapsed_s"].item() == 791_508
