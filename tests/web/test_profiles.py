from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from beside.access import portraits
from beside.access.policy import NothingToSee
from beside.notices import notices
from beside.notices.models import Notice
from beside.people import blocks, circles, follows, invitations
from beside.people.models import Circle, Follow, Invitation, Session
from beside.photos.models import HiddenPhoto, Hold, Photo, Portrait
from beside.posts.models import Audience
from beside.web.pages.people import in_a_row
from tests.cast import NOW, make_circle, make_photo, make_post

SOMEBODY = str(uuid4())


@pytest.fixture(autouse=True)
def nothing_counted_yet(db):
    cache.clear()
    yield
    cache.clear()


def as_(account) -> Client:
    client = Client()
    client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def page(client, name, *args) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def status(client, name, *args) -> int:
    return client.get(reverse(name, args=args)).status_code


def post(client, url_name, /, *args, **data):
    return client.post(reverse(url_name, args=args), data)


# A person's page


def test_a_page_says_a_name_some_words_and_what_its_reader_may_read(cast):
    cast.rose.profile.words = "We live by the lock."
    cast.rose.profile.save()
    make_post(cast.rose, title="For Nan", words_for=[cast.nan])
    make_post(cast.rose, title="For Tom", words_for=[cast.tom])

    text = page(as_(cast.nan), "profile", cast.rose.pk)

    assert "<h1>Rose</h1>" in text
    assert "We live by the lock." in text
    assert "For Nan" in text
    assert "For Tom" not in text


def test_what_somebody_wrote_as_their_words_is_only_text(cast):
    cast.rose.profile.words = "<script>alert(1)</script>"
    cast.rose.profile.save()

    assert "<script>alert" not in page(as_(cast.rose), "profile", cast.rose.pk)


def test_a_page_title_names_nobody(cast):
    text = page(as_(cast.rose), "profile", cast.rose.pk)

    assert "Rose" not in re.search("<title>(.*?)</title>", text).group(1)


@pytest.mark.parametrize("who", ["nan", "nobody"])
def test_whoever_may_not_know_of_somebody_finds_nothing(cast, who):
    client = Client() if who == "nobody" else as_(cast[who])

    known = client.get(reverse("profile", args=[cast.rose.pk]))
    never_was = client.get(reverse("profile", args=[SOMEBODY]))

    assert known.status_code == never_was.status_code == 404
    strip = lambda answer: re.sub(rb'value="[\w]{64}"', b"", answer.content)  # noqa: E731
    assert strip(known) == strip(never_was)


def test_somebody_who_writes_for_anyone_has_a_page_for_anyone(cast):
    make_post(cast.rose, words_for=Audience.ANYONE, words_signed_in=False, title="For anyone")

    text = page(Client(), "profile", cast.rose.pk)

    assert "For anyone" in text
    assert "Ask to follow" not in text


def test_asking_to_follow_is_taken_back_from_the_page_of_whoever_is_asked(cast):
    make_post(cast.rose, words_for=Audience.ANYONE)
    ada = as_(cast.ada)
    post(ada, "follow", cast.rose.pk)
    asked = page(ada, "profile", cast.rose.pk)

    post(ada, "take_back_follow_request", cast.rose.pk)

    assert "You’ve asked to follow them." in asked
    assert reverse("take_back_follow_request", args=[cast.rose.pk]) in asked
    assert "Ask to follow" in page(ada, "profile", cast.rose.pk)
    assert "asks to follow you" not in page(as_(cast.rose), "notices")


def test_after_a_block_neither_page_is_there(cast):
    follows.ask(cast.nan, cast.rose, at=NOW)
    assert status(as_(cast.nan), "profile", cast.rose.pk) == 200

    blocks.block(cast.rose, cast.nan, at=NOW)

    assert status(as_(cast.nan), "profile", cast.rose.pk) == 404
    assert status(as_(cast.rose), "profile", cast.nan.pk) == 404


