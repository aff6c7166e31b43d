"""Every line of Dockerfile and compose.yaml is known to `.ci/container`; run it by hand after a change of them."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
_SPEC = importlib.util.spec_from_file_location("container_lines", ROOT / ".ci" / "container_lines.py")
assert _SPEC is not None
assert _SPEC.loader is not None
lines = importlib.util.module_from_spec(_SPEC)
sys.modules["container_lines"] = lines
_SPEC.loader.exec_module(lines)

DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = (ROOT / "compose.yaml").read_text()
ENVIRONMENT = {
    "HEELWISE_HOST": "heelwise.example.org",
    "HEELWISE_SIGN_IN_ISSUER": "https://provider.example.org",
    "HEELWISE_SIGN_IN_CLIENT_ID": "heelwise",
}


def instructions() -> list:
    return lines.parse_dockerfile(DOCKERFILE)


def compose() -> dict:
    return lines.parse_compose(COMPOSE, ENVIRONMENT)


def last_stage() -> list:
    known = instructions()
    return known[max(at for at, one in enumerate(known) if one.word == "FROM") :]


@pytest.mark.parametrize(
    "line",
    [
        "ARG VERSION=1",
        "ADD https://example.org/a.tgz /",
        'SHELL ["/bin/bash"]',
        "COPY --chown=0:0 a b",
        "RUN --mount=type=cache,target=/root true",
        "RUN <<END",
        "HEALTHCHECK --start-interval=1s CMD true",
        "FROM --platform=linux/arm64 debian",
        "# syntax=docker/dockerfile:1",
        "RUN true \\",
    ],
)
def test_a_line_of_the_dockerfile_that_is_not_run_is_refused(line):
    with pytest.raises(lines.UnknownLine, match=r"Dockerfile, line \d+"):
        lines.parse_dockerfile(f"{DOCKERFILE}\n{line}\n")


@pytest.mark.parametrize(
    ("where", "key"),
    [
        (("services", "one"), "privileged"),
        (("services", "proxy"), "devices"),
        (("services", "db"), "command"),
        (("services", "db", "healthcheck"), "start_period"),
        (("secrets", "pgpass"), "external"),
        (("networks", "inside"), "driver"),
        ((), "configs"),
    ],
)
def test_a_key_of_the_compose_file_that_is_not_known_is_refused(where, key):
    read = yaml.safe_load(COMPOSE)
    inner = read
    for name in where:
        inner = inner[name]
    inner[key] = "x"
    with pytest.raises(lines.UnknownLine, match=key):
        lines.parse_compose(yaml.safe_dump(read), ENVIRONMENT)


@pytest.mark.parametrize(
    ("key", "value"), [("cap_add", ["SYS_ADMIN"]), ("security_opt", ["seccomp:unconfined"])]
)
def test_a_right_that_is_not_known_is_refused(key, value):
    read = yaml.safe_load(COMPOSE)
    read["services"]["proxy"][key] = value
    with pytest.raises(lines.UnknownLine, match=key):
        lines.parse_compose(yaml.safe_dump(read), ENVIRONMENT)


def test_a_variable_that_nobody_set_is_named():
    with pytest.raises(lines.UnknownLine, match="HEELWISE_HOST"):
        lines.parse_compose(COMPOSE, {})


def test_the_image_runs_as_nobody_who_owns_it_and_says_where_it_writes():
    last = {one.word: one for one in last_stage()}
    assert last["USER"].value == "10001:10001"
    assert last["VOLUME"].words() == ["/var/lib/heelwise", "/run/heelwise"]
    assert "/alive" in json.loads(last["HEALTHCHECK"].value.removeprefix("CMD "))[-1]
    words = [one.word for one in last_stage()]
    assert words.index("USER") > max(at for at, word in enumerate(words) if word in ("RUN", "COPY"))


def test_what_is_installed_comes_from_the_lock_alone():
    installs = [one.value for one in instructions() if one.word == "RUN" and "pip install" in one.value]
    assert len(installs) == 2
    assert "--require-hashes -r requirements-clinic.lock" in installs[0]
    assert installs[1].endswith("pip install --no-deps --no-build-isolation .")


@pytest.mark.parametrize("name", ["one", "two"])
def test_both_processes_have_no_right_a_read_only_root_and_declared_volumes(name):
    service = compose()["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    user = next(one.value for one in last_stage() if one.word == "USER")
    assert service["user"] == user
    volumes = {entry.split(":")[1] for entry in service["volumes"]}
    assert volumes == set(next(one.words() for one in last_stage() if one.word == "VOLUME"))
    assert service["environment"]["HEELWISE_PROXY_LISTEN"] == f"unix:/run/heelwise/{name}.sock"
    assert "ports" not in service


def test_no_secret_stands_in_the_file_and_the_database_is_reached_from_inside_alone():
    known = compose()
    for service in known["services"].values():
        for key, value in service.get("environment", {}).items():
            is_file = key.endswith("_FILE") or key == "PGPASSFILE"
            assert is_file == value.startswith("/run/secrets/"), key
            assert is_file or not re.search("password|secret", key + value, re.IGNORECASE), key
            assert not re.search(r"//[^/@]+:[^/@]+@", value), key
    assert known["services"]["db"]["networks"] == ["inside"]
    assert known["networks"]["inside"] == {"internal": True}
    assert "ports" not in known["services"]["db"]


def variables_read() -> set[str]:
    """Return the variables that the source reads."""
    trees = (
        ast.parse(path.read_text())
        for folder in ("connectors", "dashboard")
        for path in (ROOT / folder).rglob("*.py")
    )
    texts = (node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {one for one in texts if isinstance(one, str) and re.fullmatch(r"HEELWISE_[A-Z_]*[A-Z]", one)}


def test_every_variable_that_is_read_is_named_where_the_document_says_and_no_other():
    document = (ROOT / "docs" / "clinic.md").read_text()
    rows = re.findall(r"^\| (`HEELWISE_.+?) \| (yes|no|`\.env`|in the image) \|", document, re.MULTILINE)
    stated = {name: where for names, where in rows for name in re.findall(r"HEELWISE_\w+", names)}
    of_compose = {"HEELWISE_HOST"}
    assert set(stated) == variables_read() | of_compose
    given = {name for one in compose()["services"].values() for name in one.get("environment", {})}
    in_env = set(re.findall(r"\$\{(HEELWISE_\w+)", COMPOSE))
    assert {name for name, where in stated.items() if where in ("yes", "`.env`")} - of_compose == {
        name for name in given if name.startswith("HEELWISE_")
    } - of_compose
    assert {name for name, where in stated.items() if where == "`.env`"} == in_env
    [image] = [one for one in last_stage() if one.word == "ENV"]
    assert set(re.findall(r"HEELWISE_\w+", image.value)) == {
        name for name, where in stated.items() if where == "in the image"
    }
    texts = [
        path.read_text() for path in (*(ROOT / "docs").glob("*.md"), ROOT / "SECURITY.md", ROOT / "README.md")
    ]
    of_tests = r"HEELWISE_(?:KILLS|REQUIRE_\w+|COHORT_ATHLETES|LOAD_\w+)"
    named = {name for text in texts for name in re.findall(r"HEELWISE_[A-Z_]*[A-Z]", text)}
    assert {one for one in named - set(stated) if not re.fullmatch(of_tests, one)} == set()


def test_the_processes_have_the_role_that_works_for_one_runner():
    for name in ("one", "two"):
        facts = compose()["services"][name]["environment"]
        assert "heelwise_app@" in facts["HEELWISE_DATABASE"]
        assert "heelwise_jobs@" in facts["HEELWISE_JOBS_DATABASE"]


def test_the_proxies_ask_the_sockets_that_the_processes_make():
    services = compose()["services"]
    sockets = {services[name]["environment"]["HEELWISE_PROXY_LISTEN"] for name in ("one", "two")}
    for name in ("Caddyfile", "nginx.conf"):
        text = (ROOT / "deploy" / name).read_text()
        assert {f"unix:{one}" for one in re.findall(r"/run/heelwise/\w+\.sock", text)} == sockets, name


def test_what_is_not_run_is_listed_by_the_script_and_in_the_document():
    listed = subprocess.run(
        [sys.executable, ROOT / ".ci" / "container", "--list"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert listed == [f"{what}: {why}" for what, why in lines.NOT_RUN.items()]
    document = (ROOT / "docs" / "clinic.md").read_text()
    assert [line for line in listed if f"- {line}\n" not in document] == []
