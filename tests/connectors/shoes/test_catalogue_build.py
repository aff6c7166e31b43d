"""The catalogue built again: from itself, from a table at hand, from a row that a person added."""

from __future__ import annotations

import csv
import io
import json
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from connectors.errors import UnreadableFile
from connectors.shoes.catalogue_build import HERE, build_catalogue

SHIPPED = HERE / "catalogue.csv"
KNOWN_HEADER = "brand,model,version,year,drop_mm,stack_heel_mm,stack_forefoot_mm,plate,kind\n"


def rows(text: str) -> dict[str, dict[str, str]]:
    return {row["catalogue_id"]: row for row in csv.DictReader(io.StringIO(text))}


def listing(folder: Path, *lines: str) -> Path:
    head = "product,brand,terrain,arch_support,weight_men,weight_women,heel_to_toe_men,heel_to_toe_women,release_date"
    target = folder / "RunRepeat-2020"
    target.mkdir(exist_ok=True)
    (target / "shoes.csv").write_text("\n".join((head, *lines)) + "\n")
    return folder


def made(tmp_path: Path, known: str = "", *lines: str) -> dict[str, dict[str, str]]:
    table = tmp_path / "known.csv"
    table.write_text(KNOWN_HEADER + known)
    return rows(build_catalogue(listing(tmp_path, *lines), tmp_path / "none.csv", table))


def test_the_shipped_catalogue_is_built_from_itself_to_the_byte():
    with as_file(files("connectors.shoes").joinpath("catalogue.csv")) as shipped:
        assert build_catalogue(None, shipped) == shipped.read_text(encoding="utf-8")


@pytest.mark.real_data
def test_the_tables_give_what_is_shipped(real_data, tmp_path):
    fresh = rows(build_catalogue(real_data / "shoes", tmp_path / "none.csv"))
    shipped = rows(SHIPPED.read_text(encoding="utf-8"))
    assert len(fresh) > 3_000
    assert {name: row for name, row in fresh.items() if shipped.get(name) != row} == {}


def test_a_row_added_by_hand_outlives_the_next_build(tmp_path):
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    names = lines[0].split(",")
    own = dict.fromkeys(names, "") | {
        "catalogue_id": "brooks-ghost-99", "family_id": "brooks-ghost", "brand": "Brooks", "model": "Ghost",
        "version": "40", "listed_by": "maker's page 2030", "drop_mm": "9", "drop_low_mm": "9", "drop_high_mm": "9",
        "drop_source": "maker's page 2030", "drop_certainty": "stated",
    }  # fmt: skip
    edited = tmp_path / "catalogue.csv"
    edited.write_text("\n".join([*lines, ",".join(own[name] for name in names)]) + "\n", encoding="utf-8")
    row = rows(build_catalogue(None, edited))["brooks-ghost-40"]
    assert (row["drop_mm"], row["drop_source"], row["drop_certainty"]) == ("9", "maker's page 2030", "stated")
    assert row["listed_by"] == "maker's page 2030"


def test_what_two_sources_say_is_kept_and_the_range_shown(tmp_path):
    got = made(
        tmp_path,
        "Brooks,Ghost,12,2019,10,,,none,conventional\n",
        "Brooks Ghost 12 GTX,Brooks,Road,Neutral,,, Men: 12mm, Women: 12mm, Jun 2019",
        "Brooks Ghost 12,Brooks,Road,Neutral,,, Men: 12mm, Women: 12mm, Jun 2018",
    )
    row = got["brooks-ghost-12"]
    assert (row["drop_low_mm"], row["drop_mm"], row["drop_high_mm"]) == ("10", "11", "12")
    assert row["drop_source"] == "RunRepeat 2020=12|general knowledge=10"
    assert row["drop_certainty"] == "disagree"
    assert row["year"] == "2018"
    assert got["brooks-ghost-12-gtx"]["drop_mm"] == "12"


def test_untidy_names_become_one_row(tmp_path):
    got = made(
        tmp_path,
        "ASICS,Gel-Kayano,26,,,,,,conventional\n",
        "Asics Gel Kayano 26, Asics, Road, Stability,,, Men: 10mm, Women: 13mm, Jun 2019",
        "Asics Gel Kayano 26 Lite-Show,NaN, Road, Neutral,,, Men: 10mm, Women: 10mm,NaN",
        "Asics Gel Kayano 26 Platinum,, Road, Stability,,, Men: 8m, Women: NaN,NaN",
        "NaN,NaN,NaN,NaN,,,NaN,NaN,NaN",
        ",,Road,Neutral,,,Men: 8mm,Women: 8mm,NaN",
    )
    assert list(got) == ["asics-gel-kayano-26"]
    row = got["asics-gel-kayano-26"]
    assert (row["drop_low_mm"], row["drop_high_mm"]) == ("8", "13")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("La Sportiva Bushido II", ("Bushido", "2")),
        ("Inov-8 Roadclaw 275 v2", ("Roadclaw 275", "2")),
        ("New Balance Fresh Foam Beacon v2", ("Fresh Foam Beacon", "2")),
        ("Asics GT 1000 7 SP", ("GT 1000", "7")),
        ("Topo Athletic ST-2", ("ST", "2")),
        ("Hoka One One Challenger 5 ATR", ("Challenger ATR", "5")),
        ("Adidas Ultraboost 20", ("Ultraboost", "20")),
        ("Nike Flex RN 2016", ("Flex RN", "2016")),
        ("Altra Escalante 1.5", ("Escalante", "1.5")),
        ("Under Armour Micro G Assert V", ("Micro G Assert", "5")),
        ("Salomon Speedcross 4 Nocturne GTX", ("Speedcross Nocturne", "4 GTX")),
        ("On Cloud 50/50", ("Cloud 50/50", "")),
    ],
)
def test_names_are_parted_into_model_and_version(tmp_path, name, expected):
    (row,) = made(tmp_path, "", f"{name},,Road,Neutral,,,NaN,NaN,NaN").values()
    assert (row["model"], row["version"]) == expected


def test_the_first_of_several_is_numbered(tmp_path):
    lines = [
        f"Saucony {name},,Road,Neutral,,,Men: 8mm,NaN,NaN" for name in ("Clarion", "Clarion 2", "Mystic")
    ]
    assert list(made(tmp_path, "", *lines)) == ["saucony-clarion-1", "saucony-clarion-2", "saucony-mystic"]


def test_the_forefoot_is_worked_out_and_marked_where_heights_differ(tmp_path):
    got = made(
        tmp_path, "Brooks,Ghost,14,,12,36,,none,conventional\nBrooks,Ghost,15,,12,36,20,none,conventional\n"
    )
    worked = got["brooks-ghost-14"]
    assert (worked["stack_forefoot_mm"], worked["stack_forefoot_certainty"]) == ("24", "derived")
    assert got["brooks-ghost-15"]["stack_forefoot_certainty"] == "disagree"


def test_a_table_of_another_shape_is_refused_in_one_sentence(tmp_path):
    folder = tmp_path / "KevinAltomare+running-shoe-finder"
    folder.mkdir()
    (folder / "shoes.json").write_text(json.dumps([{"brand": "Brooks"}]))
    with pytest.raises(UnreadableFile, match=r"^shoes\.json is not a table .* nothing was changed\.$"):
        build_catalogue(tmp_path, SHIPPED)
