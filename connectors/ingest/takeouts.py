"""What lies in a takeout: recordings, tables and summaries by name, and the rest told apart and counted."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath

from connectors import file_formats
from connectors.archive import Archive
from connectors.formats.fit.file_kind import HEAD_BYTES as FIT_HEAD_BYTES
from connectors.formats.fit.file_kind import kind_words
from connectors.ingest.begin_times import begin_utc
from connectors.ingest.file_kinds import HEAD_BYTES, FileKind, file_kind
from connectors.source import Skipped, source_name
from connectors.tables import ENDINGS

FEW = 20
"""Outside a takeout, up to this many files of one kind are named one by one."""

KIND_BYTES = max(FIT_HEAD_BYTES, HEAD_BYTES)


@dataclass(frozen=True)
class Service:
    """A service whose takeout is known by the names in it."""

    title: str
    mark: re.Pattern[str]
    kinds: tuple[tuple[re.Pattern[str], str], ...] = ()


def _kinds(*pairs: tuple[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), words) for pattern, words in pairs)


_GARMIN = _kinds(
    (r"sleepdata|sleep", "sleep"),
    (r"di-connect-wellness|wellness|healthstatus|uds(file)?_|hydration|stress", "all-day health data"),
    (r"di-connect-metrics|metrics|vo2|trainingload|trainingreadiness|racepredict", "training metrics"),
    (r"personalrecord", "personal records"),
    (r"workout", "planned workouts"),
    (r"course", "courses"),
    (r"customer|profile|social|user|consent|login|account", "account data"),
    (r"device|settings", "device data"),
)
_POLAR = _kinds(
    (r"247ohr|ppi_|rr-recordings", "all-day heart rate"),
    (r"sleep|nightly", "sleep"),
    (r"(^|/)activity-\d", "all-day activity"),
    (r"planned-route|routes?-", "routes"),
    (r"programs?-|training-target", "planned workouts"),
    (r"fitness-test|orthostatic|jump-test|physical-info", "tests and body data"),
    (r"account|profile|consent|products|sport-profile|calendar|favourite", "account data"),
)
_APPLE = _kinds(
    (r"export(_cda)?\.xml$|exporter\.xml$", "Apple Health's own tables (steps, heart rate, sleep)"),
    (r"electrocardiogram", "electrocardiograms"),
)
_SUUNTO = _kinds(
    (r"sleep|recovery|activity_?data|247", "all-day health data"),
    (r"account|profile|settings|gear|follower|comment", "account data"),
    (r"route|poi", "routes"),
)
_RUNKEEPER = _kinds((r"measurements\.csv$", "body weight"), (r"\.(jpe?g|png)$", "photographs"))
_PLAIN = _kinds((r"account|profile|user|login|settings|consent", "account data"))

SERVICES = (
    Service("Garmin Connect", re.compile(r"di_connect/|di-connect-|_summarizedactivities\.json$"), _GARMIN),
    Service("Apple Health", re.compile(r"apple_health_export|export_cda\.xml$|workout-routes/"), _APPLE),
    Service("Polar Flow", re.compile(r"(^|/)training-session-\d{4}.*\.json$|(^|/)polar-user-data"), _POLAR),
    Service("Runkeeper", re.compile(r"(^|/)cardioactivities\.csv$"), _RUNKEEPER),
    Service("Runalyze", re.compile(r"runalyze"), _PLAIN),
    Service("Suunto", re.compile(r"suunto|movescount"), _SUUNTO),
    Service("COROS", re.compile(r"coros"), _PLAIN),
    Service(
        "intervals.icu", re.compile(r"intervals[._-]?icu|(^|/)i\d{5,}[^/]*\.(fit|tcx|gpx)(\.gz)?$"), _PLAIN
    ),
)
GARMIN = "Garmin Connect"
RUNKEEPER_LIST = "cardioactivities.csv"


Place = tuple[str, datetime | None]
"""A list of `Contents`, and when the recording begins; None where its first bytes do not say."""


@dataclass
class Contents:
    """What lies in one ZIP or folder; `begins` are the starts of recordings, as their first bytes say."""

    service: Service | None = None
    recordings: list[str] = field(default_factory=list)
    begins: dict[str, datetime] = field(default_factory=dict)
    tables: list[str] = field(default_factory=list)
    zips: list[str] = field(default_factory=list)
    summaries: list[str] = field(default_factory=list)
    others: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def skipped(self, path: str) -> list[Skipped]:
        """Name what is left out: by count in a takeout, one by one where there are few."""
        lines: list[Skipped] = []
        for words, names in sorted(self.others.items()):
            if self.service is None and len(names) <= FEW and not words.startswith("FIT"):
                lines += [Skipped(name, reason) for name, reason in names]
                continue
            whose = f" of {self.service.title}" if self.service else ""
            lines.append(Skipped(path, f"{_count(len(names), words)}{whose}: no recording, so left out."))
        return lines


def sort_contents(archive: Archive, inside_folder: bool = False) -> Contents:
    """Sort the members of a ZIP, a folder or a file alone by what they hold, from names and first bytes."""
    names = archive.names()
    contents = Contents(service_of(names))
    is_alone = names == (archive.path.name,)
    for name in names:
        place = _place(archive, name, contents.service, inside_folder, is_alone)
        if isinstance(place, FileKind):
            contents.others.setdefault(place.title, []).append((name, place.instead))
            continue
        kind, begin = place
        getattr(contents, kind).append(name)
        if begin is not None:
            contents.begins[name] = begin
    return contents


def _place(
    archive: Archive, name: str, service: Service | None, inside_folder: bool, is_alone: bool
) -> Place | FileKind:
    """The list of `Contents` a member belongs to and when it begins, or what it is."""
    plain = name.lower().removesuffix(".gz")
    suffix = PurePosixPath(plain).suffix
    if suffix == ".zip" and inside_folder:
        return "zips", None
    if service and service.title == GARMIN and _is_summary(plain):
        return "summaries", None
    if suffix == ".csv":
        words = _kind_words(service, plain)
        return FileKind("", words) if words else ("tables", None)
    head = archive.peek(name, KIND_BYTES)
    if not is_alone and (words := kind_words(head)):
        return FileKind("", f"FIT files of {words}")  # of a file alone its reader says what it holds
    return _place_by_content(head, name, service, inside_folder)


def _place_by_content(
    head: bytes, name: str, service: Service | None, inside_folder: bool
) -> Place | FileKind:
    plain = name.lower().removesuffix(".gz")
    suffix = PurePosixPath(plain).suffix
    kind = file_kind(head, name.removesuffix(".gz"))
    if kind.reads_as in ("fit", "gpx", "tcx", "json") or (not head and is_recording(name)):
        return "recordings", begin_utc(head, name)
    is_zip = kind.reads_as == "zip"
    if is_zip and inside_folder and suffix not in ENDINGS:
        return "zips", None
    words = _kind_words(service, plain)
    is_table = kind.reads_as == "table" or (is_zip and suffix in ENDINGS)
    if is_table and not words and (service is None or (suffix in ENDINGS and suffix != ".txt")):
        return "tables", None
    return FileKind("", words or _by_ending(suffix), kind.sentence(name))


def service_of(names: tuple[str, ...]) -> Service | None:
    """Find the service whose takeout holds members of these names; None where no service fits."""
    lowered = [name.lower() for name in names]
    return next((one for one in SERVICES if any(map(one.mark.search, lowered))), None)


def is_recording(name: str) -> bool:
    """Whether a reader on the shelf takes files of this ending."""
    plain = PurePosixPath(name.lower().removesuffix(".gz"))
    return any(plain.suffix in source.suffixes for source in file_formats())


def collapse_repeats(skipped: list[Skipped]) -> list[Skipped]:
    """Collapse more than `FEW` files left out for one reason into one line with their number."""
    counts = Counter(one.reason for one in skipped)
    reasons: set[str] = set()
    lines: list[Skipped] = []
    for one in skipped:
        count = counts[one.reason]
        if count <= FEW:
            lines.append(one)
        elif one.reason not in reasons:
            reasons.add(one.reason)
            lines.append(Skipped(f"{count:,} files, the first {source_name(one.path)}", one.reason))
    return lines


def _is_summary(plain: str) -> bool:
    return plain.endswith(("summarizedactivities.json", "_gear.json"))


def _by_ending(suffix: str) -> str:
    return f"{suffix} files" if suffix else "files without an ending"


def _kind_words(service: Service | None, plain: str) -> str | None:
    kinds = service.kinds if service else ()
    return next((f"files of {words}" for pattern, words in kinds if pattern.search(plain)), None)


def _count(count: int, words: str) -> str:
    return f"1 {words.replace('files', 'file', 1)}" if count == 1 else f"{count:,} {words}"
