"""A dump comes back, and whoever was forgotten since does not."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyrage
import pytest
from backed_up_runner import fill, same
from sqlalchemy import insert, select, update

from connectors.backup import backup, restore
from connectors.backup.dump import dump_all, make_pair, set_up
from connectors.backup.restore_dump import is_dump, parse_identity, restore_dump
from connectors.errors import LockedFile, RunnerUnknown, StoreError, UnreadableFile
from connectors.store import Store, open_store
from connectors.store.forgotten_list import LIST_NAME
from connectors.store.forgotten_notes import COPY_NAME, note_grants_ended
from connectors.store.tables import GRANT_TABLE, PERSON_TABLE
from connectors.store.vault_keys import new_key

NOW = datetime(2026, 11, 29, 3, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def key(monkeypatch):
    """The vault's key, which a server has from a file and a person keeps elsewhere."""
    monkeypatch.setenv("HEELWISE_KEY", new_key().decode())


@pytest.fixture
def private(store) -> str:
    """The private key of a store that is set up for dumps."""
    public, private = make_pair()
    set_up(store, public)
    return private


@pytest.fixture
def other(tmp_path) -> Iterator[Store]:
    """A new machine."""
    with open_store(tmp_path / "other") as opened:
        yield opened


def bring(store: Store, path: Path, private: str, **more):
    results = []
    done = restore_dump(store, path, parse_identity(private), results.append, **more)
    return done, results


def names(store: Store) -> list[str]:
    return sorted(one.name for one in store.runners())


def test_everybody_comes_back_to_the_bit_on_another_machine(store, private, other, tmp_path):
    robin, _ = fill(store, "Robin"), fill(store, "Kim")
    path = dump_all(store, tmp_path / "dumps", NOW).path
    assert is_dump(path)
    done, results = bring(other, path, private)
    assert (done.brought, done.runners, names(other)) == (2, 2, ["Kim", "Robin"])
    same(store, robin, other, next(one.runner.athlete_id for one in results if one.runner.name == "Robin"))
    again, results = bring(other, path, private)
    assert [(one.new, one.updated) for one in results] == [(0, 0), (0, 0)]
    assert again.brought == 2
    assert not list(other.home.glob("dump-*"))


def test_forgotten_stays_forgotten_here_and_on_a_new_machine(store, private, other, tmp_path):
    robin, _ = fill(store, "Robin"), fill(store, "Kim")
    path = dump_all(store, tmp_path / "dumps", NOW).path
    assert store.delete_runner(robin).list_problem is None
    done, _ = bring(store, path, private)
    assert (done.forgotten, names(store)) == (1, ["Kim"])
    # A machine that has nothing but the folder of the dumps and the key of the vault.
    done, results = bring(other, path, private)
    assert (done.forgotten, names(other)) == (1, ["Kim"])
    assert [one.left_out for one in results if one.is_forgotten] != []
    assert not any("Robin" in f"{one.runner.name} {one.left_out}" for one in results)
    # That machine goes on without the copy beside the dump.
    (path.parent / COPY_NAME).unlink()
    done, _ = bring(other, path, private)
    assert (done.forgotten, names(other)) == (1, ["Kim"])
    assert b"Robin" not in (store.home / LIST_NAME).read_bytes()


def test_forgotten_stays_forgotten_for_a_backup_of_one_file_too(store, private, tmp_path):
    robin = fill(store, "Robin")
    backup(store, tmp_path / "b.zip")
    store.delete_runner(robin)
    [done] = restore(store, tmp_path / "b.zip")
    assert (done.is_forgotten, names(store)) == (True, [])


def test_a_runner_comes_back_by_their_own_backup_at_their_wish_alone(store, private, other, tmp_path):
    robin, kim = fill(store, "Robin"), fill(store, "Kim")
    backup(store, tmp_path / "b.zip", [one for one in store.runners() if one.name == "Robin"])
    path = dump_all(store, tmp_path / "dumps", NOW).path
    store.delete_runner(robin)
    store.delete_runner(kim)
    restore(store, tmp_path / "b.zip", brings_back=True)
    assert names(store) == ["Robin"]
    assert [one for one in store.check() if one.id == "forgotten_list"] == []
    for somewhere in (store, other):
        done, _ = bring(somewhere, path, private)
        assert (done.forgotten, names(somewhere)) == (1, ["Robin"])


