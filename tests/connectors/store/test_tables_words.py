"""A zero byte or half a sign in a text: the same on both databases, whichever way it comes in."""

from __future__ import annotations

from datetime import date

from backed_up_runner import fill, provenance, rows
from postgres_rig import use_fresh_database

from connectors.backup import backup
from connectors.backup.restore import restore
from connectors.edits import Edit
from connectors.frames import SHOE, SYMPTOM
from connectors.store import open_store

ODD = "sore\0 after \ud83d"
AS_STORED = "sore after \ufffd"


def test_a_text_is_kept_without_them_and_written_again_changes_nothing(store, runner):
    me = runner.athlete_id
    day = {"date": date(2026, 5, 2), "note": "sore\0 after", **provenance(me, "manual", "d\0")}
    frame = rows(SYMPTOM, day)
    counts = [store.write(SYMPTOM, frame) for _ in range(2)]
    assert [(one.new, one.unchanged) for one in counts] == [(1, 0), (0, 1)]
    assert store.read(SYMPTOM, me).select("note", "source_id").rows() == [("sore after", "d")]
    assert store.delete(SYMPTOM, me, "manual", ["d\0"]) == 1


def test_words_of_every_other_kind_too(store, tmp_path):
    me = fill(store, "Robin")
    store.set_settings(me, {"a.b": ODD})
    store.set_bookmarks(me, {"c": ODD})
    store.set_machine_setting("d", ODD)
    pair = store.read(SHOE, me)["shoe_id"][0]
    store.edit(me, [Edit("shoe", pair, "name", ODD)])
    assert store.settings(me)["a.b"] == store.bookmarks(me)["c"] == store.machine_settings()["d"] == AS_STORED
    assert store.shoes(me)["name"].to_list() == [AS_STORED]
    assert store.verify() == []
    backup(store, tmp_path / "robin.zip", [store.runner("Robin")])
    use_fresh_database()
    with open_store(tmp_path / "other") as other:
        restore(other, tmp_path / "robin.zip")
        [back] = other.runners()
        assert other.settings(back.athlete_id)["a.b"] == AS_STORED
        assert other.verify() == []
