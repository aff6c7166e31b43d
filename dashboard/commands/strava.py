"""`heelwise connect`."""

from __future__ import annotations

import hmac
import json
import secrets
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import typer

from connectors import log_redaction
from connectors.errors import AppUnknown, HeelwiseError, StravaError
from connectors.store import Store
from connectors.store.token_vault import open_vault, read_private, write_private
from connectors.strava import oauth, retention
from dashboard.commands.open_store import open_store_option, select_runner
from dashboard.strava_link import addresses, link
from dashboard.strava_link.pending_sign_ins import GOOD_FOR_S, digest

WAITING = "sign-in.json"
REDIRECT = f"http://localhost{addresses.CALLBACK}"
NO_APP = (
    "No API app is known, so there is nothing to link with. Set STRAVA_CLIENT_ID and STRAVA_CLIENT_SECRET, or enter "
    "them on the Data page, which explains step by step how to make an app."
)
FORGED = (
    "That address does not belong to the last `heelwise connect --url-only`, was used before, or is older than ten "
    "minutes. Nothing was linked. Run it again and open the new address."
)


def connect_command(home: Path | None, athlete: str | None, redirected: str | None, keep: str | None) -> None:
    """Print the address to open, or finish with the address the browser ended on."""
    log_redaction.install()
    store = open_store_option(home)
    if redirected is None:
        _begin(store, athlete, keep)
    else:
        _finish(store, redirected, athlete, keep)


def _begin(store: Store, athlete: str | None, keep: str | None) -> None:
    app = link.known_app(open_vault(store.home))
    if app is None:
        raise AppUnknown(NO_APP)
    runner = select_runner(store, athlete, create=athlete is None)
    state = secrets.token_urlsafe(32)
    # Only its hash is kept: who reads the file cannot finish the sign-in.
    waiting = {"state": digest(state), "athlete_id": runner.athlete_id, "began_s": time.time()}
    write_private(store.home / WAITING, json.dumps(waiting).encode())
    _choose(store, runner.athlete_id, keep)
    typer.echo(oauth.authorise_url(app, REDIRECT, state))
    typer.echo(
        "Open this address in a browser and say yes. The page it ends on will not open; copy its address and run, "
        "within ten minutes: heelwise connect --redirected 'ADDRESS'",
        err=True,
    )


def _finish(store: Store, redirected: str, athlete: str | None, keep: str | None) -> None:
    asked = {name: values[-1] for name, values in parse_qs(urlsplit(redirected.strip()).query).items()}
    athlete_id = _taken(store.home, asked.get("state", ""))
    if athlete is not None and select_runner(store, athlete).athlete_id != athlete_id:
        raise HeelwiseError(
            f"The sign-in was begun for another runner than {athlete}. Nothing was linked. Begin again with --url-only."
        )
    if asked.get("error") or not asked.get("code"):
        raise StravaError(link.OUTCOMES["refused" if asked.get("error") == "access_denied" else "troubled"])
    vault = open_vault(store.home)
    app = link.known_app(vault)
    if app is None:
        raise AppUnknown(NO_APP)
    scopes = asked.get("scope", "").replace(",", " ").split()
    flag, runner = link.finish_link(store, vault, app, athlete_id, asked["code"], scopes)
    if flag not in link.GOOD_OUTCOMES:
        raise StravaError(link.OUTCOMES[flag])
    _choose(store, runner.athlete_id, keep)
    _tell(store, runner.athlete_id, scopes)


def _taken(home: Path, state: str) -> int:
    """Whose sign-in this is; the state is used up, whatever comes of it."""
    stored = read_private(home / WAITING)
    (home / WAITING).unlink(missing_ok=True)
    if stored is None:
        raise StravaError(FORGED)
    waiting = json.loads(stored)
    is_late = not 0 <= time.time() - waiting["began_s"] <= GOOD_FOR_S
    if is_late or not hmac.compare_digest(waiting["state"], digest(state)):
        raise StravaError(FORGED)
    return int(waiting["athlete_id"])


def _choose(store: Store, athlete_id: int, keep: str | None) -> None:
    if keep is not None:
        store.set_settings(athlete_id, {retention.RETENTION: keep})


def _tell(store: Store, athlete_id: int, scopes: list[str]) -> None:
    typer.echo("Strava is linked. Bring your runs in with: heelwise sync")
    for sentence in link.unticked_scopes(scopes):
        typer.echo(f"Not ticked: {sentence} Run `heelwise connect --url-only` again to tick it.", err=True)
    if not retention.has_chosen(store, athlete_id):
        typer.echo(
            "Until you choose otherwise, what comes through the link is forgotten after seven days unless it is "
            "fetched again; see --keep.",
            err=True,
        )
