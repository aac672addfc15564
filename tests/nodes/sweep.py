"""What the sweeps of `tests.web.test_every_door` ask in one process, asked of the nodes in turn: in the environment of one of them.

    python -m tests.nodes.sweep doors SEED PORT PORT PORT         one line of JSON: how much was asked, and what was wrong

Everybody tries one door of every five, each beginning with another; with BESIDE_TEST_EVERY_DOOR=yes all of them.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from types import SimpleNamespace

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beside.config.settings")
django.setup()

from django.conf import settings  # noqa: E402 -- these import models
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from beside.access import capability  # noqa: E402
from beside.access.models import Consent  # noqa: E402
from beside.access.policy import Viewer  # noqa: E402
from beside.people.models import Account  # noqa: E402
from beside.photos.models import Rendition  # noqa: E402
from beside.posts.models import Post  # noqa: E402
from tests.access import plain  # noqa: E402
from tests.access.reading import world_of  # noqa: E402
from tests.access.worlds import Looking, World  # noqa: E402
from tests.cast import make_account, make_cast, make_circle, make_post, make_sealed_photo  # noqa: E402
from tests.nodes.several import Answer, Door  # noqa: E402
from tests.web.addresses import all_addresses  # noqa: E402
from tests.web.narrowings import NARROWINGS, STAYS_TO_READ  # noqa: E402
from tests.web.place import ADDRESS, WHO, make_place, signed_in_just_now  # noqa: E402

STRIDE = 1 if os.environ.get("BESIDE_TEST_EVERY_DOOR") else 5
PEOPLE = ("rose", "tom", "nan", "ines")


class Asked:
    """How much was asked, and what was wrong with the answers."""

    def __init__(self) -> None:
        self.requests = 0
        self.wrong: list[str] = []

    def hold(self, holds: bool, wrong: str) -> None:
        """Say that something is `wrong` unless it `holds`."""
        if not holds:
            self.wrong.append(wrong)

    def ask(self, node: Door, path: str, cookie: str) -> Answer:
        self.requests += 1
        return node.ask(path, cookie)


def doors(nodes: list[Door], asked: Asked) -> None:
    """Everybody at every door, each request at the next node."""
    place = make_place(make_cast("sweep.example"))
    for who in WHO:
        client = place.client(who)
        viewer = place.viewer(client, who)
        at_door = _AtDoors(nodes, asked, who, cookies_of(client), place.forbidden_to(viewer))
        paths = [path for _route, path in all_addresses(place)]
        with ThreadPoolExecutor(len(nodes)) as pool:
            list(pool.map(at_door.try_one, paths[random.randrange(STRIDE) :: STRIDE]))
        hold_to_plain(place.posts, [(_in_session(client), client)], nodes, asked)


class _AtDoors:
    """One person, and what may be in no answer to them."""

    def __init__(
        self, nodes: list[Door], asked: Asked, who: str, cookie: str, forbidden: Iterable[bytes]
    ) -> None:
        self._nodes, self._asked, self._who, self._cookie = cycle(nodes), asked, who, cookie
        self._forbidden = list(forbidden)

    def try_one(self, path: str) -> None:
        answer = self._asked.ask(next(self._nodes), path, self._cookie)
        self._asked.hold(answer.status < 500, f"{path} for {self._who}: {answer.status}")
        said = whole(answer)
        for behind in set(ADDRESS.findall(said)):
            said += whole(self._asked.ask(next(self._nodes), behind.decode(), self._cookie))
        # An answer may contain the address that was requested.
        said = said.replace(path.encode(), b"")
        for word in self._forbidden:
            self._asked.hold(word not in said, f"{path} tells {self._who} {word!r}")


def narrowings(nodes: list[Door], asked: Asked) -> None:
    """Each on one node, and every old link tried on all."""
    for number, narrowing in enumerate(NARROWINGS):
        family = _Family(number)
        first, *others = nodes[number % len(nodes) :] + nodes[: number % len(nodes)]
        nan = cookies_of(family.clients["nan"])
        page = reverse("letter", args=[family.post.pk])
        links = [path.decode() for path in set(ADDRESS.findall(asked.ask(first, page, nan).body))]
        before = [asked.ask(node, link, nan).status for node in others for link in links]
        who, name, ids, data = NARROWINGS[narrowing]
        path = reverse(name, kwargs={key: family.known[value] for key, value in ids.items()})

        done = first.post(path, cookies_of(family.clients[who]), **data)

        asked.hold(done.status == 302, f"{narrowing}: {done.status}")
        asked.hold(200 in before, f"{narrowing}: nothing was there before it")
        for node in (*others, first):
            nothing = asked.ask(node, "/p/no", "")
            for link in links:
                answer = asked.ask(node, link, nan)
                is_dead = (answer.status, answer.body) == (404, nothing.body)
                asked.hold(is_dead, f"{narrowing}: an old link lives")
            after = asked.ask(node, page, nan)
            expected = 200 if narrowing in STAYS_TO_READ else 404
            asked.hold(after.status == expected, f"{narrowing}: the letter is {after.status}")
            asked.hold(not ADDRESS.findall(after.body), f"{narrowing}: it names photographs")
        viewers = [(_in_session(client), client) for client in family.clients.values()]
        hold_to_plain([family.post], viewers, nodes, asked)


class _Family:
    """Rose and Tom's letter for their family, and Nan who has opened its photographs; and Ines, who may only read it."""

    def __init__(self, number: int) -> None:
        self.people: dict[str, Account] = {who: make_account(f"{who}-{number}") for who in PEOPLE}
        rose, tom, nan, ines = self.people.values()
        circle = make_circle(rose, of=[nan])
        photo = make_sealed_photo(rose)
        self.post = make_post(
            rose, tom, words_for=[circle, ines], photographs_for=[circle], photos=[photo]
        )
        Consent.objects.create(photo=photo, account=nan)
        self.clients = {who: _browser(one) for who, one in self.people.items()}
        self.known = {who: one.pk for who, one in self.people.items()}
        self.known |= {"family": circle.pk, "post": self.post.pk}


