"""By which addresses a phone reaches this machine, the best first, and what opens a firewall for it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509

from dashboard.access import interfaces, local_name, proxy
from dashboard.access.listeners import PhoneChoice


def addresses(
    choice: PhoneChoice, is_answered: Callable[[str, str], bool] = local_name.is_answered
) -> list[str]:
    """Return the addresses without a page: names of the certificate, then `<host>.local` if answered, then the number.

    A number can change, a name stays; but a name that nobody answers to is of no use.
    """
    hosts = certificate_hosts(choice.cert) if choice.cert is not None else []
    name = local_name.local_name()
    if name is not None and name not in hosts and not hosts and is_answered(name, choice.network.address):
        hosts.append(name)
    hosts = [host for host in hosts if host != choice.network.address]
    scheme = "https" if choice.is_tls else "http"
    return [f"{scheme}://{host}:{choice.port}" for host in (*hosts, choice.network.address)]


def public_address(environment: Mapping[str, str]) -> str | None:
    """Return the address that a proxy answers on with TLS; None without one."""
    public = environment.get(proxy.PUBLIC, "").strip().rstrip("/")
    is_proxied = bool(environment.get(proxy.LISTEN, "").strip())
    return public if is_proxied and public.startswith("https://") else None


def certificate_hosts(file: Path) -> list[str]:
    """Return the host names that a certificate is for; none of a file that cannot be read, and no patterns."""
    try:
        certificate = x509.load_pem_x509_certificate(file.read_bytes())
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, x509.ExtensionNotFound):
        return []
    return [name for name in names.get_values_for_type(x509.DNSName) if "*" not in name]


def is_elsewhere(device_address: str | None, choice: PhoneChoice) -> bool:
    """Return whether a device was paired at a number that this machine does not have any more."""
    host = host_of(device_address)
    return interfaces.is_private(host) and host != choice.network.address


def host_of(device_address: str | None) -> str:
    """Return the host of an address with a port; "" where none is known."""
    try:
        return urlsplit(f"//{device_address or ''}").hostname or ""
    except ValueError:
        return ""


def firewall_commands(
    choice: PhoneChoice,
    platform: str = sys.platform,
    which: Callable[[str], str | None] = shutil.which,
    program: str = sys.executable,
) -> list[str]:
    """Return what lets the phone's port through the firewall that this machine has, from its own network alone."""
    network, port = choice.network.prefix, choice.port
    if platform == "win32":
        return [
            'New-NetFirewallRule -DisplayName "Heelwise phone" -Direction Inbound -Action Allow '
            f"-Protocol TCP -LocalPort {port} -RemoteAddress {network}"
        ]
    if platform == "darwin":
        tool = "sudo /usr/libexec/ApplicationFirewall/socketfilterfw"
        return [f'{tool} --add "{program}"', f'{tool} --unblockapp "{program}"']
    if which("ufw"):
        return [f"sudo ufw allow proto tcp from {network} to any port {port}"]
    if which("firewall-cmd"):
        rule = f"rule family=ipv4 source address={network} port port={port} protocol=tcp accept"
        return [f"sudo firewall-cmd --permanent --add-rich-rule='{rule}'", "sudo firewall-cmd --reload"]
    if which("nft"):
        return [f"sudo nft insert rule inet filter input ip saddr {network} tcp dport {port} accept"]
    return []
