"""What the environment says of a sign-in: complete and encrypted, or the server does not start and says why."""

from __future__ import annotations

import pytest

from connectors.errors import HeelwiseError
from dashboard.access.proxy import Proxy
from dashboard.access.sign_in_settings import is_encrypted, sign_in_from

PROXY = Proxy(port=8572, public_hosts=("heel.example",))


@pytest.fixture
def environment(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("a secret of the client\n")
    return {
        "HEELWISE_SIGN_IN_ISSUER": "https://login.example/realms/clinic",
        "HEELWISE_SIGN_IN_CLIENT_ID": "heelwise",
        "HEELWISE_SIGN_IN_CLIENT_SECRET_FILE": str(secret),
        "HEELWISE_PUBLIC_URL": "https://heel.example/",
    }


def test_without_a_word_of_it_nobody_signs_in():
    assert sign_in_from({"HEELWISE_PUBLIC_URL": "http://x", "PATH": "/bin"}, None) is None
    assert sign_in_from({"HEELWISE_SIGN_IN_ISSUER": " "}, None) is None


def test_a_complete_environment_is_read(environment):
    environment |= {
        "HEELWISE_SIGN_IN_SCOPES": "openid profile groups",
        "HEELWISE_SIGN_IN_GROUPS": "roles",
        "HEELWISE_SIGN_IN_THERAPISTS": "physio, Physio Team ,",
    }
    settings = sign_in_from(environment, PROXY)
    assert settings is not None
    assert settings.issuer == "https://login.example/realms/clinic"
    assert settings.client_secret == "a secret of the client"
    assert settings.callback == "https://heel.example/sign-in/callback"
    assert settings.scopes == "openid profile groups"
    assert settings.groups_claim == "roles"
    assert settings.therapist_groups == {"physio", "Physio Team"}
    assert settings.provider_name == "login.example"


WRONG = {
    "no issuer": ({"HEELWISE_SIGN_IN_ISSUER": ""}, "HEELWISE_SIGN_IN_ISSUER"),
    "no client": ({"HEELWISE_SIGN_IN_CLIENT_ID": ""}, "HEELWISE_SIGN_IN_CLIENT_ID"),
    "no secret": ({"HEELWISE_SIGN_IN_CLIENT_SECRET_FILE": ""}, "CLIENT_SECRET_FILE"),
    "a secret that is not there": ({"HEELWISE_SIGN_IN_CLIENT_SECRET_FILE": "/none"}, "could not be read"),
    "a slip of the pen": ({"HEELWISE_SIGN_IN_THERAPIST": "x"}, "HEELWISE_SIGN_IN_THERAPIST is no setting"),
    "an issuer in the clear": ({"HEELWISE_SIGN_IN_ISSUER": "http://login.example"}, "https://"),
    "an issuer with a question": ({"HEELWISE_SIGN_IN_ISSUER": "https://login.example/?a"}, "https://"),
    "no address of its own": ({"HEELWISE_PUBLIC_URL": ""}, "HEELWISE_PUBLIC_URL"),
    "an address in the clear": ({"HEELWISE_PUBLIC_URL": "http://heel.example"}, "HEELWISE_PUBLIC_URL"),
    "an address with a path": ({"HEELWISE_PUBLIC_URL": "https://heel.example/x"}, "without a path"),
    "no openid": ({"HEELWISE_SIGN_IN_SCOPES": "profile"}, "openid"),
}


@pytest.mark.parametrize("fault", WRONG)
def test_what_is_wrong_is_said_at_the_start(environment, fault):
    changed, words = WRONG[fault]
    with pytest.raises(HeelwiseError, match=words):
        sign_in_from(environment | changed, PROXY)


def test_without_a_proxy_nobody_could_come(environment):
    with pytest.raises(HeelwiseError, match="HEELWISE_PROXY_LISTEN"):
        sign_in_from(environment, None)


def test_an_empty_secret_is_none(environment, tmp_path):
    (tmp_path / "secret").write_text("\n")
    with pytest.raises(HeelwiseError, match="is empty"):
        sign_in_from(environment, PROXY)


@pytest.mark.parametrize(
    ("address", "hidden"),
    [
        ("https://login.example", True),
        ("http://127.0.0.1:9000", True),
        ("http://localhost", True),
        ("http://login.example", False),
        ("http://127.0.0.1.evil.example", False),
        ("https://", False),
        ("ftp://localhost", False),
        ("https://[broken", False),
    ],
)
def test_an_address_is_encrypted_or_of_this_machine(address, hidden):
    assert is_encrypted(address) is hidden
