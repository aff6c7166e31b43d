"""A real Caddy or nginx on loopback, with the lines of `docs/phone.md` and a certificate made for the test."""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from websockets.sync.client import ClientConnection, connect

DOCUMENT = (Path(__file__).resolve().parents[1] / "docs" / "phone.md").read_text()
NAME = "heelwise.example.org"
SECRET = "a-long-random-word-of-the-proxy"
KINDS = ("caddy", "nginx")
FORGED = {
    "Remote-User": "robin",
    "X-Remote-User": "robin",
    "X-Auth-Request-User": "robin",
    "Tailscale-User-Login": "robin@example.org",
    "Forwarded": "for=127.0.0.1;proto=http",
    "X-Forwarded-Proto": "http",
    "X-Heelwise-Secret": "a guess",
    "X-Heelwise-Session": "owner",
}
NGINX = """daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{}}
http {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
{site}
}}
"""
CADDY = """{{
	admin off
	http_port {http_port}
}}
{site}
"""


def recipe(kind: str) -> str:
    """The lines of the document for one proxy."""
    lines = re.search(rf"^```{kind}\n(.+?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)
    assert lines, f"docs/phone.md holds no lines for {kind}"
    return lines[1]


def is_here(kind: str) -> bool:
    """Whether a proxy is installed; where the browser tests may not be skipped, it has to be."""
    path = shutil.which(kind) or shutil.which(kind, path="/usr/sbin")
    return bool(path) or os.environ.get("HEELWISE_REQUIRE_BROWSER") == "1"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate of a day for the made-up host, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = folder / "cert.pem", folder / "key.pem"
    cert_file.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    kind = serialization.PrivateFormat.PKCS8
    key_file.write_bytes(key.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption()))
    return cert_file, key_file


class Proxy:
    """One proxy in front of a port, as a process of its own; asked as a browser asks it, by name and over TLS."""

    def __init__(self, kind: str, folder: Path, app_port: int, person_line: str = "") -> None:
        self.kind, self.folder, self.port = kind, folder, free_port()
        cert, key = make_certificate(folder)
        self._trust = ssl.create_default_context(cafile=str(cert))
        written = {"caddy": self._caddy, "nginx": self._nginx}[kind]
        config = folder / "config"
        config.write_text(written(recipe(kind), app_port, cert, key, person_line))
        path = shutil.which(kind) or shutil.which(kind, path="/usr/sbin")
        assert path, f"{kind} is not here"
        own = {"caddy": ["run", "--adapter", "caddyfile", "--config"], "nginx": ["-p", str(folder), "-c"]}
        with (folder / "output.log").open("w") as output:
            self._process = subprocess.Popen(
                [path, *own[kind], str(config)],
                env={"PATH": "/usr/bin:/bin:/usr/sbin", "HOME": str(folder), "XDG_DATA_HOME": str(folder)},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def _caddy(self, site: str, app_port: int, cert: Path, key: Path, person_line: str) -> str:
        secret = self.folder / "secret.caddy"
        secret.write_text(f"header_up X-Heelwise-Secret {SECRET}\n{person_line}\n")
        site = _replaced(site, f"{NAME} {{", f"https://{NAME}:{self.port} {{\n\ttls {cert} {key}")
        site = _replaced(site, "/etc/heelwise/secret.caddy", str(secret))
        site = _replaced(site, "127.0.0.1:8572", f"127.0.0.1:{app_port}")
        return CADDY.format(http_port=free_port(), site=site)

    def _nginx(self, site: str, app_port: int, cert: Path, key: Path, person_line: str) -> str:
        secret = self.folder / "secret.nginx"
        secret.write_text(f'proxy_set_header X-Heelwise-Secret "{SECRET}";\n')
        site = _replaced(site, "listen 443 ssl", f"listen 127.0.0.1:{self.port} ssl")
        site = _replaced(site, "/etc/heelwise/cert.pem", str(cert))
        site = _replaced(site, "/etc/heelwise/key.pem", str(key))
        site = _replaced(site, "/etc/heelwise/secret.nginx", str(secret))
        site = _replaced(site, "127.0.0.1:8572", f"127.0.0.1:{app_port}")
        if person_line:
            site = _replaced(site, 'proxy_set_header Remote-User "";', person_line)
        return NGINX.format(folder=self.folder, site=site)

    def __enter__(self) -> Self:
        until = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                log = (self.folder / "output.log").read_text()
                assert self._process.poll() is None, log
                assert time.monotonic() < until, log
                time.sleep(0.1)
            else:
                return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(10)

    def ask(
        self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        """Ask over TLS, by the name that the certificate bears."""
        with httpx.Client(verify=self._trust, trust_env=False, timeout=60) as client:
            return client.request(
                method,
                f"https://127.0.0.1:{self.port}{path}",
                headers={"Host": f"{NAME}:{self.port}", **(headers or {})},
                extensions={"sni_hostname": NAME},
                **more,
            )

    def socket(self, path: str, headers: dict[str, str] | None = None, **more: Any) -> ClientConnection:
        """Open a web socket through it."""
        return connect(
            f"wss://{NAME}:{self.port}{path}",
            sock=socket.create_connection(("127.0.0.1", self.port), timeout=10),
            ssl=self._trust,
            server_hostname=NAME,
            additional_headers=headers,
            proxy=None,
            **more,
        )


def _replaced(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, f"{old} stands {text.count(old)} times"
    return text.replace(old, new)