def test_a_page_goes_on_where_it_ended(cast):
    for number in range(22):
        at = NOW - timedelta(days=number)
        make_post(cast.rose, title=f"Letter no. {number:02}.", words_for=[cast.nan], at=at)
    client = as_(cast.nan)

    first = page(client, "profile", cast.rose.pk)
    rest = client.get(
        reverse("profile", args=[cast.rose.pk])
        + re.search(r'href="(\?before=[^"]+)"', first).group(1)
    ).content.decode()

    assert "Letter no. 19." in first
    assert "Letter no. 20." not in first
    assert "Letter no. 19." not in rest
    assert "Letter no. 21." in rest
    assert "That’s everything." in rest


def test_a_place_that_no_page_gave_is_nowhere(cast):
    answer = as_(cast.rose).get(reverse("profile", args=[cast.rose.pk]), {"before": "7"})

    assert answer.status_code == 404


# Following


def test_somebody_asks_is_let_in_and_put_into_a_circle(cast):
    make_post(cast.rose, words_for=[cast.nan])
    circle = make_circle(cast.rose)
    nan, rose = as_(cast.nan), as_(cast.rose)

    post(nan, "follow", cast.rose.pk)
    assert "You’ve asked to follow them." in page(nan, "profile", cast.rose.pk)
    assert "Nan</a> asks to follow you." in page(rose, "notices")
    post(rose, "answer_follow", cast.nan.pk, answer="yes", circle=circle.pk)

    assert "You follow them." in page(nan, "profile", cast.rose.pk)
    assert circles.members(circle) == [cast.nan]
    assert "Rose</a>" in page(nan, "notices")


def test_a_no_looks_like_no_answer(cast):
    make_post(cast.rose, words_for=[cast.nan])
    nan = as_(cast.nan)
    post(nan, "follow", cast.rose.pk)
    before = page(nan, "profile", cast.rose.pk)

    post(as_(cast.rose), "answer_follow", cast.nan.pk, answer="no")

    strip = lambda text: re.sub(r'value="\w{64}"', "", text)  # noqa: E731
    assert strip(page(nan, "profile", cast.rose.pk)) == strip(before)


def test_nobody_is_put_into_a_circle_of_somebody_elses(cast):
    follows.ask(cast.nan, cast.rose, at=NOW)
    toms = make_circle(cast.tom)

    post(as_(cast.rose), "answer_follow", cast.nan.pk, answer="yes", circle=toms.pk)

    assert circles.members(toms) == []
    assert Follow.objects.get().state == Follow.State.REQUESTED


def test_asking_somebody_whom_one_may_not_know_of_finds_nothing(cast):
    assert post(as_(cast.nan), "follow", cast.rose.pk).status_code == 404
    assert not Follow.objects.exists()


def test_a_follower_can_be_removed_and_a_followed_one_left(cast):
    for follower in (cast.nan, cast.ines):
        follows.ask(follower, cast.rose, at=NOW)
        follows.accept(cast.rose, follower.pk, at=NOW)
    rose = as_(cast.rose)
    assert "Let Nan follow no longer" in page(rose, "you")

    post(rose, "remove_follower", cast.nan.pk)
    post(as_(cast.ines), "stop_following", cast.rose.pk)

    assert follows.followers_of(cast.rose) == []
    assert "Nobody follows you at the moment." in page(rose, "you")


def test_a_link_changes_nothing(cast):
    rose = as_(cast.rose)

    for name in (
        "follow",
        "stop_following",
        "answer_follow",
        "remove_follower",
        "block",
        "unblock",
    ):
        assert status(rose, name, cast.nan.pk) == 405


def test_a_block_is_one_press_and_can_be_ended(cast):
    follows.ask(cast.nan, cast.rose, at=NOW)
    rose = as_(cast.rose)

    post(rose, "block", cast.nan.pk)
    assert "Unblock Nan" in page(rose, "you")
    post(rose, "unblock", cast.nan.pk)

    assert not blocks.is_between(cast.rose, cast.nan)


# What one says of oneself


