from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from beside.notices.models import Notice
from beside.people.models import Account, Narrowing, Profile
from beside.responses import desk, policy, queue
from beside.responses.models import Response
from beside.thanks import answers, thank_you_notes
from beside.thanks import policy as notes
from beside.thanks.answers import AnswerText, NoteAnswered
from beside.thanks.models import ThankYouNote
from beside.thanks.thank_you_notes import NoteNotOpen
from tests.cast import NOW
from tests.responses.builders import reads_first
from tests.thanks.builders import send

SOON = NOW + timedelta(hours=1)
BACK = AnswerText("  Ingrid\u202e, ward 6 ", " You’d kept the card.  ")


def answer(
    code: str, text: AnswerText = BACK, *, key: uuid.UUID | None = None, at=SOON
) -> uuid.UUID:
    key = key or uuid.uuid4()
    answers.answer(thank_you_notes.digest_of(code), key, text, at=at)
    return key


def test_it_is_a_private_letter_to_the_notes_author_from_nobody_with_an_account(cast):
    note, code = send(cast.rose)

    key = answer(code)

    one = Response.objects.get()
    assert (one.pk, one.recipient, one.post, one.writer) == (key, cast.rose, None, None)
    assert (one.signed, one.words) == ("Ingrid, ward 6", "You’d kept the card.")
    assert one.state == Response.State.WAITING
    assert one.thank_you_note == note


def test_with_it_the_note_ends_and_a_restore_ends_it_again(cast):
    note, code = send(cast.rose)

    answer(code)

    assert not notes.openable(SOON).exists()
    logged = Narrowing.objects.filter(kind=Narrowing.Kind.NOTE_ENDED)
    assert logged.get().subject == {"note": str(note.pk)}


def test_there_is_one_answer_and_pressing_twice_sends_it_once(cast):
    _note, code = send(cast.rose)
    key = answer(code)

    answer(code, key=key)
    with pytest.raises(NoteAnswered):
        answer(code)

    assert Response.objects.count() == 1


def test_whoever_reads_first_for_its_author_reads_it_first(cast):
    reads_first(cast.rose, cast.ines)
    note, code = send(cast.rose)
    key = answer(code)
    assert answers.passed_on_to(cast.rose, note, at=SOON) is None

    taken = queue.take_next(cast.ines, at=SOON)
    desk.pass_on(taken.pk, by=cast.ines, at=SOON)

    found = answers.passed_on_to(cast.rose, note, at=SOON)
    assert (taken.pk, found.pk) == (key, key)
    assert not policy.waiting_for(cast.rose).exists()


def test_what_is_declined_never_reaches_its_author(cast):
    reads_first(cast.rose, cast.ines)
    note, code = send(cast.rose)
    answer(code)

    desk.decline(queue.take_next(cast.ines, at=SOON).pk, by=cast.ines, at=SOON)

    assert answers.passed_on_to(cast.rose, note, at=SOON) is None
    assert Response.objects.get().words == ""


def test_on_quiet_days_its_author_is_told_of_none(cast):
    note, code = send(cast.rose)
    answer(code)
    desk.pass_on(queue.take_next(cast.rose, at=SOON).pk, by=cast.rose, at=SOON)

    Profile.objects.filter(account=cast.rose).update(paused_until=SOON + timedelta(days=1))

    assert answers.passed_on_to(cast.rose, note, at=SOON) is None


def test_it_is_nobody_elses(cast):
    note, code = send(cast.rose)
    answer(code)
    desk.pass_on(queue.take_next(cast.rose, at=SOON).pk, by=cast.rose, at=SOON)

    assert answers.passed_on_to(cast.tom, note, at=SOON) is None


@pytest.mark.parametrize("how", ["end", "delete", "renew", "over", "suspended", "closed"])
def test_what_has_ended_takes_no_answer(cast, how):
    note, code = send(cast.rose)
    if how in ("end", "delete", "renew"):
        getattr(thank_you_notes, how)(note.pk, by=cast.rose, at=NOW)
    elif how == "over":
        ThankYouNote.objects.update(ends_at=SOON)
    else:
        now = {"suspended_at": NOW} if how == "suspended" else {"is_active": False}
        Account.objects.filter(pk=cast.rose.pk).update(**now)

    with pytest.raises(NoteNotOpen):
        answer(code)

    assert not Response.objects.exists()


def test_an_id_that_something_else_has_is_not_taken_from_it(cast):
    _first, code = send(cast.rose)
    key = answer(code)
    second, other = send(cast.nan)

    answer(other, key=key)

    second.refresh_from_db()
    assert second.answer_id not in (None, key)
    assert Response.objects.get(pk=key).recipient == cast.rose


def test_its_author_is_told_only_once_it_is_passed_on(cast):
    reads_first(cast.rose, cast.ines)
    _note, code = send(cast.rose)

    answer(code)

    assert not Notice.objects.filter(recipient=cast.rose).exists()
    assert Notice.objects.get(recipient=cast.ines).kind == Notice.Kind.RESPONSES_WAIT


def test_an_answer_stays_when_its_note_is_deleted(cast):
    note, code = send(cast.rose)
    key = answer(code)

    thank_you_notes.delete(note.pk, by=cast.rose, at=SOON)

    assert Response.objects.filter(pk=key).exists()
