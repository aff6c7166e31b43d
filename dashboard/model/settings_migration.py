"""Settings kept under an earlier model: read without ever failing, and what became of each said once."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.model.settings import SETTINGS, ModelSettings, Setting

DROPPED = {
    "clip": "Most that one week counts, over what you are used to",
}
"""Settings of earlier models that no longer exist, with what they were called."""

DIFFERENT = (
    "What you are used to now follows rises and falls alike; before, a rise counted for at most half as much again, so "
    "it sat too low.",
    "A window begins above your own threshold: the level that 85 % of your last year stayed below, and at least 1.3. "
    "There are fewer windows.",
    "Where you run irregularly no window is shown; after a break, load is compared with a line that rises to your old "
    "level.",
    "Each part of training is followed by itself: fast minutes, climb, shoes and the others. Where one stepped up, it "
    "is named first, before the load as a whole.",
    "Hills count for more and speed for a little less than before, after newer readings of the studies.",
    "Whether load usually comes first is asked of the 7 days before a flare, and only where your flares are enough for "
    "an answer.",
    "A first run after 30 days without one has its own mark.",
)
"""What a reader of model 2 finds changed in model 3, a sentence each."""


WHY = {
    "clip": "what you are used to now follows rises and falls alike",
    "speed_exponent": "newer readings of the studies leave 0.20 to 0.45",
    "walking_force_bw": "as a share of a running step the studies give 0.49 to 0.78",
}
"""Why a setting was dropped or has another range."""
STAYS = {
    "outpaced_ratio": "it is now the least that your own threshold may be",
    "lag_days": "the default is now 7, which finds a link of a few days more often",
}
"""Settings whose meaning or default changed while a kept number stays."""


@dataclass(frozen=True)
class SettingChange:
    """What became of one kept setting.

    Parameters
    ----------
    name, title
        In the store, and for a reader.
    before
        Text as it was kept.
    now
        Value in use; None where the setting no longer exists.
    """

    name: str
    title: str
    before: str
    now: float | None

    @property
    def sentence(self) -> str:
        """One sentence for a reader: what became of it, and why."""
        why = f": {WHY[self.name]}" if self.name in WHY else ""
        if self.now is None:
            return f"Your setting “{self.title}” ({self.before}) no longer exists{why}."
        if math.isnan(_number(self.before)):
            return f"Your setting “{self.title}” was “{self.before}”, no number; it is now the default, {self.now:g}."
        return f"Your setting “{self.title}” was {self.before} and is now {self.now:g}, within its new range{why}."


def read_saved_settings(texts: Mapping[str, str]) -> tuple[ModelSettings, tuple[SettingChange, ...]]:
    """Read kept settings of any model.

    Parameters
    ----------
    texts : mapping of str to str
        Names and values as the store keeps them; names that are no setting of a model are left to others.

    Returns
    -------
    tuple of ModelSettings and tuple of SettingChange
        A value outside its range goes to the nearer end, one that is no number to the default; each is named, as is
        a setting that no longer exists.
    """
    values: dict[str, float] = {}
    changes: list[SettingChange] = []
    for setting in SETTINGS:
        text = texts.get(setting.name, "").strip()
        if not text:
            continue
        values[setting.name] = value = _nearest(setting, text)
        if not _is_same(text, value):
            changes.append(SettingChange(setting.name, setting.title, text, value))
    for name, title in DROPPED.items():
        if texts.get(name, "").strip():
            changes.append(SettingChange(name, title, texts[name].strip(), None))
    return ModelSettings(**values), tuple(changes)


def what_is_different(texts: Mapping[str, str]) -> list[str]:
    """Return what a reader of an earlier model finds changed: in the model, then in the settings that were stored.

    Parameters
    ----------
    texts : mapping of str to str
        Stored settings by key, of any model.

    Returns
    -------
    list of str
        Sentences.
    """
    return [*DIFFERENT, *own_settings(texts)]


def own_settings(texts: Mapping[str, str]) -> list[str]:
    """Return what became of the settings that were stored.

    Parameters
    ----------
    texts : mapping of str to str
        Stored settings by key, of any model.

    Returns
    -------
    list of str
        A sentence each: changed or dropped, then those that stay.
    """
    settings, changes = read_saved_settings(texts)
    titles = {one.name: one.title for one in SETTINGS}
    touched = {one.name for one in changes}
    stay = [
        f"Your setting “{titles[name]}” stays at {getattr(settings, name):g}: {why}."
        for name, why in STAYS.items()
        if texts.get(name, "").strip() and name not in touched
    ]
    return [*(change.sentence for change in changes), *stay]


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return math.nan  # named by the caller: the default is in use


def _nearest(setting: Setting, text: str) -> float:
    value = _number(text)
    if math.isnan(value):
        return float(getattr(ModelSettings(), setting.name))
    return min(max(value, setting.low), setting.high)


def _is_same(text: str, value: float) -> bool:
    return _number(text) == value
