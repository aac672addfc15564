"""Builders for notes of thanks."""

from __future__ import annotations

import uuid

from beside.people.models import Account
from beside.responses.models import ReadFirst
from beside.thanks import thank_you_notes
from beside.thanks.models import ThankYouNote, Way
from beside.thanks.thank_you_notes import NoteText, Sending
from tests.cast import NOW

TEXT = NoteText(
    "Ingrid, nights, ward 6",
    "You warmed the blanket before you gave it to us.\n\nI notice it every day now.",
    "Rose, Tom, and Emil",
)


def draft(by: Account, text: NoteText = TEXT) -> ThankYouNote:
    return thank_you_notes.keep(uuid.uuid4(), text, by=by, at=NOW)


def send(by: Account, way: Way = Way.LINK, text: NoteText = TEXT) -> tuple[ThankYouNote, str]:
    """A note that was sent, and its code if it has one."""
    key = uuid.uuid4()
    sending = Sending(way, ReadFirst.AUTHORS)
    code = thank_you_notes.send(key, text, sending, by=by, at=NOW)
    return ThankYouNote.objects.get(pk=key), code
