"""What a runner sets in the model: only what differs from the default is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from connectors.frames import ACTIVITY, SYMPTOM
from connectors.store import Store
from dashboard.model.settings import MODEL_VERSION, SETTINGS, ModelSettings, Setting, from_mapping
from dashboard.model.settings_migration import DROPPED, read_kept, what_is_different

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


def groups() -> dict[str, list[Setting]]:
    """Give the settings as a page shows them.

    Returns
    -------
    dict of str to list of Setting
        Title of each group to its settings; every setting is in one.

    Source
    ------
    ours.
    """
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


def default(setting: Setting) -> float:
    """Give the default of a setting.

    Parameters
    ----------
    setting : Setting
        One of `SETTINGS`.

    Returns
    -------
    float
        In its unit.

    Source
    ------
    ours.
    """
    return float(getattr(ModelSettings(), setting.name))


def step(setting: Setting) -> float:
    """Give by how much one press changes a setting.

    Parameters
    ----------
    setting : Setting
        One of `SETTINGS`.

    Returns
    -------
    float
        One for days and for a yes or no; else about a fortieth of the range, as 1, 2 or 5 times a power of ten.

    Source
    ------
    ours.
    """
    if setting.unit == "d" or setting.name == "forefoot":
        return 1.0
    width = (setting.high - setting.low) / 40
    return min((m * 10.0**e for e in range(-5, 3) for m in (1, 2, 5)), key=lambda size: abs(size - width))


def keep(store: Store, athlete_id: int, numbers: Mapping[str, float]) -> int:
    """Store what differs from the default, and forget what does not.

    Parameters
    ----------
    store : Store
        Where it goes.
    athlete_id : int
        Whose.
    numbers : mapping of str to float
        Name to value, of any settings; those not named stay.

    Returns
    -------
    int
        How many settings differ from their default afterwards.

    Raises
    ------
    HeelwiseError
        When a number is outside its range; nothing is changed then.

    Source
    ------
    ours: a default that is improved later reaches everyone who never changed it.
    """
    known = {one.name: one for one in SETTINGS}
    texts = {name: f"{value:g}" for name, value in numbers.items() if name in known}
    from_mapping(texts)
    values = {name: None if float(text) == default(known[name]) else text for name, text in texts.items()}
    store.set_settings(athlete_id, values)
    return len(changed(read_kept(store.settings(athlete_id))[0]))


def reset(store: Store, athlete_id: int) -> None:
    """Go back to every default.

    Parameters
    ----------
    store : Store
        Where the settings are.
    athlete_id : int
        Whose.

    Source
    ------
    ours.
    """
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
    return what_is_different(texts) if is_older or read_kept(texts)[1] else []


def mark_differences_seen(store: Store, athlete_id: int) -> None:
    """Keep that the runner has read what is different, with the settings as they are used now."""
    _, changes = read_kept(store.settings(athlete_id))
    values = {one.name: None if one.now is None else f"{one.now:g}" for one in changes}
    store.set_settings(athlete_id, {**values, SEEN: MODEL_VERSION})


def changed(settings: ModelSettings) -> dict[str, float]:
    """Give the numbers that differ from the default.

    Parameters
    ----------
    settings : ModelSettings
        The numbers in use.

    Returns
    -------
    dict of str to float
        Name to value; empty where all are defaults.

    Source
    ------
    ours.
    """
    return {
        one.name: float(getattr(settings, one.name))
        for one in SETTINGS
        if getattr(settings, one.name) != default(one)
    }


def in_words(settings: ModelSettings) -> str:
    """Say which numbers of the model are the runner's own.

    Parameters
    ----------
    settings : ModelSettings
        The numbers in use.

    Returns
    -------
    str
        One sentence, for pages and reports.

    Source
    ------
    ours: a figure is worth as much as the numbers behind it.
    """
    own = changed(settings)
    if not own:
        return "Every number of the model is at its default."
    by_name = {one.name: one for one in SETTINGS}
    parts = [
        f"{by_name[n].title.lower()} {value:g} (default {default(by_name[n]):g})" for n, value in own.items()
    ]
    return f"Numbers of the model that were changed: {'; '.join(parts)}."
