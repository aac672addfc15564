from __future__ import annotations

import base64
import json
import socket
import ssl
from datetime import timedelta
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Event, Thread
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from beside.notices import push
from beside.notices.push import Answer
from tests.cast import NOW
from tests.serving import PATIENCE_S

HOST = "push.example"
ENDPOINT = f"https://{HOST}/send/a-b_c?d=e"
PUBLIC = "93.184.215.14"


class Service(HTTPServer):
    """A push service on loopback, without TLS."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        self.status, self.location = 201, ""


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(autouse=True)
def network(monkeypatch) -> SimpleNamespace:
    """What `push` has in place of `socket`: nothing in these tests asks a name server or leaves this machine."""

    def connect(address, *_):
        there.connected.append(address)
        raise ConnectionRefusedError

    def look_up(*_, **__):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in there.leads_to]

    there = SimpleNamespace(
        leads_to=[PUBLIC],
        connected=[],
        getaddrinfo=look_up,
        create_connection=connect,
        SOCK_STREAM=socket.SOCK_STREAM,
        SHUT_RDWR=socket.SHUT_RDWR,
    )
    monkeypatch.setattr(push, "socket", there)
    return there


@pytest.fixture
def service(monkeypatch):
    """Reached in place of the public address."""
    with Service() as running:
        Thread(target=running.serve_forever, args=(0.02,), daemon=True).start()

        def to_here(host, address):
            assert (host, address) == (HOST, PUBLIC)
            return HTTPConnection(*running.server_address, timeout=push.TIMEOUT_S)

        monkeypatch.setattr(push, "_Connection", to_here)
        yield running
        running.shutdown()


def test_a_push_is_empty_and_says_nothing(service):
    assert push.send(ENDPOINT, at=NOW) is Answer.TAKEN

    [(path, headers, body)] = service.asked
    assert path == "/send/a-b_c?d=e"
    assert body == b""
    assert {name.lower() for name in headers} == {
        *("host", "accept-encoding", "authorization", "content-length", "ttl", "topic", "urgency")
    }


def test_it_is_signed_with_the_key_that_browsers_subscribe_with(service):
    push.send(ENDPOINT, at=NOW)

    scheme, _, rest = service.asked[0][1]["Authorization"].partition(" ")
    told = dict(part.split("=", 1) for part in rest.split(", "))
    head, claims, signature = told["t"].split(".")
    assert scheme == "vapid"
    assert told["k"] == push.public_key()
    assert json.loads(_bytes(head)) == {"typ": "JWT", "alg": "ES256"}
    said = json.loads(_bytes(claims))
    assert said["aud"] == "https://push.example"
    assert said["exp"] - NOW.timestamp() <= timedelta(hours=24).total_seconds()
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(told["k"]))
    raw = _bytes(signature)
    r, s = int.from_bytes(raw[:32]), int.from_bytes(raw[32:])
    key.verify(encode_dss_signature(r, s), f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))


def test_the_key_is_the_same_each_time_it_is_asked_for():
    key = push.public_key()
    push._key.cache_clear()

    assert push.public_key() == key
    assert len(_bytes(key)) == 65


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (200, Answer.TAKEN),
        (404, Answer.GONE),
        (410, Answer.GONE),
        (403, Answer.FAILED),
        (429, Answer.FAILED),
        (500, Answer.FAILED),
    ],
)
def test_what_the_service_answers(service, status, answer):
    service.status = status

    assert push.send(ENDPOINT, at=NOW) is answer


def test_an_answer_that_leads_elsewhere_is_not_followed(service):
    service.status, service.location = 307, ENDPOINT

    assert push.send(ENDPOINT, at=NOW) is Answer.FAILED
    assert len(service.asked) == 1


class _Drips(_Handler):
    """Answers a byte now and then, and never a whole line."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        while not self.server.is_enough.wait(0.02):
            self.wfile.write(b"x")


def test_a_service_that_draws_out_its_answer_is_cut(service, monkeypatch):
    service.RequestHandlerClass, service.is_enough = _Drips, Event()
    monkeypatch.setattr(push, "LONGEST_S", 0.2)

    sending = Thread(target=push.send, args=[ENDPOINT], kwargs={"at": NOW}, daemon=True)
    sending.start()
    sending.join(PATIENCE_S)
    service.is_enough.set()

    assert not sending.is_alive()


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0"),
        *("100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fd00::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "ff02::1"),
    ],
)
def test_a_name_that_leads_to_no_public_address_is_not_connected_to(network, address):
    for addresses in ([address], [PUBLIC, address], [address, PUBLIC]):
        network.leads_to = addresses
        assert push.send(ENDPOINT, at=NOW) is Answer.FAILED

    assert network.connected == []


@pytest.mark.parametrize("address", [PUBLIC, "2606:4700::6810:84e5"])
def test_it_connects_to_the_very_address_that_was_looked_at(network, address):
    network.leads_to = [address]

    assert push.send(ENDPOINT, at=NOW) is Answer.FAILED
    assert network.connected == [(address, 443)]


def test_the_certificate_must_be_that_of_the_name(network, monkeypatch):
    wrapped = []
    connection = push._Connection(HOST, PUBLIC)
    network.create_connection = lambda *_: "plain"

    def wrap(tls, *args, **how):
        wrapped.append((tls, args, how))
        return SimpleNamespace(do_handshake=lambda: wrapped.append("shaken"))

    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", wrap)

    connection.connect()

    [(tls, args, how), shaken] = wrapped
    assert (args, how) == (
        ("plain",),
        {"server_hostname": HOST, "do_handshake_on_connect": False},
    )
    assert shaken == "shaken"
    assert tls.check_hostname
    assert tls.verify_mode is ssl.CERT_REQUIRED


def test_the_log_does_not_hold_the_endpoint(caplog):
    push.send(ENDPOINT, at=NOW)

    assert caplog.text
    assert HOST not in caplog.text
    assert "a-b_c" not in caplog.text


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
