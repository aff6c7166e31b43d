"""The record of Garmin's Personal API."""

from __future__ import annotations

from connectors.garmin.client import GarminApi
from connectors.sync.key_service import KeyService

SERVICE = KeyService(
    id="garmin",
    title="Garmin",
    source="garmin_api",
    url="https://personal.connectapi.garmin.com",
    variable="HEELWISE_GARMIN_URL",
    steps=(
        "Log in on connect.garmin.com, open the menu of your picture, then Settings, Personal API.",
        "Make a key and choose how long it is valid: 30 days to a year.",
        "Copy it at once, since Garmin shows it only once, and paste it here.",
    ),
    revoke="To end the key itself, delete it on connect.garmin.com under Settings, Personal API.",
    ends=True,
    connect=GarminApi,
)
