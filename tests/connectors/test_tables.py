"""One reader for every table people make."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workbook_writer import write_ods, write_xlsx

from connectors.errors import SourceError, UnreadableFile, UnsafeFile
from connectors.tables import read_table
from connectors.text_decoding import decode_text

PLAIN = "date,side,pain,note\n2026-05-04,left,3.5,ok\n,,,\n2026-05-05,left,2,\n"
ROWS = [["2026-05-04", "left", "3.5", "ok"], ["2026-05-05", "left", "2", ""]]
GRID = [
    ["date", "side", "pain", "note"],
    [date(2026, 5, 4), "left", 3.5, "ok"],
    [None, None, None, None],
    [date(2026, 5, 5), "left", 2, None],
]


def refusal(data: bytes, name: str) -> str:
    """Why a file is not read; its name where it is."""
    try:
        return name if read_table(data, name) else ""
    except SourceError as error:
        return str(error)


def cells(data: bytes) -> list[list[str]]:
    (table,) = read_table(data, "t.csv")
    assert table.header[:4] == ["date", "side", "pain", "note"]
    return [(row + [""] * 4)[:4] for _, row in table.rows]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_separators_line_ends_and_encodings(sign, end, encoding):
    assert cells(PLAIN.replace(",", sign).replace("\n", end).encode(encoding)) == ROWS


@pytest.mark.parametrize(
    "text",
    [
        f"sep=,\n{PLAIN}",
        f'"sep=,"\n{PLAIN}',
        f"My heel diary,,,\n{PLAIN}",
        f"My heel diary\nMay, and a little of June\n\n{PLAIN}",
        f"\n\n{PLAIN}",
        "\n".join(f'"{line}"' for line in PLAIN.splitlines()),
        "\n".join(f"{line},,," for line in PLAIN.splitlines()),
    ],
)
def test_what_spreadsheets_put_around_a_table(text):
    assert cells(text.encode()) == ROWS


def test_a_decimal_comma_does_not_part_cells():
    (table,) = read_table(b"date;pain\n2026-05-04;3,5\n2026-05-05;2,5\n2026-05-06;1,0\n", "t")
    assert [row for _, row in table.rows] == [
        ["2026-05-04", "3,5"],
        ["2026-05-05", "2,5"],
        ["2026-05-06", "1,0"],
    ]


def test_rows_keep_the_numbers_that_a_spreadsheet_shows():
    (table,) = read_table(f"sep=,\nTitle,,,\n{PLAIN}".encode(), "t")
    assert (table.header_row, [number for number, _ in table.rows]) == (3, [4, 6])


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("note\nSteife Ferse fr\u00fch, caf\u00e9\n", "cp1252"),
        ("note\nSteife Ferse fr\u00fch, caf\u00e9, h\u00f6her\n", "mac_roman"),
        (
            "uwaga\nsztywno\u015b\u0107 \u015bci\u0119gna, b\u00f3l rano, p\u00f3\u017aniej l\u017cej\n",
            "cp1250",
        ),
        (
            "\u0431\u0435\u0433 \u043f\u043e \u043f\u0430\u0440\u043a\u0443\n",
            "cp1251",
        ),
        ("\u65e5\u4ed8,\u7a2e\u76ee\n2026\u5e745\u67084\u65e5,\u30e9\u30f3\n", "cp932"),
        ("\u65e5\u671f,\u7c7b\u578b\n2026\u5e745\u67084\u65e5 \u4e0b\u53484:00,\u8dd1\u6b65\n", "gb18030"),
        ("note\ncaf\u00e9\n", "utf-8"),
    ],
)
def test_the_encodings_of_older_programs(text, encoding):
    assert decode_text(text.encode(encoding)) == text


def test_workbooks_give_the_same_rows():
    assert cells(write_xlsx({"Diary": GRID})) == ROWS
    assert cells(write_ods(GRID)) == ROWS
    first, second = read_table(write_xlsx({"Sums": [["a", "b"], [1, 2]], "Diary": GRID}), "t.xlsx")
    assert (first.sheet, second.sheet, len(second.rows)) == ("Sums", "Diary", 2)


def test_a_stray_cell_at_the_far_corner_lays_out_no_grid():
    with pytest.raises(UnsafeFile, match="far outside its table"):
        read_table(write_xlsx({"Diary": GRID}, stray="XFD1048576"), "t.xlsx")
    assert len(read_table(write_xlsx({"Diary": GRID}, stray="AB9"), "t.xlsx")[0].rows) == 3


@pytest.mark.parametrize("cut", [8, 300, -30])
def test_a_cut_off_workbook_is_said_to_be_one(cut):
    with pytest.raises(UnreadableFile, match="cut off or damaged"):
        read_table(write_xlsx({"Diary": GRID})[:cut], "t.xlsx")


@given(st.integers(0, 2_000), st.integers(0, 255), st.booleans())
def test_a_damaged_workbook_brings_no_traceback(place, byte, is_ods):
    data = bytearray(write_ods(GRID) if is_ods else write_xlsx({"Diary": GRID}))
    data[place % len(data)] = byte
    assert "t.xlsx" in refusal(bytes(data), "t.xlsx")


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_words(data):
    assert refusal(data, "t.csv").startswith("t.csv")
