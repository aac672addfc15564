from __future__ import annotations

import pytest
from django.urls import reverse

from beside.people.models import Follow
from beside.photos.models import HiddenPhoto
from beside.posts import coauthors
from beside.posts.authorship import authors_of
from beside.posts.models import CoauthorInvitation, Post
from tests.cast import NOW, make_post, make_sealed_photo
from tests.web.browsing import (
    browser,
    question_of,
    said_by,
)

pytestmark = pytest.mark.usefixtures("own_place")


@pytest.fixture
def rose(cast):
    Follow.objects.create(
        follower=cast.rose,
        followed=cast.tom,
        state=Follow.State.ACCEPTED,
        asked_at=NOW,
        answered_at=NOW,
    )
    return browser(cast.rose)


@pytest.fixture
def draft(cast):
    return make_post(
        cast.rose,
        state=Post.State.DRAFT,
        words_for=[cast.nan],
        photographs_for=[cast.nan],
        photos=[make_sealed_photo(cast.rose)],
    )


def ask_tom(rose, post, cast):
    data = {"do": "ask", "who": str(cast.tom.pk), "message": "You took them."}
    return rose.post(reverse("coauthors", args=[post.pk]), data, follow=True)


def invitation_page():
    return reverse("coauthor_invitation", args=[CoauthorInvitation.objects.get().pk])


@pytest.mark.thorough
def test_an_invitation_is_found_under_news_and_says_nothing_of_the_letter(rose, tom, cast, draft):
    ask_tom(rose, draft, cast)

    news = said_by(tom.get(reverse("notices")))
    page = said_by(tom.get(invitation_page()))

    assert invitation_page() in news
    assert "Rose asks you to write something together" in page
    assert "“You took them.”" in page
    assert draft.title not in news + page
    assert draft.words not in news + page


@pytest.mark.thorough
def test_yes_puts_both_names_over_it_and_leaves_photographs_closed(rose, tom, cast, draft):
    ask_tom(rose, draft, cast)

    page = said_by(tom.post(invitation_page(), {"answer": "yes"}, follow=True))

    assert authors_of(draft) == [cast.rose, cast.tom]
    assert "hidden from you" in page
    assert HiddenPhoto.objects.filter(account=cast.tom).count() == 1
    assert "Tom is now an author of" in said_by(rose.get(reverse("notices")))


@pytest.mark.thorough
def test_not_yet_leaves_it_waiting_even_when_news_is_put_away(rose, tom, cast, draft):
    ask_tom(rose, draft, cast)

    tom.post(invitation_page(), {"answer": "later"})
    tom.post(reverse("clear_notices"))

    assert invitation_page() in said_by(tom.get(reverse("notices")))
    assert authors_of(draft) == [cast.rose]


@pytest.mark.thorough
def test_no_is_told_without_a_reason(rose, tom, cast, draft):
    ask_tom(rose, draft, cast)
    path = invitation_page()

    tom.post(path, {"answer": "no"})

    assert tom.get(path).status_code == 404
    assert "would rather not" in said_by(rose.get(reverse("notices")))
    assert "aren’t asked again" in said_by(ask_tom(rose, draft, cast))


@pytest.mark.thorough
def test_a_question_that_was_taken_back_is_not_there(rose, tom, cast, draft):
    ask_tom(rose, draft, cast)
    path = invitation_page()

    rose.post(reverse("coauthors", args=[draft.pk]), {"do": "withdraw"})

    assert tom.get(path).status_code == 404
    assert path not in said_by(tom.get(reverse("notices")))


def test_nobody_can_be_asked_whom_one_may_not_name(rose, cast, draft):
    data = {"do": "ask", "who": str(cast.ada.pk)}

    page = said_by(rose.post(reverse("coauthors", args=[draft.pk]), data))

    assert "Choose somebody you know here." in page
    assert not CoauthorInvitation.objects.exists()


@pytest.mark.thorough
def test_stepping_out_is_one_press_and_told(rose, tom, cast, draft):
    ask_tom(rose, draft, cast)
    tom.post(invitation_page(), {"answer": "yes"})

    tom.post(reverse("coauthors", args=[draft.pk]), {"do": "step out"})

    assert authors_of(draft) == [cast.rose]
    assert tom.get(reverse("letter", args=[draft.pk])).status_code == 404
    assert "has left" in said_by(rose.get(reverse("notices")))


def test_the_last_one_is_told_why_they_stay(rose, draft):
    path = reverse("coauthors", args=[draft.pk])

    page = said_by(rose.post(path, {"do": "step out"}, follow=True))

    assert "its only author" in page


def test_both_names_stand_over_it_for_readers(cast, letter):
    page = said_by(browser(cast.nan).get(reverse("letter", args=[letter.pk])))

    assert "Rose" in page
    assert "from Rose and Tom" in page


def test_a_photograph_put_into_a_shown_letter_stays_in_the_drawer(tom, cast, letter):
    page = said_by(tom.get(reverse("edit_letter", args=[letter.pk])))

    assert "To add some, you’ll need Rose to agree." in page
    assert 'type="file"' not in page


@pytest.mark.thorough
def test_an_invitation_is_nobody_elses(cast, rose, draft):
    ask_tom(rose, draft, cast)

    for who in ("rose", "nan", "ada"):
        client = browser(cast[who])
        assert client.get(invitation_page()).status_code == 404
        assert client.post(invitation_page(), {"answer": "yes"}).status_code == 404
    assert coauthors.open_invitation(draft) is not None


def ask_nan(rose, post, cast):
    Follow.objects.create(follower=cast.rose, followed=cast.nan, asked_at=NOW)
    data = {"do": "ask", "who": str(cast.nan.pk), "message": "She drove us there."}
    return rose.post(reverse("coauthors", args=[post.pk]), data, follow=True)


@pytest.mark.thorough
def test_a_third_is_asked_once_the_second_has_agreed(rose, tom, cast, both):
    waits = said_by(ask_nan(rose, both, cast))
    nan = browser(cast.nan)
    before = nan.get(invitation_page()).status_code, said_by(nan.get(reverse("notices")))
    page = said_by(tom.get(question_of(both), follow=True))
    asked = CoauthorInvitation.objects.get()
    beside = reverse("coauthors", args=[both.pk])

    tom.post(beside, {"do": "agree", "asked": str(asked.pk)})
    invitation = said_by(nan.get(invitation_page()))
    nan.post(invitation_page(), {"answer": "yes"})

    assert "This waits for Tom." in waits
    assert before[0] == 404
    assert "asks you" not in before[1]
    assert "Rose would like to ask Nan to write this with you." in page
    assert "“She drove us there.”" in page
    assert "You’d write it with Rose and Tom." in invitation
    assert both.words not in invitation
    assert authors_of(both) == [cast.rose, cast.tom, cast.nan]


@pytest.mark.thorough
def test_staying_as_we_are_ends_it_and_a_late_yes_is_to_nothing(rose, tom, cast, both):
    ask_nan(rose, both, cast)
    asked = CoauthorInvitation.objects.get()
    beside = reverse("coauthors", args=[both.pk])

    tom.post(beside, {"do": "stay", "asked": str(asked.pk)})
    late = said_by(tom.post(beside, {"do": "agree", "asked": str(asked.pk)}, follow=True))

    assert "isn’t being asked any more" in late
    assert "stays as it is" in said_by(rose.get(reverse("notices")))
    assert browser(cast.nan).get(reverse("coauthor_invitation", args=[asked.pk])).status_code == 404
