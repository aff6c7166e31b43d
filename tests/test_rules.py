"""The rules of the house, held against the syntax tree of every file."""

from __future__ import annotations

import ast
import sys
from importlib.metadata import distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted([*ROOT.glob("connectors/**/*.py"), *ROOT.glob("dashboard/**/*.py")])
TREES = {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text()) for path in FILES}
MODEL_MAY = {"polars", "numpy", "scipy", "__future__"} | set(sys.stdlib_module_names)
OWN_MODEL = ("connectors.frames", "connectors.errors", "dashboard.model")
ONLY_IN = {
    "plotly": ("dashboard/charts/", "dashboard/report/"),
    "streamlit": ("dashboard/app.py", "dashboard/main.py", "dashboard/state.py", "dashboard/views/"),
    "stravalib": ("connectors/strava/",),
    "sqlalchemy": ("connectors/store/",),
}
# The server's own start and the local address check belong to app.py; nothing else may join this list silently.


def imports(tree: ast.AST) -> list[str]:
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


def functions(tree: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


def public_functions(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    found = [n for n in tree.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    for owner in (n for n in tree.body if isinstance(n, ast.ClassDef) and not n.name.startswith("_")):
        found += [n for n in owner.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [n for n in found if not n.name.startswith("_")]


def calls(tree: ast.AST) -> list[ast.Call]:
    return [n for n in ast.walk(tree) if isinstance(n, ast.Call)]


@pytest.fixture(params=sorted(TREES))
def file(request) -> tuple[str, ast.Module]:
    return request.param, TREES[request.param]


def test_connectors_know_nothing_of_the_dashboard(file):
    path, tree = file
    if path.startswith("connectors/"):
        assert not [name for name in imports(tree) if name.split(".")[0] == "dashboard"]


def test_model_imports_only_what_is_pure(file):
    path, tree = file
    if path.startswith("dashboard/model/"):
        strangers = [
            n for n in imports(tree) if n.split(".")[0] not in MODEL_MAY and not n.startswith(OWN_MODEL)
        ]
        assert not strangers


@pytest.mark.parametrize("library", sorted(ONLY_IN))
def test_each_library_has_its_place(file, library):
    path, tree = file
    if not path.startswith(ONLY_IN[library]):
        assert not [name for name in imports(tree) if name.split(".")[0] == library]


def test_data_flows_one_way(file):
    path, tree = file
    names = imports(tree)
    if path.startswith("dashboard/charts/"):
        assert not [
            n for n in names if n.startswith(("dashboard.views", "dashboard.state", "connectors.store"))
        ]
    if path.startswith("connectors/store/"):
        assert not [n for n in names if n.startswith(("connectors.strava", "connectors.files"))]


def test_views_hold_no_column_arithmetic(file):
    path, tree = file
    if path.startswith("dashboard/views/"):
        assert not [n for n in imports(tree) if n.split(".")[0] in ("polars", "numpy")]


def test_no_cached_function_takes_a_frame(file):
    _, tree = file
    for function in functions(tree):
        if any("cache_" in ast.unparse(mark) for mark in function.decorator_list):
            for argument in function.args.args + function.args.kwonlyargs:
                kind = ast.unparse(argument.annotation) if argument.annotation else "untyped"
                assert argument.arg.startswith("_") or ("Frame" not in kind and kind != "untyped")


def test_lazy_frames_are_sorted_before_they_are_collected(file):
    path, tree = file
    if path.startswith("dashboard/model/"):
        for call in calls(tree):
            if isinstance(call.func, ast.Attribute) and call.func.attr == "collect":
                assert ".sort(" in ast.unparse(call.func.value)


def test_module_names_say_what_is_inside(file):
    path, _ = file
    assert not {"helpers", "utils", "misc", "common"} & set(Path(path).with_suffix("").parts)


def test_no_dashboard_module_shadows_a_library(file):
    path, _ = file
    parts = Path(path).with_suffix("").parts
    if parts[0] == "dashboard" and parts[-1] != "__init__":
        taken = set(sys.stdlib_module_names) | {
            top for d in distributions() for top in (d.read_text("top_level.txt") or "").split()
        }
        assert parts[1] not in taken


def test_public_functions_say_what_they_take_and_give(file):
    path, tree = file
    if path.startswith("dashboard/views/") or path in ("dashboard/cli.py", "dashboard/main.py"):
        return
    for function in public_functions(tree):
        text = ast.get_docstring(function) or ""
        assert text, f"{path}:{function.name} has no docstring"
        marks = [ast.unparse(mark) for mark in function.decorator_list]
        if any(m == "property" or m.endswith(".setter") for m in marks):
            continue
        arguments = [
            a.arg for a in function.args.args + function.args.kwonlyargs if a.arg not in ("self", "cls")
        ]
        if arguments:
            assert "Parameters" in text, f"{path}:{function.name} does not say what it takes"
        gives = function.returns is not None and ast.unparse(function.returns) not in ("None", "NoReturn")
        if gives and len(arguments) > 0:
            assert "Returns" in text or "Yields" in text, f"{path}:{function.name} does not say what it gives"


def test_public_functions_are_typed(file):
    path, tree = file
    for function in public_functions(tree):
        assert function.returns is not None, f"{path}:{function.name} has no return type"
        for argument in function.args.args + function.args.kwonlyargs:
            assert argument.annotation or argument.arg in ("self", "cls"), f"{path}:{function.name}"


def test_model_functions_name_their_source(file):
    path, tree = file
    if path.startswith(("dashboard/model/", "connectors/files/terrain")):
        for function in public_functions(tree):
            marks = [ast.unparse(mark) for mark in function.decorator_list]
            if "property" not in marks:
                assert "Source" in (ast.get_docstring(function) or ""), f"{path}:{function.name}"


def test_every_module_has_a_docstring(file):
    _, tree = file
    assert ast.get_docstring(tree)


def test_figures_leave_with_the_quiet_settings(file):
    path, tree = file
    for call in calls(tree):
        text = ast.unparse(call.func)
        if text.endswith((".plotly_chart", ".write_html", ".to_html")) or text == "plotly_chart":
            config = [ast.unparse(k.value) for k in call.keywords if k.arg == "config"]
            assert config == ["QUIET"] or config == ["quiet.QUIET"], path
        if text.endswith("plotly_chart"):
            assert path == "dashboard/views/figures.py", (
                "a picture is drawn large in a consult only from there"
            )


def test_no_silent_except_and_no_print(file):
    path, tree = file
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"{path}:{node.lineno} catches everything unnamed"
            assert not all(isinstance(n, ast.Pass) for n in node.body), f"{path}:{node.lineno} is silent"
    if path not in ("dashboard/cli.py",) and not path.startswith("dashboard/commands/"):
        assert not [c for c in calls(tree) if ast.unparse(c.func) == "print"]


def test_what_went_wrong_is_shown_as_text_and_not_read_as_markup(file):
    path, tree = file
    shown = [
        c for c in calls(tree) if ast.unparse(c.func) in ("st.error", "st.warning", "st.info", "st.markdown")
    ]
    assert not [c for c in shown if c.args and ast.unparse(c.args[0]).startswith("str(")], path


def test_only_a_sync_touches_the_network(file):
    path, tree = file
    if not path.startswith("connectors/strava/"):
        reach = {"requests", "httpx", "urllib3", "aiohttp", "http.client", "urllib.request"}
        assert not [n for n in imports(tree) if n in reach or any(n.startswith(f"{r}.") for r in reach)]


def test_functions_stay_short():
    lengths = sorted(
        (f.end_lineno or f.lineno) - f.lineno - len((ast.get_docstring(f) or "").splitlines())
        for tree in TREES.values()
        for f in functions(tree)
    )
    assert lengths[len(lengths) // 2] <= 14
    assert lengths[-1] <= 75
