from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from beside.access.door import admissions, bans, requests
from beside.access.door.requests import RequestText
from beside.access.models import AccessRequest
from beside.access.policy import Viewer
from beside.people.models import Follow
from beside.posts.models import Answer, ApprovalRequest, Audience, Reason
from tests.access.door.letters import AFTER_A_YES, LIVED, make_hidden, make_letter
from tests.cast import NOW, make_post

pytestmark = pytest.mark.usefixtures("own_place")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
TERMS = {f"door_{reason.name.lower()}": Answer.AT_ONCE.value for reason in Reason}


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


def door_of(post):
    return reverse("door", args=[post.pk])


def page(client, path):
    return client.get(path).content.decode()


def ask(client, path, **said):
    return client.post(path, {"do": "ask", "reason": "lived", "words": "Aron died."} | said)


def asked_before(post, who, message=LIVED, at=NOW):
    requests.ask(post.pk, message, by=Viewer(who.pk), at=at)
    return AccessRequest.objects.filter(post=post, asker=who).first()


def test_a_letter_shows_the_door_and_nothing_of_what_is_behind_it(letter, cast, ines):
    said = page(ines, reverse("letter", args=[letter.pk]))

    assert "One photograph, behind a door" in said
    assert letter.note.replace("'", "&#x27;") in said
    assert door_of(letter) in said
    photo = letter.placed.get().photo
    assert not [word for word in (photo.caption, photo.description, "/p/") if word in said]


def test_who_isnt_signed_in_reads_the_words_and_learns_of_no_door(cast):
    letter = make_letter(cast.rose, words_signed_in=False)

    said = page(Client(HTTP_HOST="localhost"), reverse("letter", args=[letter.pk]))

    assert letter.words in said
    assert "photograph" not in said.partition("<main")[2].partition("</main")[0]


def test_home_shows_the_door_too(letter, cast, ines):
    Follow.objects.create(
        follower=cast.ines, followed=cast.rose, state="accepted", asked_at=NOW, answered_at=NOW
    )

    said = page(ines, reverse("home"))

    assert "One photograph, behind a door" in said
    assert "/p/" not in said


def test_the_door_asks_why_in_the_authors_words(letter, ines):
    said = page(ines, door_of(letter))

    assert "“<bdi>Any answer is a good one.</bdi>”" in said
    for answer in ("I’ve lived this", "I love someone who has", "I’d rather not say"):
        assert answer in said


def test_after_asking_one_waits_and_is_not_shown_what_one_wrote(letter, cast, ines):
    answer = ask(ines, door_of(letter))

    assert answer.headers["Location"] == door_of(letter)
    said = page(ines, door_of(letter))
    assert "It depends on their days, and not on you." in said
    assert "Aron" not in said
    assert "haven’t answered yet" in page(ines, reverse("letter", args=[letter.pk]))


def test_nothing_has_to_be_said(letter, cast, ines):
    ines.post(door_of(letter), {"do": "ask"})

    assert AccessRequest.objects.get().reason == Reason.RATHER_NOT


@pytest.mark.thorough
@pytest.mark.parametrize("no", ["declined", "a reason that is not let in", "kept out"])
def test_a_no_looks_byte_for_byte_like_waiting(cast, no):
    letter = make_letter(cast.rose, cast.tom, door={Reason.LIVED: Answer.AFTER_A_YES})
    if no == "kept out":
        bans.ban(cast.rose, cast.ada, at=NOW)
    at = timezone.now()
    asked_before(letter, cast.ines, at=at)
    other = RequestText(Reason.LOVE) if no.startswith("a reason") else LIVED
    asked_before(letter, cast.ada, other, at=at)
    if no == "declined":
        request = AccessRequest.objects.get(asker=cast.ada)
        admissions.decline(request, by=cast.rose, at=at)
    assert {one.state for one in AccessRequest.objects.all()} == {"waiting", "declined"}
    waits, was_told_no = browser(cast.ines), browser(cast.ada)

    def everything(client):
        paths = [door_of(letter), reverse("letter", args=[letter.pk]), reverse("notices")]
        before = [client.get(path) for path in paths]
        again = ask(client, door_of(letter), words="Once more.")
        back = client.post(door_of(letter), {"do": "withdraw"})
        after = [client.get(path) for path in paths]
        return [
            (one.status_code, TOKEN.sub("", one.content.decode()), one.get("Location"))
            for one in (*before, again, back, *after)
        ]

    assert everything(waits) == everything(was_told_no)


