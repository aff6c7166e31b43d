"""Data of one's own record over sockets of the real server: brought in, copied, linked, forgotten, by right alone."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from clinic_server import ClinicServer, sign_in
from export_writer import Session, write_export
from garmin_stand_in import GarminStandIn
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit_socket import buttons_of, hash_of, rerun, run, session_of, text_of
from websockets.exceptions import ConnectionClosed

from connectors.frames import ACTIVITY
from connectors.store import open_store
from connectors.store.jobs import IMPORT_JOB, import_kind
from connectors.store.token_vault import open_vault
from dashboard.access.person_sessions import COOKIE
from dashboard.access.person_store import NOT_FOR_PERSONS
from dashboard.data import own_page

UNTIL = datetime.now(UTC).date() + timedelta(days=30)
LATE_S = 120.0
"""A machine that is busy takes its time; nothing here is measured but the closing of pages."""
XSRF = "_streamlit_xsrf"
VAULT_KEY = "bWFkZS11cC1rZXktZm9yLXRlc3RzLW9ubHktISEhISE="


class Clinic:
    """A server, a runner with a record, a therapist, and an administrator."""

    def __init__(self, folder, **environment: str) -> None:
        self.folder = folder
        self.store = open_store(folder / "home")
        self.nora, self.nora_cookie = sign_in(self.store, "Nora Own")
        self.tess, self.tess_cookie = sign_in(self.store, "Tess PT", is_therapist=True)
        self.ada, _ = sign_in(self.store, "Ada Admin")
        self.store.grants.set_admin(self.ada, True, None)
        self.ada, self.ada_cookie = sign_in(self.store, "Ada Admin")
        self.record = self.store.grants.begin_record(self.nora, "Nora Placeholder", True).athlete_id
        self.server = ClinicServer(folder, **environment)
        self.server.wait()

    def share(self, access) -> None:
        self.store.grants.give(self.record, self.tess, access, UNTIL, self.nora)

    def data(self, socket) -> list[ForwardMsg]:
        return run(socket, rerun(self.query, page_name="own"), LATE_S)

    @property
    def query(self) -> str:
        return f"runner={self.record}&tab=data"

    def send(self, socket, drawn, **widgets: Any) -> list[ForwardMsg]:
        """Send what stands in some widgets, by the end of their keys; True is a press."""
        states = widgets.pop("states", None) or WidgetStates()
        for key, value in widgets.items():
            one = states.widgets.add(id=widget_of(drawn, key))
            if value is True:
                one.trigger_value = True
            else:
                one.string_value = value
        return run(socket, rerun(self.query, hash_of(drawn, "own"), "own", states), LATE_S)

    def ask(self, method: str, path: str, cookie: str, **more: Any) -> httpx.Response:
        headers = {"Cookie": f"{COOKIE}={cookie}", "X-Forwarded-Proto": "https", **more.pop("headers", {})}
        with httpx.Client(trust_env=False, timeout=60) as client:
            return client.request(
                method, f"http://127.0.0.1:{self.server.proxy_port}{path}", headers=headers, **more
            )

    def upload(self, socket, drawn, cookie: str, name: str, content: bytes) -> WidgetStates:
        """Send a file as the page's uploader does, and return the state of the widget."""
        message = BackMsg()
        message.file_urls_request.request_id = secrets.token_hex(4)
        message.file_urls_request.file_names.append(name)
        message.file_urls_request.session_id = session_of(drawn)
        socket.send(message.SerializeToString())
        urls = answer_of(socket, "file_urls_response").file_urls_response.file_urls[0]
        token = self.ask("GET", "/_stcore/health", cookie).cookies[XSRF]
        both = {"X-Xsrftoken": token, "Cookie": f"{COOKIE}={cookie}; {XSRF}={token}"}
        path = "/" + urls.upload_url.lstrip("/")
        sent = self.ask("PUT", path, cookie, headers=both, files={"file": (name, content)})
        assert sent.status_code == 204, sent.text
        states = WidgetStates()
        uploader = states.widgets.add(id=widget_of(drawn, "uploads_"))
        facts = uploader.file_uploader_state_value.uploaded_file_info.add(name=name, size=len(content))
        facts.file_id = urls.file_id
        facts.file_urls.CopyFrom(urls)
        return states

    def bring_in(self, socket, cookie: str, name: str, first: int) -> None:
        """Upload an export of three runs and press the button."""
        runs = [Session(first + n, datetime(2026, 3, first + n, 6, tzinfo=UTC)) for n in range(3)]
        content = write_export(self.folder / name, runs).read_bytes()
        drawn = self.data(socket)
        states = self.upload(socket, drawn, cookie, name, content)
        drawn = self.send(socket, drawn, states=states)
        self.send(socket, drawn, states=states, import_uploads=True)

    def close(self) -> None:
        self.server.stop()
        self.store.close()


