from __future__ import annotations

import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import HeelwiseError
from dashboard.cohort.study_key import StudyKey, keyed_digest, open_key

secrets = st.binary(min_size=32, max_size=32)


def test_a_key_is_made_once_for_its_owner_alone(tmp_path):
    path = tmp_path / "deep" / "er" / "key"
    key, made = open_key(path)
    assert made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert open_key(path) == (key, False)


@pytest.mark.parametrize("text", ["", "abc", "00" * 31, "zz" * 32, "\xff"])
def test_what_is_no_key_is_refused(tmp_path, text):
    path = tmp_path / "key"
    path.write_bytes(text.encode("latin-1"))
    path.chmod(0o600)
    with pytest.raises(HeelwiseError, match="does not hold a key"):
        open_key(path)


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
def test_a_key_that_others_may_read_is_refused(tmp_path):
    path = tmp_path / "key"
    open_key(path)
    path.chmod(0o640)
    with pytest.raises(HeelwiseError, match="chmod 600"):
        open_key(path)


@given(secrets, secrets, st.text(), st.text())
def test_names_hang_on_the_key_the_kind_and_the_name(one, other, name, another):
    key = StudyKey(one)
    athlete = key.athlete("file", name)
    assert len(athlete) == 32
    assert athlete == StudyKey(one).athlete("file", name)
    assert athlete != key.athlete("row", name)
    assert (athlete == key.athlete("file", another)) == (name == another)
    assert (athlete == StudyKey(other).athlete("file", name)) == (one == other)
    assert 1 <= key.shift_weeks(athlete) <= 52
    assert key.digest_key() != one
    assert keyed_digest(key.digest_key(), name.encode("utf-8", "surrogatepass")) != athlete


def test_a_place_that_can_hold_no_key_is_refused_as_that(tmp_path):
    (tmp_path / "leads nowhere").symlink_to(tmp_path / "gone" / "key")
    for path in (tmp_path, tmp_path / "leads nowhere"):
        with pytest.raises(HeelwiseError, match="is no file"):
            open_key(path)
    assert not (tmp_path / "gone").exists()
