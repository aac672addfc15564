"""The requests and narrowings that are measured on a large instance, each by the function that a page calls."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from django.db import connection

from bench.crowd import Somebody
from bench.neighbours import Known
from beside.access.policy import Viewer, see
from beside.delivery.database import Shared
from beside.delivery.statement import Statements
from beside.people import blocks, circles
from beside.people.models import Account, Circle
from beside.posts import audiences
from beside.posts.models import Post
from beside.posts.reach import Chosen, Reach

Act = Callable[[], object]


def asked(known: Known) -> dict[str, Act]:
    """Whole pages, and the access decision alone, as a page and as delivery make it."""
    pages: dict[str, Act] = {name: partial(_get, known, path) for name, path in known.pages.items()}
    viewer = Viewer(known.reader, known.client.session.session_key)
    delivery = Statements(Shared())
    return pages | {
        "one decision, for a page": lambda: see(viewer, known.letter, at=datetime.now(UTC)),
        "one decision, for bytes": lambda: _sent(delivery, known.photograph, viewer),
    }


def narrowed(some: list[Somebody]) -> dict[str, list[Act]]:
    """One narrowing of each kind for each of these people, so that none is done twice."""
    return {
        "an audience made smaller": [_show_to_nobody(one) for one in some],
        "a person blocked": [_block(one) for one in some],
        "a person taken out of a circle": [_take_out(one) for one in some],
    }


def here() -> str:
    """The name of the database in use."""
    return str(connection.settings_dict["NAME"])


def move_to(name: str) -> None:
    """Use another database from now on."""
    connection.close()
    connection.settings_dict["NAME"] = name


def copied(name: str) -> str:
    """Copy the database under this name; returns the name to pass to `move_to`."""
    now = here()
    connection.close()
    if connection.vendor == "sqlite":
        return str(shutil.copy(now, f"{now}.{name}"))
    move_to("postgres")
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{now}"')
    move_to(now)
    return name


def _get(known: Known, path: str) -> None:
    answer = known.client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)


def _sent(delivery: Statements, photograph: UUID, viewer: Viewer) -> None:
    account = None if viewer.account is None else viewer.account.bytes
    at = Shared().time(datetime.now(UTC))
    delivery.photograph(photograph.bytes, "w480", account=account, session=viewer.session, at=at)


def _show_to_nobody(one: Somebody) -> Act:
    by, post = Account.objects.get(pk=one.account), Post.objects.get(pk=one.letters[0])
    return lambda: audiences.change(post, Chosen(Reach(), Reach()), by=by, at=datetime.now(UTC))


def _block(one: Somebody) -> Act:
    by, other = Account.objects.get(pk=one.account), Account.objects.get(pk=one.circles[0][1])
    return lambda: blocks.block(by, other, at=datetime.now(UTC))


def _take_out(one: Somebody) -> Act:
    circle = Circle.objects.select_related("owner").get(pk=one.circles[1][0])
    return lambda: circles.remove_member(circle, one.circles[1][1], at=datetime.now(UTC))
