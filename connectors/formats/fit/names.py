"""What the numbers of a FIT file are called: our sport names and the names of devices."""

from __future__ import annotations

GARMIN = (1, 15)  # the second is its sensor arm
_VAGUE = (0, 4, 10)  # generic, fitness equipment, training: the second number says what it was
_VIRTUAL = 58
_INDOOR = frozenset((1, 5, 6, 14, 15, 16, 25, 27, 45, 58, 68, 69, 86, 87, 88))
_OUTDOOR = frozenset((2, 3, 7, 8, 9, 11, 18, 29, 37, 38, 41, 46, 47, 48, 49))
_SPORTS = {
    1: "Run",
    2: "Ride",
    3: "Transition",
    4: "Workout",
    5: "Swim",
    6: "Basketball",
    7: "Soccer",
    8: "Tennis",
    9: "American football",
    10: "Workout",
    11: "Walk",
    12: "NordicSki",
    13: "AlpineSki",
    14: "Snowboard",
    15: "Rowing",
    16: "Hike",
    17: "Hike",
    18: "Multisport",
    19: "Canoeing",
    20: "Flying",
    21: "EBikeRide",
    22: "Motorcycling",
    23: "Boating",
    24: "Driving",
    25: "Golf",
    26: "Hang gliding",
    27: "Horse riding",
    28: "Hunting",
    29: "Fishing",
    30: "InlineSkate",
    31: "RockClimbing",
    32: "Sail",
    33: "IceSkate",
    34: "Sky diving",
    35: "Snowshoe",
    36: "Snowmobiling",
    37: "StandUpPaddling",
    38: "Surfing",
    39: "Wakeboarding",
    41: "Kayaking",
    42: "Rafting",
    43: "Windsurf",
    44: "Kitesurf",
    45: "Tactical",
    47: "Boxing",
    48: "StairStepper",
    49: "Baseball",
    53: "Diving",
    62: "HighIntensityIntervalTraining",
    64: "Racket sport",
    65: "Wheelchair",
    66: "Wheelchair",
    67: "Meditation",
    69: "Disc golf",
    70: "Team sport",
    71: "Cricket",
    72: "Rugby",
    73: "Hockey",
    74: "Lacrosse",
    75: "Volleyball",
    83: "Dance",
    84: "Jump rope",
    88: "Canoeing",
}
_BY_KIND = {
    (1, 3): "TrailRun",
    (1, 58): "VirtualRun",
    (2, 8): "MountainBikeRide",
    (2, 9): "MountainBikeRide",
    (2, 12): "Handcycle",
    (2, 28): "EBikeRide",
    (2, 46): "GravelRide",
    (2, 47): "EMountainBikeRide",
    (2, 58): "VirtualRide",
    (2, 88): "Handcycle",
    (12, 37): "BackcountrySki",
    (13, 37): "BackcountrySki",
    (15, 58): "VirtualRow",
    (21, 47): "EMountainBikeRide",
    (64, 84): "Pickleball",
    (64, 85): "Padel",
    (64, 94): "Squash",
    (64, 95): "Badminton",
    (64, 96): "Racquetball",
    (64, 97): "TableTennis",
}
_BY_KIND_ALONE = {
    1: "Run",
    5: "Ride",
    6: "Ride",
    14: "Rowing",
    15: "Elliptical",
    16: "StairStepper",
    17: "Swim",
    20: "WeightTraining",
    27: "Walk",
    43: "Yoga",
    44: "Pilates",
    45: "Run",
    68: "RockClimbing",
    69: "RockClimbing",
    70: "HighIntensityIntervalTraining",
}
_MAKERS = {
    1: "Garmin",
    15: "Garmin",
    23: "Suunto",
    32: "Wahoo",
    70: "Sigma",
    71: "TomTom",
    73: "Wattbike",
    89: "Tacx",
    95: "Stryd",
    111: "Technogym",
    123: "Polar",
    128: "iFit",
    142: "TAG Heuer",
    258: "Lezyne",
    260: "Zwift",
    265: "Strava",
    267: "Bryton",
    289: "Hammerhead",
    294: "COROS",
    310: "Decathlon",
    331: "MyWhoosh",
    339: "Zepp",
    340: "Peloton",
    348: "Huawei",
}
_FORERUNNERS = {
    1018: "310XT",
    1623: "620",
    1632: "220",
    1765: "920XT",
    2156: "630",
    2157: "230",
    2158: "735XT",
    2431: "235",
    2691: "935",
    2886: "645",
    2888: "645 Music",
    3076: "245",
    3077: "245 Music",
    3113: "945",
    3282: "45",
    3589: "745",
    3652: "945 LTE",
    3869: "55",
    3990: "255 Music",
    3991: "255S Music",
    3992: "255",
    3993: "255S",
    4024: "955",
    4257: "265",
    4258: "265S",
    4315: "965",
    4432: "165",
    4433: "165 Music",
    4565: "970",
    4570: "570",
    4574: "570",
}
_WATCHES = {
    1967: "fēnix 2",
    2050: "fēnix 3",
    2337: "vívoactive HR",
    2413: "fēnix 3 HR",
    2544: "fēnix 5S",
    2604: "fēnix 5X",
    2697: "fēnix 5",
    2700: "vívoactive 3",
    3110: "fēnix 5 Plus",
    3111: "fēnix 5X Plus",
    3226: "Venu",
    3288: "fēnix 6S",
    3290: "fēnix 6",
    3291: "fēnix 6X",
    3703: "Venu 2",
    3888: "Instinct 2",
    3905: "fēnix 7S",
    3906: "fēnix 7",
    3907: "fēnix 7X",
    4260: "Venu 3",
    4426: "vívoactive 5",
    4536: "fēnix 8",
}


_NUMBERED = "FIT sport "


def is_numbered(sport: str) -> bool:
    """Whether a sport is known by its number alone: one that FIT has, so it is not running.

    Parameters
    ----------
    sport : str
        Name of a sport, as `sport_of` returns it.

    Returns
    -------
    bool
        True for a number without a name.
    """
    return sport.startswith(_NUMBERED)


def sport_of(sport: int | None, kind: int | None) -> tuple[str | None, bool | None, bool]:
    """Name a sport by the two numbers of a FIT session.

    Parameters
    ----------
    sport, kind : int or None
        `sport` and `sub_sport` of the FIT profile; None where the file does not say.

    Returns
    -------
    tuple of str or None, bool or None, bool
        Our sport name (None where the file does not say), whether indoors (None: not said), whether virtual.
    """
    is_indoor = True if kind in _INDOOR else False if kind in _OUTDOOR else None
    name = _BY_KIND.get((sport or 0, kind or 0))
    if name is None and (sport or 0) in _VAGUE:
        name = _BY_KIND_ALONE.get(kind or 0)
    if name is None and sport:
        name = _SPORTS.get(sport, f"{_NUMBERED}{sport}")
    return name, is_indoor, kind == _VIRTUAL


def device_of(maker: int | None, product: int | None, written: str | None) -> str | None:
    """Name a recording device.

    Parameters
    ----------
    maker, product : int or None
        `manufacturer` and `product` of the FIT profile.
    written : str or None
        Product name as the file writes it.

    Returns
    -------
    str or None
        Maker and model where known; None where the file names no maker we know.
    """
    brand = _MAKERS.get(maker or 0)
    model = written
    if model is None and maker in GARMIN:
        model = _WATCHES.get(product or 0)
        if product in _FORERUNNERS:
            model = f"Forerunner {_FORERUNNERS[product]}"
    if brand is None or model is None:
        return model or brand
    return model if model.lower().startswith(brand.lower()) else f"{brand} {model}"
