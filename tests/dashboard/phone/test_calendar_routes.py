"""The address of the calendar, asked as a calendar asks it."""

from __future__ import annotations

import asyncio
import logging
from datetime import time

import httpx
import pytest
from starlette.applications import Starlette

from connectors import log_redaction
from dashboard.phone import calendar_routes, reminder


class Client:
    """Asks the routes alone, without a server."""

    def request(self, method: str, path: str) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=Starlette(routes=calendar_routes.routes()))
            async with httpx.AsyncClient(transport=transport, base_url="http://phone") as client:
                return await client.request(method, path)

        return asyncio.run(ask())

    def get(self, path: str) -> httpx.Response:
        return self.request("GET", path)


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.fixture
def token(store, athlete_id) -> str:
    reminder.save_plan(store, athlete_id, time(7), "Europe/Amsterdam")
    return reminder.new_address(store, athlete_id)


def test_an_address_answers_with_the_calendar_and_nothing_of_the_runner(client, token):
    answer = client.get(f"/calendar/{token}.ics")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert answer.headers["cache-control"] == "no-store"
    assert reminder.WORDS in answer.text
    assert "Robin" not in answer.text
    assert client.request("HEAD", f"/calendar/{token}.ics").status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_it_is_there_to_be_read_alone(client, token, method):
    assert client.request(method, f"/calendar/{token}.ics").status_code == 405


@pytest.mark.parametrize("path", ["a" * 43, "a", "%00", "..%2f..%2fheelwise.db", "a" * 5_000])
def test_a_guess_an_ended_and_an_impossible_address_get_one_answer(client, store, athlete_id, token, path):
    reminder.end_address(store, athlete_id)
    ended = client.get(f"/calendar/{token}.ics")
    guessed = client.get(f"/calendar/{path}.ics")
    assert ended.status_code == guessed.status_code == 404
    if "2f" not in path:
        assert ended.text == guessed.text == calendar_routes.NOT_HERE


def test_no_log_line_holds_the_address(token, caplog, monkeypatch):
    log_redaction.install()
    log = logging.getLogger("uvicorn.access")
    # A server that ran in this process before may have turned it to handlers of its own.
    monkeypatch.setattr(log.parent, "propagate", True)
    monkeypatch.setattr(log, "propagate", True)
    monkeypatch.setattr(log, "disabled", False)
    with caplog.at_level(logging.INFO), caplog.at_level(logging.INFO, log.name):
        log.info('%s - "GET %s" 200', "127.0.0.1", f"/calendar/{token}.ics")
    assert token not in caplog.text
    assert "/calendar/[hidden].ics" in caplog.text
    assert log_redaction.redact("/calendar/[hidden].ics") == "/calendar/[hidden].ics"
