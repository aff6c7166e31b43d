"""What a runner reads of links by a key, and which road of runs fits whom."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Road:
    """One way by which runs come in: whom it fits, and its three steps."""

    fits: str
    road: str
    steps: tuple[str, str, str]


ROADS = (
    Road(
        "a **Garmin** watch",
        "Garmin, by your own key, free",
        (
            "connect.garmin.com, *Settings, Personal API*",
            "make a key and copy it",
            "paste it on the Data page under *Link Garmin*",
        ),
    ),
    Road(
        "**any watch**: Polar, COROS, Suunto, Garmin and others",
        "intervals.icu, by your own key, free",
        (
            "connect your watch's service on intervals.icu",
            "*Settings, Developer Settings*: make a key and copy it",
            "paste it on the Data page under *Link intervals.icu*",
        ),
    ),
    Road(
        "**Strava** with a subscription",
        "Strava link",
        (
            "make an API app of your own on strava.com",
            "type its number and secret on the Data page",
            "press *Connect with Strava*",
        ),
    ),
    Road(
        "anything else, or no account",
        "a file or a takeout",
        ("ask your service for your data", "download the ZIP", "drop it on the Data page"),
    ),
)
"""Every runner finds their row by what they own."""
LINK_BY_ITSELF = (
    "Linked, tomorrow's run arrives by itself. Several links of one runner make one record: "
    "one run stays one run."
)
KEY_SAFETY = (
    "The key is stored encrypted where Heelwise runs, is never shown again, and goes to {title} alone. "
    "Heelwise only reads."
)
WHERE = {
    "garmin": ("connect.garmin.com", "Settings", "Personal API", "Create key"),
    "intervals": ("intervals.icu", "Settings", "Developer Settings", "API Key"),
}
"""Where the key is made, as the places one goes through."""


def road_text(road: Road) -> str:
    """Write one road and its steps as Markdown."""
    steps = "\n".join(f"{at}. {step}" for at, step in enumerate(road.steps, start=1))
    return f"You have {road.fits}: {road.road}\n\n{steps}"


def confirm_question(account: str, title: str, runner: str) -> str:
    """Ask whether runs of an account belong to a runner."""
    return f"This key opens the account of {account} at {title}. Import into {runner}?"
