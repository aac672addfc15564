from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from beside.access.feeds import PAGE
from beside.finding import shelf
from beside.posts import facets
from beside.posts.models import Audience, Facet, Post
from tests.cast import NOW, make_photo, make_post
from tests.responses.builders import take_responses
from tests.web.browser import as_, page, post
from tests.web.browsing import FORBIDDEN
from tests.web.test_notices import news

pytestmark = pytest.mark.usefixtures("own_place")
ALONE = "There’s nothing here yet."


@pytest.fixture
def letter(cast) -> Post:
    return make_post(
        cast.rose,
        words_for=Audience.ANYONE,
        photographs_for=Audience.ANYONE,
        photos=[make_photo(cast.rose, description="Two hands on a sheet.")],
    )


@pytest.fixture
def on(cast, letter) -> Post:
    shelf.allow(letter, by=cast.rose, at=NOW)
    return letter


@pytest.fixture
def open_to_visitors(settings):
    settings.BESIDE = settings.BESIDE.model_copy(update={"shelf_for_visitors": True})


@pytest.mark.thorough
def test_an_author_lets_a_letter_be_found_and_takes_it_off_again(cast, letter):
    rose, nan = as_(cast.rose), as_(cast.nan)
    assert ALONE in page(nan, "shelf")
    assert reverse("shelf_choice", args=[letter.pk]) in page(rose, "letter", letter.pk)

    post(rose, "shelf_choice", letter.pk, do="allow")

    assert "It’s on the shelf." in page(rose, "shelf_choice", letter.pk)
    assert "Yes, on the open shelf" in page(rose, "letter", letter.pk)
    assert "The fourteenth of March" in page(nan, "shelf")
    assert "That’s everything." in page(nan, "shelf")

    answer = rose.post(reverse("shelf_choice", args=[letter.pk]), {"do": "end"}, follow=True)

    assert "From now on, nobody finds it on the shelf." in answer.content.decode()
    assert ALONE in page(nan, "shelf")


@pytest.mark.thorough
def test_the_page_says_what_it_waits_for(cast):
    both = make_post(cast.rose, cast.tom, words_for=[cast.nan])
    rose = as_(cast.rose)
    post(rose, "shelf_choice", both.pk, do="allow")

    assert "It waits for Tom." in page(rose, "shelf_choice", both.pk).replace("⁨", "").replace(
        "⁩", ""
    )
    assert "people who don’t know you find a letter of yours" in news(cast.tom)

    post(as_(cast.tom), "shelf_choice", both.pk, do="allow")

    assert "because its words are for fewer people" in page(rose, "shelf_choice", both.pk)
    assert "Not while its words are for fewer people" in page(rose, "letter", both.pk)
    Post.objects.filter(pk=both.pk).update(state=Post.State.CLOSED, words_for=Audience.ANYONE)
    assert "isn’t on the shelf while it’s closed" in page(rose, "shelf_choice", both.pk)


def test_a_letter_is_found_by_what_it_is_about_and_its_language(cast, on):
    facets.choose(on, [Facet.AFTER_BIRTH, Facet.TWINS], by=cast.rose)
    post(as_(cast.rose), "shelf_choice", on.pk, language="de")
    nan = as_(cast.nan)

    def finds(**asked) -> bool:
        return "The fourteenth of March" in nan.get(reverse("shelf"), asked).content.decode()

    assert finds(what="after birth", more="twins", language="de")
    assert not finds(what="illness")
    assert not finds(language="fr")
    assert finds(what="no facet of ours", language="tlh")


def test_an_unknown_language_is_refused_with_a_sentence(cast, letter):
    answer = post(as_(cast.rose), "shelf_choice", letter.pk, language="tlh")

    assert "Choose one from the list, or leave it empty." in answer.content.decode()


def test_no_photograph_and_nothing_about_one_is_on_the_shelf(cast, on):
    for is_veiled in (True, False):
        Post.objects.filter(pk=on.pk).update(veiled=is_veiled)

        said = page(as_(cast.nan), "shelf")

        assert "photograph" not in said.split("<main")[1].split("entry stack")[1]
        assert "/p/" not in said
        assert not [word for word in FORBIDDEN if word in said]


def test_a_door_stands_on_the_shelf_with_what_may_be_asked_for(cast):
    door = make_post(
        cast.ada,
        words_for=Audience.ANYONE,
        photographs_for=Audience.LET_IN,
        photos=[make_photo(cast.ada)],
        door={"lived": "after a yes"},
    )
    shelf.allow(door, by=cast.ada, at=NOW)

    assert reverse("door", args=[door.pk]) in page(as_(cast.nan), "shelf")


def test_visitors_read_it_only_where_the_host_lets_them(cast, on, settings):
    visitor = Client(HTTP_HOST="localhost")
    Post.objects.filter(pk=on.pk).update(words_signed_in=False, photographs_signed_in=False)

    answer = visitor.get(reverse("shelf"))

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_visitors_find_what_is_for_anybody_at_all(cast, on, open_to_visitors):
    visitor = Client(HTTP_HOST="localhost")
    make_post(cast.ada, words_for=Audience.ANYONE, title="Signed in only")
    assert ALONE in page(visitor, "shelf")
    Post.objects.filter(pk=on.pk).update(words_signed_in=False)

    said = page(visitor, "shelf")

    assert "The fourteenth of March" in said
    assert "Signed in only" not in said
    assert reverse("shelf") in page(visitor, "home")


def test_robots_are_turned_away(cast, on, open_to_visitors):
    visitor = Client(HTTP_HOST="localhost")

    assert visitor.get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"
    assert "noindex" in visitor.get(reverse("shelf"))["X-Robots-Tag"]


@pytest.mark.thorough
def test_it_has_pages_that_keep_what_is_looked_for_and_an_end(cast):
    for number in range(PAGE + 1):
        one = make_post(cast.rose, words_for=Audience.ANYONE, title=f"Letter {number};")
        shelf.allow(one, by=cast.rose, at=NOW)
        facets.choose(one, [Facet.ILLNESS], by=cast.rose)
    nan, found, path = as_(cast.nan), set(), "?what=illness"
    while path:
        said = nan.get(reverse("shelf") + path).content.decode()
        found |= set(re.findall(r"Letter \d+;", said))
        further = re.search(r'href="(\?[^"]*before[^"]*)"', said)
        path = further.group(1).replace("&amp;", "&") if further else ""
        assert not path or "what=illness" in path

    assert len(found) == PAGE + 1
    assert "That’s everything." in said
    assert nan.get(reverse("shelf"), {"before": "elsewhere"}).status_code == 404


def test_nothing_is_counted(cast, on):
    take_responses(on)

    said = re.sub(r"<[^>]*>", " ", page(as_(cast.nan), "shelf").split("<main")[1])

    assert not re.search(r"\b\d+ (letters?|results?|found)\b", said)


def test_what_a_reader_wants_to_be_asked_about_is_asked_there(cast, on):
    facets.choose(on, [Facet.AFTER_BIRTH], by=cast.rose)
    nan = as_(cast.nan)
    post(nan, "content_preferences", after_birth="ask")

    said = page(nan, "shelf")

    assert "it’s about a baby who died after birth" in said
    assert "The fourteenth of March" not in said
