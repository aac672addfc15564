"""The recipes for a proxy in front, with Debian's own nginx and Caddy where they are installed."""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from beside.config.urls import urlpatterns
from tests.serving import PATIENCE_S, free_ports, program, running, until

RECIPES = Path(__file__).parents[1] / "deploy"
HOST = "beside.example.org"
MEBIBYTE = 1024 * 1024
SECRET = "s3cretInvitation"


class Taken(NamedTuple):
    """What Beside would have got."""

    path: str
    heads: dict[str, str]
    length: int


class Upstream(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.taken: list[Taken] = []
        self.is_halfway = Event()


class _Answer(BaseHTTPRequestHandler):
    server: Upstream

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length // 2)
        self.server.is_halfway.set()
        body += self.rfile.read(length - length // 2)
        heads = {name.lower(): value for name, value in self.headers.items()}
        self.server.taken.append(Taken(self.path, heads, len(body)))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def do_POST(self) -> None:
        self.do_GET()

    def do_PATCH(self) -> None:
        self.do_GET()

    def log_message(self, *_words: object) -> None:
        pass


class Proxy(NamedTuple):
    folder: Path
    port: int
    plain_port: int
    upstream: Upstream

    def ask(self, method: str, path: str, body: Iterator[bytes] | None = None, **heads: str) -> int:
        """The status of the answer to a browser that trusts the test's certificate."""
        trust = ssl.create_default_context(cafile=self.folder / "cert.pem")
        plain = socket.create_connection(("127.0.0.1", self.port), 30)
        with closing(HTTPSConnection(HOST, self.port, context=trust)) as client:
            client.sock = trust.wrap_socket(plain, server_hostname=HOST)
            client.request(method, path, body, heads)
            answer = client.getresponse()
            answer.read()
            return answer.status

    def is_up(self) -> bool:
        with socket.socket() as trying:
            return trying.connect_ex(("127.0.0.1", self.port)) == 0

    def written(self) -> bytes:
        """Everything that the proxy has written: logs, temporary files."""
        files = [file for file in (self.folder / "written").rglob("*") if file.is_file()]
        return b"".join(file.read_bytes() for file in files)


def make_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    (folder / "key.pem").write_bytes(key.private_bytes(pem, *plain))


def nginx(proxy: Proxy) -> list[str | Path]:
    recipe = (RECIPES / "nginx.conf").read_text("utf-8")
    for found, put in (
        (r"/etc/letsencrypt/live/\S+/fullchain.pem", f"{proxy.folder}/cert.pem"),
        (r"/etc/letsencrypt/live/\S+/privkey.pem", f"{proxy.folder}/key.pem"),
        (r"listen \[::\]:443", f"listen [::1]:{proxy.port}"),
        (r"listen 443", f"listen 127.0.0.1:{proxy.port}"),
        (r"listen \[::\]:80;", f"listen [::1]:{proxy.plain_port};"),
        (r"listen 80;", f"listen 127.0.0.1:{proxy.plain_port};"),
        (r"127\.0\.0\.1:8000", f"127.0.0.1:{proxy.upstream.server_port}"),
        (r"/var/www/certbot", f"{proxy.folder}/certbot"),
    ):
        recipe, times = re.subn(found, put, recipe)
        assert times, found
    (proxy.folder / "recipe.conf").write_text(recipe, "utf-8")
    written = proxy.folder / "written"
    # What Debian's own nginx.conf says around it: it logs each request.
    around = f"""
        pid {proxy.folder}/pid; error_log {written}/error.log info; daemon off;
        {"user root;" if os.geteuid() == 0 else ""}
        events {{}}
        http {{
            access_log {written}/access.log;
            {"".join(f"{kind}_temp_path {written}/{kind};" for kind in TEMPORARY)}
            include {proxy.folder}/recipe.conf;
        }}
    """
    (proxy.folder / "nginx.conf").write_text(around, "utf-8")
    return [program("nginx"), "-p", proxy.folder, "-c", proxy.folder / "nginx.conf"]


TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def caddy(proxy: Proxy) -> list[str | Path]:
    recipe = (RECIPES / "Caddyfile").read_text("utf-8")
    here = "admin off\n\tauto_https disable_redirects\n\tskip_install_trust\n"
    for found, put in (
        (r"^\{\n", f"{{\n\t{here}\thttp_port {proxy.plain_port}\n"),
        (
            rf"^{re.escape(HOST)} \{{\n",
            f"https://{HOST}:{proxy.port} {{\n\tbind 127.0.0.1\n"
            f"\ttls {proxy.folder}/cert.pem {proxy.folder}/key.pem\n",
        ),
        (r"127\.0\.0\.1:8000", f"127.0.0.1:{proxy.upstream.server_port}"),
    ):
        recipe, times = re.subn(found, put, recipe, flags=re.MULTILINE)
        assert times, found
    (proxy.folder / "Caddyfile").write_text(recipe, "utf-8")
    log = proxy.folder / "written" / "log"
    started = f"exec {program('caddy')} run --adapter caddyfile --config {proxy.folder}/Caddyfile"
    return ["sh", "-c", f"XDG_DATA_HOME={proxy.folder} {started} 2>{log}"]


@contextmanager
def in_front(folder: Path, recipe) -> Iterator[Proxy]:
    (folder / "written").mkdir()
    make_certificate(folder)
    with Upstream() as upstream:
        Thread(target=upstream.serve_forever, args=(0.02,), daemon=True).start()
        proxy = Proxy(folder, *free_ports(2), upstream)
        with running(recipe(proxy)):
            until(proxy.is_up)
            yield proxy
        upstream.shutdown()


@pytest.fixture(params=[nginx, caddy])
def proxy(request, tmp_path) -> Iterator[Proxy]:
    with in_front(tmp_path, request.param) as running_proxy:
        yield running_proxy


def told() -> list[str]:
    """Every kind of address of Beside's that says something: the one of a photograph, and each that has a part of its own."""
    routes = [
        f"{under.pattern}{one.pattern}" for under in urlpatterns for one in under.url_patterns
    ]
    filled = {re.sub(r"<[^>]+>", SECRET, route) for route in routes if "<" in route}
    back = f"account/organisation/back/?code={SECRET}"
    return sorted(f"/{route}" for route in {*filled, f"p/{SECRET}", back})


def test_a_proxy_says_who_asks_for_which_host_and_how(proxy):
    assert proxy.ask("GET", "/", **{"X-Forwarded-For": "6.6.6.6"}) == 200

    [taken] = proxy.upstream.taken
    assert taken.heads["host"] == f"{HOST}:{proxy.port}"
    assert taken.heads["x-forwarded-for"] == "127.0.0.1"
    assert taken.heads["x-forwarded-proto"] == "https"


@pytest.mark.thorough
@pytest.mark.parametrize(("method", "path"), [("PATCH", "/uploads/1"), ("POST", "/put-in/x/")])
def test_a_photograph_of_100_mebibytes_is_passed_on_as_it_comes(proxy, method, path):
    half = bytes(50 * MEBIBYTE)

    def body() -> Iterator[bytes]:
        """The second half only goes once the first has arrived: it can't be waiting in a file, then."""
        yield half
        yield half[:MEBIBYTE]
        assert proxy.upstream.is_halfway.wait(PATIENCE_S)
        yield half[MEBIBYTE:]

    assert proxy.ask(method, path, body(), **{"Content-Length": str(2 * len(half))}) == 200

    assert proxy.upstream.taken[0].length == 2 * len(half)


@pytest.mark.thorough
def test_no_secret_address_is_logged_not_even_when_beside_is_away(proxy):
    assert proxy.ask("GET", f"/join/{SECRET}/") == 200
    proxy.upstream.shutdown()
    proxy.upstream.server_close()

    assert {proxy.ask("GET", address) for address in told()} <= {502, 429}

    assert SECRET.encode() not in proxy.written()
    assert b"/account/" not in proxy.written()


def test_what_proves_a_name_for_its_certificate_is_read_past_what_holds_the_port(tmp_path):
    """certbot's webroot: nothing has to let go of port 80 for a new certificate."""
    with (
        in_front(tmp_path, nginx) as proxy,
        closing(HTTPConnection("127.0.0.1", proxy.plain_port, timeout=30)) as client,
    ):
        proof = tmp_path / "certbot" / ".well-known" / "acme-challenge" / "token"
        proof.parent.mkdir(parents=True)
        proof.write_text("proof")
        client.request("GET", "/.well-known/acme-challenge/token", headers={"Host": HOST})

        assert client.getresponse().read() == b"proof"


def test_nginx_sends_plain_requests_on_and_writes_nothing_of_them(tmp_path):
    with (
        in_front(tmp_path, nginx) as proxy,
        closing(HTTPConnection("127.0.0.1", proxy.plain_port, timeout=30)) as client,
    ):
        client.request("GET", f"/join/{SECRET}/", headers={"Host": HOST})
        moved = client.getresponse()

        assert (moved.status, moved.headers["Location"]) == (308, f"https://{HOST}/join/{SECRET}/")
        assert SECRET.encode() not in proxy.written()


@pytest.mark.parametrize(
    ("unit", "runs"),
    [
        ("beside.service", "/opt/beside/current/bin/beside serve"),
        ("beside-backup.service", "/opt/beside/current/bin/beside backup /mnt/other-disk/beside"),
    ],
)
def test_a_unit_is_one_that_systemd_knows_and_keeps_in(tmp_path, unit, runs):
    analyze = program("systemd-analyze")
    said = (RECIPES / unit).read_text("utf-8")
    assert said.count(runs) == 1
    (tmp_path / unit).write_text(said.replace(runs, "/bin/true"), "utf-8")
    units = [tmp_path / unit]
    timer = (RECIPES / unit).with_suffix(".timer")
    if timer.exists():
        units.append(Path(shutil.copy(timer, tmp_path)))

    verified = subprocess.run([analyze, "verify", *units], capture_output=True, text=True)
    secured = subprocess.run(
        [analyze, "security", "--offline=true", "--threshold=29", tmp_path / unit],
        capture_output=True,
        text=True,
    )

    assert (verified.returncode, verified.stderr) == (0, "")
    assert secured.returncode == 0, secured.stdout.splitlines()[-1]


def test_the_two_units_give_the_same_rights_and_the_same_place():
    """The one that backs up may do no more than the server, and write to one folder besides."""
    serves, backs_up = (
        set((RECIPES / unit).read_text("utf-8").partition("[Service]")[2].splitlines())
        for unit in ("beside.service", "beside-backup.service")
    )

    of_the_server = ("Exec", "KillMode", "TimeoutStop", "Restart", "State", "LimitNOFILE", "Wanted")
    missing = {line for line in serves - backs_up if line and not line.startswith(("#", "["))}
    assert {line for line in missing if not line.startswith(of_the_server)} == set()
    assert {line for line in backs_up if line.startswith("ReadWritePaths")} == {
        "ReadWritePaths=/var/lib/beside /mnt/other-disk/beside"
    }
