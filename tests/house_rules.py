"""The rules of the code base. Each takes the syntax trees of files by path and returns one line per offender."""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from importlib.metadata import distributions
from pathlib import PurePosixPath

from source_trees import (
    Trees,
    arguments,
    calls,
    circles,
    classes,
    code_lines,
    documented,
    functions,
    import_graph,
    imports,
    is_one_of,
    name_parts,
    public_functions,
    section,
    subject,
)

PURE = {"polars", "numpy", "scipy", "__future__"} | set(sys.stdlib_module_names)
PURE -= {"asyncio", "http", "shutil", "socket", "sqlite3", "ssl", "subprocess", "tempfile", "urllib"}
PURE_OWN = (
    "connectors.plural.",
    *("connectors.frames.", "connectors.contract.", "connectors.errors.", "connectors.late_imports."),
    "dashboard.model.",
)

# Patterns of paths: a whole folder where it ends in "/", else matched from the right.
# Pages and parts of pages: they lay out what other modules compute.
VIEWS = (
    *("*page*.py", "*_form.py", "*section.py", "editor.py", "shared/ui.py"),
    *("consult/frame.py", "consult/picture.py"),
)
HOMES = {
    "plotly": ("dashboard/charts/", "dashboard/timeline/", "*figure*.py", "shared/ui.py"),
    "sqlalchemy": ("connectors/store/",),
    "obstore": ("connectors/store/object_bucket.py",),
    "stravalib": ("connectors/strava/",),
    "gcpapi_sync": ("connectors/garmin/",),
    "apprise": ("dashboard/phone/messages.py",),
    "ray": ("dashboard/cohort/ray_tasks.py",),
    "psycopg": ("connectors/store/postgres_*.py",),
    "httpx": ("connectors/sync/", "connectors/garmin/", "connectors/intervals/"),
    "authlib": ("dashboard/access/sign_in_provider.py",),
    "joserfc": ("dashboard/access/sign_in_provider.py",),
    "streamlit": ("dashboard/app.py", "dashboard/main.py", "shared/session.py", *VIEWS),
}
SYNCING = (
    *("connectors/strava/", "connectors/sync/", "connectors/garmin/", "connectors/intervals/"),
    "dashboard/access/sign_in_provider.py",  # asks the provider that a clinic's server names
)
NETWORK = ("aiohttp.", "http.client.", "httpx.", "requests.", "urllib.request.", "urllib3.")

# Lowest first. A folder imports its own line and the lines above it; two folders of one line never form a circle.
CONNECTORS = (
    ("",),
    ("recordings", "formats", "shoes", "statements", "store"),
    ("sync",),
    ("strava", "garmin", "intervals"),
    ("ingest", "backup", "demo"),
)
DASHBOARD = (
    ("charts", "model", "access"),
    ("shared",),
    ("strength", "diary", "plan", "strava_link", "key_links", "clinic"),
    ("flares",),
    ("timeline",),
    ("today", "shoes", "cadence", "phone"),
    ("runs", "runners"),
    ("data",),
    ("settings",),
    ("report", "cohort"),
    ("consult", "commands", "main", "app", "cli"),
)
ROOT_FILES = ("__init__", "app", "cli", "main")

# Modules about physics, formats and frames: their docstrings are a reference. All others are short.
REFERENCE = (
    *("dashboard/model/", "connectors/recordings/", "connectors/formats/"),
    *("connectors/contract.py", "connectors/frames.py"),
)
# The tree of errors is drawn in one module; a command's docstring is its --help.
ANY_LENGTH = (*REFERENCE, "connectors/errors.py", "dashboard/cli.py")
SHORT_LINES = 2
MAX_LINES = 40

VAGUE = {
    *("said", "told", "kept", "found", "looks", "acts", "things", "moments", "standing", "handed", "whole"),
    *("named", "stage", "ground", "basis", "helpers", "utils", "misc", "common"),
}
# The runner who stands still, a sense of its own: the speed below which nobody runs.
VAGUE_ALLOWED = {"STANDING_MPS"}
SHARED_NAMES = {
    *("__init__", "page", "service", "text", "figure", "figures", "table", "tables", "section"),
    *("checks", "edits"),
}

