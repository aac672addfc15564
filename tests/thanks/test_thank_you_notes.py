from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest

from beside.archive import account_closures
from beside.archive import replaying as closures
from beside.cli.verification.whole import prove_tables
from beside.notices.models import Notice
from beside.people.models import Account, Narrowing
from beside.responses import private_letter_choices
from beside.responses.choices import WhoReadsFirst
from beside.responses.models import ReadFirst, WrittenBy
from beside.thanks import policy, replaying, thank_you_notes
from beside.thanks.models import ThankYouNote, Way
from beside.thanks.thank_you_notes import (
    GOOD_FOR,
    NobodyHandsOver,
    NoteEnded,
    NoteIsSent,
    NoteText,
    NotYourNote,
    Sending,
)
from tests.cast import NOW
from tests.responses.builders import reads_first
from tests.thanks.builders import TEXT, draft, send

MINE = Sending(Way.LINK, ReadFirst.NOBODY)
SOON = NOW + timedelta(hours=1)


def opens(code: str, *, at=NOW) -> bool:
    found = policy.openable(at).filter(code_digest=thank_you_notes.digest_of(code))
    return found.exists()


def logged() -> list[tuple[str, dict]]:
    kinds = (Narrowing.Kind.NOTE_ENDED, Narrowing.Kind.NOTE_DELETED)
    rows = Narrowing.objects.filter(kind__in=kinds).order_by("pk")
    return list(rows.values_list("kind", "subject"))


def test_a_draft_is_kept_and_changed_until_it_is_sent(cast):
    note = draft(cast.rose)
    other = TEXT._replace(words="  Other words.  ", name="In\u202egrid")

    thank_you_notes.keep(note.pk, other, by=cast.rose, at=SOON)

    note.refresh_from_db()
    assert (note.words, note.name, note.way) == ("Other words.", "Ingrid", "")
    assert not policy.openable(NOW).exists()


def test_what_was_sent_stays_as_it_is(cast):
    note, _code = send(cast.rose)

    with pytest.raises(NoteIsSent):
        thank_you_notes.keep(note.pk, NoteText("Eve", "No", ""), by=cast.rose, at=SOON)
    with pytest.raises(NoteIsSent):
        thank_you_notes.send(note.pk, TEXT, Sending(Way.TEAM), by=cast.rose, at=SOON)

    assert ThankYouNote.objects.get().words == TEXT.words


def test_nobody_else_reaches_a_note(cast):
    note, code = send(cast.rose)

    for act in (
        lambda: thank_you_notes.own(note.pk, by=cast.tom),
        lambda: thank_you_notes.keep(note.pk, TEXT, by=cast.tom, at=NOW),
        lambda: thank_you_notes.send(note.pk, TEXT, MINE, by=cast.tom, at=NOW),
        lambda: thank_you_notes.renew(note.pk, by=cast.tom, at=NOW),
        lambda: thank_you_notes.end(note.pk, by=cast.tom, at=NOW),
        lambda: thank_you_notes.delete(note.pk, by=cast.tom, at=NOW),
        lambda: thank_you_notes.end(uuid.uuid4(), by=cast.tom, at=NOW),
    ):
        with pytest.raises(NotYourNote):
            act()

    assert opens(code)
    assert list(thank_you_notes.of(cast.tom)) == []


@pytest.mark.parametrize("way", [Way.LINK, Way.PRINT])
def test_a_code_is_short_returned_once_and_right_however_it_is_typed(cast, way):
    note, code = send(cast.rose, way)

    assert re.fullmatch(r"[0-9a-hjkmnp-tv-z]{5}-[0-9a-hjkmnp-tv-z]{5}", code)
    assert code.encode() not in bytes(note.code_digest)
    for typed in (code.upper(), code.replace("-", ""), code.replace("0", "o").replace("1", "l")):
        assert opens(typed)
    assert not opens(code[:-1])


def test_it_ends_by_itself_half_a_year_later(cast):
    Account.objects.filter(pk=cast.rose.pk).update(time_zone="UTC")
    cast.rose.refresh_from_db()
    _note, code = send(cast.rose)

    assert opens(code, at=NOW + GOOD_FOR - timedelta(seconds=1))
    assert not opens(code, at=NOW + GOOD_FOR)


def test_it_ends_at_once_and_for_good(cast):
    note, code = send(cast.rose)

    thank_you_notes.end(note.pk, by=cast.rose, at=SOON)
    thank_you_notes.end(note.pk, by=cast.rose, at=SOON + timedelta(hours=1))

    assert not opens(code, at=SOON)
    assert ThankYouNote.objects.get().ended_at == SOON
    assert logged() == [(Narrowing.Kind.NOTE_ENDED, {"note": str(note.pk)})]
    with pytest.raises(NoteEnded):
        thank_you_notes.renew(note.pk, by=cast.rose, at=SOON)


def test_another_code_takes_the_place_of_the_first(cast):
    note, first = send(cast.rose, Way.PRINT)

    second = thank_you_notes.renew(note.pk, by=cast.rose, at=SOON)

    assert not opens(first, at=SOON)
    assert opens(second, at=SOON)
    assert logged() == [(Narrowing.Kind.NOTE_ENDED, {"note": str(note.pk)})]


