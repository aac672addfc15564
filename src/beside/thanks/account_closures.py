"""What ends here when somebody closes their account."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from beside.people.models import Account
from beside.thanks import thank_you_notes
from beside.thanks.models import ThankYouNote


@transaction.atomic
def end_notes(account: Account, *, at: datetime) -> None:
    """End every note of `account` that was sent, for good. Their words go when the account is destroyed."""
    for note_id in ThankYouNote.objects.filter(author=account).values_list("pk", flat=True):
        thank_you_notes.end_again(note_id, at=at)
