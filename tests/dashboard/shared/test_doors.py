"""The doors: each page is behind one of them, by address and by file, and each file is there."""

from __future__ import annotations

from importlib import import_module

import pytest

from dashboard.shared import doors
from dashboard.shared.doors import DOORS, Tab

BEHIND = [(door, tab) for door in DOORS for tab in door.tabs]


def test_there_are_at_most_eight_doors_and_no_address_twice():
    assert len(DOORS) == 8
    addresses = [tab.address for _, tab in BEHIND]
    assert len(set(addresses)) == len(addresses)
    beside = {door.address for door in DOORS} - set(addresses)
    assert beside == {"body"}


@pytest.mark.parametrize(("door", "tab"), BEHIND)
def test_a_page_is_found_by_address_and_by_file_and_can_be_drawn(door: doors.Door, tab: Tab):
    assert doors.find(tab.address) == doors.find(tab.file) == (door, tab)
    assert callable(import_module(tab.module).render)
    assert door.tab(door.parameters(tab).get(doors.TAB_PARAMETER)) == tab


def test_an_unknown_page_is_behind_no_door_and_an_unknown_tab_opens_the_first():
    assert doors.find("nowhere") is None
    assert DOORS[2].tab("nowhere") == DOORS[2].tab(None) == DOORS[2].tabs[0]


def test_old_addresses_are_those_of_pages_that_are_not_their_door():
    assert set(doors.moved_addresses()) == {
        *("strength", "events", "checks", "mechanics", "runs", "settings", "method"),
    }


@pytest.mark.parametrize(("door", "tab"), BEHIND)
def test_every_address_that_leads_behind_a_door_marks_it(door: doors.Door, tab: Tab):
    assert doors.door_of(tab.address) == doors.door_of(door.address) == door


def test_pages_in_no_menu_mark_the_door_they_are_reached_from_or_none():
    addresses = {name: doors.door_of(name) for name in ("wrote", "home", "start", "", None)}
    assert {name: one and one.address for name, one in addresses.items()} == {
        **{"wrote": "flares", "home": "today"},
        **dict.fromkeys(("start", "", None)),
    }
