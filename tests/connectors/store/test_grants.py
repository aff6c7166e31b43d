"""Rights of persons: who gives, who ends, what each gives when, and that every change counts up whom it concerns."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from clinic_builders import add_person, change_person, version_of
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import NotAllowed, StoreError
from connectors.store import open_store

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
UNTIL = date(2026, 6, 1)


class Clinic:
    """A runner with their own record, a therapist, another therapist and an administrator."""

    def __init__(self, store) -> None:
        self.store = store
        self.grants = store.grants
        self.nora = add_person(store, "Nora")
        self.tess = add_person(store, "Tess", is_therapist=True)
        self.tom = add_person(store, "Tom", is_therapist=True)
        self.ada = add_person(store, "Ada", is_admin=True)
        self.record = self.grants.begin_record(self.nora, "Nora Placeholder", True, NOW).athlete_id

    def give(self, access="see", until=UNTIL, by=None, to=None, **more) -> None:
        self.grants.give(self.record, to or self.tess, access, until, by or self.nora, NOW, **more)


@pytest.fixture
def clinic(store) -> Clinic:
    return Clinic(store)


def test_a_record_that_a_runner_began_is_theirs_and_nobody_elses(clinic):
    assert clinic.grants.rights_of(clinic.nora, NOW) == {clinic.record: "own"}
    for person in (clinic.tess, clinic.tom, clinic.ada):
        assert clinic.grants.rights_of(person, NOW) == {}


@pytest.mark.parametrize("access", ["see", "write"])
def test_a_right_that_the_runner_gave_counts_until_it_is_ended(clinic, access):
    clinic.give(access)
    assert clinic.grants.rights_of(clinic.tess, NOW) == {clinic.record: access}
    (grant,) = [one for one in clinic.grants.of_runner(clinic.record, NOW) if one.access != "own"]
    assert (grant.person_name, grant.until, grant.is_active) == ("Tess", UNTIL, True)
    clinic.grants.end(grant.grant_id, clinic.nora, NOW)
    assert clinic.grants.rights_of(clinic.tess, NOW) == {}
    with pytest.raises(StoreError):
        clinic.grants.end(grant.grant_id, clinic.nora, NOW)


def test_nobody_but_the_runner_gives_or_ends_what_is_not_theirs(clinic):
    for person in (clinic.tess, clinic.tom, clinic.ada):
        with pytest.raises(NotAllowed):
            clinic.grants.give(clinic.record, clinic.tom, "see", UNTIL, person, NOW)
    clinic.give()
    (grant,) = clinic.grants.of_person(clinic.tess, NOW)
    for person in (clinic.tom, clinic.ada):
        with pytest.raises(NotAllowed):
            clinic.grants.end(grant.grant_id, person, NOW)
    own = clinic.grants.of_person(clinic.nora, NOW)[0]
    with pytest.raises(NotAllowed):
        clinic.grants.end(own.grant_id, clinic.nora, NOW)
    clinic.grants.end(grant.grant_id, clinic.tess, NOW)  # a therapist may give back
    assert clinic.grants.rights_of(clinic.tess, NOW) == {}


def test_a_record_is_shared_with_therapists_of_the_clinic_alone(clinic):
    for person in (clinic.ada, clinic.nora, 999):
        with pytest.raises(StoreError):
            clinic.give(to=person)
    change_person(clinic.store, clinic.tess, removed_utc=1)
    with pytest.raises(StoreError):
        clinic.give()


def test_a_second_right_takes_the_place_of_the_first(clinic):
    clinic.give("write")
    clinic.give("see")
    assert clinic.grants.rights_of(clinic.tess, NOW) == {clinic.record: "see"}
    assert sum(one.is_active for one in clinic.grants.of_person(clinic.tess, NOW)) == 1


@pytest.mark.parametrize(("days", "is_possible"), [(-1, False), (0, True), (366, True), (367, False)])
def test_an_end_lies_between_today_and_a_year(clinic, days, is_possible):
    until = NOW.date() + timedelta(days=days)
    if is_possible:
        clinic.give(until=until)
    else:
        with pytest.raises(StoreError):
            clinic.give(until=until)
        assert clinic.grants.rights_of(clinic.tess, NOW) == {}


@pytest.mark.parametrize(
    ("zone", "last", "first_after"),
    [
        (None, datetime(2026, 6, 1, 23, 59, tzinfo=UTC), datetime(2026, 6, 2, 0, 0, tzinfo=UTC)),
        (
            "Pacific/Auckland",
            datetime(2026, 6, 1, 11, 59, tzinfo=UTC),
            datetime(2026, 6, 1, 12, 0, tzinfo=UTC),
        ),
        (
            "America/Los_Angeles",
            datetime(2026, 6, 2, 6, 59, tzinfo=UTC),
            datetime(2026, 6, 2, 7, 0, tzinfo=UTC),
        ),
        ("No/Zone", datetime(2026, 6, 1, 23, 59, tzinfo=UTC), datetime(2026, 6, 2, 0, 0, tzinfo=UTC)),
    ],
)
def test_a_right_ends_with_the_day_where_the_runner_is(clinic, zone, last, first_after):
    clinic.give(zone=zone)
    assert clinic.grants.rights_of(clinic.tess, last) == {clinic.record: "see"}
    assert clinic.grants.rights_of(clinic.tess, first_after) == {}
    assert clinic.grants.past_ends(clinic.tess, last) == 0
    assert clinic.grants.ends_near(clinic.tess, first_after.date())
    assert not clinic.grants.ends_near(clinic.tess, first_after.date() - timedelta(days=3))
    assert clinic.grants.past_ends(clinic.tess, first_after) == 1
    assert clinic.grants.end_due(last) == 0
    before = version_of(clinic.store, clinic.tess)
    assert clinic.grants.end_due(first_after) == 1
    assert version_of(clinic.store, clinic.tess) == before + 1
    assert clinic.grants.end_due(first_after) == 0


def test_the_zone_that_the_runner_chose_counts_before_the_browsers(clinic):
    clinic.store.set_settings(clinic.record, {"timezone": "Pacific/Auckland"})
    clinic.give(zone="America/Los_Angeles")
    assert clinic.grants.rights_of(clinic.tess, datetime(2026, 6, 1, 12, tzinfo=UTC)) == {}


@pytest.mark.parametrize("change", [{"removed_utc": 1}, {"is_therapist": 0}])
def test_a_therapist_who_has_left_has_nothing_at_once(clinic, change):
    clinic.give("write")
    change_person(clinic.store, clinic.tess, **change)
    assert clinic.grants.rights_of(clinic.tess, NOW) == {}


def test_a_therapists_own_record_stays_theirs_without_the_role(clinic):
    own = clinic.grants.begin_record(clinic.tess, "Tess", True, NOW).athlete_id
    change_person(clinic.store, clinic.tess, is_therapist=0)
    assert clinic.grants.rights_of(clinic.tess, NOW) == {own: "own"}


def test_roles_add_up_by_record(clinic):
    own = clinic.grants.begin_record(clinic.tess, "Tess", True, NOW).athlete_id
    new = clinic.grants.begin_record(clinic.tess, "Somebody", False, NOW).athlete_id
    clinic.give("see")
    assert clinic.grants.rights_of(clinic.tess, NOW) == {own: "own", new: "write", clinic.record: "see"}
    with pytest.raises(NotAllowed):
        clinic.grants.begin_record(clinic.nora, "Somebody else", False, NOW)


def test_every_change_counts_up_whom_it_concerns_and_nobody_else(clinic):
    def versions():
        return {
            one: version_of(clinic.store, one) for one in (clinic.nora, clinic.tess, clinic.tom, clinic.ada)
        }

    def moved(before):
        return {one for one, number in versions().items() if number != before[one]}

    before = versions()
    clinic.give()
    assert moved(before) == {clinic.tess}
    before = versions()
    clinic.grants.end(clinic.grants.of_person(clinic.tess, NOW)[0].grant_id, clinic.nora, NOW)
    assert moved(before) == {clinic.tess}
    before = versions()
    clinic.grants.set_admin(clinic.tom, True, clinic.ada)
    assert moved(before) == {clinic.tom}


def test_what_is_refused_changes_no_version(clinic):
    before = version_of(clinic.store, clinic.tess), version_of(clinic.store, clinic.nora)
    with pytest.raises(StoreError):
        clinic.give(until=date(2020, 1, 1))
    assert (version_of(clinic.store, clinic.tess), version_of(clinic.store, clinic.nora)) == before


def test_an_administrator_sees_numbers_and_sets_roles_alone(clinic):
    clinic.give()
    rows = {one.name: (one.own_records, one.records_seen) for one in clinic.grants.persons(NOW)}
    assert rows == {"Nora": (1, 0), "Tess": (0, 1), "Tom": (0, 0), "Ada": (0, 0)}
    with pytest.raises(NotAllowed):
        clinic.grants.set_admin(clinic.tess, True, clinic.tess)
    with pytest.raises(StoreError):
        clinic.grants.set_admin(clinic.ada, False, clinic.ada)
    clinic.grants.set_admin(clinic.tess, True, clinic.ada)
    clinic.grants.set_admin(clinic.ada, False, clinic.tess)
    assert clinic.grants.roles_of(clinic.ada).is_admin is False
    assert clinic.grants.counts() == {"runners": 1, "claimed": 1, "persons": 4, "shared": 1}


def test_rights_go_with_the_runner(clinic):
    clinic.give()
    clinic.store.delete_runner(clinic.record)
    assert clinic.grants.rights_of(clinic.tess, NOW) == clinic.grants.rights_of(clinic.nora, NOW) == {}


def test_a_change_of_another_process_is_seen_at_the_next_look(clinic):
    clinic.give()
    assert clinic.grants.rights_of(clinic.tess, NOW)
    with open_store(clinic.store.home) as other:
        other.grants.end(other.grants.of_person(clinic.tess, NOW)[0].grant_id, clinic.nora, NOW)
    assert clinic.grants.rights_of(clinic.tess, NOW) == {}


@pytest.mark.sqlite_only  # each example has a store of its own
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["give", "end", "leave", "return"]),
            st.integers(0, 1),
            st.sampled_from(["see", "write"]),
            st.integers(0, 40),
        ),
        max_size=12,
    ),
    later=st.integers(0, 60),
)
def test_rights_are_what_was_last_given_and_not_ended(tmp_path_factory, steps, later):
    """A plain model of the rules, beside the store."""
    with open_store(tmp_path_factory.mktemp("clinic") / "home") as store:
        clinic = Clinic(store)
        persons = (clinic.tess, clinic.tom)
        model: dict[int, tuple[str, date]] = {}
        here = {clinic.tess: True, clinic.tom: True}
        for step, which, access, days in steps:
            person, until = persons[which], NOW.date() + timedelta(days=days)
            if step == "give":
                if here[person]:
                    clinic.give(access, until, to=person)
                    model[person] = (access, until)
            elif step == "end":
                for one in clinic.grants.of_person(person, NOW):
                    if one.ended is None:
                        clinic.grants.end(one.grant_id, clinic.nora, NOW)
                model.pop(person, None)
            else:
                here[person] = step == "return"
                change_person(store, person, is_therapist=int(here[person]))
        at = NOW + timedelta(days=later)
        for person in persons:
            expected = {}
            if person in model and here[person] and at.date() <= model[person][1]:
                expected = {clinic.record: model[person][0]}
            assert clinic.grants.rights_of(person, at) == expected


def test_who_is_removed_and_let_in_again_is_noted_and_each_refusal_says_its_own_reason(clinic):
    clinic.give()
    removed = clinic.grants.remove_person(clinic.tess, clinic.ada)
    assert (removed.name, removed.rights_ended, clinic.grants.roles_of(clinic.tess)) == ("Tess", 1, None)
    for again in (
        lambda: clinic.grants.remove_person(clinic.tess, clinic.ada),
        lambda: clinic.grants.set_admin(clinic.tess, True, clinic.ada),
    ):
        with pytest.raises(StoreError, match="was removed from this server before"):
            again()
    clinic.grants.readmit_person(clinic.tess, clinic.ada)
    with pytest.raises(StoreError, match="may sign in already"):
        clinic.grants.readmit_person(clinic.tess, clinic.ada)
    for act in (clinic.grants.remove_person, clinic.grants.readmit_person):
        with pytest.raises(StoreError, match="nobody of that number"):
            act(999, clinic.ada)
    noted = [(one.actor, one.action, one.subject) for one in clinic.store.access_log.entries()]
    assert noted[-2:] == [
        (f"person:{clinic.ada}", "removed person", f"person {clinic.tess}"),
        (f"person:{clinic.ada}", "readmitted person", f"person {clinic.tess}"),
    ]
