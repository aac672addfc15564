from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from beside.access.feeds import PAGE
from beside.access.models import Consent
from beside.people.models import Follow, Session
from beside.photos.models import HiddenPhoto, Photo
from beside.posts.models import Addendum, Audience, PlacedPhoto, Post
from tests.cast import NOW, make_photo, make_post, make_sealed_photo
from tests.delivery.client import ask

FORBIDDEN = ("Two hands on a sheet.", "In the second week.", "Said of this one.", "/p/")


@pytest.fixture
def visit(cast):
    def do(name: str | None) -> Client:
        client = Client(HTTP_HOST="localhost")
        if name:
            client.force_login(cast[name])
        return client

    return do


@pytest.fixture
def photos(cast):
    return [
        make_photo(cast.rose, description="Two hands on a sheet.", caption="In the second week.")
        for _ in range(3)
    ]


@pytest.fixture
def post(cast, photos) -> Post:
    post = make_post(
        cast.rose,
        cast.tom,
        words_for=[cast.nan, cast.ines],
        photographs_for=[cast.nan],
        photos=photos,
        words="The first passage.\n\n[photograph 2]\n\nThe second passage.",
        note="The room, and his blanket.",
        note_shows=["hospital", "died"],
    )
    for number, placed in enumerate(post.placed.order_by("position"), 1):
        PlacedPhoto.objects.filter(pk=placed.pk).update(number=number)
    Addendum.objects.create(
        post=post, photo=photos[0], author=cast.rose, words="Said of this one.", added_at=NOW
    )
    Addendum.objects.create(post=post, author=cast.tom, words="Said of it all.", added_at=NOW)
    return post


def url(name: str, post: Post) -> str:
    return reverse(name, args=[post.pk])


def page(client: Client, name: str, post: Post) -> str:
    answer = client.get(url(name, post))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    return answer.content.decode()


def test_whom_only_the_words_are_for_meets_the_letter_of_one_without_photographs(cast, post, visit):
    bare = make_post(
        cast.rose,
        cast.tom,
        words_for=[cast.ines],
        words="The first passage.\n\nThe second passage.",
        note="",
        veiled=False,
    )
    Addendum.objects.create(post=bare, author=cast.tom, words="Said of it all.", added_at=NOW)
    ines = visit("ines")

    found, expected = page(ines, "letter", post), page(ines, "letter", bare)

    assert found.replace(str(post.pk), "") == expected.replace(str(bare.pk), "")
    assert "Said of it all." in found


def test_whom_the_photographs_are_for_is_told_what_is_in_them_and_no_more(post, photos, visit):
    found = page(visit("nan"), "letter", post)

    assert "Three photographs" in found
    assert "from Rose and Tom" in found
    assert "The room, and his blanket." in found
    assert not [word for word in FORBIDDEN if word in found]
    assert not [photo for photo in photos if str(photo.pk) in found]
    assert "data-open" not in found


def test_a_folded_photographs_place_in_the_letter_leaves_no_trace(post, visit):
    found = page(visit("nan"), "letter", post)

    assert "<p>The first passage.</p>\n<p>The second passage.</p>" in found


def test_before_you_look_says_what_is_in_them_and_what_is_not(post, visit):
    found = page(visit("nan"), "before_you_look", post)

    assert "The room, and his blanket." in found
    assert "Show me all three" in found
    assert re.search(r"In them.*A hospital.*Not in them.*Blood", found, re.DOTALL)
    assert not [word for word in FORBIDDEN if word in found]
    assert "Nobody is told whether you looked." in found


def test_what_was_not_ticked_is_not_claimed_to_be_absent(post, visit):
    Post.objects.update(note_shows=[])

    assert "Not in them" not in page(visit("nan"), "before_you_look", post)


def test_all_of_them_open_on_the_page(post, visit):
    nan = visit("nan")

    answer = nan.post(url("consent", post))
    found = page(nan, "letter", post)

    assert answer.headers["Location"] == f"{url('letter', post)}#photographs"
    assert found.count("<img") == 3
    assert "data-open" in found
    assert "That was the last of them." in found
    assert "Fold them away" in found
    assert "Two hands on a sheet." in found
    assert "Said of this one." in found


def test_a_photograph_opens_where_its_author_put_it(post, visit):
    nan = visit("nan")
    nan.post(url("consent", post))

    found = page(nan, "letter", post)

    first, rest = found.split("The second passage.")
    assert first.count("<img") == 1
    assert rest.count("<img") == 2


def test_one_at_a_time_says_what_can_be_seen_and_sends_nothing_of_it(post, visit):
    found = page(visit("nan"), "one_at_a_time", post)

    assert found.count("Two hands on a sheet.") == 3
    assert "The third" in found
    assert "<img" not in found
    assert "In the second week." not in found
    assert "Said of this one." not in found