def test_a_person_changes_their_name_and_words(cast):
    rose = as_(cast.rose)

    answer = post(rose, "edit_profile", name="Rose and Tom", words="By the lock.", findable="on")

    assert answer["Location"] == reverse("profile", args=[cast.rose.pk])
    assert "Rose and Tom" in page(as_(cast.ines), "profile", cast.rose.pk)


def test_a_name_cannot_be_left_empty(cast):
    answer = post(as_(cast.rose), "edit_profile", name="", words="")

    assert "This can’t be left empty." in answer.content.decode()


def test_a_photograph_of_ones_own_that_lies_in_no_letter_can_stand_at_the_top(cast):
    photo = _with_jpeg(make_photo(cast.rose))
    cast.rose.profile.findable = True
    cast.rose.profile.save()
    rose = as_(cast.rose)
    assert str(photo.pk) in page(rose, "portrait")

    post(rose, "portrait", photo=photo.pk)

    assert "/p/" in page(as_(cast.nan), "profile", cast.rose.pk)
    post(rose, "portrait", photo="")
    assert "/p/" not in page(as_(cast.nan), "profile", cast.rose.pk)
    assert Photo.objects.filter(pk=photo.pk).exists()


def test_only_a_photograph_that_decides_for_nobody_else_can_be_chosen(cast):
    in_a_letter, toms, unseen, shared, ready = (
        make_photo(cast.tom if name == "toms" else cast.rose)
        for name in ("in_a_letter", "toms", "unseen", "shared", "ready")
    )
    make_post(cast.rose, photos=[in_a_letter])
    HiddenPhoto.objects.create(photo=unseen, account=cast.rose, since=NOW)
    Hold.objects.create(photo=shared, account=cast.tom, kind=Hold.Kind.ORIGINAL, wrapped=b"x")

    assert list(portraits.choices(cast.rose)) == [ready]
    for photo in (in_a_letter, toms, unseen, shared):
        with pytest.raises(NothingToSee):
            portraits.choose(cast.rose, photo.pk)
    assert not Portrait.objects.exists()


@pytest.mark.parametrize("photo", ["", "7", SOMEBODY], ids=["nothing", "a number", "an id"])
def test_what_is_no_photograph_is_not_put_at_the_top(cast, photo):
    post(as_(cast.rose), "portrait", photo=photo)

    assert not Portrait.objects.exists()


# Circles


def test_a_first_circle_is_made_and_somebody_put_into_it(cast):
    follows.ask(cast.nan, cast.rose, at=NOW)
    rose = as_(cast.rose)
    assert "No circles yet. Most people begin with one called Family." in page(rose, "circles")

    post(rose, "circles", name="Family")
    circle = Circle.objects.get()
    post(rose, "add_to_circle", circle.pk, person=cast.nan.pk)

    assert "Take out: Nan, from Family" in page(rose, "circle", circle.pk)
    assert "<p>Nan</p>" in page(rose, "circles")


def test_a_name_that_is_taken_is_said_so(cast):
    make_circle(cast.rose)

    answer = post(as_(cast.rose), "circles", name="family")

    assert "You have a circle of that name already." in answer.content.decode()


def test_a_circle_can_be_called_something_else_and_ended(cast):
    circle = make_circle(cast.rose, of=[cast.nan])
    rose = as_(cast.rose)

    post(rose, "rename_circle", circle.pk, name="Our group")
    assert "Our group" in page(rose, "circles")
    post(rose, "remove_circle", circle.pk)

    assert not Circle.objects.exists()


def test_somebody_is_taken_out(cast):
    circle = make_circle(cast.rose, of=[cast.nan])

    post(as_(cast.rose), "take_out", circle.pk, cast.nan.pk)

    assert circles.members(circle) == []


