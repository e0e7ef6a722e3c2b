"""A platform whose certificate has expired, or is another's: nothing is sent to it, and a person reads why."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from editorial.outcome import Unavailable
from publishers import wire
from publishers.wire import Call, Wire

NOW = datetime.now(UTC)
asked: list[str] = []


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:  # http.server asks for this name
        asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def platform(folder: Path, *, until: datetime, name: str = "localhost") -> Iterator[str]:
    """Serve HTTPS with a certificate that is good until then and for this name; give the address."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(NOW - timedelta(days=90)).not_valid_after(until)
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    certificate = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    words = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(key.private_bytes(*words))
    (folder / "certificate.pem").write_bytes(certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"https://localhost:{server.server_port}/bai"
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def trusting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Trust whatever the test's own platform shows: only its day and its name are in question."""

    class Trust(list[ssl.SSLContext]):
        def __bool__(self) -> bool:
            return True

        def __getitem__(self, _index: object) -> ssl.SSLContext:  # type: ignore[override]
            context = httpx.create_ssl_context()
            context.load_verify_locations(tmp_path / "certificate.pem")
            return context

    monkeypatch.setattr(wire, "_shared_certificates", Trust())


def test_a_good_certificate_is_taken(tmp_path: Path) -> None:
    with platform(tmp_path, until=NOW + timedelta(days=1)) as address:
        assert Wire(timedelta(seconds=5)).send(Call(method="POST", url=address, commit=True)).ok


@pytest.mark.parametrize("commit", [True, False])
def test_nothing_is_sent_to_a_platform_whose_certificate_has_expired(tmp_path: Path, commit: bool) -> None:
    with platform(tmp_path, until=NOW - timedelta(days=1)) as address, pytest.raises(Unavailable) as refused:
        Wire(timedelta(seconds=5)).send(Call(method="POST", url=address, commit=commit))
    assert "chứng chỉ bảo mật" in str(refused.value)
    assert "hết hạn" in str(refused.value)
    assert refused.value.code == "certificate"
    assert asked == []


def test_nothing_is_sent_to_another_who_answers_at_the_address(tmp_path: Path) -> None:
    with platform(tmp_path, until=NOW + timedelta(days=1), name="example.vn") as address, pytest.raises(Unavailable) as refused:
        Wire(timedelta(seconds=5)).send(Call(method="POST", url=address, commit=True))
    assert "chứng chỉ bảo mật" in str(refused.value)
    assert asked == []