def test_one_opens_alone_and_is_folded_again(post, photos, visit):
    nan = visit("nan")

    nan.post(url("consent", post), {"photo": photos[1].pk})
    opened = page(nan, "one_at_a_time", post)
    letter = page(nan, "letter", post)
    nan.post(url("fold", post), {"photo": photos[1].pk})
    folded = page(nan, "one_at_a_time", post)

    assert opened.count("<img") == 1
    assert "Two more photographs" in letter
    assert "<img" not in folded


def test_folding_away_folds_all(post, visit):
    nan = visit("nan")
    nan.post(url("consent", post))

    answer = nan.post(url("fold", post))

    assert answer.headers["Location"] == url("letter", post)
    assert "<img" not in page(nan, "letter", post)


def test_stepping_away_folds_what_the_visit_had_opened(post, visit):
    nan = visit("nan")
    nan.post(url("consent", post))

    nan.get(reverse("step_away"))

    assert "<img" not in page(nan, "letter", post)


def test_what_is_remembered_is_open_in_the_next_visit(post, visit):
    visit("nan").post(url("consent", post), {"remember": "on"})

    assert page(visit("nan"), "letter", post).count("<img") == 3


def test_opening_the_page_keeps_the_visit_going(post, visit):
    nan = visit("nan")
    nan.post(url("consent", post))
    soon = timezone.now() + timedelta(minutes=5)
    Consent.objects.update(ends_at=soon)

    page(nan, "letter", post)

    assert set(Consent.objects.values_list("ends_at", flat=True)) != {soon}


def test_before_you_look_has_nothing_to_say_where_all_is_open(post, visit):
    rose = visit("rose")

    answer = rose.get(url("before_you_look", post))

    assert answer.headers["Location"] == f"{url('letter', post)}#photographs"


@pytest.mark.parametrize("name", ["before_you_look", "one_at_a_time"])
def test_whom_they_are_not_for_there_is_nothing_to_look_at(post, visit, name):
    never_was = visit("ines").get(reverse(name, args=[uuid.uuid4()]))

    answer = visit("ines").get(url(name, post))

    assert (answer.status_code, answer.content) == (404, never_was.content)
    assert sorted(answer.headers.items()) == sorted(never_was.headers.items())


@pytest.mark.parametrize("who", ["ada", "max", "marit", None])
def test_what_is_for_others_was_never_there(post, visit, who):
    never_was = visit(who).get(reverse("letter", args=[uuid.uuid4()]))

    answer = visit(who).get(url("letter", post))

    assert (answer.status_code, answer.content) == (404, never_was.content)
    assert sorted(answer.headers.items()) == sorted(never_was.headers.items())


def test_choosing_to_look_at_what_is_for_others_is_a_404(post, visit):
    for name, data in (("ines", {}), ("ada", {}), ("nan", {"photo": uuid.uuid4()})):
        assert visit(name).post(url("consent", post), data).status_code == 404
    assert visit("nan").post(url("consent", post), {"photo": "x"}).status_code == 404
    assert not Consent.objects.exists()


def test_an_author_meets_it_open_with_what_they_can_do(post, visit):
    found = page(visit("tom"), "letter", post)

    assert found.count("<img") == 3
    assert "Take it back" in found
    assert "Fold them away" not in found


def test_an_author_meets_what_is_closed_for_them_closed(cast, post, photos, visit):
    HiddenPhoto.objects.create(photo=photos[0], account=cast.rose, since=NOW)

    found = page(visit("rose"), "letter", post)

    assert found.count("<img") == 2
    assert "hidden from you" in found
    assert "Said of this one." not in found


def test_a_visitor_looks_for_the_length_of_a_visit(cast, photos, visit):
    post = make_post(
        cast.rose,
        words_for=Audience.ANYONE,
        photographs_for=Audience.ANYONE,
        words_signed_in=False,
        photographs_signed_in=False,
        photos=photos,
    )
    nobody = visit(None)
    page(nobody, "letter", post)
    sessions_before = Session.objects.count()

    nobody.post(url("consent", post), {"remember": "on"})

    assert sessions_before == 0
    assert page(nobody, "letter", post).count("<img") == 3
    assert "<img" not in page(visit(None), "letter", post)
    assert Session.objects.get().account is None


def test_a_visitor_who_may_not_look_gets_no_session(cast, post, visit):
    visit(None).post(url("consent", post))

    assert not Session.objects.exists()


@pytest.mark.parametrize("who", ["nan", "rose"])
def test_no_page_has_a_name_or_a_title_in_its_title(post, visit, who):
    for name in ("letter", "one_at_a_time", "before_you_look"):
        answer = visit(who).get(url(name, post), follow=True)
        title = re.search(r"<title>(.*?)</title>", answer.content.decode(), re.DOTALL)
        assert title
        assert not re.search("Rose|Tom|March", title[1])


