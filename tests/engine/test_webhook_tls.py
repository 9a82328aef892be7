"""Deliveries over TLS: the certificate must be of a known authority, of the host's name, and in date."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from labelwright.engine.webhooks.delivering import deliver
from labelwright.engine.webhooks.reach import Reach
from labelwright.store import tables as t
from tests.engine.test_webhooks import allowing, label, listening, put

HERE = Reach(frozenset({"localhost"}), private=True)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Authority:
    """An authority that lives as long as a test."""

    folder: Path
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def path(self) -> Path:
        """Its certificate in PEM, as a user keeps one."""
        path = self.folder / "authority.pem"
        path.write_bytes(self.certificate.public_bytes(Encoding.PEM))
        return path

    def issue(self, host: str, *, expired: bool = False) -> Path:
        """A certificate of a host with its key, in one file."""
        key = ec.generate_private_key(ec.SECP256R1())
        at = datetime.now(UTC)
        start, end = (at - 9 * DAY, at - DAY) if expired else (at - DAY, at + DAY)
        made = (
            _builder(host, self.certificate.subject, key, start, end)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
            .sign(self.key, SHA256())
        )
        path = self.folder / f"{host}-{expired}.pem"
        path.write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + made.public_bytes(Encoding.PEM)
        )
        return path


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _builder(
    subject: str, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, start: datetime, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def make_authority(folder: Path) -> Authority:
    """An authority of its own key."""
    folder.mkdir()
    key, at = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        _builder("a test's authority", _name("a test's authority"), key, at - 99 * DAY, at + 99 * DAY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, SHA256())
    )
    return Authority(folder, key, certificate)


@dataclass
class Receiver:
    """A receiver behind TLS, the names that clients asked it for by SNI, and the bodies that came."""

    context: ssl.SSLContext
    port: int = 0
    names: list[str | None] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}/in?key=k"

    def show(self, certificate: Path) -> None:
        """Present another certificate from now on."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.context = context


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            made.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    class Listening(ThreadingHTTPServer):
        def finish_request(self, request: Any, client_address: Any) -> None:
            made.context.sni_callback = lambda _socket, name, _context: made.names.append(name)
            try:
                wrapped = made.context.wrap_socket(request, server_side=True)
            except (ssl.SSLError, OSError):  # the client refused the certificate
                return
            super().finish_request(wrapped, client_address)
            wrapped.close()

    with listening(Listening(("127.0.0.1", 0), Handler)) as made.port:
        yield made


@pytest.fixture
def hooked(trained: Any) -> Iterator[Any]:
    """A prepared project on a site whose owner allows this machine by its name."""
    with allowing(trained, "localhost") as ready:
        yield ready


def try_now(hooked: Any) -> Any:
    """As if the pause were over; the webhook after it."""
    with hooked.store.stage() as rows:
        rows.update(t.webhook, next_at=0.0)
    deliver(hooked.store, HERE)
    return hooked.api.get("/projects/topics/webhooks").json()["items"][0]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("unknown", "the certificate is refused: unable to get local issuer certificate"),
        ("host", "the certificate is refused: Hostname mismatch, certificate is not valid for 'localhost'"),
        ("expired", "the certificate is refused: certificate has expired"),
    ],
)
def test_a_certificate_that_proves_nothing_is_refused_and_a_good_one_taken_later(
    hooked: Any, receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bad: str, reason: str,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    ours = make_authority(tmp_path / "ours")
    monkeypatch.setenv("SSL_CERT_FILE", str(ours.path))
    receiver.show(
        {
            "unknown": lambda: make_authority(tmp_path / "other").issue("localhost"),
            "host": lambda: ours.issue("elsewhere.test"),
            "expired": lambda: ours.issue("localhost", expired=True),
        }[bad]()
    )
    secret = put(hooked, receiver.url, ["label"]).json()["secret"]
    label(hooked, 2)
    waits = try_now(hooked)
    assert waits["reason"] == reason and waits["waiting_since"]
    warnings = " ".join(hooked.api.get("/projects/topics/progress").json()["warnings"])
    assert reason in warnings
    for told in (warnings, str(waits["reason"]), caplog.text):
        assert secret not in told and "key=k" not in told
    assert receiver.bodies == []
    receiver.show(ours.issue("localhost"))
    assert try_now(hooked)["waiting_since"] is None
    assert len(receiver.bodies) == 2
    assert set(receiver.names) == {"localhost"}  # the name is asked for, although the connection goes to the address


def test_the_authorities_of_the_system_do_not_know_a_private_one(
    hooked: Any, receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    receiver.show(make_authority(tmp_path / "ours").issue("localhost"))
    put(hooked, receiver.url, ["label"])
    label(hooked, 1)
    assert "unable to get local issuer certificate" in try_now(hooked)["reason"]
    assert receiver.bodies == []
