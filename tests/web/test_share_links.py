from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client
from django.utils import timezone

from beside.notices import sending
from beside.notices.mail_replies import Step, Stopped
from beside.notices.models import Notice, OutgoingMail
from beside.posts import coauthors, share_links
from beside.posts.models import CoauthorApproval, CoauthorInvitation, Post, ShareLink
from beside.posts.share_links import Terms
from tests.cast import NOW, make_photo, make_post

TYPED = {
    "name": "Grandmother",
    "what": "photographs",
    "good_for": "90",
    "message": "From the two of us",
}
SECRET = re.compile(r"/for-you/#([\w-]{43})")


@pytest.fixture(autouse=True)
def a_mail_server(settings):
    settings.MAIL_CARRIER = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def post(cast) -> Post:
    return make_post(cast.rose, photos=[make_photo(cast.rose)])


@pytest.fixture
def sign_in(cast):
    def do(name: str) -> Client:
        client = Client()
        client.force_login(cast[name], backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return do


def shown_on(page) -> str:
    """A page as its reader has it, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def test_whoever_comes_to_a_letter_is_asked_about_its_links_and_a_yes_puts_nobody_out(
    sign_in, cast, data
):
    post = make_post(cast.rose)
    rose, tom = sign_in("rose"), sign_in("tom")
    rose.post(f"/posts/{post.pk}/links/", TYPED | {"address": "gran@home.example"})
    opened = ShareLink.objects.get()
    asked = CoauthorInvitation.objects.create(
        post=post, inviter=cast.rose, invitee=cast.tom, invited_at=NOW
    )
    CoauthorApproval.objects.create(invitation=asked, account=cast.rose, approved_at=NOW)

    tom.post(f"/beside/{asked.pk}/", {"answer": "yes"})
    news = shown_on(tom.get("/news/"))
    tom.post(f"/links/{opened.pk}/", {"do": "yes"})

    assert "a link to a letter of yours" in news
    assert "a link to a letter of yours" not in shown_on(tom.get("/news/"))
    assert ShareLink.objects.get().secret_digest == opened.secret_digest
    assert len(mail.outbox) == 1


def test_a_mail_that_waited_for_somebody_who_leaves_goes_out_then(sign_in, cast):
    letter = make_post(cast.rose, cast.tom)
    rose, tom = sign_in("rose"), sign_in("tom")
    rose.post(f"/posts/{letter.pk}/links/", TYPED | {"address": "gran@home.example"})
    before = len(mail.outbox)

    tom.post(f"/posts/{letter.pk}/beside/", {"do": "step out"})

    assert before == 0
    assert [message.to for message in mail.outbox] == [["gran@home.example"]]
    secret = SECRET.search(mail.outbox[0].body)[1]
    assert share_links.digest_of(secret) == bytes(ShareLink.objects.get().secret_digest)


def test_an_author_makes_a_link_and_is_shown_it_once(sign_in, cast, post):
    rose = sign_in("rose")

    answer = rose.post(f"/posts/{post.pk}/links/", TYPED)

    link, secret = ShareLink.objects.get(), SECRET.search(answer.content.decode())[1]
    assert (link.maker, link.name, link.with_photographs) == (cast.rose, "Grandmother", True)
    assert (link.ends_at - link.made_at).days == 90
    assert share_links.digest_of(secret) == bytes(link.secret_digest)
    for page in (f"/posts/{post.pk}/links/", f"/links/{link.pk}/", f"/posts/{post.pk}/audience/"):
        assert b"#" + secret.encode() not in rose.get(page).content
    assert "The words and the photographs. Until" in shown_on(rose.get(f"/links/{link.pk}/"))


@pytest.mark.parametrize(
    ("field", "typed"), [("good_for", "900"), ("address", "her"), ("name", "")]
)
def test_what_cannot_be_is_said_and_nothing_is_made(sign_in, post, field, typed):
    answer = sign_in("rose").post(f"/posts/{post.pk}/links/", TYPED | {field: typed})

    assert "From the two of us" in answer.content.decode()
    assert not ShareLink.objects.exists()


def test_the_mail_says_neither_who_nor_what(sign_in, post):
    typed = TYPED | {"address": "g@home.example"}
    form = shown_on(sign_in("rose").get(f"/posts/{post.pk}/telling/"))
    answer = sign_in("rose").post(f"/posts/{post.pk}/links/", typed)

    sent = mail.outbox[0]
    assert (sent.subject, sent.to) == ("Something is here for you", ["g@home.example"])
    assert SECRET.search(sent.body)
    kept_back = (post.title, post.words, TYPED["message"], TYPED["name"], "Rose", "letter", "photo")
    assert not [word for word in kept_back if word in sent.subject + sent.body]
    assert "It doesn’t say who it’s from or what it is" in form
    assert "Delivered to g@home.example" in shown_on(answer)
    assert not SECRET.search(answer.content.decode())
    assert "Delivered." in shown_on(sign_in("rose").get(f"/posts/{post.pk}/links/"))


def test_without_a_mail_server_it_can_be_copied(sign_in, post, settings, tmp_path):
    settings.MAIL_CARRIER = "beside.notices.mail.FolderAndTerminal"
    settings.EMAIL_FILE_PATH = tmp_path

    answer = sign_in("rose").post(f"/posts/{post.pk}/links/", TYPED | {"address": "g@home.example"})

    assert "couldn’t be delivered to g@home.example" in shown_on(answer)
    assert SECRET.search(answer.content.decode())
    assert ShareLink.objects.get().delivered_at is None


class Refusing(BaseEmailBackend):
    tried = 0

    def open(self):
        Refusing.tried += 1
        raise Stopped(Step.CONNECTION, 421, "Too many")


@pytest.fixture
def mail_server_refuses(settings):
    """As one that greylists does at first."""
    settings.MAIL_CARRIER = "tests.web.test_share_links.Refusing"
    Refusing.tried = 0


@pytest.mark.usefixtures("mail_server_refuses")
def test_what_the_mail_server_did_not_take_yet_waits_and_can_be_copied_too(sign_in, post, settings):
    rose = sign_in("rose")
    answer = rose.post(f"/posts/{post.pk}/links/", TYPED | {"address": "g@home.example"})
    before = shown_on(rose.get(f"/posts/{post.pk}/links/"))
    later = timezone.now() + timedelta(hours=1)
    settings.MAIL_CARRIER = "django.core.mail.backends.locmem.EmailBackend"

    sending.send_next(at=later)
    share_links.follow_mails(later)

    assert "hasn’t been taken for g@home.example yet" in shown_on(answer)
    assert "hasn’t been taken yet, and is tried again" in before
    assert SECRET.search(answer.content.decode())[1] == SECRET.search(mail.outbox[0].body)[1]
    assert "Delivered." in shown_on(rose.get(f"/posts/{post.pk}/links/"))


@pytest.mark.usefixtures("mail_server_refuses")
@pytest.mark.parametrize("do", ["end", "anew"])
def test_a_mail_that_waits_is_not_sent_once_its_link_opens_nothing(sign_in, post, settings, do):
    rose = sign_in("rose")
    rose.post(f"/posts/{post.pk}/links/", TYPED | {"address": "g@home.example"})
    if do == "anew":
        settings.MAIL_CARRIER = "django.core.mail.backends.locmem.EmailBackend"

    rose.post(f"/links/{ShareLink.objects.get().pk}/", {"do": do})

    settings.MAIL_CARRIER = "django.core.mail.backends.locmem.EmailBackend"
    assert not sending.send_next(at=timezone.now() + timedelta(hours=1))
    assert len(mail.outbox) == (do == "anew")
    assert ShareLink.objects.get().waiting_mail is None


@pytest.mark.usefixtures("mail_server_refuses")
def test_a_mail_server_that_takes_nothing_is_asked_once_for_many_links(sign_in, post):
    people = "\n".join(f"Aunt {number}, a{number}@home.example" for number in range(5))

    sign_in("rose").post(f"/posts/{post.pk}/telling/", TYPED | {"people": people})

    assert Refusing.tried == 1
    assert ShareLink.objects.exclude(waiting_mail=None).count() == 5


@pytest.mark.usefixtures("mail_server_refuses")
def test_a_mail_that_is_given_up_is_said_to_be_undelivered(sign_in, post):
    rose = sign_in("rose")
    rose.post(f"/posts/{post.pk}/links/", TYPED | {"address": "g@home.example"})
    OutgoingMail.objects.update(ending=OutgoingMail.Ending.GIVEN_UP, ended_at=timezone.now())

    share_links.follow_mails(timezone.now())

    assert "Its mail couldn’t be delivered" in shown_on(rose.get(f"/posts/{post.pk}/links/"))


def test_a_link_of_two_is_mailed_once_both_have_agreed(sign_in, cast):
    post = make_post(cast.rose, cast.tom)
    rose, tom = sign_in("rose"), sign_in("tom")
    asked = rose.post(f"/posts/{post.pk}/links/", TYPED | {"address": "g@home.example"})
    link = ShareLink.objects.get()
    assert "It will be sent to g@home.example once Tom has agreed" in shown_on(asked)
    assert not mail.outbox
    assert "It waits for Tom." in shown_on(rose.get(f"/links/{link.pk}/"))
    assert "would like to give somebody a link" in shown_on(tom.get("/news/"))
    assert "Grandmother would be able to see the words" in shown_on(tom.get(f"/links/{link.pk}/"))

    tom.post(f"/links/{link.pk}/", {"do": "yes"})

    secret = SECRET.search(mail.outbox[0].body)[1]
    link.refresh_from_db()
    assert share_links.digest_of(secret) == bytes(link.secret_digest)
    assert link.delivered_at
    assert "All of you have agreed" in shown_on(rose.get("/news/"))


def test_a_no_ends_it(sign_in, cast):
    post = make_post(cast.rose, cast.tom)
    link, _secret = share_links.make(post, Terms("Grandmother"), by=cast.rose, at=NOW)

    sign_in("tom").post(f"/links/{link.pk}/", {"do": "end"})

    assert "It has ended." in shown_on(sign_in("rose").get(f"/posts/{post.pk}/links/"))
    assert not Notice.objects.exists()


def test_to_show_it_to_nobody_ends_every_link(sign_in, cast, post):
    for name in ("Grandmother", "Uncle"):
        share_links.make(post, Terms(name), by=cast.rose, at=NOW)
    rose = sign_in("rose")
    before = shown_on(rose.get(f"/posts/{post.pk}/audience/"))

    rose.post(f"/posts/{post.pk}/audience/", {"do": "nobody"})

    assert "Grandmother, Uncle By a link for one person" in before
    assert not ShareLink.objects.alive(NOW).exists()
    assert "Grandmother" not in shown_on(rose.get(f"/posts/{post.pk}/audience/"))


def test_an_author_reads_it_as_whoever_has_a_link(sign_in, cast, post):
    link, _secret = share_links.make(post, Terms("Grandmother"), by=cast.rose, at=NOW)
    rose = sign_in("rose")

    as_nobody = shown_on(rose.get(f"/posts/{post.pk}/as/"))
    as_her = shown_on(rose.get(f"/posts/{post.pk}/as/", {"who": f"link:{link.pk}"}))

    assert "They’d find nothing" in as_nobody
    assert "Grandmother, by their link" in as_nobody
    assert "We knew from about four" in as_her
    assert "One photograph" not in as_her


def test_unfolding_for_whoever_has_a_link_is_asked_and_says_for_whom(sign_in, cast):
    post = make_post(cast.rose, cast.tom, photos=[make_photo(cast.rose)])
    both = Terms("Grandmother", with_photographs=True)
    link, _secret = share_links.make(post, both, by=cast.rose, at=NOW)
    share_links.approve(link, by=cast.tom, at=NOW)
    rose = sign_in("rose")
    typed = {"words_for": "us", "photographs_for": "us", "lay_open": "on"}

    asked = shown_on(rose.post(f"/posts/{post.pk}/audience/", typed | {"do": "change"}))
    rose.post(f"/posts/{post.pk}/audience/", typed | {"do": "ask"})

    assert "Grandmother (the words and the photographs)" in asked
    assert post.approval_requests.count() == 1
    post.refresh_from_db()
    assert post.veiled


def test_each_of_many_gets_their_own_link(sign_in, post):
    people = "Grandmother, g@home.example\n\n  Uncle Per \nDot; <dot@home.example>"

    answer = sign_in("rose").post(f"/posts/{post.pk}/telling/", TYPED | {"people": people})

    told = set(ShareLink.objects.values_list("name", "address"))
    assert told == {
        ("Grandmother", "g@home.example"),
        ("Uncle Per", ""),
        ("Dot", "dot@home.example"),
    }
    in_mails = {SECRET.search(sent.body)[1] for sent in mail.outbox}
    on_the_page = set(SECRET.findall(answer.content.decode()))
    assert (len(in_mails), len(on_the_page), in_mails & on_the_page) == (2, 1, set())
    assert [sent.to for sent in mail.outbox] == [["g@home.example"], ["dot@home.example"]]


def test_lines_that_cannot_be_read_lose_nothing(sign_in, post):
    too_long = f"{'a' * 60}@{'.'.join(['b' * 60] * 4)}.example"
    people = f"Grandmother, g@home.example\ng@home.example\nUncle, at home\nAunt, {too_long}"

    answer = sign_in("rose").post(f"/posts/{post.pk}/telling/", TYPED | {"people": people})

    said = answer.content.decode()
    assert people.replace("\n", "\r\n") in said or people in said
    assert "“g@home.example” needs a name first" in said
    assert "The address in “Uncle, at home” isn’t quite right." in said
    assert "The address in “Aunt, " in said
    assert not ShareLink.objects.exists()
    assert not mail.outbox


def test_with_a_new_secret_the_link_is_shown_once_more(sign_in, cast, post):
    link, old = share_links.make(post, Terms("Grandmother"), by=cast.rose, at=NOW)

    answer = sign_in("rose").post(f"/links/{link.pk}/", {"do": "anew"})

    new = SECRET.search(answer.content.decode())[1]
    link.refresh_from_db()
    assert new != old
    assert share_links.digest_of(new) == bytes(link.secret_digest)


def test_only_the_maker_answers_for_a_second_browser_or_takes_the_secret(sign_in, cast):
    post = make_post(cast.rose, cast.tom)
    link, _secret = share_links.make(post, Terms("Grandmother"), by=cast.rose, at=NOW)
    tom = sign_in("tom")

    assert tom.post(f"/links/{link.pk}/", {"do": "anew"}).status_code == 404
    answer = {"do": "allow", "device": str(link.pk)}
    assert tom.post(f"/links/{link.pk}/", answer).status_code == 404
    assert "Make a new address" not in shown_on(tom.get(f"/links/{link.pk}/"))


def test_a_link_that_has_ended_is_made_again_with_a_new_address(sign_in, post, cast):
    old, secret = share_links.make(post, Terms("Gran", with_photographs=True), by=cast.rose, at=NOW)
    rose = sign_in("rose")
    rose.post(f"/links/{old.pk}/", {"do": "end"})
    assert "Make it again, with a new address" in shown_on(rose.get(f"/links/{old.pk}/"))

    answer = rose.post(f"/links/{old.pk}/", {"do": "again"})

    new = ShareLink.objects.get(ended_at=None)
    assert (new.name, new.with_photographs, new.ends_at) == ("Gran", True, old.ends_at)
    found = SECRET.search(answer.content.decode())
    assert found
    assert share_links.digest_of(found[1]) == bytes(new.secret_digest)
    assert found[1] != secret


def test_a_link_that_is_made_again_asks_every_author(sign_in, cast):
    both = make_post(cast.rose, cast.tom)
    link, _secret = share_links.make(both, Terms("Gran"), by=cast.rose, at=NOW)
    share_links.approve(link, by=cast.tom, at=NOW)
    share_links.end(link, by=cast.tom, at=NOW)

    sign_in("rose").post(f"/links/{link.pk}/", {"do": "again"})
    refused = sign_in("tom").post(f"/links/{link.pk}/", {"do": "again"})

    new = ShareLink.objects.get(ended_at=None)
    assert [author.pk for author in share_links.pending_authors(new)] == [cast.tom.pk]
    assert refused.status_code == 404


def test_a_link_that_opens_nothing_as_its_maker_has_left_is_not_listed(sign_in, cast):
    post = make_post(cast.rose, cast.tom, words_for=[cast.nan])
    link, _secret = share_links.make(post, Terms("Grandmother"), by=cast.tom, at=NOW)
    share_links.approve(link, by=cast.rose, at=NOW)
    before = shown_on(sign_in("rose").get(f"/posts/{post.pk}/audience/"))

    coauthors.step_out(post, by=cast.tom, at=NOW)

    assert "Grandmother" in before
    assert "Grandmother" not in shown_on(sign_in("rose").get(f"/posts/{post.pk}/audience/"))
