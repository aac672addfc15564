from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import beside.web
from beside.access import content_preferences
from beside.access.models import ContentPreference
from beside.notices import notices
from beside.notices.models import Notice
from beside.posts import facets
from beside.posts.models import Facet, Post
from beside.web.pages import content_preferences as content_preferences_page
from tests.cast import NOW, make_post, make_sealed_photo
from tests.web.place import ADDRESS

pytestmark = pytest.mark.usefixtures("own_place")
ASKED = "You wanted to be asked first: it’s about twins, or more."
TITLE = "The fourteenth of March"


def browser(account) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(account)
    return client


def said_by(response) -> str:
    return response.content.decode()


def make_letter(cast) -> Post:
    named = [cast.nan]
    photo = make_sealed_photo(cast.rose, names=("w480", "jpeg"))
    post = make_post(
        cast.rose, words_for=named, photographs_for=named, veiled=False, photos=[photo]
    )
    facets.choose(post, [Facet.TWINS], by=cast.rose)
    return post


def would_rather(account, choice: str) -> None:
    content_preferences.choose(account, {Facet.TWINS: choice})


def pages_of(post: Post) -> list[str]:
    names = ("letter", "before_you_look", "one_at_a_time", "claim")
    return [reverse(name, args=[post.pk]) for name in names]


# A moderator who reads a report, and somebody who has read the letter and whose typed words a question would lose.
READ_WITHOUT_ASKING = {"reports.py", "responses.py"}


