"""Pages of people who are signed in, over sockets of the real server: shared, ended, claimed, nothing forged."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from clinic_server import ClinicServer, sign_in
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit_socket import buttons_of, hash_of, rerun, run, text_of
from websockets.exceptions import ConnectionClosed

from connectors.frames import SYMPTOM
from connectors.store import open_store
from dashboard.access.person_store import NOT_FOR_PERSONS
from dashboard.clinic import text
from dashboard.shared import access_log_text

UNTIL = datetime.now(UTC).date() + timedelta(days=30)
PAGES = ("today", "timeline", "log", "flares", "shoes", "plan", "body", "strength", "events", "mechanics")
OF_OTHERS = ("data", "runs", "settings", "method", "start", "wrote")


class Clinic:
    """A server, a runner with a shared record, two therapists, an administrator and a record of somebody else."""

    def __init__(self, folder) -> None:
        self.store = open_store(folder / "home")
        self.nora, self.nora_cookie = sign_in(self.store, "Nora Own")
        self.tess, self.tess_cookie = sign_in(self.store, "Tess PT", is_therapist=True)
        self.tom, self.tom_cookie = sign_in(self.store, "Tom PT", is_therapist=True)
        self.ada, self.ada_cookie = sign_in(self.store, "Ada Admin")
        self.store.grants.set_admin(self.ada, True, None)
        self.ada, self.ada_cookie = sign_in(self.store, "Ada Admin")
        grants = self.store.grants
        self.record = grants.begin_record(self.nora, "Nora Placeholder", True).athlete_id
        self.other = grants.begin_record(self.tom, "Sam Elsewhere", False).athlete_id
        self.server = ClinicServer(folder)
        self.server.wait()

    def share(self) -> None:
        self.store.grants.give(self.record, self.tess, "see", UNTIL, self.nora)

    def state(self):
        return (
            self.store.versions(),
            [self.store.settings(one) for one in (self.record, self.other)],
            self.store.runners(),
            [
                (one.access, one.ended)
                for who in (self.record, self.other)
                for one in self.store.grants.of_runner(who)
            ],
            [(one.is_admin, one.is_removed) for one in self.store.grants.persons()],
        )

    def close(self) -> None:
        self.server.stop()
        self.store.close()


@pytest.fixture(scope="module")
def clinic(tmp_path_factory):
    one = Clinic(tmp_path_factory.mktemp("clinic"))
    yield one
    one.close()


@pytest.fixture(autouse=True)
def _as_begun(clinic):
    yield
    for grant in clinic.store.grants.of_runner(clinic.record):
        if grant.access != "own" and grant.ended is None:
            clinic.store.grants.end(grant.grant_id, clinic.nora)


def drain(socket) -> None:
    while True:
        socket.recv(timeout=10)


def press(socket, page_hash: str, page: str, widget_id: str, query: str):
    states = WidgetStates()
    states.widgets.add(id=widget_id, trigger_value=True)
    return run(socket, rerun(query, page_hash, page, states))


def test_a_runner_sees_their_own_record_on_every_page(clinic):
    drawn = ""
    with clinic.server.page(clinic.nora_cookie) as socket:
        for page in (*PAGES, "own"):
            drawn = text_of(run(socket, rerun(page_name=page)))
            assert "could not be shown" not in drawn, page
            assert NOT_FOR_PERSONS not in drawn, page
            assert "Elsewhere" not in drawn, page
        assert text.NOBODY in drawn


def test_a_therapist_sees_a_shared_record_and_no_other(clinic):
    clinic.share()
    query = f"runner={clinic.record}"
    with clinic.server.page(clinic.tess_cookie) as socket:
        for page in (*PAGES, "own", "consult"):
            drawn = text_of(run(socket, rerun(query, page_name=page)))
            assert "could not be shown" not in drawn, page
            assert NOT_FOR_PERSONS not in drawn, page
        listed = text_of(run(socket, rerun(page_name="runners")))
    assert "could not be shown" not in listed
    assert f"runner={clinic.record}" in listed
    with clinic.server.page(clinic.tess_cookie) as socket:
        for page in ("today", "log", "own"):
            assert "Elsewhere" not in text_of(run(socket, rerun(f"runner={clinic.other}", page_name=page))), (
                page
            )


def test_a_runner_reads_who_saw_their_record_and_nobody_else_does(clinic):
    clinic.share()
    query = f"runner={clinic.record}"
    with clinic.server.page(clinic.tess_cookie) as socket:
        run(socket, rerun(query, page_name="flares"))
        assert access_log_text.TITLE not in text_of(
            run(socket, rerun(f"{query}&tab=record", page_name="own"))
        )
    with clinic.server.page(clinic.nora_cookie) as socket:
        drawn = text_of(run(socket, rerun(f"{query}&tab=record", page_name="own")))
    assert "Tess PT opened the page Flares" in drawn
    assert "Nora Own gave a right: see to person" in drawn
    assert clinic.store.access_log.problems() == []


def test_without_a_right_there_is_nothing_of_a_record(clinic):
    for cookie in (clinic.tess_cookie, clinic.ada_cookie):
        with clinic.server.page(cookie) as socket:
            for page in (*PAGES, "own", "consult", "runners"):
                drawn = text_of(run(socket, rerun(f"runner={clinic.record}", page_name=page)))
                assert "Placeholder" not in drawn, page


def test_a_therapist_with_whom_nothing_is_shared_comes_to_the_list_which_leads_to_codes(clinic):
    with clinic.server.page(clinic.tess_cookie) as socket:
        for page in ("today", "timeline"):
            drawn = text_of(run(socket, rerun(page_name=page)))
            assert "There is no runner here yet." in drawn, page
            assert "Enter a code" in drawn, page
        assert text.CODE_ABOUT in text_of(run(socket, rerun("tab=code", page_name="own")))


def test_a_right_that_is_ended_closes_the_page_within_a_second(clinic):
    clinic.share()
    with clinic.server.page(clinic.tess_cookie) as socket:
        run(socket, rerun(f"runner={clinic.record}", page_name="today"))
        grant = next(one for one in clinic.store.grants.of_person(clinic.tess) if one.is_active)
        began = time.monotonic()
        clinic.store.grants.end(grant.grant_id, clinic.nora)
        with pytest.raises(ConnectionClosed):
            drain(socket)
        assert time.monotonic() - began < 2
    with clinic.server.page(clinic.tess_cookie) as socket:
        assert "Placeholder" not in text_of(run(socket, rerun(f"runner={clinic.record}", page_name="today")))


def test_the_runner_ends_a_right_by_a_press(clinic):
    clinic.share()
    with clinic.server.page(clinic.nora_cookie) as socket:
        drawn = run(socket, rerun(page_name="own"))
        assert "Tess PT may see" in text_of(drawn)
        after = press(
            socket, hash_of(drawn, "own"), "own", buttons_of(drawn)["End"], f"runner={clinic.record}"
        )
        assert text.RIGHT_ENDED in text_of(after)
        assert text.NOBODY in text_of(run(socket, rerun(page_name="own")))  # her own page goes on
    assert clinic.store.grants.rights_of(clinic.tess) == {}


def test_what_is_asked_stands_before_every_page_until_it_is_answered(clinic):
    code = clinic.store.grants.make_code(clinic.record, clinic.nora)
    clinic.store.grants.ask_access(code, clinic.tess)
    with clinic.server.page(clinic.nora_cookie) as socket:
        for page in ("today", "own", "log"):
            drawn = text_of(run(socket, rerun(page_name=page)))
            assert text.ASKED_TITLE in drawn, page
            assert "Tess PT asks" in drawn


def test_an_administrator_sees_numbers_and_no_record(clinic):
    with clinic.server.page(clinic.ada_cookie) as socket:
        drawn = text_of(run(socket, rerun("tab=server", page_name="own")))
    assert "Tess PT" in drawn
    assert text.SERVER_ABOUT in drawn
    for word in ("Placeholder", "Elsewhere"):
        assert word not in drawn


def test_an_administrator_removes_a_person_by_two_presses_and_admits_them_again(clinic):
    pat, cookie = sign_in(clinic.store, "Pat PT", is_therapist=True)
    clinic.store.grants.give(clinic.record, pat, "see", UNTIL, clinic.nora)
    query = "tab=server"

    def button(drawn, key: str) -> str:
        return re.findall(rf"\$\$ID-[0-9a-f]+-{key}\b", text_of(drawn))[0]

    with clinic.server.page(clinic.ada_cookie) as socket, clinic.server.page(cookie) as theirs:
        run(theirs, rerun(f"runner={clinic.record}", page_name="today"))
        drawn = run(socket, rerun(query, page_name="own"))
        own = hash_of(drawn, "own")
        assert "free on the disk" in text_of(drawn)
        drawn = press(socket, own, "own", button(drawn, f"remove_{pat}"), query)
        assert "may sign in no longer" in text_of(drawn)
        assert clinic.store.grants.roles_of(pat) is not None, "one press asks"
        drawn = press(socket, own, "own", button(drawn, "remove_yes"), query)
        assert "Pat PT is removed: 1 right ended" in text_of(drawn)
        with pytest.raises(ConnectionClosed):
            drain(theirs)
        last = press(socket, own, "own", button(drawn, f"remove_{clinic.ada}"), query)
        last = press(socket, own, "own", button(last, "remove_yes"), query)
        assert "last administrator" in text_of(last)
        drawn = press(socket, own, "own", button(last, f"readmit_{pat}"), query)
        assert text.READMITTED in text_of(drawn)
    assert clinic.store.grants.rights_of(pat) == {}
    assert clinic.store.grants.roles_of(pat).is_therapist


def test_nobody_else_sees_the_administrators_page(clinic):
    for cookie in (clinic.nora_cookie, clinic.tess_cookie):
        with clinic.server.page(cookie) as socket:
            assert text.SERVER_ABOUT not in text_of(run(socket, rerun("tab=server", page_name="own")))


def test_what_was_recorded_from_a_full_session_changes_and_returns_nothing(clinic):
    """Page hashes and ids of widgets of the owner, of the runner and of the administrator, sent by others."""
    clinic.share()
    recorded: list[tuple[str, str, str]] = []
    from streamlit_socket import connected

    with connected(clinic.server.url) as owner:
        for page, query in (("data", "tab=settings"), ("data", ""), ("log", ""), ("plan", "")):
            drawn = run(owner, rerun(f"runner={clinic.record}&{query}", page_name=page))
            recorded += [(page, hash_of(drawn, page), one) for one in buttons_of(drawn).values()]
    with clinic.server.page(clinic.nora_cookie) as socket:
        drawn = run(socket, rerun(page_name="own"))
        recorded += [("own", hash_of(drawn, "own"), one) for one in buttons_of(drawn).values()]
    with clinic.server.page(clinic.ada_cookie) as socket:
        drawn = run(socket, rerun("tab=server", page_name="own"))
        recorded += [("own", hash_of(drawn, "own"), one) for one in buttons_of(drawn).values()]
    assert len(recorded) > 8
    # The tab of the server is one of the page "own"; of another page one press shows that it leads nowhere.
    mine, server = f"runner={clinic.record}", f"runner={clinic.record}&tab=server"
    firsts = {page: (page, page_hash, widget_id) for page, page_hash, widget_id in reversed(recorded)}
    tried = [(one, mine) for one in recorded]
    tried += [(one, server) for one in recorded if one[0] == "own" or one == firsts[one[0]]]
    before = clinic.state()
    for cookie, shows in ((clinic.tess_cookie, True), (clinic.tom_cookie, False)):
        with clinic.server.page(cookie) as socket:
            for (page, page_hash, widget_id), query in tried:
                returned = text_of(press(socket, page_hash, page, widget_id, query))
                assert "Forget" not in returned, page
                assert text.SERVER_ABOUT not in returned
                assert shows or "Placeholder" not in returned
    assert clinic.state() == before
    assert clinic.store.read(SYMPTOM, clinic.record).is_empty()


def test_pages_of_the_owner_are_there_for_nobody_who_signs_in(clinic):
    from streamlit_socket import connected

    with connected(clinic.server.url) as owner:
        drawn = run(owner, rerun(f"runner={clinic.record}", page_name="today"))
        hashes = {page: hash_of(drawn, page) for page in OF_OTHERS}
    for cookie in (clinic.nora_cookie, clinic.tess_cookie, clinic.ada_cookie):
        with clinic.server.page(cookie) as socket:
            for page, page_hash in hashes.items():
                returned = text_of(run(socket, rerun(f"runner={clinic.record}", page_hash=page_hash)))
                for words in ("Import my runs", "Back up", "Garmin", "Forget"):
                    assert words not in returned, (page, words)


def test_a_code_is_made_once_and_stands_in_no_address(clinic):
    with clinic.server.page(clinic.nora_cookie) as socket:
        drawn = run(socket, rerun(page_name="own"))
        made = press(
            socket,
            hash_of(drawn, "own"),
            "own",
            buttons_of(drawn)["Make a code for a physical therapist"],
            f"runner={clinic.record}",
        )
        found = re.search(r"\*\*([0-9A-Z]{5}-[0-9A-Z]{5})\*\*", text_of(made))
        assert found
        assert clinic.store.grants.look(found[1], clinic.tess).is_invitation
        assert found[1] not in text_of(run(socket, rerun(page_name="own")))
