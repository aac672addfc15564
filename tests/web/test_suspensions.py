from __future__ import annotations

import pytest
from django.urls import reverse

from beside.people import replaying as people_replaying
from beside.people import suspensions as people
from beside.people.models import Account, AddressSuspension, Narrowing
from beside.posts import replaying as posts_replaying
from beside.posts import suspensions as letters
from beside.posts.models import Post
from tests.cast import NOW
from tests.web.browsing import browser

pytestmark = pytest.mark.usefixtures("data", "nothing_counted_yet")
WHY = "It names a child."


@pytest.fixture
def marit(cast):
    return browser(cast.marit)


@pytest.fixture
def closed(cast, rose):
    people.suspend(cast.rose.pk, because=WHY, at=NOW)
    return rose


def said(client, name, *args):
    return client.get(reverse(name, args=args)).content.decode()


def test_whoever_is_closed_reads_why_wherever_they_go(closed, letter, settings):
    settings.BESIDE = settings.BESIDE.model_copy(update={"contact": "team@lindholm.example"})
    for name, args in (("home", ()), ("write", ()), ("letter", (letter.pk,)), ("drawer", ())):
        answer = closed.get(reverse(name, args=args))
        assert (answer.status_code, answer["Location"]) == (302, reverse("suspension"))

    page = said(closed, "suspension")

    assert WHY in page
    assert 'href="mailto:team@lindholm.example"' in page
    assert "Nothing is deleted." in page


def test_they_write_to_nobody(closed, cast, letter):
    for name, args in (
        ("follow", (cast.nan.pk,)),
        ("claim", (letter.pk,)),
        ("report_letter", (letter.pk,)),
        ("publish", (letter.pk,)),
        ("invitations", ()),
        ("uploads", ()),
    ):
        answer = closed.post(reverse(name, args=args), {"name": "Eve", "words": "Hello."})
        assert (answer.status_code, answer["Location"]) == (302, reverse("suspension")), name


def test_they_take_their_archive_and_can_leave(closed):
    for name in ("archive", "close_account", "help", "appearance"):
        assert closed.get(reverse(name)).status_code in (200, 302), name
        assert closed.get(reverse(name)).headers.get("Location") != reverse("suspension"), name


def test_they_can_sign_in_again(closed, cast):
    closed.post(reverse("account_logout"))

    assert closed.get(reverse("account_login")).status_code == 200
    assert closed.get(reverse("account_request_login_code")).status_code == 200


def test_an_appeal_waits_for_the_moderators_who_open_the_place_again(closed, marit, cast):
    closed.post(reverse("suspension"), {"words": "It wasn’t me."})
    waiting = said(marit, "reports")
    appeal = cast.rose.appeals.get()

    marit.post(reverse("reports"), {"appeal": appeal.pk, "do": "open"})

    assert "It wasn’t me." in waiting
    assert Account.objects.get(pk=cast.rose.pk).suspended_at is None
    assert closed.get(reverse("home")).status_code == 200
    assert closed.get(reverse("suspension")).status_code == 302


def test_an_appeal_that_is_declined_is_answered(closed, marit, cast):
    closed.post(reverse("suspension"), {"words": "It wasn’t me."})
    assert "they haven’t answered yet" in said(closed, "suspension")

    marit.post(reverse("reports"), {"appeal": cast.rose.appeals.get().pk, "do": "leave"})

    assert "have left it closed" in said(closed, "suspension")


def test_beyond_the_budget_nothing_typed_is_lost(closed):
    for _ in range(3):
        closed.post(reverse("suspension"), {"words": "It wasn’t me."})

    page = closed.post(reverse("suspension"), {"words": "It really wasn’t."}).content.decode()

    assert "Your appeal has arrived." in page
    assert "It really wasn’t." in page


def test_an_author_appeals_about_a_letter_and_strangers_find_nothing(letter, rose, marit, visit):
    here = reverse("letter_suspension", args=[letter.pk])
    assert rose.get(here).status_code == 302
    letters.suspend(letter.pk, because=WHY, at=NOW)

    rose.post(here, {"words": "It’s our own child."})

    assert "have closed it" in said(rose, "letters")
    assert "asks you to open a letter again" in said(marit, "reports")
    for who in ("nan", "ada"):
        assert visit(who).get(here).status_code == 404


def test_moderators_open_again_what_is_closed(letter, marit, closed, cast):
    letters.suspend(letter.pk, because=WHY, at=NOW)
    here = reverse("suspensions")
    marit.post(here, {"do": "close", "address": "Eve@home.example", "because": "Ten accounts."})
    page = said(marit, "suspensions")

    marit.post(here, {"do": "open letter", "which": letter.pk})
    marit.post(here, {"do": "open place", "which": cast.rose.pk})
    marit.post(here, {"do": "open address", "address": "eve@home.example"})

    assert all(word in page for word in (WHY, "eve@home.example", "Ten accounts."))
    assert "Nothing is closed." in said(marit, "suspensions")
    assert not AddressSuspension.objects.exists()


def test_a_closed_address_is_neither_invited_nor_joins(cast, rose, client, settings):
    settings.BESIDE = settings.BESIDE.model_copy(update={"open_sign_up": True})
    people.suspend_address("eve@home.example", because="", at=NOW)
    typed = {"name": "Eve", "email": "Eve@home.example"}

    invited = rose.post(reverse("invitations"), typed).content.decode()
    joined = client.post(reverse("account_signup"), typed, HTTP_HOST="localhost")

    assert "This address can’t be used here." in invited
    assert "This address can’t be used here." in joined.content.decode()
    assert not Account.objects.filter(email="eve@home.example").exists()


@pytest.mark.parametrize("what", ["place", "letter"])
def test_after_a_restore_the_sentence_says_that_it_was_lost(cast, letter, rose, marit, what):
    if what == "place":
        people.suspend(cast.rose.pk, because=WHY, at=NOW)
        Account.objects.update(suspended_at=None, suspended_because="")
        entry = Narrowing.objects.get(kind=Narrowing.Kind.ACCOUNT_SUSPENDED)
        people_replaying.replay(entry.kind, entry.subject, at=entry.at)
        page = said(rose, "suspension")
    else:
        letters.suspend(letter.pk, because=WHY, at=NOW)
        Post.objects.update(suspended_at=None, suspended_because="")
        entry = Narrowing.objects.get(kind=Narrowing.Kind.POST_SUSPENDED)
        posts_replaying.replay(entry.kind, entry.subject, at=entry.at)
        page = said(rose, "letter_suspension", letter.pk)

    lost = "What was written here was lost when this place was restored"
    assert lost in page
    assert lost in said(marit, "suspensions")
