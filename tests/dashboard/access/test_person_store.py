"""The store of a signed-in person: each public method, for each role, for their own runner and another's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from clinic_builders import add_person, change_person, signed_in

from connectors.errors import NotAllowed, RunnerNotShown, StoreError
from connectors.frames import ACTIVITY, EDIT, STORED, SYMPTOM
from connectors.store import Store, open_store
from connectors.store.phone_entries import RowsChanged
from connectors.store.token_vault import LinkKey
from dashboard.access.narrow_store import narrow
from dashboard.access.person_store import PersonStore

METHODS = sorted(name for name in dir(Store) if not name.startswith("_"))
NOW = datetime.now(UTC)
UNTIL = NOW.date() + timedelta(days=30)
ROLES = ("runner", "sees", "writes", "keeps", "therapist", "admin", "removed")
"""The runner whose record it is; therapists who see it, write it, began it (nobody has claimed it) and have nothing
in it; an administrator; somebody who wrote it and was removed."""

READS = {
    "activities": lambda store, who: store.activities(who),
    "left_out": lambda store, who: store.left_out(who, date(2026, 5, 1)),
    "matches": lambda store, who: store.matches(who),
    "raise_if_forgotten": lambda store, who: store.raise_if_forgotten(who),
    "read": lambda store, who: store.read(SYMPTOM, who),
    "session_counts": lambda store, who: store.session_counts(who),
    "settings": lambda store, who: store.settings(who),
    "shoe_names": lambda store, who: store.shoe_names(who),
    "shoes": lambda store, who: store.shoes(who),
    "unverified": lambda store, who: store.unverified(who),
    "version": lambda store, who: store.version(who),
    "bookmarks": lambda store, who: store.bookmarks(who),
}
WRITES = {
    "decide_matches": lambda store, who: store.decide_matches(who, []),
    "delete": lambda store, who: store.delete(SYMPTOM, who, "manual", ["one"]),
    "edit": lambda store, who: store.edit(who, []),
    "imports": lambda store, who: store.imports(who),
    "replace": lambda store, who: store.replace(SYMPTOM, who, SYMPTOM.empty(), []),
    "set_bookmarks": lambda store, who: store.set_bookmarks(who, {"warning_sign": "2026-05-01"}),
    "set_settings": lambda store, who: store.set_settings(who, {"drop_change_mm": "4"}),
    "undo_edits": lambda store, who: store.undo_edits(who, "none"),
    "work_folder": lambda store, who: store.work_folder(who),
    "write": lambda store, who: store.write(SYMPTOM, morning(who)),
    "write_many": lambda store, who: store.write_many([(SYMPTOM, morning(who))]),
}
OF_KEEPERS = {
    "rename_runner": lambda store, who: store.rename_runner(who, "Another"),
    "set_label": lambda store, who: store.set_label(who, "XY"),
}
OF_RUNNER = {
    "delete_runner": lambda store, who: store.delete_runner(who),
    "deliver_entries": lambda store, who: store.deliver_entries(who, [], [], 0),
    "export_runner": lambda store, who: store.export_runner(who),
    "mark_deletion": lambda store, who: store.mark_deletion(who),
    "phone_entries": lambda store, who: store.phone_entries(who),
    "verify": lambda store, who: store.verify([who]),
}
OF_ANYBODY = {"runners", "machine_settings", "only_for", "without", "for_others", "summaries", "versions"}
OF_ANYBODY |= {"dumps_gone_by", "vault"}
BY_RIGHT_ELSEWHERE = {"add_runner", "save_summary", "revert_import", "server_sizes"}
ALLOWED = {*READS, *WRITES, *OF_KEEPERS, *OF_RUNNER, *OF_ANYBODY, *BY_RIGHT_ELSEWHERE}
MAY = {
    "runner": (READS, WRITES, OF_KEEPERS, OF_RUNNER),
    "sees": (READS,),
    "writes": (READS, WRITES),
    "keeps": (READS, WRITES, OF_KEEPERS),
}


def morning(athlete_id: int) -> pl.DataFrame:
    row = dict.fromkeys(SYMPTOM.columns) | {
        "athlete_id": athlete_id,
        "source": "manual",
        "source_id": "m1",
        "date": date(2026, 5, 1),
        "side": "left",
        "fetched_utc": datetime(2026, 5, 1, tzinfo=UTC),
    }
    return pl.DataFrame([row], schema=SYMPTOM.schema)


class Clinic:
    """A record that is claimed and one that is not, each with the persons of the table."""

    def __init__(self, store) -> None:
        self.store = store
        self.persons = {
            "runner": add_person(store, "Nora"),
            "admin": add_person(store, "Ada", is_admin=True),
            **{
                name: add_person(store, name, is_therapist=True)
                for name in ("sees", "writes", "keeps", "therapist", "removed")
            },
        }
        grants = store.grants
        self.claimed = grants.begin_record(self.persons["runner"], "Nora Placeholder", True).athlete_id
        self.unclaimed = grants.begin_record(self.persons["keeps"], "Sam Elsewhere", False).athlete_id
        self.nobodys = store.add_runner("Kim Nowhere").athlete_id
        for name, access in (("sees", "see"), ("writes", "write"), ("removed", "write")):
            grants.give(self.claimed, self.persons[name], access, UNTIL, self.persons["runner"])
        change_person(store, self.persons["removed"], removed_utc=1)

    def own(self, role: str) -> int:
        return self.unclaimed if role == "keeps" else self.claimed

    def as_role(self, role: str) -> Store:
        return narrow(self.store, signed_in(self.persons[role]))

    def state(self):
        records = (self.claimed, self.unclaimed, self.nobodys)
        settings = [self.store.settings(one) for one in records]
        names = [(one.name, one.label) for one in self.store.runners()]
        return settings, names, self.store.versions(), [self.store.bookmarks(one) for one in records]


@pytest.fixture
def clinic(store) -> Clinic:
    return Clinic(store)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", METHODS)
def test_every_method_that_is_not_allowed_raises_whatever_it_is_given(clinic, role, name):
    own = clinic.as_role(role)
    if name in ALLOWED:
        assert callable(getattr(own, name))
        return
    for given in ((), (clinic.own(role),), (clinic.nobodys,)):
        with pytest.raises(NotAllowed):
            getattr(own, name)(*given)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", sorted({*READS, *WRITES, *OF_KEEPERS, *OF_RUNNER}))
def test_each_method_by_role_for_the_shared_record_and_for_another(clinic, role, name):
    act = (READS | WRITES | OF_KEEPERS | OF_RUNNER)[name]
    own, before = clinic.as_role(role), clinic.state()
    for other in {clinic.claimed, clinic.unclaimed, clinic.nobodys, 999} - {clinic.own(role)}:
        with pytest.raises(NotAllowed):
            act(own, other)
    if any(name in allowed for allowed in MAY.get(role, ())):
        act(own, clinic.own(role))
    else:
        with pytest.raises(NotAllowed):
            act(own, clinic.own(role))
        assert clinic.state() == before


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", ["home", "devices", "anything_added_later"])
def test_what_a_store_holds_beside_its_methods_is_closed_as_well(clinic, role, name):
    with pytest.raises(NotAllowed):
        getattr(clinic.as_role(role), name)


@pytest.mark.parametrize("given", [True, "1", None, 1.0, [1]])
def test_a_runner_is_a_number_and_nothing_like_one(clinic, given):
    with pytest.raises(NotAllowed):
        clinic.as_role("runner").read(SYMPTOM, given)


@pytest.mark.parametrize("contract", STORED, ids=lambda one: one.name)
def test_every_table_is_read_by_right_alone(clinic, contract):
    for role in ("runner", "sees", "writes"):
        assert clinic.as_role(role).read(contract, clinic.claimed).is_empty()
    for role in ("therapist", "admin", "removed", "keeps"):
        with pytest.raises(NotAllowed):
            clinic.as_role(role).read(contract, clinic.claimed)


def test_the_list_of_runners_holds_the_shared_ones_alone(clinic):
    listed = {role: [one.athlete_id for one in clinic.as_role(role).runners()] for role in ROLES}
    expected = {role: [clinic.claimed] for role in ("runner", "sees", "writes")}
    expected |= {"keeps": [clinic.unclaimed]}
    assert listed == {role: expected.get(role, []) for role in ROLES}


@pytest.mark.parametrize("role", ["writes", "keeps", "runner"])
def test_rows_of_another_record_are_refused_before_any_is_written(clinic, role):
    own, before = clinic.as_role(role), clinic.state()
    both = pl.concat([morning(clinic.own(role)), morning(clinic.nobodys)])
    acts = [
        lambda: own.write(SYMPTOM, both),
        lambda: own.write_many([(SYMPTOM, morning(clinic.own(role))), (SYMPTOM, both)]),
        lambda: own.replace(SYMPTOM, clinic.own(role), both, []),
    ]
    if role == "runner":
        acts.append(lambda: own.deliver_entries(clinic.claimed, [], [RowsChanged(SYMPTOM, both)], 0))
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert clinic.state() == before


@pytest.mark.parametrize(
    ("role", "name", "is_allowed"),
    [
        ("runner", "body_weight_kg", True),
        ("keeps", "birth_year", True),
        ("writes", "birth_year", False),
        ("writes", "half_made_entry", True),
        ("sees", "half_made_entry", False),
        ("runner", "strava_account", True),
        ("runner", "garmin_account", True),
        ("writes", "garmin_account", False),
        ("keeps", "strava_account", False),
        ("runner", "runner_uid", False),
        ("keeps", "runner_uid", False),
        ("writes", "strava_keep", False),
    ],
)
def test_settings_by_role(clinic, role, name, is_allowed):
    own = clinic.as_role(role)
    if is_allowed:
        own.set_settings(clinic.own(role), {name: "1984"})
        assert clinic.store.settings(clinic.own(role))[name] == "1984"
    else:
        with pytest.raises(NotAllowed):
            own.set_settings(clinic.own(role), {"half_made_entry": "2026-05-01 3", name: "1984"})
        assert clinic.store.settings(clinic.own(role)) == {}


def test_settings_and_bookmarks_of_a_link_are_the_runners_alone(clinic):
    clinic.store.set_settings(clinic.claimed, {"strava_account": "77", "birth_year": "1984"})
    clinic.store.set_bookmarks(clinic.claimed, {"strava.status": "x", "warning_sign": "2026-05-01"})
    assert clinic.as_role("runner").settings(clinic.claimed)["strava_account"] == "77"
    assert clinic.as_role("sees").settings(clinic.claimed) == {"birth_year": "1984"}
    assert clinic.as_role("sees").bookmarks(clinic.claimed) == {"warning_sign": "2026-05-01"}


def test_a_right_that_ends_is_missed_at_the_next_call_of_a_store_that_is_held(clinic):
    held = clinic.as_role("writes")
    page = held.only_for(lambda: clinic.claimed)
    page.write(SYMPTOM, morning(clinic.claimed))
    grant = next(one for one in clinic.store.grants.of_runner(clinic.claimed) if one.person_name == "writes")
    with open_store(Path(clinic.store.home)) as other:
        other.grants.end(grant.grant_id, clinic.persons["runner"])
    for act in (
        lambda: held.read(SYMPTOM, clinic.claimed),
        lambda: page.write(SYMPTOM, morning(clinic.claimed)),
        lambda: held.samples.exists(clinic.claimed, "x"),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert held.runners() == []


def test_a_therapist_who_has_left_has_nothing_at_the_next_call(clinic):
    held = clinic.as_role("writes")
    assert held.runners()
    change_person(clinic.store, clinic.persons["writes"], is_therapist=0)
    with pytest.raises(NotAllowed):
        held.read(SYMPTOM, clinic.claimed)


def test_a_store_that_asks_for_the_shown_runner_stays_narrow(clinic):
    own = clinic.as_role("runner")
    assert isinstance(own.only_for(lambda: clinic.claimed), PersonStore)
    for shown in (clinic.nobodys, clinic.unclaimed):
        with pytest.raises((NotAllowed, RunnerNotShown)):
            own.only_for(lambda shown=shown: shown).write(SYMPTOM, morning(clinic.claimed))
    assert clinic.store.read(SYMPTOM, clinic.claimed).is_empty()
    with pytest.raises(NotAllowed):
        own.without("file").read(SYMPTOM, clinic.nobodys)


def test_therapists_add_records_and_nobody_else_does(clinic):
    added = clinic.as_role("therapist").add_runner("Lee Another")
    assert [one.athlete_id for one in clinic.as_role("therapist").runners()] == [added.athlete_id]
    for role in ("runner", "admin", "removed"):
        with pytest.raises(NotAllowed):
            clinic.as_role(role).add_runner("Lee Another")
    with pytest.raises(NotAllowed):
        clinic.as_role("therapist").add_runner("Demo", is_demo=True)


def test_no_name_tells_who_else_is_here(clinic):
    renamed = clinic.as_role("keeps")
    renamed.rename_runner(clinic.unclaimed, "Kim Nowhere")  # the name of a record that is not theirs
    assert renamed.runners()[0].name.startswith("Kim Nowhere #")


def test_recordings_are_read_by_right_alone(clinic):
    for role in ("runner", "sees"):
        assert not clinic.as_role(role).samples.exists(clinic.claimed, "x")
    for role in ("therapist", "admin", "removed", "keeps"):
        with pytest.raises(NotAllowed):
            clinic.as_role(role).samples.scan(clinic.claimed, ["x"])
        with pytest.raises(NotAllowed):
            clinic.as_role(role).jobs.latest(clinic.claimed, "import")


@pytest.mark.parametrize("role", ROLES)
def test_administrators_see_numbers_and_nobody_else_does(clinic, role):
    grants = clinic.as_role(role).grants
    acts = [grants.persons, grants.counts, grants.claims]
    if role == "admin":
        assert grants.counts()["runners"] == len(clinic.store.runners())
        seen = f"{grants.persons()} {grants.claims()} {grants.counts()}"
        for name in ("Placeholder", "Elsewhere", "Nowhere"):
            assert name not in seen
        return
    acts += [lambda: grants.set_admin(clinic.persons[role], True), lambda: grants.undo_claim(1)]
    acts += [lambda who=who: grants.remove_person(who) for who in clinic.persons.values()]
    acts += [lambda: grants.readmit_person(clinic.persons["removed"]), clinic.as_role(role).server_sizes]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize("role", [role for role in ROLES if role != "runner"])
def test_nobody_but_the_runner_sees_or_changes_who_may_see_a_record(clinic, role):
    grants, person = clinic.as_role(role).grants, clinic.persons["therapist"]
    asked = [one.grant_id for one in clinic.store.grants.of_runner(clinic.claimed) if one.access != "own"]
    before = [(one.access, one.ended) for one in clinic.store.grants.of_runner(clinic.claimed)]
    acts = [
        lambda: grants.of_runner(clinic.claimed),
        lambda: grants.give(clinic.claimed, person, "see", UNTIL),
        lambda: grants.confirm(asked[0], UNTIL),
        lambda: grants.make_code(clinic.claimed),
    ]
    own = {"sees": asked[0], "writes": asked[1]}.get(role)
    acts += [lambda one=one: grants.end(one) for one in asked if one != own]
    for act in acts:
        with pytest.raises(StoreError):
            act()
    assert [(one.access, one.ended) for one in clinic.store.grants.of_runner(clinic.claimed)] == before


def test_edits_of_a_record_are_written_by_right_and_read_by_it(clinic):
    clinic.as_role("runner").edit(clinic.claimed, [])
    assert clinic.as_role("sees").read(EDIT, clinic.claimed).is_empty()
    assert clinic.as_role("sees").read(ACTIVITY, clinic.claimed).is_empty()


def test_the_access_log_is_the_runners_own(clinic):
    clinic.store.access_log.note(None, "person:1", "saw", clinic.claimed, "today")
    newest, *given = clinic.as_role("runner").access_log.of_runner(clinic.claimed, 99)
    assert (newest.actor, newest.action, newest.subject) == ("person:1", "saw", "today")
    assert given, "rights that were given are entries as well"
    for role in set(ROLES) - {"runner"}:
        with pytest.raises(NotAllowed):
            clinic.as_role(role).access_log.of_runner(clinic.claimed, 9)
    with pytest.raises((NotAllowed, AttributeError)):
        clinic.as_role("runner").access_log.entries()


def test_what_a_person_writes_is_noted_in_their_name(clinic):
    own = clinic.as_role("writes")
    own.write(SYMPTOM, morning(clinic.claimed))
    changed = [
        one for one in clinic.store.access_log.of_runner(clinic.claimed, 99) if one.action == "changed"
    ]
    assert [(one.actor, one.subject) for one in changed] == [(f"person:{own._person_id}", "symptom")]
    assert clinic.store.access_log.problems() == []


SECURITY = (Path(__file__).resolve().parents[3] / "SECURITY.md").read_text()
COLUMNS = ("runner", "sees", "writes", "keeps", "therapist", "admin", "removed")
PROBES = {
    "see load, charts, diary, shoes and plan": lambda clinic, own, who: own.read(SYMPTOM, who),
    "see what came by a Strava or Garmin link, and loads with it": lambda clinic, own, who: (
        "strava_api" in own.session_counts(who) and own.activities(who).height
    ),
    "write log, plan, shoes, tests, events, corrections": lambda clinic, own, who: own.write(
        SYMPTOM, morning(who)
    ),
    "write its units, year of birth and model": lambda clinic, own, who: own.set_settings(
        who, {"birth_year": "1984", "distance_unit": "km", "tau_days": "42"}
    ),
    "change its name and label": lambda clinic, own, who: (
        own.rename_runner(who, "Another"),
        own.set_label(who, "QQ"),
    ),
    "see and change who may see it": lambda clinic, own, who: (
        own.grants.of_runner(who),
        own.grants.give(who, clinic.persons["therapist"], "see", UNTIL),
    ),
    "make the code by which its runner claims it": lambda clinic, own, who: (
        clinic.store.set_settings(who, {"birth_year": "1984"}),
        not own.grants.look(own.grants.make_code(who)).is_invitation,
    )[1],
    "add a record of somebody else": lambda clinic, own, who: own.add_runner("Lee Another"),
    "see roles, numbers and room of the server, remove a person, undo a claim": lambda clinic, own, who: (
        own.grants.persons(),
        own.grants.counts(),
        own.grants.claims(),
        own.server_sizes(),
        own.grants.remove_person(clinic.persons["therapist"]),
    ),
    "bring files in, take an import back": lambda clinic, own, who: (own.work_folder(who), own.imports(who)),
    "link Garmin or intervals.icu, see the link": lambda clinic, own, who: (
        own.vault().write_key(who, "garmin", LinkKey("key")),
        own.set_bookmarks(who, {"garmin.status": "x"}),
        own.vault().read_key(who, "garmin").key,
    ),
    "save a copy of all of it, forget it": lambda clinic, own, who: (
        own.export_runner(who),
        own.delete_runner(who),
    ),
    "restore, link Strava, settings of the machine": lambda clinic, own, who: any(
        is_allowed(act)
        for act in (
            lambda: own.begin_import(who, []),
            lambda: own.import_runner(None, None, None),
            lambda: own.set_machine_setting("clinic_mode", "on"),
            lambda: own.vault().write_app(None),
        )
    ),
}


def is_allowed(act) -> bool:
    try:
        act()
    except NotAllowed:
        return False
    return True


def printed_cells() -> list[tuple[str, str, str]]:
    """Every cell of the table of SECURITY.md: what, role, and the word that stands there."""
    section = SECURITY.partition("| what somebody may do with one record |")[2].partition("\n\n")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines()[2:]]
    return [(what, role, word) for what, *words in rows for role, word in zip(COLUMNS, words, strict=True)]


def test_the_table_is_printed_whole():
    assert {what for what, _, _ in printed_cells()} == set(PROBES)
    assert {word for _, _, word in printed_cells()} == {"yes", "no"}


@pytest.mark.parametrize(("what", "role", "word"), printed_cells())
def test_each_cell_of_the_table_is_true(clinic, what, role, word):
    linked = clinic.store.read(ACTIVITY, clinic.store.runners()[0].athlete_id).tail(1)
    for who in (clinic.claimed, clinic.unclaimed):
        row = linked.with_columns(
            athlete_id=pl.lit(who, pl.Int64),
            source=pl.lit("strava_api"),
            activity_id=pl.lit(f"link {who}"),
            samples_id=pl.lit(None, pl.String),
        )
        clinic.store.write(ACTIVITY, row.select(list(ACTIVITY.columns)))
    try:
        may = PROBES[what](clinic, clinic.as_role(role), clinic.own(role)) is not False
    except StoreError:
        may = False
    assert may == (word == "yes")
