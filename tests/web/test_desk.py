from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from beside.people import blocks
from beside.people.models import Account, Block, Delegation
from beside.posts.models import Audience
from beside.responses import queue, responses
from beside.responses.models import ReadFirst, Response, ResponseChoice, ScreenerSetting, Seal
from tests.cast import NOW, make_post
from tests.responses.builders import reads_first, respond, take_responses
from tests.web.browser import as_, page, post, status

pytestmark = pytest.mark.usefixtures("own_place")
WORDS = "I have said his name aloud.\n\nSee http://elsewhere.example/ and 01632 960118."
GONE = "isn’t with you any more"
NOTHING = "There’s nothing to read. Thank you for doing this."


@pytest.fixture
def letter(cast):
    letter = make_post(cast.rose, cast.tom, words_for=Audience.ANYONE)
    take_responses(letter)
    return letter


@pytest.fixture
def ines(cast, letter):
    """She reads first for Tom."""
    reads_first(cast.tom, cast.ines)
    return as_(cast.ines)


def written(letter, by, words=WORDS, **fields) -> Response:
    return respond(letter, by, words, at=timezone.now(), **fields)


def sheet(client) -> str:
    """What the desk shows of the response in hand."""
    found = re.search(r"<article.*?</article>", page(client, "desk"), re.DOTALL)
    return found[0] if found else ""


def decide(client, response, do, **typed) -> str:
    """What is said after a decision."""
    sent = post(client, "desk", response=str(response.pk), do=do, **typed)
    return client.get(sent.headers["Location"]).content.decode()


def state_of(response) -> str:
    return Response.objects.get(pk=response.pk).state


@pytest.mark.thorough
def test_one_is_shown_at_a_time_in_words_alone(cast, letter, ines):
    written(letter, cast.nan)
    written(letter, cast.ada, "Another one.")

    shown = sheet(ines)

    assert shown.count('<p class="lead" dir="auto">') == 2
    assert "I have said his name aloud." in shown
    assert "Another one." not in page(ines, "desk")
    assert not re.search(r"<(a|img)\b", shown)
    assert "<strong>Nan</strong>" in shown
    assert "new here" in shown
    assert letter.title in shown
    assert sheet(ines) == shown


def test_markup_in_a_response_is_words(cast, letter, ines):
    written(letter, cast.nan, "<b>bold</b> [a](http://elsewhere.example/)")

    assert "&lt;b&gt;bold&lt;/b&gt; [a](http://elsewhere.example/)" in sheet(ines)


def test_the_title_is_only_for_those_who_can_see_the_letter(cast, ines):
    hidden = make_post(cast.tom, words_for=[cast.nan], title="Only for Nan")
    take_responses(hidden)
    written(hidden, cast.nan)

    shown = sheet(ines)

    assert "A response to a letter of Tom" in shown
    assert "Only for Nan" not in page(ines, "desk")


def test_a_pen_name_stands_first_and_whoever_reads_first_knows_the_account(cast, letter, ines):
    Account.objects.update(joined_at=NOW - timedelta(days=9))
    written(letter, cast.nan, pen_name="A mother", only_for_authors=True)

    shown = sheet(ines)

    assert "<strong>A mother</strong>" in shown
    assert "their name here is Nan" in shown
    assert "It’s for them only." in shown
    assert "new here" not in shown


