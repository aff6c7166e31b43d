"""Codes: what one shows, how often it may be tried, how long it is good, what a claim gives and what undoes it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from clinic_builders import add_person, change_person, version_of
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from connectors.errors import NotAllowed, StoreError
from connectors.store.claims import CODE_SIGNS, with_number, without_number
from connectors.store.tables import METADATA

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


class Clinic:
    def __init__(self, store) -> None:
        self.store, self.grants = store, store.grants
        self.nora, self.mal = add_person(store, "Nora"), add_person(store, "Mal")
        self.tess = add_person(store, "Tess", is_therapist=True)
        self.tom = add_person(store, "Tom", is_therapist=True)
        self.ada = add_person(store, "Ada", is_admin=True)
        self.record = self.grants.begin_record(self.tess, "Nora van Placeholder", False, NOW).athlete_id
        store.set_settings(self.record, {"birth_year": "1984"})

    def code(self) -> str:
        return self.grants.make_code(self.record, self.tess, NOW)


@pytest.fixture
def clinic(store) -> Clinic:
    return Clinic(store)


def wrong(code: str) -> str:
    """The same first characters, and a last one that is another."""
    return code[:-1] + ("0" if code[-1] != "0" else "1")


def test_a_code_is_ten_characters_that_nobody_takes_for_one_another(clinic):
    code = clinic.code()
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}", code)
    for typed in (code.lower(), code.replace("-", ""), f" {code} ", code.replace("0", "O").replace("1", "l")):
        assert clinic.grants.look(typed, clinic.nora, NOW).initials == "NVP"


def test_before_anything_is_opened_initials_and_year_of_birth_are_shown_and_no_name(clinic):
    shown = clinic.grants.look(clinic.code(), clinic.nora, NOW)
    assert (shown.initials, shown.birth_year, shown.made_by, shown.is_invitation) == (
        "NVP",
        1984,
        "Tess",
        False,
    )
    assert "Placeholder" not in repr(shown)
    assert clinic.grants.rights_of(clinic.nora, NOW) == {}


def test_without_a_year_of_birth_no_code_is_made(clinic):
    clinic.store.set_settings(clinic.record, {"birth_year": None})
    with pytest.raises(StoreError, match="year of birth"):
        clinic.code()


def test_a_claim_makes_the_record_the_runners_and_the_therapist_asks(clinic):
    versions = version_of(clinic.store, clinic.tess)
    clinic.grants.claim(clinic.code(), clinic.nora, NOW)
    assert clinic.grants.rights_of(clinic.nora, NOW) == {clinic.record: "own"}
    assert clinic.grants.rights_of(clinic.tess, NOW) == {}
    assert version_of(clinic.store, clinic.tess) > versions
    asked = next(one for one in clinic.grants.of_runner(clinic.record, NOW) if one.is_asked)
    assert (asked.person_id, asked.access, asked.until) == (
        clinic.tess,
        "write",
        NOW.date() + timedelta(days=90),
    )
    clinic.grants.confirm(asked.grant_id, clinic.nora, now=NOW)
    assert clinic.grants.rights_of(clinic.tess, NOW) == {clinic.record: "write"}
    assert clinic.grants.rights_of(clinic.tess, NOW + timedelta(days=90, hours=11)) != {}
    assert clinic.grants.rights_of(clinic.tess, NOW + timedelta(days=91)) == {}


def test_nobody_but_the_runner_confirms(clinic):
    clinic.grants.claim(clinic.code(), clinic.nora, NOW)
    asked = next(one for one in clinic.grants.of_runner(clinic.record, NOW) if one.is_asked)
    for person in (clinic.tess, clinic.mal, clinic.ada):
        with pytest.raises(NotAllowed):
            clinic.grants.confirm(asked.grant_id, person, now=NOW)
    clinic.grants.end(asked.grant_id, clinic.nora, NOW)
    with pytest.raises(StoreError):
        clinic.grants.confirm(asked.grant_id, clinic.nora, now=NOW)
    assert clinic.grants.rights_of(clinic.tess, NOW) == {}


def test_the_therapist_is_told_who_claimed(clinic):
    assert clinic.grants.claims(clinic.tess, NOW) == []
    clinic.grants.claim(clinic.code(), clinic.nora, NOW)
    (claim,) = clinic.grants.claims(clinic.tess, NOW)
    assert (claim.claimed_by, claim.initials, claim.claimed) == ("Nora", "NVP", NOW)
    assert clinic.grants.claims(clinic.tom, NOW) == []


def test_a_code_is_good_once(clinic):
    code = clinic.code()
    clinic.grants.claim(code, clinic.nora, NOW)
    for ask in (clinic.grants.look, clinic.grants.claim):
        with pytest.raises(StoreError):
            ask(code, clinic.mal, NOW)
    assert clinic.grants.rights_of(clinic.mal, NOW) == {}


@pytest.mark.parametrize(("days", "is_good"), [(14, True), (14.001, False), (-1, False)])
def test_a_code_is_good_for_fourteen_days(clinic, days, is_good):
    code, at = clinic.code(), NOW + timedelta(days=days)
    if is_good:
        clinic.grants.claim(code, clinic.nora, at)
    else:
        with pytest.raises(StoreError):
            clinic.grants.claim(code, clinic.nora, at)
        assert clinic.grants.rights_of(clinic.nora, at) == {}


@pytest.mark.parametrize("way", ["look", "claim", "ask_access"])
@pytest.mark.parametrize(("tries", "is_good"), [(4, True), (5, False)])
def test_five_wrong_tries_end_a_code_however_they_come(clinic, way, tries, is_good):
    code = clinic.code()
    for number in range(tries):
        person = (clinic.mal, clinic.tom)[number % 2]
        with pytest.raises(StoreError):
            getattr(clinic.grants, way)(wrong(code), person, NOW)
    if is_good:
        assert clinic.grants.look(code, clinic.nora, NOW).initials == "NVP"
    else:
        with pytest.raises(StoreError):
            clinic.grants.look(code, clinic.nora, NOW)
        with pytest.raises(StoreError):
            clinic.grants.claim(code, clinic.nora, NOW)


def test_a_new_code_ends_the_one_before(clinic):
    first, second = clinic.code(), clinic.code()
    with pytest.raises(StoreError):
        clinic.grants.look(first, clinic.nora, NOW)
    assert clinic.grants.look(second, clinic.nora, NOW).birth_year == 1984


def test_only_who_writes_an_unclaimed_record_makes_its_code(clinic):
    for person in (clinic.tom, clinic.nora, clinic.ada):
        with pytest.raises(NotAllowed):
            clinic.grants.make_code(clinic.record, person, NOW)
    clinic.grants.claim(clinic.code(), clinic.nora, NOW)
    with pytest.raises(StoreError):
        clinic.code()


def test_who_made_a_code_does_not_claim_by_it_nor_does_somebody_removed(clinic):
    code = clinic.code()
    with pytest.raises(StoreError, match="for the runner"):
        clinic.grants.claim(code, clinic.tess, NOW)
    change_person(clinic.store, clinic.mal, removed_utc=1)
    with pytest.raises(StoreError):
        clinic.grants.claim(code, clinic.mal, NOW)
    assert clinic.grants.rights_of(clinic.tess, NOW) == {clinic.record: "write"}


@pytest.mark.parametrize(("days", "is_good"), [(7, True), (7.001, False)])
def test_an_administrator_undoes_a_claim_for_seven_days(clinic, days, is_good):
    clinic.grants.claim(clinic.code(), clinic.mal, NOW)
    asked = next(one for one in clinic.grants.of_runner(clinic.record, NOW) if one.is_asked)
    clinic.grants.end(asked.grant_id, clinic.mal, NOW)
    clinic.grants.give(clinic.record, clinic.tom, "write", NOW.date() + timedelta(days=30), clinic.mal, NOW)
    (claim,) = clinic.grants.claims(now=NOW)
    at = NOW + timedelta(days=days)
    for person in (clinic.mal, clinic.tess, clinic.tom):
        with pytest.raises(NotAllowed):
            clinic.grants.undo_claim(claim.claim_id, person, at)
    if not is_good:
        with pytest.raises(StoreError):
            clinic.grants.undo_claim(claim.claim_id, clinic.ada, at)
        return
    clinic.grants.undo_claim(claim.claim_id, clinic.ada, at)
    assert clinic.grants.rights_of(clinic.mal, at) == clinic.grants.rights_of(clinic.tom, at) == {}
    assert clinic.grants.rights_of(clinic.tess, at) == {clinic.record: "write"}
    with pytest.raises(StoreError):
        clinic.grants.undo_claim(claim.claim_id, clinic.ada, at)
    assert clinic.grants.claims(now=at) == []
    clinic.grants.claim(clinic.grants.make_code(clinic.record, clinic.tess, at), clinic.nora, at)


def test_a_runners_code_lets_a_therapist_ask_and_gives_nothing_by_itself(clinic):
    own = clinic.grants.begin_record(clinic.nora, "Nora", True, NOW).athlete_id
    code = clinic.grants.make_code(own, clinic.nora, NOW)
    assert clinic.grants.look(code, clinic.tom, NOW).is_invitation
    with pytest.raises(StoreError):
        clinic.grants.claim(code, clinic.mal, NOW)
    with pytest.raises(StoreError):
        clinic.grants.ask_access(code, clinic.mal, NOW)
    clinic.grants.ask_access(code, clinic.tom, NOW)
    assert clinic.grants.rights_of(clinic.tom, NOW) == {}
    asked = next(one for one in clinic.grants.of_runner(own, NOW) if one.is_asked)
    clinic.grants.confirm(asked.grant_id, clinic.nora, NOW.date(), "write", NOW)
    assert clinic.grants.rights_of(clinic.tom, NOW) == {own: "write"}
    with pytest.raises(StoreError):
        clinic.grants.ask_access(code, clinic.tess, NOW)


def test_a_code_that_claims_asks_for_nothing(clinic):
    with pytest.raises(StoreError):
        clinic.grants.ask_access(clinic.code(), clinic.tom, NOW)


@pytest.mark.sqlite_only
def test_no_code_stands_in_the_store(clinic):
    code = clinic.code().replace("-", "")
    with clinic.store._database.reading() as connection:
        rows = [tuple(row) for table in METADATA.sorted_tables for row in connection.execute(select(table))]
    assert len(rows) > 5
    assert code not in f"{rows}".replace("-", "")


def test_a_deleted_runner_is_not_claimed(clinic):
    code = clinic.code()
    clinic.store.delete_runner(clinic.record)
    with pytest.raises(StoreError):
        clinic.grants.claim(code, clinic.nora, NOW)


@given(st.text(max_size=40))
def test_nothing_that_is_typed_opens_a_record_or_fails_otherwise(clinic_once, typed):
    with pytest.raises(StoreError):
        clinic_once.grants.look(typed, clinic_once.nora, NOW)


@pytest.fixture(scope="module")
def clinic_once(tmp_path_factory):
    from connectors.store import open_store

    with open_store(tmp_path_factory.mktemp("clinic") / "home") as store:
        clinic = Clinic(store)
        clinic.code()
        yield clinic


@given(st.text(st.characters(categories=["L", "N", "Zs"]), min_size=1, max_size=120))
def test_a_number_is_added_to_every_name_and_taken_off_again(name):
    numbered = with_number(name)
    assert len(numbered) <= 100
    assert re.search(f" #[{CODE_SIGNS}]{{4}}$", numbered)
    assert without_number(numbered) == " ".join(name.split())[:94]


def test_the_same_name_is_added_twice_without_a_word_about_the_first(clinic):
    first = clinic.grants.begin_record(clinic.tess, "Robin Placeholder", False, NOW)
    second = clinic.grants.begin_record(clinic.tom, "Robin Placeholder", False, NOW)
    assert first.athlete_id != second.athlete_id
    assert {one.name.rpartition(" #")[0] for one in (first, second)} == {"Robin Placeholder"}
