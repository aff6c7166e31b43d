"""Reads Dockerfile and compose.yaml for `.ci/container`, refuses what it does not know, lists what it cannot run."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any

import yaml

NOT_RUN = {
    "FROM": "the base image; in its place stand this machine's own Debian and Python 3.11",
    "HEALTHCHECK": "an engine's clock; its command is run",
    "VOLUME": "an engine's volumes; folders with the owner and mode that the image gives them take their place",
    "build, image": "no image is built or pulled; PostgreSQL and Caddy are Debian's packages",
    "POSTGRES_DB, POSTGRES_PASSWORD_FILE": "the entry point of PostgreSQL's image; the same is done by hand",
    "init, restart, stop_grace_period": "the engine's own process, and what it does when a service ends",
    "networks, ports, depends_on, profiles": "an engine's networks and order; services reach one another by name",
    "healthcheck": "an engine's clock; its test is run",
}
"""What is known and cannot be run without an engine, by instruction or key; `docs/clinic.md` lists the same."""
FLAGS: dict[str, set[str]] = {
    "FROM": set(),
    "ENV": set(),
    "WORKDIR": set(),
    "COPY": {"--from"},
    "RUN": set(),
    "USER": set(),
    "VOLUME": set(),
    "HEALTHCHECK": {"--interval", "--timeout", "--start-period", "--retries"},
    "ENTRYPOINT": set(),
    "CMD": set(),
}
"""The instructions of a Dockerfile that are known, and the flags of each."""
KEYS = {
    "": {"name", "services", "networks", "volumes", "secrets"},
    "service": {
        *("build", "image", "init", "read_only", "user", "cap_drop", "cap_add", "security_opt", "restart"),
        *("stop_grace_period", "networks", "tmpfs", "volumes", "secrets", "depends_on", "environment"),
        *("healthcheck", "ports", "profiles"),
    },
    "healthcheck": {"test", "interval", "timeout", "retries"},
    "secrets": {"file"},
    "networks": {"internal"},
    "volumes": set[str](),
}
"""The keys of a compose file that are known, by what they stand in."""
OPTIONS = {
    "security_opt": {"no-new-privileges:true"},
    "cap_drop": {"ALL"},
    "cap_add": {"NET_BIND_SERVICE", "DAC_OVERRIDE"},
}
"""The values that are known of what takes rights away."""


class UnknownLine(ValueError):
    """A line of which nobody can say that it holds, since it would not be run."""


@dataclass(frozen=True)
class Instruction:
    """One instruction of a Dockerfile."""

    line: int
    word: str
    flags: Mapping[str, str]
    value: str

    def words(self) -> list[str]:
        """Return the value as words: a JSON list, or as a shell splits it."""
        return json.loads(self.value) if self.value.startswith("[") else shlex.split(self.value)

    def command(self) -> list[str]:
        """Return the value as what is started: a JSON list as it is, else by a shell."""
        return json.loads(self.value) if self.value.startswith("[") else ["/bin/sh", "-c", self.value]


def parse_dockerfile(text: str) -> list[Instruction]:
    """Split a Dockerfile into instructions, and refuse what is not known."""
    instructions: list[Instruction] = []
    joined, begun = "", 0
    for number, line in enumerate(text.splitlines(), start=1):
        if line.lstrip().startswith("#"):
            _refuse_directive(number, line)
            continue
        if not joined and not line.strip():
            continue
        begun = begun if joined else number
        joined += line.removesuffix("\\")
        if not line.endswith("\\"):
            instructions.append(_instruction(begun, joined))
            joined = ""
    if joined:
        raise UnknownLine(f"Dockerfile, line {begun}: it goes on after the end of the file.")
    return instructions


def _refuse_directive(number: int, line: str) -> None:
    if re.match(r"\s*#\s*(syntax|escape|check)\s*=", line):
        raise UnknownLine(f"Dockerfile, line {number}: {line.strip()} is not known.")


def _instruction(number: int, text: str) -> Instruction:
    word, _, rest = text.strip().partition(" ")
    if word not in FLAGS:
        raise UnknownLine(f"Dockerfile, line {number}: {word} is not known.")
    flags: dict[str, str] = {}
    rest = rest.strip()
    while match := re.match(r"(--[a-z-]+)=(\S+)\s+", rest):
        flags[match[1]] = match[2]
        rest = rest[match.end() :]
    unknown = sorted(flags.keys() - FLAGS[word])
    if unknown or rest.startswith("--") or "<<" in rest:
        raise UnknownLine(f"Dockerfile, line {number}: {word} {' '.join(unknown) or rest} is not known.")
    return Instruction(number, word, flags, rest)


def parse_compose(text: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """Read a compose file with its variables, and refuse a key that is not known."""
    read = yaml.safe_load(_with_variables(text, environment))
    compose = {name: value for name, value in read.items() if not name.startswith("x-")}
    _refuse(compose.keys() - KEYS[""], "compose.yaml")
    for name, service in compose["services"].items():
        where = f"compose.yaml, {name}"
        _refuse(service.keys() - KEYS["service"], where)
        _refuse(service.get("healthcheck", {}).keys() - KEYS["healthcheck"], f"{where}, healthcheck")
        for key, known in OPTIONS.items():
            _refuse(set(service.get(key, ())) - known, f"{where}, {key}")
    for part in ("secrets", "networks", "volumes"):
        for name, value in compose[part].items():
            _refuse((value or {}).keys() - KEYS[part], f"compose.yaml, {part}, {name}")
    return compose


def _with_variables(text: str, environment: Mapping[str, str]) -> str:
    def value_of(match: re.Match[str]) -> str:
        value = environment.get(match[1], match[2])
        if value is None:
            raise UnknownLine(f"compose.yaml asks for {match[1]}, which is not set.")
        return value

    return re.sub(r"\$\{([A-Z_]+)(?::-([^}]*)|:\?[^}]*)?\}", value_of, text)


def _refuse(unknown: Set[str], where: str) -> None:
    if unknown:
        raise UnknownLine(f"{where}: {', '.join(sorted(unknown))} is not known.")