def hold_to_plain(
    posts: list[Post], viewers: list[tuple[Viewer, Client]], nodes: list[Door], asked: Asked
) -> None:
    """Compare what every node answers about letters and their photographs with the plain rule."""
    world = world_of(at=timezone.now())
    sealed = set(Rendition.objects.filter(name="w480").values_list("photo_id", flat=True))
    mine = [post for post in world.posts if post.id in {post.pk for post in posts}]
    for viewer, client in viewers:
        looking = _looking(world, viewer)
        cookie = cookies_of(client)
        for node in nodes:
            for post in mine:
                is_there = plain.sight(world, looking, post) > plain.NOTHING
                answer = asked.ask(node, reverse("letter", args=[post.id]), cookie).status
                asked.hold(
                    (answer == 200) == is_there, f"a letter is {answer}, and it is {is_there}"
                )
                for photo in (one for one in post.photos if one.id in sealed):
                    expected = 200 if plain.is_answered(world, looking, photo) else 404
                    answer = asked.ask(node, _forged(photo.id, viewer), cookie).status
                    asked.hold(answer == expected, f"a photograph is {answer}, not {expected}")


def _forged(photo: object, viewer: Viewer) -> str:
    said_open = SimpleNamespace(pk=photo, is_open=True)
    return capability.issue(said_open, "w480", viewer=viewer, at=timezone.now())


def _in_session(client: Client) -> Viewer:
    """Whoever has this browser's cookie; who that is, is in the rows."""
    cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
    return Viewer(None, cookie.value if cookie and cookie.value else None)


def _looking(world: World, viewer: Viewer) -> Looking:
    """As the rows have it: a session that has ended is nobody's."""
    if viewer.session is None:
        return Looking(None, None)
    in_session = [one for one in world.viewers if one.visit == viewer.session]
    return in_session[0] if in_session else Looking(None, viewer.session, is_dead=True)


def _browser(account: Account) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(account)
    signed_in_just_now(client, account)
    return client


def cookies_of(client: Client) -> str:
    return "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())


def whole(answer: Answer) -> bytes:
    return str(answer.headers).encode() + answer.body


def main(what: str, seed: str, *ports: str) -> None:
    random.seed(int(seed))
    asked = Asked()
    {"doors": doors, "narrowings": narrowings}[what]([Door(int(port)) for port in ports], asked)
    print(json.dumps({"requests": asked.requests, "wrong": asked.wrong}))


if __name__ == "__main__":
    main(*sys.argv[1:])
