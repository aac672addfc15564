from __future__ import annotations

import uuid

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from beside.access import capability
from beside.access.policy import photographs_of
from beside.finding import names, search, shelf
from beside.finding.shelf import Wanted
from beside.index.analysis import query_of
from beside.people.models import Account
from beside.posts import indexed_texts
from beside.posts.models import Post
from tests.cast import RENDITIONS
from tests.delivery.client import ask
from tests.web.addresses import addresses, all_addresses, kinds_of_ids, routes
from tests.web.doors import DOORS, Door
from tests.web.narrowings import NARROWINGS, STAYS_TO_READ
from tests.web.place import ADDRESS, WHO, Place, bytes_behind, whole

pytestmark = pytest.mark.thorough


def test_every_route_has_its_line_in_the_table():
    assert {route.name for route in routes()} == set(DOORS)


def _rolled_back_at_the_end() -> transaction.Atomic:
    """As Django marks its own around a test: what a view must commit by itself still may be."""
    block = transaction.atomic()
    block._from_testcase = True
    return block


SWEEPS = [("get", who) for who in WHO]
# Authors may post to their own letters; for everybody else a POST must do nothing and reveal nothing.
SWEEPS += [("post", who) for who in ("nobody", "eve", "ines", "max", "nan", "by link")]


@pytest.mark.parametrize(("method", "who"), SWEEPS)
def test_no_door_tells_anybody_what_is_not_for_them(place, method, who):
    client = place.client(who)
    forbidden = place.forbidden_to(place.viewer(client, who))
    leaks = []

    kept = client.cookies.output()
    for route, path in all_addresses(place):
        with _rolled_back_at_the_end():
            response = getattr(client, method)(path)
            said = whole(response)
            said += bytes_behind(said, client)
            transaction.set_rollback(method == "post")
        # The rows were rolled back, so the browser must be too: the act may have signed it out.
        if method == "post" and client.cookies.output() != kept:
            client = place.client(who)
            kept = client.cookies.output()
        assert response.status_code != 500, route.name
        # An answer may contain the address that was requested.
        said = said.replace(path.encode(), b"")
        leaks += [(route.name, method, word) for word in forbidden if word in said]

    assert leaks == []


@pytest.mark.parametrize("who", ["nobody", "eve", "nan"])
def test_no_word_that_is_looked_for_finds_what_is_not_for_its_asker(place, who):
    indexed_texts.catch_up()
    viewer = place.viewer(place.client(who), who)
    found = []

    for word in place.forbidden_to(viewer):
        query = query_of(word.decode())
        found += shelf.letters(viewer, Wanted(query=query), at=_now()).posts
        if viewer.account is not None:
            account = Account.objects.get(pk=viewer.account)
            found += search.letters_given(query, viewer, at=_now()).page.posts
            found += search.own_letters(account, query, viewer, at=_now()).posts
            found += search.own_photographs(query, viewer, at=_now()).photos
            found += names.people_called(query, account.pk)

    assert found == []


@pytest.mark.parametrize("who", WHO)
def test_an_address_forged_for_any_photograph_sends_only_what_the_rule_opens(place, who):
    client = place.client(who)
    viewer = place.viewer(client, who)
    forbidden = place.forbidden_to(viewer)

    for photo in place.photos():
        photo.is_open = True
        for name in RENDITIONS:
            path = capability.issue(photo, name, viewer=viewer, at=place.posts[0].begun_at)
            fresh = capability.issue(photo, name, viewer=viewer, at=_now())
            for address in (path, fresh):
                sent = ask(address, session=viewer.session).everything
                assert not [word for word in forbidden if word in sent]


@pytest.mark.parametrize("who", ["eve", "ada", "max", "marit"])
def test_what_is_not_theirs_is_the_same_404_as_what_never_was(place, who):
    client = place.client(who)
    never = {kind: ["x" * 43] if kind == "secret" else [uuid.uuid4()] for kind in place.ids}

    for route in routes():
        if DOORS[route.name] is not Door.THEIRS or not kinds_of_ids(route):
            continue
        for method in ("get", "post"):
            nowhere = getattr(client, method)(addresses(route, never)[0])
            for path in _theirs(route, place):
                response = getattr(client, method)(path)
                assert response.status_code == nowhere.status_code, (route.name, method)
                assert response.content == nowhere.content, (route.name, method)
            assert nowhere.status_code in (404, 405), (route.name, method)


def _theirs(route, place: Place) -> list[str]:
    return addresses(route, {kind: ids[:2] for kind, ids in place.ids.items()})


def test_whoever_is_not_signed_in_is_asked_to_where_something_is_somebodys(place):
    client = place.client("nobody")

    for route in routes():
        if DOORS[route.name] in (Door.THEIRS, Door.MINE):
            for path in addresses(route, {kind: ids[:1] for kind, ids in place.ids.items()}):
                response = client.get(path)
                assert (response.status_code, response.headers.get("Location", "")[:17]) == (
                    302,
                    "/account/sign-in/",
                ), route.name


@pytest.mark.parametrize("narrowing", NARROWINGS)
def test_after_every_narrowing_all_old_links_are_dead(place, narrowing):
    who, name, ids, data = NARROWINGS[narrowing]
    post, nan = place.posts[0], place.client("nan")
    page = reverse("letter", args=[post.pk])
    known = {
        "nan": place.cast.nan.pk,
        "rose": place.cast.rose.pk,
        "family": place.ids["circle_id"][0],
        "post": post.pk,
    }
    links = [path.decode() for path in set(ADDRESS.findall(nan.get(page).content))]
    session = nan.session.session_key
    before = [ask(link, session=session).status for link in links]
    actor = nan if who == "nan" else place.client(who)

    done = actor.post(reverse(name, kwargs={key: known[value] for key, value in ids.items()}), data)

    assert done.status_code == 302
    assert 200 in before
    assert {ask(link, session=session).everything for link in links} == {ask("/p/no").everything}
    after = nan.get(page)
    assert after.status_code == (200 if narrowing in STAYS_TO_READ else 404)
    assert not ADDRESS.findall(after.content)


def test_a_veil_put_on_folds_what_lay_open(place):
    post, ines = place.posts[1], place.client("ines")
    page = reverse("letter", args=[post.pk])
    links = [path.decode() for path in set(ADDRESS.findall(ines.get(page).content))]
    session = ines.session.session_key
    before = [ask(link, session=session).status for link in links]

    Post.objects.filter(pk=post.pk).update(veiled=True)

    assert 200 in before
    assert {ask(link, session=session).status for link in links} == {404}
    assert not ADDRESS.findall(ines.get(page).content)


def test_the_sweep_would_find_a_leak(place):
    nan = place.client("nan")
    page = nan.get(reverse("letter", args=[place.posts[0].pk]))
    said = whole(page) + bytes_behind(whole(page), nan)
    eve = place.viewer(place.client("eve"), "eve")

    found = [word for word in place.forbidden_to(eve) if word in said]

    assert len(found) >= 8
    assert photographs_of(place.posts[0], eve, at=_now()).count() == 2


def _now():
    return timezone.now()
