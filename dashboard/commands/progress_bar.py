"""The progress bar of long commands: the stage and its count, on a terminal alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from connectors.source import Progress, silent


@contextmanager
def show_progress(quiet: bool) -> Iterator[Progress]:
    """Show a progress bar on standard error when that is a terminal."""
    if not sys.stderr.isatty():
        yield silent
        return
    # Away from a terminal no command waits for rich.
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415
    from rich.progress import Progress as Bar  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def step(done: int, total: int, message: str) -> None:
            bar.update(task, completed=done, total=total or None, description=message)

        yield step
