from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from beside.access.policy import Sight, Viewer, see
from beside.people.models import Follow
from beside.photos.models import HiddenPhoto
from beside.posts import approvals, autosave, coauthors
from beside.posts.authorship import authors_of
from beside.posts.autosave import Page
from beside.posts.models import ApprovalRequest, Audience, CoauthorInvitation, Post
from beside.posts.text import Written
from beside.web.pages import approvals as approvals_page
from tests.cast import NOW, make_photo, make_post, make_sealed_photo

pytestmark = pytest.mark.usefixtures("own_place")


def browser(account) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(account)
    return client


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
def tom(cast):
    return browser(cast.tom)


@pytest.fixture
def draft(cast):
    return make_post(
        cast.rose,
        state=Post.State.DRAFT,
        words_for=[cast.nan],
        photographs_for=[cast.nan],
        photos=[make_sealed_photo(cast.rose)],
    )


@pytest.fixture
def both(cast):
    return make_post(cast.rose, cast.tom, state=Post.State.DRAFT, words_for=[cast.nan])


@pytest.fixture
def letter(cast):
    return make_post(
        cast.rose,
        cast.tom,
        words_for=[cast.nan],
        photographs_for=[cast.nan],
        photos=[make_photo(cast.rose)],
    )


def said_by(response):
    return response.content.decode()


def ask_tom(rose, post, cast):
    data = {"do": "ask", "who": str(cast.tom.pk), "said": "You took them."}
    return rose.post(reverse("coauthors", args=[post.pk]), data, follow=True)


def invitation_page():
    return reverse("coauthor_invitation", args=[CoauthorInvitation.objects.get().pk])


def question_of(post):
    return reverse("approval", args=[post.pk])


def answer(client, post, do):
    asked = ApprovalRequest.objects.get(post=post, ended_at=None)
    return client.post(question_of(post), {"do": do, "asked": str(asked.pk)}, follow=True)


def ask_to_publish(client, post):
    data = {"do": "ask", "said": "It’s all right if it’s no."}
    return client.post(reverse("publish", args=[post.pk]), data, follow=True)


def state_of(post):
    post.refresh_from_db()
    return post.state


def test_an_invitation_is_found_under_news_and_says_nothing_of_the_letter(rose, tom, cast, draft):
    ask_tom(rose, draft, cast)

    news = said_by(tom.get(reverse("notices")))
    page = said_by(tom.get(invitation_page()))

    assert invitation_page() in news
    assert "Rose asks you to write something together" in page
    assert "“You took them.”" in page
    assert draft.title not in news + page
    assert draft.words not in news + page


def test_yes_puts_both_names_over_it_and_leaves_photographs_closed(rose, tom, cast, draft):
    ask_tom(rose, draft, cast)

    page = said_by(tom.post(invitation_page(), {"answer": "yes"}, follow=True))

    assert authors_of(draft) == [cast.rose, cast.tom]
    assert "hidden from you" in page
    assert HiddenPhoto.objects.filter(account=cast.tom).count() == 1
    assert "with Tom now" in said_by(rose.get(reverse("notices")))


def test_not_yet_leaves_it_waiting_even_when_news_is_put_away(rose, tom, cast, draft):
    ask_tom(rose, draft, cast)

    tom.post(invitation_page(), {"answer": "later"})
    tom.post(reverse("clear_notices"))

    assert invitation_page() in said_by(tom.get(reverse("notices")))
    assert authors_of(draft) == [cast.rose]


def test_no_is_told_without_a_reason(rose, tom, cast, draft):
    ask_tom(rose, draft, cast)
    path = invitation_page()

    tom.post(path, {"answer": "no"})

    assert tom.get(path).status_code == 404
    assert "would rather not" in said_by(rose.get(reverse("notices")))
    assert "aren’t asked again" in said_by(ask_tom(rose, draft, cast))


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


def test_publishing_asks_the_other_first(rose, tom, both):
    page = said_by(rose.get(reverse("publish", args=[both.pk])))

    waits = said_by(ask_to_publish(rose, both))

    assert "Ask Tom, then publish" in page
    assert "Publish it" not in page
    assert "This waits for Tom." in waits
    assert state_of(both) == Post.State.DRAFT


def test_the_button_that_isnt_there_publishes_nothing(rose, both):
    page = said_by(rose.post(reverse("publish", args=[both.pk])))

    assert "hasn’t been asked" in page
    assert state_of(both) == Post.State.DRAFT