@pytest.mark.thorough
def test_that_others_say_the_same_is_said_without_a_number(cast, letter, ines):
    first = written(letter, cast.nan, "You should be ashamed.")
    again = written(letter, cast.ada, "you should be ashamed")

    shown = sheet(ines)
    decide(ines, first, "decline")

    assert "Others have written the same words" in shown
    assert not re.search(r"\b[23]\b", re.sub(r"<[^>]*>", "", shown.split("Others have written")[1]))
    assert {state_of(first), state_of(again)} == {Response.State.DECLINED}


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("do", "state", "says"),
    [
        ("pass on", Response.State.PASSED_ON, "It’s let through."),
        ("later", Response.State.WAITING, "It comes round again."),
        ("decline", Response.State.DECLINED, "It’s declined"),
        ("seal", Response.State.SEALED, "It’s sealed."),
        ("block", Response.State.SEALED, "they’re blocked"),
    ],
)
def test_a_button_decides(cast, letter, ines, do, state, says):
    response = written(letter, cast.nan)
    assert f'value="{do}"' in page(ines, "desk")

    said = decide(ines, response, do)

    assert says in said
    assert state_of(response) == state
    assert Block.objects.filter(blocker=cast.tom, blocked=cast.nan).exists() == (do == "block")
    assert Seal.objects.exists() == (state == Response.State.SEALED)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("do", "state"),
    [
        ("decline with a word", Response.State.DECLINED),
        ("seal with a word", Response.State.SEALED),
    ],
)
def test_a_word_goes_to_the_writer_from_whoever_reads_first(cast, letter, ines, do, state):
    response = written(letter, cast.nan)
    assert "Thank you for writing. I read things first for Tom" in page(ines, "desk")

    decide(ines, response, do, reply="Thank you. Not now.")

    response.refresh_from_db()
    assert (response.state, response.reply, response.reply_by) == (
        state,
        "Thank you. Not now.",
        cast.ines,
    )


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("do", "field", "long"),
    [
        ("seal with a word", "reply", 2001),
        ("decline with a word", "reply", 2001),
        ("ask", "question", 301),
    ],
)
def test_words_that_cannot_be_sent_stay_on_the_page_and_decide_nothing(
    cast, letter, ines, do, field, long
):
    response = written(letter, cast.nan)
    page(ines, "desk")

    for typed in (" ", "x" * long):
        kept = post(ines, "desk", response=str(response.pk), do=do, **{field: typed})
        assert kept.status_code == 200
        assert 'aria-invalid="true"' in kept.content.decode()
    assert "x" * long in kept.content.decode()
    assert state_of(response) == Response.State.WAITING


@pytest.mark.thorough
def test_words_for_one_never_go_on_to_the_next(cast, letter, ines):
    response = written(letter, cast.nan)
    page(ines, "desk")
    responses.take_back(response.pk, by=cast.nan, at=timezone.now())
    written(letter, cast.ada, "Another one.")

    typed = decide(ines, response, "seal with a word", reply="x" * 2001)

    assert GONE in typed
    assert "Another one." in typed
    assert "x" * 2001 not in typed


@pytest.mark.thorough
def test_the_authors_are_asked_by_a_line_and_see_no_word_of_it(cast, letter, ines):
    response = written(letter, cast.nan)
    assert "not a word of the response, and not who wrote it" in page(ines, "desk")

    said = decide(ines, response, "ask", question="It’s about faith. Do you want it?")

    response.refresh_from_db()
    assert (response.state, response.question) == (
        Response.State.ASKED,
        "It’s about faith. Do you want it?",
    )
    assert "They see only your line." in said
    assert "his name aloud" not in page(as_(cast.tom), "notices")


@pytest.mark.thorough
def test_handing_over_is_offered_only_where_somebody_else_reads(cast, letter, ines):
    response = written(letter, cast.nan)
    alone = page(ines, "desk")
    reads_first(cast.rose, cast.ada)

    assert "Hand it over" not in alone
    assert "Hand it over" in page(ines, "desk")
    assert NOTHING in decide(ines, response, "hand over")
    assert "his name aloud" in sheet(as_(cast.ada))


@pytest.mark.thorough
def test_two_who_read_first_have_different_ones_and_neither_decides_the_others(cast, letter, ines):
    reads_first(cast.rose, cast.ada)
    ada = as_(cast.ada)
    first, second = written(letter, cast.nan), written(letter, cast.marit, "Another one.")

    assert "his name aloud" in sheet(ines)
    assert "Another one." in sheet(ada)

    assert GONE in decide(ada, first, "pass on")
    assert GONE in decide(ines, second, "seal")
    assert {state_of(first), state_of(second)} == {Response.State.WAITING}


