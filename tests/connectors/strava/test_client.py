"""What each failure of Strava is called, what is asked again, and what is not."""

from __future__ import annotations

import socket

import pytest
import requests
from strava_stand_in import FAULTS

from connectors.errors import (
    AppInactive,
    AthleteLimit,
    BudgetSpent,
    LinkEnded,
    ScopeMissing,
    StravaError,
    StravaTroubled,
    StravaUnreachable,
)
from connectors.strava import http
from connectors.strava.client import StravaApi, StravaServers
from connectors.strava.rate_limit import RateLimiter

KINDS: dict[str, tuple[type[StravaError], int]] = {
    "reset": (StravaUnreachable, 3),
    "cut": (StravaUnreachable, 3),
    "cut_json": (StravaTroubled, 3),
    "500": (StravaTroubled, 3),
    "502": (StravaTroubled, 3),
    "503": (StravaTroubled, 3),
    "html": (StravaTroubled, 3),
    "html_503": (StravaTroubled, 3),
    "empty": (StravaTroubled, 3),
    "odd": (StravaTroubled, 3),
    "404": (StravaTroubled, 3),
    "404_empty": (StravaTroubled, 3),
    "late": (StravaUnreachable, 3),
    "401": (LinkEnded, 1),
    "scope": (ScopeMissing, 1),
    "403_inactive": (AppInactive, 1),
    "403_athletes": (AthleteLimit, 1),
    "429": (BudgetSpent, 1),
    "429_text": (BudgetSpent, 1),
    "429_bare": (BudgetSpent, 1),
}
"""The error of each fault, and how often the call is made."""


@pytest.fixture
def api(server, clock, monkeypatch) -> StravaApi:
    monkeypatch.setattr(http, "TIMEOUT_S", (0.3, 0.3))
    server.late_s = 0.6
    grant = server.grant()
    where = StravaServers(server.url, f"{server.url}/api/v3")
    return StravaApi(lambda spent: grant.access_token, RateLimiter(clock=clock), where, wait=clock.forward)


def test_every_fault_of_the_stand_in_has_a_name():
    assert set(KINDS) == set(FAULTS)


@pytest.mark.parametrize("fault", FAULTS)
def test_each_failure_has_its_own_name_and_one_clear_sentence(server, api, fault):
    kind, attempts = KINDS[fault]
    server.faults.extend([fault] * 3)
    with pytest.raises(kind) as caught:
        api.get_athlete()
    assert type(caught.value) is kind
    assert server.count() == attempts
    said = str(caught.value)
    assert said.endswith(".")
    assert "stays" in said or "kept" in said or "Nothing was changed" in said
    assert "http" not in said
    assert "access-" not in said


@pytest.mark.parametrize("fault", ["reset", "cut", "cut_json", "502", "html", "empty", "odd", "late"])
def test_what_passes_is_asked_again(server, api, fault):
    server.faults.append(fault)
    assert api.get_athlete()["firstname"] == "Made"
    assert server.count() == 2


def test_each_attempt_is_counted(server, clock):
    budget = RateLimiter(clock=clock)
    where = StravaServers(server.url, f"{server.url}/api/v3")
    api = StravaApi(lambda spent: server.grant().access_token, budget, where, wait=clock.forward)
    server.faults += ["502", "reset"]
    api.get_athlete()
    assert budget.acquired == 3 == server.used[1]


def test_missing_things_are_none(server, api):
    assert api.get_gear("g404") is None
    assert api.get_streams(404) is None
    assert api.get_activity(404) is None
    server.faults.append("404_empty")
    assert api.get_streams(404) is None


def test_a_dead_token_is_renewed_once(server, clock):
    grant = server.grant()
    given = []

    def token(spent):
        given.append(spent)
        return "access-of-yesterday" if spent is None else grant.access_token

    where = StravaServers(server.url, f"{server.url}/api/v3")
    api = StravaApi(token, RateLimiter(clock=clock), where, wait=clock.forward)
    assert api.get_zones()
    assert given == [None, "access-of-yesterday"]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (requests.ConnectionError("NameResolutionError: Failed to resolve"), "offline"),
        (requests.exceptions.SSLError("CERTIFICATE_VERIFY_FAILED"), "clock"),
        (requests.exceptions.ProxyError("no"), "proxy"),
        (requests.ConnectTimeout("slow"), "in time"),
    ],
)
def test_unreachable_says_which_way(api, monkeypatch, error, words):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(http.TimeoutAdapter, "send", fail)
    with pytest.raises(StravaUnreachable, match=words):
        api.get_athlete()


def test_nobody_listening(clock):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    api = StravaApi(lambda spent: "t", RateLimiter(clock=clock), StravaServers(url, url), wait=clock.forward)
    with pytest.raises(StravaUnreachable):
        api.get_athlete()


def test_the_address_of_2027_needs_no_change(server, clock):
    grant = server.grant()
    api = StravaApi(
        lambda spent: grant.access_token, RateLimiter(clock=clock), StravaServers(server.url, server.url)
    )
    server.add_runs(3)
    assert len(api.get_summaries()) == 3


def test_no_place_is_asked_for(server, api):
    server.add_runs(1, seconds=30)
    [number] = server.activities
    assert "latlng" in server.streams[number]
    assert "latlng" not in api.get_streams(number)