def test_i_agree_publishes_at_once(rose, tom, cast, both):
    ask_to_publish(rose, both)
    page = said_by(tom.get(question_of(both)))

    answer(tom, both, "agree")

    assert "Rose would like to publish this" in page
    assert "“It’s all right if it’s no.”" in page
    assert state_of(both) == Post.State.PUBLISHED
    assert see(Viewer(cast.nan.pk), both.pk, at=NOW).sight == Sight.WORDS
    assert "All of you have agreed" in said_by(rose.get(reverse("notices")))


def test_keep_it_as_it_is_ends_it(rose, tom, both):
    ask_to_publish(rose, both)

    answer(tom, both, "keep")

    assert state_of(both) == Post.State.DRAFT
    assert "stays as it is" in said_by(rose.get(reverse("notices")))
    assert "This waits for" not in said_by(rose.get(reverse("letter", args=[both.pk])))


def test_another_day_changes_nothing(rose, tom, both):
    ask_to_publish(rose, both)

    answer(tom, both, "later")

    assert state_of(both) == Post.State.DRAFT
    assert question_of(both) in said_by(tom.get(reverse("notices")))


def test_whoever_asked_can_take_it_back(rose, tom, both):
    ask_to_publish(rose, both)
    asked = ApprovalRequest.objects.get()

    rose.post(question_of(both), {"do": "withdraw"})
    late = said_by(
        tom.post(question_of(both), {"do": "agree", "asked": str(asked.pk)}, follow=True)
    )

    assert "isn’t open any more" in late
    assert state_of(both) == Post.State.DRAFT


def test_a_yes_is_never_to_a_later_question(rose, tom, cast, both):
    ask_to_publish(rose, both)
    first = ApprovalRequest.objects.get()
    approvals.take_question_back(both, by=cast.rose, at=NOW)
    ask_to_publish(rose, both)

    tom.post(question_of(both), {"do": "agree", "asked": str(first.pk)})

    assert state_of(both) == Post.State.DRAFT


def test_a_change_meanwhile_is_said_and_has_to_be_asked_anew(rose, tom, cast, both):
    ask_to_publish(rose, both)
    page = Page(both.pk, both.version)
    autosave.keep(both, Written(words="Otherwise."), by=cast.tom, page=page, at=NOW)

    late = said_by(answer(tom, both, "agree"))
    says = said_by(rose.get(reverse("letter", args=[both.pk])))

    assert "isn’t open any more" in late
    assert "It has been changed since you asked." in says
    assert "This waits for Tom." in said_by(ask_to_publish(rose, both))


def widening(client, post):
    data = {"words_for": "here", "photographs_for": "us"}
    return client.post(reverse("audience", args=[post.pk]), data | {"do": "change"})


def test_widening_shows_both_sides_by_name_before_it_asks(rose, cast, letter):
    page = said_by(widening(rose, letter))

    assert "This needs Tom too" in page
    assert "Nan" in page
    assert "Everyone signed in here" in page
    letter.refresh_from_db()
    assert letter.words_for == Audience.PEOPLE
    assert not ApprovalRequest.objects.exists()


def test_what_was_ticked_comes_along_with_the_question(rose, tom, letter):
    kept = dict(widening(rose, letter).context["page"].carried)
    rose.post(reverse("audience", args=[letter.pk]), kept | {"do": "ask"})
    page = said_by(tom.get(question_of(letter)))

    answer(tom, letter, "agree")

    assert "Rose would like more people to see this" in page
    letter.refresh_from_db()
    assert (letter.words_for, letter.photographs_for) == (Audience.ANYONE, Audience.ONLY_US)


def test_to_fewer_it_changes_at_one_press_by_one_alone(tom, letter):
    data = {"words_for": "us", "photographs_for": "us", "do": "change"}

    tom.post(reverse("audience", args=[letter.pk]), data)

    letter.refresh_from_db()
    assert letter.words_for == Audience.ONLY_US