@pytest.mark.thorough
def test_one_whose_time_has_run_out_goes_to_somebody_else(cast, letter, ines):
    reads_first(cast.rose, cast.ada)
    response = written(letter, cast.nan)
    page(ines, "desk")
    Response.objects.update(reader_until=timezone.now() - timedelta(seconds=1))

    assert "his name aloud" in sheet(as_(cast.ada))
    said = decide(ines, response, "pass on")

    assert GONE in said
    assert NOTHING in said
    assert state_of(response) == Response.State.WAITING


@pytest.mark.thorough
@pytest.mark.parametrize("do", ["pass on", "later", "decline", "seal", "block", "hand over"])
def test_one_that_was_taken_back_meanwhile_gives_way_to_the_next(cast, letter, ines, do):
    response = written(letter, cast.nan)
    page(ines, "desk")
    written(letter, cast.ada, "Another one.")
    responses.take_back(response.pk, by=cast.nan, at=timezone.now())

    said = decide(ines, response, do)

    assert GONE in said
    assert "Another one." in said
    assert not Seal.objects.exists()
    assert not Block.objects.filter(blocked=cast.nan).exists()


@pytest.mark.thorough
@pytest.mark.parametrize("ended", ["the author ends it", "the author blocks them"])
def test_somebody_whose_delegation_ended_meanwhile_decides_and_reads_nothing(
    cast, letter, ines, ended
):
    response = written(letter, cast.nan)
    page(ines, "desk")
    if ended == "the author ends it":
        Delegation.objects.update(ended_at=timezone.now())
    else:
        blocks.block(cast.tom, cast.ines, at=timezone.now())

    said = decide(ines, response, "pass on")

    assert GONE in said
    assert "You don’t read first for anybody" in said
    assert "his name aloud" not in said
    assert state_of(response) == Response.State.WAITING


@pytest.mark.thorough
def test_the_wrong_person_gets_the_same_answer_as_for_nothing(cast, letter, ines):
    response = written(letter, cast.nan)
    page(ines, "desk")
    nothing = "00000000-0000-4000-8000-000000000000"

    for who in ("rose", "tom", "nan", "ada", "marit"):
        client = as_(cast[who])
        for do in ("pass on", "seal", "later", "hand over"):
            theirs = post(client, "desk", response=str(response.pk), do=do)
            none = post(client, "desk", response=nothing, do=do)
            assert (theirs.status_code, theirs.content, theirs.headers["Location"]) == (
                none.status_code,
                none.content,
                none.headers["Location"],
            )
        assert "his name aloud" not in page(client, "desk")
        assert "Nan" not in sheet(client)
    assert state_of(response) == Response.State.WAITING


@pytest.mark.thorough
def test_an_unknown_act_and_an_unreadable_id_do_nothing(cast, letter, ines):
    response = written(letter, cast.nan)
    page(ines, "desk")

    assert post(ines, "desk", response=str(response.pk), do="show").status_code == 404
    assert GONE in page(ines, "desk") or post(ines, "desk", response="x", do="seal").url == reverse(
        "desk"
    )
    assert state_of(response) == Response.State.WAITING


@pytest.mark.thorough
def test_enough_for_today_shows_nothing_more_until_one_reads_on(cast, letter, ines):
    written(letter, cast.nan)
    page(ines, "desk")

    post(ines, "desk", do="rest")
    resting = page(ines, "desk")
    post(ines, "desk", do="go on")

    assert "That’s enough for today." in resting
    assert "his name aloud" not in resting
    assert "his name aloud" in sheet(ines)


@pytest.mark.thorough
def test_the_helpline_is_in_sight_on_the_desk(cast, letter, ines):
    assert "Look after yourself too." in page(ines, "desk")
    written(letter, cast.nan)
    assert "Look after yourself too." in page(ines, "desk")


@pytest.mark.thorough
def test_an_author_who_reads_first_themselves_has_the_same_desk(cast, letter):
    response = written(letter, cast.nan, only_for_authors=True)
    rose = as_(cast.rose)

    said = page(rose, "desk")
    decide(rose, response, "block")

    assert "You’ll find it again under Letters, and Tom can read it too." in said
    assert "can’t find anything of yours, or write to you" in said
    assert "It’s for you only." in said
    assert 'value="ask"' not in said
    assert Block.objects.filter(blocker=cast.rose, blocked=cast.nan).exists()