def test_other_peoples_circles_are_not_there(cast):
    circle = make_circle(cast.rose, of=[cast.nan])
    nan = as_(cast.nan)

    assert status(nan, "circle", circle.pk) == 404
    for name, args in (
        ("rename_circle", [circle.pk]),
        ("remove_circle", [circle.pk]),
        ("add_to_circle", [circle.pk]),
        ("take_out", [circle.pk, cast.nan.pk]),
    ):
        assert post(nan, name, *args, name="x").status_code == 404
    assert circles.members(circle) == [cast.nan]


def test_whoever_is_in_a_circle_is_not_told_by_the_list_of_people_either(cast):
    make_circle(cast.rose, "A name for us", of=[cast.nan])
    mine = make_circle(cast.nan, "Mine")
    nan = as_(cast.nan)

    text = page(nan, "circle", mine.pk) + page(nan, "you") + page(nan, "notices")

    assert "Rose" not in text
    assert "A name for us" not in text
    assert "A name for us" not in page(nan, "profile", cast.rose.pk)


def test_a_stranger_cannot_be_put_in(cast):
    circle = make_circle(cast.rose)
    rose = as_(cast.rose)

    post(rose, "add_to_circle", circle.pk, person=cast.ines.pk)

    assert circles.members(circle) == []


def test_an_address_is_answered_the_same_whether_or_not_it_is_anybodys(cast):
    circle = make_circle(cast.rose)
    rose = as_(cast.rose)

    answers = [
        rose.post(reverse("add_to_circle", args=[circle.pk]), {"email": email}, follow=True)
        for email in (cast.ines.email, "who@home.example")
    ]

    strip = lambda answer: re.sub(rb'value="[\w]{64}"', b"", answer.content)  # noqa: E731
    assert strip(answers[0]) == strip(answers[1])
    assert circles.members(circle) == []


def test_somebody_one_has_to_do_with_can_be_named_by_their_address(cast):
    follows.ask(cast.nan, cast.rose, at=NOW)
    follows.accept(cast.rose, cast.nan.pk, at=NOW)
    circle = make_circle(cast.rose)

    post(as_(cast.rose), "add_to_circle", circle.pk, email="NAN@home.example")

    assert circles.members(circle) == [cast.nan]


def test_addresses_cannot_be_tried_without_end(cast):
    circle = make_circle(cast.rose)
    rose = as_(cast.rose)

    answers = [
        post(rose, "add_to_circle", circle.pk, email=f"who{n}@home.example").status_code
        for n in range(31)
    ]

    assert answers == [302] * 30 + [429]


# News


def test_no_news(cast):
    assert "No news." in page(as_(cast.rose), "notices")


def test_the_dot_ends_with_looking_and_the_lines_when_they_are_put_away(cast):
    letter = make_post(cast.tom, words_for=[cast.rose])
    notices.tell(cast.rose.pk, Notice.Kind.SHARED, about=letter.pk, at=NOW)
    rose = as_(cast.rose)
    assert "(something new)" in page(rose, "you")

    text = page(rose, "notices")

    assert "Something was written for you</a>, by Tom." in text
    assert "(something new)" not in page(rose, "you")
    assert "by Tom" in page(rose, "notices")
    post(rose, "clear_notices")
    assert "No news." in page(rose, "notices")


def test_news_of_what_is_not_to_be_seen_any_more_says_nothing(cast):
    letter = make_post(cast.tom, words_for=[cast.rose], title="A title")
    notices.tell(cast.rose.pk, Notice.Kind.SHARED, about=letter.pk, at=NOW)
    letter.grants.all().delete()

    text = page(as_(cast.rose), "notices")

    assert "Tom" not in text
    assert "No news." in text


def test_news_stands_under_its_day(cast):
    for days_ago in (0, 1, 5):
        at = NOW - timedelta(days=days_ago)
        notices.tell(cast.rose.pk, Notice.Kind.SIGNED_IN, at=at)
        notices.mark_read(cast.rose.pk, at=at)

    headings = re.findall("<h2>(.*?)</h2>", page(as_(cast.rose), "notices"))

    assert headings == ["Today", "Yesterday", "Earlier"]


# You


