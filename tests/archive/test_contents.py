from __future__ import annotations

import uuid

import pytest

from beside.archive import exports
from beside.archive.contents import contents_of
from beside.archive.families import NO_FAMILY
from beside.family import reminders, timeline_entries
from beside.family.date_words import read
from beside.family.reminder_words import Days
from beside.family.reminders import Asked
from beside.family.timeline_entries import EntryText
from beside.finding import directory_entries
from beside.finding.directory_entries import Said
from beside.people import blocks, delegations, mutes, quiet_days
from beside.people.delegations import HandsOver
from beside.people.directory_entry_models import WhatHappened
from beside.people.models import Account
from beside.people.quiet_days import HowLong
from beside.photos.models import HiddenPhoto, Hold
from beside.posts.models import Audience, Post
from beside.responses import desk
from tests.archive.stewards import LATER, for_after
from tests.cast import NOW, make_photo, make_post
from tests.responses.builders import (
    in_hand,
    passed_on,
    reads_first,
    respond,
    take_letters,
    take_responses,
    write,
)
from tests.thanks.builders import TEXT, draft, send


def own(account):
    return contents_of(exports.request(account, with_originals=True, at=NOW), at=NOW)


def handed_over(author, delegate, hands_over):
    one = for_after(author, delegate, hands_over)
    return contents_of(exports.hand_over(one.pk, by=delegate, at=LATER), at=LATER)


def letters(contents) -> set[Post]:
    return {letter.post for letter in contents.letters}


@pytest.fixture
def held(cast, data):
    """A photograph whose original this account holds."""

    def make(account, **fields):
        photo = make_photo(account, **fields)
        Hold.objects.get_or_create(
            photo=photo, account=account, kind=Hold.Kind.ORIGINAL, defaults={"wrapped": b"w" * 60}
        )
        return photo

    return make


def test_ones_own_holds_every_letter_of_ones_own_in_any_state_and_nothing_of_others(cast):
    mine = {
        make_post(cast.rose, cast.tom),
        make_post(cast.rose, state=Post.State.DRAFT),
        make_post(cast.rose, state=Post.State.CLOSED),
        make_post(cast.rose, state=Post.State.TAKEN_BACK),
    }
    make_post(cast.tom, words_for=Audience.ANYONE, photographs_for=Audience.ANYONE)

    assert letters(own(cast.rose)) == mine


def test_a_photograph_is_in_it_only_for_those_who_hold_it(cast, held):
    lying, loose, toms = held(cast.rose), held(cast.rose), held(cast.tom)
    post = make_post(cast.rose, cast.tom, photos=[lying, toms])
    HiddenPhoto.objects.create(photo=loose, account=cast.rose, since=NOW)

    mine = own(cast.rose)

    assert [kept.photo for kept in mine.letters[0].photographs] == [lying]
    assert [(kept.photo, kept.is_closed) for kept in mine.drawer] == [(loose, True)]
    assert letters(mine) == {post}


def test_of_what_was_shown_neither_drafts_nor_the_drawer_nor_what_is_for_us_alone(cast, held):
    words, whole = held(cast.rose), held(cast.rose)
    held(cast.rose)
    people = {"words_for": [cast.ada]}
    shown = {
        make_post(cast.rose, photos=[words], **people),
        make_post(cast.rose, photos=[whole], photographs_for=[cast.ada], **people),
        make_post(cast.rose, state=Post.State.CLOSED, **people),
    }
    make_post(cast.rose)
    make_post(cast.rose, state=Post.State.DRAFT, **people)
    make_post(cast.rose, state=Post.State.TAKEN_BACK, **people)

    given = handed_over(cast.rose, cast.nan, HandsOver.SHOWN)

    assert letters(given) == shown
    assert [kept.photo for letter in given.letters for kept in letter.photographs] == [whole]
    assert given.drawer == []


def test_of_everything_what_is_written_with_somebody_who_is_here_stays_with_them(cast, held):
    alone = make_post(cast.rose, state=Post.State.DRAFT)
    make_post(cast.rose, cast.tom, words_for=Audience.ANYONE)
    loose = held(cast.rose)

    given = handed_over(cast.rose, cast.nan, HandsOver.EVERYTHING)

    assert letters(given) == {alone}
    assert [kept.photo for kept in given.drawer] == [loose]


def test_where_all_who_wrote_it_have_gone_or_chosen_the_same_person_it_is_handed_over(cast):
    with_tom, with_ada = (make_post(cast.rose, other) for other in (cast.tom, cast.ada))
    Account.objects.filter(pk=cast.tom.pk).update(is_active=False)
    before = letters(handed_over(cast.rose, cast.nan, HandsOver.EVERYTHING))

    for_after(cast.ada, cast.nan, HandsOver.EVERYTHING)

    export = exports.available_to(cast.nan, at=LATER).first()
    assert before == {with_tom}
    assert letters(contents_of(export, at=LATER)) == {with_tom, with_ada}


def test_less_chosen_by_one_of_two_is_less_for_what_both_wrote(cast):
    make_post(cast.rose, cast.ada, words_for=[cast.ines])
    for_after(cast.ada, cast.nan, HandsOver.SHOWN)

    assert letters(handed_over(cast.rose, cast.nan, HandsOver.EVERYTHING)) == set()
    assert delegations.acting(cast.nan, at=LATER).count() == 2


