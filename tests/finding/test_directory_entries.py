from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from beside.access import content_preferences
from beside.access.feeds import PAGE
from beside.access.policy import NOBODY, NothingToSee, Viewer
from beside.access.profiles import people_known_to
from beside.finding import directory_entries
from beside.finding.directory_entries import ANYBODY, Cursor, Said, Wanted
from beside.finding.replaying import replay
from beside.people import account_closures, blocks, quiet_days, suspensions
from beside.people.directory_entry_models import AboutWhen, WhatHappened
from beside.people.models import DirectoryEntry, DirectoryLanguage, Narrowing
from beside.people.quiet_days import HowLong
from beside.posts.models import Facet
from beside.responses import private_letter_choices
from beside.responses.models import ReadFirst, WrittenBy
from tests.cast import NOW, make_account

RORY = Said(
    words="Rory died at 38 weeks. Ask us about him, we’re in Łódź or Århus.",
    what=WhatHappened.BEFORE_BIRTH,
    when=AboutWhen.FROM_24_WEEKS,
    languages=("sv", "en"),
)


@pytest.fixture
def rose_is_found(cast):
    directory_entries.save(cast.rose, RORY, at=NOW)
    return cast.rose


def found(account=None, wanted=ANYBODY, **more) -> list:
    viewer = Viewer(account.pk) if account else NOBODY
    page = directory_entries.people(viewer, wanted, at=NOW, **more)
    return [one.account_id for one in page.entries]


def test_nobody_is_found_until_they_say_so_and_from_then_on_by_everybody_with_an_account(cast):
    assert found(cast.nan) == []
    assert cast.rose not in people_known_to(cast.nan.pk)

    directory_entries.save(cast.rose, Said(), at=NOW)

    assert found(cast.nan) == found(cast.rose) == [cast.rose.pk]
    assert found() == []
    assert cast.rose in people_known_to(cast.nan.pk)
    assert cast.rose not in people_known_to(None)


def test_who_takes_it_back_is_gone_at_once_with_what_they_said(cast, rose_is_found):
    directory_entries.end(cast.rose, at=NOW)

    assert found(cast.nan) == []
    assert cast.rose not in people_known_to(cast.nan.pk)
    assert not DirectoryEntry.objects.exists()
    assert not DirectoryLanguage.objects.exists()
    row = Narrowing.objects.get(kind=Narrowing.Kind.DIRECTORY_LEFT)
    assert row.subject == {"account": str(cast.rose.pk)}


def test_an_older_backup_does_not_put_them_back(cast, rose_is_found):
    directory_entries.save(cast.ada, Said(), at=NOW)

    replay(Narrowing.Kind.DIRECTORY_LEFT, {"account": str(cast.rose.pk)}, at=NOW)

    assert found(cast.nan) == [cast.ada.pk]


def test_a_block_hides_each_from_the_other(cast, rose_is_found):
    directory_entries.save(cast.nan, Said(), at=NOW)

    blocks.block(cast.nan, cast.rose, at=NOW)

    assert found(cast.nan) == [cast.nan.pk]
    assert found(cast.rose) == [cast.rose.pk]


def test_who_is_suspended_is_not_found_and_finds_nobody_else(cast, rose_is_found):
    suspensions.suspend(cast.rose.pk, because="", at=NOW)
    directory_entries.save(cast.ada, Said(), at=NOW)

    assert found(cast.nan) == [cast.ada.pk]
    assert found(cast.rose) == [cast.rose.pk]


def test_closing_ones_account_deletes_it_for_good(cast, rose_is_found):
    account_closures.close(cast.rose, b"x" * 32, due_at=NOW, at=NOW)

    assert not DirectoryEntry.objects.exists()


@pytest.mark.parametrize(
    ("wanted", "is_found"),
    [
        (Wanted("rory"), True),
        (Wanted("ROSE weeks"), True),
        (Wanted("arhus"), True),
        (Wanted("rory aarhus"), False),
        (Wanted("  "), True),
        (Wanted("x " * 5000), False),
        (Wanted(what=WhatHappened.BEFORE_BIRTH, when=AboutWhen.FROM_24_WEEKS), True),
        (Wanted(what=WhatHappened.BEFORE_BIRTH, when=AboutWhen.AFTER_BIRTH), False),
        (Wanted(what=WhatHappened.MISCARRIAGE), False),
        (Wanted(language="sv"), True),
        (Wanted(language="de"), False),
        (Wanted(to_write_to=True), False),
    ],
)
def test_people_are_found_by_all_that_is_asked_for(cast, rose_is_found, wanted, is_found):
    assert found(cast.nan, wanted) == ([cast.rose.pk] if is_found else [])


