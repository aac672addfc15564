from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from beside.moderation.models import Report
from beside.people import moderators
from beside.people.models import Account
from beside.people.sign_in_models import GuessCounter
from beside.posts import share_links
from beside.posts.models import Audience, Post
from beside.posts.share_links import Terms
from beside.responses import desk, inbox, responses
from beside.responses.models import Response
from tests.cast import NOW, make_post
from tests.responses.builders import in_hand, reads_first, respond, take_responses
from tests.web.browser import written
from tests.web.browsing import browser

pytestmark = pytest.mark.usefixtures("data", "nothing_counted_yet")
WORDS = "This is about my child."


@pytest.fixture
def marit(cast):
    return browser(cast.marit)


@pytest.fixture
def nan(cast):
    return browser(cast.nan)


def said(client, name, *args):
    return written(client.get(reverse(name, args=args)))


def send(client, post, **more):
    return client.post(reverse("report_letter", args=[post.pk]), {"words": WORDS, **more})


@pytest.mark.thorough
def test_a_letter_is_reported_from_its_page_and_the_authors_learn_nothing(letter, nan, marit, rose):
    link = reverse("report_letter", args=[letter.pk])
    assert link in said(nan, "letter", letter.pk)
    assert link not in said(rose, "letter", letter.pk)

    answer = send(nan, letter)

    assert answer.status_code == 302
    report = Report.objects.get()
    page = said(marit, "report", report.pk)
    assert WORDS in page
    assert "From Nan" in page
    for name, args in (("notices", ()), ("letter", (letter.pk,)), ("you", ())):
        assert "report" not in said(rose, name, *args).lower()


@pytest.mark.thorough
def test_it_is_read_on_the_hosts_page_and_in_news(letter, nan, marit):
    send(nan, letter)

    assert "A report about a letter by" in said(marit, "host")
    assert "Something is waiting for the moderators" in said(marit, "notices")
    assert WORDS not in said(marit, "host")


def test_one_of_its_photographs_is_reported_by_whoever_may_see_it(letter, nan, visit):
    photo = letter.placed.get().photo_id

    send(nan, letter, photo=photo)

    assert Report.objects.get().photo_id == photo
    assert "first photograph" in said(nan, "report_letter", letter.pk)


def test_whoever_sees_no_words_reports_nothing(letter, visit):
    answer = send(visit("ada"), letter)

    assert answer.status_code == 404
    assert not Report.objects.exists()


def test_without_an_account_it_is_reported_through_a_link(letter, cast):
    link, secret = share_links.make(letter, Terms("Gran"), by=cast.rose, at=NOW)
    share_links.approve(link, by=cast.tom, at=NOW)
    visitor = Client(HTTP_HOST="localhost")
    visitor.post("/for-you/", {"secret": secret})

    assert "Your e-mail address" in said(visitor, "report_letter", letter.pk)
    send(visitor, letter, name="Gran", address="gran@home.example")

    report = Report.objects.get()
    assert (report.reporter, report.name, report.address) == (None, "Gran", "gran@home.example")


def test_a_person_is_reported_from_their_page(letter, nan, cast):
    link = reverse("report_person", args=[cast.rose.pk])
    assert link in said(nan, "profile", cast.rose.pk)

    nan.post(link, {"words": WORDS})

    assert list(Report.objects.get().about.all()) == [cast.rose]


def test_beyond_the_budget_a_sentence_says_so_and_nothing_typed_is_lost(letter, nan):
    for _ in range(5):
        assert send(nan, letter).status_code == 302

    answer = send(nan, letter)

    assert answer.status_code == 429
    page = answer.content.decode()
    assert "What you’ve reported so far has arrived." in page
    assert WORDS in page
    assert Report.objects.count() == 5


def test_a_report_without_words_is_asked_for_them(letter, nan):
    page = nan.post(reverse("report_letter", args=[letter.pk]), {"words": " "}).content.decode()

    assert "A sentence is enough" in page
    assert not Report.objects.exists()


