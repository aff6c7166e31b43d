"""What recordings say before anything is weighted: read once, for loads under any settings."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import polars as pl

from connectors.frames import RUN_SPORTS
from dashboard.model.load import achilles_force, weighted_sums
from dashboard.model.load.run_inputs import CUTS, with_corrected_cadence, with_edit_columns
from dashboard.model.load.runner_profile import BIN_MPS, LINE_RANGE_MPS, RunnerProfile
from dashboard.model.load.seconds import ScanSamples, clean_seconds, encode_levels, on_all_cores
from dashboard.model.settings import ModelSettings

AT_ONCE = 32
"""Recordings read together: enough that starting costs little, few enough that memory stays small."""
HOLD_S = 22_500_000
"""Seconds held in memory, 8 bytes each: 24 years of five hours a week, 180 MB. What goes beyond is read anew
each time. Design choice."""
FACTS = (
    "seconds", "known_s", "on_feet_s", "cadence_s", "grade_s", "span_m", "cadence_sum", "cadence_n",
    "compared_s", "compared_cadence", "compared_speed",
)  # fmt: skip


class Recordings(Protocol):
    """What the load of runs takes from recordings, whether they are read now or were once."""

    @property
    def facts(self) -> pl.DataFrame:
        """Return the facts of `RecordingData`."""
        ...

    @property
    def speeds(self) -> pl.DataFrame:
        """Return the speeds of `RecordingData`."""
        ...

    def sums(self, personal: RunnerProfile, settings: ModelSettings) -> pl.DataFrame:
        """Sum each recording.

        As `RecordingData.sums`.

        Parameters
        ----------
        personal : RunnerProfile
            The runner's own measures.
        settings : ModelSettings
            Numbers of the factors.

        Returns
        -------
        DataFrame
            As from `weighted_sums.weighted_sums`.
        """
        ...


@dataclass(frozen=True)
class RecordingData:
    """What the recordings of one runner say, whatever the settings of forces.

    Parameters
    ----------
    seconds
        `activity_id` and `seconds.STORED_LEVELS`, a few recordings in each frame; in memory up to `HOLD_S` in all, by
        `activity_id`, else still to be read, in any order.
    facts
        One row for each recording, by `activity_id`: `seconds`, `known_s` (speed known), `on_feet_s`,
        `cadence_s`, `grade_s` in s; `span_m`, distance from first to last sample as the device has it;
        `cadence_sum` and `cadence_n` of running; `compared_s`, `compared_cadence` and `compared_speed`, the
        sums over level running of known speed and cadence, speed held where the own line is.
    speeds
        Running seconds of all recordings by speed and slope, with the sums a straight line needs.
    """

    seconds: tuple[pl.LazyFrame, ...]
    facts: pl.DataFrame
    speeds: pl.DataFrame

    def sums(self, personal: RunnerProfile, settings: ModelSettings) -> pl.DataFrame:
        """Sum each recording under a runner's own measures and the settings of forces.

        Seconds that are held are summed again under any settings.

        Parameters
        ----------
        personal : RunnerProfile
            The runner's own cadence-speed line and fast speed.
        settings : ModelSettings
            Numbers of the factors.

        Returns
        -------
        DataFrame
            As from `weighted_sums.weighted_sums`.
        """
        return weighted_sums.weighted_sums(self.seconds, personal, settings)


def recordings_for(activities: pl.DataFrame, samples: ScanSamples, settings: ModelSettings) -> RecordingData:
    """Read the recordings of runs.

    A changed force or exponent leaves the result as it is.

    Parameters
    ----------
    activities : DataFrame
        ACTIVITY columns and `samples_id`, the id of the recording to use (null none); what a person said
        (SESSION_EXTRA, `edited`) where there. Sports that are not running are left out: they load the tendon
        in another way and are kept as context.
    samples : callable
        Recording ids to LazyFrame.
    settings : ModelSettings
        Only the walking limits are read.

    Returns
    -------
    RecordingData
        For `run_load.load_runs` under any other settings. A run that was left out is not read: its load is
        estimated from its summary.
    """
    corrected = with_corrected_cadence(samples, _counted_runs(activities))
    return recording_data(corrected, recording_ids(activities), settings)


def recording_ids(activities: pl.DataFrame) -> list[str]:
    """List the recordings that `recordings_for` would read.

    Those of runs that count.

    Parameters
    ----------
    activities : DataFrame
        As of `recordings_for`.

    Returns
    -------
    list of str
        Their ids, each once, in order.
    """
    return _counted_runs(activities)["samples_id"].drop_nulls().unique().sort().to_list()


def recordings_fingerprint(activities: pl.DataFrame) -> str:
    """Return a digest of what `recordings_for` would read, as long as no recording is written anew.

    Parameters
    ----------
    activities : DataFrame
        As of `recordings_for`.

    Returns
    -------
    str
        32 hexadecimal digits; the same for the same recordings with the same corrected cadence.
    """
    read = _counted_runs(activities).select("samples_id", "cadence_scale", *CUTS)
    rows = read.drop_nulls("samples_id").sort("samples_id").iter_rows()
    words = "".join(
        f"{one}*{scale}" + (f"[{first},{last}]" if first is not None or last is not None else "")
        for one, scale, first, last in rows
    )
    return hashlib.blake2b(words.encode(), digest_size=16).hexdigest()


def _counted_runs(activities: pl.DataFrame) -> pl.DataFrame:
    runs = with_edit_columns(activities.filter(pl.col("sport").is_in(RUN_SPORTS)))
    return runs.filter(pl.col("is_excluded").not_())


def recording_data(
    samples: ScanSamples, recordings: Sequence[str], settings: ModelSettings, hold_s: int = HOLD_S
) -> RecordingData:
    """Read all recordings once.

    Opening and decoding files takes most of the time, and a changed force leaves all of this as it is.

    Parameters
    ----------
    samples : callable
        Recording ids to LazyFrame.
    recordings : sequence of str
        Their ids; those without samples give no row.
    settings : ModelSettings
        The walking limits, and nothing else: see `settings.for_recordings`.
    hold_s : int
        Seconds held in memory at most.

    Returns
    -------
    RecordingData
        Its seconds, a few recordings in each frame.
    """
    room = hold_s

    def read(ids: Sequence[str]) -> RecordingData:
        nonlocal room
        known = clean_seconds(samples(ids), settings)
        block = known.with_columns(level=_LEVEL).sort("activity_id").collect()
        facts = block.group_by("activity_id", maintain_order=True).agg(_facts())
        room -= block.height
        levels = ("activity_id", *encode_levels())
        seconds = block.select(*levels).lazy() if room >= 0 else known.select(*levels)
        return RecordingData((seconds,), facts.cast({"activity_id": pl.String}), _speeds(block))

    batches = [recordings[at : at + AT_ONCE] for at in range(0, len(recordings), AT_ONCE)]
    parts = [no_recordings(), *on_all_cores(read, batches)]
    facts = pl.concat([part.facts for part in parts]).sort("activity_id")
    speeds = pl.concat([part.speeds for part in parts]).group_by("bin", "level").sum().sort("bin", "level")
    return RecordingData(tuple(frame for part in parts for frame in part.seconds), facts, speeds)


def no_recordings() -> RecordingData:
    """Return the data of a runner without recordings.

    No recording is a case like any other.

    Returns
    -------
    RecordingData
        No rows.
    """
    sums = dict.fromkeys(("seconds", "n", "v", "vv", "c", "vc"), pl.Float64)
    return RecordingData(
        (),
        pl.DataFrame(schema={"activity_id": pl.String, **dict.fromkeys(FACTS, pl.Float64)}),
        pl.DataFrame(schema={"bin": pl.Int32, "level": pl.Boolean, **sums}),
    )


_LEVEL = pl.col("grade_pct").abs() < RunnerProfile.FLAT_PCT


def _facts() -> list[pl.Expr]:
    speed, cadence = pl.col("speed_mps"), pl.col("cadence_spm")
    running = pl.col("walking").not_()
    compared = running & pl.col("level").fill_null(True) & speed.is_not_null() & cadence.is_not_null()
    sums = {
        "seconds": pl.len(),
        "known_s": speed.is_not_null().sum(),
        "on_feet_s": (speed > achilles_force.STANDING_MPS).sum(),
        "cadence_s": cadence.is_not_null().sum(),
        "grade_s": pl.col("grade_pct").is_not_null().sum(),
        "span_m": pl.col("distance_m").max() - pl.col("distance_m").min(),
        "cadence_sum": cadence.filter(running).sum(),
        "cadence_n": (running & cadence.is_not_null()).sum(),
        "compared_s": compared.sum(),
        "compared_cadence": cadence.filter(compared).sum(),
        "compared_speed": speed.filter(compared).clip(*LINE_RANGE_MPS).sum(),
    }
    return [total.cast(pl.Float64).alias(name) for name, total in sums.items()]


def _speeds(block: pl.DataFrame) -> pl.DataFrame:
    speed, cadence = pl.col("speed_mps"), pl.col("cadence_spm")
    usable = cadence.is_not_null() & speed.is_between(*LINE_RANGE_MPS)
    sums = {
        "seconds": pl.len(),
        "n": usable.sum(),
        "v": speed.filter(usable).sum(),
        "vv": (speed * speed).filter(usable).sum(),
        "c": cadence.filter(usable).sum(),
        "vc": (speed * cadence).filter(usable).sum(),
    }
    running = block.filter(pl.col("walking").not_() & speed.is_not_null())
    bins = running.group_by((speed / BIN_MPS).floor().cast(pl.Int32).alias("bin"), "level")
    return bins.agg(total.cast(pl.Float64).alias(name) for name, total in sums.items())
