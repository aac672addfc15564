from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from beside.access.policy import NothingToSee, Sight, Viewer, see
from beside.notices.models import Notice
from beside.people import follows
from beside.people.models import Block, Follow, Invitation, Membership
from beside.posts.models import Authorship, Post
from tests.cast import NOW, make_circle, make_post

pytestmark = pytest.mark.usefixtures("own_place")
ASKS = "Should they see earlier letters too?"


@pytest.fixture
def rose(cast) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(cast.rose)
    return client


@pytest.fixture
def family(cast):
    Invitation.objects.create(
        inviter=cast.rose,
        used_by=cast.nan,
        secret_digest=b"x" * 32,
        made_at=NOW,
        expires_at=NOW,
        used_at=NOW,
    )
    return make_circle(cast.rose)


@pytest.fixture
def letter(cast, family):
    return make_post(cast.rose, words_for=[family], photographs_for=[family])


def said_by(response):
    return response.content.decode()


def add(client, circle, **data):
    return client.post(reverse("add_to_circle", args=[circle.pk]), data, follow=True)


def sees(account, post):
    try:
        return see(Viewer(account.pk), post.pk, at=NOW).sight
    except NothingToSee:
        return Sight.NOTHING


def test_where_nothing_was_shared_nothing_is_asked(rose, cast, family):
    make_post(cast.rose, words_for=[cast.ines])

    page = said_by(add(rose, family, person=cast.nan.pk))

    assert ASKS not in page
    assert Membership.objects.get().account == cast.nan


def test_before_somebody_is_added_what_is_there_already_is_listed(rose, cast, family, letter):
    make_post(cast.rose, words_for=[family], title="Closed", state=Post.State.CLOSED)
    make_post(cast.rose, words_for=[family], title="Draft", state=Post.State.DRAFT)
    make_post(cast.tom, words_for=[family], title="Another’s")

    page = said_by(add(rose, family, person=cast.nan.pk))

    assert ASKS in page
    assert letter.title in page
    assert "Closed" in page
    assert "Draft" not in page
    assert "Another’s" not in page
    assert not Membership.objects.exists()


@pytest.mark.parametrize(
    ("meant", "sight"), [("these too", Sight.WORDS), ("from now on", Sight.NOTHING)]
)
def test_what_is_answered_is_so(rose, cast, family, letter, meant, sight):
    add(rose, family, person=cast.nan.pk, meant=meant)

    assert sees(cast.nan, letter) == sight


def test_an_answer_that_is_neither_is_asked_again(rose, cast, family, letter):
    assert ASKS in said_by(add(rose, family, person=cast.nan.pk, meant="whatever"))
    assert not Membership.objects.exists()


def test_an_address_is_asked_about_in_the_same_words_whoevers_it_is(rose, cast, family, letter):
    known = said_by(add(rose, family, email=cast.nan.email))
    unknown = said_by(add(rose, family, email="nobody@home.example"))

    assert ASKS in known
    assert known.count("nobody@") == 0
    assert len(known.replace(cast.nan.email, "nobody@home.example")) == len(unknown)


@pytest.mark.thorough
def test_one_changes_ones_mind_on_the_circles_page(rose, cast, family, letter):
    add(rose, family, person=cast.nan.pk, meant="from now on")
    past = reverse("circle_member", args=[family.pk, cast.nan.pk])
    before = said_by(rose.get(reverse("circle", args=[family.pk])))

    opened = said_by(rose.post(past, {"meant": "these too"}, follow=True))
    is_open = sees(cast.nan, letter)
    rose.post(past, {"meant": "from now on"})

    assert "Let Nan see what was shared before" in before
    assert "Let Nan see only what came since" in opened
    assert is_open == Sight.WORDS
    assert sees(cast.nan, letter) == Sight.NOTHING


def test_where_nothing_came_before_there_is_nothing_to_change(rose, cast, family):
    make_post(cast.rose, words_for=[family], at=NOW + timedelta(days=1))
    Membership.objects.create(circle=family, account=cast.nan, added_at=NOW)

    assert "shared before</button>" not in said_by(rose.get(reverse("circle", args=[family.pk])))


def test_a_follower_is_put_into_a_circle_only_once_that_is_said(rose, cast, family, letter):
    follows.ask(cast.ada, cast.rose, at=NOW)

    page = said_by(
        rose.post(
            reverse("answer_follow", args=[cast.ada.pk]),
            {"answer": "yes", "circle": family.pk},
            follow=True,
        )
    )

    assert ASKS in page
    assert Follow.objects.get().state == Follow.State.ACCEPTED
    assert not Membership.objects.exists()
    add(rose, family, person=cast.ada.pk, meant="from now on")
    assert sees(cast.ada, letter) == Sight.NOTHING


def told(account):
    return list(Notice.objects.filter(recipient=account).values_list("kind", "about"))


@pytest.mark.thorough
def test_who_is_added_for_earlier_letters_hears_that_there_is_something(rose, cast, family, letter):
    add(rose, family, person=cast.nan.pk, meant="these too")
    nan = Client(HTTP_HOST="localhost")
    nan.force_login(cast.nan)

    news = said_by(nan.get(reverse("notices")))

    assert told(cast.nan) == [(Notice.Kind.SHARED_EARLIER, cast.rose.pk)]
    assert "has shared something with you that was written earlier" in news
    assert letter.title not in news
    assert family.name not in news


@pytest.mark.parametrize("why", ["from now on", "closed", "blocked by another author", "author"])
def test_who_can_read_nothing_earlier_hears_nothing(rose, cast, family, letter, why):
    if why == "closed":
        Post.objects.update(state=Post.State.CLOSED)
    if why in ("blocked by another author", "author"):
        other = cast.nan if why == "author" else cast.tom
        Authorship.objects.create(post=letter, account=other, joined_at=NOW)
        Block.objects.create(blocker=cast.tom, blocked=cast.nan, at=NOW)

    add(
        rose,
        family,
        person=cast.nan.pk,
        meant="from now on" if why == "from now on" else "these too",
    )

    assert told(cast.nan) == []


def test_a_member_who_may_see_earlier_letters_later_on_hears_it_then(rose, cast, family, letter):
    add(rose, family, person=cast.nan.pk, meant="from now on")

    for _ in range(2):
        rose.post(reverse("circle_member", args=[family.pk, cast.nan.pk]), {"meant": "these too"})

    assert told(cast.nan) == [(Notice.Kind.SHARED_EARLIER, cast.rose.pk)]
