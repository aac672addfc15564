from __future__ import annotations

import pytest
from django.utils import timezone

from beside.access import consents
from beside.access.models import Admission
from beside.access.policy import Viewer
from beside.config import wsgi
from beside.delivery.app import Delivery
from beside.delivery.database import Shared
from beside.people.models import Account
from beside.posts.models import Audience, Post
from tests.cast import NOW, bytes_of, make_circle, make_post, make_sealed_photo
from tests.delivery.client import address, ask, signed_in

pytestmark = pytest.mark.usefixtures("own_place")
VISIT, NAMED, IN_POSTS, WHOLE = range(1, 5)


class Counting(Shared):
    """Counts what is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def first(self, statement, values):
        self.asked += 1
        return super().first(statement, values)


@pytest.fixture
def database(monkeypatch) -> Counting:
    database = Counting()
    monkeypatch.setattr(wsgi, "photographs", Delivery(database))
    return database


@pytest.fixture
def photo(cast):
    return make_sealed_photo(cast.rose)


def consented(account: Account, post: Post) -> Viewer:
    viewer = signed_in(account)
    consents.give(viewer, post.pk, at=timezone.now())
    return viewer


@pytest.mark.thorough
def test_a_reader_who_is_named_is_found_by_the_shortest_form(cast, photo, database):
    family = make_circle(cast.rose, of=[cast.nan])
    post = make_post(cast.rose, words_for=[family], photographs_for=[family], photos=[photo])
    nan = consented(cast.nan, post)

    answer = ask(address(photo, nan), session=nan.session)

    assert answer.body == bytes_of(photo, "w480")
    assert database.asked == NAMED


@pytest.mark.thorough
def test_so_is_an_author(cast, photo, database):
    make_post(cast.rose, photos=[photo])
    rose = signed_in(cast.rose)

    assert ask(address(photo, rose), session=rose.session).status == 200
    assert database.asked == NAMED


@pytest.mark.thorough
def test_a_reader_who_was_let_in_is_found_by_the_next_form(cast, photo, database):
    letting_in = {"words_for": Audience.LET_IN, "photographs_for": Audience.LET_IN}
    post = make_post(cast.rose, photos=[photo], **letting_in)
    Admission.objects.create(post=post, account=cast.nan, admitted_at=NOW)
    nan = consented(cast.nan, post)

    answer = ask(address(photo, nan), session=nan.session)

    assert answer.body == bytes_of(photo, "w480")
    assert database.asked == IN_POSTS


@pytest.mark.thorough
def test_nobody_is_refused_before_the_whole_rule_was_asked(cast, photo, database):
    post = make_post(cast.rose, words_for=[cast.nan], photographs_for=[cast.nan], photos=[photo])
    nan = consented(cast.nan, post)
    path = address(photo, nan)
    post.grants.all().delete()

    assert ask(path, session=nan.session).status == 404
    assert database.asked == WHOLE
