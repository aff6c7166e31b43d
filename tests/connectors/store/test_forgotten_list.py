"""The list of forgotten runners: whatever is done to it, it shows, and what can be read of it is applied."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.store.forgotten_list import (
    GRANT,
    LIST_NAME,
    RUNNER,
    Ended,
    bring_back,
    digest_of_person,
    digest_of_runner,
    note_ended,
    read_own_list,
)
from connectors.store.vault_keys import KEY_NAME, new_key

AT = datetime(2026, 11, 29, 10, tzinfo=UTC)


def runner(name: str, at: datetime = AT) -> Ended:
    return Ended(RUNNER, digest_of_runner(name), at.isoformat())


def fill(home: Path, *names: str) -> Path:
    home.mkdir(mode=0o700, exist_ok=True)
    assert note_ended(home, [runner(name) for name in names], {}) is None
    return home / LIST_NAME


def test_a_runner_is_known_by_a_digest_alone_and_once(tmp_path):
    path = fill(tmp_path / "home", "uid-of-robin", "uid-of-robin")
    note_ended(path.parent, [runner("uid-of-robin", AT + timedelta(days=1))], {})
    names = read_own_list(path.parent, 1, {})
    assert (names.problems, names.lines, names.forgotten_at("uid-of-robin")) == ([], 1, AT)
    assert names.forgotten_at("uid-of-kim") is None
    assert names.forgotten_at(None) is None
    assert b"uid-of-robin" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_grant_is_ended_up_to_its_end_and_may_be_given_again(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    person = digest_of_person("https://id.example", "kim")
    note_ended(home, [Ended(GRANT, digest_of_runner("robin"), AT.isoformat(), person)], {})
    names = read_own_list(home, 1, {})
    given = [AT - timedelta(days=1), AT + timedelta(seconds=1)]
    assert [names.is_ended("robin", "https://id.example", "kim", one) for one in given] == [True, False]
    assert not names.is_ended("robin", "https://id.example", "alex", given[0])
    assert not names.is_ended("kim", "https://id.example", "kim", given[0])
    assert names.runners == {}


UNMARKED = json.dumps({"kind": "runner", "who": "1" * 64, "person": "", "at": AT.isoformat()})


def _without(number):
    return lambda lines: [line for at, line in enumerate(lines) if at != number]


FAULTS = {
    "last line gone": (_without(3), 3, "3 lines, and had 4 before"),
    "a line in the middle gone": (_without(1), 3, "cannot be verified"),
    "two lines turned": (lambda lines: [lines[1], lines[0], *lines[2:]], 4, "cannot be verified"),
    "another runner": (
        lambda lines: [lines[0].replace(digest_of_runner("a"), "0" * 64), *lines[1:]],
        4,
        "cannot be verified",
    ),
    "another day": (
        lambda lines: [lines[0].replace("2026-11-29", "2026-11-28"), *lines[1:]],
        4,
        "cannot be verified",
    ),
    "no line at all": (lambda lines: ["\x00\x00", *lines[1:]], 3, "cannot be read"),
    "a line without a mark": (lambda lines: [*lines, UNMARKED], 5, "cannot be verified"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_reported_and_what_can_be_read_is_applied(tmp_path, fault):
    change, applied, sentence = FAULTS[fault]
    path = fill(tmp_path / "home", *"abcd")
    path.write_text("".join(f"{line}\n" for line in change(path.read_text().splitlines())))
    names = read_own_list(path.parent, 4, {})
    assert any(sentence in problem for problem in names.problems), names.problems
    assert len(names.runners) == applied


def test_a_missing_list_and_a_missing_key_are_reported(tmp_path):
    path = fill(tmp_path / "home", "a", "b")
    key = path.with_name(KEY_NAME).read_bytes()
    assert read_own_list(path.parent, 2, {}).problems == []
    path.with_name(KEY_NAME).unlink()
    assert (
        "2 lines of the list of forgotten runners cannot be verified"
        in read_own_list(path.parent, 2, {}).problems[0]
    )
    given = {"HEELWISE_KEY": f"{new_key().decode()},{key.decode()}"}
    assert read_own_list(path.parent, 2, given).problems == []
    path.unlink()
    assert "is missing" in read_own_list(path.parent, 2, given).problems[0]
    assert read_own_list(path.parent, 0, given).problems == []


def test_a_key_that_cannot_be_used_holds_no_deletion_up_and_is_reported(tmp_path):
    path = fill(tmp_path / "home", "a")
    given = {"HEELWISE_KEY_FILE": str(tmp_path / "nowhere")}
    problem = note_ended(path.parent, [runner("b")], given)
    assert problem is not None
    assert "there is no such file" in problem
    names = read_own_list(path.parent, 2, {})
    assert names.forgotten_at("b") == AT
    assert "1 line of the list of forgotten runners cannot be verified" in names.problems[0]


@given(st.lists(st.text(max_size=20), unique=True, min_size=1, max_size=8), st.data())
def test_whoever_comes_back_at_their_wish_leaves_the_rest_as_it_was(tmp_path_factory, names, data):
    home = tmp_path_factory.mktemp("homes") / "home"
    fill(home, *names)
    back = data.draw(st.sampled_from(names))
    left = bring_back(home, back, {})
    after = read_own_list(home, left, {})
    assert after.problems == []
    assert [name for name in names if after.forgotten_at(name) is None] == [back]


def test_many_at_once_lose_no_line(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    threads = [
        threading.Thread(target=note_ended, args=(home, [runner(f"{number}")], {})) for number in range(12)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    names = read_own_list(home, 12, {})
    assert (names.problems, len(names.runners)) == ([], 12)