def test_without_dumps_a_backup_brings_back_as_ever(store, tmp_path):
    robin = fill(store, "Robin")
    backup(store, tmp_path / "b.zip")
    store.delete_runner(robin)
    assert not (store.home / LIST_NAME).exists()
    restore(store, tmp_path / "b.zip")
    assert names(store) == ["Robin"]


def _gone(home: Path) -> None:
    (home / LIST_NAME).unlink()


def _cut(home: Path) -> None:
    lines = (home / LIST_NAME).read_text().splitlines()
    (home / LIST_NAME).write_text("".join(f"{line}\n" for line in lines[:-1]))


def _turned(home: Path) -> None:
    text = (home / LIST_NAME).read_text()
    (home / LIST_NAME).write_text(text.replace("2026", "2025"))


@pytest.mark.parametrize("damage", [_gone, _cut, _turned])
@pytest.mark.parametrize("is_copy_there", [True, False])
def test_a_list_that_is_damaged_is_reported_and_never_passed_over(
    store, private, tmp_path, damage, is_copy_there
):
    robin, kim = fill(store, "Robin"), fill(store, "Kim")
    fill(store, "Alex")
    path = dump_all(store, tmp_path / "dumps", NOW).path
    backup(store, tmp_path / "b.zip")
    store.delete_runner(robin)
    store.delete_runner(kim)
    damage(store.home)
    if not is_copy_there:
        (path.parent / COPY_NAME).unlink()
        with pytest.raises(StoreError, match="list of forgotten runners"):
            bring(store, path, private)
        assert names(store) == ["Alex"]
        done, _ = bring(store, path, private, accepts_list=True)
        assert done.problems
        assert done.forgotten == {_gone: 0, _cut: 1, _turned: 2}[damage]
    else:
        # The copy beside the dumps is as it was written, and has every line.
        done, _ = bring(store, path, private)
        assert (done.forgotten, names(store)) == (2, ["Alex"])
    damage(store.home) if (store.home / LIST_NAME).exists() else None
    with pytest.raises(StoreError, match="nothing was restored"):
        restore(store, tmp_path / "b.zip")


def test_a_new_machine_without_any_list_asks_first(store, private, other, tmp_path):
    fill(store, "Robin")
    path = dump_all(store, tmp_path / "dumps", NOW).path
    (path.parent / COPY_NAME).unlink()
    with pytest.raises(StoreError, match="neither here nor beside the dump"):
        bring(other, path, private)
    assert names(other) == []
    bring(other, path, private, accepts_list=True)
    assert names(other) == ["Robin"]


def test_a_new_machine_with_another_key_does_not_believe_the_list_and_applies_it(
    store, private, other, tmp_path, monkeypatch
):
    robin, _ = fill(store, "Robin"), fill(store, "Kim")
    path = dump_all(store, tmp_path / "dumps", NOW).path
    store.delete_runner(robin)
    monkeypatch.setenv("HEELWISE_KEY", new_key().decode())
    with pytest.raises(StoreError, match="cannot be verified with the key that is here"):
        bring(other, path, private)
    assert names(other) == []
    done, _ = bring(other, path, private, accepts_list=True)
    assert (done.forgotten, names(other)) == (1, ["Kim"])


def test_a_deletion_that_is_cut_off_is_on_the_list_once_it_is_finished(store, private, tmp_path):
    robin = fill(store, "Robin")
    path = dump_all(store, tmp_path / "dumps", NOW).path
    store.mark_deletion(robin)
    home = store.home
    store.close()
    with open_store(home) as opened:
        # The mark is of a process that lives, this one; a sweep leaves it to that, and the next deletion finishes it.
        opened.delete_runner(robin)
        done, _ = bring(opened, path, private)
        assert (done.forgotten, names(opened)) == (1, [])


