"""Who is noted in the access log, and as what: a person who signed in and a paired device, never the owner alone."""

# A laptop without sign-in has one owner who would note themselves; such a log says nothing, so none is written there.

from __future__ import annotations

from connectors.store import Store
from connectors.store.access_log import DOWNLOADED, SAW
from dashboard.access.identity import Identity


def actor_of(identity: Identity) -> str | None:
    """Return what the log calls somebody; None for the owner, who is not noted."""
    if identity.kind == "person":
        return f"person:{identity.person_id}"
    return f"device:{identity.device_id}" if identity.kind == "device" else None


def noting(store: Store, identity: Identity) -> Store:
    """Return the store that notes what somebody changes with it."""
    actor = actor_of(identity)
    return store if actor is None else store.noting(actor)


def note_page(store: Store, identity: Identity, athlete_id: int, page: str) -> None:
    """Note that somebody has opened a page of a runner; raises where it cannot be noted, so that it is not drawn."""
    actor = actor_of(identity)
    if actor is not None:
        store.access_log.note_once(actor, SAW, athlete_id, page)


def note_download(store: Store, identity: Identity, athlete_id: int, subject: str) -> None:
    """Note that somebody has saved a file of a runner's record."""
    actor = actor_of(identity)
    if actor is not None:
        store.access_log.note(None, actor, DOWNLOADED, athlete_id, subject)
