"""What a file is by its content, whatever its name says, and what to do with one that is not read."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from connectors.formats.json_recordings import is_json_recording
from connectors.tables import ENDINGS, is_text, is_workbook
from connectors.text_decoding import decode_text

HEAD_BYTES = 4_096
GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"

_FIT_MARK = slice(8, 12)
_OLE = b"\xd0\xcf\x11\xe0"
_XML_ROOT = re.compile(r"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
_XML = {"gpx": "gpx", "trainingcenterdatabase": "tcx"}
_BINARY = (
    (b"%PDF", "a PDF document", "Save the table or recording itself (CSV, FIT, GPX or TCX) and import that."),
    (b"\x89PNG", "a picture (PNG)", "Pictures are not read; import the recording or the table."),
    (b"\xff\xd8\xff", "a picture (JPEG)", "Pictures are not read; import the recording or the table."),
    (b"GIF8", "a picture (GIF)", "Pictures are not read; import the recording or the table."),
    (b"SQLite format 3\0", "a database (SQLite)", "Export its table as CSV and import that."),
    (b"{\\rtf", "a text document (RTF)", "Save its table as CSV and import that."),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "Unpack it and import what is in it, or pack it again as a ZIP."),
    (b"Rar!", "a RAR archive", "Unpack it and import what is in it, or pack it again as a ZIP."),
    (b"age-encryption.org", "a backup closed with a passphrase", "Restore it on the Settings page."),
    (b"bplist", "a property list of an Apple device", "Import the recording itself (FIT, GPX or TCX)."),
)
_XML_TELLING = {
    "kml": ("a map file (KML)", "Maps are not read; export the run as GPX, TCX or FIT."),
    "HealthData": ("Apple Health's export", "Import the whole ZIP of it: its workout routes are GPX files."),
    "ClinicalDocument": ("the clinical part of Apple Health's export", "Import the whole ZIP of it."),
    "sml": ("a session of Suunto's Movescount (SML)", "Export the session as FIT or GPX."),
    "pwx": ("a workout of TrainingPeaks (PWX)", "Export the workout as FIT, TCX or GPX."),
    "FitnessWorkbook": ("a logbook of SportTracks (FITLOG)", "Export the activities as FIT, TCX or GPX."),
    "FitnessLog": ("a logbook of SportTracks (FITLOG)", "Export the activities as FIT, TCX or GPX."),
    "polar-exercise-data": (
        "a file of the old polarpersonaltrainer.com",
        "Export the sessions as TCX or GPX.",
    ),
    "Workbook": ("a workbook in Excel's old XML form", "Save it as .xlsx or CSV and import that."),
    "Error": ("an error message of a web server", "Download the file again."),
    "svg": ("a drawing (SVG)", "Import the recording or the table itself."),
    "plist": ("a property list of an Apple device", "Import the recording itself (FIT, GPX or TCX)."),
}
_BY_ENDING = {
    ".hrm": ("a session of a Polar heart rate monitor (HRM)", "Export the session as TCX, GPX or FIT."),
    ".fitlog": ("a logbook of SportTracks (FITLOG)", "Export the activities as FIT, TCX or GPX."),
    ".pwx": ("a workout of TrainingPeaks (PWX)", "Export the workout as FIT, TCX or GPX."),
    ".sml": ("a session of Suunto's Movescount (SML)", "Export the session as FIT or GPX."),
    ".numbers": (
        "a document of Apple Numbers",
        "In Numbers choose File, Export To, Excel or CSV, and import that.",
    ),
    ".pages": ("a document of Apple Pages", "Save its table as CSV and import that."),
    ".kmz": ("a map file (KMZ)", "Maps are not read; export the run as GPX, TCX or FIT."),
    ".kml": ("a map file (KML)", "Maps are not read; export the run as GPX, TCX or FIT."),
    ".docx": ("a text document (Word)", "Save its table as CSV or .xlsx and import that."),
    ".doc": ("a text document (Word)", "Save its table as CSV or .xlsx and import that."),
    ".odt": ("a text document (OpenDocument)", "Save its table as CSV or .ods and import that."),
    ".icloud": (
        "a placeholder of iCloud for a file that is not on this machine",
        "Download it first, then import it.",
    ),
    ".crdownload": ("a download that has not ended", "Wait for it to end, then import it."),
    ".part": ("a download that has not ended", "Wait for it to end, then import it."),
    ".ics": ("a calendar", "Calendars are not read; import the files of your watch or of Strava."),
    ".url": ("a link to a web page", "Open it, download the file itself and import that."),
    ".webloc": ("a link to a web page", "Open it, download the file itself and import that."),
    ".lnk": ("a shortcut to a file", "Import the file itself."),
}
_JSON = (
    (
        "summarizedActivitiesExport",
        "Garmin's list of activities (JSON)",
        "Import the whole ZIP of the account takeout.",
    ),
    (
        "timelineObjects",
        "Google's location history (JSON)",
        "It is not read; import the files of your watch or of Strava.",
    ),
    (
        "dataPoints",
        "data of Google Fit (JSON)",
        "Import the TCX files that lie beside it in the same export.",
    ),
    ("features", "a map file (GeoJSON)", "Export the run as GPX, TCX or FIT."),
    ("message", "a short message in JSON, as servers send in place of a file", "Download the file again."),
    ("error", "a short message in JSON, as servers send in place of a file", "Download the file again."),
    ("errors", "a short message in JSON, as servers send in place of a file", "Download the file again."),
)


@dataclass(frozen=True)
class FileKind:
    """What a file is."""

    reads_as: str
    title: str = ""
    instead: str = ""

    def sentence(self, name: str) -> str:
        """Why the file is not read; a name that promises something else is said to be wrong."""
        promised = promised_kind(name)
        not_that = f", not a {promised.upper()} recording" if promised in ("fit", "gpx", "tcx") else ""
        return f"This is {self.title}{not_that}; it was left out. {self.instead}".strip()


_TABLE = FileKind(
    "table", "a text or a table", "Give it the ending .csv if it is a diary and import it again."
)


def promised_kind(name: str) -> str:
    """What the ending of a name promises: fit, gpx, tcx, zip, table, or "" for anything else."""
    ending = PurePosixPath(name.lower().removesuffix(".gz")).suffix
    if ending in ENDINGS:
        return "table"
    return ending[1:] if ending in (".fit", ".gpx", ".tcx", ".zip") else ""


def file_kind(head: bytes, name: str, is_whole: bool = False) -> FileKind:
    """Return what a file is."""
    if not head.strip(b"\0 \t\r\n"):
        empty = "an empty file" if not head else "a file without content"
        return FileKind("", empty, "Download or export it again.")
    if head[_FIT_MARK] == b".FIT":
        return FileKind("fit")
    if head.startswith(ZIP):
        return _zip_kind(head, name, is_whole)
    if marked := _by_mark(head, name):
        return marked
    if is_text(head):
        return _text_kind(decode_text(head, is_head=True).lstrip(), name)
    return _by_ending(name) or _binary(name)


def _by_mark(head: bytes, name: str) -> FileKind | None:
    """What the first bytes of a binary file say."""
    if head.startswith(GZIP):
        return FileKind("gzip", "a gzip archive inside another", "Unpack it and import what is in it.")
    if head.startswith(_OLE):
        return _TABLE if promised_kind(name) == "table" else _by_ending(name) or _TABLE
    if head[4:8] == b"ftyp":
        return FileKind("", "a picture or a film", "Pictures are not read; import the recording.")
    if head.startswith(b"bplist") and (known := _by_ending(name)):
        return known  # a placeholder of iCloud is such a list, too
    mark = next((one for one in _BINARY if head.startswith(one[0])), None)
    return FileKind("", mark[1], mark[2]) if mark else None


def _zip_kind(head: bytes, name: str, is_whole: bool) -> FileKind:
    if is_whole and is_workbook(head) and not name.lower().endswith((".numbers", ".kmz")):
        return _TABLE
    if kind := _by_ending(name):
        return kind
    if b"[Content_Types].xml" in head[:2_000] or b"opendocument.spreadsheet" in head[:2_000]:
        return _TABLE
    if is_whole and not zipfile.is_zipfile(io.BytesIO(head)):
        return FileKind(
            "", "a workbook or an archive that is cut off or damaged", "Save or download it again."
        )
    names = _names(head) if is_whole else []
    if any(n.startswith("Index/") and n.endswith(".iwa") for n in names):
        return FileKind("", *_BY_ENDING[".numbers"])
    return FileKind("zip", "a ZIP archive", "Give it the ending .zip and import it again.")


def _names(data: bytes) -> list[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError):
        return []


def _text_kind(text: str, name: str) -> FileKind:
    if text.startswith("<"):
        return _xml_kind(text, name)
    if text.startswith(("{", "[{", "[\n", "[]")):
        return FileKind("json") if is_json_recording(name, text.encode()) else _json_kind(text)
    match = next((kind for mark, kind in _TEXT_MARKS if text.startswith(mark)), None)
    if match or promised_kind(name) == "table":
        return match or _TABLE
    return _by_ending(name) or _TABLE


_TEXT_MARKS = (
    ("[Params]", FileKind("", *_BY_ENDING[".hrm"])),
    ("BEGIN:VCALENDAR", FileKind("", *_BY_ENDING[".ics"])),
    (
        "version https://git-lfs",
        FileKind("", "a placeholder for a file kept elsewhere", "Download the file itself and import that."),
    ),
)


def _xml_kind(text: str, name: str) -> FileKind:
    start = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    if re.match(r"<!doctype html", start, re.IGNORECASE):
        return _page()
    match = _XML_ROOT.search(start)
    root = match[1] if match else ""
    if root.lower() in ("html", "head", "body", "script", "table"):
        return _page()
    if known := _XML.get(root.lower()):
        return FileKind(known)
    if root in _XML_TELLING:
        return FileKind("", *_XML_TELLING[root])
    return _by_ending(name) or _other_xml(root, name)


def _other_xml(root: str, name: str) -> FileKind:
    promised = promised_kind(name)
    if not root and promised in ("gpx", "tcx"):
        return FileKind(promised)  # its reader says what is wrong with it
    return FileKind(
        "", f"an XML file of another kind ({root})" if root else "a text that begins like XML", _RECORDINGS
    )


_RECORDINGS = "Recordings are read as FIT, GPX and TCX, tables as CSV, .xlsx and .ods."


def _page() -> FileKind:
    return FileKind(
        "",
        "a web page",
        "The download has probably ended on a log-in or error page: log in there and download the file again.",
    )


def _json_kind(text: str) -> FileKind:
    names = re.findall(r'"([\w-]+)"\s*:', text)
    for key, title, instead in _JSON:
        is_short = len(text) < 2_000 or key not in ("message", "error", "errors")
        if key in names and is_short:
            return FileKind("", title, instead)
    return FileKind("", "a JSON file", _RECORDINGS)


def _by_ending(name: str) -> FileKind | None:
    known = _BY_ENDING.get(PurePosixPath(name.lower()).suffix)
    return FileKind("", *known) if known else None


def _binary(name: str) -> FileKind:
    promised = promised_kind(name)
    if promised in ("fit", "gpx", "tcx"):
        return FileKind(promised)  # damaged perhaps: its reader says what is wrong with it
    return FileKind("", "a file of a kind that is not known here", _RECORDINGS)