REFERENCE_ID = re.compile(r"\b10\.\d{4,9}/\S|\bRFC ?\d{3,5}\b|https?://\S|\bPMID:? ?\d|\bISO(/[A-Z]+)? ?\d")
VENDOR = re.compile(
    r"\b(Amazfit|Apple|COROS|Fitbit|Garmin|GitHub|Google|Huawei|IANA|OASIS|Oura|Plotly|Polar|Polars|Python|SQLite|"
    r"Samsung|Strava|Streamlit|Suunto|Topografix|TopoGrafix|Unicode|W3C|WCAG|Wahoo|Whoop|Withings|Zepp)\b"
)
DOCUMENT = re.compile(
    r"\b(API|SDK|advice|changelog|description|documentation|guide|guidelines?|help|manual|page|profile|"
    r"recommendation|reference|schema|specification|standard|support)\b",
    re.IGNORECASE,
)


def connectors_import_dashboard(trees: Trees) -> list[str]:
    """Connectors know nothing of the dashboard."""
    return [
        f"{path}: {name}"
        for path, tree in trees.items()
        if path.startswith("connectors/")
        for name in imports(tree)
        if name.split(".")[0] == "dashboard"
    ]


def model_imports_impure(trees: Trees) -> list[str]:
    """The model imports arithmetic, frames and itself: no file, no network, no drawing."""
    return [
        f"{path}: {name}"
        for path, tree in trees.items()
        if path.startswith("dashboard/model/")
        for name in imports(tree)
        if name.split(".")[0] not in PURE and not f"{name}.".startswith(PURE_OWN)
    ]


def libraries_away_from_home(trees: Trees) -> list[str]:
    """Each of the large libraries is imported only where it belongs."""
    return [
        f"{path}: {name}"
        for path, tree in trees.items()
        for name in imports(tree)
        if (library := name.split(".")[0]) in HOMES and not is_one_of(path, HOMES[library])
    ]


def wrong_layers(trees: Trees) -> list[str]:
    """A folder imports its own layer and lower ones; the dashboard may import all connectors."""
    layer = {f"connectors/{folder}": n for n, line in enumerate(CONNECTORS) for folder in line}
    layer |= {f"dashboard/{folder}": n for n, line in enumerate(DASHBOARD) for folder in line}
    offenders = [
        f"{path}: not in the order of layers"
        for path in trees
        if subject(path) not in layer and path != "dashboard/__init__.py"
    ]
    for path, targets in import_graph(trees).items():
        for target in sorted(targets):
            here, there = subject(path), subject(target)
            if here.split("/")[0] == there.split("/")[0] and layer.get(there, 0) > layer.get(here, 99):
                offenders.append(f"{path}: {target}")
    return offenders


def circles_of_files(trees: Trees) -> list[str]:
    """No file imports a file that leads back to it, an import inside a function not excepted."""
    return [" <-> ".join(group) for group in circles(import_graph(trees))]


def circles_of_folders(trees: Trees) -> list[str]:
    """No subject imports a subject that leads back to it; a folder inside a subject is part of it."""
    graph: dict[str, set[str]] = defaultdict(set)
    for path, targets in import_graph(trees).items():
        graph[subject(path)] |= {subject(target) for target in targets} - {subject(path)}
    return [" <-> ".join(group) for group in circles(graph)]


def loose_modules(trees: Trees) -> list[str]:
    """The dashboard's root holds only what starts it."""
    return [
        path
        for path in trees
        if path.startswith("dashboard/")
        and path.count("/") == 1
        and PurePosixPath(path).stem not in ROOT_FILES
    ]


def arithmetic_in_views(trees: Trees) -> list[str]:
    """A page computes no columns."""
    return [
        f"{path}: {name}"
        for path, tree in trees.items()
        if is_one_of(path, VIEWS)
        for name in imports(tree)
        if name.split(".")[0] in ("polars", "numpy")
    ]


