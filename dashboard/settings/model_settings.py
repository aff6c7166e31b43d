"""What a runner sets in the model: only what differs from the default is kept."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.store import Store
from dashboard.model.settings import SETTINGS, ModelSettings, Setting, from_mapping

MAIN = ("tau_days", "exponent", "outpaced_ratio", "outpaced_days", "before_days", "lag_days")
"""The numbers a reader meets first."""


def setting_groups() -> dict[str, list[Setting]]:
    """Return the settings as a page shows them."""
    by_name = {one.name: one for one in SETTINGS}
    flares = [one for one in SETTINGS if one.name.startswith("flare_")]
    force = ("force", "strength", "speed_exponent", "forefoot", "added_mass_kg", "walk_below", "cadence_spm")
    strong = [one for one in SETTINGS if any(part in one.name for part in force) and one.name not in MAIN]
    taken = {*MAIN, *(one.name for one in (*flares, *strong))}
    return {
        "Habit, windows and the days before a flare": [by_name[name] for name in MAIN],
        "When a flare begins": flares,
        "Multipliers of load": strong,
        "The rest": [one for one in SETTINGS if one.name not in taken],
    }


def default_of(setting: Setting) -> float:
    """Return the default of a setting."""
    return float(getattr(ModelSettings(), setting.name))


def step_of(setting: Setting) -> float:
    """Return by how much one press changes a setting."""
    if setting.unit == "d" or setting.name == "forefoot":
        return 1.0
    width = (setting.high - setting.low) / 40
    return min((m * 10.0**e for e in range(-5, 3) for m in (1, 2, 5)), key=lambda size: abs(size - width))


def save_choice(store: Store, athlete_id: int, numbers: Mapping[str, float]) -> int:
    """Store what differs from the default, and forget what does not.

    A default that is improved later reaches everyone who never changed it.
    """
    known = {one.name: one for one in SETTINGS}
    texts = {name: f"{value:g}" for name, value in numbers.items() if name in known}
    from_mapping(texts)
    values = {name: None if float(text) == default_of(known[name]) else text for name, text in texts.items()}
    store.set_settings(athlete_id, values)
    return len(changed_choices(from_mapping(store.settings(athlete_id))))


def reset_choices(store: Store, athlete_id: int) -> None:
    """Go back to every default."""
    store.set_settings(athlete_id, {one.name: None for one in SETTINGS})


def changed_choices(settings: ModelSettings) -> dict[str, float]:
    """Return the numbers that differ from the default."""
    return {
        one.name: float(getattr(settings, one.name))
        for one in SETTINGS
        if getattr(settings, one.name) != default_of(one)
    }


def choices_in_words(settings: ModelSettings) -> str:
    """Say which numbers of the model are the runner's own.

    A figure is worth as much as the numbers behind it.
    """
    own = changed_choices(settings)
    if not own:
        return "Every number of the model is at its default."
    by_name = {one.name: one for one in SETTINGS}
    parts = [
        f"{by_name[n].title.lower()} {value:g} (default {default_of(by_name[n]):g})"
        for n, value in own.items()
    ]
    return f"Numbers of the model that were changed: {'; '.join(parts)}."
