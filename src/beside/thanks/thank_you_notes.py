"""Writing a note of thanks, giving it to the team or getting its code, and ending it."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from beside.notices import notices
from beside.notices.models import Notice
from beside.people import blocks, names, narrowings, time_zones
from beside.people.models import Account, Narrowing
from beside.people.printed_codes import PrintedCode
from beside.photos import disk_full
from beside.responses import policy as reading
from beside.responses import private_letter_choices
from beside.responses.choices import WhoReadsFirst
from beside.responses.models import PrivateLetterChoice, ReadFirst, WrittenBy
from beside.thanks import policy
from beside.thanks.models import ThankYouNote, Way

# Half a year: a card may lie in a locker on the ward for a while.
GOOD_FOR = timedelta(days=182)
# 50 bits; what that means against guessing is worked out in docs/security.md.
CODE = PrintedCode(groups=2, signs=5)


class NotYourNote(Exception):
    """The note isn't theirs, or there is none. Pages answer 404."""


class NoteIsSent(Exception):
    """The note has been sent, and its words stay as they are."""

    def __init__(self) -> None:
        super().__init__(_("This note has been sent already, so it stays as it is."))


class NoteEnded(Exception):
    """The note has ended, and no address opens it any more."""

    def __init__(self) -> None:
        super().__init__(_("This note has ended. You can write another."))


class NoteNotOpen(Exception):
    """The note has ended or was answered, has another code, or never existed. Nobody is told which."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This address has ended, or isn’t quite right. If it’s on a card, please compare the signs."
            )
        )


class NobodyHandsOver(Exception):
    """There is nobody who could hand the note over."""

    def __init__(self) -> None:
        super().__init__(
            _("There’s nobody here who could hand it over. Please choose another way.")
        )


class NoteText(NamedTuple):
    """To whom, the words, and from whom, as its author wants to be called there."""

    name: str
    words: str
    signature: str


@transaction.atomic
def keep(note_id: UUID, text: NoteText, *, by: Account, at: datetime) -> ThankYouNote:
    """Keep a note as a draft, a new one or one of `by`'s. Raises `NotYourNote` and `NoteIsSent`."""
    # A new note has no row yet that could be locked.
    blocks.lock(by.pk)
    note = ThankYouNote.objects.select_for_update().filter(pk=note_id).first()
    if note is not None and note.author_id != by.pk:
        raise NotYourNote
    if note is not None and note.way:
        raise NoteIsSent
    typed = {
        "name": names.clean(text.name),
        "words": text.words.strip(),
        "signature": names.clean(text.signature),
        "written_at": at,
    }
    kept, _is_new = ThankYouNote.objects.update_or_create(
        pk=note_id, author=by, defaults=typed, create_defaults=typed
    )
    return kept


class Sending(NamedTuple):
    """How a note reaches the person it is for, and who reads their answer first, if that hasn't been chosen yet."""

    way: Way
    read_first: ReadFirst | None = None


@transaction.atomic
def send(note_id: UUID, text: NoteText, sending: Sending, *, by: Account, at: datetime) -> str:
    """Send a note; returns its code, or nothing if it is the team that will print it.

    Raises what `keep` raises, `NobodyHandsOver`, and `WhoReadsFirst`.
    """
    way = sending.way
    if not Account.objects.filter(pk=by.pk, is_active=True, suspended_at=None).exists():
        raise NotYourNote
    if asks_who_reads_first(by):
        if sending.read_first is None:
            raise WhoReadsFirst
        private_letter_choices.choose(by, WrittenBy.NOBODY, sending.read_first, at=at)
    note = keep(note_id, text, by=by, at=at)
    ThankYouNote.objects.filter(pk=note.pk).update(way=way, sent_at=at)
    if way != Way.TEAM:
        return new_code(note, at=at)
    team = list(policy.team_of(by))
    if not team:
        raise NobodyHandsOver
    for member in team:
        notices.tell(member.pk, Notice.Kind.NOTE_TO_HAND_OVER, about=note.pk, at=at)
    return ""


