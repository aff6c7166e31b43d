"""Recordings to samples, on all cores: each worker opens the archive itself, decodes, and stores the samples."""

# A worker's samples are on disk before the activity's row is committed, so an interrupted import leaves at
# worst a file that no row names yet; the next import writes the same file again.

from __future__ import annotations

import hashlib
import multiprocessing
import os
import threading
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from multiprocessing.process import BaseProcess
from pathlib import Path, PurePosixPath

from connectors import file_formats
from connectors.archive import Archive, open_archive
from connectors.errors import SourceError, UnknownFile
from connectors.formats.fit.names import is_numbered
from connectors.ingest.decode_order import DecodeOrder
from connectors.ingest.file_kinds import HEAD_BYTES, file_kind
from connectors.ingest.summed_sessions import SummedSession, summed_as
from connectors.recordings.cropped import Row, cropped
from connectors.recordings.moves import moves_like_a_run
from connectors.recordings.recording import build_recording
from connectors.recordings.true_time import still_to_come, with_file_name_dates, with_true_time
from connectors.source import FileFormat, LoggedSet, Recording, Session, Skipped, stable_id
from connectors.sports import UNKNOWN_SPORT, sport_names
from connectors.store import SampleFolder

READER_VERSION = "2"
"""Raised whenever a reader gives other samples for the same bytes: recordings are then read again."""

RUN = "Run"
WORD = "sport_word"
"""Key of the word for its sport that a recording holds and no table knows."""
KNOWN = frozenset({*sport_names(), "Other", UNKNOWN_SPORT})

LOW_PRIORITY = 10
"""Niceness of the processes that decode: a page that is opened meanwhile goes first."""
FEW = 6
"""Up to this many recordings are decoded in this process: starting workers would take longer."""


@dataclass(frozen=True)
class DecodeTask:
    """One recording to decode; `summed` are sessions of a takeout's summaries that it may be of."""

    archive: Path
    member: str
    athlete_id: int
    activity_id: str | None = None
    start_utc: datetime | None = None
    sport: str | None = None
    zone: str | None = None
    elapsed_s: float | None = None
    distance_m: float | None = None
    summed: tuple[SummedSession, ...] = ()


@dataclass
class DecodedFile:
    """What came of one task."""

    activities: list[tuple[str, dict[str, object], int]] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    sets: list[tuple[str, datetime | None, tuple[LoggedSet, ...]]] = field(default_factory=list)
    notes: list[Skipped] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    unknown_sports: Counter[str] = field(default_factory=Counter)


Known = dict[str, tuple[str, ...]]
"""Digest of a recording to the activities that hold it already."""


