from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from beside.access import portraits
from beside.access.policy import NothingToSee
from beside.finding import directory_entries
from beside.finding.directory_entries import Said
from beside.photos.models import HiddenPhoto, Hold, Photo, Portrait
from beside.posts.models import Audience
from tests.cast import NOW, make_photo, make_post
from tests.web.browser import as_, page, post

SOMEBODY = str(uuid4())


def test_a_page_says_a_name_some_words_and_what_its_reader_may_read(cast):
    cast.rose.profile.words = "We live by the lock."
    cast.rose.profile.save()
    make_post(cast.rose, title="For Nan", words_for=[cast.nan])
    make_post(cast.rose, title="For Tom", words_for=[cast.tom])

    text = page(as_(cast.nan), "profile", cast.rose.pk)

    assert '<h1 dir="auto">Rose</h1>' in text
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


def test_a_letter_is_said_to_be_what_its_reader_may_know_of_it(cast):
    def photos(number):
        return [make_photo(cast.rose) for _ in range(number)]

    mine = {"words_for": [cast.nan], "photographs_for": [cast.nan]}
    make_post(cast.rose, words_for=[cast.nan], photos=photos(2))
    make_post(cast.rose, **mine, veiled=True, photos=photos(6))
    make_post(cast.rose, **mine, veiled=False, photos=photos(1))
    doors = {"words_for": Audience.ANYONE, "photographs_for": Audience.LET_IN}
    make_post(cast.rose, **doors, photos=photos(3), door={"lived": "after a yes"})

    said = page(as_(cast.nan), "profile", cast.rose.pk)

    kinds = set(re.findall(r"<span>(A letter[^<]*)</span>", said))
    assert kinds == {
        "A letter",
        "A letter, and six photographs, folded",
        "A letter, and one photograph",
        "A letter, and three photographs, behind a door",
    }


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


def test_a_person_changes_their_name_and_words(cast):
    rose = as_(cast.rose)

    directory_entries.save(cast.rose, Said(), at=NOW)
    answer = post(rose, "edit_profile", name="Rose and Tom", words="By the lock.")

    assert answer["Location"] == reverse("profile", args=[cast.rose.pk])
    assert "Rose and Tom" in page(as_(cast.ines), "profile", cast.rose.pk)


def test_a_name_cannot_be_left_empty(cast):
    answer = post(as_(cast.rose), "edit_profile", name="", words="")

    assert "This can’t be left empty." in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("\u3164\u200b", "This can’t be left empty."),
        ("rose@home.example", "so it can’t contain an address"),
        ("Rose\r\nYour place was locked", "A name goes on one line."),
        ("Bеside", "This place is called Beside"),
    ],
)
def test_a_name_that_cannot_be_is_said_so_kindly_and_nothing_is_lost(cast, name, said):
    answer = post(as_(cast.rose), "edit_profile", name=name, words="By the lock.").content.decode()

    assert said in answer
    assert "By the lock." in answer
    assert name.split("\r")[0] in answer
    assert "Rose" in page(as_(cast.rose), "you")


def test_a_family_of_emoji_is_a_name(cast):
    post(as_(cast.rose), "edit_profile", name="👨‍👩‍👧 \u202eRose", words="")

    assert '<h1 dir="auto">👨‍👩‍👧 Rose</h1>' in page(as_(cast.rose), "profile", cast.rose.pk)


def test_a_photograph_of_ones_own_that_lies_in_no_letter_can_stand_at_the_top(cast):
    photo = _with_jpeg(make_photo(cast.rose))
    directory_entries.save(cast.rose, Said(), at=NOW)
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


def _with_jpeg(photo):
    photo.renditions.create(
        name="jpeg", media_type="image/jpeg", width=1080, height=720, stored_bytes=100
    )
    return photo