def asks_who_reads_first(author: Account) -> bool:
    """Whether `author` has still to say who reads an answer first."""
    chosen = PrivateLetterChoice.objects.filter(account=author)
    return not chosen.exists() and not reading.has_screener(author)


@transaction.atomic
def renew(note_id: UUID, *, by: Account, at: datetime) -> str:
    """Give a note another code, and return it. The old one opens nothing any more.

    Restoring a backup from before this ends the note. Raises `NotYourNote`, also for a note that is the team's
    to print, and `NoteEnded`.
    """
    note = _locked(note_id, by=by)
    if note.way not in (Way.LINK, Way.PRINT):
        raise NotYourNote
    if note.ended_at is not None or note.ends_at is None or note.ends_at <= at:
        raise NoteEnded
    return new_code(note, at=at)


def new_code(note: ThankYouNote, *, at: datetime) -> str:
    """Give `note` a code for `GOOD_FOR`, and return it. The caller must hold its lock and have checked permission."""
    if note.code_digest is not None:
        narrowings.record(Narrowing.Kind.NOTE_ENDED, at=at, note=note.pk)
    code = CODE.new()
    ends_at = time_zones.later(note.author, at, GOOD_FOR)
    ThankYouNote.objects.filter(pk=note.pk).update(code_digest=digest_of(code), ends_at=ends_at)
    return code


@disk_full.with_reserve
@transaction.atomic
def end(note_id: UUID, *, by: Account, at: datetime) -> None:
    """End a note that was sent: from now on no code opens it. Ending it twice is harmless. Raises `NotYourNote`."""
    note = _locked(note_id, by=by)
    if note.way and note.ended_at is None:
        end_again(note.pk, at=at)
        narrowings.record(Narrowing.Kind.NOTE_ENDED, at=at, note=note.pk)


def end_again(note_id: UUID, *, at: datetime) -> None:
    """End it, also after a restore."""
    ThankYouNote.objects.filter(pk=note_id, ended_at=None).exclude(way="").update(ended_at=at)
    untell_team(note_id)


@disk_full.with_reserve
@transaction.atomic
def delete(note_id: UUID, *, by: Account, at: datetime) -> None:
    """Delete a note with its words, and end it if it was sent. Its answer stays. Raises `NotYourNote`."""
    delete_again(_locked(note_id, by=by).pk)
    narrowings.record(Narrowing.Kind.NOTE_DELETED, at=at, note=note_id)


def delete_again(note_id: UUID) -> None:
    """Delete it, also after a restore."""
    ThankYouNote.objects.filter(pk=note_id).delete()
    untell_team(note_id)


def of(author: Account) -> QuerySet[ThankYouNote]:
    """The notes of `author`, newest first, with who handed each over."""
    mine = ThankYouNote.objects.filter(author=author)
    return mine.select_related("handed_over_by__profile").order_by("-written_at", "pk")


def own(note_id: UUID, *, by: Account) -> ThankYouNote:
    """The note, if it is `by`'s. Raises `NotYourNote`."""
    note = of(by).filter(pk=note_id).first()
    if note is None:
        raise NotYourNote
    return note


def find(digest: bytes, *, at: datetime) -> ThankYouNote:
    """The note that opens by the code with this digest. Raises `NoteNotOpen`."""
    note = policy.openable(at).select_related("author__profile").filter(code_digest=digest).first()
    if note is None:
        raise NoteNotOpen
    return note


def digest_of(code: str) -> bytes:
    """The SHA-256 of a code, the same however it was typed. Only this is kept of it."""
    return hashlib.sha256((CODE.as_printed(code) or code).encode()).digest()


def untell_team(note_id: UUID) -> None:
    """Remove the team's notices about a note that isn't theirs to hand over any more."""
    Notice.objects.filter(kind=Notice.Kind.NOTE_TO_HAND_OVER, about=note_id).delete()


def _locked(note_id: UUID, *, by: Account) -> ThankYouNote:
    mine = ThankYouNote.objects.select_for_update(of=("self",)).select_related("author")
    note = mine.filter(pk=note_id, author=by).first()
    if note is None:
        raise NotYourNote
    return note
