"""`heelwise sync`: every link of a runner, each for itself."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from connectors import log_redaction
from connectors.errors import HeelwiseError, NotLinked, ServiceError
from connectors.source import Progress
from connectors.store import Store
from connectors.store.token_vault import Vault, open_vault
from connectors.strava.retention import has_chosen
from connectors.strava.sync import sync, sync_until_done
from connectors.sync.key_service import key_service, key_services
from connectors.sync.key_sync import sync_key, sync_key_until_done
from connectors.sync.run import SyncHooks
from connectors.sync.status import STRAVA, SyncResult, in_local_words, read_status
from dashboard.commands.open_store import open_store_option, select_runner
from dashboard.commands.progress_bar import show_progress
from dashboard.key_links.load_change import load_before, note_load_change
from dashboard.key_links.service import key_ends, linked_keys
from dashboard.strava_link import link

SHOWN = 10
UNCHOSEN = (
    "You have not yet chosen how long what comes through the link stays on this machine; until you do, each run is "
    "forgotten 7 days after it was last fetched. Choose on the Data page, or with heelwise connect --keep."
)
NOTHING_LINKED = (
    "Nothing is linked for this runner. Link a service on the Data page, or with `heelwise connect garmin`, "
    "`heelwise connect intervals` or `heelwise connect --url-only` for Strava. Strava is not linked."
)


@dataclass(frozen=True)
class SourceOutcome:
    """What came of one source: its result, or the error that ended it."""

    result: SyncResult
    error: Exception | None = None

    @property
    def state(self) -> str:
        """`done`, `waiting`, `failed` or `unlinked`."""
        if isinstance(self.error, NotLinked):
            return "unlinked"
        if self.error is not None:
            return "failed"
        return "waiting" if self.result.waiting_until is not None or self.result.is_stopped else "done"

    @property
    def reason(self) -> str | None:
        """Why it is not done, in one sentence."""
        if self.error is not None:
            return _sentence(self.error)
        if self.result.waiting_until is not None:
            return f"It takes no more requests for now. It goes on from {in_local_words(self.result.waiting_until)}."
        return "It was stopped." if self.result.is_stopped else None


def sync_command(
    home: Path | None, athlete: str | None, as_json: bool, stays: bool, source: str | None = None
) -> None:
    """Sync every link, or one; show how far it is, and say what came of it."""
    log_redaction.install()
    store = open_store_option(home)
    runner = select_runner(store, athlete)
    vault = open_vault(store.home)
    began = time.monotonic()
    asked = linked_services(vault, runner.athlete_id) if source is None else [source]
    if not asked:
        raise NotLinked(NOTHING_LINKED)
    before = load_before(store, runner.athlete_id, source_ids(asked))
    with show_progress(quiet=as_json) as bar:
        outcomes = sync_all(store, vault, runner.athlete_id, asked, bar, stays)
    changed = note_load_change(store, runner.athlete_id, before)
    ran = {name: one for name, one in outcomes.items() if one.error is None}
    if as_json and (ran or len(outcomes) > 1):
        shown = {**{one: _unlinked() for one in _all_services() if source is None}, **outcomes}
        document = as_dict(shown, time.monotonic() - began)
        document["notes"] += [{"path": "load", "reason": one} for one in changed]
        typer.echo(json.dumps(document, ensure_ascii=False))
    if not ran:
        raise _joint_error(outcomes)
    if not as_json:
        _print(store, vault, runner.athlete_id, outcomes)
        typer.echo("\n".join(changed), nl=bool(changed))


def source_ids(services: Sequence[str]) -> list[str]:
    """Return the origin of the rows that each service brings."""
    return ["strava_api" if one == STRAVA else key_service(one).source for one in services]


def linked_services(vault: Vault, athlete_id: int) -> list[str]:
    """List the services that a runner has linked, Strava first."""
    strava = [STRAVA] if vault.read(athlete_id) is not None else []
    return [*strava, *(service.id for service, _ in linked_keys(vault, athlete_id))]


def sync_all(
    store: Store, vault: Vault, athlete_id: int, services: list[str], bar: Progress, stays: bool
) -> dict[str, SourceOutcome]:
    """Sync some services side by side, so that one that is down, revoked or slow does not hold the others."""
    ends = threading.Event()
    progress = _JointProgress(bar)
    calls = {
        name: _call(store, vault, athlete_id, name, SyncHooks(progress.of(name), ends.is_set), stays)
        for name in services
    }
    if len(calls) == 1:
        return {name: _outcome(call) for name, call in calls.items()}
    outcomes: dict[str, SourceOutcome] = {}
    threads = [
        threading.Thread(target=lambda n=name, c=call: outcomes.update({n: _outcome(c)}), name=f"sync-{name}")
        for name, call in calls.items()
    ]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            thread.join()
    except KeyboardInterrupt:
        ends.set()
        for thread in threads:
            thread.join()
        raise
    return {name: outcomes[name] for name in services}


def _call(
    store: Store, vault: Vault, athlete_id: int, name: str, hooks: SyncHooks, stays: bool
) -> Callable[[], SyncResult]:
    if name == STRAVA:
        strava = sync_until_done if stays else sync
        return lambda: strava(store, vault, link.known_app(vault), athlete_id, hooks)
    keyed = sync_key_until_done if stays else sync_key
    return lambda: keyed(store, vault, key_service(name), athlete_id, hooks)


def _outcome(call: Callable[[], SyncResult]) -> SourceOutcome:
    try:
        return SourceOutcome(call())
    except Exception as error:  # one service's failure, whatever it is, is told and holds no other
        return SourceOutcome(SyncResult(), error)


class _JointProgress:
    """One bar for all services."""

    def __init__(self, bar: Progress) -> None:
        self._bar, self._lock = bar, threading.Lock()
        self._parts: dict[str, tuple[int, int]] = {}

    def of(self, name: str) -> Progress:
        """Return the progress of one service."""

        def step(done: int, total: int, word: str) -> None:
            with self._lock:
                self._parts[name] = (done, total)
                parts = self._parts.values()
                known = all(total for _, total in parts)
                self._bar(
                    sum(part[0] for part in parts), sum(part[1] for part in parts) if known else 0, word
                )

        return step


def as_dict(outcomes: Mapping[str, SourceOutcome], seconds: float) -> dict[str, Any]:
    """Return the object of `sync --json`: sums at the top, and each source in the same shape."""
    total = SyncResult(seconds=seconds)
    ran = [one for one in outcomes.values() if one.state != "unlinked"]
    for one in ran:
        result = one.result
        for word, number in result.activities.items():
            total.activities[word] += number
        total.sample_files += result.sample_files
        total.sample_rows += result.sample_rows
        total.shoes += result.shoes
        total.requests += result.requests
        total.skipped += result.skipped
        total.notes += result.notes
        for sport, number in result.unknown_sports.items():
            total.unknown_sports[sport] = total.unknown_sports.get(sport, 0) + number
    lefts = [one.result.left for one in ran]
    total.left = None if None in lefts else sum(left for left in lefts if left is not None)
    waits = [one.result.waiting_until for one in ran if one.result.waiting_until is not None]
    total.waiting_until = min(waits, default=None)
    total.is_stopped = any(one.result.is_stopped for one in ran)
    strava = outcomes.get(STRAVA)
    if strava is not None:
        total.window_left, total.day_left = strava.result.window_left, strava.result.day_left
    sources = {
        name: {**one.result.as_dict(), "state": one.state, "reason": one.reason}
        for name, one in outcomes.items()
    }
    is_complete = all(one.error is None and one.result.is_complete for one in ran)
    return {**total.as_dict(), "complete": is_complete, "sources": sources}


def _all_services() -> list[str]:
    return [STRAVA, *(one.id for one in key_services())]


def _unlinked() -> SourceOutcome:
    return SourceOutcome(SyncResult(), NotLinked("It is not linked for this runner."))


def _sentence(error: Exception) -> str:
    if isinstance(error, HeelwiseError):
        return " ".join(str(error).split())
    return f"It met a failure that was not foreseen ({type(error).__name__}). What came in stays."


def _joint_error(outcomes: Mapping[str, SourceOutcome]) -> Exception:
    errors = [one.error for one in outcomes.values() if one.error is not None]
    if len(errors) == 1:
        return errors[0]
    return ServiceError(" ".join(_sentence(one) for one in errors))


def _print(store: Store, vault: Vault, athlete_id: int, outcomes: Mapping[str, SourceOutcome]) -> None:
    titles = {one.id: one.title for one in key_services()} | {STRAVA: "Strava"}
    for name, one in outcomes.items():
        if len(outcomes) > 1 or name != STRAVA:
            typer.echo(f"{titles[name]}:")
        if one.error is not None:
            typer.echo(f"It did not run: {_sentence(one.error)}")
            continue
        typer.echo("\n".join(sync_in_words(one.result, titles[name])))
        now = read_status(store, athlete_id, name)
        if now is not None:
            typer.echo(now.in_words())
    if STRAVA in outcomes and not has_chosen(store, athlete_id):
        typer.echo(UNCHOSEN)
    for service, key in linked_keys(vault, athlete_id):
        if ends := key_ends(service, key):
            typer.echo(ends)


def sync_in_words(result: SyncResult, title: str) -> list[str]:
    """Say what a sync did."""
    counts = result.activities
    lines = [
        f"Activities: {counts['new']} new, {counts['updated']} updated, {counts['unchanged']} unchanged, "
        f"{counts['deleted']} deleted on {title} and here.",
        f"Recordings: {result.sample_files} fetched. Shoes: {result.shoes}. Requests made: {result.requests}.",
    ]
    if result.unknown_sports:
        lines.append(f"Kept under their own names: {', '.join(sorted(result.unknown_sports))}.")
    lines += [f"Left out: {one.path}: {one.reason}" for one in result.skipped[:SHOWN]]
    if len(result.skipped) > SHOWN:
        lines.append(f"Left out besides: {len(result.skipped) - SHOWN}.")
    lines += [f"Note on {one.path}: {one.reason}" for one in result.notes[:SHOWN]]
    if result.waiting_until is not None:
        again = in_local_words(result.waiting_until)
        lines.append(
            f"{title} allows no more requests for now. Run heelwise sync again from {again}, or leave the dashboard "
            "open: it goes on by itself."
        )
    if result.is_stopped:
        lines.append("Stopped. What came in stays; the next sync goes on from there.")
    return lines
