"""Local dates as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from connectors.written_dates import DateOrder, first_ambiguous, read_written_date, settle_order

FOURTH = date(2026, 5, 4)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2026-05-04",
            "2026-5-4",
            "2026/05/04",
            "2026.05.04.",
            "20260504",
            "2026\u201305\u201304",
            "'2026-05-04",
        ),
        *(
            '="2026-05-04"',
            "2026-05-04\u00a0",
            "2026-05-04 00:00:00",
            "2026-05-04T07:30:00",
            "2026-05-04T07:30:00Z",
        ),
        *("04.05.2026", "4.5.2026", "04.05.26", "4. 5. 2026", "Mo 04.05.2026", "46146", "46146.3125"),
        *(
            "4 May 2026",
            "May 4, 2026",
            "Monday, May 4, 2026",
            "4-May-26",
            "4. Mai 2026",
            "4 mei 2026",
            "4 mai 2026",
        ),
        *("4 de mayo de 2026", "4 maggio 2026", "4 maja 2026", "4 de maio de 2026", "4 May 2026 7:30 am"),
        *("2026\u5e745\u67084\u65e5", "2026. 5. 4.", "26/05/04"),
    ],
)
def test_what_has_one_meaning_is_read(text):
    assert read_written_date(text, None) == FOURTH


@pytest.mark.parametrize(
    "text", ["", "soon", "31/02/2026", "2026-02-30", "May 4", "2026-05", "4.5.", "13/25/2026"]
)
def test_what_is_no_date_is_none(text):
    assert read_written_date(text, DateOrder.day_first) is None


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["04/05/2026", "25/05/2026"], DateOrder.day_first),
        (["04/05/2026", "05/25/2026"], DateOrder.month_first),
        (["4/5/26", "4/25/26"], DateOrder.month_first),
        (["04-05-2026", "25-05-2026", "not a day", ""], DateOrder.day_first),
        (["04/05/2026"], None),
        (["04/05/2026", "25/05/2026", "05/25/2026"], None),
        (["04/04/2026"], DateOrder.day_first),
        (["2026-05-04", "4 May 2026"], DateOrder.day_first),
        (["04/05/2026", "25/05/2026", "31/02/2026"], DateOrder.day_first),
    ],
)
def test_the_whole_column_settles_the_order(texts, order):
    assert settle_order(texts) == order


def test_both_readings_of_the_first_date_that_is_open():
    assert first_ambiguous(["2026-05-01", "04/04/2026", "04/05/2026"]) == (
        "04/05/2026",
        date(2026, 5, 4),
        date(2026, 4, 5),
    )
