"""The rules of the code base, one test each; a failing test lists every offender."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

import house_rules as rules
import pytest
import word_rules
from source_trees import circles, code_lines, functions, parse

Rule = Callable[[dict[str, ast.Module]], list[str]]

ROOT = Path(__file__).resolve().parents[1]
RULES: tuple[Rule, ...] = (
    rules.connectors_import_dashboard,
    rules.model_imports_impure,
    rules.libraries_away_from_home,
    rules.wrong_layers,
    rules.circles_of_files,
    rules.circles_of_folders,
    rules.loose_modules,
    rules.arithmetic_in_views,
    rules.cached_frames,
    rules.unsorted_collects,
    rules.shadowed_libraries,
    rules.silent_excepts_and_prints,
    rules.csv_written_elsewhere,
    rules.noisy_figures,
    rules.choices_and_tables_drawn_elsewhere,
    rules.errors_as_markup,
    rules.network_outside_sync,
    rules.untyped_functions,
    rules.missing_docstrings,
    rules.thin_reference_docstrings,
    rules.long_docstrings,
    rules.unsourced_references,
    rules.long_functions,
    rules.vague_names,
    rules.vague_variables,
    rules.doubled_classes,
    rules.doubled_modules,
    word_rules.private_dialect,
)


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    """Syntax trees of the whole source."""
    files = sorted(path for folder in ("connectors", "dashboard") for path in ROOT.glob(f"{folder}/**/*.py"))
    return parse({path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in files})


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_source_keeps(rule: Rule, trees):
    offenders = rule(trees)
    assert not offenders, "\n".join([rule.__doc__ or "", *offenders])


def test_tests_mirror_the_source(trees):
    files = [path.relative_to(ROOT).as_posix() for path in ROOT.glob("tests/*/**/test_*.py")]
    mirrored = [path for path in files if path.startswith(("tests/connectors/", "tests/dashboard/"))]
    offenders = rules.tests_without_source(trees, mirrored)
    assert mirrored
    assert not offenders, "\n".join([rules.tests_without_source.__doc__ or "", *offenders])


# ---- the rules themselves, on made-up sources

DOC = '"""One line."""\n'
NUMPYDOC = (
    'def f(a: int) -> int:\n    """Add.\n\n    Parameters\n    ----------\n    a\n        A count.\n\n'
    '    Returns\n    -------\n    int\n        A count.\n    """\n    return a\n'
)


def cited(reference: str) -> str:
    """A function whose docstring has a References section."""
    return f'def f() -> None:\n    """Add.\n\n    References\n    ----------\n    {reference}\n    """\n'


