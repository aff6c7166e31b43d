"""What a rule reads in the syntax trees of files: imports, calls, docstrings, lengths, words of a name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

Trees = Mapping[str, ast.Module]
Function = ast.FunctionDef | ast.AsyncFunctionDef
Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
LATE = ("import_module", "late_import")


def imports(tree: ast.AST) -> list[str]:
    """Dotted names a file imports, those inside functions and those that are imported late by their name too."""
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names += [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in LATE:
            names += [one.value for one in node.args[:1] if isinstance(one, ast.Constant)]
    return names


def functions(tree: ast.AST) -> list[Function]:
    """All functions of a file, nested ones and methods too."""
    return [node for node in ast.walk(tree) if isinstance(node, Function)]


def calls(tree: ast.AST) -> list[ast.Call]:
    """All calls of a file."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def classes(tree: ast.Module) -> list[ast.ClassDef]:
    """Classes at the top of a file."""
    return [node for node in tree.body if isinstance(node, ast.ClassDef)]


def public_functions(tree: ast.Module) -> list[Function]:
    """Functions at the top of a file and methods of its public classes, without those that start with `_`."""
    bodies = [tree.body, *(c.body for c in classes(tree) if not c.name.startswith("_"))]
    return [n for body in bodies for n in body if isinstance(n, Function) and not n.name.startswith("_")]


def documented(tree: ast.Module) -> list[tuple[str, str]]:
    """Names and docstrings of a file, its classes and its functions, where there is one."""
    nodes = [node for node in ast.walk(tree) if isinstance(node, Documented)]
    pairs = [(getattr(node, "name", ""), ast.get_docstring(node) or "") for node in nodes]
    return [(name, text) for name, text in pairs if text]


def arguments(function: Function) -> list[ast.arg]:
    """Arguments of a function, without `self` and `cls`."""
    spec = function.args
    every = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs, spec.vararg, spec.kwarg]
    return [one for one in every if one is not None and one.arg not in ("self", "cls")]


def is_one_of(path: str, patterns: Iterable[str]) -> bool:
    """Whether a path lies in one of the folders or matches one of the patterns."""
    return any(path.startswith(p) if p.endswith("/") else PurePosixPath(path).match(p) for p in patterns)


def module_name(path: str) -> str:
    """Dotted name of the module at a path."""
    return ".".join(PurePosixPath(path).with_suffix("").parts).removesuffix(".__init__")


def subject(path: str) -> str:
    """Top folder and the folder below it, the unit of layers: `dashboard/model`, or `connectors/` at the root."""
    parts = PurePosixPath(path).parts
    if len(parts) > 2:
        return f"{parts[0]}/{parts[1]}"
    return f"{parts[0]}/" if parts[0] == "connectors" else f"{parts[0]}/{PurePosixPath(path).stem}"


def import_graph(trees: Trees) -> dict[str, set[str]]:
    """Which file imports which, among the files given."""
    by_module = {module_name(path): path for path in trees}
    graph: dict[str, set[str]] = {path: set() for path in trees}
    for path, tree in trees.items():
        for name in imports(tree):
            target = by_module.get(name) or by_module.get(name.rpartition(".")[0])
            if target and target != path:
                graph[path].add(target)
    return graph


def circles(graph: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """Groups of nodes of which each reaches each other (Tarjan's strongly connected components)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    groups: list[list[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in graph.get(node, ()):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            at = stack.index(node)
            if len(stack) - at > 1:
                groups.append(sorted(stack[at:]))
            del stack[at:]

    for node in graph:
        if node not in index:
            visit(node)
    return sorted(groups)


def code_lines(function: Function) -> int:
    """Lines of a function from `def` to its end, without its docstring."""
    end = function.end_lineno or function.lineno
    first = function.body[0]
    is_docstring = ast.get_docstring(function, clean=False) is not None
    text_lines = ((first.end_lineno or first.lineno) - first.lineno + 1) if is_docstring else 0
    return end - function.lineno + 1 - text_lines


def section(docstring: str, title: str) -> str | None:
    """Text of a numpydoc section, None where the docstring has none of that title."""
    heading = re.search(rf"^{title}\n-{{3,}}$", docstring, re.MULTILINE)
    if heading is None:
        return None
    following = re.search(r"^\S.*\n-{3,}$", docstring[heading.end() :], re.MULTILINE)
    return docstring[heading.end() :][: following.start() if following else None].strip()


def name_parts(name: str) -> set[str]:
    """Lower-case words of a name: `export_runner`, `PlanGround` and `HTTPStage` alike."""
    return {part.lower() for part in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)}


def parse(sources: Mapping[str, str]) -> dict[str, ast.Module]:
    """Syntax trees of source texts by path."""
    return {path: ast.parse(text) for path, text in sources.items()}
