"""Places that earlier versions made, one for each release, and a walk through one of them.

`python -m tests.earlier_places` prepares the place of its environment as a start does, opens every page that
each person comes to by links, and every photograph on them. It prints what it found, as JSON.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urlsplit

import django

ROOT = Path(__file__).parents[1]
PLACES = ROOT / "tests" / "data" / "places"
# An author, the host, and whoever reads first: between them they come to every kind of page.
WALKERS = ("anna", "hanne", "katrin")
OF_ONE_KIND = 2
# Where photographs are.
OF_LETTERS = 12
_LINK = re.compile(r'<a\b[^>]*\bhref="(/[^"]*)"')
_PHOTOGRAPH = re.compile(r"/p/[\w.~/-]+")


def versions() -> list[str]:
    """Whose places there are."""
    return sorted(folder.name for folder in PLACES.iterdir() if folder.is_dir())


def unpack(version: str, database: str, folder: Path) -> Path:
    """The place that `version` made on `database`, in `folder`."""
    with tarfile.open(PLACES / version / f"{database}.tar.xz") as archive:
        # Python has filters from 3.11.4 on, and warns without one from 3.12 on.
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(folder)
    (folder / "root.key").chmod(0o400)
    return folder


def environment(folder: Path, **extra: str) -> dict[str, str]:
    """The environment of a process whose place is in `folder`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BESIDE_")}
    return kept | {
        "BESIDE_DATA": str(folder / "data"),
        "BESIDE_ROOT_KEY_FILE": str(folder / "root.key"),
        "DJANGO_SETTINGS_MODULE": "beside.config.settings",
        **extra,
    }


def walked(environ: dict[str, str]) -> dict[str, Any]:
    """What a process of its own finds in that place."""
    command = [sys.executable, "-m", "tests.earlier_places"]
    ran = subprocess.run(command, cwd=ROOT, env=environ, check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def _walk() -> dict[str, Any]:
    from beside.cli.process.setup import prepare  # noqa: PLC0415
    from beside.people.models import Account  # noqa: PLC0415

    prepare()
    found: dict[str, Any] = {"pages": [], "photographs": 0, "broken": []}
    for name in WALKERS:
        _follow(Account.objects.get(email=f"{name}@demo.example"), found)
    found["pages"] = sorted(set(found["pages"]))
    return found


def _follow(account: Any, found: dict[str, Any]) -> None:
    from django.test import Client  # noqa: PLC0415

    from tests.delivery.client import ask  # noqa: PLC0415

    client = Client(raise_request_exception=False, SERVER_NAME="localhost")
    client.force_login(account)
    waiting, known, kinds = ["/"], {"/"}, Counter[str]()
    photographs = set()
    while waiting:
        path = waiting.pop(0)
        answer = client.get(path)
        found["pages"].append(_kind(path))
        if answer.status_code not in (200, 302):
            found["broken"].append([account.email, path, answer.status_code])
        # What is sent piece by piece is no page.
        text = "" if answer.streaming else answer.content.decode()
        photographs.update(_PHOTOGRAPH.findall(text))
        waiting += _links(text, known, kinds)
    for path in photographs:
        status = ask(path, session=client.session.session_key).status
        if status != 200:
            found["broken"].append([account.email, path, status])
    found["photographs"] += len(photographs)


def _links(text: str, known: set[str], kinds: Counter[str]) -> Iterator[str]:
    """Where a page leads to, if that is not known already, nor too many of its kind."""
    for link in _LINK.findall(text):
        target = urldefrag(link.replace("&amp;", "&")).url
        # The other view of a new letter, which is nowhere until its first word.
        if target in known or target.endswith("?both") or kinds[_kind(target)] >= _at_most(target):
            continue
        known.add(target)
        kinds[_kind(target)] += 1
        yield target


def _at_most(target: str) -> int:
    return OF_LETTERS if _kind(target) in ("letter", "one_at_a_time") else OF_ONE_KIND


def _kind(path: str) -> str:
    from django.urls import resolve  # noqa: PLC0415

    return str(resolve(urlsplit(path).path).view_name)


if __name__ == "__main__":
    django.setup()
    print(json.dumps(_walk()))
