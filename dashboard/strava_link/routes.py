"""The two addresses of a sign-in at Strava."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.late_imports import late_import
from dashboard.strava_link import addresses
from dashboard.strava_link.pending_sign_ins import PendingSignIns


def routes() -> list[Route]:
    """Return the addresses, for the server.

    Plain functions, which the server runs in threads, since they wait for Strava.
    """
    pending = PendingSignIns()

    # What speaks with Strava is imported with the first sign-in: most starts of a server see none.
    def start(request: Request) -> Response:
        return late_import("dashboard.strava_link.sign_in").start(request, pending)

    def finish(request: Request) -> Response:
        return late_import("dashboard.strava_link.sign_in").finish(request, pending)

    return [
        Route(addresses.START, start, methods=["GET"]),
        Route(addresses.CALLBACK, finish, methods=["GET"]),
    ]
