"""`heelwise sync`."""

from __future__ import annotations

from pathlib import Path

import typer

from connectors import redaction
from connectors.store.vault import open_vault
from connectors.strava.moments import in_local_words
from connectors.strava.patience import sync_until_done
from connectors.strava.policy import has_chosen
from connectors.strava.standing import SyncResult, standing
from connectors.strava.sync import sync
from dashboard import link
from dashboard.commands.bring_in import shown
from dashboard.commands.opening import opened, whose

SHOWN = 10
UNCHOSEN = (
    "You have not yet chosen how long what comes through the link stays on this machine; until you do, each run is "
    "forgotten 7 days after it was last fetched. Choose on the Data page, or with heelwise connect --keep."
)


def run(home: Path | None, athlete: str | None, as_json: bool, stays: bool) -> None:
    """Sync, show how far it is, and say what came of it.

    Parameters
    ----------
    home, athlete
        As for `opening.opened` and `opening.whose`.
    as_json : bool
        Print one object on standard output and nothing else there.
    stays : bool
        Go on until everything is in.

    Raises
    ------
    HeelwiseError
        When Strava or the store said no; what came in before stays.
    """
    redaction.install()
    store = opened(home)
    runner = whose(store, athlete)
    vault = open_vault(store.home)
    with shown(quiet=as_json) as bar:
        result = (sync_until_done if stays else sync)(
            store, vault, link.known_app(vault), runner.athlete_id, bar
        )
    if as_json:
        typer.echo(result.as_json())
        return
    typer.echo("\n".join(in_words(result)))
    now = standing(store, runner.athlete_id)
    if now is not None:
        typer.echo(now.in_words())
    if not has_chosen(store, runner.athlete_id):
        typer.echo(UNCHOSEN)


def in_words(result: SyncResult) -> list[str]:
    """Say what a sync did.

    Parameters
    ----------
    result : SyncResult
        What came of it.

    Returns
    -------
    list of str
        Plain sentences; no name and no place of a run.

    Source
    ------
    ours.
    """
    counts = result.activities
    told = [
        f"Activities: {counts['new']} new, {counts['updated']} updated, {counts['unchanged']} unchanged, "
        f"{counts['deleted']} deleted on Strava and here.",
        f"Recordings: {result.sample_files} fetched. Shoes: {result.shoes}. Requests made: {result.requests}.",
    ]
    if result.unknown_sports:
        told.append(f"Kept under their own names: {', '.join(sorted(result.unknown_sports))}.")
    told += [f"Left out: {one.path}: {one.reason}" for one in result.skipped[:SHOWN]]
    if len(result.skipped) > SHOWN:
        told.append(f"Left out besides: {len(result.skipped) - SHOWN}.")
    told += [f"Note on {one.path}: {one.reason}" for one in result.notes[:SHOWN]]
    if result.waiting_until is not None:
        again = in_local_words(result.waiting_until)
        told.append(
            f"Strava allows no more requests for now. Run heelwise sync again from {again}, or leave the dashboard "
            "open: it goes on by itself."
        )
    if result.is_stopped:
        told.append("Stopped. What came in stays; the next sync goes on from there.")
    return told
