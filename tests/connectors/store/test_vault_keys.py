"""Keys of the vault: from a file that the environment names, from the environment, or beside it."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import VaultUnreadable
from connectors.store.token_vault import StravaApp, Tokens, open_vault
from connectors.store.vault_keys import KEY_NAME, MOST_BYTES, new_key, read_keys, signing_keys

TOKENS = Tokens("access-word", "refresh-word", 1_800_000_000, ("read",), 134815)


def key_file(folder: Path, content: bytes, mode: int = 0o600) -> Path:
    path = folder / "heelwise_key"
    path.write_bytes(content)
    path.chmod(mode)
    return path


def test_the_key_of_a_file_opens_and_closes_and_none_is_made_beside(tmp_path):
    path = key_file(tmp_path, new_key() + b"\n")
    vault = open_vault(tmp_path / "home", {"HEELWISE_KEY_FILE": str(path)})
    vault.write(1, TOKENS)
    assert vault.read(1) == TOKENS
    assert not (tmp_path / "home" / KEY_NAME).exists()
    sealed = (tmp_path / "home" / "vault").read_bytes()
    assert b"refresh-word" in Fernet(path.read_bytes().strip()).decrypt(sealed)
    with pytest.raises(VaultUnreadable, match="its key is not"):
        open_vault(tmp_path / "home", {}).read(1)


@pytest.mark.parametrize(
    ("content", "mode", "sentence"),
    [
        (None, 0o600, "there is no such file"),
        (b"", 0o600, "holds no usable key"),
        (b"\n  \n", 0o600, "holds no usable key"),
        (b"short", 0o600, "holds no usable key"),
        (b"A" * (MOST_BYTES + 1), 0o600, "holds no usable key"),
        (b"\xff\xfe" * 22, 0o600, "holds no usable key"),
        (Fernet.generate_key(), 0o644, "other users of this machine may read"),
        (Fernet.generate_key(), 0o640, "other users of this machine may read"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_and_nothing_is_written(tmp_path, content, mode, sentence):
    path = tmp_path / "heelwise_key"
    if content is not None:
        key_file(tmp_path, content, mode)
    vault = open_vault(tmp_path / "home", {"HEELWISE_KEY_FILE": str(path)})
    with pytest.raises(VaultUnreadable, match=sentence) as raised:
        vault.write_app(StravaApp("1", "very-secret-word"))
    assert str(path) in str(raised.value)
    assert content is None or len(content) < 5 or content.decode(errors="replace") not in str(raised.value)
    assert not (tmp_path / "home" / "vault").exists()
    assert not (tmp_path / "home" / KEY_NAME).exists()


def test_a_folder_or_a_file_of_somebody_else_is_refused(tmp_path):
    with pytest.raises(VaultUnreadable, match="is no file"):
        read_keys(tmp_path / "vault", {"HEELWISE_KEY_FILE": str(tmp_path)})
    if os.geteuid() != 0:
        path = key_file(tmp_path, new_key(), 0o000)
        with pytest.raises(Exception, match="heelwise_key"):
            read_keys(tmp_path / "vault", {"HEELWISE_KEY_FILE": str(path)})


def test_the_file_comes_before_the_environment_and_that_before_the_key_beside(tmp_path):
    in_file, in_environment, beside = (new_key() for _ in range(3))
    key_file(tmp_path, beside).rename(tmp_path / KEY_NAME)
    path = key_file(tmp_path, in_file)
    vault, given = tmp_path / "vault", {"HEELWISE_KEY": in_environment.decode()}
    assert read_keys(vault, {}).keys == (beside,)
    assert read_keys(vault, given).keys == (in_environment, beside)
    every = read_keys(vault, {**given, "HEELWISE_KEY_FILE": str(path)})
    assert (every.keys, every.file, every.in_file) == ((in_file, in_environment, beside), path, 1)
    assert len({*signing_keys(every)}) == 3


@given(
    st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=4),
    st.sampled_from([",", "\n", " , ", "\r\n"]),
)
def test_keys_are_read_in_order_whatever_parts_them(tmp_path_factory, raw, between):
    folder = tmp_path_factory.mktemp("keys")
    keys = tuple(base64.urlsafe_b64encode(one) for one in raw)
    path = key_file(folder, between.encode().join(keys))
    read = read_keys(folder / "vault", {"HEELWISE_KEY_FILE": str(path)})
    assert (read.keys, read.in_file) == (keys, len(keys))
