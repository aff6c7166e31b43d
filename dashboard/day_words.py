"""Names and sentences of the runner's day: bands of minutes, events, signs that need a doctor."""

from __future__ import annotations

LONGEST_MIN = 1_440  # a day: the open end of the longest band
BANDS = {
    "0": "0 min",
    "<5": "under 5 min",
    "5-15": "5 to 15 min",
    "15-30": "15 to 30 min",
    ">30": "over 30 min",
}
EVENT_KINDS = {
    "race": "Race",
    "illness": "Illness",
    "travel": "Travel",
    "job": "New job",
    "injection": "Injection",
    "physio": "Physio visit",
    "new_shoe": "New shoe",
    "other": "Other",
}
SIGNS_NOW = (
    "A sudden pop or kick",
    "I cannot push off or rise on my toes",
    "My calf is swollen and warm, or I am short of breath",
    "Fever, or a hot tendon",
)
SIGNS_SOON = (
    "Both sides, stiff for over half an hour, with psoriasis, back pain or sore eyes",
    "An antibiotic ending in -floxacin lately",
)
SEEK_CARE_NOW = (
    "Please seek medical care now; if you are short of breath, call the emergency number. "
    "Heelwise computes nothing from that and does not keep it."
)
SEEK_CARE_SOON = (
    "Please show this to a doctor soon. Heelwise computes nothing from that and does not keep it."
)


def minutes(least: float, most: float) -> str:
    """Write how long stiffness lasted, as precisely as it was said.

    Parameters
    ----------
    least, most : float
        min; the same where it was said to the minute.

    Returns
    -------
    str
        Such as "12 min", "5 to 15 min" or "over 30 min".

    Source
    ------
    ours: the ends of a band are known, its middle is nobody's word.
    """
    if least == most:
        return f"{most:.0f} min"
    if most >= LONGEST_MIN:
        return f"over {least:.0f} min"
    return f"{least:.0f} to {most:.0f} min" if least else f"under {most:.0f} min"
