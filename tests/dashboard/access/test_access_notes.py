"""Who is noted in the access log: persons and paired devices, each with what they saw, saved and changed."""

from __future__ import annotations

import pytest
from door_rig import identity

from connectors.errors import NotAllowed
from connectors.frames import SYMPTOM
from dashboard.access.access_notes import actor_of, note_download, note_page
from dashboard.access.identity import OWNER, Identity
from dashboard.access.narrow_store import narrow


def noted(store) -> list[tuple[str, int | None, str, str | None]]:
    return [(one.actor, one.athlete_id, one.action, one.subject) for one in store.access_log.entries()]


@pytest.fixture
def nora(store) -> int:
    return store.add_runner("Nora").athlete_id


def test_everybody_has_a_name_in_the_log_but_the_owner():
    assert actor_of(OWNER) is None
    assert actor_of(identity(4)) == "device:4"
    assert actor_of(Identity("p", "person", person_id=7)) == "person:7"


def test_a_page_is_noted_once_and_a_file_each_time(store, nora):
    for who in (OWNER, identity(4, "everything", nora)):
        for _ in range(2):
            note_page(store, who, nora, "timeline")
            note_download(store, who, nora, "Save PDF")
    assert noted(store) == [
        ("device:4", nora, "saw", "timeline"),
        ("device:4", nora, "downloaded", "Save PDF"),
        ("device:4", nora, "downloaded", "Save PDF"),
    ]


@pytest.mark.parametrize("scope", ["everything", "log_only"])
def test_what_a_device_writes_is_noted_and_what_it_may_not_is_not(store, nora, scope):
    own = narrow(store, identity(4, scope, nora)).only_for(lambda: nora)
    own.read(SYMPTOM, nora)
    assert noted(store) == []
    own.delete(SYMPTOM, nora, "manual", ["s1"])
    assert noted(store) == [("device:4", nora, "changed", "symptom")]
    with pytest.raises(NotAllowed):
        own.delete(SYMPTOM, store.add_runner("Tom").athlete_id, "manual", ["s1"])
    assert len(noted(store)) == 1


def test_what_the_owner_writes_is_not(store, nora):
    narrow(store, OWNER).only_for(lambda: nora).delete(SYMPTOM, nora, "manual", ["s1"])
    assert noted(store) == []
