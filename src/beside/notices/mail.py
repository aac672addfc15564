"""Mail for a place without a mail server: into a folder, and onto the host's terminal."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.console import EmailBackend as Terminal
from django.core.mail.backends.filebased import EmailBackend as Folder
from django.core.mail.message import EmailMessage


class FolderAndTerminal(BaseEmailBackend):
    """Writes each mail to `EMAIL_FILE_PATH` and prints it."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the mails down; returns how many there were."""
        Terminal().send_messages(email_messages)
        return Folder().send_messages(email_messages) or 0
