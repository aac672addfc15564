"""A place on a disk that is really full: a small file system in memory, which only root can mount."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.cli.disks import fill, small_disk
from tests.crash.folder import environment
from tests.serving import BESIDE, free_port, running, until

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).parents[2]
MEBIBYTE = 1 << 20
CODE = re.compile(r"Your code is (\d{4}) (\d{4})")
_MAKE = """
import django; django.setup()
from allauth.account.models import EmailAddress
from django.conf import settings
from tests.crash import scenario
scenario.make()
(settings.BESIDE.data / "reserve").unlink()
rose = scenario.rose()
EmailAddress.objects.create(user=rose, email=rose.email, verified=True, primary=True)
print(scenario.published().pk)
"""


class Phone:
    """A browser with cookies."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._cookies = SimpleCookie()

    def ask(
        self, method: str, path: str, form: dict[str, str] | None = None, **heads: str
    ) -> tuple[int, str, str]:
        """The status, where to go next, and the page."""
        heads["Cookie"] = "; ".join(f"{name}={one.value}" for name, one in self._cookies.items())
        body = None
        if form is not None:
            form = form | {"csrfmiddlewaretoken": self._cookies["csrf"].value}
            body = urlencode(form)
            heads["Content-Type"] = "application/x-www-form-urlencoded"
        client = HTTPConnection("localhost", self._port, timeout=60)
        client.request(method, path, body, heads)
        answer = client.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or ():
            self._cookies.load(line)
        page = answer.read().decode()
        client.close()
        return answer.status, answer.headers.get("Location", ""), page


@pytest.fixture
def disk(tmp_path) -> Iterator[Path]:
    """An empty file system of 128 MiB."""
    with small_disk(tmp_path / "disk", "128m") as folder:
        yield folder


@pytest.fixture
def letter(disk) -> str:
    """Rose's published letter, in a place on that disk."""
    made = subprocess.run(
        [sys.executable, "-c", _MAKE],
        cwd=ROOT,
        env=environment(disk),
        check=True,
        capture_output=True,
        text=True,
    )
    return made.stdout.split()[-1]


@pytest.fixture
def serving(disk, tmp_path) -> Callable:
    port = free_port()
    environ = environment(disk) | {
        "BESIDE_BIND": f"127.0.0.1:{port}",
        "BESIDE_URL": f"http://localhost:{port}",
        "BESIDE_SERVER_WORKERS": "1",
    }
    environ.pop("DJANGO_SETTINGS_MODULE")

    def serve():
        said = tmp_path / "said"
        return port, said, running(["sh", "-c", f"exec {BESIDE} serve >>{said} 2>&1"], environ)

    return serve


def health(port: int) -> int:
    try:
        return Phone(port).ask("GET", "/healthz")[0]
    except OSError:
        return 0


def sign_in(phone: Phone, said: Path) -> None:
    phone.ask("GET", "/account/code/")
    phone.ask("POST", "/account/code/", {"email": "rose@home.example"})
    until(lambda: CODE.search(said.read_text("utf-8")))
    code = "".join(CODE.findall(said.read_text("utf-8"))[-1])
    status, where, _ = phone.ask("POST", "/account/code/confirm/", {"code": code})
    assert (status, where) == (302, "/")


def test_a_place_on_a_full_disk_starts_lets_people_in_and_lets_them_take_back(
    disk, letter, serving
):
    data = disk / "place" / "data"
    port, said, server = serving()
    with server:
        until(lambda: health(port) == 200)
    assert (data / "reserve").stat().st_size == 16 * MEBIBYTE
    fill(disk)

    port, said, server = serving()
    with server:
        until(lambda: health(port) == 507)
        assert "is full. The room kept aside on it is in use now" in said.read_text("utf-8")
        assert "Traceback" not in said.read_text("utf-8")
        phone = Phone(port)
        sign_in(phone, said)

        tus = {"Tus-Resumable": "1.0.0", "Upload-Length": "100"}
        status, _, says = phone.ask("POST", "/uploads/", {}, **tus)
        assert (status, "This place is full" in says) == (507, True)

        assert phone.ask("POST", f"/posts/{letter}/closing/", {})[0] == 302
        assert 'value="reopen"' in phone.ask("GET", f"/posts/{letter}/closing/")[2]
        assert phone.ask("POST", f"/posts/{letter}/taking-back/", {})[0] == 302
        assert phone.ask("POST", f"/posts/{letter}/destruction/", {"do": "ask"})[0] == 302
        assert phone.ask("POST", f"/posts/{letter}/destruction/", {"do": "now"})[0] == 200
        assert phone.ask("GET", f"/posts/{letter}/")[0] == 404


def test_a_disk_that_fills_while_it_is_served_is_noticed_and_people_are_let_in(
    disk, letter, serving
):
    port, said, server = serving()
    with server:
        until(lambda: health(port) == 200)
        fill(disk)
        until(lambda: "the room kept aside is in use now" in said.read_text("utf-8"))

        sign_in(Phone(port), said)

        (disk / "full").unlink()
        until(lambda: (disk / "place" / "data" / "reserve").exists())
        until(lambda: health(port) == 200)