def test_photographs_lie_open_only_when_both_say_so(rose, tom, cast, letter):
    ticked = [f"person:{cast.nan.pk}"]
    data = {
        "words_for": "people",
        "words_people": ticked,
        "photographs_for": "people",
        "photographs_people": ticked,
        "lay_open": "on",
    }
    path = reverse("audience", args=[letter.pk])

    before = said_by(rose.post(path, data | {"do": "change"}))
    rose.post(path, data | {"do": "ask"})
    letter.refresh_from_db()
    veiled_meanwhile = letter.veiled
    answer(tom, letter, "agree")

    assert "This needs Tom too" in before
    assert veiled_meanwhile
    letter.refresh_from_db()
    assert not letter.veiled


def test_opening_again_asks_the_other(rose, tom, letter):
    path = reverse("closing", args=[letter.pk])
    rose.post(path, {"do": "close"})
    page = said_by(rose.get(path))
    alone = said_by(rose.post(path, {"do": "reopen"}))

    rose.post(path, {"do": "ask"})
    asked = state_of(letter)
    answer(tom, letter, "agree")

    assert "Ask Tom, then open it again" in page
    assert "hasn’t been asked" in alone
    assert asked == Post.State.CLOSED
    assert state_of(letter) == Post.State.PUBLISHED


def test_stepping_out_is_one_press_and_told(rose, tom, cast, draft):
    ask_tom(rose, draft, cast)
    tom.post(invitation_page(), {"answer": "yes"})

    tom.post(reverse("coauthors", args=[draft.pk]), {"do": "step out"})

    assert authors_of(draft) == [cast.rose]
    assert tom.get(reverse("letter", args=[draft.pk])).status_code == 404
    assert "stepped out" in said_by(rose.get(reverse("notices")))


def test_the_last_one_is_told_why_they_stay(rose, draft):
    path = reverse("coauthors", args=[draft.pk])

    page = said_by(rose.post(path, {"do": "step out"}, follow=True))

    assert "its only author" in page


def test_a_lapsed_question_is_said_nowhere(cast, both):
    approvals.propose(
        both, approvals_page.audiences.chosen(both), shows=True, said="", by=cast.rose, at=NOW
    )

    late = NOW + approvals.DAYS_TO_ANSWER + timedelta(seconds=1)

    assert approvals_page.question(both, cast.rose, at=late) is None
    assert approvals_page.question(both, cast.tom, at=late) is None


def test_both_names_stand_over_it_for_readers(cast, letter):
    page = said_by(browser(cast.nan).get(reverse("letter", args=[letter.pk])))

    assert "Rose" in page
    assert "from Rose and Tom" in page


def test_a_photograph_put_into_a_shown_letter_stays_in_the_drawer(tom, cast, letter):
    page = said_by(tom.get(reverse("edit_letter", args=[letter.pk])))

    assert "close the letter first, then ask Rose" in page
    assert 'type="file"' not in page


def test_an_invitation_is_nobody_elses(cast, rose, draft):
    ask_tom(rose, draft, cast)

    for who in ("rose", "nan", "ada"):
        client = browser(cast[who])
        assert client.get(invitation_page()).status_code == 404
        assert client.post(invitation_page(), {"answer": "yes"}).status_code == 404
    assert coauthors.open_for(draft) is not None


def ask_nan(rose, post, cast):
    Follow.objects.create(follower=cast.rose, followed=cast.nan, asked_at=NOW)
    data = {"do": "ask", "who": str(cast.nan.pk), "said": "She drove us there."}
    return rose.post(reverse("coauthors", args=[post.pk]), data, follow=True)


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


def test_staying_as_we_are_ends_it_and_a_late_yes_is_to_nothing(rose, tom, cast, both):
    ask_nan(rose, both, cast)
    asked = CoauthorInvitation.objects.get()
    beside = reverse("coauthors", args=[both.pk])

    tom.post(beside, {"do": "stay", "asked": str(asked.pk)})
    late = said_by(tom.post(beside, {"do": "agree", "asked": str(asked.pk)}, follow=True))

    assert "isn’t being asked any more" in late
    assert "stays as it is" in said_by(rose.get(reverse("notices")))
    assert browser(cast.nan).get(reverse("coauthor_invitation", args=[asked.pk])).status_code == 404


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


def test_whoever_asked_finds_that_it_has_lapsed_and_nobody_else_does(rose, tom, both):
    ask_to_publish(rose, both)

    approvals.run_due(ApprovalRequest.objects.get().lapses_at)

    assert "has lapsed. Nothing has changed." in said_by(rose.get(reverse("notices")))
    assert "lapsed" not in said_by(tom.get(reverse("notices")))
