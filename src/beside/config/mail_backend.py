"""The way from Django's mails into the outbox."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from django.utils import timezone

from beside.notices import outbox


class Outbox(BaseEmailBackend):
    """Adds mails to the outbox. A worker sends them.

    A response that waited for the mail server would take longer if an account exists, and so reveal that it does.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Add the mails; returns how many."""
        for message in email_messages:
            outbox.add(message, at=timezone.now())
        return len(email_messages)
