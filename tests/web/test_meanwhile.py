"""No page fails because photographs arrive, or are destroyed, while it is made: a page reads its rows once."""

from __future__ import annotations

import traceback
from collections.abc import Callable

import pytest

from beside.people.models import Profile
from beside.posts.models import Post
from tests.web.addresses import all_addresses
from tests.web.doors import DOORS, Door
from tests.web.meanwhile import (
    Act,
    Arrivals,
    Both,
    Departures,
    add_photographs,
    between_statements,
    rolled_back_at_the_end,
)
from tests.web.place import Place, whole

pytestmark = pytest.mark.thorough

# Enough for the statements of the longest page.
MANY = 40
HOW: dict[str, Callable[..., Act]] = {
    "arrive": Arrivals,
    "are destroyed": lambda cast, post: Departures(post),
    "come and go": lambda cast, post: Both(Arrivals(cast, post), Departures(post)),
}


# A download, and what a proxy asks: no place in a test is well enough for that.
SILENT = ("archive_file", "healthz")


def letter_of(place: Place, path: str) -> Post:
    """The letter that the address is about; the first one, if it is about none."""
    return next((post for post in place.posts if str(post.pk) in path), place.posts[0])


@pytest.mark.parametrize("who", ["rose", "nan"])
@pytest.mark.parametrize("how", HOW)
def test_no_page_fails_while_photographs(place, how, who):
    cast = place.cast
    client = place.client(who)
    Profile.objects.filter(account=cast.rose).update(opens_own_photographs=True)
    wanted = set(Door) if who == "rose" else {Door.RULE, Door.OPEN, Door.MINE}
    failed = []

    for post in place.posts:
        add_photographs(cast, post, MANY)

    for route, path in all_addresses(place):
        if DOORS[route.name] not in wanted or route.name in SILENT:
            continue
        if any(str(post.pk) in path for post in place.posts[1:4]):
            continue  # As a page is made, they are like the first.
        post = letter_of(place, path)
        with rolled_back_at_the_end():
            try:
                with between_statements(HOW[how](cast, post)):
                    status = whole_status(client, path)
            except Exception as fault:  # noqa: BLE001
                where = traceback.extract_tb(fault.__traceback__)[-1]
                failed.append((route.name, f"{fault!r} in {where.filename}:{where.lineno}"))
            else:
                if status >= 500:
                    failed.append((route.name, str(status)))

    assert not failed, "\n".join(sorted({f"{name}: {why}" for name, why in failed}))


def whole_status(client, path: str) -> int:
    response = client.get(path)
    whole(response)
    return response.status_code
