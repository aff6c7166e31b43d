"""Who asks: the owner of this machine, or a paired device with one runner and one scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:  # a report knows who asks without a server
    from starlette.requests import HTTPConnection

Scope = Literal["everything", "log_only"]
ListenerName = Literal["machine", "phone", "proxy"]

IDENTITY = "heelwise.identity"
LISTENER = "heelwise.listener"
"""Keys of the ASGI scope, set by the door alone; what a client sends cannot reach them."""


@dataclass(frozen=True)
class Identity:
    """A person or device that the door has recognised; `athlete_id` None stands for every runner of the owner.

    A person has signed in; which runners they may ask for, and how, are grants in the store and not here.
    """

    key: str
    kind: Literal["owner", "device", "person"]
    scope: Scope = "everything"
    athlete_id: int | None = None
    device_id: int | None = None
    person_id: int | None = None


OWNER = Identity(key="owner", kind="owner")


def identity_of(connection: HTTPConnection) -> Identity | None:
    """Return who asks, None where the door answered an open route for nobody."""
    return connection.scope.get(IDENTITY)


def listener_of(connection: HTTPConnection) -> ListenerName | None:
    """Return through which listener the connection came in."""
    return connection.scope.get(LISTENER)
