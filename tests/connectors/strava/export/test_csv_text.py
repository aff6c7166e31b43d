"""Dates in the account's language."""

from __future__ import annotations

import locale
from datetime import UTC, date, datetime

import pytest
from export_writer import LANGUAGES, date_text
from hypothesis import given
from hypothesis import strategies as st

from connectors.month_names import MONTH_NAMES
from connectors.strava.export.csv_text import open_date, parse_dates

AFTERNOON = datetime(2024, 6, 4, 18, 5, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Jun 4, 2024, 6:05:11 PM",
        "Jun 4, 2024, 6:05:11\u202fPM",
        "4 Jun 2024, 18:05:11",
        "4 jun 2024, 18:05:11",
        "4 jun. 2024 18:05:11",
        "04.06.2024, 18:05:11",
        "4. Juni 2024 um 18:05:11",
        "4 juin 2024 à 18:05:11",
        "4 juin 2024, 18:05:11",
        "4 jun 2024, 6:05:11 p.\u00a0m.",
        "4 de junio de 2024, 18:05:11",
        "4 de jun. de 2024, 18:05:11",
        "4 giu 2024, 18:05:11",
        "4 cze 2024, 18:05:11",
        "4 czerwca 2024, 18:05:11",
        "2024-06-04 18:05:11",
        "2024-06-04T18:05:11Z",
        "2024-06-04T20:05:11+02:00",
        "  4\u00a0JUN\u2009 2024,\u202f18:05:11 ",
    ],
)
def test_one_moment_in_many_ways(text):
    assert parse_dates([text]) == [AFTERNOON]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("12 jun. 2021 18:05:11", datetime(2021, 6, 12, 18, 5, 11, tzinfo=UTC)),
        ("15 août 2023, 06:00:00", datetime(2023, 8, 15, 6, tzinfo=UTC)),
        ("1 févr. 2023, 06:00:00", datetime(2023, 2, 1, 6, tzinfo=UTC)),
        ("3. März 2023, 06:00:00", datetime(2023, 3, 3, 6, tzinfo=UTC)),
        ("4 paź 2023, 06:00:00", datetime(2023, 10, 4, 6, tzinfo=UTC)),
        ("4 lis 2023, 06:00:00", datetime(2023, 11, 4, 6, tzinfo=UTC)),
        ("4 mrt 2023, 06:00:00", datetime(2023, 3, 4, 6, tzinfo=UTC)),
        ("4 ene 2023, 06:00:00", datetime(2023, 1, 4, 6, tzinfo=UTC)),
        ("4 set 2023, 06:00:00", datetime(2023, 9, 4, 6, tzinfo=UTC)),
        ("4 ott 2023, 06:00:00", datetime(2023, 10, 4, 6, tzinfo=UTC)),
        ("May 4, 2023, 12:00:00 AM", datetime(2023, 5, 4, 0, tzinfo=UTC)),
        ("May 4, 2023, 12:00:00 PM", datetime(2023, 5, 4, 12, tzinfo=UTC)),
    ],
)
def test_month_names_and_clocks(text, moment):
    assert parse_dates([text]) == [moment]


@pytest.mark.parametrize(
    "text",
    ["", "soon", "Jun 4, 2024", "31 feb 2024, 10:00:00", "4 jui 2024, 10:00:00", "25:00", "#error#", "4,2"],
)
def test_what_is_no_moment_is_unknown(text):
    assert parse_dates([text]) == [None]


