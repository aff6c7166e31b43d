"""What a command imports: large libraries only where their work is asked for, and never half of one."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from connectors.late_imports import late_import
from connectors.store import open_store

UNASKED = (
    *(
        "scipy",
        "pandas",
        "streamlit",
        "starlette",
        "stravalib",
        "typst",
        "cryptography",
        "rapidfuzz",
        "postgresql",
    ),
    "pydantic",
)
LOADED = """
import sys
sys.argv = ["heelwise", *sys.argv[1:]]
from dashboard.cli import main
try:
    main()
except SystemExit:
    pass
print(*sorted({part for name in sys.modules for part in name.split(".")}), file=sys.stderr)
"""


@pytest.mark.parametrize(
    "command", [("--help",), ("report",), ("report", "--format", "json"), ("log", "--none")], ids=" ".join
)
def test_a_command_imports_no_large_library_unasked(tmp_path, command):
    with open_store(tmp_path) as store:
        store.add_runner("Someone")
    place = () if command == ("--help",) else ("--home", str(tmp_path))
    run = subprocess.run(
        [sys.executable, "-c", LOADED, *command, *place],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    loaded = run.stderr.splitlines()[-1].split()
    assert "typer" in loaded
    assert not set(UNASKED) & set(loaded)


def test_threads_get_the_same_whole_module():
    with ThreadPoolExecutor(8) as pool:
        modules = list(pool.map(late_import, ["wsgiref.headers"] * 8))
    assert {id(one) for one in modules} == {id(sys.modules["wsgiref.headers"])}
    assert all(one.Headers for one in modules)
