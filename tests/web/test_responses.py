from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from beside.people import blocks, budgets, quiet_days
from beside.people.guesses import Limit
from beside.people.quiet_days import HowLong
from beside.posts.models import Audience, Post
from beside.responses import desk, inbox, policy, queue, responses
from beside.responses.models import Presence, ReadFirst, RespondedBy, Response, ResponsePause
from tests.cast import NOW, make_account, make_post
from tests.responses.builders import in_hand, reads_first, respond, take_responses
from tests.web.browser import as_, page, post, status

pytestmark = pytest.mark.usefixtures("own_place")
WORDS = "I don’t know what to say, so I’m saying that."


@pytest.fixture
def letter(cast) -> Post:
    letter = make_post(
        cast.rose, cast.tom, words_for=Audience.ANYONE, words_signed_in=False, title="His day"
    )
    take_responses(letter)
    return letter


def text_of(page: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", page).split())


def passed_on(letter, reader, by, words=WORDS, **fields) -> Response:
    response = in_hand(letter, reader, by, words, **fields)
    desk.pass_on(response.pk, by=reader, at=NOW)
    return response


def send(client, letter, **data):
    return post(client, "respond", letter.pk, **{"id": uuid.uuid4(), "words": WORDS} | data)


# The box.


def test_the_box_says_by_name_who_reads_it(cast, letter):
    said = text_of(page(as_(cast.nan), "letter", letter.pk))
    assert "Write to Rose and Tom" in said
    assert "It goes straight to Rose and Tom." in said

    reads_first(cast.rose, cast.ines)
    said = text_of(page(as_(cast.nan), "letter", letter.pk))
    assert "At their request, Ines reads everything first." in said
    assert "Give it to Ines" in said
    assert "this goes straight to them" in page(as_(cast.ines), "letter", letter.pk)


def test_the_box_says_so_where_nobody_reads(cast, letter):
    take_responses(letter, read_first=ReadFirst.NOBODY)

    said = page(as_(cast.nan), "letter", letter.pk)

    assert "Nobody reads what comes at the moment. It waits, and nobody is told." in said


def test_whoever_is_apart_from_the_writer_is_neither_named_nor_given_it(cast, letter):
    reads_first(cast.rose, cast.ines)
    blocks.block(cast.ines, cast.nan, at=NOW)

    said = page(as_(cast.nan), "letter", letter.pk)
    send(as_(cast.nan), letter)

    assert "Ines" not in said
    assert "Nobody reads what comes at the moment." in said
    assert not policy.waiting_for(cast.ines).exists()
    assert queue.take_next(cast.ines, at=NOW) is None


def test_what_helps_stands_above_the_box_in_each_authors_words(cast, letter):
    take_responses(letter, helps="Say his name.\n\nNo advice.")

    said = page(as_(cast.nan), "letter", letter.pk)

    assert said.index("No advice.") < said.index("Your words")
    assert "What helps, says Rose" in said
    assert "What helps, says Tom" in said


def test_only_those_who_may_respond_are_told_of_a_box(cast, letter):
    visitor = Client().get(reverse("letter", args=[letter.pk])).content.decode()
    assert "Write to" not in visitor
    assert "I was here" not in visitor
    assert Client().get(reverse("respond", args=[letter.pk])).status_code == 404
    assert "Write to" not in page(as_(cast.rose), "letter", letter.pk)
    assert status(as_(cast.rose), "respond", letter.pk) == 404

    take_responses(letter, RespondedBy.NOBODY)

    assert "Write to" not in page(as_(cast.nan), "letter", letter.pk)
    assert status(as_(cast.nan), "respond", letter.pk) == 404


def test_quiet_days_change_nothing_in_what_the_box_says(cast, letter):
    def box() -> str:
        said = text_of(page(as_(cast.nan), "letter", letter.pk))
        return said[said.index("Write to") :]

    before = box()
    for author in (cast.rose, cast.tom):
        quiet_days.begin(author, HowLong.WEEK, at=NOW)

    assert box() == before


def test_what_was_sent_is_kept_as_it_was_meant(cast, letter):
    answer = send(as_(cast.nan), letter, pen_name="Night nurse", only_for_authors="on")

    assert answer.status_code == 302
    sent = Response.objects.get()
    assert (sent.words, sent.pen_name, sent.writer) == (WORDS, "Night nurse", cast.nan)
    assert sent.only_for_authors


def test_sending_the_same_page_twice_sends_once_and_counts_once(cast, letter, monkeypatch):
    monkeypatch.setattr(budgets, "RESPONSES_TO_LETTER", Limit("x", 1, timedelta(days=1)))
    nan, key = as_(cast.nan), uuid.uuid4()

    for _turn in range(2):
        assert send(nan, letter, id=key).status_code == 302

    assert Response.objects.count() == 1


# Whatever is wrong, the words are still there.


def test_an_error_in_the_form_keeps_what_was_typed(cast, letter):
    answer = send(as_(cast.nan), letter, pen_name="x" * 90)

    assert WORDS in answer.content.decode()
    assert not Response.objects.exists()
    assert (
        "There’s nothing written here yet."
        in send(as_(cast.nan), letter, words=" ").content.decode()
    )


@pytest.mark.thorough
def test_too_many_are_refused_kindly_and_the_words_stay(cast, letter):
    nan = as_(cast.nan)
    for _turn in range(budgets.RESPONSES_TO_LETTER.tries):
        assert send(nan, letter).status_code == 302

    answer = send(nan, letter)

    assert answer.status_code == 429
    said = answer.content.decode()
    assert "is enough for one day. You can write to them again in 24 hours." in said
    assert WORDS in said
    assert Response.objects.count() == budgets.RESPONSES_TO_LETTER.tries


def test_somebody_can_write_to_so_many_letters_a_day(cast, monkeypatch):
    monkeypatch.setattr(budgets, "RESPONSES", Limit(budgets.RESPONSES.name, 2, timedelta(days=1)))
    nan, answers = as_(cast.nan), []
    for _turn in range(3):
        one = make_post(cast.rose, words_for=Audience.ANYONE)
        take_responses(one)
        answers.append(send(nan, one))

    assert [one.status_code for one in answers] == [302, 302, 429]
    assert "a good many people today" in answers[-1].content.decode()


def test_what_was_not_sent_is_not_counted(cast, letter):
    nan = as_(cast.nan)
    take_responses(letter, RespondedBy.NOBODY)
    for _turn in range(budgets.RESPONSES_TO_LETTER.tries + 1):
        send(nan, letter)
    take_responses(letter)

    assert send(nan, letter).status_code == 302


def test_if_they_stopped_taking_responses_meanwhile_the_words_can_be_copied(cast, letter):
    take_responses(letter, RespondedBy.NOBODY)

    answer = send(as_(cast.nan), letter)

    assert answer.status_code == 409
    assert "They aren’t taking responses to this letter at the moment." in answer.content.decode()
    assert WORDS in answer.content.decode()


def test_if_the_letter_has_gone_the_words_can_be_copied_and_nothing_is_told(cast, letter):
    Post.objects.filter(pk=letter.pk).update(state=Post.State.CLOSED)
    nan = as_(cast.nan)

    gone = send(nan, letter)
    never = post(nan, "respond", uuid.uuid4(), id=uuid.uuid4(), words=WORDS)
    signed_out = send(Client(), letter)

    assert gone.status_code == never.status_code == signed_out.status_code == 404
    assert gone.content == never.content
    assert WORDS in gone.content.decode()
    assert WORDS in signed_out.content.decode()
    assert "You aren’t signed in any more." in signed_out.content.decode()
    assert send(Client(), letter, words=" ").status_code == 404


def test_what_was_typed_is_on_the_page_that_says_that_the_disk_is_full(cast, letter, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(responses, "send", full)

    answer = send(as_(cast.nan), letter)

    assert answer.status_code == 507
    assert WORDS in answer.content.decode()


# Beside the letter.


@pytest.mark.thorough
def test_what_stands_beside_a_letter_has_a_name_and_no_number(cast, letter):
    reads_first(cast.rose, cast.ines)
    first = passed_on(letter, cast.ines, cast.nan, "One.\n\nTwo.")
    second = passed_on(letter, cast.ines, cast.ada, "Three.", pen_name="Katrin")
    for one in (first, second):
        inbox.show(one.pk, by=cast.rose, at=NOW)

    said = Client().get(reverse("letter", args=[letter.pk])).content.decode()

    assert '<p class="lead" dir="auto">Two.</p>' in said
    assert "Nan" in said
    assert "Katrin (a pen name)" in text_of(said)
    assert "Ada" not in said
    assert "Take it down" not in said
    # It is named once, for reporting it.
    assert said.count(str(first.pk)) == 1
    assert reverse("report_response", args=[first.pk]) in said


@pytest.mark.thorough
def test_an_author_takes_down_what_stands_beside_the_letter(cast, letter):
    reads_first(cast.rose, cast.ines)
    one = passed_on(letter, cast.ines, cast.nan)
    inbox.show(one.pk, by=cast.rose, at=NOW)
    assert "Take it down" in page(as_(cast.tom), "letter", letter.pk)

    there = reverse("letter", args=[letter.pk])
    answer = post(as_(cast.tom), "response", one.pk, do="hide", next=there)

    assert answer.url == there
    assert WORDS not in page(as_(cast.ada), "letter", letter.pk)


# I was here.


def test_somebody_was_here_and_takes_it_back(cast, letter):
    nan = as_(cast.nan)
    assert "They’re told that somebody was here, not who" in page(nan, "letter", letter.pk)

    post(nan, "presence", letter.pk)
    assert "You’ve let them know that somebody was here." in page(nan, "letter", letter.pk)
    post(nan, "presence", letter.pk, do="leave")

    assert not Presence.objects.exists()
    assert "Without a word." in page(nan, "letter", letter.pk)


def test_where_it_is_not_taken_there_is_no_such_button(cast, letter):
    take_responses(letter, takes_presences=False)
    nan = as_(cast.nan)

    assert "I was here" not in page(nan, "letter", letter.pk)
    assert (
        "They aren’t taking that at the moment."
        in nan.post(reverse("presence", args=[letter.pk]), follow=True).content.decode()
    )


def test_it_can_be_taken_back_where_nobody_can_respond_any_more(cast, letter):
    nan = as_(cast.nan)
    post(nan, "presence", letter.pk)
    take_responses(letter, RespondedBy.NOBODY)

    assert "Take that back" in page(nan, "letter", letter.pk)


def test_so_many_a_day(cast, letter, monkeypatch):
    monkeypatch.setattr(budgets, "PRESENCES", Limit(budgets.PRESENCES.name, 1, timedelta(days=1)))
    nan = as_(cast.nan)
    post(nan, "presence", letter.pk)

    answer = post(nan, "presence", letter.pk)

    assert answer.status_code == 429
    assert "a good many people today" in answer.content.decode()


# What one has written.


@pytest.mark.thorough
def test_every_state_looks_the_same_to_the_writer(cast, letter):
    reads_first(cast.rose, cast.ines)
    states = {
        "waiting": lambda one: None,
        "passed on": lambda one: desk.pass_on(one.pk, by=cast.ines, at=NOW),
        "declined": lambda one: desk.decline(one.pk, by=cast.ines, at=NOW),
        "sealed": lambda one: desk.seal(one.pk, by=cast.ines, at=NOW),
        "asked": lambda one: desk.ask_authors(one.pk, "Do you?", by=cast.ines, at=NOW),
    }
    pages = {}
    for state, act in states.items():
        Response.objects.all().delete()
        one = in_hand(letter, cast.ines, cast.nan)
        act(one)
        said = page(as_(cast.nan), "responses").replace(str(one.pk), "ID")
        pages[state] = re.sub('name="csrfmiddlewaretoken" value="[^"]*"', "", said)

    assert len(set(pages.values())) == 1
    assert WORDS not in pages["waiting"]
    assert "His day" in pages["waiting"]


def test_a_letter_that_cannot_be_seen_any_more_has_no_title_there(cast, letter):
    respond(letter, cast.nan)
    Post.objects.filter(pk=letter.pk).update(state=Post.State.CLOSED)

    said = page(as_(cast.nan), "responses")

    assert "His day" not in said
    assert str(letter.pk) not in said
    assert "Take it back" in said


@pytest.mark.thorough
def test_a_word_from_whoever_reads_first_is_read_there(cast, letter):
    reads_first(cast.rose, cast.ines)
    one = in_hand(letter, cast.ines, cast.nan)
    desk.decline(one.pk, by=cast.ines, at=NOW, reply="They’re not reading advice just now.")

    said = text_of(page(as_(cast.nan), "responses"))

    assert "A word from Ines, who reads first" in said
    assert "They’re not reading advice just now." in said


def test_it_is_taken_back_and_somebody_elses_is_not(cast, letter):
    one = respond(letter, cast.nan)

    others = post(as_(cast.ada), "take_back_response", one.pk)
    assert Response.objects.filter(pk=one.pk).exists()
    mine = post(as_(cast.nan), "take_back_response", one.pk)

    assert (others.status_code, others.url) == (mine.status_code, mine.url)
    assert not Response.objects.exists()


@pytest.mark.thorough
def test_older_ones_are_one_link_away(cast, letter, monkeypatch):
    monkeypatch.setattr("beside.web.pages.responses.MOST_ON_A_PAGE", 2)
    sent = [respond(letter, cast.nan, at=NOW - timedelta(minutes=age)) for age in range(5)]
    nan, found, address = as_(cast.nan), [], reverse("responses")
    while address:
        said = nan.get(address).content.decode()
        found.append(re.findall('id="sent-([^"]*)"', said))
        further = re.search(r'href="(\?before=[^"]*)"', said)
        address = further and reverse("responses") + further[1]

    assert found == [[str(one.pk) for one in sent[i : i + 2]] for i in (0, 2, 4)]


# Nothing counts.


def seen_by(client, name: str, *args) -> tuple[str, list]:
    """All of an answer but what is new in each."""
    answer = client.get(reverse(name, args=args))
    body = re.sub('name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())
    body = re.sub('name="id" value="[^"]*"', "", body)
    return body, sorted((name, said) for name, said in answer.items() if name != "Set-Cookie")


WALK = ("home", "letters", "inbox", "put_away_responses", "responses", "you", "notices")


@pytest.mark.thorough
@pytest.mark.parametrize("who", ["rose", "ines", "ada"])
def test_pages_are_the_same_with_no_response_that_waits_and_with_one_and_with_seven(
    cast, letter, who
):
    reads_first(cast.rose, cast.tom)
    people = [make_account(f"p{n}") for n in range(7)]
    client, walks = as_(cast[who]), []
    for many in (0, 1, 7):
        Response.objects.all().delete()
        for one in people[:many]:
            respond(letter, one)
        walk = [seen_by(client, name) for name in WALK]
        walks.append([*walk, seen_by(client, "letter", letter.pk)])

    assert walks[0] == walks[1] == walks[2]


@pytest.mark.thorough
def test_news_and_pages_are_the_same_with_one_that_was_passed_on_and_with_seven(cast, letter):
    reads_first(cast.rose, cast.ines)
    rose, walks = as_(cast.rose), []
    names = ("home", "letters", "put_away_responses", "you", "notices")
    for _turn in range(7):
        one = passed_on(letter, cast.ines, cast.nan)
        walk = [seen_by(rose, name) for name in names]
        walks.append([*walk, seen_by(rose, "letter", letter.pk)])
        assert str(one.pk) in page(rose, "inbox")

    # The mark beside News is there or isn't, so the first walk ends it and the later ones are compared.
    assert walks[1] == walks[6]


@pytest.mark.thorough
def test_nobody_learns_how_many_were_here(cast, letter):
    rose, walks = as_(cast.rose), []
    for who in (cast.nan, cast.ada, cast.ines):
        post(as_(who), "presence", letter.pk)
        walks.append([seen_by(rose, name) for name in (*WALK, "you")])

    assert "Somebody was here" in walks[0][2][0]
    assert walks[1] == walks[2]


def test_whoever_comes_when_it_has_closed_waits_for_nobody_who_writes(cast, letter):
    ResponsePause.objects.create(post=letter, since=NOW)
    nan = as_(cast.nan)

    with CaptureQueriesContext(connection) as asked:
        answer = send(nan, letter)

    assert answer.status_code == 409
    assert {query["sql"].split()[0] for query in asked} == {"SELECT"}
