"""`heelwise admin`: administrators are made on the server's shell, never by being the first to sign in."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import typer

from connectors.errors import HeelwiseError
from connectors.store import Store
from connectors.store.people import Person
from dashboard.access.sign_in_settings import is_encrypted
from dashboard.commands.open_store import open_store_option

LONGEST_SUBJECT = 255
"""Characters (OpenID Connect Core 1.0, 2)."""


def add_command(issuer: str, subject: str, home: Path | None) -> None:
    """Make the person of an issuer and a subject an administrator."""
    if not is_encrypted(issuer):
        raise HeelwiseError(
            f"“{issuer}” is no https:// address, so it is no issuer and nobody was added. Write it as "
            "HEELWISE_SIGN_IN_ISSUER does, to the letter."
        )
    if not subject.strip() or len(subject) > LONGEST_SUBJECT or not subject.isprintable():
        raise HeelwiseError(
            "A subject is the provider's own identifier of a person, of 1 to 255 characters, not an address or a "
            "name. Nobody was added."
        )
    store = open_store_option(home)
    is_new = store.people.add_admin(issuer, subject, datetime.now(UTC))
    done = "is an administrator now" if is_new else "was an administrator already"
    typer.echo(f"The person {subject} of {issuer} {done}.")
    if is_new and all(one.issuer != issuer or one.seen is None for one in store.people.persons()):
        typer.echo(
            "Nobody of this issuer has signed in yet; should it be mistyped, add the right one.", err=True
        )


def remove_command(issuer: str, subject: str, home: Path | None) -> None:
    """Refuse a person from now on, and end every session of theirs."""
    store = open_store_option(home)
    person = _known(store, issuer, subject)
    if person.removed is not None:
        typer.echo(f"The person {subject} of {issuer} was removed already.")
        return
    done = store.grants.remove_person(person.person_id, None)
    typer.echo(
        f"The person {subject} of {issuer} may sign in no longer, and every open page of theirs is closed. Of their "
        f"rights in records of others {done.rights_ended} ended; records stay as they are. They are let in again, "
        "without these rights, by: heelwise admin readmit ISS SUB"
    )


def readmit_command(issuer: str, subject: str, home: Path | None) -> None:
    """Let a removed person sign in again."""
    store = open_store_option(home)
    person = _known(store, issuer, subject)
    if person.removed is None:
        typer.echo(f"The person {subject} of {issuer} may sign in already.")
        return
    store.grants.readmit_person(person.person_id, None)
    typer.echo(f"The person {subject} of {issuer} may sign in again.")


def _known(store: Store, issuer: str, subject: str) -> Person:
    for one in store.people.persons():
        if (one.issuer, one.subject) == (issuer, subject):
            return one
    raise HeelwiseError(
        f"Nobody with the subject {subject} of {issuer} has signed in here, so nothing was changed. Issuer and "
        "subject are compared to the letter."
    )


def list_command(home: Path | None) -> None:
    """List the administrators."""
    store = open_store_option(home)
    admins = [one for one in store.people.persons() if one.is_admin and one.removed is None]
    if not admins:
        typer.echo("There is no administrator. Add one with: heelwise admin add ISS SUB")
    for one in admins:
        seen = f"last signed in {one.seen:%Y-%m-%d}" if one.seen else "never signed in"
        typer.echo(f"{one.subject} of {one.issuer}: {seen}")
