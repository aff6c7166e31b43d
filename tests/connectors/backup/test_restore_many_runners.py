"""Several people in one store: whatever is done for one shows in no other."""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from connectors.backup import backup, restore
from connectors.edits import Edit
from connectors.frames import ACTIVITY, SAMPLE, STORED, SYMPTOM
from connectors.source import stable_id
from connectors.store import open_store

NOW = datetime(2026, 5, 1, 6, tzinfo=UTC)
PEOPLE = ("Ada", "Bo", "Cy")


class Library(RuleBasedStateMachine):
    """Every word and number of a person carries that person's own mark."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.store = open_store(Path(self.folder.name) / "home")
        self.ids = {self.store.add_runner(name).athlete_id: name for name in PEOPLE}
        self.entries = dict.fromkeys(self.ids, 0)

    def row(self, me: int, source_id: str) -> dict:
        return {"athlete_id": me, "source": "file", "source_id": source_id, "fetched_utc": NOW}

    @rule(who=st.integers(0, 2), number=st.integers(0, 3))
    def log(self, who: int, number: int) -> None:
        me = self.chosen(who)
        entry = {**self.row(me, f"d{number}"), "date": date(2026, 5, 1 + number), "note": self.ids[me]}
        self.store.write(SYMPTOM, pl.DataFrame([entry], schema_overrides=dict(SYMPTOM.schema)))

    @rule(who=st.integers(0, 2), number=st.integers(0, 3))
    def run(self, who: int, number: int) -> None:
        me = self.chosen(who)
        activity_id = stable_id(me, "file", f"r{number}")
        run = {"start_utc": NOW, "local_date": NOW.date(), "sport": "Run", "name": self.ids[me]}
        row = {**self.row(me, f"r{number}"), "activity_id": activity_id, **run}
        self.store.write(ACTIVITY, pl.DataFrame([row], schema_overrides=dict(ACTIVITY.schema)))
        self.store.samples.write(
            me, activity_id, SAMPLE.empty().clear(1).with_columns(second=pl.lit(me, pl.Int32))
        )

    @rule(who=st.integers(0, 2), number=st.integers(0, 3))
    def edit(self, who: int, number: int) -> None:
        me = self.chosen(who)
        said = Edit("activity", stable_id(me, "file", f"r{number}"), "surface", "trail")
        self.store.edit(me, [said], reason=self.ids[me])
        self.store.set_settings(me, {"word": self.ids[me]})

    @rule(who=st.integers(0, 2))
    def take_away_and_bring_back(self, who: int) -> None:
        me = self.chosen(who)
        target = Path(self.folder.name) / "b.zip"
        runner = next(one for one in self.store.runners() if one.athlete_id == me)
        backup(self.store, target, [runner])
        self.store.delete_runner(me)
        [done] = restore(self.store, target)
        assert done.runner.athlete_id != me
        self.ids[done.runner.athlete_id] = self.ids.pop(me)

    @rule(who=st.integers(0, 2), away=st.booleans())
    def archive(self, who: int, away: bool) -> None:
        self.store.archive_runner(self.chosen(who), away)

    @precondition(lambda self: len(self.ids) == len(PEOPLE))
    @rule(who=st.integers(0, 2))
    def forget_and_begin_anew(self, who: int) -> None:
        me = self.chosen(who)
        name = self.ids.pop(me)
        self.store.delete_runner(me)
        assert all(self.store.read(contract, me).is_empty() for contract in STORED)
        assert me not in {whose for whose, _, _ in self.store.samples.files()}
        self.ids[self.store.add_runner(name).athlete_id] = name

    def chosen(self, who: int) -> int:
        return sorted(self.ids)[who]

    @invariant()
    def nobody_sees_another(self) -> None:
        for me, name in self.ids.items():
            activities, words = self.store.activities(me), self.store.settings(me)
            marks = set(self.store.read(SYMPTOM, me)["note"]) | set(activities["name"])
            marks |= set(words.values()) - {words.get("runner_uid")}
            assert marks <= {name}
            recordings = {one for whose, one, _ in self.store.samples.files() if whose == me}
            assert recordings == set(activities["activity_id"])
        assert {one.name for one in self.store.runners()} == set(PEOPLE)

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            self.folder.cleanup()


TestLibrary = Library.TestCase
TestLibrary.settings = settings(max_examples=12, stateful_step_count=20, deadline=None)
