"""Persons, sessions and sign-ins as rows: known by issuer and subject, taken once, ended for all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.errors import SignInRefused
from connectors.store import open_store
from connectors.store.people import GOOD_FOR, BegunSignIn, PeopleStore, VerifiedPerson

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ISSUER = "https://login.example"


def verified(subject: str = "robin-1", **more) -> VerifiedPerson:
    return VerifiedPerson(more.pop("issuer", ISSUER), subject, **more)


def begun(state: str, at: datetime = NOW) -> BegunSignIn:
    return BegunSignIn(state, "browser", "nonce", "verifier", "/plan", at)


def sign_in(store, digest: str, who: VerifiedPerson, replaces: str | None = None, now: datetime = NOW):
    return store.people.sign_in(who, digest, now + 12 * HOUR, now, replaces)


def test_a_sign_in_is_taken_once_by_whichever_process(store):
    store.people.begin_sign_in(begun("a"))
    with open_store(store.home) as other:
        assert other.people.take_sign_in("a", NOW) == begun("a")
    assert store.people.take_sign_in("a", NOW) is None
    assert store.people.take_sign_in("b", NOW) is None


@pytest.mark.parametrize("late", [GOOD_FOR + timedelta(seconds=1), -GOOD_FOR - timedelta(seconds=1)])
def test_a_sign_in_is_good_for_ten_minutes_and_gone_afterwards(store, late):
    store.people.begin_sign_in(begun("a"))
    assert store.people.take_sign_in("a", NOW + late) is None
    assert store.people.take_sign_in("a", NOW) is None


def test_sign_ins_that_nobody_finishes_make_room(store):
    for number in range(5):
        store.people.begin_sign_in(begun(str(number), NOW + timedelta(seconds=number)), most=3)
    later = NOW + timedelta(seconds=9)
    assert [store.people.take_sign_in(str(number), later) is not None for number in range(5)] == [
        *(False, False, True, True, True)
    ]


def test_a_person_is_the_issuer_and_the_subject(store):
    sign_in(store, "a", verified(display_name="Robin"))
    sign_in(store, "b", verified(display_name="Robin Newname"))
    sign_in(store, "c", verified(issuer="https://other.example"))
    assert [(one.issuer, one.subject, one.display_name) for one in store.people.persons()] == [
        (ISSUER, "robin-1", "Robin Newname"),
        ("https://other.example", "robin-1", None),
    ]
    assert store.people.sessions().keys() == {"a", "b", "c"}
    assert store.people.person(1).added == NOW


def test_other_groups_end_the_sessions_of_before_and_count_up(store):
    sign_in(store, "a", verified(groups=("physio",), is_therapist=True))
    sign_in(store, "b", verified(groups=("physio",), is_therapist=True))
    assert store.people.sessions()["a"].version == 1
    sign_in(store, "c", verified())
    assert store.people.sessions().keys() == {"c"}
    person = store.people.person(1)
    assert (person.groups, person.is_therapist, person.version) == ((), False, 2)


def test_the_browsers_earlier_session_ends_with_the_new_one(store):
    sign_in(store, "a", verified())
    sign_in(store, "b", verified("sam-2"), replaces="a")
    assert store.people.sessions().keys() == {"b"}


def test_the_shell_makes_an_administrator_before_the_first_sign_in_and_once(store):
    assert store.people.add_admin(ISSUER, "robin-1", NOW)
    assert not store.people.add_admin(ISSUER, "robin-1", NOW)
    person = sign_in(store, "a", verified(display_name="Robin"))
    assert (person.is_admin, person.person_id, person.seen) == (True, 1, NOW)
    assert store.people.sessions().keys() == {"a"}


def test_another_role_ends_the_sessions_of_the_old_one(store):
    sign_in(store, "a", verified())
    assert store.people.add_admin(ISSUER, "robin-1", NOW)
    assert store.people.sessions() == {}
    assert store.people.person(1).version == 2
    store.people.add_admin(ISSUER, "sam-2", NOW)
    sign_in(store, "b", verified())
    store.grants.set_admin(1, False, by=None)
    assert store.people.sessions() == {}
    assert store.people.person(1).is_admin is False


def test_a_removed_person_has_no_session_and_gets_none_until_readmitted(store):
    sign_in(store, "a", verified())
    store.grants.remove_person(1, by=None, now=NOW)
    assert store.people.sessions() == {}
    with pytest.raises(SignInRefused):
        sign_in(store, "b", verified())
    store.grants.readmit_person(1, by=None)
    sign_in(store, "b", verified())
    assert store.people.sessions().keys() == {"b"}


@pytest.mark.parametrize(
    ("order", "rest"),
    [
        ((ISSUER, "robin-1", None), {"other"}),
        ((ISSUER, "robin-1", "s1"), {"second", "other"}),
        ((ISSUER, None, "s2"), {"first", "unnamed", "other"}),
        ((ISSUER, "nobody", None), {"first", "second", "unnamed", "other"}),
        (("https://other.example", "robin-1", None), {"first", "second", "unnamed", "other"}),
    ],
)
def test_a_provider_ends_what_it_names_and_nothing_of_others(store, order, rest):
    sign_in(store, "first", verified(provider_session="s1"))
    sign_in(store, "second", verified(provider_session="s2"))
    sign_in(store, "unnamed", verified())
    sign_in(store, "other", verified("sam-2", provider_session="s3"))
    store.people.end_by_provider(*order, NOW)
    assert store.people.sessions().keys() == rest


def test_a_providers_token_is_used_once_while_it_could_be_sent_again(store):
    until = NOW + HOUR
    assert store.people.take_logout_token("t", until, NOW)
    assert not store.people.take_logout_token("t", until, NOW)
    assert store.people.take_logout_token("u", until, until + HOUR)
    assert store.people.take_logout_token("t", until, until + HOUR)


@settings(max_examples=25)
@given(st.lists(st.integers(0, 40), max_size=8))
def test_an_idle_session_is_not_woken_whatever_comes_later(tmp_path_factory, minutes):
    idle, digest = timedelta(minutes=15), uuid4().hex
    with open_store(tmp_path_factory.mktemp("people")) as store:
        sign_in(store, digest, verified())
        acted = NOW
        for minute in minutes:
            now = NOW + timedelta(minutes=minute)
            store.people.write_last_acted({digest: now}, idle)
            if acted < now <= acted + idle:
                acted = now
        assert store.people.sessions()[digest].acted == acted


def test_an_ended_session_is_not_woken(store):
    sign_in(store, "a", verified())
    assert store.people.end_session("a", NOW) == 1
    assert store.people.end_session("a", NOW) == 0
    store.people.write_last_acted({"a": NOW + timedelta(minutes=1)}, timedelta(minutes=15))
    assert store.people.sessions() == {}


def test_old_rows_go_at_the_next_sign_in(store):
    from sqlalchemy import func, select

    from connectors.store.tables import PERSON_SESSION_TABLE

    sign_in(store, "a", verified())
    sign_in(store, "b", verified(), now=NOW + timedelta(days=3))
    with store.people.changing() as connection:
        assert connection.scalar(select(func.count()).select_from(PERSON_SESSION_TABLE)) == 1


def test_who_signs_in_and_out_is_noted_with_a_number_and_nothing_more(store):
    noted: list[tuple] = []
    people = PeopleStore(store.people._database, lambda _connection, *line: noted.append(line))
    people.add_admin(ISSUER, "robin-1", NOW)
    for digest in ("a", "b", "c"):
        people.sign_in(verified(display_name="Robin", provider_session=digest), digest, NOW + HOUR, NOW, None)
    people.end_by_provider(ISSUER, None, "c", NOW)
    people.end_session("a", NOW)
    people.end_session("a", NOW)
    people.end_sessions(1, NOW)
    assert noted == [
        ("owner", "set role", None, "person 1: administrator"),
        *[("person:1", "signed in", None, None)] * 3,
        ("person:1", "signed out by the provider", None, None),
        ("person:1", "signed out", None, None),
        ("person:1", "signed out in all browsers", None, None),
    ]


def test_a_sign_in_stands_in_the_access_log(store):
    sign_in(store, "a", verified())
    store.people.end_session("a", NOW)
    assert [(one.actor, one.action, one.athlete_id) for one in store.access_log.entries()] == [
        ("person:1", "signed in", None),
        ("person:1", "signed out", None),
    ]