def test_who_would_like_to_be_written_to_follows_what_they_chose_and_their_quiet_days(
    cast, rose_is_found
):
    def would_like() -> bool:
        (one,) = directory_entries.people(Viewer(cast.nan.pk), at=NOW).entries
        assert bool(found(cast.nan, Wanted(to_write_to=True))) == one.would_like_letters
        return one.would_like_letters

    assert not would_like()
    for level, takes in ((WrittenBy.IN_MY_CIRCLES, False), (WrittenBy.WHO_KNOW_ME, True)):
        private_letter_choices.choose(cast.rose, level, ReadFirst.AUTHORS, at=NOW)
        assert would_like() is takes

    quiet_days.begin(cast.rose, HowLong.DAY, at=NOW)

    assert not would_like()


def test_changing_the_words_moves_nobody(cast, rose_is_found):
    later = NOW + timedelta(days=3)
    directory_entries.save(cast.ada, Said(), at=NOW + timedelta(days=2))

    directory_entries.save(cast.rose, Said("Now only this."), at=later)

    assert found(cast.nan) == [cast.rose.pk, cast.ada.pk]
    entry = directory_entries.of(cast.rose)
    assert (entry.words, entry.what, list(entry.languages.all())) == ("Now only this.", "", [])


def test_who_has_taken_it_back_is_not_found_again_by_a_change(cast, rose_is_found):
    directory_entries.change(cast.rose, Said("Shorter."))
    assert directory_entries.of(cast.rose).words == "Shorter."
    directory_entries.end(cast.rose, at=NOW)

    with pytest.raises(directory_entries.NotFound):
        directory_entries.change(cast.rose, RORY)

    assert found(cast.nan) == []


@pytest.mark.parametrize(
    "said",
    [Said("x" * 501), Said(languages=("en", "sv", "de", "fr")), Said(languages=("tlh",))],
    ids=["too long", "too many languages", "no language of ours"],
)
def test_what_an_entry_does_not_hold_is_refused(cast, said):
    with pytest.raises(ValueError, match=r"than|languages"):
        directory_entries.save(cast.rose, said, at=NOW)

    assert directory_entries.of(cast.rose) is None


def test_what_a_reader_would_rather_not_see_is_left_out_or_asked_about(cast, rose_is_found):
    nan = Viewer(cast.nan.pk)
    content_preferences.choose(cast.nan, {Facet.FROM_24_WEEKS: "ask"})

    assert directory_entries.people(nan, at=NOW).asks == {cast.rose.pk}

    content_preferences.choose(cast.nan, {Facet.BEFORE_BIRTH: "not for now"})

    assert found(cast.nan) == []
    content_preferences.choose(cast.rose, {Facet.BEFORE_BIRTH: "not for now"})
    assert found(cast.rose) == [cast.rose.pk]

    content_preferences.not_today(cast.nan, at=NOW)

    assert directory_entries.people(nan, at=NOW).not_today


@pytest.mark.thorough
def test_everybody_is_found_once_over_all_pages_in_the_order_in_which_they_said_so(cast):
    people = [make_account(f"reader-{number}") for number in range(2 * PAGE + 3)]
    for number, one in enumerate(people):
        said = NOW + timedelta(days=number // 3)
        directory_entries.save(one, Said("Hello."), at=said)

    for wanted in (ANYBODY, Wanted("hello")):
        met, cursor = [], None
        while True:
            page = directory_entries.people(Viewer(cast.nan.pk), wanted, at=NOW, after=cursor)
            met += page.entries
            if page.next_cursor is None:
                break
            cursor = Cursor.read(str(page.next_cursor))

        assert {one.account_id for one in met} == {one.pk for one in people}
        assert met == sorted(met, key=lambda one: (one.said_on, one.pk))
        assert len(met) == len(people)


@pytest.mark.parametrize("text", ["elsewhere", "2026-11-30~7", "~", "2026-13-01~" + "0" * 32])
def test_a_place_that_no_page_gave_is_nowhere(text):
    with pytest.raises(NothingToSee):
        Cursor.read(text)


def test_a_page_costs_the_same_queries_for_two_people_as_for_twenty(cast, rose_is_found):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as made:
            assert found(cast.nan)
        return len(made)

    few = queries()
    for number in range(PAGE):
        directory_entries.save(make_account(f"reader-{number}"), RORY, at=NOW)

    assert queries() == few == 3
