"""One portable file: out and in again, to the bit, on this machine and on another."""

from __future__ import annotations

import io
import json
import re
import stat
import zipfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from backed_up_runner import fill, provenance, rows, same
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.backup import backup, restore
from connectors.backup.format import MANIFEST, README
from connectors.demo import add_demo
from connectors.edits import Edit
from connectors.errors import ExcessiveWork, LockedFile, StoreError, UnreadableFile
from connectors.frames import EDIT, SYMPTOM
from connectors.source import stable_id
from connectors.store import Store, open_store
from connectors.store.runners import UID


@pytest.fixture
def other(tmp_path: Path) -> Store:
    with open_store(tmp_path / "other") as opened:
        yield opened


def test_every_frame_comes_back_to_the_bit(store, other, tmp_path):
    me = fill(store, "Robin")
    backup(store, tmp_path / "b.zip")
    [done] = restore(other, tmp_path / "b.zip")
    assert (done.runner.name, done.recordings, done.new) == ("Robin", 1, 6)
    same(store, me, other, done.runner.athlete_id)
    mine, theirs = (sorted(path.read_bytes() for _, _, path in one.samples.files()) for one in (store, other))
    assert mine == theirs
    assert other.bookmarks(done.runner.athlete_id).keys() == {"strava.gear"}


def test_the_file_is_for_its_owner_and_to_be_read_without_us(store, tmp_path):
    fill(store, "Robin", note="=cmd|' /C calc'!A0")
    target = tmp_path / "b.zip"
    backup(store, target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.glob(".*.part")] == []
    with zipfile.ZipFile(target) as packed:
        assert packed.testzip() is None
        assert "heelwise restore" in packed.read(README).decode()
        diary = pl.read_csv(io.BytesIO(packed.read("1/tables/symptom.csv")))
        assert diary["note"].to_list() == ["'=cmd|' /C calc'!A0"]
        assert json.loads(packed.read(MANIFEST))["heelwise_backup"] == 1
        assert not [name for name in packed.namelist() if "vault" in name]


def test_a_restore_repeated_changes_nothing(store, other, tmp_path):
    fill(store, "Robin")
    backup(store, tmp_path / "b.zip")
    restore(other, tmp_path / "b.zip")
    [again] = restore(other, tmp_path / "b.zip")
    assert (again.new, again.updated, len(other.runners())) == (0, 0, 1)
    [here] = restore(store, tmp_path / "b.zip")
    assert (here.new, here.updated, len(store.runners())) == (0, 0, 1)


def test_on_a_machine_with_others_ids_are_made_anew_and_still_fit(store, other, tmp_path):
    me = fill(store, "Runner")
    fill(other, "Somebody else")
    fill(other, "Runner")
    backup(store, tmp_path / "b.zip")
    [done] = restore(other, tmp_path / "b.zip")
    mine = done.runner.athlete_id
    assert (done.runner.name, mine) == ("Runner 2", 3)
    before, after = store.activities(me).row(0, named=True), other.activities(mine).row(0, named=True)
    assert after["activity_id"] == stable_id(mine, "strava_export", "r1") != before["activity_id"]
    assert after["samples_id"] == stable_id(mine, "file", "r1")
    assert other.samples.read(mine, after["samples_id"]).height == 3
    assert other.shoes(mine)["plate"].to_list() == ["carbon"]
    shoe_id = other.shoes(mine)["shoe_id"][0]
    assert (after["shoe_id"], after["edited"]) == (shoe_id, "shoe_id")
    assert json.loads(other.settings(mine)["shoe_rules"]) == [shoe_id]
    assert json.loads(other.bookmarks(mine)["strava.gear"]) == {"g1": shoe_id}
    assert other.read(EDIT, mine).height == 2
    # The next visit brings the same person's newer file: told by the name for good, not by the name.
    store.edit(me, [Edit("shoe", store.shoes(me)["shoe_id"][0], "plate", "nylon")])
    backup(store, tmp_path / "b.zip")
    [done] = restore(other, tmp_path / "b.zip")
    assert (done.runner.athlete_id, done.new, len(other.runners())) == (mine, 1, 3)
    assert other.shoes(mine)["plate"].to_list() == ["nylon"]


