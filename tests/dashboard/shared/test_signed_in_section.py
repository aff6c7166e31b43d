"""Who is signed in, on pages of the real server: drawn above every page, and cut off in every process."""

from __future__ import annotations

import time

import httpx
import pytest
from live_server import Server
from sign_in_rig import CLIENT_ID, CLIENT_SECRET, COOKIE, Browser, HostileProvider, free_port, served
from streamlit_socket import connected, rerun, run, text_of
from websockets.exceptions import ConnectionClosed, InvalidStatus

from connectors.store import open_store

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class ClinicServer(Server):
    """The real server with its proxy listener, on a folder that others may share."""

    def __init__(self, folder, shared, provider: HostileProvider) -> None:
        folder.mkdir(exist_ok=True)
        secret = folder / "client-secret"
        secret.write_text(CLIENT_SECRET)
        self.proxy_port = free_port()
        super().__init__(
            folder,
            HEELWISE_HOME=str(shared),
            HEELWISE_PROXY_LISTEN=str(self.proxy_port),
            HEELWISE_PUBLIC_URL=f"https://127.0.0.1:{self.proxy_port}",
            HEELWISE_SIGN_IN_ISSUER=provider.issuer,
            HEELWISE_SIGN_IN_CLIENT_ID=CLIENT_ID,
            HEELWISE_SIGN_IN_CLIENT_SECRET_FILE=str(secret),
            HEELWISE_SIGN_IN_THERAPISTS="physio",
        )

    def browser(self, cookies: dict[str, str] | None = None) -> LocalBrowser:
        browser = LocalBrowser(self.proxy_port)
        browser.cookies = dict(cookies or {})
        return browser


class LocalBrowser(Browser):
    """A browser that reaches the proxy's listener under its own address."""

    def headers(self, **more: str) -> dict[str, str]:
        return super().headers(**{"Host": f"127.0.0.1:{self.port}", **more})

    def page(self):
        headers = {"X-Forwarded-Proto": "https"}
        cookie = f"{COOKIE}={self.cookies[COOKIE]}"
        return connected(f"http://127.0.0.1:{self.port}", cookie, **headers)


@pytest.fixture(scope="module")
def clinic(tmp_path_factory):
    """Two processes of one server, and the provider."""
    folder = tmp_path_factory.mktemp("clinic")
    provider = HostileProvider()
    open_store(folder / "home").close()
    with served(provider.app(), provider.port):
        servers = [ClinicServer(folder / name, folder / "home", provider) for name in ("one", "two")]
        for one in servers:
            one.wait()
        yield provider, *servers
        for one in servers:
            one.stop()


def seconds_until_closed(page) -> float:
    began = time.monotonic()
    with pytest.raises(ConnectionClosed) as closed:
        _drain(page)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008
    return time.monotonic() - began


def _drain(page) -> None:
    while True:
        page.recv(timeout=10)


def test_a_page_names_who_is_signed_in_and_the_way_out(clinic):
    provider, one, _ = clinic
    provider.person["groups"] = ["physio"]
    browser = one.browser()
    browser.sign_in()
    with browser.page() as page:
        drawn = text_of(run(page, rerun(page_name="today")))
    assert "Robin Placeholder, PT" in drawn
    assert "/sign-in/out" in drawn
    with connected(one.url) as owner:
        assert "/sign-in/out" not in text_of(run(owner, rerun(page_name="today")))


def test_signing_out_cuts_off_pages_of_both_processes(clinic):
    _, one, two = clinic
    browser = one.browser()
    browser.sign_in()
    with browser.page() as here, two.browser(browser.cookies).page() as there:
        for page in (here, there):
            run(page, rerun(page_name="today"))
        browser_cookie = dict(browser.cookies)
        assert browser.ask("/sign-in/out", "POST", FORM, content=b"").status_code == 303
        assert seconds_until_closed(here) < 2
        assert seconds_until_closed(there) < 2
    with pytest.raises(InvalidStatus):
        two.browser(browser_cookie).page()


def test_what_one_process_began_another_finishes_after_the_first_was_killed(clinic, tmp_path):
    provider, _, two = clinic
    third = ClinicServer(tmp_path / "three", two.home, provider)
    third.wait()
    browser = third.browser()
    back = browser.at_provider(browser.leave("/plan"))
    third.process.kill()
    third.process.wait(20)
    third.output.close()
    # The provider knows the address of the third alone; the clinic's proxy sends both to whoever is left.
    finishing = two.browser(browser.cookies)
    answer = finishing.ask(back)
    assert answer.status_code == 303


def test_the_owners_listener_has_no_sign_in_and_ignores_the_cookie(clinic):
    _, one, _ = clinic
    browser = one.browser()
    browser.sign_in()
    for path in ("/sign-in", "/sign-in/begin", "/sign-in/out"):
        assert httpx.get(f"{one.url}{path}", trust_env=False).status_code == 403


def test_no_log_holds_a_name_a_code_or_a_cookie(clinic):
    provider, one, two = clinic
    browser = one.browser()
    browser.sign_in()
    words = (browser.cookies[COOKIE], "Robin Placeholder", "robin-1", "code=", provider.last_id_token[:40])
    for server in (one, two):
        logged = server.said.read_text()
        assert not [word for word in words if word in logged]
