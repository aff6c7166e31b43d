"""What a runner sets in the model: only what differs from the default is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from connectors.frames import ACTIVITY, SYMPTOM
from connectors.store import Store
from dashboard.model.settings import MODEL_VERSION, SETTINGS, ModelSettings, Setting, from_mapping
from dashboard.model.settings_migration import DROPPED, read_saved_settings, what_is_different

MAIN = (
    "tau_days",
    "exponent",
    "outpaced_ratio",
    "outpaced_quantile",
    "outpaced_days",
    "before_days",
    "lag_days",
)
"""The numbers a reader meets first."""


def setting_groups() -> dict[str, list[Setting]]:
    """Return the settings as a page shows them."""
    by_name = {one.name: one for one in SETTINGS}
    flares = [one for one in SETTINGS if one.name.startswith("flare_")]
    back = ("regular_share", "break_", "line_", "way_back_")
    breaks = [one for one in SETTINGS if one.name.startswith(back)]
    steps = [one for one in SETTINGS if one.name.startswith("step_up_")]
    force = ("force", "strength", "speed_exponent", "forefoot", "added_mass_kg", "walk_below", "cadence_spm")
    strong = [one for one in SETTINGS if any(part in one.name for part in force) and one.name not in MAIN]
    taken = {*MAIN, *(one.name for one in (*flares, *breaks, *steps, *strong))}
    return {
        "Habit, windows and the days before a flare": [by_name[name] for name in MAIN],
        "When a flare begins": flares,
        "Irregular running, breaks and the way back": breaks,
        "When a channel stepped up": steps,
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
    return len(changed_choices(read_saved_settings(store.settings(athlete_id))[0]))


def reset_choices(store: Store, athlete_id: int) -> None:
    """Reset every setting to its default."""
    store.set_settings(athlete_id, dict.fromkeys((*(one.name for one in SETTINGS), *DROPPED)))


SEEN = "model_seen"
"""Setting that holds the version of the model whose differences the runner has read."""
MODEL_3_FROM = datetime(2026, 11, 29, tzinfo=UTC)
"""Records brought in before were computed with model 2."""


def differences(store: Store, athlete_id: int) -> list[str]:
    """Return what is different in this model, once: nothing after `mark_differences_seen`, and for a new record."""
    texts = store.settings(athlete_id)
    if texts.get(SEEN) == MODEL_VERSION:
        return []
    first = min(
        (
            when
            for when in (store.read(one, athlete_id)["fetched_utc"].min() for one in (ACTIVITY, SYMPTOM))
            if when
        ),
        default=None,
    )
    is_older = isinstance(first, datetime) and first < MODEL_3_FROM
    return what_is_different(texts) if is_older or read_saved_settings(texts)[1] else []


def mark_differences_seen(store: Store, athlete_id: int) -> None:
    """Store that the runner has read what is different, with the settings as they are used now."""
    _, changes = read_saved_settings(store.settings(athlete_id))
    values = {one.name: None if one.now is None else f"{one.now:g}" for one in changes}
    store.set_settings(athlete_id, {**values, SEEN: MODEL_VERSION})


def changed_choices(settings: ModelSettings) -> dict[str, float]:
    """Return the numbers that differ from the default."""
    return {
        one.name: float(getattr(settings, one.name))
        for one in SETTINGS
        if getattr(settings, one.name) != default_of(one)
    }


def choices_in_words(settings: ModelSettings) -> str:
    """Describe which numbers of the model are the runner's own.

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