def test_the_column_decides_between_day_and_month_first():
    assert parse_dates(["3/4/2024, 10:00:00", "3/14/2024, 10:00:00"])[0] == datetime(
        2024, 3, 4, 10, tzinfo=UTC
    )
    day_first = parse_dates(["3/4/2024, 10:00:00 AM", "14/3/2024, 10:00:00 AM"])
    assert day_first == [datetime(2024, 4, 3, 10, tzinfo=UTC), datetime(2024, 3, 14, 10, tzinfo=UTC)]
    assert parse_dates(["5/4/26 16:00", "5/15/26 16:00"])[0] == datetime(2026, 5, 4, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["3/4/2024 10:00", "3/4/24 10:00", "3/4/2024, 10:00:00 AM", "3-4-2024 10:00"]
)
def test_what_two_orders_allow_is_left_open_until_somebody_answers(text):
    texts = [text, "5/5/2024 10:00"]
    assert parse_dates(texts) == [None, datetime(2024, 5, 5, 10, tzinfo=UTC)]
    assert open_date(texts) == (text, date(2024, 4, 3), date(2024, 3, 4))
    assert parse_dates(texts, day_first=True)[0] == datetime(2024, 4, 3, 10, tzinfo=UTC)
    assert parse_dates(texts, day_first=False)[0] == datetime(2024, 3, 4, 10, tzinfo=UTC)


def test_rows_that_speak_for_both_orders_leave_the_column_open():
    texts = ["3/4/2024 10:00", "14/3/2024 10:00", "3/14/2024 10:00"]
    assert open_date(texts) is not None
    assert [moment and moment.day for moment in parse_dates(texts)] == [None, 14, 14]


@pytest.mark.parametrize(
    "text",
    [
        "4 maig 2026, 16:00:00",
        "4. 5. 2026 16:00:00",
        "4. maj 2026 16.00.00",
        "4.5.2026 klo 16.00.00",
        "4. toukokuuta 2026 klo 16.00",
        "2026. m\u00e1j. 4. 16:00:00",
        "4 Mei 2026 16.00.00",
        "2026/05/04 16:00:00",
        "2026\u5e745\u67084\u65e5 16:00:00",
        "2026\u5e745\u67084\u65e5 \u4e0b\u53484:00:00",
        "2026\u5e745\u67084\u65e5 \u5348\u5f8c4:00:00",
        "2026. 5. 4. \uc624\ud6c4 4:00:00",
        "2026\ub144 5\uc6d4 4\uc77c \uc624\ud6c4 4:00:00",
        "4 \u043c\u0430\u044f 2026 \u0433. \u0432 16:00:00",
        "4 May\u0131s 2026 16:00:00",
        "4 kv\u011btna 2026 16:00:00",
        "4 de maig de 2026, 16:00:00",
    ],
)
def test_the_languages_of_an_account(text):
    assert parse_dates([text]) == [datetime(2026, 5, 4, 16, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("text", "hour"), [("\u4e0a\u534812:05", 0), ("\u4e0b\u534812:05", 12), ("\uc624\uc804 11:05", 11)]
)
def test_halves_of_the_day_in_chinese_and_korean(text, hour):
    assert parse_dates([f"2026-05-04 {text}"]) == [datetime(2026, 5, 4, hour, 5, tzinfo=UTC)]


@given(
    st.datetimes(datetime(2005, 1, 1), datetime(2035, 1, 1)).map(
        lambda d: d.replace(microsecond=0, tzinfo=UTC)
    ),
    st.sampled_from(LANGUAGES),
)
def test_every_moment_comes_back_in_every_language(moment, language):
    assert parse_dates([date_text(moment, language)]) == [moment]


@pytest.mark.parametrize("language", sorted(MONTH_NAMES))
def test_every_month_is_known_in_full(language):
    texts = [f"4 {name} 2024, 10:00:00" for name in MONTH_NAMES[language].split()]
    assert [d.month for d in parse_dates(texts) if d] == list(range(1, 13))


def test_the_machine_s_language_does_not_matter():
    before = locale.setlocale(locale.LC_ALL)
    try:
        for name in ("de_DE.UTF-8", "tr_TR.UTF-8", "C"):
            try:
                locale.setlocale(locale.LC_ALL, name)
            except locale.Error:
                continue
            assert parse_dates(["May 4, 2023, 6:00:00 AM"]) == [datetime(2023, 5, 4, 6, tzinfo=UTC)]
    finally:
        locale.setlocale(locale.LC_ALL, before)


@given(st.text(max_size=60))
def test_any_text_gets_an_answer(text):
    (answer,) = parse_dates([text])
    assert answer is None or answer.tzinfo is UTC
