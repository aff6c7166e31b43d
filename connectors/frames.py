"""The contracts: every column of every frame that is kept, with its unit, dtype and bounds.

A connector ends in `checked(frame, CONTRACT)`; the store makes its tables from the same contracts.
Null means unknown everywhere; zero means known and none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from connectors.errors import ContractError

UTC_TIME = pl.Datetime("us", "UTC")
RUN_SPORTS = ("Run", "TrailRun", "VirtualRun")
SOURCES = ("strava_api", "strava_export", "file", "manual", "demo")
SIDES = ("left", "right", "both")
SITES = ("midportion", "insertion", "other")
DECIDERS = ("runner", "therapist")
SHOE_KINDS = ("conventional", "minimalist", "maximalist", "racing", "trail", "barefoot")


@dataclass(frozen=True)
class Column:
    """One column of a contract.

    Parameters
    ----------
    dtype
        Polars type in the frame.
    unit
        Unit of the numbers, or what the text stands for.
    low, high
        Inclusive bounds of known values; None is unbounded.
    null
        Whether unknown is allowed.
    one_of
        The only texts allowed, where the set is closed.
    """

    dtype: pl.DataType | type[pl.DataType]
    unit: str
    low: float | None = None
    high: float | None = None
    null: bool = True
    one_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Contract:
    """What a frame is: its grain, its key and its columns.

    Parameters
    ----------
    name
        Table name in the store, lower case.
    grain
        What one row is, in words.
    key
        Columns that are unique together and never null.
    columns
        Name to `Column`, in order.
    """

    name: str
    grain: str
    key: tuple[str, ...]
    columns: Mapping[str, Column]

    @property
    def schema(self) -> pl.Schema:
        """The Polars schema of a frame under this contract."""
        return pl.Schema({name: column.dtype for name, column in self.columns.items()})

    def empty(self) -> pl.DataFrame:
        """Give a frame with no rows and all columns."""
        return pl.DataFrame(schema=self.schema)


@dataclass(frozen=True)
class Rejected:
    """Rows that break one rule.

    Parameters
    ----------
    rule
        The rule in words, with the column and its unit.
    rows
        Row numbers in the frame as it was given, from 0.
    """

    rule: str
    rows: tuple[int, ...]


def _provenance() -> dict[str, Column]:
    """Columns every stored row carries."""
    return {
        "athlete_id": Column(pl.Int64, "runner on this machine", low=1, null=False),
        "source": Column(pl.String, "where the row came from", null=False, one_of=SOURCES),
        "source_id": Column(pl.String, "id at the source", null=False),
        "fetched_utc": Column(UTC_TIME, "when the row was brought in", null=False),
    }


_KEY = ("athlete_id", "source", "source_id")

ACTIVITY = Contract(
    "activity",
    "one recorded session",
    _KEY,
    {
        "activity_id": Column(pl.String, "our id: hash of athlete, source and source_id", null=False),
        **_provenance(),
        "start_utc": Column(UTC_TIME, "UTC", null=False),
        "timezone": Column(pl.String, "IANA zone of the recording itself"),
        "utc_offset_s": Column(pl.Int32, "s east of UTC at the start, from the recording", -50_400, 50_400),
        "local_date": Column(pl.Date, "local date where it started", null=False),
        "sport": Column(pl.String, "our sport name, or the source's own where unknown", null=False),
        "is_indoor": Column(pl.Boolean, "treadmill or indoor"),
        "name": Column(pl.String, "title at the source"),
        "distance_m": Column(pl.Float64, "m", 0, 10_000_000),
        "moving_s": Column(pl.Float64, "s", 0, 10_000_000),
        "elapsed_s": Column(pl.Float64, "s", 0, 10_000_000),
        "ascent_m": Column(pl.Float64, "m, by our own method from samples", 0, 100_000),
        "descent_m": Column(pl.Float64, "m, by our own method from samples", 0, 100_000),
        "ascent_device_m": Column(pl.Float64, "m, as the device or service says", 0, 100_000),
        "descent_device_m": Column(pl.Float64, "m, as the device or service says", 0, 100_000),
        "cadence_spm": Column(pl.Float64, "steps/min, both feet, mean while moving", 0, 400),
        "heart_rate_bpm": Column(pl.Float64, "bpm, mean", 20, 260),
        "max_heart_rate_bpm": Column(pl.Float64, "bpm", 20, 260),
        "max_speed_mps": Column(pl.Float64, "m/s", 0, 400),
        "perceived_exertion_0_10": Column(pl.Float64, "0-10", 0, 10),
        "shoe_id": Column(pl.String, "the pair worn: shoe.shoe_id"),
        "device": Column(pl.String, "what recorded it"),
        "file_name": Column(pl.String, "name of the recording at the source"),
        "file_hash": Column(pl.String, "digest of the recording's bytes and the reader's version"),
        "sample_rows": Column(pl.Int64, "rows of samples kept; 0 none in the file, null no file", 0),
        "flags": Column(pl.String, "words from a fixed set, one space between, sorted"),
    },
)

SAMPLE = Contract(
    "sample",
    "one second of one session while its timer ran; a pause is a gap",
    ("second",),
    {
        "second": Column(pl.Int32, "s since the start", 0, null=False),
        "distance_m": Column(pl.Float32, "m covered since the start", 0),
        "speed_mps": Column(pl.Float32, "m/s, smoothed over 5 s", 0, 60),
        "altitude_m": Column(pl.Float32, "m, as recorded", -500, 9_000),
        "grade_pct": Column(pl.Float32, "%, over 50 m; null where altitude or movement is unknown", -45, 45),
        "cadence_spm": Column(pl.Float32, "steps/min, both feet", 0, 300),
        "heart_rate_bpm": Column(pl.Float32, "bpm", 20, 260),
        "power_w": Column(pl.Float32, "W", 0, 3_000),
        "step_length_mm": Column(pl.Float32, "mm", 0, 4_000),
        "contact_ms": Column(pl.Float32, "ms", 0, 2_000),
        "vertical_oscillation_mm": Column(pl.Float32, "mm", 0, 400),
        "form_power_w": Column(pl.Float32, "W", 0, 1_000),
        "temperature_c": Column(pl.Float32, "°C at the device", -60, 70),
    },
)

POINT = Contract(
    "point",
    "one point as a device wrote it; in memory only, never stored (it holds the place)",
    (),
    {
        "time_s": Column(pl.Float64, "s since 1970-01-01 UTC", null=False),
        "segment": Column(pl.Int32, "stretch with the timer running; a new number is a pause", 0, null=False),
        "latitude_deg": Column(pl.Float64, "degrees", -90, 90),
        "longitude_deg": Column(pl.Float64, "degrees", -180, 180),
        "distance_m": Column(pl.Float64, "m since the start, as written"),
        "speed_mps": Column(pl.Float64, "m/s, as written"),
        "altitude_m": Column(pl.Float64, "m, as written"),
        "cadence_raw": Column(pl.Float64, "per minute, one leg or both: not yet decided"),
        "heart_rate_bpm": Column(pl.Float64, "bpm"),
        "power_w": Column(pl.Float64, "W"),
        "step_length_mm": Column(pl.Float64, "mm"),
        "contact_ms": Column(pl.Float64, "ms"),
        "vertical_oscillation_mm": Column(pl.Float64, "mm"),
        "form_power_w": Column(pl.Float64, "W"),
        "temperature_c": Column(pl.Float64, "°C"),
    },
)

SHOE = Contract(
    "shoe",
    "one pair",
    _KEY,
    {
        "shoe_id": Column(pl.String, "our id: hash of athlete, source and source_id", null=False),
        **_provenance(),
        "name": Column(pl.String, "what the runner calls it, or brand and model", null=False),
        "brand": Column(pl.String, "maker"),
        "model": Column(pl.String, "model and version"),
        "is_retired": Column(pl.Boolean, "no longer worn"),
    },
)

SHOE_FACT = Contract(
    "shoe_fact",
    "what the runner says of one pair; kept apart so that no import overwrites it",
    _KEY,
    {
        "shoe_id": Column(pl.String, "shoe.shoe_id", null=False),
        **_provenance(),
        "kind": Column(pl.String, "kind of shoe", one_of=SHOE_KINDS),
        "drop_mm": Column(pl.Float64, "mm, heel over forefoot", -10, 30),
        "is_plated": Column(pl.Boolean, "stiff plate in the sole"),
    },
)

SYMPTOM = Contract(
    "symptom",
    "one entry: one date and side",
    _KEY,
    {
        **_provenance(),
        "date": Column(pl.Date, "local date of the entry", null=False),
        "side": Column(pl.String, "which heel", one_of=SIDES),
        "site": Column(pl.String, "where on the tendon", one_of=SITES),
        "morning_stiffness_0_10": Column(pl.Float64, "0-10", 0, 10),
        "morning_stiffness_min": Column(pl.Float64, "min", 0, 1_440),
        "morning_pain_0_10": Column(pl.Float64, "0-10", 0, 10),
        "pain_during_0_10": Column(pl.Float64, "0-10", 0, 10),
        "pain_after_0_10": Column(pl.Float64, "0-10", 0, 10),
        "note": Column(pl.String, "the runner's own words"),
    },
)

STRENGTH = Contract(
    "strength",
    "one set of one exercise",
    _KEY,
    {
        **_provenance(),
        "date": Column(pl.Date, "local date", null=False),
        "exercise": Column(pl.String, "name of the exercise", null=False),
        "side": Column(pl.String, "which leg", one_of=SIDES),
        "set_number": Column(pl.Int32, "from 1 within the day and exercise", 1, null=False),
        "repetitions": Column(pl.Int32, "count", 0, 1_000),
        "load_kg": Column(pl.Float64, "kg beside body weight", 0, 1_000),
        "hold_s": Column(pl.Float64, "s of one hold", 0, 3_600),
        "tempo": Column(pl.String, "s up, hold and down, such as 3-0-3"),
        "note": Column(pl.String, "the runner's own words"),
    },
)

EVENT = Contract(
    "event",
    "one dated fact of life beside the training",
    _KEY,
    {
        **_provenance(),
        "date": Column(pl.Date, "local date", null=False),
        "kind": Column(
            pl.String,
            "what happened",
            null=False,
            one_of=("race", "illness", "travel", "job", "injection", "physio", "new_shoe", "other"),
        ),
        "note": Column(pl.String, "the runner's own words"),
    },
)

ONSET = Contract(
    "onset",
    "what one person said of the beginning of one flare; the rule's own date stays beside it",
    _KEY,
    {
        **_provenance(),
        "onset_rule_date": Column(pl.Date, "local date by the rule; null: a flare the rule did not find"),
        "onset_person_date": Column(pl.Date, "local date by the person; null: not a flare"),
        "decided_by": Column(pl.String, "who said it", null=False, one_of=DECIDERS),
    },
)

STORED = (ACTIVITY, SHOE, SHOE_FACT, SYMPTOM, STRENGTH, EVENT, ONSET)


def checked(frame: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """Hold a frame against its contract.

    Parameters
    ----------
    frame : DataFrame, shape (n, any)
        Missing columns that may be null are added as null; columns not in the contract are refused.
    contract : Contract
        The rules.

    Returns
    -------
    DataFrame, shape (n, len(contract.columns))
        Columns in the contract's order and dtypes. No row is dropped or changed.

    Raises
    ------
    ContractError
        Names each broken rule and the rows that break it.

    Source
    ------
    ours: one check for every boundary, so that no later code asks twice.
    """
    good, rejected = split(frame, contract)
    if rejected:
        broken = "; ".join(f"{r.rule} (rows {_listed(r.rows)})" for r in rejected)
        raise ContractError(f"The {contract.name} frame breaks its contract: {broken}. Nothing was stored.")
    return good


def split(frame: pl.DataFrame, contract: Contract) -> tuple[pl.DataFrame, list[Rejected]]:
    """Part the rows that keep the contract from those that do not.

    Parameters
    ----------
    frame : DataFrame, shape (n, any)
        As for `checked`.
    contract : Contract
        The rules.

    Returns
    -------
    tuple of DataFrame, shape (good, columns), and list of Rejected
        The good rows in their order, and one entry for each broken rule. A row may break several.

    Raises
    ------
    ContractError
        When the columns themselves are wrong, so that no row can be judged.

    Source
    ------
    ours: good rows go in, the rest come back with the reason.
    """
    typed = _typed(frame, contract)
    rules = list(_rules(contract))
    if not rules or typed.is_empty():
        return typed, []
    broken = typed.select(
        expression.fill_null(False).alias(str(i)) for i, (_, expression) in enumerate(rules)
    )
    rejected = [
        Rejected(rule, tuple(broken[str(i)].arg_true().to_list()))
        for i, (rule, _) in enumerate(rules)
        if broken[str(i)].any()
    ]
    if not rejected:
        return typed, []
    return typed.filter(~broken.select(pl.any_horizontal(pl.all())).to_series()), rejected


def _typed(frame: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    extra = [name for name in frame.columns if name not in contract.columns]
    missing = [n for n, c in contract.columns.items() if n not in frame.columns and not c.null]
    if extra or missing:
        parts = [f"unknown columns {extra}"] * bool(extra) + [f"missing columns {missing}"] * bool(missing)
        raise ContractError(f"The {contract.name} frame has {' and '.join(parts)}. Nothing was stored.")
    try:
        return frame.select(
            (pl.col(name) if name in frame.columns else pl.lit(None)).cast(column.dtype).alias(name)
            for name, column in contract.columns.items()
        )
    except pl.exceptions.PolarsError as error:
        raise ContractError(
            f"A column of the {contract.name} frame has the wrong type: {error}. Nothing was stored."
        ) from error


def _rules(contract: Contract):
    for name, column in contract.columns.items():
        value = pl.col(name)
        if not column.null:
            yield f"{name} must be known", value.is_null()
        if column.dtype in (pl.Float32, pl.Float64):
            yield f"{name} must be a finite number", ~value.is_finite()
        if column.low is not None:
            yield f"{name} must be at least {column.low:g} {column.unit}", value < column.low
        if column.high is not None:
            yield f"{name} must be at most {column.high:g} {column.unit}", value > column.high
        if column.one_of:
            yield f"{name} must be one of {', '.join(column.one_of)}", ~value.is_in(column.one_of)
    if contract.key:
        words = " and ".join(contract.key)
        yield f"{words} must not repeat", pl.struct(contract.key).is_duplicated()


def _listed(rows: tuple[int, ...], most: int = 5) -> str:
    more = f" and {len(rows) - most} more" if len(rows) > most else ""
    return ", ".join(map(str, rows[:most])) + more