def cached_frames(trees: Trees) -> list[str]:
    """No function under `st.cache_*` takes a frame: a frame as key is hashed whole on each call."""

    def is_bad(argument: ast.arg) -> bool:
        kind = ast.unparse(argument.annotation) if argument.annotation else "Frame"
        return not argument.arg.startswith("_") and "Frame" in kind

    return [
        f"{path}:{function.name} takes {argument.arg}"
        for path, tree in trees.items()
        for function in functions(tree)
        if any("cache_" in ast.unparse(mark) for mark in function.decorator_list)
        for argument in arguments(function)
        if is_bad(argument)
    ]


def unsorted_collects(trees: Trees) -> list[str]:
    """A lazy frame of the model is sorted before it is collected: its order is not promised otherwise."""
    return [
        f"{path}:{call.lineno}"
        for path, tree in trees.items()
        if path.startswith("dashboard/model/")
        for call in calls(tree)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr == "collect"
        and ".sort(" not in ast.unparse(call.func.value)
    ]


def shadowed_libraries(trees: Trees) -> list[str]:
    """Streamlit puts `dashboard/` first on the path: nothing directly in it may bear a library's name."""
    taken = set(sys.stdlib_module_names) | {
        top for one in distributions() for top in (one.read_text("top_level.txt") or "").split()
    }
    inside = {path: PurePosixPath(path).with_suffix("").parts for path in trees}
    return [
        path for path, parts in inside.items() if parts[0] == "dashboard" and parts[1] in taken - {"__init__"}
    ]


def silent_excepts_and_prints(trees: Trees) -> list[str]:
    """An error is named where it is caught, something is done about it, and only the command line prints."""
    offenders = []
    for path, tree in trees.items():
        handlers = [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)]
        silent = [one for one in handlers if one.type is None or all(map(_is_empty, one.body))]
        offenders += [f"{path}:{one.lineno} except" for one in silent]
        if path != "dashboard/cli.py" and not path.startswith("dashboard/commands/"):
            printing = [call for call in calls(tree) if ast.unparse(call.func) == "print"]
            offenders += [f"{path}:{call.lineno} print" for call in printing]
    return offenders


def _is_empty(line: ast.stmt) -> bool:
    return isinstance(line, ast.Pass) or (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant))


# The second builds a table of the project, which no person's words are in.
CSV_WRITERS = ("connectors/csv_text.py", "connectors/shoes/catalogue_build.py")


def csv_written_elsewhere(trees: Trees) -> list[str]:
    """Every CSV leaves through one writer, which lets no cell run in a spreadsheet."""
    return [
        f"{path}:{call.lineno} {ast.unparse(call.func)}"
        for path, tree in trees.items()
        if path not in CSV_WRITERS
        for call in calls(tree)
        if ast.unparse(call.func).endswith(
            (".write_csv", "csv.writer", "csv.DictWriter", ".to_csv", ".sink_csv")
        )
    ]


def noisy_figures(trees: Trees) -> list[str]:
    """A figure leaves with the quiet settings, and is shown from one place, so that a consult enlarges it."""
    offenders = []
    for path, tree in trees.items():
        own = {
            name.rpartition(".")[2]
            for name in imports(tree)
            if name.startswith(("connectors.", "dashboard."))
        }
        for call in calls(tree):
            owner, _, verb = ast.unparse(call.func).rpartition(".")
            if (
                verb not in ("plotly_chart", "write_html", "to_html")
                or owner in own
                or not (owner or verb == "plotly_chart")
            ):
                continue
            config = [ast.unparse(k.value).rpartition(".")[2] for k in call.keywords if k.arg == "config"]
            if config != ["QUIET"]:
                offenders.append(f"{path}:{call.lineno} without QUIET")
            if verb == "plotly_chart" and path != "dashboard/shared/ui.py":
                offenders.append(f"{path}:{call.lineno} draws away from shared/ui.py")
    return offenders


