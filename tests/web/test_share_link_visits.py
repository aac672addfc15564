from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from beside.access.models import Consent
from beside.notices.models import Notice
from beside.people.models import Session
from beside.people.sessions import SessionStore
from beside.posts import share_link_devices, share_links
from beside.posts.models import Post, ShareLink, ShareLinkDevice
from beside.posts.share_links import Terms
from tests.cast import NOW, bytes_of, make_post, make_sealed_photo
from tests.delivery.client import ask
from tests.web.place import ADDRESS, whole

STOPPED = "This link has been stopped. The person who sent it can send you another."
TERMS = Terms("Margit", message="Take your time.", with_photographs=True)


@pytest.fixture
def post(cast, data) -> Post:
    return make_post(cast.rose, photos=[make_sealed_photo(cast.rose, names=["w480", "jpeg"])])


@pytest.fixture
def made(cast, post) -> tuple[ShareLink, str]:
    return share_links.make(post, TERMS, by=cast.rose, at=NOW)


@pytest.fixture
def rose(cast) -> Client:
    client = Client()
    client.force_login(cast.rose, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


@pytest.fixture
def opened():
    def do(secret: str, client: Client | None = None) -> Client:
        client = client or Client()
        client.post("/for-you/", {"secret": secret})
        return client

    return do


def shown_on(page) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def test_the_page_of_links_is_the_same_for_whoever_looks_and_keeps_nothing(made):
    strip = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')
    pages = [strip.sub(b"", Client().get("/for-you/").content) for _ in range(2)]

    assert pages[0] == pages[1]
    assert b"Margit" not in pages[0]
    assert b'class="large' in pages[0]
    assert not Session.objects.exists()
    assert ShareLink.objects.get().bound_at is None


@pytest.mark.parametrize("pasted", ["{0}", " https://beside.example/for-you/#{0} "])
def test_a_link_opens_by_itself_or_pasted_whole(post, made, pasted):
    visitor = Client()

    answer = visitor.post("/for-you/", {"secret": pasted.format(made[1])})
    page = visitor.get(answer.headers["Location"])

    said = shown_on(page)
    assert "Margit, Rose sent you this." in said
    assert "Take your time." in said
    assert "Show me the photographs" in said
    assert "This link works until" in said
    assert 'class="large' in page.content.decode()
    assert b"/people/" not in page.content
    assert "Sign in" not in said


@pytest.mark.thorough
def test_the_secret_is_in_no_address_no_header_no_page_and_no_log(post, made, caplog, cast):
    caplog.set_level(logging.DEBUG)
    visitor, other, secret = Client(), Client(), made[1].encode()

    answers = [
        visitor.post("/for-you/", {"secret": made[1]}),
        visitor.get(f"/posts/{post.pk}/"),
        visitor.get("/for-you/"),
        other.post("/for-you/", {"secret": made[1]}),
        other.get("/for-you/"),
    ]
    share_links.end(made[0], by=cast.rose, at=NOW)
    answers += [visitor.post("/for-you/", {"secret": made[1]}), other.get("/for-you/")]

    assert not [answer for answer in answers if secret in whole(answer)]
    assert not [answer for answer in answers if answer.get("Location", "").count("#")]
    assert made[1] not in caplog.text
    kept = " ".join(str(SessionStore(one.pk).load()) for one in Session.objects.all())
    assert made[1] not in kept


@pytest.mark.thorough
def test_what_opens_nothing_is_one_and_the_same_page(cast, post, made, opened):
    opened(made[1])
    waiting = make_post(cast.rose, cast.tom)
    not_agreed = share_links.make(waiting, TERMS, by=cast.rose, at=NOW)[1]
    ended, over = (share_links.make(post, TERMS, by=cast.rose, at=NOW) for _ in range(2))
    share_links.end(ended[0], by=cast.rose, at=NOW)
    ShareLink.objects.filter(pk=over[0].pk).update(ends_at=timezone.now())
    tokens = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')

    pages = {
        tokens.sub(b"", Client().post("/for-you/", {"secret": secret}).content)
        for secret in ("x" * 43, not_agreed, ended[1], over[1])
    }

    assert len(pages) == 1
    assert STOPPED.encode() in pages.pop()
    assert Session.objects.count() == 1


@pytest.mark.thorough
def test_opening_is_tried_a_good_many_times_and_no_more(opened, made):
    for _ in range(30):
        opened("x" * 43)

    assert Client().post("/for-you/", {"secret": made[1]}).status_code == 429


def test_a_visitor_chooses_to_look_folds_away_and_steps_away(post, made, opened):
    visitor = opened(made[1])
    session = visitor.cookies[settings.SESSION_COOKIE_NAME].value
    folded = whole(visitor.get(f"/posts/{post.pk}/"))

    visitor.post(f"/posts/{post.pk}/consents/")
    page = whole(visitor.get(f"/posts/{post.pk}/"))
    addresses = [path.decode() for path in ADDRESS.findall(page)]

    photo = post.placed.get().photo
    assert not ADDRESS.findall(folded)
    sent = [ask(path, session=session).body for path in addresses]
    assert bytes_of(photo, "jpeg") in sent
    assert {ask(path).status for path in addresses} == {404}
    visitor.get("/away")
    assert not Consent.objects.exists()
    assert {ask(path, session=session).status for path in addresses} == {404}


def test_when_it_ends_the_next_request_is_nothing(cast, post, made, opened):
    visitor = opened(made[1])
    session = visitor.cookies[settings.SESSION_COOKIE_NAME].value
    visitor.post(f"/posts/{post.pk}/consents/")
    addresses = ADDRESS.findall(whole(visitor.get(f"/posts/{post.pk}/")))

    share_links.end(made[0], by=cast.rose, at=NOW)

    assert addresses
    assert visitor.get(f"/posts/{post.pk}/").status_code == 404
    assert {ask(path.decode(), session=session).status for path in addresses} == {404}


def test_a_visitor_stays_until_the_link_ends_and_longer_with_another(cast, post, made, opened):
    visitor = opened(made[1])
    first = Session.objects.get().expire_date
    longer = share_links.make(
        post, TERMS._replace(good_for=timedelta(days=365)), by=cast.rose, at=NOW
    )

    opened(longer[1], visitor)

    assert abs(first - made[0].ends_at) < timedelta(seconds=2)
    assert abs(Session.objects.get().expire_date - longer[0].ends_at) < timedelta(seconds=2)
    assert int(visitor.cookies[settings.SESSION_COOKIE_NAME]["max-age"]) > 360 * 24 * 3600
    assert Session.objects.get().account is None


@pytest.mark.thorough
def test_a_second_browser_waits_quietly_and_goes_on_once_it_may(rose, post, made, opened):
    opened(made[1])
    second = opened(made[1])
    assert "Rose has been asked" in shown_on(second.get("/for-you/"))
    assert second.get(f"/posts/{post.pk}/").status_code == 404
    assert "A second browser would like to open" in shown_on(rose.get("/news/"))
    asked = share_link_devices.waiting(made[0]).get()

    rose.post(f"/links/{made[0].pk}/", {"do": "allow", "device": str(asked.pk)})

    assert second.get("/for-you/").headers["Location"] == f"/posts/{post.pk}/"
    assert second.get(f"/posts/{post.pk}/").status_code == 200
    assert not Notice.objects.exists()


@pytest.mark.thorough
def test_a_no_is_never_told_and_asking_again_asks_nobody(rose, post, made, opened):
    opened(made[1])
    second = opened(made[1])
    before = shown_on(second.get("/for-you/"))
    asked = share_link_devices.waiting(made[0]).get()

    rose.post(f"/links/{made[0].pk}/", {"do": "refuse", "device": str(asked.pk)})
    opened(made[1], second)

    assert shown_on(second.get("/for-you/")) == before
    assert ShareLinkDevice.objects.count() == 1
    assert not Notice.objects.exists()


def test_somebody_who_is_signed_in_has_it_in_their_own_session(cast, post, made, opened):
    ada = Client()
    ada.force_login(cast.ada, backend=settings.AUTHENTICATION_BACKENDS[0])
    until = ada.session.get_expiry_age()

    opened(made[1], ada)

    page = ada.get(f"/posts/{post.pk}/").content.decode()
    assert "Rose sent you this." in page
    assert 'href="/letters/"' in page
    assert 'class="large' not in page
    assert abs(ada.session.get_expiry_age() - until) < 10


@pytest.mark.parametrize("who", ["max", "rose"])
def test_a_link_goes_round_no_block_and_an_author_who_tries_it_is_not_its_person(cast, opened, who):
    post = make_post(cast.rose, cast.tom)
    link, secret = share_links.make(post, TERMS, by=cast.rose, at=NOW)
    share_links.approve(link, by=cast.tom, at=NOW)
    client = Client()
    client.force_login(cast[who], backend=settings.AUTHENTICATION_BACKENDS[0])

    opened(secret, client)

    assert client.get(f"/posts/{post.pk}/").status_code == (404 if who == "max" else 200)
    assert ShareLinkDevice.objects.exists() is (who == "max")


def test_home_stays_the_ordinary_first_page(made, opened):
    visitor = opened(made[1])

    assert visitor.get("/").status_code == 200
    assert "We knew from about four" not in shown_on(visitor.get("/"))