@pytest.mark.thorough
def test_responses_that_were_passed_on_to_their_owner_are_in_it_and_nothing_else(cast):
    post = make_post(cast.rose, words_for=Audience.ANYONE)
    take_responses(post)
    reads_first(cast.rose, cast.ines)
    acts = {
        "declined": desk.decline,
        "sealed": desk.seal,
        "passed on": desk.pass_on,
        "by somebody blocked later": desk.pass_on,
    }
    for words, act in acts.items():
        writer = cast.tom if "blocked" in words else cast.nan
        act(in_hand(post, cast.ines, writer, words).pk, by=cast.ines, at=NOW)
    respond(post, cast.ada, "waiting")
    blocks.block(cast.rose, cast.tom, at=NOW)

    [mine] = own(cast.rose).letters
    [theirs] = handed_over(cast.rose, cast.nan, HandsOver.EVERYTHING).letters

    assert [one.words for one in mine.responses] == ["passed on"]
    assert theirs.responses == []


@pytest.mark.thorough
def test_quiet_days_take_nothing_out_of_an_archive(cast):
    post = make_post(cast.rose, words_for=Audience.ANYONE)
    take_responses(post)
    reads_first(cast.rose, cast.ines)
    desk.pass_on(in_hand(post, cast.ines, cast.nan, "Kind.").pk, by=cast.ines, at=NOW)
    quiet_days.begin(cast.rose, HowLong.WEEK, at=NOW)

    [letter] = own(cast.rose).letters

    assert [one.words for one in letter.responses] == ["Kind."]


@pytest.mark.thorough
def test_private_letters_are_in_the_archives_of_both_and_in_no_other(cast):
    passed_on(cast.rose, cast.nan, "Dear Rose.")
    write(cast.rose, cast.nan, "Dear Nan.")
    take_letters(cast.rose)
    write(cast.ada, cast.rose, "This waits.")

    assert [(one.by, one.words) for one in own(cast.rose).private_letters] == [
        ("Nan", "Dear Rose."),
        ("Rose", "Dear Nan."),
    ]
    # What was read first isn't shown to its writer again, whatever became of it.
    assert [(one.to, one.words) for one in own(cast.nan).private_letters] == [
        ("Rose", ""),
        ("Nan", "Dear Nan."),
    ]
    assert [(one.to, one.words) for one in own(cast.ada).private_letters] == [("Rose", "")]
    assert handed_over(cast.rose, cast.nan, HandsOver.EVERYTHING).private_letters == []


def test_private_letters_between_two_who_are_apart_are_in_no_archive(cast):
    passed_on(cast.rose, cast.nan, "Dear Rose.")
    write(cast.rose, cast.nan, "Dear Nan.")
    blocks.block(cast.nan, cast.rose, at=NOW)

    assert own(cast.rose).private_letters == []
    assert own(cast.nan).private_letters == []


def test_what_somebody_is_found_by_and_whom_they_have_muted_is_in_their_own_archive_alone(cast):
    said = Said("Ask us.", WhatHappened.MISCARRIAGE, languages=("sv", "en"))
    directory_entries.save(cast.rose, said, at=NOW)
    mutes.mute(cast.rose, cast.tom, at=NOW)

    mine, theirs = own(cast.rose), handed_over(cast.rose, cast.nan, HandsOver.EVERYTHING)

    assert mine.directory_entry.words == "Ask us."
    assert mine.directory_entry.languages == ["en", "sv"]
    assert mine.shows_less_of == ["Tom"]
    assert theirs.directory_entry is own(cast.tom).directory_entry is None
    assert theirs.shows_less_of == own(cast.tom).shows_less_of == []


def test_notes_of_thanks_are_in_the_archive_of_who_wrote_them_and_in_no_other(cast):
    send(cast.rose)
    draft(cast.rose, TEXT._replace(name=""))

    notes = own(cast.rose).thank_you_notes

    assert {(one.to, one.sent_at) for one in notes} == {(TEXT.name, NOW), ("", None)}
    assert own(cast.tom).thank_you_notes == []
    assert handed_over(cast.rose, cast.nan, HandsOver.EVERYTHING).thank_you_notes == []


def test_a_family_and_reminders_are_in_the_archive_of_who_keeps_them_and_in_no_other(cast):
    write_entry(cast.rose, "about 2011", "They meet")
    away = write_entry(cast.rose, "2010", "Before")
    timeline_entries.put_away(away.pk, by=cast.rose, at=NOW)
    days = Days(NOW.date(), NOW.date())
    reminders.make(uuid.uuid4(), Asked("in March", days), by=cast.rose, at=NOW)

    family = own(cast.rose).family

    assert [(one.edtf, one.heading, one.is_put_away) for one in family.entries] == [
        ("2010", "Before", True),
        ("2011~", "They meet", False),
    ]
    assert [one.typed for one in family.reminders] == ["in March"]
    assert own(cast.tom).family.entries == own(cast.tom).family.reminders == []
    assert handed_over(cast.rose, cast.nan, HandsOver.EVERYTHING).family == NO_FAMILY


def write_entry(by, when, heading):
    (meaning,) = read(when, language="en", today=NOW.date())
    text = EntryText(when, heading)
    return timeline_entries.keep(uuid.uuid4(), text, meaning, by=by, at=NOW)
