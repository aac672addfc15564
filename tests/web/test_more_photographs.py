from __future__ import annotations

import pytest

from beside.photos.models import HiddenPhoto
from beside.posts.models import ApprovalRequest, Post
from tests.cast import NOW, make_post, make_sealed_photo
from tests.web.browsing import answer, browser, page, url

pytestmark = pytest.mark.usefixtures("data")


@pytest.fixture
def shown(cast):
    return make_post(
        cast.rose,
        cast.tom,
        words_for=[cast.nan],
        photographs_for=[cast.nan],
        photos=[make_sealed_photo(cast.rose)],
    )


@pytest.fixture
def photo(cast):
    return make_sealed_photo(cast.rose, description="A knitted blanket.")


@pytest.mark.thorough
def test_the_other_author_is_asked_and_the_letter_stays_open(cast, shown, photo):
    rose, tom = browser(cast.rose), browser(cast.tom)
    offered = page(rose, "more_photographs", shown)

    rose.post(url("more_photographs", shown), {"photo": [photo.pk], "message": "May I?"})
    waits, asked = page(rose, "letter", shown), page(tom, "approval", shown)
    answer(tom, shown, "agree")

    assert "A knitted blanket." in offered
    assert "This waits for Tom." in waits
    assert "Rose would like to add one photograph" in asked
    assert "May I?" in asked
    assert "A knitted blanket." not in asked
    assert Post.objects.get().state == Post.State.PUBLISHED
    assert shown.placed.count() == 2


def test_alone_it_takes_one_page(cast, photo):
    post = make_post(cast.rose, words_for=[cast.nan], photographs_for=[cast.nan])
    rose = browser(cast.rose)

    said = rose.post(url("more_photographs", post), {"photo": [photo.pk]}, follow=True)

    assert "They’re in the letter. Nobody is told." in said.content.decode()
    assert post.placed.count() == 1


def test_what_is_hidden_isnt_offered_and_cant_be_added(cast, shown, photo):
    HiddenPhoto.objects.create(photo=photo, account=cast.rose, since=NOW)
    rose = browser(cast.rose)

    found = page(rose, "more_photographs", shown)
    rose.post(url("more_photographs", shown), {"photo": [photo.pk]})

    assert "/p/" not in found
    assert "A knitted blanket." not in found
    assert not ApprovalRequest.objects.exists()


def test_choosing_none_says_what_is_needed(cast, shown, photo):
    said = browser(cast.rose).post(url("more_photographs", shown), {"photo": ["x"]})

    assert "Tick the photographs that you’d like to add." in said.content.decode()


def test_a_refusal_keeps_what_was_ticked(cast, shown, photo):
    Post.objects.update(note="")

    said = browser(cast.rose).post(url("more_photographs", shown), {"photo": [photo.pk]})

    assert "a reader should know what the photographs show" in said.content.decode()
    assert f'value="{photo.pk}" checked' in said.content.decode()


@pytest.mark.parametrize("state", [Post.State.DRAFT, Post.State.TAKEN_BACK])
def test_a_draft_has_its_own_page_for_that(cast, shown, state):
    Post.objects.update(state=state, taken_back_at=NOW if state == Post.State.TAKEN_BACK else None)

    assert browser(cast.rose).get(url("more_photographs", shown)).status_code == 302
