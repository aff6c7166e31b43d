"""The eight doors of the menu and the pages behind each: the one list that menu, links and old addresses follow."""

from __future__ import annotations

from dataclasses import dataclass, replace

TAB_PARAMETER = "tab"


@dataclass(frozen=True)
class Tab:
    """One page behind a door; `address` names it in the door's address, and was an address of its own once."""

    address: str
    title: str
    file: str

    @property
    def module(self) -> str:
        """The module that draws it."""
        return f"dashboard.{self.file.removesuffix('.py').replace('/', '.')}"


@dataclass(frozen=True)
class Door:
    """One entry of the menu; it opens the first page behind it."""

    address: str
    title: str
    icon: str
    tabs: tuple[Tab, ...]
    is_on_phone: bool = False
    """Whether it stands in the bar of a phone; the others are behind *More* there."""

    def tab(self, name: str | None) -> Tab:
        """Return the page that a name in the address opens; the first one for a name that is unknown."""
        return next((tab for tab in self.tabs if tab.address == name), self.tabs[0])

    def parameters(self, tab: Tab) -> dict[str, str]:
        """Return what the address of a page behind this door carries: nothing for the first one."""
        return {} if tab == self.tabs[0] else {TAB_PARAMETER: tab.address}


DOORS = (
    Door("today", "Today", "today", (Tab("today", "Today", "today/page.py"),), True),
    Door("timeline", "Timeline", "timeline", (Tab("timeline", "Timeline", "timeline/page.py"),), True),
    Door(
        "log",
        "Log",
        "edit_note",
        (
            Tab("log", "Morning and run", "diary/log_page.py"),
            Tab("strength", "Strength", "strength/page.py"),
            Tab("events", "Events", "diary/events_page.py"),
        ),
        True,
    ),
    Door("flares", "Flares", "search_insights", (Tab("flares", "Flares", "flares/page.py"),), True),
    Door("shoes", "Shoes", "footprint", (Tab("shoes", "Shoes", "shoes/page.py"),)),
    Door("plan", "Plan", "event_upcoming", (Tab("plan", "Plan", "plan/page.py"),)),
    Door(
        "body",
        "Body",
        "accessibility_new",
        (Tab("checks", "Tests", "strength/tests_page.py"), Tab("mechanics", "Cadence", "cadence/page.py")),
    ),
    Door(
        "data",
        "Data & settings",
        "tune",
        (
            Tab("data", "Data", "data/page.py"),
            Tab("runs", "Runs", "runs/page.py"),
            Tab("settings", "Settings", "settings/page.py"),
            Tab("method", "Method", "settings/method_page.py"),
        ),
    ),
)
"""What is opened every day stands first, in the order of the bar of a phone."""


OWNERS = "data"
"""The door behind which imports, links, backups and settings are: the owner's alone, never a paired device's."""


PERSONS = Door(
    "own",
    "Data & sharing",
    "manage_accounts",
    (
        Tab("sharing", "Who may see this", "clinic/sharing_page.py"),
        Tab("data", "Data", "data/own_page.py"),
        Tab("runs", "Runs", "runs/page.py"),
        Tab("code", "Enter a code", "clinic/claim_page.py"),
        Tab("record", "Settings", "clinic/record_page.py"),
        Tab("server", "Server", "clinic/admin_page.py"),
    ),
)
"""The door of somebody who has signed in on a clinic's server, in place of the owner's."""
SERVER = "server"
"""The page of an administrator."""


def of_person(is_admin: bool) -> Door:
    """Return the door of somebody who has signed in."""
    return replace(PERSONS, tabs=tuple(tab for tab in PERSONS.tabs if is_admin or tab.address != SERVER))


def shown(is_owner: bool, own: Door | None = None) -> tuple[Door, ...]:
    """Return the doors that somebody may open; `own` is that of a person who has signed in."""
    open_doors = tuple(door for door in DOORS if is_owner or door.address != OWNERS)
    return open_doors if own is None else (*open_doors, own)


def find(name: str, own: Door | None = None) -> tuple[Door, Tab] | None:
    """Return the door and the page of an address, or of the file that draws it; None for a page behind no door.

    `own` is the door of a person who has signed in, which stands in the place of the owner's.
    """
    pages = ((door, tab) for door in (*((own,) if own else ()), *DOORS, PERSONS) for tab in door.tabs)
    return next(((door, tab) for door, tab in pages if name in (tab.address, tab.file)), None)


BESIDE_DOORS = {"wrote": "flares", "home": "today"}
"""Pages in no menu that belong to a door."""


def door_of(address: str | None) -> Door | None:
    """Return the door that a page stands behind, by its address: also one from before the doors; None for none."""
    name = BESIDE_DOORS.get(address or "", address or "")
    behind = find(name)
    return behind[0] if behind else next((door for door in (*DOORS, PERSONS) if door.address == name), None)


def moved_addresses(is_owner: bool = True) -> dict[str, tuple[Door, Tab]]:
    """Return the addresses that were pages of their own, and where each leads now."""
    return {
        tab.address: (door, tab)
        for door in shown(is_owner)
        for tab in door.tabs
        if tab.address != door.address
    }
