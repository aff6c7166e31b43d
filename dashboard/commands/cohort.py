"""`heelwise cohort run`, `check` and `describe`."""

from __future__ import annotations

import json
import os
from functools import partial
from pathlib import Path

import typer

from connectors.errors import HeelwiseError
from connectors.plural import count
from dashboard.cohort.check import check_cohort
from dashboard.cohort.describe import describe_cohort, description_in_words
from dashboard.cohort.local_pool import run_in_pool
from dashboard.cohort.run import CohortPlan, CohortResult, Engine, run_cohort
from dashboard.commands.progress_bar import show_progress

KEY_NAME = "cohort.key"


def run_command(
    source: Path,
    out: Path,
    engine: str,
    workers: int | None,
    key_file: Path | None,
    resume: bool,
    shift_dates: bool,
) -> None:
    """Analyse a folder of exports, and say what became of it."""
    source, folder = source.expanduser().absolute(), out.expanduser().absolute()
    chosen = (
        key_file.expanduser().absolute() if key_file else folder.with_name(f"{folder.name}-key") / KEY_NAME
    )
    plan = CohortPlan(source, folder, chosen, resume, shift_dates)
    with show_progress(quiet=False) as bar:
        result = run_cohort(plan, _engine(engine, workers, plan), bar)
    typer.echo("\n".join(_in_words(result, plan)))
    if not result.athletes:
        raise HeelwiseError("No athlete could be analysed; the reasons stand in the table refusals.")


def _engine(name: str, workers: int | None, plan: CohortPlan) -> Engine:
    if name == "local":
        return partial(run_in_pool, workers=workers or _cores())
    # Ray takes seconds to import, and is no part of a plain install.
    from dashboard.cohort.ray_tasks import run_on_ray  # noqa: PLC0415

    return partial(run_on_ray, source=plan.source, folder=plan.folder, workers=workers)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _in_words(result: CohortResult, plan: CohortPlan) -> list[str]:
    refused = sum(result.refused.values())
    lines = [f"{count(result.athletes, 'athlete', 'athletes')} analysed, {refused} refused."]
    lines += [f"  {number} × {reason}" for reason, number in result.refused.items()]
    if result.was_finished:
        lines.append("DEST was finished before; nothing was computed.")
    elif result.resumed:
        lines.append(f"{count(result.resumed, 'athlete was', 'athletes were')} done before.")
    lines.append(f"The tables lie in {plan.folder}.")
    made = " It was made now; without it athletes cannot be named again." if result.key_made else ""
    lines.append(f"The key lies in {plan.key_file}.{made}")
    lines.append(f"Which athlete is which file stands in {result.private}. Hand on neither of the two.")
    return lines


def check_command(folder: Path) -> None:
    """Check the folder of a cohort; say each thing that is wrong."""
    findings = check_cohort(folder.expanduser().absolute())
    if findings.problems:
        typer.echo("\n".join(findings.problems))
        raise HeelwiseError(
            f"{count(len(findings.problems), 'thing is', 'things are')} wrong. Nothing was changed; run the cohort "
            "again into another folder with the same key."
        )
    typer.echo(
        f"All as it was written: {count(findings.athletes, 'athlete', 'athletes')}, "
        f"{count(findings.files, 'file', 'files')}."
    )


def describe_command(folder: Path, as_json: bool) -> None:
    """Describe a cohort in numbers."""
    description = describe_cohort(folder.expanduser().absolute())
    text = json.dumps(description, indent=1) if as_json else "\n".join(description_in_words(description))
    typer.echo(text)