@pytest.mark.thorough
def test_somebody_reads_for_several_authors_at_one_desk(cast, letter, ines):
    other = make_post(cast.marit, words_for=Audience.ANYONE, title="Another letter")
    take_responses(other)
    reads_first(cast.marit, cast.ines)
    first, second = written(letter, cast.nan), written(other, cast.ada, "Another one.")

    assert "Reading first, for Rose and Tom" in page(ines, "desk")
    decide(ines, first, "pass on")
    assert "Reading first, for Marit" in page(ines, "desk")
    decide(ines, second, "pass on")
    assert NOTHING in page(ines, "desk")


def test_what_comes_last_is_chosen_and_kept(cast, letter, ines):
    first, second = written(letter, cast.nan, "Another angel."), written(letter, cast.ada, "Emil.")

    post(ines, "desk_sorting", words="another angel", new_people_last="on")
    said = page(ines, "desk_sorting")
    post(ines, "desk_sorting", words="another angel")

    setting = ScreenerSetting.objects.get()
    assert (setting.words, setting.new_people_last) == ("another angel", False)
    assert "sorting only, on this machine; you decide everything" in said
    assert list(queue.free_for(cast.ines, at=timezone.now())) == [second, first]


@pytest.mark.thorough
def test_one_confirmation_ends_reading_first(cast, letter, ines):
    written(letter, cast.nan)
    page(ines, "desk")
    asked = page(ines, "stop_reading")
    assert Delegation.objects.get().ended_at is None

    sent = post(ines, "stop_reading", delegation=str(Delegation.objects.get().pk))

    assert "Stop reading for Tom" in asked
    assert "You don’t read first for anybody" in ines.get(sent.url).content.decode()
    assert Delegation.objects.get().ended_at is not None


def test_somebody_else_ends_nothing_there(cast, letter, ines):
    one = str(Delegation.objects.get().pk)

    assert post(as_(cast.ada), "stop_reading", delegation=one).status_code == 404
    assert post(ines, "stop_reading", delegation="x").status_code == 404
    assert Delegation.objects.get().ended_at is None


@pytest.mark.thorough
def test_reading_for_several_ends_one_by_one_or_at_once(cast, letter, ines):
    for who in (cast.rose, cast.marit):
        reads_first(who, cast.ines)
    assert "Stop for all of them" in page(ines, "stop_reading")

    post(ines, "stop_reading", delegation=str(Delegation.objects.get(author=cast.rose).pk))
    left = Delegation.objects.filter(ended_at=None).count()
    post(ines, "stop_reading", delegation="all")

    assert left == 2
    assert not Delegation.objects.filter(ended_at=None).exists()


def test_an_author_lets_everything_wait(cast, letter):
    written(letter, cast.nan)
    rose = as_(cast.rose)
    assert "Let it wait, unread" in page(rose, "stop_reading")

    post(rose, "stop_reading", do="wait")

    assert "his name aloud" not in page(rose, "desk")
    assert ResponseChoice.objects.get(author=cast.rose).read_first == ReadFirst.NOBODY


def test_the_desk_is_reached_from_you_and_the_delegation_and_the_claims(cast, letter, ines):
    here = f'href="{reverse("desk")}"'

    assert here in page(ines, "you")
    assert here in page(ines, "delegation", Delegation.objects.get().pk)
    assert here in page(ines, "claims_to_read")
    assert here not in page(as_(cast.nan), "you")


@pytest.mark.thorough
def test_nobody_is_told_on_the_desk_how_many_wait(cast, letter, ines):
    one = written(letter, cast.nan)
    alone = page(ines, "desk")
    for who in (cast.ada, cast.marit):
        written(letter, who, "Another one.")

    assert one.pk
    assert _plain(page(ines, "desk")) == _plain(alone)


def _plain(said: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", said)


def test_the_desk_is_kept_by_no_cache(cast, letter, ines):
    answer = ines.get(reverse("desk"))

    assert answer.headers["Cache-Control"] == "private, no-store"
    assert status(as_(cast.nan), "desk") == 200