def test_a_door_kept_shut_says_so_and_asks_nothing(cast, ines):
    letter = make_letter(cast.rose, door={})

    said = page(ines, reverse("letter", args=[letter.pk]))
    door = page(ines, door_of(letter))
    ask(ines, door_of(letter))

    for one in (said, door):
        assert "Rose has decided to keep this door closed. It isn’t a judgement of you." in one
        assert "The words are still here for you." in one
    assert 'data-door="shut"' in said
    assert not AccessRequest.objects.exists()


@pytest.mark.thorough
def test_an_address_leads_to_names_and_a_greeting_and_nothing_of_the_letter(cast, ines):
    hidden = make_hidden(cast.rose, cast.tom, door_says="Come, if you need to.")
    there = reverse("door_by_address", args=[hidden.door_address])

    said = page(ines, there)
    answer = ask(ines, there)

    assert "“<bdi>Come, if you need to.</bdi>”" in said
    assert "Rose and Tom" in said
    assert not [
        word for word in (hidden.title, hidden.words, hidden.note, str(hidden.pk)) if word in said
    ]
    assert answer.headers["Location"] == there
    assert "You’ve asked" in page(ines, there)
    assert ines.get(reverse("letter", args=[hidden.pk])).status_code == 404
    nowhere = ines.get(reverse("door_by_address", args=[uuid.uuid4()]))
    blocked = browser(cast.max).get(there)
    assert (blocked.status_code, blocked.content) == (404, nowhere.content)


@pytest.mark.thorough
def test_a_door_is_chosen_with_its_terms_and_its_people(cast):
    post = make_post(cast.rose, words_for=Audience.ANYONE)
    Follow.objects.create(
        follower=cast.nan, followed=cast.rose, state="accepted", asked_at=NOW, answered_at=NOW
    )
    rose, here = browser(cast.rose), reverse("audience", args=[post.pk])
    default = rose.get(here).context["page"].form["door_lived"].value()

    data = {
        "words_for": "here",
        "photographs_for": "let_in",
        "photographs_people": [f"person:{cast.nan.pk}"],
        "door_lived": "at once",
        "door_love": "not",
        "door_says": " Come. ",
        "do": "change",
    }
    said = rose.post(here, data, follow=True).content.decode()

    post.refresh_from_db()
    assert default == Answer.AFTER_A_YES
    assert (post.photographs_for, post.door_says) == (Audience.LET_IN, "Come.")
    assert post.door == AFTER_A_YES | {Reason.LIVED: "at once", Reason.LOVE: "not"}
    assert post.grants.get().account == cast.nan
    assert "Nan" in said


@pytest.mark.thorough
def test_a_wider_door_needs_every_authors_yes(letter, cast):
    data = {"words_for": "here", "photographs_for": "let_in"} | TERMS
    rose, here = browser(cast.rose), reverse("audience", args=[letter.pk])

    before = rose.post(here, data | {"do": "change"}).content.decode()
    rose.post(here, data | {"do": "ask"})

    letter.refresh_from_db()
    assert "This needs Tom too" in before
    assert "Let in at once: I’ve lived this; I love someone who has;" in before
    assert letter.door == AFTER_A_YES
    assert ApprovalRequest.objects.get().wanted["door"]["answers"]["lived"] == Answer.AT_ONCE


def test_how_it_stands_is_said_in_words_and_by_name(letter, cast):
    admissions.admit(letter, cast.ines.pk, message="", at=NOW)

    context = browser(cast.rose).get(reverse("audience", args=[letter.pk])).context

    assert context["page"].summary.photographs == "Anyone you let in"
    _tom, ines = context["page"].who.both.lines
    assert ines.names == "Ines"
    assert ines.why.startswith("Let in on ")
    assert not context["page"].who.words_only.lines


def test_seen_as_a_reader_the_door_is_ajar(letter, cast):
    Follow.objects.create(
        follower=cast.ines, followed=cast.rose, state="accepted", asked_at=NOW, answered_at=NOW
    )
    asked_before(letter, cast.ines, at=NOW - timedelta(days=1))

    said = page(browser(cast.rose), reverse("preview", args=[letter.pk]) + f"?who={cast.ines.pk}")

    assert "Go to the door" in said
    assert "Waiting." not in said