def follow(cast, *followed):
    for account in followed:
        Follow.objects.create(
            follower=cast.nan,
            followed=account,
            state=Follow.State.ACCEPTED,
            asked_at=NOW,
            answered_at=NOW,
        )


def test_home_holds_what_i_follow_and_what_i_was_given(cast, post, visit):
    follow(cast, cast.ada)
    make_post(cast.ada, words_for=Audience.ANYONE, title="From Ada")
    make_post(cast.ada, words_for=[cast.ines], title="Not for Nan")
    make_post(cast.ines, words_for=Audience.ANYONE, title="Nobody follows this")
    make_post(cast.nan, words_for=Audience.ANYONE, title="My own")

    found = visit("nan").get("/").content.decode()

    assert "From Ada" in found
    assert "The fourteenth of March" in found
    assert "Three photographs" in found
    assert not [word for word in FORBIDDEN if word in found]
    for absent in ("Not for Nan", "Nobody follows this", "My own"):
        assert absent not in found


def test_a_question_not_answered_yet_brings_nothing_home(cast, visit):
    Follow.objects.create(follower=cast.nan, followed=cast.ada, asked_at=NOW)
    make_post(cast.ada, words_for=Audience.ANYONE, title="From Ada")

    assert "From Ada" not in visit("nan").get("/").content.decode()


def test_home_is_newest_first_in_pages_with_an_end(cast, visit):
    follow(cast, cast.ada)
    same_time = NOW - timedelta(days=3)
    for number in range(PAGE + 5):
        make_post(cast.ada, words_for=Audience.ANYONE, at=same_time, title=f"Letter {number};")
    make_post(cast.ada, words_for=Audience.ANYONE, at=NOW, title="The newest")
    nan = visit("nan")

    first = nan.get("/").content.decode()
    further = re.search(r'href="(\?before=[^"]+)"', first)
    assert further
    second = nan.get("/" + further[1]).content.decode()

    assert "The newest" in first
    assert "nothing more to load" not in first
    assert "nothing more to load" in second
    titles = re.findall(r"Letter \d+;", first + second)
    assert len(titles) == len(set(titles)) == PAGE + 5


@pytest.mark.parametrize("place", ["x", "2026-01-01~x", f"2026-01-01T00:00:00~{uuid.UUID(int=7)}"])
def test_a_place_that_no_page_gave_is_not_there(visit, place):
    assert visit("nan").get("/", {"before": place}).status_code == 404


def test_an_empty_home_asks_for_nothing(visit):
    assert "nothing you have to do" in visit("nan").get("/").content.decode()


def test_photographs_laid_open_show_the_first_at_home(cast, visit):
    follow(cast, cast.ada)
    photos = [make_photo(cast.ada), make_photo(cast.ada)]
    anyone = {"words_for": Audience.ANYONE, "photographs_for": Audience.ANYONE}
    make_post(cast.ada, **anyone, veiled=False, photos=photos)

    found = visit("nan").get("/").content.decode()

    assert found.count("<img") == 1
    assert "data-open" in found


def test_home_costs_as_many_queries_for_two_letters_as_for_twenty(cast, visit):
    follow(cast, cast.ada)
    nan = visit("nan")

    def write(count: int, *, veiled: bool) -> None:
        for _ in range(count):
            anyone = {"words_for": Audience.ANYONE, "photographs_for": Audience.ANYONE}
            make_post(cast.ada, **anyone, veiled=veiled, photos=[make_photo(cast.ada)])

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            nan.get("/")
        return len(asked)

    write(1, veiled=True)
    write(1, veiled=False)
    few = queries()
    write(9, veiled=True)
    write(9, veiled=False)

    assert queries() == few


def test_a_letter_costs_as_many_queries_for_two_photographs_as_for_twenty(cast, visit):
    def queries(count: int) -> int:
        post = make_post(
            cast.rose,
            words_for=[cast.nan],
            photographs_for=[cast.nan],
            photos=[make_photo(cast.rose) for _ in range(count)],
        )
        nan = visit("nan")
        nan.post(url("consent", post))
        with CaptureQueriesContext(connection) as asked:
            assert page(nan, "letter", post).count("<img") == count
        return len(asked)

    assert queries(20) == queries(2)


def test_the_photographs_of_a_page_can_be_fetched_with_its_own_cookies(own_place, cast, visit):
    photo = make_sealed_photo(cast.rose)
    make_post(cast.rose, words_for=[cast.nan], photographs_for=[cast.nan], photos=[photo])
    nan = visit("nan")
    post = Post.objects.get()
    nan.post(url("consent", post))

    addresses = re.findall(r"/p/[\w-]+", page(nan, "letter", post))
    session = nan.session.session_key
    fetched = [ask(address, session=session).status for address in addresses]

    assert fetched == [200] * 4
    assert Photo.objects.count() == 1
