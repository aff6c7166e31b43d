"""What is asked of the provider and when: once an hour, and never for longer than an answer can take."""

from __future__ import annotations

import time

import pytest
from sign_in_rig import Faults, HostileProvider, served, settings_of

from connectors.errors import ProviderUnreachable, SignInRefused
from dashboard.access.sign_in_provider import FRESH_S, RETRY_S, Provider


@pytest.fixture
def provider():
    one = HostileProvider()
    with served(one.app(), one.port):
        yield one


def test_the_description_is_read_once_an_hour(provider):
    now = 1_800_000_000.0
    own = Provider(settings_of(provider), clock=lambda: now)
    for _ in range(3):
        own.metadata()
    assert provider.asked == ["discovery"]
    now += FRESH_S
    own.metadata()
    assert provider.asked == ["discovery", "discovery"]


def test_a_fault_of_the_provider_is_not_remembered(provider):
    now = 1_800_000_000.0
    own = Provider(settings_of(provider), clock=lambda: now)
    for fault, kind in [
        (Faults(is_away=True), ProviderUnreachable),
        (Faults(metadata={"issuer": "https://evil.example"}), SignInRefused),
        (Faults(metadata={"jwks_uri": None}), SignInRefused),
        (Faults(metadata={"authorization_endpoint": "http://login.example"}), SignInRefused),
    ]:
        provider.faults = fault
        with pytest.raises(kind):
            own.metadata()
        now += RETRY_S
    provider.faults = Faults()
    assert own.metadata()["issuer"] == provider.issuer


def test_a_provider_that_is_away_is_not_asked_by_everybody_at_once(provider):
    now = 1_800_000_000.0
    own = Provider(settings_of(provider), clock=lambda: now)
    provider.faults = Faults(is_away=True)
    for _ in range(20):
        with pytest.raises(ProviderUnreachable, match="status 503"):
            own.metadata()
    assert provider.asked == ["discovery"]
    now += RETRY_S
    provider.faults = Faults()
    assert own.metadata()["issuer"] == provider.issuer


def test_an_answer_that_drips_for_ever_is_not_waited_for(provider):
    provider.faults = Faults(drips=True)
    began = time.monotonic()
    with pytest.raises(ProviderUnreachable):
        Provider(settings_of(provider), longest_s=1.0).metadata()
    assert time.monotonic() - began < 20


def test_the_address_asks_for_a_code_with_a_challenge_and_holds_no_verifier(provider):
    asked = Provider(settings_of(provider)).authorisation("state", "nonce", "v" * 43)
    assert asked.url.startswith(f"{provider.issuer}/authorize?")
    for part in ("response_type=code", "code_challenge_method=S256", "scope=openid+profile", "nonce=nonce"):
        assert part in asked.url
    assert "v" * 43 not in asked.url


def test_where_to_sign_out_of_the_provider_is_said_where_it_is_known(provider):
    own = Provider(settings_of(provider))
    assert own.end_session_url("https://heelwise.example/sign-in") == (
        f"{provider.issuer}/end?client_id=heelwise"
        "&post_logout_redirect_uri=https%3A%2F%2Fheelwise.example%2Fsign-in"
    )
    for fault in (Faults(is_away=True), Faults(metadata={"end_session_endpoint": "javascript:alert(1)"})):
        provider.faults = fault
        assert Provider(settings_of(provider)).end_session_url("https://x") is None