def test_one_whose_time_is_over_gets_no_other_code(cast):
    note, _code = send(cast.rose)

    with pytest.raises(NoteEnded):
        thank_you_notes.renew(note.pk, by=cast.rose, at=NOW + 2 * GOOD_FOR)


def test_the_teams_note_gets_no_code_from_its_author(cast):
    note, code = send(cast.rose, Way.TEAM)

    with pytest.raises(NotYourNote):
        thank_you_notes.renew(note.pk, by=cast.rose, at=SOON)

    assert code == ""
    assert ThankYouNote.objects.get().code_digest is None


def test_the_team_is_told_until_there_is_nothing_to_hand_over(cast):
    note, _code = send(cast.rose, Way.TEAM)
    told = Notice.objects.filter(kind=Notice.Kind.NOTE_TO_HAND_OVER, about=note.pk)
    before = list(told.values_list("recipient", flat=True))

    thank_you_notes.end(note.pk, by=cast.rose, at=SOON)

    assert before == [cast.marit.pk]
    assert not told.exists()


def test_without_a_team_nothing_is_given_to_it(cast):
    Account.objects.filter(pk=cast.marit.pk).update(is_host=False)

    with pytest.raises(NobodyHandsOver):
        send(cast.rose, Way.TEAM)

    assert not ThankYouNote.objects.exists()


@pytest.mark.parametrize("now", [{"suspended_at": NOW}, {"is_active": False}])
def test_somebody_suspended_or_gone_sends_none_and_theirs_open_for_nobody(cast, now):
    _note, code = send(cast.rose)
    Account.objects.filter(pk=cast.rose.pk).update(**now)

    with pytest.raises(NotYourNote):
        send(cast.rose)

    assert not opens(code)


def test_deleting_takes_the_words_and_the_code_with_it(cast):
    note, code = send(cast.rose)

    thank_you_notes.delete(note.pk, by=cast.rose, at=SOON)

    assert not ThankYouNote.objects.exists()
    assert not opens(code)
    assert logged() == [(Narrowing.Kind.NOTE_DELETED, {"note": str(note.pk)})]


def test_a_restore_ends_and_deletes_again(cast):
    ended, code = send(cast.rose)
    deleted, _code = send(cast.rose)
    left, third = send(cast.tom)

    for _twice in range(2):
        replaying.replay("thank-you note ended", {"note": str(ended.pk)}, at=SOON)
        replaying.replay("thank-you note deleted", {"note": str(deleted.pk)}, at=SOON)
        replaying.replay("thank-you note ended", {"note": str(uuid.uuid4())}, at=SOON)
        replaying.replay("blocked", {"note": str(left.pk)}, at=SOON)

    assert not opens(code)
    assert opens(third)
    assert set(ThankYouNote.objects.values_list("pk", flat=True)) == {ended.pk, left.pk}


def test_closing_an_account_ends_its_notes_for_good(cast, data):
    _note, code = send(cast.rose)
    draft(cast.rose)
    account_closures.close(cast.rose, at=NOW)
    Account.objects.filter(pk=cast.rose.pk).update(is_active=True)

    assert not opens(code)

    Account.objects.filter(pk=cast.rose.pk).update(is_active=False)
    account_closures.destroy(cast.rose, at=NOW)

    assert not ThankYouNote.objects.exists()
    assert list(prove_tables()) == []


def test_an_older_dump_does_not_bring_a_closed_accounts_notes_back(cast, data):
    _note, code = send(cast.rose)
    closed = {
        "account": str(cast.rose.pk),
        "secret_digest": (b"x" * 32).hex(),
        "due_at": (NOW + timedelta(days=30)).isoformat(),
    }

    closures.replay(Narrowing.Kind.ACCOUNT_CLOSED, closed, at=NOW)
    Account.objects.filter(pk=cast.rose.pk).update(is_active=True)
    assert not opens(code)
    Account.objects.filter(pk=cast.rose.pk).update(is_active=False)
    closures.replay(Narrowing.Kind.ACCOUNT_DESTROYED, {"account": str(cast.rose.pk)}, at=NOW)

    assert not ThankYouNote.objects.exists()


def test_nothing_is_sent_before_it_is_said_who_reads_an_answer_first(cast):
    note = draft(cast.rose)

    with pytest.raises(WhoReadsFirst):
        thank_you_notes.send(note.pk, TEXT, Sending(Way.LINK), by=cast.rose, at=NOW)
    thank_you_notes.send(note.pk, TEXT, MINE, by=cast.rose, at=NOW)

    chosen = private_letter_choices.of(cast.rose)
    assert (chosen.written_by, chosen.read_first) == (WrittenBy.NOBODY, ReadFirst.NOBODY)


def test_who_has_a_screener_or_has_chosen_is_not_asked(cast):
    reads_first(cast.rose, cast.ines)
    private_letter_choices.choose(cast.nan, WrittenBy.NOBODY, ReadFirst.AUTHORS, at=NOW)

    assert not thank_you_notes.asks_who_reads_first(cast.rose)
    assert not thank_you_notes.asks_who_reads_first(cast.nan)
    assert thank_you_notes.asks_who_reads_first(cast.tom)
    send(cast.nan)
    assert private_letter_choices.of(cast.nan).read_first == ReadFirst.AUTHORS