@pytest.mark.thorough
def test_no_page_meets_a_letter_around_the_question():
    around = {
        path.name
        for path in Path(beside.web.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "beside.access.policy"
        if "see" in {name.name for name in node.names}
    }

    assert around == READ_WITHOUT_ASKING


def test_what_one_asked_to_be_asked_about_says_and_sends_nothing_until_one_says_so(cast):
    post, nan = make_letter(cast), browser(cast.nan)
    would_rather(cast.nan, ContentPreference.Choice.ASK)

    asked = [said_by(nan.get(path)) for path in (reverse("home"), *pages_of(post))]
    theirs = said_by(nan.get(reverse("profile", args=[cast.rose.pk])))
    shown = said_by(nan.post(reverse("show_anyway", args=[post.pk]), follow=True))

    for page in [*asked, theirs]:
        assert ASKED in page
        assert TITLE not in page
        assert "about four" not in page
        assert not ADDRESS.findall(page.encode())
    assert TITLE in shown
    assert ADDRESS.findall(shown.encode())


def test_stepping_away_ends_it(cast):
    post, nan = make_letter(cast), browser(cast.nan)
    would_rather(cast.nan, ContentPreference.Choice.ASK)
    nan.post(reverse("show_anyway", args=[post.pk]))

    nan.get(reverse("step_away"))

    assert ASKED in said_by(nan.get(reverse("letter", args=[post.pk])))


def test_it_ends_with_the_visit(cast):
    post, nan = make_letter(cast), browser(cast.nan)
    would_rather(cast.nan, ContentPreference.Choice.ASK)
    session = nan.session
    session[content_preferences_page.SHOWN] = {
        str(post.pk): (timezone.now() - timedelta(seconds=1)).isoformat()
    }
    session.save()

    assert ASKED in said_by(nan.get(reverse("letter", args=[post.pk])))


def test_a_page_that_is_open_makes_the_visit_longer(cast):
    post, nan = make_letter(cast), browser(cast.nan)
    would_rather(cast.nan, ContentPreference.Choice.ASK)
    session = nan.session
    soon = (timezone.now() + timedelta(minutes=2)).isoformat()
    session[content_preferences_page.SHOWN] = {str(post.pk): soon}
    session.save()

    nan.get(reverse("letter", args=[post.pk]))

    assert nan.session[content_preferences_page.SHOWN][str(post.pk)] > soon


def test_asking_to_see_what_is_not_theirs_is_the_404(cast):
    post, ada = make_letter(cast), browser(cast.ada)
    would_rather(cast.ada, ContentPreference.Choice.ASK)

    assert ada.post(reverse("show_anyway", args=[post.pk])).status_code == 404
    assert content_preferences_page.SHOWN not in ada.session


def test_the_choices_are_kept_without_a_script(cast):
    nan = browser(cast.nan)

    nan.post(
        reverse("content_preferences"),
        {"twins": "ask", "illness": "not for now", "miscarriage": ""},
    )

    assert content_preferences.choices_of(cast.nan) == {"twins": "ask", "illness": "not for now"}
    page = said_by(nan.get(reverse("content_preferences")))
    assert page.count(" checked") == len(Facet)


def test_a_choice_that_there_is_not_changes_nothing(cast):
    would_rather(cast.nan, ContentPreference.Choice.ASK)

    browser(cast.nan).post(reverse("content_preferences"), {"twins": "everything"})

    assert content_preferences.choices_of(cast.nan) == {"twins": "ask"}


@pytest.mark.thorough
def test_news_has_no_line_of_a_letter_that_is_not_for_now(cast):
    post, nan = make_letter(cast), browser(cast.nan)
    notices.tell(cast.nan.pk, Notice.Kind.SHARED, about=post.pk, at=NOW)
    before = said_by(nan.get(reverse("notices")))

    would_rather(cast.nan, ContentPreference.Choice.NOT_FOR_NOW)

    assert "Something was written for you" in before
    assert "Something was written for you" not in said_by(nan.get(reverse("notices")))


@pytest.mark.thorough
def test_no_dot_stands_for_a_letter_that_is_not_for_now(cast):
    post = make_letter(cast)
    notices.tell(cast.nan.pk, Notice.Kind.SHARED, about=post.pk, at=NOW)
    notices.tell(cast.rose.pk, Notice.Kind.APPROVED, about=post.pk, at=NOW)
    rose, nan = browser(cast.rose), browser(cast.nan)

    def has_dot(client) -> bool:
        return "data-new" in said_by(client.get(reverse("you")))

    before = has_dot(nan)
    for account in (cast.rose, cast.nan):
        would_rather(account, ContentPreference.Choice.NOT_FOR_NOW)

    assert before
    assert not has_dot(nan)
    assert has_dot(rose)

    content_preferences.choose(cast.nan, {})

    assert has_dot(nan)


def test_not_today_is_one_press_and_so_is_undoing_it(cast):
    post, nan = make_letter(cast), browser(cast.nan)
    notices.tell(cast.nan.pk, Notice.Kind.SHARED, about=post.pk, at=NOW)

    still = nan.post(reverse("not_today"), follow=True)
    by_address = said_by(nan.get(reverse("letter", args=[post.pk])))
    again = nan.post(reverse("not_today"), {"do": "end"}, follow=True)

    assert "It will all still be here tomorrow." in said_by(still)
    assert not still.context["news"]
    assert "You’ve said: nothing today." in by_address
    assert TITLE not in by_address
    assert TITLE in said_by(again)
    assert again.context["news"]


def test_an_author_says_by_what_a_letter_is_found_where_it_is_written(cast):
    post = make_post(cast.rose, state=Post.State.DRAFT)
    rose = browser(cast.rose)
    page = rose.get(reverse("edit_letter", args=[post.pk])).context["page"].letter
    typed = {name: page[name].value() for name in ("page", "version", "over")}
    kept = {"title": "T", "words": "W", **typed, "found_by_asked": "yes"}

    rose.post(reverse("autosave", args=[post.pk]), kept | {"found_by": ["twins", "illness"]})

    assert facets.of(post) == [Facet.TWINS, Facet.ILLNESS]
    edit = said_by(rose.get(reverse("edit_letter", args=[post.pk])))
    assert edit.count('name="found_by"') == len(Facet)


def test_a_page_that_did_not_ask_changes_none(cast):
    post = make_post(cast.rose, state=Post.State.DRAFT)
    facets.choose(post, [Facet.TWINS], by=cast.rose)
    rose = browser(cast.rose)
    page = rose.get(reverse("edit_letter", args=[post.pk])).context["page"].letter
    typed = {name: page[name].value() for name in ("page", "version", "over")}

    rose.post(reverse("autosave", args=[post.pk]), {"title": "T", "words": "W", **typed})

    assert facets.of(post) == [Facet.TWINS]


def test_readers_read_nowhere_what_it_is_found_by(cast):
    post = make_letter(cast)

    for who in (cast.nan, cast.rose):
        page = said_by(browser(who).get(reverse("letter", args=[post.pk])))
        assert "twins" not in page.lower()


def test_what_is_shown_for_a_visit_is_in_that_visit_alone(cast):
    post = make_letter(cast)
    would_rather(cast.nan, ContentPreference.Choice.ASK)
    one, other = browser(cast.nan), browser(cast.nan)

    one.post(reverse("show_anyway", args=[post.pk]))

    assert ASKED in said_by(other.get(reverse("letter", args=[post.pk])))
