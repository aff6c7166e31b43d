"""How names are read, whichever way they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.shoes.built_index import catalogue_index
from connectors.shoes.name_tokens import (
    ShoeLexicon,
    brand_name,
    brands,
    core_tokens,
    read_gear_text,
    spellings,
    split_gear_text,
    tokens_of,
    word_rows,
)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("M1080v11", ["m", "1080", "v", "11"]),
        ("GT2000", ["gt", "2000"]),
        ("Vaporfly Next% 2", ["vaporfly", "nextpct", "2"]),
        ("4 %", ["4pct"]),
        ("Metaspeed Sky+", ["metaspeed", "sky", "plus"]),
        ("S/LAB Ultra", ["slab", "ultra"]),
        ("Błękit ß é", ["blekit", "ss", "e"]),
        ("Pegasus 40 EU 44.5", ["pegasus", "40"]),
        ("Ghost 15 #2 (3)", ["ghost", "15"]),
        ("Shadow SS18", ["shadow"]),
        ("XA Pro 3D V8", ["xa", "pro", "3d", "v", "8"]),
        ("KD900.2", ["kd", "900", "2"]),
        ("Men&#39;s Ghost", ["mens", "ghost"]),
        ("アシックス 🏃", []),
    ],
)
def test_texts_are_parted(text, tokens):
    assert split_gear_text(text) == tokens


@pytest.mark.parametrize(
    ("text", "brand"),
    [
        ("Hoka One One", "HOKA"),
        ("NB", "New Balance"),
        ("UA", "Under Armour"),
        ("under armor", "Under Armour"),
        ("Barefoot (No Shoes)", "Barefoot"),
        ("Arc'teryx", "Arc'teryx"),
        ("361°", "361 Degrees"),
        ("Vibram FiveFingers", "Vibram"),
        ("Nobody's brand", None),
        ("", None),
    ],
)
def test_brands_are_found(text, brand):
    assert brand_name(text) == brand


def test_every_spelling_means_one_brand():
    rows = word_rows("brands.csv")
    assert len(spellings()) == len(
        {(tuple(split_gear_text(w)), r["brand"]) for r in rows for w in r["spellings"].split("|")}
    )
    assert set(spellings().values()) == set(brands())


@pytest.mark.parametrize(
    ("text", "brand", "words", "numbers"),
    [
        ("ASICS Asics Gel Pulse 11 Masculino Pulse 11", "ASICS", {"pulse"}, ("11",)),
        ("new balance nb860 v3", "New Balance", {"860"}, ("3",)),
        ("Mizuno Waverider 29", "Mizuno", {"rider"}, ("29",)),
        ("adidas Ultra Boost 4.0", "Adidas", {"ultraboost"}, ("4",)),
        ("on cloud flow", "On", {"cloudflow"}, ()),
        ("Skechers GO RUN Razor 3", "Skechers", {"razor"}, ("3",)),
        ("Brooks Glycerin GTS 20", "Brooks", {"glycerin"}, ("20",)),
        ("Nike ZoomX Vaporfly Next% 2", "Nike", {"vaporfly"}, ("2",)),
        ("addidas boston 7 black.", "Adidas", {"boston"}, ("7",)),
        ("Pulse 11", None, {"pulse"}, ("11",)),
        ("keep on running", None, {"keep", "on"}, ()),
    ],
)
def test_texts_are_read(text, brand, words, numbers):
    known = catalogue_index()
    reading = read_gear_text(text, known.lexicon)
    assert (reading.brand, core_tokens(reading, known.aliases), reading.numbers) == (brand, words, numbers)


@pytest.mark.parametrize(
    ("text", "is_doubtful"),
    [("GT 2000 II", True), ("Asics 01", True), ("La Sportiva Bushido II", False), ("Ghost 11", False)],
)
def test_a_number_may_count_pairs(text, is_doubtful):
    assert read_gear_text(text, catalogue_index().lexicon).is_doubtful is is_doubtful


def test_a_compound_is_split_only_where_its_halves_are_known():
    lexicon = ShoeLexicon()
    lexicon.learn(["PureFlow", "Cloudmonster"])
    assert lexicon.settle(["pureflow"]) == ["pure", "flow"]
    assert lexicon.settle(["cloud", "monster"]) == ["cloudmonster"]
    assert lexicon.settle(["sunflower"]) == ["sunflower"]


def test_other_names_lead_to_a_model_that_is_there():
    known = catalogue_index()
    lines = {(brand, frozenset(line.words)) for brand, found in known.lines.items() for line in found}
    usual = {(brand, words) for (brand, _), words in known.aliases.items()}
    assert usual <= lines


def test_no_word_is_dropped_that_alone_tells_a_model():
    dropped = tokens_of("noise") | tokens_of("edition") | tokens_of("weather")
    lost = [
        row["model"] for row in word_rows("catalogue.csv") if set(split_gear_text(row["model"])) <= dropped
    ]
    assert set(lost) <= {"No shoes"}


@given(st.text(max_size=60))
def test_any_text_is_read(text):
    reading = read_gear_text(text, catalogue_index().lexicon)
    assert reading.brand is None or reading.brand in brands()
    assert len(set(reading.words)) == len(reading.words)