def choices_and_tables_drawn_elsewhere(trees: Trees) -> list[str]:
    """A choice of one and a table to type into are drawn by `ui.choice` and `ui.edited` alone."""
    return [
        f"{path}:{call.lineno} {verb}"
        for path, tree in trees.items()
        if path != "dashboard/shared/ui.py"
        for call in calls(tree)
        if (verb := ast.unparse(call.func)) in ("st.segmented_control", "st.data_editor")
    ]


def errors_as_markup(trees: Trees) -> list[str]:
    """An error's text is shown as text: `st.error(str(error))` would read a file's name as Markdown."""
    shown = {f"st.{verb}" for verb in ("error", "warning", "info", "success", "markdown", "toast")}
    return [
        f"{path}:{call.lineno}"
        for path, tree in trees.items()
        for call in calls(tree)
        if ast.unparse(call.func) in shown and call.args and ast.unparse(call.args[0]).startswith("str(")
    ]


def network_outside_sync(trees: Trees) -> list[str]:
    """Only a sync touches the network, and a sign-in at a provider."""
    return [
        f"{path}: {name}"
        for path, tree in trees.items()
        if not is_one_of(path, SYNCING)
        for name in imports(tree)
        if f"{name}.".startswith(NETWORK)
    ]


def untyped_functions(trees: Trees) -> list[str]:
    """Public functions have types for what they take and return."""
    return [
        f"{path}:{function.name}"
        for path, tree in trees.items()
        for function in public_functions(tree)
        if function.returns is None or not all(one.annotation for one in arguments(function))
    ]


def missing_docstrings(trees: Trees) -> list[str]:
    """Each module, public class and public function has a docstring."""
    offenders = []
    for path, tree in trees.items():
        public = [c for c in classes(tree) if not c.name.startswith("_")]
        if tree.body or PurePosixPath(path).name != "__init__.py":
            offenders += [] if ast.get_docstring(tree) else [path]
        nodes = [*public, *public_functions(tree)]
        offenders += [f"{path}:{node.name}" for node in nodes if not ast.get_docstring(node)]
    return offenders


def thin_reference_docstrings(trees: Trees) -> list[str]:
    """Functions of science, formats and frames name parameters and result, with units and what null means."""
    offenders = []
    for path, tree in trees.items():
        for function in public_functions(tree) if is_one_of(path, REFERENCE) else []:
            text = ast.get_docstring(function) or ""
            marks = {ast.unparse(mark).rpartition(".")[2] for mark in function.decorator_list}
            if not arguments(function) or marks & {"property", "cached_property", "setter"}:
                continue
            returns = ast.unparse(function.returns) if function.returns else "None"
            if section(text, "Parameters") is None:
                offenders.append(f"{path}:{function.name} without Parameters")
            gives = section(text, "Returns") or section(text, "Yields")
            if returns not in ("None", "NoReturn") and gives is None:
                offenders.append(f"{path}:{function.name} without Returns")
    return offenders


def long_docstrings(trees: Trees) -> list[str]:
    """Outside the reference modules a docstring is one line, two at most; References do not count."""
    offenders = []
    for path, tree in trees.items():
        if is_one_of(path, ANY_LENGTH):
            continue
        for name, text in documented(tree):
            own = re.split(r"^References\n-{3,}$", text, maxsplit=1, flags=re.MULTILINE)[0]
            if sum(bool(line.strip()) for line in own.splitlines()) > SHORT_LINES:
                offenders.append(f"{path}:{name}" if name else path)
    return offenders


def unsourced_references(trees: Trees) -> list[str]:
    """A References section names something that can be looked up; a design reason is not a reference."""
    offenders = []
    for path, tree in trees.items():
        for name, text in documented(tree):
            cited = section(text, "References")
            entries = None if cited is None else _entries(cited)
            if entries is not None and not (entries and all(map(_can_be_looked_up, entries))):
                offenders.append(f"{path}:{name} cites nothing that can be looked up")
            if re.search(r"^Sources?\n-{3,}$|^\s*ours\b|\bours:|\bAs for\b", text, re.MULTILINE):
                offenders.append(f"{path}:{name} has 'Source', 'ours' or 'As for'")
    return offenders


