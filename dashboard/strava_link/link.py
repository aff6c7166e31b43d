"""The link between a runner on this machine and Strava: how it begins, what it may read, how it ends."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from dataclasses import dataclass

from connectors.errors import (
    AppInactive,
    AppUnknown,
    AthleteLimit,
    LockTaken,
    StravaError,
    StravaUnreachable,
)
from connectors.plural import count
from connectors.store import Runner, Store
from connectors.store.file_lock import file_lock
from connectors.store.token_vault import StravaApp, Vault
from connectors.strava import http, oauth, retention
from connectors.strava.oauth import RevocationReceipt, app_credentials, secrets_on_disk
from connectors.sync.run import sync_lock
from connectors.sync.status import ask_to_stop

ACCOUNT = "strava_account"
"""Setting: Strava's number of the runner whose account was linked last."""
QUIET_S = 20.0
"""s in which a sync that was asked to stop has to be done with its request."""

OUTCOMES = {
    "strava": "Strava is linked. Your runs are on their way.",
    "partly": "Strava is linked, but not every box was ticked.",
    "refused": "You said no on Strava, so nothing was linked and nothing read. You can link any time, or bring in a "
    "Strava export instead.",
    "no_app": "Enter the client id and secret of your API app first; the steps are below.",
    "other": "That is another Strava account than the one whose runs are here. Nothing was changed. Log out on "
    "strava.com and link again, or add a runner for the other account.",
    "app_unknown": http.APP_UNKNOWN,
    "app_inactive": http.APP_INACTIVE,
    "athlete_limit": http.ATHLETE_LIMIT,
    "unreachable": http.UNREACHABLE,
    "late": http.CODE_SPENT,
    "troubled": http.TROUBLED,
}
"""How a sign-in ended: the word in the page's address, and what a reader sees."""
GOOD_OUTCOMES = ("strava", "partly")
_FLAGS: tuple[tuple[type[StravaError], str], ...] = (
    (AppUnknown, "app_unknown"),
    (AppInactive, "app_inactive"),
    (AthleteLimit, "athlete_limit"),
    (StravaUnreachable, "unreachable"),
)
_UNTICKED = (
    (
        {"activity:read_all", "activity:read"},
        "Your activities may not be read, so nothing can come in.",
    ),
    (
        {"activity:read_all"},
        "Activities that only you can see stay out, and so does what lies inside your privacy zones.",
    ),
    ({"profile:read_all"}, "Your list of shoes and your heart rate zones may not be read."),
)


@dataclass(frozen=True)
class DisconnectReceipt:
    """What came of disconnecting."""

    receipt: RevocationReceipt
    forgotten: retention.RetentionResult | None


def known_app(vault: Vault) -> StravaApp | None:
    """Find the API app of this machine.

    Environment, secrets, settings page, in this order.
    """
    return app_credentials(vault, os.environ, secrets_on_disk())


def flag_of(error: StravaError) -> str:
    """Return the word for a sign-in that failed.

    The page's address may hold a word of ours, but nothing that Strava said.
    """
    for kind, flag in _FLAGS:
        if isinstance(error, kind):
            return flag
    return "late" if type(error) is StravaError else "troubled"


def finish_link(
    store: Store, vault: Vault, app: StravaApp, athlete_id: int | None, code: str, scopes: Iterable[str]
) -> tuple[str, Runner]:
    """Turn a yes into a link.

    Two people's runs in one record would be worse than no link.
    """
    tokens = oauth.exchange_code(app, code, scopes)
    runner = _runner(store, athlete_id)
    account = str(tokens.strava_athlete_id or "")
    before = store.settings(runner.athlete_id).get(ACCOUNT)
    if before and account and before != account:
        return "other", runner
    with vault.locked():
        vault.write(runner.athlete_id, tokens)
    if account:
        store.set_settings(runner.athlete_id, {ACCOUNT: account})
    return "partly" if unticked_scopes(tokens.scopes) else "strava", runner


def unticked_scopes(scopes: Iterable[str]) -> list[str]:
    """Describe what was not ticked, and what that costs.

    Strava, "Authentication": scopes and what each gives.
    """
    ticked = set(scopes)
    missing = [sentence for needed, sentence in _UNTICKED if not needed & ticked]
    return [sentence for sentence in missing if sentence != _UNTICKED[1][1] or ticked & _UNTICKED[0][0]]


def may_read(scopes: Iterable[str]) -> bool:
    """Return whether activities may be read at all.

    Strava, "Authentication".
    """
    return bool(_UNTICKED[0][0] & set(scopes))


def disconnect(store: Store, vault: Vault, athlete_id: int, with_data: bool) -> DisconnectReceipt:
    """End a link: stop the sync, tell Strava, delete the tokens, and the data if asked.

    Tokens go even where Strava does not answer.
    """
    ask_to_stop(store, athlete_id)
    with ExitStack() as quiet:
        with suppress(LockTaken):  # a sync that does not end is no reason to keep the tokens
            quiet.enter_context(file_lock(sync_lock(store, athlete_id), QUIET_S))
        receipt = oauth.revoke(vault, known_app(vault), athlete_id)
        if not with_data:
            return DisconnectReceipt(receipt, None)
        forgotten = retention.forget_all(store, athlete_id)
        store.set_settings(athlete_id, {ACCOUNT: None, retention.RETENTION: None})
        return DisconnectReceipt(receipt, forgotten)


def receipt_in_words(goodbye: DisconnectReceipt) -> list[str]:
    """Describe what came of disconnecting: the receipt.

    What was asked of Strava, what was deleted here, what stays.
    """
    receipt, gone = goodbye.receipt, goodbye.forgotten
    revoked = "Strava confirmed that the access has ended." if receipt.is_revoked else receipt.problem
    lines = [f"{receipt.ended_utc:%Y-%m-%d %H:%M} UTC.", revoked or "There was no link to end."]
    lines.append(
        "The tokens on this machine are deleted." if receipt.had_link else "There were no tokens here."
    )
    if gone is None:
        lines.append("What came through the link was kept, as you chose. It can be deleted on the Data page.")
    else:
        lines.append(
            f"Deleted: {count(gone.activities, 'activity', 'activities')}, "
            f"{count(gone.recordings, 'recording')} and {count(gone.shoes, 'pair')} of "
            "shoes that came through the link."
        )
    lines.append("What came from files and exports, and what you wrote, was not touched.")
    return lines


def _runner(store: Store, athlete_id: int | None) -> Runner:
    for one in store.runners():
        if one.athlete_id == athlete_id and not one.is_demo:
            return one
    return store.runner(create=True)
