from __future__ import annotations

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from beside.access.models import TrailEntry
from beside.access.policy import Viewer, see
from beside.moderation import reports
from beside.moderation.models import Report
from beside.moderation.reports import ReportText
from beside.people import moderators
from tests.cast import NOW, make_post, make_sealed_photo
from tests.delivery.client import ask
from tests.web.browsing import browser
from tests.web.place import ADDRESS

pytestmark = pytest.mark.usefixtures("data")
WHY = "Somebody says that it shows their child."


@pytest.fixture
def post(cast, data):
    photos = [make_sealed_photo(cast.rose, names=("w480", "jpeg")) for _ in range(2)]
    return make_post(
        cast.rose, words_for=[cast.nan], photographs_for=[cast.nan], photos=photos, title="A title"
    )


@pytest.fixture
def marit(cast):
    return browser(cast.marit)


def report(cast, post, photo=None) -> Report:
    viewer = Viewer(cast.nan.pk)
    seen = see(viewer, post.pk, at=timezone.now())
    said = ReportText("Please look.")
    return reports.send_about_letter(seen, photo, said, viewer=viewer, at=NOW)


def said(client, name, *args):
    return client.get(reverse(name, args=args)).content.decode()


def look(client, sent, **typed):
    typed = {"do": "look", "reason": WHY, **typed}
    return client.post(reverse("report", args=[sent.pk]), typed)


def photos_of(post) -> list:
    return list(post.placed.order_by("position").values_list("photo", flat=True))


def test_nothing_of_the_letter_is_on_the_report_before_a_reason_is_given(cast, post, marit):
    sent = report(cast, post)

    page = said(marit, "report", sent.pk)

    assert "A title" not in page
    assert str(photos_of(post)[0]) not in page
    assert not ADDRESS.findall(page.encode())
    assert marit.get(reverse("letter", args=[post.pk])).status_code == 404
    assert "This can’t be left empty." in look(marit, sent, reason=" ").content.decode()
    assert not TrailEntry.objects.exists()


@pytest.mark.thorough
def test_the_words_and_then_one_photograph_are_opened_and_the_bytes_are_sent(cast, post, marit):
    sent, (first, second) = report(cast, post), photos_of(post)
    look(marit, sent)
    words = said(marit, "letter", post.pk)

    look(marit, sent, photo=second)

    assert "A title" in words
    assert not ADDRESS.findall(words.encode())
    addresses = ADDRESS.findall(said(marit, "report", sent.pk).encode())
    session = marit.cookies[settings.SESSION_COOKIE_NAME].value
    assert {ask(one.decode(), session=session).status for one in addresses} == {200}
    assert list(TrailEntry.objects.order_by("number").values_list("photo", flat=True)) == [
        None,
        second,
    ]
    assert first != second
    assert not ADDRESS.findall(said(marit, "letter", post.pk).encode())


def test_photographs_are_called_by_their_place_in_the_letter(cast, post, marit):
    sent, (_first, second) = report(cast, post), photos_of(post)
    look(marit, sent)
    look(marit, sent, photo=second)

    page = said(marit, "report", sent.pk)

    assert "The first photograph" in page
    assert "The The" not in page


def test_a_report_about_one_photograph_opens_no_other(cast, post, marit):
    first, second = photos_of(post)
    sent = report(cast, post, first)
    look(marit, sent)

    refused = look(marit, sent, photo=second)

    assert "Why do you need to look?" in refused.content.decode()
    assert TrailEntry.objects.count() == 1


@pytest.mark.thorough
def test_deciding_ends_the_look(cast, post, marit):
    sent = report(cast, post)
    look(marit, sent)

    marit.post(reverse("report", args=[sent.pk]), {"do": "leave"})

    assert marit.get(reverse("letter", args=[post.pk])).status_code == 404
    assert look(marit, sent).status_code == 404


@pytest.mark.thorough
def test_the_authors_read_it_in_news_and_on_a_page_and_nobody_else_does(cast, post, marit):
    look(marit, report(cast, post))
    rose, nan = browser(cast.rose), browser(cast.nan)

    page = said(rose, "looks", post.pk)

    assert "A moderator has looked at" in said(rose, "notices")
    assert all(word in page for word in ("The words", "Marit", WHY))
    assert "Nan" not in page
    assert reverse("looks", args=[post.pk]) in said(rose, "letter", post.pk)
    assert nan.get(reverse("looks", args=[post.pk])).status_code == 404
    assert "Nothing since" in said(marit, "host")


def test_another_moderator_sees_nothing_of_it_without_a_reason_of_their_own(cast, post, marit):
    moderators.name(cast.ines, by=cast.marit, at=NOW)
    moderators.accept(cast.ines, at=NOW)
    sent = report(cast, post)

    look(marit, sent)

    assert browser(cast.ines).get(reverse("letter", args=[post.pk])).status_code == 404
    assert browser(cast.marit).get(reverse("letter", args=[post.pk])).status_code == 404


def test_without_a_look_the_page_says_that_there_was_none(cast, post):
    assert "No moderator has looked" in said(browser(cast.rose), "looks", post.pk)