@pytest.mark.thorough
def test_a_moderator_closes_a_letter_and_says_why(letter, nan, marit, rose):
    send(nan, letter)
    here = reverse("report", args=[Report.objects.get().pk])
    missing = marit.post(here, {"do": "close letter", "because": ""}).content.decode()

    marit.post(here, {"do": "close letter", "because": "It names a child."})

    assert "This can’t be left empty." in missing
    assert nan.get(reverse("letter", args=[letter.pk])).status_code == 404
    own = said(rose, "letter", letter.pk)
    assert "have closed it" in own
    assert "It names a child." in said(rose, "letter_suspension", letter.pk)
    assert "have closed" in said(rose, "notices")


def test_a_moderator_closes_a_place(letter, nan, marit, cast, tom):
    send(nan, letter)
    here = reverse("report", args=[Report.objects.get().pk])
    assert "Close Rose’s place" in said(marit, "report", Report.objects.get().pk)

    marit.post(here, {"do": str(cast.rose.pk), "because": "It names a child."})

    assert Account.objects.get(pk=cast.rose.pk).suspended_at is not None
    assert nan.get(reverse("letter", args=[letter.pk])).status_code == 404
    assert "have closed it" in said(tom, "letter", letter.pk)


def test_leaving_it_changes_nothing_and_it_is_decided_once(letter, nan, marit):
    send(nan, letter)
    here = reverse("report", args=[Report.objects.get().pk])
    marit.post(here, {"do": "leave"})

    again = marit.post(here, {"do": "close letter", "because": "Too late."}, follow=True)

    assert "Somebody else has decided about it" in again.content.decode()
    assert Post.objects.get(pk=letter.pk).suspended_at is None
    assert "It was left as it is." in said(marit, "report", Report.objects.get().pk)


def test_nobody_but_a_moderator_finds_any_of_it(letter, nan, rose):
    send(nan, letter)

    for client in (nan, rose):
        for name, args in (
            ("reports", ()),
            ("suspensions", ()),
            ("report", (Report.objects.get().pk,)),
        ):
            assert client.get(reverse(name, args=args)).status_code == 404
            assert client.post(reverse(name, args=args), {"do": "leave"}).status_code == 404


def test_what_is_counted_is_counted_by_person(letter, nan):
    send(nan, letter)

    assert GuessCounter.objects.filter(limit="reports").count() == 2


def test_where_nobody_else_could_read_it_the_page_says_so_and_keeps_it(cast, nan, rose):
    post = make_post(cast.marit, words_for=[cast.nan])
    waits = "the only people who look after this place are those it would be about"

    assert waits in said(nan, "report_letter", post.pk)
    send(nan, post)
    moderators.name(cast.ines, by=cast.marit, at=NOW)
    moderators.accept(cast.ines, at=NOW)

    assert waits not in said(nan, "report_letter", post.pk)
    assert "A report about a letter by" in said(browser(cast.ines), "reports")
    assert "A report about a letter by" not in said(browser(cast.marit), "reports")


@pytest.fixture
def shown(cast):
    """Nan wrote to Rose under a pen name; Ines passed it on, and Rose lets it stand beside the letter."""
    post = make_post(cast.rose, words_for=Audience.ANYONE)
    take_responses(post)
    reads_first(cast.rose, cast.ines)
    response = in_hand(post, cast.ines, cast.nan, "A cruel sentence.", pen_name="A friend")
    desk.pass_on(response.pk, by=cast.ines, at=NOW)
    inbox.show(response.pk, by=cast.rose, at=NOW)
    return response


def report_response(client, response):
    return client.post(reverse("report_response", args=[response.pk]), {"words": WORDS})


