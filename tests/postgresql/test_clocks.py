"""Acts on machines whose clocks differ: their order is that in which they happened."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.core.context import request_context
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from beside.access.policy import Viewer, visible_to
from beside.access.preview import people_now, people_who_would_see
from beside.family.policy import families_visible_to
from beside.people.models import Follow, Membership
from beside.people.sessions import SessionStore
from beside.people.sign_in_models import AccountChange
from beside.posts import approvals, audiences
from beside.posts.models import Audience, Post
from beside.posts.reach import Chosen, Reach
from beside.querysets import shared_clock
from beside.web.allauth_adapter import Adapter
from tests.cast import NOW, make_circle, make_post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_place")]

FAST, SLOW = timedelta(seconds=30), timedelta(seconds=-30)


@pytest.fixture
def at_machine(monkeypatch):
    """Go to a machine whose clock is wrong by so much."""
    right = timezone.now
    return lambda wrong: monkeypatch.setattr(timezone, "now", lambda: right() + wrong)


@pytest.fixture
def family(cast):
    Follow.objects.create(
        follower=cast.nan,
        followed=cast.rose,
        state=Follow.State.ACCEPTED,
        asked_at=NOW,
        answered_at=NOW,
    )
    return make_circle(cast.rose, of=[cast.ada])


def browser(account) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(account)
    return client


def add(client, circle, person, *, meant):
    where = reverse("add_to_circle", args=[circle.pk])
    assert client.post(where, {"person": person.pk, "meant": meant}).status_code == 302


def sees(account, post) -> bool:
    seen = visible_to(Viewer(account.pk), at=timezone.now())
    return seen.filter(pk=post.pk).exists()


def publish_alone(cast, draft) -> None:
    assert browser(cast.rose).post(reverse("publish", args=[draft.pk])).status_code == 302


def publish_by_the_last_yes(cast, draft) -> None:
    wanted = audiences.chosen(draft)
    asked = approvals.request_approval(
        draft, wanted, publishes=True, message="", by=cast.rose, at=timezone.now()
    )
    path = reverse("approval", args=[draft.pk])
    browser(cast.tom).post(path, {"do": "agree", "asked": str(asked.pk)})


@pytest.mark.parametrize(
    ("authors", "publish"),
    [(("rose",), publish_alone), (("rose", "tom"), publish_by_the_last_yes)],
    ids=["alone", "by the last yes"],
)
def test_who_is_added_after_a_letter_at_a_slow_machine_does_not_see_one_published_at_a_fast(
    cast, family, at_machine, authors, publish
):
    draft = make_post(*(cast[who] for who in authors), words_for=[family], state=Post.State.DRAFT)
    at_machine(FAST)
    publish(cast, draft)

    at_machine(SLOW)
    add(browser(cast.rose), family, cast.nan, meant="from now on")

    assert Post.objects.get(pk=draft.pk).state == Post.State.PUBLISHED
    assert sees(cast.ada, draft)
    assert not sees(cast.nan, draft)


def test_who_was_added_before_a_letter_at_a_fast_machine_sees_one_published_at_a_slow(
    cast, family, at_machine
):
    draft = make_post(cast.rose, words_for=[family], state=Post.State.DRAFT)
    at_machine(FAST)
    add(browser(cast.rose), family, cast.nan, meant="from now on")
    Membership.objects.update(from_now_on=True)

    at_machine(SLOW)
    before = people_who_would_see(draft, at=timezone.now())
    publish_alone(cast, draft)

    assert sees(cast.nan, draft)
    assert people_now(draft) == before


def test_an_accepted_follower_who_is_shown_no_earlier_letters_later_was_added_after_one(
    cast, family, at_machine
):
    Follow.objects.update(state=Follow.State.REQUESTED, answered_at=None)
    draft = make_post(cast.rose, words_for=[family], state=Post.State.DRAFT)
    empty = make_circle(cast.rose, "Ward")
    rose = browser(cast.rose)
    at_machine(FAST)
    publish_alone(cast, draft)
    at_machine(SLOW)
    to_both = Reach(Audience.PEOPLE, circles=frozenset({family.pk, empty.pk}))
    answer = {"answer": "yes", "circle": empty.pk}
    rose.post(reverse("answer_follow", args=[cast.nan.pk]), answer)
    audiences.change(
        Post.objects.get(pk=draft.pk), Chosen(to_both), by=cast.rose, at=timezone.now()
    )
    assert sees(cast.nan, draft)

    past = reverse("circle_member", args=[empty.pk, cast.nan.pk])
    rose.post(past, {"meant": "from now on"})

    assert not sees(cast.nan, draft)


def test_who_is_added_after_a_family_was_shared_does_not_see_it(cast, family, at_machine):
    rose = browser(cast.rose)
    at_machine(FAST)
    shown = {"seen_by": "people", "people": [f"circle:{family.pk}"]}
    assert rose.post(reverse("family_audience"), shown).status_code == 302

    at_machine(SLOW)
    add(rose, family, cast.nan, meant="from now on")
    Membership.objects.filter(account=cast.nan.pk).update(from_now_on=True)

    assert families_visible_to(Viewer(cast.ada.pk)).exists()
    assert not families_visible_to(Viewer(cast.nan.pk)).exists()


def test_a_change_to_an_account_is_dated_by_the_clock_of_the_place(cast, at_machine):
    """Or one that a clock years ahead has dated would be kept for years, with the address that it names."""
    request = RequestFactory().get("/")
    request.session = SessionStore()
    before = shared_clock.now()
    at_machine(timedelta(days=3000))

    with request_context(request):
        Adapter().set_password(cast.rose, "quite another word")

    assert before <= AccountChange.objects.get().at <= shared_clock.now()