def test_what_a_therapist_wrote_here_outlasts_the_next_file(store, other, tmp_path):
    fill(store, "Robin")
    backup(store, tmp_path / "b.zip")
    [done] = restore(other, tmp_path / "b.zip")
    note = {
        **provenance(done.runner.athlete_id, "manual", "t"),
        "date": date(2026, 6, 1),
        "note": "by the PT",
    }
    other.write(SYMPTOM, rows(SYMPTOM, note))
    restore(other, tmp_path / "b.zip")
    assert "by the PT" in other.read(SYMPTOM, done.runner.athlete_id)["note"].to_list()


def test_only_the_one_asked_for_is_in_it(store, other, tmp_path):
    fill(store, "Robin")
    kim = store.runners()[-1]
    fill(store, "Kim")
    backup(store, tmp_path / "b.zip", [kim])
    assert [one.runner.name for one in restore(other, tmp_path / "b.zip")] == ["Robin"]
    with pytest.raises(StoreError, match="no runner"):
        backup(store, tmp_path / "c.zip", [])
    assert not (tmp_path / "c.zip").exists()


def test_the_made_up_runner_comes_once(store, other, tmp_path):
    add_demo(store, date(2026, 5, 1))
    backup(store, tmp_path / "b.zip")
    [done] = restore(other, tmp_path / "b.zip")
    same(store, 1, other, done.runner.athlete_id)
    assert UID not in other.settings(done.runner.athlete_id)
    [again] = restore(other, tmp_path / "b.zip")
    assert again.left_out
    assert len(other.runners()) == 1


def test_a_closed_file_opens_with_its_passphrase_only(store, other, tmp_path):
    me = fill(store, "Robin", note="sore heel")
    target = tmp_path / "b.age"
    backup(store, target, passphrase="correct horse")
    assert b"sore heel" not in target.read_bytes()
    for wrong in (None, "battery staple"):
        with pytest.raises(LockedFile, match="Nothing was changed"):
            restore(other, target, wrong)
    assert other.runners() == []
    [done] = restore(other, target, "correct horse")
    same(store, me, other, done.runner.athlete_id)


def test_a_file_from_a_faster_machine_is_not_blamed_on_the_passphrase(store, other, tmp_path):
    fill(store, "Robin")
    target = tmp_path / "b.age"
    backup(store, target, passphrase="correct horse")
    # The work a file asks for stands in its first lines as the power of two.
    head, factor, rest = re.split(rb"(?<= )(\d+)(?=\n)", target.read_bytes(), maxsplit=1)
    assert int(factor) < 30
    target.write_bytes(head + b"30" + rest)
    for passphrase in ("correct horse", "battery staple"):
        with pytest.raises(ExcessiveWork, match=r"faster machine.*Nothing was changed") as refusal:
            restore(other, target, passphrase)
        assert "does not fit" not in str(refusal.value)
    with pytest.raises(LockedFile, match="closed with a passphrase"):
        restore(other, target)
    assert other.runners() == []


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("written")
    with open_store(folder / "home") as store:
        fill(store, "Robin")
        backup(store, folder / "b.zip")
    return folder / "b.zip"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_is_refused_and_nothing_is_touched(other, tmp_path, written, data):
    bent = bytearray(written.read_bytes())
    if data.draw(st.booleans(), "cut off"):
        bent = bent[: data.draw(st.integers(0, len(bent) - 1))]
    else:
        at = data.draw(st.integers(0, len(bent) - 1))
        bent[at] ^= data.draw(st.integers(1, 255))
    target = tmp_path / "bent.zip"
    target.write_bytes(bent)
    try:
        done = restore(other, target)
    except UnreadableFile as error:
        said = str(error)
    else:
        said = None
    if said is not None:
        assert "Nothing was changed" in said
        assert (other.runners(), list(other.samples.files())) == ([], [])
    else:
        # A bit that says nothing, such as a time in the ZIP's own list: then all of it came in as written.
        assert (done[0].new, done[0].recordings) == (6, 1)
        other.delete_runner(done[0].runner.athlete_id)


