from __future__ import annotations

import pytest
from django.urls import reverse

from beside.access.models import Consent
from beside.photos.models import HiddenPhoto
from beside.posts.models import Audience, Post
from tests.cast import NOW, make_photo, make_post
from tests.web.browsing import FORBIDDEN, page, state_of, url


@pytest.fixture
def laid_open(cast):
    """A letter whose photographs readers find open."""
    return make_post(
        cast.rose,
        cast.tom,
        words_for=Audience.ANYONE,
        photographs_for=Audience.ANYONE,
        words_signed_in=False,
        photographs_signed_in=False,
        veiled=False,
        photos=[make_photo(cast.rose, description="Two hands on a sheet.") for _ in range(2)],
    )


@pytest.mark.parametrize("who", ["rose", "tom"])
def test_ones_own_letter_opens_with_its_photographs_folded(post, visit, who):
    found = page(visit(who), "letter", post)

    assert not [word for word in FORBIDDEN if word in found]
    assert "<img" not in found
    assert "Three photographs" in found
    assert "The room, and his blanket." in found


@pytest.mark.parametrize("state", [Post.State.DRAFT, Post.State.CLOSED])
def test_so_does_one_that_nobody_else_sees(post, visit, state):
    Post.objects.update(state=state)

    assert "/p/" not in page(visit("rose"), "letter", post)


def test_readers_may_find_them_open_and_their_authors_dont(laid_open, visit):
    assert page(visit("nan"), "letter", laid_open).count("<img") == 2
    assert "/p/" not in page(visit("rose"), "letter", laid_open)


def test_one_press_opens_them_where_they_stand(post, visit):
    tom = visit("tom")

    answer = tom.post(url("consent", post))
    found = page(tom, "letter", post)

    assert answer.headers["Location"] == f"{url('letter', post)}#photographs"
    assert found.count("<img") == 3
    assert found.index('id="photographs"') < found.index("<img")
    assert "Fold them away" in found
    assert "Your letters" in found


def test_they_open_for_that_author_and_that_visit_alone(post, visit):
    visit("tom").post(url("consent", post))

    assert "<img" not in page(visit("tom"), "letter", post)
    assert "<img" not in page(visit("rose"), "letter", post)


@pytest.mark.parametrize("how", ["fold", "step away"])
def test_they_can_be_folded_again(post, visit, how):
    rose = visit("rose")
    rose.post(url("consent", post))

    rose.post(url("fold", post)) if how == "fold" else rose.get(reverse("step_away"))

    assert "/p/" not in page(rose, "letter", post)


def test_an_author_can_have_theirs_open_unasked_and_the_other_doesnt(post, visit):
    rose = visit("rose")

    rose.post(url("own_photographs", post), {"open": "unasked"})

    assert page(visit("rose"), "letter", post).count("<img") == 3
    assert "/p/" not in page(visit("tom"), "letter", post)


def test_it_can_be_undone_and_folds_what_is_open(post, visit):
    rose = visit("rose")
    rose.post(url("own_photographs", post), {"open": "unasked"})
    rose.post(url("consent", post))

    rose.post(url("own_photographs", post))

    assert "/p/" not in page(rose, "letter", post)


def test_a_reader_has_no_such_choice(post, visit):
    nan = visit("nan")

    assert nan.post(url("own_photographs", post), {"open": "unasked"}).status_code == 404
    assert "/p/" not in page(nan, "letter", post)


def test_what_an_author_has_hidden_stays_closed_when_they_open_the_others(
    cast, post, photos, visit
):
    HiddenPhoto.objects.create(photo=photos[0], account=cast.rose, since=NOW)
    rose = visit("rose")
    rose.post(url("consent", post))

    found = page(rose, "letter", post)

    assert found.count("<img") == 2
    assert "hidden from you" in found
    assert "Said of this one." not in found
    assert "Open them" not in found


def test_lists_show_an_author_none_of_their_own(laid_open, visit):
    for name, args in (("home", []), ("letters", [])):
        assert b"/p/" not in visit("rose").get(reverse(name, args=args)).content


def test_reading_it_as_a_reader_opens_none_of_them_unasked(laid_open, visit):
    rose = visit("rose")
    as_someone = f"{url('preview', laid_open)}?who="

    before = rose.get(as_someone).content.decode()
    answer = rose.post(url("consent", laid_open), {"next": as_someone})
    after = rose.get(as_someone).content.decode()

    assert "/p/" not in before
    assert "Two hands on a sheet." not in before
    assert answer.headers["Location"] == f"{as_someone}#photographs"
    assert after.count("<img") == 2


def test_reading_it_as_a_reader_tells_nothing_of_what_one_has_hidden(cast, laid_open, visit):
    for placed in laid_open.placed.all():
        HiddenPhoto.objects.create(photo=placed.photo, account=cast.rose, since=NOW)
    rose = visit("rose")
    rose.post(url("consent", laid_open))

    found = rose.get(f"{url('preview', laid_open)}?who=").content.decode()

    assert "Two hands on a sheet." not in found
    assert "/p/" not in found


@pytest.mark.parametrize("wanted", ["https://elsewhere.example/", "//elsewhere.example", "/you/"])
def test_opening_leads_nowhere_but_to_the_letter(post, visit, wanted):
    answer = visit("rose").post(url("consent", post), {"next": wanted})

    assert answer.headers["Location"] == f"{url('letter', post)}#photographs"


def test_the_words_come_first_and_what_can_be_done_is_in_one_plain_details(post, visit):
    found = page(visit("rose"), "letter", post)

    head, menu = found.split("<details", 1)
    menu, rest = menu.split("</details>", 1)
    acts = ("edit_letter", "addenda", "audience", "preview", "share_links", "coauthors")
    for name in (*acts, "closing", "taking_back"):
        assert url(name, post) in menu
    for name in ("edit_letter", "closing", "taking_back", "share_links"):
        assert url(name, post) not in head + rest
    assert "The first passage." in rest


def test_closing_from_there_takes_one_press(post, visit):
    visit("rose").post(url("closing", post), {"do": "close"})

    assert state_of(post) == Post.State.CLOSED


def test_it_says_in_words_whom_it_is_for(laid_open, visit):
    found = page(visit("rose"), "letter", laid_open)

    assert "You and Tom" in found
    assert "Words and photographs: anyone." in found


def test_choosing_is_told_to_nobody(post, visit):
    visit("tom").post(url("consent", post))

    assert Consent.objects.count() == 3
    assert b"Tom" not in visit("rose").get(reverse("notices")).content


@pytest.mark.parametrize(
    ("count", "button", "note"),
    [
        (1, "Open it", "For your readers it’s open."),
        (2, "Open them", "For your readers they’re open."),
    ],
)
def test_the_fold_speaks_of_one_photograph_as_one(laid_open, visit, count, button, note):
    for placed in laid_open.placed.all()[count:]:
        placed.delete()

    found = page(visit("rose"), "letter", laid_open)

    assert f">{button}</button>" in found
    assert note in found


def test_where_anyone_can_see_it_nobody_else_is_spoken_of(laid_open, post, visit):
    assert "Nobody else can see anything." not in page(visit("rose"), "audience", laid_open)
    assert "Nobody else can see anything." in page(visit("rose"), "audience", post)
