"""Prints who sees what at a place, and what the keys open."""

from __future__ import annotations

import json
from contextlib import closing
from hashlib import sha256

from beside.access.policy import Viewer, visible_to
from beside.cli.verify import prove
from beside.people.models import Account
from beside.photos.models import Photo
from beside.photos.originals import pieces_of
from beside.photos.vault.keyring import open_keyring
from tests.crash.scenario import AT


def tell() -> None:
    """One line of JSON."""
    open_keyring()
    print(json.dumps({"sights": _sights(), "originals": _originals(), "wrong": _wrong()}))


def _sights() -> list[list[object]]:
    viewers = [("", Viewer(None)), *((one.email, Viewer(one.pk)) for one in Account.objects.all())]
    return sorted(
        [name, str(pk), int(sight)]
        for name, viewer in viewers
        for pk, sight in visible_to(viewer, at=AT).values_list("pk", "sight")
    )


def _originals() -> dict[str, str]:
    read = {}
    for photo in Photo.objects.all():
        with closing(pieces_of(photo)) as pieces:
            read[str(photo.pk)] = sha256(b"".join(pieces)).hexdigest()
    return read


def _wrong() -> list[str]:
    return [str(fault) for fault in prove(quietly=True) if not fault.is_leftover]