@pytest.mark.thorough
def test_a_response_is_reported_from_where_it_is_read_and_its_writer_stays_unnamed(
    shown, cast, rose
):
    ada, link = browser(cast.ada), reverse("report_response", args=[shown.pk])
    assert link in said(ada, "letter", shown.post_id)
    assert link in said(rose, "response", shown.pk)
    assert link not in said(browser(cast.nan), "letter", shown.post_id)
    asked = said(ada, "report_response", shown.pk)
    assert "A friend" in asked
    assert "Nan" not in asked

    by_reader, by_author = report_response(ada, shown), report_response(rose, shown)

    assert by_reader["Location"] == reverse("letter", args=[shown.post_id])
    assert by_author["Location"] == reverse("response", args=[shown.pk])
    assert Report.objects.count() == 2


@pytest.mark.thorough
def test_it_is_reported_from_the_desk_and_stays_in_hand(cast):
    post = make_post(cast.rose, words_for=Audience.ANYONE)
    take_responses(post)
    reads_first(cast.rose, cast.ines)
    response = respond(post, cast.nan, "A cruel sentence.", at=timezone.now())
    ines = browser(cast.ines)
    assert reverse("report_response", args=[response.pk]) in said(ines, "desk")

    answer = report_response(ines, response)

    assert answer["Location"] == reverse("desk")
    assert "A cruel sentence." in said(ines, "desk")
    assert report_response(browser(cast.rose), response).status_code == 404


@pytest.mark.thorough
def test_where_only_its_writer_could_read_the_report_a_pen_name_is_kept(shown, cast):
    waits = "the only people who look after this place are those it would be about"
    Response.objects.update(writer=cast.marit)

    with_pen_name = said(browser(cast.ada), "report_response", shown.pk)
    Response.objects.update(pen_name="")
    without = said(browser(cast.ada), "report_response", shown.pk)

    assert waits not in with_pen_name
    assert waits in without


@pytest.mark.thorough
def test_a_moderator_reads_a_response_only_after_a_reason_which_those_it_concerns_read(
    shown, cast, marit, rose
):
    report_response(browser(cast.ada), shown)
    here = reverse("report", args=[Report.objects.get().pk])
    before = said(marit, "report", Report.objects.get().pk)
    assert "A report about a response by" in before
    assert "A cruel sentence." not in before
    assert "Close the letter" not in before
    assert "Its writer will read this sentence" in before
    assert marit.post(here, {"do": "look", "reason": " "}).status_code == 200

    marit.post(here, {"do": "look", "reason": "It may blame a mother."})

    assert "A cruel sentence." in said(marit, "report", Report.objects.get().pk)
    elsewhere = browser(cast.marit)
    assert "A cruel sentence." not in said(elsewhere, "report", Report.objects.get().pk)
    nan, ada = browser(cast.nan), browser(cast.ada)
    for client in (nan, rose):
        assert "A moderator has looked at" in said(client, "notices")
        page = said(client, "response_looks", shown.pk)
        assert all(word in page for word in ("Marit", "It may blame a mother."))
        assert "Ada" not in page
    looks = reverse("response_looks", args=[shown.pk])
    assert looks in said(nan, "responses")
    assert looks in said(rose, "response", shown.pk)
    assert ada.get(looks).status_code == 404
    assert browser(cast.ines).get(looks).status_code == 404


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("declined", "its words were deleted then"),
        ("sealed", "It’s sealed now"),
        (None, "taken it"),
    ],
)
def test_what_has_no_words_any_more_is_said_kindly(shown, cast, marit, state, says):
    report_response(browser(cast.ada), shown)
    if state is None:
        responses.take_back(shown.pk, by=cast.nan, at=NOW)
    else:
        Response.objects.update(state=state, words="", pen_name="", shown_at=None)

    page = said(marit, "report", Report.objects.get().pk)

    assert says in page
    assert "Look at the words" not in page
    here = reverse("report", args=[Report.objects.get().pk])
    assert marit.post(here, {"do": "look", "reason": "Because."}).status_code == 404