def drain(socket) -> None:
    while True:
        socket.recv(timeout=10)


def answer_of(socket, kind: str, seen: list[ForwardMsg] | None = None) -> Any:
    """Return the next message of a kind; what comes before it is added to `seen`."""
    while True:
        message = ForwardMsg.FromString(socket.recv(timeout=LATE_S))
        if message.WhichOneof("type") == kind:
            return message
        if seen is not None:
            seen.append(message)


def widget_of(drawn, key: str) -> str:
    """Return the id of the one widget whose key begins like this."""
    sent = text_of(drawn)
    found = sorted(set(re.findall(rf"\$\$ID-[0-9a-f]+-{key}[\w]*", sent)))
    assert len(found) == 1, (key, found)
    return found[0]


def until(holds: Callable[[], object], what: str) -> None:
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < LATE_S, f"{what}: not within {LATE_S:g} s"
        time.sleep(0.2)


@pytest.fixture(scope="module")
def clinic(tmp_path_factory):
    one = Clinic(tmp_path_factory.mktemp("clinic"))
    yield one
    one.close()


@pytest.mark.timeout(900)  # half a minute of work; a machine that is busy with ten others takes its time
def test_a_runner_and_who_may_write_bring_files_in_and_the_runner_forgets_it_all(clinic):
    store, record = clinic.store, clinic.record
    with clinic.server.page(clinic.nora_cookie) as socket:
        drawn = text_of(clinic.data(socket))
        for words in ("Bring in runs", "Garmin", "Your own copy", "Delete for good", own_page.STRAVA[:40]):
            assert words in drawn, words
        for words in ("Watch a folder", "Restore it", "could not be shown", "on this machine", "API app:"):
            assert words not in drawn, words
        clinic.bring_in(socket, clinic.nora_cookie, "own.zip", 1)
        until(lambda: (job := store.jobs.latest(record, IMPORT_JOB)) and job.result, "the import")
        assert store.read(ACTIVITY, record).height == 3
        assert set(store.read(ACTIVITY, record)["source"]) == {"strava_export"}
        until(lambda: not list(store.home.glob("upload-*")), "the uploaded file is deleted")
        until(lambda: "The last import" in text_of(clinic.data(socket)), "what came of it is shown")
        assert "Take this import back" in buttons_of(clinic.data(socket))
        drawn = text_of(run(socket, rerun(f"runner={record}&tab=runs", page_name="own"), LATE_S))
        assert "The latest runs" in drawn
        assert "could not be shown" not in drawn
        assert NOT_FOR_PERSONS not in drawn
    clinic.share("see")
    with clinic.server.page(clinic.tess_cookie) as socket:
        drawn = text_of(clinic.data(socket))
        assert own_page.NOT_WRITTEN in drawn
        runs = text_of(run(socket, rerun(f"runner={record}&tab=runs", page_name="own"), LATE_S))
        assert "could not be shown" not in runs
        assert "Bring in runs" not in drawn
    clinic.share("write")
    with clinic.server.page(clinic.tess_cookie) as socket:
        drawn = text_of(clinic.data(socket))
        assert "Bring in runs" in drawn
        for words in ("The last import", "Your own copy", "Delete for good", "Garmin Connect"):
            assert words not in drawn, words
        clinic.bring_in(socket, clinic.tess_cookie, "theirs.zip", 20)
        until(
            lambda: (job := store.jobs.latest(record, import_kind(clinic.tess))) and job.result,
            "their import",
        )
        assert store.read(ACTIVITY, record).height == 6
        until(lambda: "The last import" in text_of(clinic.data(socket)), "what came of theirs is shown")
    actors = {one.actor for one in store.access_log.of_runner(record, 99) if one.action == "imported"}
    assert actors == {f"person:{clinic.nora}", f"person:{clinic.tess}"}
    with clinic.server.page(clinic.nora_cookie) as socket, clinic.server.page(clinic.tess_cookie) as theirs:
        drawn = clinic.send(socket, clinic.data(socket), prepare_backup=True)
        drawn = clinic.data(socket)
        [address] = set(re.findall(r"/media/[0-9a-f]+\.\w+", text_of(drawn)))
        saved = clinic.ask("GET", address, clinic.nora_cookie)
        assert saved.status_code == 200
        assert saved.content[:2] == b"PK"
        assert clinic.ask("GET", address, clinic.tess_cookie).status_code == 403
        run(theirs, rerun(f"runner={record}", page_name="today"), LATE_S)
        wrong = clinic.send(socket, clinic.data(socket), forget_name="Somebody", forget_runner=True)
        assert "does not match" in text_of(wrong)
        assert store.runners()
        began = time.monotonic()
        done = clinic.send(socket, clinic.data(socket), forget_name="Nora Placeholder", forget_runner=True)
        assert "Nobody has a right in it any more" in text_of(done)
        with pytest.raises(ConnectionClosed):
            drain(theirs)
        assert time.monotonic() - began < LATE_S
        assert own_page.NO_RECORD in text_of(clinic.data(socket))
    assert [one for one in store.runners() if not one.is_demo] == []
    assert store.grants.rights_of(clinic.tess) == {}
    assert store.grants.rights_of(clinic.nora) == {}


