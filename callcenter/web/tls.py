"""A certificate made on the spot, for operators who bring none and listen on more than loopback.

Browsers warn about it once; the microphone works after that. It names the addresses this machine is
reached at, lives as long as browsers accept (825 days at most), and is made again a month before
its end or when the addresses change. This file must not know servers.
"""

from __future__ import annotations

import datetime
import ipaddress
import os
import socket
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from callcenter.secret_files import write_once

VALID_DAYS = 397
RENEW_DAYS = 30


def own_names(listen_address: str) -> list[str]:
    """How this machine may be called: the address listened on, loopback, its names."""
    names = ["localhost", "127.0.0.1", "::1", socket.gethostname()]
    if not ipaddress.ip_address(listen_address).is_unspecified:
        return [listen_address, *names]
    try:
        found = socket.getaddrinfo(socket.gethostname(), None, type=socket.SOCK_STREAM)
    except OSError:
        found = []
    return [*names, *sorted({str(info[4][0]).partition("%")[0] for info in found})]


def certificate_on_the_spot(directory: Path, names: Sequence[str]) -> tuple[Path, Path]:
    """The files (certificate, key) in `directory`, made when they are missing, nearly over, or do
    not name all of `names`. Raises OSError when the folder cannot be written."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    certificate, key = directory / "tls-certificate.pem", directory / "tls-key.pem"
    if not _usable(certificate, key, names):
        certificate.unlink(missing_ok=True)
        key.unlink(missing_ok=True)
        made, secret = make(names, datetime.datetime.now(datetime.UTC))
        write_once(key, secret)
        write_once(certificate, made, mode=0o444)
    return certificate, key


def make(names: Sequence[str], now: datetime.datetime) -> tuple[bytes, bytes]:
    """A self-signed certificate for `names` and its key, both PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "callcenter")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=VALID_DAYS))
        .add_extension(x509.SubjectAlternativeName(_alternatives(names)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return certificate.public_bytes(serialization.Encoding.PEM), secret


def fingerprint(certificate: Path) -> str:
    """SHA-256 of the certificate as browsers show it, to compare by eye."""
    loaded = x509.load_pem_x509_certificate(certificate.read_bytes())
    return loaded.fingerprint(hashes.SHA256()).hex(":").upper()


def _alternatives(names: Sequence[str]) -> list[x509.GeneralName]:
    out: list[x509.GeneralName] = []
    for name in dict.fromkeys(names):
        try:
            out.append(x509.IPAddress(ipaddress.ip_address(name)))
        except ValueError:
            out.append(x509.DNSName(name))
    return out


def _usable(certificate: Path, key: Path, names: Sequence[str]) -> bool:
    if not (certificate.is_file() and os.access(key, os.R_OK)):
        return False
    try:
        loaded = x509.load_pem_x509_certificate(certificate.read_bytes())
        named = loaded.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        secret = serialization.load_pem_private_key(key.read_bytes(), None)
    except (ValueError, x509.ExtensionNotFound):
        return False
    left = loaded.not_valid_after_utc - datetime.datetime.now(datetime.UTC)
    return (
        left > datetime.timedelta(days=RENEW_DAYS)
        and set(_alternatives(names)) <= set(named)
        and loaded.public_key() == secret.public_key()
    )
