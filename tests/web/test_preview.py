from __future__ import annotations

import pytest
from django.urls import reverse

from beside.access.models import Consent
from beside.posts.models import Audience, Post
from tests.cast import make_photo
from tests.web.browsing import (
    ask_to_publish,
    browser,
    make_draft,
    question_of,
    said_by,
    state_of,
    widening,
)

pytestmark = pytest.mark.usefixtures("own_place")


def test_it_is_seen_as_somebody_else_would_see_it_before_it_is_published(rose, cast):
    photo = make_photo(cast.rose, description="His hand")
    post = make_draft(cast.rose, words_for=[cast.nan], photographs_for=[cast.nan], photos=[photo])
    Consent.objects.create(photo=photo, account=cast.nan)
    address = reverse("preview", args=[post.pk])

    as_nan = rose.get(address, {"who": str(cast.nan.pk)}).content.decode()
    as_stranger = rose.get(address).content.decode()

    assert "We knew from about four" in as_nan
    assert "One photograph" in as_nan
    assert "His hand" not in as_nan
    assert "They’d find nothing" in as_stranger
    assert Consent.objects.exists()


@pytest.mark.thorough
def test_it_is_read_first_as_they_would_meet_it(rose, tom, letter):
    kept = dict(widening(rose, letter).context["page"].carried)
    rose.post(reverse("audience", args=[letter.pk]), kept | {"do": "ask"})
    path = reverse("approval_preview", args=[letter.pk])

    question = said_by(tom.get(question_of(letter)))
    here = said_by(tom.get(path))
    stranger = said_by(tom.get(path, {"who": "stranger"}))

    assert path in question
    assert letter.words in here
    assert "photograph" not in here.split("</form>")[1]
    assert letter.words not in stranger
    letter.refresh_from_db()
    assert letter.words_for == Audience.PEOPLE


def test_what_would_be_is_read_before_a_draft_is_published(rose, tom, cast, both):
    ask_to_publish(rose, both)

    page = tom.get(reverse("approval_preview", args=[both.pk]))

    assert page.context["page"].who == str(cast.nan.pk)
    assert both.words in said_by(page)
    assert state_of(both) == Post.State.DRAFT


def test_where_nothing_is_asked_there_is_nothing_to_read(rose, cast, both):
    assert rose.get(reverse("approval_preview", args=[both.pk])).status_code == 404
    assert browser(cast.nan).get(reverse("approval_preview", args=[both.pk])).status_code == 404
