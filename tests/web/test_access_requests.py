from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from beside.access.door import admissions, requests
from beside.access.models import AccessRequest, Admission
from beside.access.policy import Sight, Viewer
from beside.people.models import Delegation
from beside.posts.models import Post
from tests.access.door.letters import LIVED, make_hidden, make_letter, sight
from tests.cast import NOW

pytestmark = pytest.mark.usefixtures("own_place")


def browser(account) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(account)
    return client


@pytest.fixture
def letter(cast):
    return make_letter(cast.rose, cast.tom, door_says="Any answer is a good one.")


@pytest.fixture
def ines(cast):
    return browser(cast.ines)


def page(client, path):
    return client.get(path).content.decode()


def ask(client, path, **said):
    return client.post(path, {"do": "ask", "reason": "lived", "words": "Aron died."} | said)


def asked_before(post, who, message=LIVED, at=NOW):
    requests.ask(post.pk, message, by=Viewer(who.pk), at=at)
    return AccessRequest.objects.filter(post=post, asker=who).first()


@pytest.mark.thorough
def test_those_who_decide_read_why_and_one_yes_lets_in(letter, cast, ines):
    request = asked_before(letter, cast.ines, at=timezone.now())
    tom = browser(cast.tom)

    news, who = page(tom, reverse("notices")), page(tom, reverse("access_requests"))
    tom.post(
        reverse("answer_access_request", args=[request.pk]),
        {"answer": "yes", "message": "Dear Ines."},
    )

    assert "Someone asks to be let in" in news
    assert "Ines" not in news
    assert all(word in who for word in ("Ines", "I’ve lived this", LIVED.words))
    assert "Somebody asks" not in page(browser(cast.rose), reverse("notices"))
    assert "You’ve been let in" in page(ines, reverse("notices"))
    assert "“Dear Ines.”" in page(ines, reverse("admission", args=[letter.pk]))


def test_whoever_decides_for_an_author_reads_no_title_and_never_lets_themselves_in(cast):
    hidden = make_hidden(cast.rose, title="Only for those inside")
    Delegation.objects.create(
        author=cast.rose, delegate=cast.ada, role="screener", offered_at=NOW, signed_at=NOW
    )
    for who in (cast.ines, cast.ada):
        requests.ask(
            hidden.pk,
            LIVED,
            by=Viewer(who.pk),
            at=timezone.now(),
            address=hidden.door_address,
        )
    ada = browser(cast.ada)
    door = page(browser(cast.nan), reverse("door_by_address", args=[hidden.door_address]))

    said = page(ada, reverse("access_requests"))
    for request in AccessRequest.objects.all():
        ada.post(reverse("answer_access_request", args=[request.pk]), {"answer": "yes"})

    assert "to Ada, who reads requests for them." in door
    assert "A letter by Rose" in said
    assert hidden.title not in said
    assert [one.account for one in Admission.objects.all()] == [cast.ines]


def test_nobody_else_answers(letter, cast):
    request = asked_before(letter, cast.ines, at=timezone.now())

    for who in (cast.nan, cast.ines):
        browser(who).post(reverse("answer_access_request", args=[request.pk]), {"answer": "yes"})

    assert not Admission.objects.exists()
    assert LIVED.words not in page(browser(cast.nan), reverse("access_requests"))


def test_a_letters_door_lists_who_was_let_in_and_ends_it(letter, cast):
    admissions.admit(letter, cast.ines.pk, message="", at=NOW)
    rose, here = browser(cast.rose), reverse("letter_access_requests", args=[letter.pk])

    listed = page(rose, here)
    rose.post(here, {"do": "end", "account": cast.ines.pk})

    assert "Ines" in listed
    assert "Ines" not in page(rose, here)
    assert sight(letter, cast.ines) == Sight.DOOR


def test_an_author_gives_the_address_away_and_makes_it_anew(cast):
    hidden = make_hidden(cast.rose)
    rose, here = browser(cast.rose), reverse("letter_access_requests", args=[hidden.pk])
    old = reverse("door_by_address", args=[hidden.door_address])

    before = page(rose, here)
    rose.post(here, {"do": "renew"})

    assert f"{settings.BESIDE.url.rstrip('/')}{old}" in before
    assert old not in page(rose, here)
    assert reverse("door_by_address", args=[Post.objects.get().door_address]) in page(rose, here)