def _persons(store: Store, robin: int, *subjects: str) -> None:
    with store._database.writing() as connection:
        for number, subject in enumerate(subjects, start=1):
            person = {"issuer": "https://id.example", "subject": subject, "added_utc": 1, "is_admin": 1}
            connection.execute(insert(PERSON_TABLE).values(**person))
            given = {"athlete_id": robin, "person_id": number, "access": "see", "given_utc": 1_000_000}
            connection.execute(insert(GRANT_TABLE).values(**given))


def _grants(store: Store) -> list[tuple[str, int]]:
    query = (
        select(PERSON_TABLE.c.subject, PERSON_TABLE.c.is_admin)
        .join(GRANT_TABLE, GRANT_TABLE.c.person_id == PERSON_TABLE.c.person_id)
        .where(GRANT_TABLE.c.ended_utc.is_(None))
        .order_by(PERSON_TABLE.c.subject)
    )
    with store._database.reading() as connection:
        return [tuple(row) for row in connection.execute(query)]


def test_grants_come_back_but_those_that_ended_and_nobody_is_an_administrator(
    store, private, other, tmp_path
):
    robin = fill(store, "Robin")
    _persons(store, robin, "alex", "kim", "robin")
    path = dump_all(store, tmp_path / "dumps", NOW).path
    with store._database.writing() as connection:
        connection.execute(update(GRANT_TABLE).where(GRANT_TABLE.c.grant_id == 2).values(ended_utc=2_000_000))
        note_grants_ended(store.home, connection, [2], NOW)
    done, _ = bring(other, path, private)
    assert (done.grants.new, done.grants.ended) == (2, 1)
    assert _grants(other) == [("alex", 0), ("robin", 0)]
    done, _ = bring(store, path, private)
    assert (done.grants.new, done.grants.unchanged, done.grants.ended) == (0, 2, 1)
    assert [subject for subject, _ in _grants(store)] == ["alex", "robin"]


def test_a_person_who_was_removed_gets_nothing_back(store, private, tmp_path):
    robin = fill(store, "Robin")
    _persons(store, robin, "alex")
    path = dump_all(store, tmp_path / "dumps", NOW).path
    with store._database.writing() as connection:
        connection.execute(update(GRANT_TABLE).values(ended_utc=2_000_000))
        connection.execute(update(PERSON_TABLE).values(removed_utc=2_000_000))
    done, _ = bring(store, path, private)
    assert (done.grants.new, done.grants.ended, _grants(store)) == (0, 1, [])


@pytest.mark.parametrize("text", ["", "hello", "AGE-SECRET-KEY-1QQ", "# only a comment", "age1x\nage1y"])
def test_what_is_no_private_key_is_refused_without_repeating_it(text):
    with pytest.raises(LockedFile, match="not a private age key") as raised:
        parse_identity(text)
    assert not text.strip() or text not in str(raised.value)


def test_the_key_file_of_age_keygen_is_read():
    _, private = make_pair()
    assert str(parse_identity(f"# created: 2026\n# public key: age1\n{private}\n")) == private


def test_another_key_a_changed_and_a_cut_dump_change_nothing(store, private, other, tmp_path):
    fill(store, "Robin")
    path = dump_all(store, tmp_path / "dumps", NOW).path
    with pytest.raises(LockedFile, match="does not fit this dump"):
        bring(other, path, make_pair()[1])
    content = path.read_bytes()
    for damaged in (content[:-1], content[: len(content) // 2], content[:-200] + b"\0" + content[-199:]):
        path.write_bytes(damaged)
        with pytest.raises(UnreadableFile):
            bring(other, path, private)
    assert names(other) == []
    assert not list(other.home.glob("dump-*"))


def packed(members: dict[str, bytes], target: Path, public: str) -> Path:
    """Close any members as a dump: whoever has the public key may."""
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    target.write_bytes(pyrage.encrypt(tar.getvalue(), [pyrage.x25519.Recipient.from_str(public)]))
    return target


REST = b'"forgotten_lines":0,"made_utc":"2026-11-29T00:00:00+00:00"}'


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"contents.json": b"{}"},
        {"contents.json": b"[]"},
        {"../../evil": b"x", "contents.json": b"{}"},
        {"runners/../1.zip": b"x"},
        {"contents.json": b'{"heelwise_dump":1,"runners":2,' + REST},
        {"contents.json": b'{"heelwise_dump":9,"runners":0,' + REST},
    ],
)
def test_what_somebody_else_closed_for_the_key_is_refused(other, tmp_path, members):
    public, private = make_pair()
    path = packed(members, tmp_path / "forged.age", public)
    with pytest.raises(UnreadableFile):
        bring(other, path, private, accepts_list=True)
    assert names(other) == []