@pytest.fixture
def garmin():
    with GarminStandIn() as server:
        server.add_runs(3)
        yield server


@pytest.fixture
def linking(tmp_path, garmin, monkeypatch):
    monkeypatch.setenv("HEELWISE_KEY", VAULT_KEY)
    one = Clinic(tmp_path, HEELWISE_GARMIN_URL=garmin.url, HEELWISE_KEY=VAULT_KEY)
    yield one
    one.close()


@pytest.mark.timeout(900)
def test_a_runner_links_a_key_whose_runs_nobody_else_meets(linking, garmin):
    store, record = linking.store, linking.record

    def key_held():
        return open_vault(store.home).read_key(record, "garmin")

    with linking.server.page(linking.nora_cookie) as socket:
        drawn = linking.data(socket)
        drawn = linking.send(socket, drawn, key_text_garmin=garmin.key, key_check_garmin=True)
        assert "This key opens the account of Made Up at Garmin" in text_of(drawn)
        assert garmin.key not in text_of(drawn)
        assert key_held() is None
        linking.send(socket, drawn, key_yes_garmin=True)
        until(lambda: store.read(ACTIVITY, record).height == 3, "the runs of the link")
        assert set(store.read(ACTIVITY, record)["source"]) == {"garmin_api"}
        assert key_held().key == garmin.key
        drawn = text_of(linking.data(socket))
        assert "is linked to the account of Made Up" in drawn
        assert garmin.key not in drawn
    linking.share("write")
    with linking.server.page(linking.tess_cookie) as socket:
        drawn = text_of(linking.data(socket))
        assert "Garmin Connect" not in drawn
        assert garmin.key not in drawn
        today = text_of(run(socket, rerun(f"runner={record}", page_name="today"), LATE_S))
        assert "came by a link that only the runner may see" in today
        assert "could not be shown" not in today
    with linking.server.page(linking.nora_cookie) as socket:
        states = WidgetStates()
        drawn = linking.data(socket)
        states.widgets.add(id=widget_of(drawn, "key_data_garmin")).string_value = "Delete it"
        drawn = linking.send(socket, drawn, states=states)
        linking.send(socket, drawn, states=states, key_unlink_garmin=True)
        until(lambda: key_held() is None, "the key is gone")
        until(lambda: store.read(ACTIVITY, record).height == 0, "its runs are gone")
    assert garmin.key not in linking.server.said.read_text()