def repacked(written: Path, change) -> bytes:
    """The file with members changed and its own list made to agree."""
    import hashlib

    with zipfile.ZipFile(written) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    manifest = json.loads(members.pop(MANIFEST))
    change(members, manifest)
    manifest["files"] = {n: hashlib.sha256(c).hexdigest() for n, c in members.items()} | manifest.pop(
        "lie", {}
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        for name, body in (*members.items(), (MANIFEST, json.dumps(manifest).encode())):
            packed.writestr(name, body)
    return content.getvalue()


def _without_columns(members, manifest):
    name = "1/tables/symptom.parquet"
    old = pl.read_parquet(io.BytesIO(members[name])).drop("morning_stiffness_band", "warmed_up")
    out = io.BytesIO()
    old.write_parquet(out)
    members[name] = out.getvalue()
    del members["1/tables/visit.parquet"], members["1/tables/visit.csv"]


def test_a_file_of_an_older_version_comes_in(other, tmp_path, written):
    (tmp_path / "old.zip").write_bytes(repacked(written, _without_columns))
    [done] = restore(other, tmp_path / "old.zip")
    [entry] = other.read(SYMPTOM, done.runner.athlete_id).to_dicts()
    assert (entry["morning_pain_0_10"], entry["warmed_up"]) == (3.0, None)


def _later(members, manifest):
    manifest["heelwise_backup"] = 2


def _leads_out(members, manifest):
    members["../../evil.parquet"] = b"x"


def _not_listed(members, manifest):
    manifest["lie"] = {"1/tables/nothing.csv": "0" * 64}


def _somebody_elses(members, manifest):
    manifest["runners"][0]["athlete_id"] = 9


def _no_recording(members, manifest):
    name = next(n for n in members if "/samples/" in n)
    members[name] = b"PAR1 not really PAR1"


@pytest.mark.parametrize("change", [_later, _leads_out, _not_listed, _somebody_elses, _no_recording])
def test_a_forged_file_is_refused_whole(other, tmp_path, written, change):
    (tmp_path / "bad.zip").write_bytes(repacked(written, change))
    with pytest.raises(UnreadableFile, match="Nothing was changed"):
        restore(other, tmp_path / "bad.zip")
    assert (other.runners(), list(other.samples.files())) == ([], [])
    assert not [p for p in (tmp_path / "other").rglob("*") if p.name.startswith(".restore")]


@pytest.mark.parametrize("name", ["nothing.zip", "."])
def test_no_file_is_one_sentence(other, tmp_path, name):
    with pytest.raises(UnreadableFile, match="Nothing was changed"):
        restore(other, tmp_path / name)


def test_a_restore_that_cannot_be_kept_takes_everything_back(store, other, tmp_path):
    fill(store, "Robin")
    backup(store, tmp_path / "b.zip")
    (tmp_path / "other" / "samples").mkdir(exist_ok=True)
    (tmp_path / "other" / "samples" / "1").touch()  # a file where the recordings' folder would be
    with pytest.raises(StoreError):
        restore(other, tmp_path / "b.zip")
    assert other.runners() == []
    assert not list((tmp_path / "other").rglob(".restore*"))


def test_recordings_that_were_there_come_back_when_a_restore_fails(store, other, tmp_path):
    me = fill(store, "Robin")
    backup(store, tmp_path / "b.zip")
    restore(other, tmp_path / "b.zip")
    [(_, activity_id, path)] = other.samples.files()
    store.samples.write(me, activity_id, store.samples.read(me, activity_id).head(1))
    store.samples.write(me, "zz00", store.samples.read(me, activity_id))
    backup(store, tmp_path / "b.zip")
    before = path.read_bytes()
    (path.parents[1] / "zz").touch()  # the second recording finds no place
    with pytest.raises(StoreError):
        restore(other, tmp_path / "b.zip")
    assert path.read_bytes() == before
    assert len(list(other.samples.files())) == 1
