"""The record of intervals.icu."""

from __future__ import annotations

from connectors.intervals.beside import read_beside
from connectors.intervals.client import IntervalsApi
from connectors.sync.key_service import KeyService

SERVICE = KeyService(
    id="intervals",
    title="intervals.icu",
    source="intervals_api",
    url="https://intervals.icu/api/v1",
    variable="HEELWISE_INTERVALS_URL",
    steps=(
        "Log in on intervals.icu and connect your watch's service there (Garmin, Polar, COROS, Suunto and others).",
        "Open Settings, Developer Settings, and make an API key.",
        "Copy it and paste it here.",
    ),
    revoke="To end the key itself, delete it on intervals.icu under Settings, Developer Settings.",
    ends=False,
    connect=IntervalsApi,
    stub_text=(
        "{count} came to intervals.icu from Strava, which does not let it pass them on. Link Strava or import your "
        "export for them; connect your watch to intervals.icu directly for the next ones."
    ),
    beside=read_beside,
)