def decode_all(
    tasks: Sequence[DecodeTask],
    known: Known,
    samples: SampleFolder,
    order: DecodeOrder,
    processes: int | None = None,
) -> Generator[DecodedFile]:
    """Decode recordings and store their samples, as they get done.

    One process a core; spawned, since forking a process that runs threads may lock up. With 1 in this process.
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
    left = order.arrange(left)
    workers = min(len(left), processes or os.cpu_count() or 1)
    if len(left) <= FEW or workers == 1:
        for task in left:
            yield decode(task, samples)
        return
    while left:
        try:
            with closing(_in_pool(tuple(left), workers, samples, order)) as running:
                for task, decoded in running:
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
        sessions = _reader(task.member, data).parse(data)
        chosen = sessions if task.activity_id is None else [_nearest(sessions, task.start_utc)]
        recordings = [_recorded(session, task) for session in chosen]
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


def _recorded(session: Session, task: DecodeTask) -> Recording:
    """One session on our clock. Of a word that no table knows the sport is not taken, so that its steps are read."""
    dated = with_true_time(_with_dates(session, task), task.zone)
    word = dated.sport if dated.sport and dated.sport not in KNOWN and not is_numbered(dated.sport) else None
    dated = replace(dated, sport=None) if word else dated
    recording = build_recording(dated, task.zone)
    row = Row(task.start_utc, task.elapsed_s, task.distance_m)
    if task.activity_id is not None and (cropped_session := cropped(dated, recording, row)):
        dated, recording = cropped_session, build_recording(cropped_session, task.zone)
    if word:
        likely = RUN if moves_like_a_run(recording.samples) else word
        recording = recording if likely == RUN else build_recording(replace(dated, sport=word), task.zone)
        recording.activity.update(sport=likely, **{WORD: word})
    return recording


def _with_dates(session: Session, task: DecodeTask) -> Session:
    """A recording that stands alone may state its date in the name of its file too."""
    return (
        with_file_name_dates(session, [PurePosixPath(task.member).name])
        if task.activity_id is None
        else session
    )


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
    word = recording.activity.pop(WORD, None)
    values = {
        **recording.activity,
        "file_hash": f"{READER_VERSION}:{source_id.partition('-')[0]}",
        "sample_rows": recording.samples.height,
    }
    activity_id = task.activity_id
    if activity_id is None:
        if values.get("start_utc") is None:
            reason = "No date that can be true stands in this recording, so it has no place on the clock."
            decoded.skipped.append(Skipped(task.member, reason))
            return
        if reason := still_to_come(recording.activity["start_utc"]):
            decoded.skipped.append(Skipped(task.member, reason))
            return
        values |= {"source_id": source_id, "file_name": PurePosixPath(task.member).name}
        if isinstance(word, str):
            _tell_word(task, word, values["sport"] == RUN, decoded)
        summed = summed_as(task.summed, values)
        activity_id = summed.activity_id if summed else stable_id(task.athlete_id, "file", source_id)
        listed = task.sport or _known_sport(summed)
        values["sport"] = values.get("sport") or listed or _likely_sport(task, recording, decoded)
    elif values.get("sport") is None and moves_like_a_run(recording.samples):
        values["sport"] = RUN  # of use only where the table has a word that nobody knows
    if recording.samples.height:
        samples.write(task.athlete_id, activity_id, recording.samples)
    decoded.activities.append((activity_id, values, recording.samples.height))
    if recording.sets:
        start = recording.activity.get("start_utc")
        decoded.sets.append((activity_id, start if isinstance(start, datetime) else None, recording.sets))


def _known_sport(summed: SummedSession | None) -> str | None:
    return None if summed is None or summed.sport == UNKNOWN_SPORT else summed.sport


def _tell_word(task: DecodeTask, word: str, is_run: bool, decoded: DecodedFile) -> None:
    decoded.unknown_sports[word] += 1
    taken = (
        "it moves like a run and was taken for one. If it was something else, change its sport on the Runs page."
        if is_run
        else "it does not move like a run and was kept beside the runs under that word."
    )
    decoded.notes.append(Skipped(task.member, f"It calls its sport “{word}”, a word not known here: {taken}"))


def _likely_sport(task: DecodeTask, recording: Recording, decoded: DecodedFile) -> str:
    """A recording that does not say its sport is taken for a run where it moves like one, and says so."""
    is_run = moves_like_a_run(recording.samples)
    note = (
        "It does not say which sport it is; it moves like a run, so it was taken for a run."
        if is_run
        else "It does not say which sport it is, and does not move like a run; it was kept beside the runs."
    )
    decoded.notes.append(Skipped(task.member, note))
    return RUN if is_run else UNKNOWN_SPORT


def _nearest(sessions: list[Session], start: datetime | None) -> Session:
    timed = [s for s in sessions if s.start_utc is not None and start is not None]
    if not timed or start is None:
        return max(sessions, key=lambda s: s.points.height)
    return min(timed, key=lambda s: abs(((s.start_utc or start) - start).total_seconds()))


def _reader(member: str, data: bytes) -> FileFormat:
    """The reader of a recording by its content; the name decides only where the content leaves it open."""
    kind = file_kind(data[:HEAD_BYTES], member.removesuffix(".gz"))
    for source in file_formats():
        if f".{kind.reads_as}" in source.suffixes:
            return source
    raise UnknownFile(kind.sentence(member))


@cache
def _archive(path: Path) -> Archive:
    return open_archive(path)


def _in_pool(
    tasks: Sequence[DecodeTask], workers: int, samples: SampleFolder, order: DecodeOrder
) -> Generator[tuple[DecodeTask, DecodedFile]]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, initializer=_begin_worker) as pool:
        pending: list[DecodeTask] = list(tasks)
        waiting: dict[Future[DecodedFile], DecodeTask] = {}
        while pending or waiting:
            pending = order.arrange(pending)
            room = 4 * workers - len(waiting)
            waiting |= {pool.submit(decode, task, samples): task for task in pending[:room]}
            pending = pending[room:]
            yield from _done(waiting)


def _begin_worker() -> None:
    """Give way to the pages, and end with the import: a killed one tells its workers nothing."""
    if hasattr(os, "nice"):
        os.nice(LOW_PRIORITY)
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