def test_a_runner_who_cannot_be_read_does_not_hold_up_the_others(store, private, other, tmp_path):
    fill(store, "Robin")
    fill(store, "Kim")
    public = make_pair()
    path = dump_all(store, tmp_path / "dumps", NOW).path
    clear = io.BytesIO()
    with path.open("rb") as source:
        pyrage.decrypt_io(source, clear, [pyrage.x25519.Identity.from_str(private)])
    clear.seek(0)
    with tarfile.open(fileobj=clear) as archive:
        members = {one.name: file.read() for one in archive if (file := archive.extractfile(one)) is not None}
    members["runners/1.zip"] = members["runners/1.zip"][:-50]
    broken = packed(members, path, public[0])
    done, _ = bring(other, broken, public[1])
    assert (done.brought, len(done.unreadable), names(other)) == (1, 1, ["Kim"])


def test_one_runner_of_a_dump(store, private, other, tmp_path):
    fill(store, "Robin")
    fill(store, "Kim")
    path = dump_all(store, tmp_path / "dumps", NOW).path
    bring(other, path, private, only="Kim")
    assert names(other) == ["Kim"]
    with pytest.raises(RunnerUnknown, match="no Alex in this dump"):
        bring(other, path, private, only="Alex")


def test_a_backup_with_a_passphrase_is_no_dump(store, tmp_path):
    fill(store, "Robin")
    backup(store, tmp_path / "b.age", passphrase="a passphrase")
    assert not is_dump(tmp_path / "b.age")
    assert not is_dump(tmp_path / "nowhere")


@pytest.mark.postgres
def test_dump_forget_restore_gone_on_postgresql_and_from_there_to_a_file(postgres_url, monkeypatch, tmp_path):
    public, private = make_pair()
    monkeypatch.setenv("HEELWISE_DATABASE", postgres_url)
    with open_store(tmp_path / "server") as server:
        set_up(server, public)
        robin, kim = fill(server, "Robin"), fill(server, "Kim")
        _persons(server, kim, "alex")
        path = dump_all(server, tmp_path / "dumps", NOW).path
        server.delete_runner(robin)
        done, _ = bring(server, path, private)
        assert (done.forgotten, names(server), done.grants.unchanged) == (1, ["Kim"], 1)
        monkeypatch.delenv("HEELWISE_DATABASE")
        with open_store(tmp_path / "laptop") as laptop:
            done, results = bring(laptop, path, private)
            assert (done.forgotten, names(laptop), done.grants.new) == (1, ["Kim"], 1)
            [here] = [one.runner.athlete_id for one in results if not one.is_forgotten]
            theirs, ours = server.activities(kim), laptop.activities(here)
            assert ours["distance_m"].to_list() == theirs["distance_m"].to_list() != []


def test_a_right_that_its_runner_ends_does_not_come_back_and_one_given_anew_does(
    store, private, other, tmp_path
):
    robin = fill(store, "Robin")
    _persons(store, robin, "alex", "kim")
    with store._database.writing() as connection:
        connection.execute(update(PERSON_TABLE).values(is_therapist=1))
    before = dump_all(store, tmp_path / "dumps", NOW).path
    until = datetime.now(UTC).date() + timedelta(days=30)
    store.grants.end(1, None)
    store.grants.give(robin, 2, "write", until, None)
    after = dump_all(store, tmp_path / "dumps", NOW + timedelta(days=1)).path
    done, _ = bring(other, before, private)
    assert (done.grants.new, done.grants.ended) == (0, 2)
    done, _ = bring(other, after, private)
    assert (done.grants.new, [subject for subject, _ in _grants(other)]) == (1, ["kim"])
    assert [one.action for one in store.access_log.of_runner(robin, 9)] == ["gave", "ended"]
