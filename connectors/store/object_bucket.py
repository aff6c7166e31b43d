"""A bucket of whole objects, by obstore: S3, Google, Azure, a folder, or the memory of this process for tests."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from connectors.errors import SamplesUnreachable, StoreError
from connectors.store.samples import LEFT_OVER_S

SCHEMES = ("s3", "gs", "az", "file", "memory")
_NAME = re.compile(r"[0-9a-f]{32}\.parquet")
_RETRY = {"max_retries": 2, "retry_timeout": timedelta(seconds=20)}
_CLIENT = {"timeout": timedelta(seconds=30), "connect_timeout": timedelta(seconds=5)}


class ObjectBucket:
    """Objects under random names, each written once and never changed."""

    def __init__(self, url: str) -> None:
        self.where = _shown(url)
        self._folder = _local_folder(url)
        self._is_remote = urlsplit(url).scheme in ("s3", "gs", "az")
        self._objects = _opened(url, self.where, self._folder)

    def put(self, content: bytes) -> str:
        """Write an object under a new random name, which nobody can guess; return the name."""
        name = f"{secrets.token_hex(16)}.parquet"
        with self._plain_errors():
            self._objects.put(name, content, mode="create" if self._folder is not None else None)
            if self._folder is not None:
                (self._folder / name).chmod(0o600)
        return name

    def get(self, name: str) -> bytes | None:
        """Read an object; None where it is not there."""
        with self._plain_errors():
            try:
                return bytes(self._objects.get(name).bytes())
            except FileNotFoundError:
                return None

    def delete(self, names: list[str]) -> None:
        """Delete objects; one that is gone already is as good."""
        with self._plain_errors():
            if self._is_remote and names:
                self._objects.delete(names)  # a thousand in one request; what is not there is no error
                return
            for name in names:
                with suppress(FileNotFoundError):
                    self._objects.delete(name)

    def older_names(self, age_s: float = LEFT_OVER_S) -> list[str]:
        """List the objects that are older than a write takes; what bears another kind of name is somebody else's."""
        before = datetime.now(UTC) - timedelta(seconds=age_s)
        with self._plain_errors():
            listed = [one for chunk in self._objects.list() for one in chunk]
        return [
            one["path"] for one in listed if _NAME.fullmatch(one["path"]) and one["last_modified"] < before
        ]

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        failure = import_module("obstore.exceptions").BaseError
        try:
            yield
        except FileNotFoundError as error:
            raise self._unreachable("there is no such bucket or folder") from error
        except (failure, OSError) as error:
            raise self._unreachable(_reason(error)) from error

    def _unreachable(self, reason: str) -> SamplesUnreachable:
        return SamplesUnreachable(
            f"The recordings lie in {self.where}, which cannot be used: {reason}. Everything that is stored is kept, "
            "there and in the database. Check HEELWISE_SAMPLES, the rights on it and the network, then try again."
        )


@lru_cache
def bucket_of(url: str) -> ObjectBucket:
    """Return the bucket of an address; one client for each process."""
    return ObjectBucket(url)


def _opened(url: str, where: str, folder: Path | None) -> Any:
    try:
        stores = import_module("obstore.store")
    except ModuleNotFoundError as error:
        raise StoreError(
            f"HEELWISE_SAMPLES names {where}, and what reads it is not installed. Nothing was changed. "
            'Install it with: pip install "heelwise[clinic]"'
        ) from error
    try:
        if folder is not None:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)
            return stores.LocalStore(folder)
        if urlsplit(url).scheme == "memory":
            return stores.MemoryStore()
        return stores.from_url(url, retry_config=_RETRY, client_options=_options())
    except (OSError, ValueError, import_module("obstore.exceptions").BaseError) as error:
        raise StoreError(
            f"HEELWISE_SAMPLES names {where}, which cannot be opened ({_reason(error)}). Nothing was changed. "
            "Correct it, or take it away to use the folder beside the store."
        ) from error


def _options() -> dict[str, object]:
    # A server of one's own on this machine, such as MinIO, may speak without TLS; every other one must not.
    host = urlsplit(os.environ.get("AWS_ENDPOINT_URL", "")).hostname
    return {**_CLIENT, "allow_http": host in ("127.0.0.1", "localhost", "::1")}


def _local_folder(url: str) -> Path | None:
    parts = urlsplit(url)
    return Path(unquote(parts.path)) if parts.scheme == "file" else None


def _shown(url: str) -> str:
    """Return an address for a sentence, without what may be secret in it."""
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or (parts.scheme in ("s3", "gs", "az") and not parts.hostname):
        raise StoreError(
            "HEELWISE_SAMPLES is no address of a bucket or folder. Nothing was changed. It begins with one of: "
            f"{', '.join(f'{one}://' for one in SCHEMES)}."
        )
    return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"


_REASONS = {
    "PermissionDeniedError": "it does not allow this",
    "UnauthenticatedError": "it does not know who asks",
    "PermissionError": "it may not be written to",
}


def _reason(error: BaseException) -> str:
    """Return a reason in words: those of the library hold addresses and sometimes keys."""
    words = str(error).lower()
    if "nosuchbucket" in words or "bucket not found" in words:
        return "there is no such bucket"
    if "connect" in words or "timed out" in words or "dns" in words:
        return "it does not answer"
    return _REASONS.get(type(error).__name__, f"it answers with a fault of its own, {type(error).__name__}")
