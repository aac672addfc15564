from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from beside.access.door import requests
from beside.access.door.requests import RequestText
from beside.access.policy import Viewer
from beside.people import delegations
from beside.people.delegations import Role
from beside.people.models import Delegation, Follow
from beside.posts.models import Audience, Post
from tests.access.door.letters import AFTER_A_YES
from tests.cast import NOW, make_photo, make_post

pytestmark = pytest.mark.usefixtures("own_place")
AT_THE_TOP = "Somebody you chose for after is asking to act for you."


def browser(account) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(account)
    return client


def said_by(response) -> str:
    return response.content.decode()


def doing(author, delegate, role) -> Delegation:
    delegations.offer(author, delegate, role, message="", at=NOW)
    one = Delegation.objects.get(author=author, delegate=delegate, role=role)
    delegations.sign(one.pk, by=delegate, at=NOW)
    return one


def page_of(one: Delegation, name: str = "delegation") -> str:
    return reverse(name, args=[one.pk])


@pytest.mark.thorough
def test_one_asks_somebody_close_and_they_read_what_it_means_and_sign(cast):
    Follow.objects.create(
        follower=cast.nan, followed=cast.rose, state="accepted", asked_at=NOW, answered_at=NOW
    )
    rose, nan = browser(cast.rose), browser(cast.nan)
    offer = {"role": "screener", "person": cast.nan.pk, "message": "You know us."}
    rose.post(reverse("delegations"), offer)
    one = Delegation.objects.get()
    news = said_by(nan.get(reverse("notices")))
    asked = said_by(nan.get(page_of(one)))

    nan.post(page_of(one), {"do": "sign"})

    assert "Rose asks you to" in news
    assert "You know us." in asked
    assert "What they can’t" in asked
    assert delegations.in_force().get() == one
    assert "Nan has signed" in said_by(rose.get(reverse("notices")))


def test_nobody_is_asked_who_is_not_close(cast):
    far = {"role": "screener", "person": cast.ada.pk, "message": ""}

    page = browser(cast.rose).post(reverse("delegations"), far)

    assert "Choose somebody." in said_by(page)
    assert not Delegation.objects.exists()


def test_either_ends_it_from_its_page(cast):
    one = doing(cast.rose, cast.nan, Role.SCREENER)

    browser(cast.nan).post(page_of(one), {"do": "end"})

    assert not delegations.in_force().exists()
    assert browser(cast.rose).get(page_of(one)).status_code == 404


def test_whoever_reads_first_reads_why_and_not_the_letter(cast):
    post = make_post(
        cast.rose,
        words_for=Audience.ANYONE,
        photographs_for=Audience.LET_IN,
        photos=[make_photo(cast.rose)],
        door=AFTER_A_YES,
    )
    requests.ask(
        post.pk, RequestText(words="I knew him."), by=Viewer(cast.ada.pk), at=timezone.now()
    )
    Post.objects.filter(pk=post.pk).update(words_for=Audience.LET_IN)
    doing(cast.rose, cast.ines, Role.SCREENER)

    page = said_by(browser(cast.ines).get(reverse("access_requests")))

    assert "I knew him." in page
    assert "A letter by Rose" in page
    assert post.title not in page


@pytest.mark.thorough
def test_what_is_handed_over_is_told_to_its_author_and_gone_for_its_writer(cast):
    one = doing(cast.rose, cast.nan, Role.TELLER)
    nan, rose = browser(cast.nan), browser(cast.rose)

    nan.post(page_of(one, "write_for"), {"title": "Him", "words": "It began."})

    draft = Post.objects.get()
    assert "it’s a draft that only you can see" in said_by(rose.get(reverse("notices")))
    assert "Written for you by Nan." in said_by(rose.get(reverse("edit_letter", args=[draft.pk])))
    assert nan.get(reverse("edit_letter", args=[draft.pk])).status_code == 404
    assert "It began." not in said_by(nan.get(page_of(one, "write_for")))


@pytest.mark.parametrize("role", [Role.SCREENER, Role.STEWARD])
def test_only_someone_who_writes_for_somebody_has_a_page_for_it(cast, role):
    one = doing(cast.rose, cast.nan, role)

    assert browser(cast.nan).get(page_of(one, "write_for")).status_code == 404


@pytest.mark.thorough
def test_the_author_is_told_by_mail_and_on_every_page_and_says_no_at_one_press(cast):
    one = doing(cast.rose, cast.nan, Role.STEWARD)
    rose, nan = browser(cast.rose), browser(cast.nan)

    nan.post(page_of(one), {"do": "ask"})
    nan.post(page_of(one), {"do": "ask"})
    pages = [said_by(rose.get(reverse(name))) for name in ("home", "you", "write")]
    rose.post(page_of(one), {"do": "stop"})

    assert all(AT_THE_TOP in page for page in pages)
    assert AT_THE_TOP not in said_by(rose.get(reverse("home")))
    [sent] = mail.outbox
    assert sent.to == [cast.rose.email]
    assert "Nan" not in sent.subject + sent.body
    assert "Ask to act" in said_by(nan.get(page_of(one)))


def test_before_the_term_is_over_no_act_is_there(cast):
    post = make_post(cast.rose, words_for=[cast.ada])
    one = doing(cast.rose, cast.nan, Role.STEWARD)
    nan = browser(cast.nan)
    nan.post(page_of(one), {"do": "ask"})

    answers = [nan.post(page_of(one), {"do": do}).status_code for do in ("close", "only_us")]

    assert answers == [404, 404]
    assert (
        "Close all their letters" not in said_by(nan.get(page_of(one))).split("What they can do")[0]
    )
    post.refresh_from_db()
    assert post.state == Post.State.PUBLISHED


@pytest.mark.parametrize("do", ["close", "only_us"])
def test_after_it_there_are_two_acts_that_show_less(cast, do):
    post = make_post(cast.rose, words_for=[cast.ada])
    one = doing(cast.rose, cast.nan, Role.STEWARD)
    delegations.ask_to_act(one.pk, by=cast.nan, at=timezone.now() - timedelta(days=61))
    nan = browser(cast.nan)
    page = said_by(nan.get(page_of(one)))

    nan.post(page_of(one), {"do": do})

    assert "You may act" in page
    assert browser(cast.ada).get(reverse("letter", args=[post.pk])).status_code == 404
    assert nan.get(reverse("letter", args=[post.pk])).status_code == 404


@pytest.mark.parametrize("role", Role.values)
def test_a_rehearsal_has_nothing_in_it_that_is_anybodys(cast, role):
    make_post(cast.rose, words_for=Audience.ANYONE)
    page = said_by(browser(cast.nan).get(reverse("rehearsal", args=[role])))

    assert "A rehearsal." in page
    assert "made up" in page
    assert page.count("disabled") >= 1
    assert "Rose" not in page


def test_there_is_no_rehearsal_of_anything_else(cast):
    assert browser(cast.nan).get(reverse("rehearsal", args=["host"])).status_code == 404
