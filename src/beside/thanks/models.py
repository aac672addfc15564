"""The table of notes of thanks. Who may open one can't be read from its row: ask `thanks.policy`."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from beside.people.models import Account
from beside.responses.models import Response

LONGEST_NOTE = 20_000
LONGEST_NAME = 120


class Way(models.TextChoices):
    """How a note reaches the person it is for."""

    TEAM = "team", _("Let the team hand it over, on paper")
    LINK = "link", _("Give me a link to send myself")
    PRINT = "print", _("Let me print it")


class ThankYouNote(models.Model):
    """Words of thanks for one person. Until it is sent it is a draft, and has no `way`.

    Its address is a code of which only the SHA-256 is kept. A note that the team hands over has none until they
    print its card. It takes one answer. Nothing records whether it was ever opened.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    author = models.ForeignKey(Account, models.CASCADE, related_name="thank_you_notes")
    name = models.CharField(max_length=LONGEST_NAME, blank=True)
    words = models.TextField(max_length=LONGEST_NOTE, blank=True)
    signature = models.CharField(max_length=LONGEST_NAME, blank=True)
    written_at = models.DateTimeField()
    way = models.CharField(max_length=5, choices=Way, blank=True)
    sent_at = models.DateTimeField(null=True)
    code_digest = models.BinaryField(max_length=32, null=True, unique=True)
    ends_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.OneToOneField(
        Response, models.SET_NULL, null=True, related_name="thank_you_note"
    )
    handed_over_at = models.DateTimeField(null=True)
    handed_over_by = models.ForeignKey(
        Account, models.SET_NULL, null=True, related_name="thank_you_notes_handed_over"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(way="", sent_at=None) | ~Q(way="") & Q(sent_at__isnull=False),
                name="thank_you_note_sent_by_some_way",
            ),
            models.CheckConstraint(
                condition=Q(code_digest=None, ends_at=None)
                | Q(code_digest__isnull=False, ends_at__isnull=False, sent_at__isnull=False),
                name="thank_you_note_open_only_if_sent",
            ),
            models.CheckConstraint(
                condition=Q(handed_over_at=None) | Q(way="team"),
                name="thank_you_note_handed_over_only_by_team",
            ),
            models.CheckConstraint(
                condition=Q(answer=None) | Q(answered_at__isnull=False),
                name="thank_you_note_answer_has_its_time",
            ),
        ]
        indexes = [
            models.Index(fields=["author", "-written_at"], name="thank_you_note_of"),
            models.Index(
                fields=["sent_at"],
                condition=Q(way="team", ended_at=None, handed_over_at=None),
                name="thank_you_note_with_team",
            ),
        ]

    def __str__(self) -> str:
        return f"thank-you note {self.pk}"
