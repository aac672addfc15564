from __future__ import annotations

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from beside.access.models import Claim
from beside.people.models import Delegation
from beside.photos.models import Photo
from beside.posts.models import Audience, PlacedPhoto, Post
from tests.cast import NOW, make_post, make_sealed_photo

WORDS = "I am the hand on the left."
SENT = {"name": "Nan", "words": WORDS, "address": "nan@home.example"}
ANYBODY = {
    "words_for": Audience.ANYONE,
    "photographs_for": Audience.ANYONE,
    "words_signed_in": False,
    "photographs_signed_in": False,
}


def signed_in(account) -> Client:
    client = Client()
    client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def letter(cast, *authors, **kind) -> Post:
    photos = [make_sealed_photo(cast.rose, names=("jpeg",)) for _ in range(3)]
    post = make_post(*authors or (cast.rose,), photos=photos, **{**ANYBODY, **kind})
    for number, placed in enumerate(post.placed.order_by("position"), 1):
        PlacedPhoto.objects.filter(pk=placed.pk).update(number=number)
    return post


@pytest.fixture
def post(cast, data) -> Post:
    return letter(cast)


def second(post: Post) -> Photo:
    return post.placed.get(position=1).photo


def send(client: Client, post: Post, **typed):
    return client.post(f"/posts/{post.pk}/claim/", {**SENT, "photo": str(second(post).pk), **typed})


def act(client: Client, post: Post, do: str, **more):
    claim = Claim.objects.get()
    return client.post(f"/posts/{post.pk}/claims/", {"claim": str(claim.pk), "do": do, **more})


def cut() -> dict:
    return {"photographs": SimpleUploadedFile("cut.jpg", b"cut")}


def test_a_visitor_says_it_and_the_author_reads_it(client, cast, post):
    form = client.get(f"/posts/{post.pk}/claim/").content.decode()
    answer = send(client, post)

    page = signed_in(cast.rose).get(f"/posts/{post.pk}/claims/").content.decode()
    assert "They read it, and nobody else ever does" in form
    assert answer.headers["Location"] == f"/posts/{post.pk}/"
    assert all(said in page for said in (WORDS, "Nan", "nan@home.example", "The second"))


def test_the_link_stands_where_photographs_are_open_and_not_for_their_author(client, cast, data):
    post = letter(cast, veiled=False)
    link = f"/posts/{post.pk}/claim/"

    assert link in client.get(f"/posts/{post.pk}/").content.decode()
    assert link not in signed_in(cast.rose).get(f"/posts/{post.pk}/").content.decode()
    Post.objects.update(veiled=True)
    assert link not in client.get(f"/posts/{post.pk}/").content.decode()


@pytest.mark.thorough
def test_its_author_finds_it_under_news_and_over_the_letter(client, cast, post):
    send(client, post)
    rose = signed_in(cast.rose)

    assert f"/posts/{post.pk}/claims/" in rose.get("/news/").content.decode()
    assert f"/posts/{post.pk}/claims/" in rose.get(f"/posts/{post.pk}/").content.decode()
    rose.post("/news/end/")
    assert f"/posts/{post.pk}/claims/" in rose.get("/news/").content.decode()


def test_whoever_sees_no_photographs_finds_nothing(client, cast, data):
    post = letter(cast, photographs_for=Audience.ONLY_US)

    assert client.get(f"/posts/{post.pk}/claim/").status_code == 404
    assert send(client, post).status_code == 404
    assert not Claim.objects.exists()


def test_a_fourth_within_an_hour_is_not_taken(client, cast, post):
    answers = [send(client, post).status_code for _ in range(4)]

    assert answers == [302, 302, 302, 429]
    assert Claim.objects.count() == 3


def test_it_needs_a_name_and_a_sentence(client, cast, post):
    assert send(client, post, words="").status_code == 200
    assert send(client, post, name=" ").status_code == 200
    assert not Claim.objects.exists()


@pytest.mark.thorough
def test_the_form_says_that_somebody_reads_first_and_they_pass_it_on(client, cast, post):
    Delegation.objects.create(
        author=cast.rose, delegate=cast.ines, role="screener", offered_at=NOW, signed_at=NOW
    )
    form = client.get(f"/posts/{post.pk}/claim/").content.decode()
    send(client, post)
    ines, rose = signed_in(cast.ines), signed_in(cast.rose)
    before = rose.get(f"/posts/{post.pk}/claims/").content.decode()
    news = ines.get("/news/").content.decode()
    page = ines.get("/claims/").content.decode()

    ines.post("/claims/", {"claim": str(Claim.objects.get().pk)})

    assert "Someone they trust reads it first" in form
    assert WORDS not in before
    assert 'href="/claims/"' in news
    assert WORDS in page
    assert WORDS in rose.get(f"/posts/{post.pk}/claims/").content.decode()
    assert WORDS not in ines.get("/claims/").content.decode()


def test_the_author_takes_the_photograph_out(client, cast, post):
    send(client, post)
    photo = second(post)

    act(signed_in(cast.rose), post, "take out")

    assert photo.pk not in post.placed.values_list("photo", flat=True)


def test_the_author_closes_the_letter_or_settles_it(client, cast, post):
    send(client, post)
    rose = signed_in(cast.rose)

    act(rose, post, "close")
    act(rose, post, "settle")

    assert Post.objects.get().state == Post.State.CLOSED
    assert Claim.objects.get().words == ""


@pytest.mark.thorough
def test_another_version_takes_its_place_with_its_words(client, cast, post):
    send(client, post)
    old = second(post)

    act(signed_in(cast.rose), post, "replace", **cut())

    new = Photo.objects.get(name_on_phone="cut.jpg")
    placed = PlacedPhoto.objects.get(photo=new)
    assert (placed.post, placed.position, placed.number) == (post, 1, 2)
    assert (new.description, new.caption) == (old.description, old.caption)
    assert not PlacedPhoto.objects.filter(photo=old).exists()


@pytest.mark.thorough
def test_in_a_shown_letter_of_two_it_has_to_be_closed_first(client, cast, data):
    post = letter(cast, cast.rose, cast.tom)
    send(client, post)
    rose, old = signed_in(cast.rose), second(post)

    refused = act(rose, post, "replace", **cut())
    said = rose.get(refused.headers["Location"]).content.decode()
    still = PlacedPhoto.objects.filter(photo=old).exists()
    act(rose, post, "close")
    act(rose, post, "replace", **cut())

    assert still
    assert "or close it first" in said
    assert not PlacedPhoto.objects.filter(photo=old).exists()


def test_nobody_else_acts_on_it(client, cast, post):
    send(client, post)

    for who in ("nan", "marit"):
        assert act(signed_in(cast[who]), post, "settle").status_code == 404
    assert Claim.objects.get().words == WORDS
