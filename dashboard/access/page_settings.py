"""Settings that pages need while they are used, by whoever is narrowed to a record."""

from __future__ import annotations

from connectors.store.labels import CLINIC_MODE

MACHINE_SETTINGS = (CLINIC_MODE, "cover_minutes")
"""What a page needs of the machine's settings to draw itself; none of them is a secret, none may be changed."""
OWN_SETTINGS = (
    "half_made_entry",
    "timeline_arrangement",
    "transition_plan",
    "drop_change_mm",
    "lifting_weights",
)
"""Settings that the daily pages write while they are used; those of the Settings page are the owner's."""
