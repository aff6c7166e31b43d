"""The store of a paired device: each public method, for each scope, for its own runner and another."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from door_rig import identity

from connectors.errors import NotAllowed, RunnerNotShown
from connectors.frames import PLAN, STORED, STRENGTH, SYMPTOM
from connectors.store import Store
from connectors.store.phone_entries import RowsChanged
from dashboard.access import narrow_store
from dashboard.access.identity import OWNER
from dashboard.access.narrow_store import NarrowStore, narrow

SCOPES = ("everything", "log_only")
METHODS = sorted(name for name in dir(Store) if not name.startswith("_"))
READS = {"activities", "phone_entries", "shoes", "shoe_names", "settings", "version", "raise_if_forgotten"}
READS_OF_ALL = READS | {"bookmarks", "matches", "unverified"}
WRITES = {"write", "write_many", "replace", "delete", "edit", "undo_edits", "set_settings", "set_bookmarks"}
WRITES |= {"deliver_entries"}
WITHOUT_RUNNER = {"left_out", "runners", "machine_settings", "without", "only_for"}
ALLOWED = READS_OF_ALL | WRITES | WITHOUT_RUNNER | {"read"}


@pytest.fixture
def both(store):
    return store, store.add_runner("Nora").athlete_id, store.add_runner("Tom").athlete_id


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("name", METHODS)
def test_every_method_that_is_not_allowed_raises_whatever_it_is_given(both, scope, name):
    store, nora, _ = both
    own = narrow(store, identity(1, scope, nora))
    if name in ALLOWED:
        assert getattr(own, name) is not None
        return
    with pytest.raises(NotAllowed):
        getattr(own, name)(nora)


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("name", ["home", "devices", "anything_added_later"])
def test_what_a_store_holds_beside_its_methods_is_closed_as_well(both, scope, name):
    store, nora, _ = both
    with pytest.raises(NotAllowed):
        getattr(narrow(store, identity(1, scope, nora)), name)


@pytest.mark.parametrize("name", sorted(READS_OF_ALL))
def test_reads_are_of_the_own_runner_alone(both, name):
    store, nora, tom = both
    own = narrow(store, identity(1, "everything", nora))
    getattr(own, name)(nora)
    with pytest.raises(NotAllowed):
        getattr(own, name)(tom)


@pytest.mark.parametrize("contract", STORED, ids=lambda one: one.name)
@pytest.mark.parametrize("scope", SCOPES)
def test_tables_are_read_by_scope_and_never_of_another(both, scope, contract):
    store, nora, tom = both
    own = narrow(store, identity(1, scope, nora))
    if scope == "everything" or contract in narrow_store.LOG_CONTRACTS:
        assert own.read(contract, nora).is_empty()
    else:
        with pytest.raises(NotAllowed):
            own.read(contract, nora)
    with pytest.raises(NotAllowed):
        own.read(contract, tom)


@pytest.mark.parametrize("contract", STORED, ids=lambda one: one.name)
def test_a_log_writes_what_a_log_holds_and_nothing_else(both, contract):
    store, nora, tom = both
    own = narrow(store, identity(1, "log_only", nora))
    if contract in narrow_store.LOG_WRITES:
        own.write(contract, contract.empty())
    else:
        with pytest.raises(NotAllowed):
            own.write(contract, contract.empty())
        with pytest.raises(NotAllowed):
            own.write_many([(SYMPTOM, SYMPTOM.empty()), (contract, contract.empty())])
    with pytest.raises(NotAllowed):
        own.delete(contract, tom, "manual", ["one"])


WRITING = {
    "replace": lambda store, who: store.replace(SYMPTOM, who, SYMPTOM.empty(), []),
    "delete": lambda store, who: store.delete(SYMPTOM, who, "manual", ["one"]),
    "edit": lambda store, who: store.edit(who, []),
    "undo_edits": lambda store, who: store.undo_edits(who, "none"),
    "deliver_entries": lambda store, who: store.deliver_entries(who, [], [], 0),
    "set_settings": lambda store, who: store.set_settings(who, {"drop_change_mm": "4"}),
    "set_bookmarks": lambda store, who: store.set_bookmarks(who, {"x": "1"}),
}


@pytest.mark.parametrize("name", sorted(WRITING))
@pytest.mark.parametrize("scope", SCOPES)
def test_writes_are_for_the_own_runner_alone(both, scope, name):
    store, nora, tom = both
    own = narrow(store, identity(1, scope, nora))
    before = store.versions()
    with pytest.raises(NotAllowed):
        WRITING[name](own, tom)
    assert store.versions() == before


@pytest.mark.parametrize("scope", SCOPES)
def test_rows_of_another_runner_are_refused_before_any_is_written(both, scope):
    store, nora, tom = both
    own = narrow(store, identity(1, scope, nora))
    frame = SYMPTOM.empty().vstack(SYMPTOM.empty())
    other = pl.DataFrame({"athlete_id": [nora, tom]})
    with pytest.raises(NotAllowed):
        own.write(SYMPTOM, other)
    with pytest.raises(NotAllowed):
        own.write_many([(SYMPTOM, frame), (STRENGTH, other)])
    assert store.read(SYMPTOM, tom).is_empty()


@pytest.mark.parametrize("scope", SCOPES)
def test_settings_of_the_model_and_of_the_machine_are_the_owners(both, scope):
    store, nora, _ = both
    store.set_machine_setting("phone_listener", '["wlan0"]')
    store.set_machine_setting("clinic_mode", "on")
    own = narrow(store, identity(1, scope, nora))
    with pytest.raises(NotAllowed):
        own.set_settings(nora, {"half_made_entry": "x", "birth_year": "1980"})
    assert store.settings(nora) == {}
    own.set_settings(nora, {"half_made_entry": "2026-05-01 3"})
    assert own.settings(nora) == {"half_made_entry": "2026-05-01 3"}
    assert own.machine_settings() == {"clinic_mode": "on"}


def test_a_log_sees_no_setting_but_its_own(both):
    store, nora, _ = both
    store.set_settings(nora, {"birth_year": "1980", "drop_change_mm": "4"})
    assert narrow(store, identity(1, "log_only", nora)).settings(nora) == {"drop_change_mm": "4"}


def test_a_delivery_writes_the_log_and_nothing_else(both):
    store, nora, tom = both
    own = narrow(store, identity(1, "log_only", nora))
    version, _ = own.phone_entries(nora)
    assert own.deliver_entries(nora, [], [RowsChanged(SYMPTOM, SYMPTOM.empty())], version)
    with pytest.raises(NotAllowed):
        own.deliver_entries(nora, [], [RowsChanged(PLAN, PLAN.empty())], version)
    with pytest.raises(NotAllowed):
        own.deliver_entries(nora, [], [RowsChanged(SYMPTOM, pl.DataFrame({"athlete_id": [tom]}))], version)


def test_a_device_has_the_record_as_its_owner_has_it(both):
    store, nora, tom = both
    own = narrow(store, identity(1, "everything", nora))
    assert own.left_out(nora, date(2026, 5, 1)).missing == 0
    with pytest.raises(NotAllowed):
        own.left_out(tom, date(2026, 5, 1))


def test_a_log_reads_the_units_of_its_runner_and_may_not_change_them(both):
    store, nora, _ = both
    store.set_settings(nora, {"weight_unit": "lb"})
    own = narrow(store, identity(1, "log_only", nora))
    assert own.settings(nora) == {"weight_unit": "lb"}
    with pytest.raises(NotAllowed):
        own.set_settings(nora, {"weight_unit": "kg"})


def test_the_list_of_runners_is_one_runner(both):
    store, nora, _ = both
    assert [one.athlete_id for one in narrow(store, identity(1, "everything", nora)).runners()] == [nora]


def test_a_store_that_asks_for_the_shown_runner_stays_narrow(both):
    store, nora, tom = both
    own = narrow(store, identity(1, "everything", nora))
    assert isinstance(own.only_for(lambda: nora), NarrowStore)
    with pytest.raises(NotAllowed):
        own.only_for(lambda: tom).set_settings(nora, {"drop_change_mm": "4"})

    def nobody():
        raise RunnerNotShown("Nobody is shown.")

    with pytest.raises(RunnerNotShown):
        own.only_for(nobody).set_settings(nora, {"drop_change_mm": "4"})
    assert isinstance(own.without("strava_api"), NarrowStore)
    with pytest.raises(NotAllowed):
        own.without("strava_api").read(SYMPTOM, tom)


def test_what_is_left_out_stays_left_out_of_a_store_for_one_runner(both):
    store, nora, _ = both
    assert store.without("strava_api").only_for(lambda: nora)._left_out == ("strava_api",)


def test_recordings_are_of_the_own_runner_and_none_of_a_log(both):
    store, nora, tom = both
    with pytest.raises(NotAllowed):
        narrow(store, identity(1, "everything", nora)).samples.scan(tom, ["x"])
    assert not narrow(store, identity(1, "everything", nora)).samples.exists(nora, "x")
    with pytest.raises(NotAllowed):
        _ = narrow(store, identity(1, "log_only", nora)).samples


def test_the_owner_has_the_store_itself_and_a_device_without_a_runner_has_none(both):
    store, *_ = both
    assert narrow(store, OWNER) is store
    with pytest.raises(NotAllowed):
        narrow(store, identity(1, "everything", None))  # type: ignore[arg-type]


def test_jobs_are_read_of_the_own_runner_and_none_of_a_log(both):
    store, nora, tom = both
    own = narrow(store, identity(1, "everything", nora)).jobs
    assert own.latest(nora, "import") is None
    with pytest.raises(NotAllowed):
        own.latest(tom, "import")
    with pytest.raises(NotAllowed):
        _ = narrow(store, identity(1, "log_only", nora)).jobs