def _entries(cited: str) -> list[str]:
    """Single references of a section: at `.. [1]`, at a bullet or after an empty line."""
    parts = re.split(r"\n\s*\n|^\s*(?:\.\. \[\w+\]|[-*]) ", cited, flags=re.MULTILINE)
    return [part for part in parts if part.strip()]


def _can_be_looked_up(entry: str) -> bool:
    return bool(REFERENCE_ID.search(entry) or (VENDOR.search(entry) and DOCUMENT.search(entry)))


def long_functions(trees: Trees) -> list[str]:
    """Functions of up to 40 lines, the docstring not counted; ruff's C901 holds their complexity."""
    return [
        f"{path}:{function.name} {code_lines(function)} lines"
        for path, tree in trees.items()
        for function in functions(tree)
        if code_lines(function) > MAX_LINES
    ]


def vague_names(trees: Trees) -> list[str]:
    """No module, function, class or constant is named by a word that says nothing of its subject."""
    offenders = []
    for path, tree in trees.items():
        folders = PurePosixPath(path).with_suffix("").parts
        offenders += [path] if any(name_parts(part) & VAGUE for part in folders) else []
        names = [c.name for c in classes(tree)] + [f.name for f in public_functions(tree)]
        for node in tree.body:
            targets = node.targets if isinstance(node, ast.Assign) else []
            targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
            names += [target.id for target in targets if isinstance(target, ast.Name)]
        offenders += [
            f"{path}:{name}"
            for name in names
            if not name.startswith("_") and name not in VAGUE_ALLOWED and name_parts(name) & VAGUE
        ]
    return offenders


def vague_variables(trees: Trees) -> list[str]:
    """No variable, argument or field is named by such a word alone."""
    offenders = []
    for path, tree in trees.items():
        for node in ast.walk(tree):
            stored = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            name = node.id if stored else node.arg if isinstance(node, ast.arg) else ""
            if name.strip("_") in VAGUE | {"mine"}:
                offenders.append(f"{path}:{node.lineno} {name}")
    return offenders


def doubled_classes(trees: Trees) -> list[str]:
    """One word has one meaning: a class name stands once in the whole code base."""
    return _doubled({path: [c.name for c in classes(tree)] for path, tree in trees.items()})


def doubled_modules(trees: Trees) -> list[str]:
    """A module name stands once inside a subject, but for the few each part of a subject may have."""
    stems = {path: PurePosixPath(path).stem for path in trees}
    places = {p: [f"{subject(p)}: {s}"] for p, s in stems.items() if s not in SHARED_NAMES}
    return _doubled(places)


def _doubled(names: Mapping[str, Iterable[str]]) -> list[str]:
    homes: dict[str, list[str]] = defaultdict(list)
    for path, several in names.items():
        for name in several:
            homes[name].append(path)
    return [f"{name}: {', '.join(paths)}" for name, paths in sorted(homes.items()) if len(paths) > 1]


def tests_without_source(trees: Trees, tests: Iterable[str]) -> list[str]:
    """`tests/a/test_b.py` or `test_b_<aspect>.py` tests `a/b`, a module or a folder; `test_a_...` tests all of `a`."""
    modules = {path.removesuffix(".py").rstrip("_") for path in trees}
    folders = {folder.as_posix() for path in trees for folder in PurePosixPath(path).parents}
    offenders = []
    for test in tests:
        inner = PurePosixPath(test).relative_to("tests")
        words = inner.stem.removeprefix("test_").split("_")
        names = ["_".join(words[: n + 1]) for n in range(len(words))]
        here = inner.parent.as_posix()
        is_tested = any(f"{here}/{name}" in modules | folders or name == inner.parent.name for name in names)
        if here not in folders or not is_tested:
            offenders.append(test)
    return offenders
