"""Folders of made-up exports for the cohort: whole ones, broken ones, and words that must not come out again."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
from export_writer import Session, Shoe, write_export
from fit_writer import fit_run
from takeout_writer import garmin, zip_bytes

ROOT = Path(__file__).resolve().parents[1]
FIRST = datetime(2024, 1, 2, 17, 12, tzinfo=UTC)
MARKS = tuple(f"Zqm{n:02d}Xv" for n in range(30))
"""Words of the inputs: of titles, notes, gear, files, accounts, tables and of what cannot be read."""
TABLES = ("athletes", "days", "runs", "windows", "step_ups", "flares", "spikes", "refusals")
BROKEN = {
    f"cut {MARKS[20]}.zip": "damaged",
    f"empty {MARKS[21]}.zip": "empty",
    f"locked {MARKS[22]}.zip": "locked",
    f"letter {MARKS[23]}.pdf": "not_an_export",
    f"notes {MARKS[24]}.zip": "not_an_export",
    f"swims {MARKS[25]}.zip": "no_runs",
    f"two accounts {MARKS[26]}.zip": "two_accounts",
    "export_77700001.zip": "same_account",
    "export_77700001 again.zip": "same_account",
    "twin a.fit": "same_file",
    "twin b.fit": "same_file",
}
"""Inputs that are refused, and why."""


def sessions(number: int, runs: int = 70, recorded: int = 3, sport: str = "Run") -> list[Session]:
    """Runs of one athlete, every other day, with a build-up of the last third; titles and notes hold marks."""
    rows = []
    for i in range(runs):
        start = FIRST + timedelta(days=2 * i, hours=number % 5)
        metres = (6_000 + 300 * (i % 7)) * (1.8 if i > runs * 0.66 else 1.0)
        file = f"activities/{MARKS[number % 10]} {i}.fit.gz" if i < recorded else ""
        rows.append(
            Session(
                100_000 * (number + 1) + i,
                start,
                sport=sport,
                name=f"Run along {MARKS[i % 10]} =1+1",
                description=f"my left heel hurts, {MARKS[10 + i % 5]} says",
                private_note=f"{MARKS[15]} <b>note</b>",
                distance_m=metres,
                moving_s=metres / 2.8,
                elapsed_s=metres / 2.8,
                gear_name=f"{MARKS[16]} Pegasus" if i % 2 else "Old pair",
                file_name=file,
                recording=fit_run(start, seconds=240) if file else None,
            )
        )
    return rows


def profile(account: int) -> bytes:
    """The table of an export that names its account."""
    return f"Athlete ID,First Name,Last Name\n{account},{MARKS[17]},{MARKS[18]}\n".encode()


def write_athlete(path: Path, number: int, runs: int = 70) -> Path:
    """Write the export of one athlete."""
    others = {"profile.csv": profile(9_000_000 + number), f"media/{MARKS[19]}.txt": MARKS[19].encode()}
    shoes = [Shoe(f"{MARKS[16]} Pegasus", "Nike", "Pegasus 39"), Shoe("Old pair", MARKS[16], MARKS[16])]
    return write_export(path, sessions(number, runs), shoes=shoes, others=others)


def write_diary(path: Path, days: int = 140, minutes: int = 5) -> Path:
    """A diary of one athlete with two flares and marks in its notes."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(("date", "side", "site", "morning_stiffness_min", "morning_pain", "note", MARKS[27]))
    for day in range(days):
        sore = 6 if day in range(60, 68) or day in range(118, 126) else day % 2
        rows.writerow(
            (FIRST.date() + timedelta(day), "left", "midportion", minutes, sore, MARKS[28], MARKS[29])
        )
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def write_broken(folder: Path) -> None:
    """Write what cannot be analysed, each for its own reason."""
    names = list(BROKEN)
    whole = write_athlete(folder / "whole.tmp.zip", 50, runs=12).read_bytes()
    (folder / "whole.tmp.zip").unlink()
    (folder / names[0]).write_bytes(whole[: len(whole) * 2 // 3])
    (folder / names[1]).write_bytes(b"")
    (folder / names[2]).write_bytes(locked(whole))
    (folder / names[3]).write_bytes(b"%PDF-1.7 " + MARKS[23].encode() * 50)
    (folder / names[4]).write_bytes(zip_bytes({f"{MARKS[24]}.txt": MARKS[24].encode()}))
    write_export(folder / names[5], sessions(51, 20, 0, "Swim"), others={"profile.csv": profile(51)})
    (folder / names[6]).write_bytes(_two_accounts(folder))
    write_export(folder / names[7], sessions(54, 30, 0))
    write_export(folder / names[8], sessions(54, 34, 0))
    for name in names[9:]:
        (folder / name).write_bytes(fit_run(FIRST, seconds=600))


def locked(archive: bytes) -> bytes:
    """The same ZIP with every member marked as closed with a password."""
    data = bytearray(archive)
    for head, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(head)
        while place >= 0:
            data[place + at] |= 1
            place = data.find(head, place + 4)
    return bytes(data)


def _two_accounts(folder: Path) -> bytes:
    members = {}
    for number in (52, 53):
        path = write_athlete(folder / f"part{number}.zip", number, runs=12)
        members[f"export_{number}{MARKS[26]}.zip"] = path.read_bytes()
        path.unlink()
    return zip_bytes(members)


def write_source(folder: Path, athletes: int = 11) -> Path:
    """Write a folder with so many whole athletes, of which two are no Strava exports, and all that is broken."""
    folder.mkdir()
    for number in range(athletes - 2):
        write_athlete(folder / f"athlete {number} {MARKS[number % 10]}.zip", number, runs=60 + number)
    starts = [FIRST + timedelta(days=3 * i) for i in range(6)]
    inner = {f"{MARKS[12]}_{i}.fit": fit_run(start, seconds=300) for i, start in enumerate(starts)}
    garmin(folder / f"garmin {MARKS[12]}.zip", inner)
    (folder / f"watch {MARKS[13]}.fit").write_bytes(fit_run(FIRST + timedelta(days=400), seconds=600))
    write_broken(folder)
    return folder


def start(*arguments: object, cwd: Path | None = None, **environment: str) -> subprocess.Popen[str]:
    """Start `heelwise cohort` in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "dashboard.cli", "cohort", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=cwd or ROOT,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )


def run(*arguments: object, **environment: str) -> tuple[int, str, str]:
    """Run `heelwise cohort` to its end: exit status, standard output, standard error."""
    process = start(*arguments, **environment)
    out, err = process.communicate(timeout=280)
    return process.returncode, out, err


def files(folder: Path, without: Sequence[str] = ("manifest.json",)) -> dict[str, bytes]:
    """Every file of a cohort by its place."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in without
    }


def texts(folder: Path) -> Iterator[str]:
    """Everything that can be read in a folder: names, raw bytes, and every text in every table."""
    for name, data in files(folder, without=()).items():
        yield name
        yield data.decode("latin-1")
        if name.endswith(".parquet"):
            frame = pl.read_parquet(io.BytesIO(data))
            yield from (str(one) for column in frame.select(pl.selectors.string()) for one in column.unique())


def table(folder: Path, name: str) -> pl.DataFrame:
    """One table of a cohort, as a researcher reads it."""
    return pl.read_parquet(folder / name / "**/*.parquet", hive_partitioning=False)