# rule: (sources that break it, sources that do not)
CASES: dict[Rule, tuple[list[dict[str, str]], list[dict[str, str]]]] = {
    word_rules.private_dialect: (
        [
            {"dashboard/a/text.py": 'A = "load {ratio} of habit"'},
            {"dashboard/a/text.py": 'def f(x: float) -> str:\n    return f"{x} tkm"'},
            {"connectors/a.py": 'A = "dated by a person"'},
        ],
        [
            {
                "dashboard/a/text.py": '"""Load over habit."""\nA = "habit"\nB = "load_tkm"\nC = "habitable zone"'
            },
            {"dashboard/settings/formulas.py": 'A = "Habit is bookkeeping."'},
        ],
    ),
    rules.connectors_import_dashboard: (
        [
            {"connectors/a.py": "import dashboard.model"},
            {"connectors/a.py": "from dashboard import model"},
            {"connectors/store/a.py": "def f():\n    from dashboard.shared import text"},
        ],
        [
            {
                "connectors/a.py": "from connectors import dashboard_rows",
                "dashboard/app.py": "import dashboard",
            }
        ],
    ),
    rules.model_imports_impure: (
        [
            {"dashboard/model/a.py": "import streamlit"},
            {"dashboard/model/load/a.py": "from connectors.store import open_store"},
            {"dashboard/model/a.py": "from dashboard.shared import text"},
            {"dashboard/model/a.py": "import sqlite3"},
            {"dashboard/model/a.py": "from connectors.frames_of_others import X"},
        ],
        [
            {
                "dashboard/model/a.py": "import math, numpy as np\nfrom connectors.frames import RUN\n"
                "from connectors import frames\nfrom dashboard.model.load import seconds\nfrom scipy import stats"
            }
        ],
    ),
    rules.libraries_away_from_home: (
        [
            {"dashboard/diary/entries.py": "import streamlit as st"},
            {"dashboard/shared/text.py": "from streamlit import session_state"},
            {"dashboard/flares/cards.py": "import plotly.graph_objects as go"},
            {"dashboard/commands/store.py": "import sqlalchemy"},
            {"connectors/ingest/pipeline.py": "from stravalib.model import X"},
            {"dashboard/consult/since_last_visit.py": "import streamlit"},
        ],
        [
            {
                f"dashboard/{name}.py": "import streamlit"
                for name in ("app", "main", "shared/session", "shared/ui")
            },
            {
                f"dashboard/a/{name}.py": "import streamlit"
                for name in ("page", "log_page", "shoe_form", "section")
            },
            {
                "dashboard/consult/frame.py": "import streamlit",
                "dashboard/plan/editor.py": "import streamlit",
            },
            {
                "dashboard/timeline/lanes/load.py": "import plotly",
                "dashboard/flares/figures.py": "import plotly",
            },
            {
                "connectors/store/rows.py": "import sqlalchemy",
                "connectors/strava/export/a.py": "import stravalib",
            },
        ],
    ),
    rules.wrong_layers: (
        [
            {"connectors/edits.py": "from connectors.store import rows", "connectors/store/rows.py": ""},
            {"connectors/strava/a.py": "from connectors.ingest.b import c", "connectors/ingest/b.py": ""},
            {"dashboard/model/a.py": "from dashboard.shared.text import b", "dashboard/shared/text.py": ""},
            {
                "dashboard/data/page.py": "def f():\n    import dashboard.commands.a",
                "dashboard/commands/a.py": "",
            },
            {"dashboard/runs/a.py": "from dashboard import cli", "dashboard/cli.py": ""},
            {"dashboard/novelties/page.py": ""},
        ],
        [
            {
                "dashboard/consult/pages.py": "from dashboard.runs.page import render\nfrom connectors import edits",
                "dashboard/runs/page.py": "from dashboard.shared import text",
                "dashboard/shared/text.py": "",
                "dashboard/__init__.py": "",
                "connectors/edits.py": "",
                "connectors/ingest/a.py": "from connectors.strava import sync",
                "connectors/strava/sync.py": "from connectors.edits import x",
            }
        ],
    ),
    rules.circles_of_files: (
        [
            {"dashboard/a/b.py": "from dashboard.a import c", "dashboard/a/c.py": "import dashboard.a.b"},
            {
                "dashboard/a/b.py": "from dashboard.a.c import x",
                "dashboard/a/c.py": "from dashboard.a.d import x",
                "dashboard/a/d.py": "def f():\n    from dashboard.a.b import x",
            },
            {
                "dashboard/a/b.py": "def f():\n    importlib.import_module('dashboard.a.c').x()",
                "dashboard/a/c.py": "from dashboard.a.b import y",
            },
            {
                "dashboard/a/__init__.py": "from dashboard.a.b import x",
                "dashboard/a/b.py": "from dashboard.a import y",
            },
        ],
        [{"dashboard/a/__init__.py": "from dashboard.a.b import x", "dashboard/a/b.py": ""}],
    ),
    rules.circles_of_folders: (
        [
            {
                "dashboard/a/one.py": "from dashboard.b import one",
                "dashboard/b/one.py": "",
                "dashboard/b/two.py": "from dashboard.a import two",
                "dashboard/a/two.py": "",
            },
            {
                "connectors/store/deep/one.py": "from connectors import edits",
                "connectors/edits.py": "from connectors.store import two",
                "connectors/store/two.py": "",
            },
        ],
        [
            {
                "dashboard/a/one.py": "from dashboard.a.deep import one",
                "dashboard/a/deep/one.py": "from dashboard.a import two",
                "dashboard/a/two.py": "",
            }
        ],
    ),
    rules.loose_modules: (
        [{"dashboard/words.py": ""}],
        [
            {
                "dashboard/app.py": "",
                "dashboard/__init__.py": "",
                "dashboard/a/words.py": "",
                "connectors/b.py": "",
            }
        ],
    ),
    rules.arithmetic_in_views: (
        [
            {"dashboard/runs/page.py": "import polars as pl"},
            {"dashboard/shoes/assignment_page.py": "from numpy import array"},
            {"dashboard/shared/ui.py": "import polars"},
        ],
        [{"dashboard/runs/table.py": "import polars", "dashboard/shared/session.py": "import polars"}],
    ),
    rules.cached_frames: (
        [
            {"dashboard/a.py": "@st.cache_data\ndef f(rows: pl.DataFrame): ..."},
            {"dashboard/a.py": "@st.cache_resource(ttl=3)\ndef f(*, rows: 'pl.LazyFrame | None'): ..."},
            {"dashboard/a.py": "@st.cache_data\ndef f(rows): ..."},
        ],
        [
            {
                "dashboard/a.py": "@st.cache_data\ndef f(key: int, _rows: pl.DataFrame): ...\n"
                "def g(r: pl.DataFrame): ..."
            }
        ],
    ),
    rules.unsorted_collects: (
        [{"dashboard/model/a.py": "x = frame.lazy().filter(y).collect()"}],
        [
            {"dashboard/model/a.py": "x = frame.lazy().sort('a').collect()"},
            {"connectors/a.py": "x = frame.lazy().collect()"},
        ],
    ),
    rules.shadowed_libraries: (
        [{"dashboard/calendar.py": ""}, {"dashboard/json/page.py": ""}, {"dashboard/pytest.py": ""}],
        [{"dashboard/plan/calendar.py": "", "connectors/json.py": "", "dashboard/__init__.py": ""}],
    ),
    rules.silent_excepts_and_prints: (
        [
            {"connectors/a.py": "try:\n    x()\nexcept:\n    raise"},
            {"connectors/a.py": "try:\n    x()\nexcept ValueError:\n    pass"},
            {"connectors/a.py": "try:\n    x()\nexcept ValueError:\n    ..."},
            {"dashboard/shared/a.py": "print('x')"},
        ],
        [
            {"connectors/a.py": "try:\n    x()\nexcept ValueError:\n    y = None"},
            {"dashboard/cli.py": "print(1)", "dashboard/commands/log.py": "print(1)"},
        ],
    ),
    rules.csv_written_elsewhere: (
        [
            {"dashboard/plan/calendar.py": "frame.write_csv(path)"},
            {"connectors/tables.py": "csv.writer(text)"},
        ],
        [
            {"connectors/csv_text.py": "frame.write_csv()"},
            {"connectors/tables.py": "csv.reader(text)"},
        ],
    ),
    rules.noisy_figures: (
        [
            {"dashboard/shared/ui.py": "st.plotly_chart(figure)"},
            {"dashboard/runs/page.py": "st.plotly_chart(figure, config=QUIET)"},
            {"dashboard/report/a.py": "figure.write_html(path, config={})"},
            {"dashboard/report/a.py": "pio.to_html(figure)"},
            {"dashboard/shared/ui.py": "plotly_chart(figure)"},
        ],
        [
            {"dashboard/shared/ui.py": "st.plotly_chart(figure, config=plotly_figure.QUIET)"},
            {"dashboard/report/a.py": "from dashboard.report import pages\npages.to_html(1)\nto_html(2)"},
        ],
    ),
    rules.choices_and_tables_drawn_elsewhere: (
        [
            {"dashboard/shoes/page.py": "st.data_editor(rows)"},
            {"dashboard/strength/exercise_section.py": "x = st.segmented_control('Unit', ['kg', 'lb'])"},
        ],
        [
            {
                "dashboard/shared/ui.py": "st.data_editor(rows)\nst.segmented_control('a', b)",
                "dashboard/shoes/page.py": "ui.edited(rows, 'k', 'alt')",
            }
        ],
    ),
    rules.errors_as_markup: (
        [{"dashboard/a.py": "st.error(str(error))"}, {"dashboard/a.py": "st.warning(str(error), icon=None)"}],
        [{"dashboard/a.py": "st.text(str(error))\nst.error(sentence)\nst.error()"}],
    ),
    rules.network_outside_sync: (
        [
            {"dashboard/a.py": "import requests"},
            {"connectors/ingest/a.py": "from urllib.request import urlopen"},
            {"connectors/a.py": "from http import client"},
        ],
        [{"connectors/strava/a.py": "import requests", "dashboard/a.py": "import urllib.parse, http.server"}],
    ),
    rules.untyped_functions: (
        [
            {"connectors/a.py": "def f(a: int): ..."},
            {"connectors/a.py": "def f(a) -> int: ..."},
            {"connectors/a.py": "def f(*a) -> int: ..."},
            {"connectors/a.py": "class A:\n    def f(self, *, a) -> int: ..."},
        ],
        [
            {
                "connectors/a.py": "class A:\n    def f(self, a: int) -> None: ...\ndef _g(a): ...\n"
                "class _B:\n    def f(self): ..."
            }
        ],
    ),
    rules.missing_docstrings: (
        [
            {"connectors/a.py": "x = 1"},
            {"connectors/a.py": DOC + "def f(): ..."},
            {"connectors/a.py": DOC + "class A: ..."},
            {"connectors/a.py": DOC + f"class A:\n    {DOC}    def f(self): ..."},
        ],
        [{"connectors/a.py": DOC + "def _f(): ...\nclass _A: ...", "connectors/__init__.py": ""}],
    ),
    rules.thin_reference_docstrings: (
        [
            {"dashboard/model/a.py": f"def f(a: int) -> int:\n    {DOC}"},
            {"connectors/formats/a.py": f"class A:\n    def f(self, a: int) -> None:\n        {DOC}"},
            {"connectors/frames.py": NUMPYDOC.replace("Returns\n    -------", "Gives\n    -----")},
        ],
        [
            {"dashboard/model/a.py": NUMPYDOC + f"def g() -> int:\n    {DOC}"},
            {"connectors/edits.py": f"def f(a: int) -> int:\n    {DOC}"},
            {
                "connectors/contract.py": f"class A:\n    @x.setter\n    def f(self, a: int) -> None:\n        {DOC}"
            },
        ],
    ),
    rules.long_docstrings: (
        [{"connectors/edits.py": NUMPYDOC}, {"dashboard/runs/page.py": '"""One.\n\nTwo.\nThree.\n"""'}],
        [
            {
                "connectors/edits.py": '"""One.\n\nTwo.\n"""\n' + cited("RFC 3339"),
                "dashboard/model/a.py": NUMPYDOC,
            },
            {"dashboard/cli.py": '"""One.\n\nTwo.\nThree.\n"""'},
        ],
    ),
    rules.unsourced_references: (
        [
            {"connectors/a.py": cited("ours: it is simpler.")},
            {"connectors/a.py": cited("Design choice.")},
            {"connectors/a.py": cited("Strava does it so.")},
            {"connectors/a.py": cited("10.1000/abc\n\n    A talk.")},
            {"connectors/a.py": cited("- RFC 8259\n    - a feeling")},
            {"connectors/a.py": cited("").replace("References\n    ----------", "Source\n    ------")},
            {"connectors/a.py": '"""As for `x`, but wider."""'},
            {"connectors/a.py": '"""Sort rows. ours: faster."""'},
        ],
        [
            {"connectors/a.py": cited(reference)}
            for reference in (
                "Willy et al. (2016), J Orthop Sports Phys Ther, 10.2519/jospt.2016.6337",
                ".. [1] Doe 2020. https://doi.org/10.1000/xyz123\n    .. [2] PMID: 12345",
                "RFC 6749, section 4.1",
                "ISO 8601-1",
                "Strava's API documentation, Streams",
                "Garmin Training Center Database v2 schema",
                "WHO guidelines, https://www.who.int/x",
            )
        ]
        + [{"connectors/a.py": '"""Hours: as many as ours are in flours; as for the rest, see there."""'}],
    ),
    rules.long_functions: (
        [{"connectors/a.py": "def f():\n" + "    x = 1\n" * 40}],
        [{"connectors/a.py": 'def f():\n    """One.\n\n    Two.\n    """\n' + "    x = 1\n" * 39}],
    ),
    rules.vague_names: (
        [
            {"connectors/whole.py": ""},
            {"dashboard/utils/a.py": ""},
            {"dashboard/shared/run_helpers.py": ""},
            {"dashboard/a.py": "def what_was_said(): ..."},
            {"dashboard/a.py": "class PlanGround: ..."},
            {"dashboard/a.py": "class A:\n    def kept(self): ..."},
            {"dashboard/a.py": "MOST_TOLD: int = 3"},
            {"dashboard/a.py": "KEPT = LOST = 1"},
        ],
        [
            {
                "dashboard/groundwork.py": "def foundation(): ...\ndef _said(): ...\nSTANDING_MPS = 0.5\n"
                "class Holistic:\n    def stages_of(self): ...\n",
            }
        ],
    ),
    rules.vague_variables: (
        [
            {"connectors/a.py": "def f():\n    found = 1"},
            {"connectors/store/a.py": "def f(said): ..."},
            {"dashboard/a/b.py": "x = [1 for kept in y]"},
        ],
        [{"connectors/a.py": "def f(is_whole):\n    match = is_whole"}],
    ),
    rules.doubled_classes: (
        [{"connectors/a.py": "class Page: ...", "dashboard/b.py": "class Page: ..."}],
        [{"connectors/a.py": "class Page: ...", "dashboard/b.py": "class Pages: ..."}],
    ),
    rules.doubled_modules: (
        [
            {"dashboard/shoes/plan.py": "", "dashboard/shoes/deep/plan.py": ""},
            {"dashboard/model/cadence.py": "", "dashboard/model/load/factors/cadence.py": ""},
        ],
        [{"dashboard/runs/text.py": "", "dashboard/runs/quality/text.py": "", "dashboard/shoes/text.py": ""}],
    ),
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_each_rule_lists_what_breaks_it_and_nothing_else(rule: Rule):
    breaking, keeping = CASES[rule]
    missed = [sources for sources in breaking if not rule(parse(sources))]
    wronged = [(sources, rule(parse(sources))) for sources in keeping if rule(parse(sources))]
    assert (missed, wronged) == ([], [])


def test_a_rule_lists_all_offenders_and_not_the_first():
    sources = {
        "dashboard/model/a.py": "import requests\nimport streamlit",
        "dashboard/model/b.py": "import httpx",
    }
    assert len(rules.model_imports_impure(parse(sources))) == 3


def test_a_test_file_stands_where_its_module_stands():
    source = parse(
        dict.fromkeys(("dashboard/commands/import_.py", "dashboard/shoes/text.py", "connectors/edits.py"), "")
    )
    right = (
        "commands/test_import",
        "shoes/test_text",
        "shoes/test_text_of_plates",
        "test_shoes",
        "shoes/test_shoes_all",
    )
    wrong = ("commands/test_text", "shoes/test_texts", "test_edits", "deep/shoes/test_text")
    names = [f"tests/dashboard/{name}.py" for name in (*right, *wrong)]
    assert rules.tests_without_source(source, names) == names[len(right) :]


def test_a_circle_is_found_whole_and_only_once():
    graph = {"a": ["b"], "b": ["c"], "c": ["a", "d"], "d": ["e"], "e": ["d"], "f": ["a"]}
    assert circles(graph) == [["a", "b", "c"], ["d", "e"]]


def test_the_length_of_a_function_is_without_its_docstring():
    tree = ast.parse('def f():\n    """One.\n\n    Two.\n    """\n    return 1\n')
    assert [code_lines(one) for one in functions(tree)] == [2]


def test_each_file_that_may_have_terms_has_some(trees):
    assert not word_rules.unused_allowances(trees)


@pytest.mark.parametrize("guide", ["README.md", "docs/runners.md", "docs/physical-therapists.md"])
def test_the_guides_have_no_private_dialect(guide):
    lines = (ROOT / guide).read_text(encoding="utf-8").splitlines()
    allowed = re.compile(r"habit_id|persons?", re.IGNORECASE)
    offenders = [
        f"{guide}:{number}: {line}"
        for number, line in enumerate(lines, 1)
        if re.search(r"\bhabit\b|\btkm\b|outpac|\bline back\b", allowed.sub("", line), re.IGNORECASE)
    ]
    assert not offenders, "\n".join(offenders)


def test_a_term_is_an_offence_in_a_sentence_and_in_a_command_s_help_alone():
    sources = {
        "dashboard/a/text.py": '''"""Load over habit."""
WINDOW = "load {ratio} of habit"
LONG = "Since {day} it has " "outpaced what you run."
KEY, COLUMN = "habit", "load_tkm"


def f(load: float) -> str:
    """Write how a load stands to habit."""
    return f"{load:.1f} tkm"
''',
        "dashboard/cli.py": '@app.command()\ndef plan() -> None:\n    """Set a plan against habit."""\n',
        "dashboard/settings/formulas.py": 'A = "Habit is bookkeeping."\n',
    }
    lines = [one.split(": ")[:2] for one in word_rules.private_dialect(parse(sources))]
    assert lines == [
        ["dashboard/a/text.py:2", "'habit' in 'load {ratio} of habit'; say"],
        ["dashboard/a/text.py:3", "'outpac' in 'Since {day} it has outpaced what you run.'; say"],
        ["dashboard/a/text.py:9", "'tkm' in '{} tkm'; say"],
        ["dashboard/cli.py:3", "'habit' in 'Set a plan against habit.'; say"],
    ]
