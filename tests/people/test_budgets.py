"""How much one person, one link, one network and everybody together may begin. Each limit has its sentence."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import beside
from beside.access.models import Consent
from beside.people import budgets
from beside.people.models import Session
from beside.people.sessions import VISIT_LASTS
from beside.photos import deposits, uploads
from beside.photos.deposits import NoRoomThere, Terms
from beside.photos.models import Hold, Photo, Upload
from beside.photos.quota import PlaceBusy, TooManyOpen, room_left
from beside.posts.choices import Audience
from tests.cast import NOW, make_post, make_sealed_photo
from tests.web.browser import as_

TUS = {"Tus-Resumable": "1.0.0", "Upload-Length": "10"}


@pytest.fixture
def limit(monkeypatch):
    """Make a limit of `budgets` small."""

    def make(name: str, tries: int) -> None:
        monkeypatch.setattr(budgets, name, replace(getattr(budgets, name), tries=tries))

    return make


@pytest.fixture
def link(cast, data):
    return deposits.make(cast.rose, Terms("Ingrid"), at=timezone.now())


def through(secret) -> Client:
    client = Client()
    client.post(reverse("deposit"), {"secret": secret})
    return client


def begin(client, name="uploads"):
    return client.post(reverse(name), headers=TUS)


def says(answer) -> str:
    return answer.content.decode()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("UPLOADS_OF_PERSON", "So many photographs were begun within the hour"),
        ("UPLOADS_OF_NETWORK", "So many photographs came from where you are within the hour"),
    ],
)
def test_so_many_uploads_are_begun_within_an_hour(cast, data, limit, name, sentence):
    limit(name, 2)
    rose = as_(cast.rose)

    answers = [begin(rose) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert sentence in says(answers[2])
    assert "in 60 minutes" in says(answers[2])
    assert Upload.objects.count() == 2


def test_an_upload_that_was_stopped_was_begun_all_the_same(cast, data, limit):
    limit("UPLOADS_OF_PERSON", 2)
    rose = as_(cast.rose)

    for _ in range(2):
        rose.delete(begin(rose).headers["Location"], headers=TUS)

    assert begin(rose).status_code == 429
    assert begin(as_(cast.tom)).status_code == 201


def test_files_in_a_form_are_counted_too_and_those_before_are_kept(cast, data, limit, jpeg):
    limit("UPLOADS_OF_PERSON", 2)
    files = [SimpleUploadedFile(f"IMG_{n}.jpg", jpeg()) for n in range(3)]

    answer = as_(cast.rose).post(reverse("drawer"), {"photographs": files}, follow=True)

    assert "So many photographs were begun within the hour" in says(answer)
    assert Photo.objects.count() == 2


@pytest.mark.thorough
def test_so_many_uploads_are_begun_through_one_link_within_an_hour(link, limit):
    limit("UPLOADS_OF_LINK", 2)
    _row, secret = link

    answers = [begin(through(secret), "deposit_uploads") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert "So many photographs were begun through this link" in says(answers[2])


def test_one_person_has_a_quarter_of_what_may_be_on_its_way(cast, data, limits):
    limits(unfinished_bytes=4000)

    uploads.begin(cast.rose, 600, at=NOW)
    with pytest.raises(TooManyOpen, match="has to wait for some to arrive"):
        uploads.begin(cast.rose, 401, at=NOW)
    uploads.begin(cast.rose, 400, at=NOW)


def test_all_that_is_on_its_way_to_the_place_has_a_limit(cast, data, limits, link):
    limits(unfinished_bytes=4000)
    for account in (cast.rose, cast.tom, cast.nan):
        uploads.begin(account, 1000, at=NOW)
    uploads.begin(cast.ines, 900, at=NOW)

    with pytest.raises(PlaceBusy, match="So much is on its way to this place"):
        uploads.begin(cast.ada, 101, at=NOW)
    with pytest.raises(NoRoomThere):
        deposits.begin(link[0], 101, name="", at=NOW)
    uploads.stop(Upload.objects.first(), at=NOW)
    uploads.begin(cast.ada, 101, at=NOW)


def test_a_refused_file_takes_room_until_it_is_let_go(cast, data):
    photo = make_sealed_photo(cast.rose)
    Photo.objects.filter(pk=photo.pk).update(
        state=Photo.State.REFUSED, refusal="unknown", original_bytes=1000
    )
    empty = settings.BESIDE.room_bytes
    assert room_left(cast.rose) == empty - 1000

    Hold.objects.filter(photo=photo).delete()

    assert room_left(cast.rose) == empty


# Visitors


@pytest.fixture
def post(cast, data):
    photo = make_sealed_photo(cast.rose)
    return make_post(
        cast.rose,
        words_for=Audience.ANYONE,
        photographs_for=Audience.ANYONE,
        words_signed_in=False,
        photographs_signed_in=False,
        photos=[photo],
    )


def look(post):
    client = Client()
    return client, client.post(reverse("consent", args=[post.pk]))


def test_a_visitors_session_ends_hours_after_they_chose_to_look(post):
    client, answer = look(post)

    session = Session.objects.get()
    cookie = answer.cookies[settings.SESSION_COOKIE_NAME]
    assert session.expire_date - timezone.now() <= VISIT_LASTS
    assert (cookie["expires"], cookie["max-age"]) == ("", "")
    assert Consent.objects.filter(session=session.pk).exists()
    client.get(reverse("letter", args=[post.pk]))
    assert Session.objects.get().expire_date == session.expire_date


def test_a_depositors_session_ends_hours_after_they_opened_the_link(link):
    through(link[1])

    assert Session.objects.get().expire_date - timezone.now() <= VISIT_LASTS


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("VISITS_OF_LETTER", "Many people are looking at this letter just now."),
        ("VISITS_OF_NETWORK", "A great many visitors came from where you are"),
    ],
)
def test_so_many_visitors_of_a_letter_are_given_a_session_within_an_hour(
    post, limit, name, sentence
):
    limit(name, 2)

    answers = [look(post)[1] for _ in range(3)]

    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert sentence in says(answers[2])
    assert Session.objects.count() == 2


def test_a_visitor_who_has_a_session_is_not_counted_again(post, limit):
    limit("VISITS_OF_LETTER", 1)
    client, _ = look(post)

    assert client.post(reverse("consent", args=[post.pk])).status_code == 302


def test_one_deposit_link_is_opened_in_so_many_browsers_a_day(link, limit):
    limit("VISITS_OF_LINK", 2)

    answers = [Client().post(reverse("deposit"), {"secret": link[1]}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert "opened in a great many browsers today" in says(answers[2])
    assert Session.objects.count() == 2


# What signed-in people make


@pytest.mark.parametrize(
    ("name", "url_name", "form", "sentence"),
    [
        ("INVITATIONS", "invitations", {"name": "Nan"}, "a good many invitations for one day"),
        (
            "DEPOSIT_LINKS",
            "deposit_links",
            {"name": "Ingrid", "good_for": "7", "most": "5"},
            "a good many links for one day",
        ),
    ],
)
def test_what_reaches_others_is_made_so_often_a_day(
    cast, data, limit, name, url_name, form, sentence
):
    limit(name, 2)
    rose = as_(cast.rose)

    answers = [rose.post(reverse(url_name), form) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert sentence in says(answers[2])
    assert "in 24 hours" in says(answers[2])


def test_the_numbers():
    told = {
        name: (one.tries, one.window.total_seconds() / 3600)
        for name, one in vars(budgets).items()
        if name.isupper() and not name.startswith("_")
    }

    assert told == {
        "INVITATIONS": (20, 24),
        "REPORTS": (5, 1),
        "APPEALS": (3, 24),
        "CARDS": (6, 24),
        "SHARE_LINKS": (60, 24),
        "SHARE_LINKS_FOR_MANY": (6, 24),
        "DEPOSIT_LINKS": (20, 24),
        "ADDED_BY_ADDRESS": (30, 1),
        "CLAIMS": (3, 1),
        "RESPONSES": (20, 24),
        "RESPONSES_TO_LETTER": (3, 24),
        "LETTERS_TO_PERSON": (10, 24),
        "THANK_YOU_NOTES": (30, 24),
        "NOTE_CARDS": (60, 24),
        "PRESENCES": (60, 24),
        "UPLOADS_OF_PERSON": (2000, 1),
        "UPLOADS_OF_LINK": (600, 1),
        "UPLOADS_OF_NETWORK": (4000, 1),
        "VISITS_OF_LETTER": (3000, 1),
        "VISITS_OF_LINK": (60, 24),
        "VISITS_OF_NETWORK": (120, 1),
    }


@pytest.mark.thorough
def test_no_module_counts_by_what_allauth_keeps_to_itself():
    for path in Path(beside.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            names = [alias.name for alias in node.names]
            module = getattr(node, "module", None) or ""
            for imported in (module, *names, *(f"{module}.{name}" for name in names)):
                assert not imported.startswith("allauth.core.internal"), path
                assert not imported.startswith("allauth.core.ratelimit"), path