def test_where_one_is_signed_in_can_be_ended_one_by_one_and_altogether(cast):
    here, there = as_(cast.rose), as_(cast.rose)
    text = page(here, "you")
    device = re.search(r'name="device" value="(\w+)"', text).group(1)

    post(here, "sessions", device=device)
    assert status(there, "you") == 302
    assert status(here, "you") == 200
    answer = post(here, "sign_out_everywhere")

    assert status(here, "you") == 302
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    assert not Session.objects.filter(account=cast.rose).exists()


def test_nobody_ends_anybody_elses(cast):
    rose, tom = as_(cast.rose), as_(cast.tom)
    as_(cast.rose)
    device = re.search(r'name="device" value="(\w+)"', page(rose, "you")).group(1)

    post(tom, "sessions", device=device)

    assert device in page(rose, "you")


def test_no_page_of_ones_own_is_there_for_a_stranger(cast):
    for name in ("you", "notices", "circles", "invitations", "edit_profile", "portrait"):
        answer = Client().get(reverse(name))
        assert answer["Location"].startswith(reverse("account_login"))


# Invitations


def test_a_link_is_shown_once(cast):
    rose = as_(cast.rose)

    answer = post(rose, "invitations", name="Nan", email="").content.decode()
    secret = re.search(r"/join/([\w-]+)/", answer).group(1)

    assert invitations.find_open(secret, at=NOW + timedelta(minutes=1))
    again = page(rose, "invitations")
    assert secret not in again
    assert "Stop the link for Nan" in again
    assert mail.outbox == []


def test_a_link_can_be_sent_and_the_mail_says_exactly_this(cast):
    answer = post(as_(cast.rose), "invitations", name="Nan", email="n@home.example")
    link = re.search(r'value="(http[^"]+)"', answer.content.decode()).group(1)

    message = mail.outbox[0]

    assert message.subject == "A place has been made for you"
    assert message.to == ["n@home.example"]
    assert message.body == (
        f"Rose has made room for you: {link}\n"
        "It’s good for thirty days. Nothing happens if you don’t use it."
    )


def test_a_mail_of_the_hosts_says_who_keeps_the_place(cast, settings):
    told = {"keeper": "the bereavement team at Lindholm"}
    settings.BESIDE = settings.BESIDE.model_copy(update=told)

    post(as_(cast.marit), "invitations", name="Nan", email="n@home.example")

    assert mail.outbox[0].body.startswith(
        "Marit, of the bereavement team at Lindholm, has made room for you: http"
    )


def test_a_link_can_be_stopped_by_whoever_made_it(cast):
    post(as_(cast.rose), "invitations", name="Nan")
    invitation = Invitation.objects.get()

    post(as_(cast.tom), "revoke_invitation", invitation.pk)
    assert invitations.open_of(cast.rose, at=NOW) == [invitation]
    post(as_(cast.rose), "revoke_invitation", invitation.pk)

    assert invitations.open_of(cast.rose, at=NOW) == []


def test_where_only_the_host_invites_others_have_no_such_page(cast, settings):
    settings.BESIDE = settings.BESIDE.model_copy(update={"anyone_invites": False})
    rose, marit = as_(cast.rose), as_(cast.marit)

    assert status(rose, "invitations") == 404
    assert reverse("invitations") not in page(rose, "you")
    assert status(marit, "invitations") == 200


def test_invitations_have_an_end_for_the_day(cast):
    rose = as_(cast.rose)

    answers = [post(rose, "invitations", name="Nan").status_code for _ in range(21)]

    assert answers == [200] * 20 + [429]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], ""),
        (["Rose"], "Rose"),
        (["Rose", "Tom"], "Rose and Tom"),
        (["Rose", "Tom", "Nan"], "Rose, Tom and Nan"),
    ],
)
def test_names_in_a_row(names, said):
    assert in_a_row(names) == said


def _with_jpeg(photo):
    photo.renditions.create(
        name="jpeg", media_type="image/jpeg", width=1080, height=720, stored_bytes=100
    )
    return photo
