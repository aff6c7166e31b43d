"""Recordings to samples, on all cores: each worker opens the archive itself, decodes, and stores the samples.

A worker's samples are on disk before the activity's row is committed, so an interrupted import leaves at
worst a file that no row names yet; the next import writes the same file again.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from multiprocessing.process import BaseProcess
from pathlib import Path, PurePosixPath

from connectors import file_formats
from connectors.archive import Archive, open_archive
from connectors.errors import SourceError, UnknownFile
from connectors.recordings.recording import build_recording
from connectors.source import FileFormat, Recording, Session, Skipped, stable_id
from connectors.store import SampleFolder

READER_VERSION = "1"
"""Raised whenever a reader gives other samples for the same bytes: recordings are then read again."""

RUNNING_MPS = (1.9, 6.0)
UNKNOWN_SPORT = "Unknown"

FEW = 6
"""Up to this many recordings are decoded in this process: starting workers would take longer."""


@dataclass(frozen=True)
class DecodeTask:
    """One recording to decode."""

    archive: Path
    member: str
    athlete_id: int
    activity_id: str | None = None
    start_utc: datetime | None = None


@dataclass
class DecodedFile:
    """What came of one task."""

    activities: list[tuple[str, dict[str, object], int]] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    notes: list[Skipped] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


Known = dict[str, tuple[str, ...]]
"""Digest of a recording to the activities that hold it already."""


def decode_all(tasks: Sequence[DecodeTask], known: Known, samples: SampleFolder) -> Iterator[DecodedFile]:
    """Decode recordings and store their samples, as they get done.

    One process a core; spawned, since forking a process that runs threads may lock up.
    """
    left = []
    held = {activity_id for ids in known.values() for activity_id in ids}
    for task in tasks:
        is_new = task.activity_id is not None and task.activity_id not in held
        stored = [] if is_new or not known else _stored_already(task, known, samples)
        if stored:
            yield DecodedFile(unchanged=stored)
        else:
            left.append(task)
    workers = min(len(left), os.cpu_count() or 1)
    if len(left) <= FEW or workers == 1:
        for task in left:
            yield decode(task, samples)
        return
    while left:
        try:
            for task, decoded in _in_pool(tuple(left), workers, samples):
                left.remove(task)
                yield decoded
        except BrokenProcessPool:
            if workers == 1:  # alone in its process, so it is this one that ended it
                lost = left.pop(0)
                yield DecodedFile(
                    skipped=[Skipped(lost.member, "Reading this file ended the reader; it was left out.")]
                )
            workers = 1


def decode(task: DecodeTask, samples: SampleFolder) -> DecodedFile:
    """Decode one recording and store its samples.

    One bad file never stops the rest.
    """
    try:
        data = _archive(task.archive).read(task.member, cut_off=True)
        sessions = _reader(task.member).parse(data)
        chosen = sessions if task.activity_id is None else [_nearest(sessions, task.start_utc)]
        recordings = [build_recording(session) for session in chosen]
    except SourceError as error:
        return DecodedFile(skipped=[Skipped(task.member, str(error))])
    except Exception as error:  # a file nobody has seen yet must not stop the rest; the kind of error is told
        reason = f"This recording could not be read ({type(error).__name__}); the rest of the import went on."
        return DecodedFile(skipped=[Skipped(task.member, reason)])
    decoded = DecodedFile()
    if len(sessions) > len(recordings):
        note = f"Holds {len(sessions)} sessions; the one that starts nearest to this activity was taken."
        decoded.notes.append(Skipped(task.member, note))
    digest = _digest(data)
    for number, recording in enumerate(recordings):
        _keep(task, recording, digest if number == 0 else f"{digest}-{number}", samples, decoded)
    return decoded


def _stored_already(task: DecodeTask, known: Known, samples: SampleFolder) -> list[str]:
    """Activities that hold this very recording; telling costs a tenth of decoding, so it needs no worker."""
    try:
        digest = _digest(_archive(task.archive).read(task.member, cut_off=True))
    except SourceError:
        return []  # told when it is decoded
    stored = [i for i in known.get(f"{READER_VERSION}:{digest}", ()) if task.activity_id in (None, i)]
    return stored if all(samples.exists(task.athlete_id, i) for i in stored) else []


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _keep(
    task: DecodeTask, recording: Recording, source_id: str, samples: SampleFolder, decoded: DecodedFile
) -> None:
    decoded.notes += [Skipped(task.member, note) for note in recording.notes]
    values = {
        **recording.activity,
        "file_hash": f"{READER_VERSION}:{source_id.partition('-')[0]}",
        "sample_rows": recording.samples.height,
    }
    if task.activity_id is None:
        if values.get("start_utc") is None:
            reason = "No date that can be true stands in this recording, so it has no place on the clock."
            decoded.skipped.append(Skipped(task.member, reason))
            return
        values |= {"source_id": source_id, "file_name": PurePosixPath(task.member).name}
        values["sport"] = values.get("sport") or _likely_sport(task, recording, decoded)
    activity_id = task.activity_id or stable_id(task.athlete_id, "file", source_id)
    if recording.samples.height:
        samples.write(task.athlete_id, activity_id, recording.samples)
    decoded.activities.append((activity_id, values, recording.samples.height))


def _likely_sport(task: DecodeTask, recording: Recording, decoded: DecodedFile) -> str:
    """A recording that does not say its sport is taken for a run where it moves like one, and says so."""
    speed = recording.samples["speed_mps"].median()
    is_run = isinstance(speed, float) and RUNNING_MPS[0] <= speed <= RUNNING_MPS[1]
    note = (
        "It does not say which sport it is; its speed is that of running, so it was taken for a run."
        if is_run
        else "It does not say which sport it is, and does not move like a run; it was kept beside the runs."
    )
    decoded.notes.append(Skipped(task.member, note))
    return "Run" if is_run else UNKNOWN_SPORT


def _nearest(sessions: list[Session], start: datetime | None) -> Session:
    timed = [s for s in sessions if s.start_utc is not None and start is not None]
    if not timed or start is None:
        return max(sessions, key=lambda s: s.points.height)
    return min(timed, key=lambda s: abs(((s.start_utc or start) - start).total_seconds()))


def _reader(member: str) -> FileFormat:
    name = member.lower().removesuffix(".gz")
    for source in file_formats():
        if name.endswith(source.suffixes):
            return source
    raise UnknownFile("No connector reads this kind of file; it was left out.")


@cache
def _archive(path: Path) -> Archive:
    return open_archive(path)


def _in_pool(
    tasks: Sequence[DecodeTask], workers: int, samples: SampleFolder
) -> Iterator[tuple[DecodeTask, DecodedFile]]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, initializer=_end_with_parent) as pool:
        waiting: dict[Future[DecodedFile], DecodeTask] = {}
        for task in tasks:
            waiting[pool.submit(decode, task, samples)] = task
            if len(waiting) >= 4 * workers:
                yield from _done(waiting)
        while waiting:
            yield from _done(waiting)


def _end_with_parent() -> None:
    """A killed import tells its workers nothing: each watches for its end, or would wait for work forever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


def _done(waiting: dict[Future[DecodedFile], DecodeTask]) -> Iterator[tuple[DecodeTask, DecodedFile]]:
    done, _ = wait(waiting, return_when=FIRST_COMPLETED)
    for future in done:
        yield waiting.pop(future), future.result()
