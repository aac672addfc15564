"""The table of what a person is told."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class Notice(models.Model):
    """A line under News: a kind, the id of what it is about, and for some kinds who did it. It holds no name.

    The page that shows it asks the rule again, so a notice about something that its recipient may
    no longer see shows nothing, and `actor` is named only to those who may still be told the name.
    """

    class Kind(models.TextChoices):
        """What there is to tell."""

        FOLLOW_REQUESTED = "asks to follow you"
        FOLLOW_ACCEPTED = "you may follow"
        SHARED = "something was written for you"
        SHARED_EARLIER = "earlier letters are for you too"
        ADDED_LATER = "something was added"
        TAKEN_BACK = "a co-author took it back"
        COAUTHOR_INVITED = "asks you to write together"
        COAUTHOR_ACCEPTED = "somebody writes with you now"
        COAUTHOR_DECLINED = "somebody would rather not"
        STEPPED_OUT = "a co-author stepped out"
        APPROVAL_REQUESTED = "your yes is asked for"
        APPROVED = "everybody has agreed"
        APPROVAL_DECLINED = "it stays as it is"
        APPROVAL_LAPSED = "a question has lapsed"
        ACCESS_REQUESTED = "somebody asks to be let in"
        ADMITTED = "you have been let in"
        LINK_APPROVAL_REQUESTED = "a link waits for your yes"
        SECOND_DEVICE = "another device opened a link"
        DEPOSITED = "photographs were put in for you"
        CLAIMED = "somebody is in a photograph"
        DELEGATION_OFFERED = "asks you to do this for them"
        DELEGATION_SIGNED = "has signed"
        DELEGATION_ENDED = "does it no more"
        STEWARD_REQUESTED = "the steward would like to act"
        ARCHIVE_TAKEN = "the steward took an archive"
        GHOSTWRITTEN = "somebody wrote something for you"
        UPLOAD_REFUSED = "a photograph could not be kept"
        RESPONSES_OFFERED = "responses would need your yes"
        SHELF_OFFERED = "being found would need your yes"
        RESPONSES_WAIT = "there is something to read first"
        RESPONSES_PAUSED = "responses closed by themselves"
        RESPONSE_PASSED_ON = "a response was passed on"
        RESPONSE_QUESTION = "is a response wanted"
        RESPONSE_REPLIED = "a word about a response"
        SEAL_FILE_WANTED = "a file of a seal is wanted"
        PRESENT = "somebody was here"
        NOTE_TO_HAND_OVER = "a note waits for the team"
        NAMED_IN_FAMILY = "named you in their family"
        REMINDER = "you asked to be written to"
        PLACE_CLOSED = "somebody closed their place"
        MODERATOR_NAMED = "asks you to be a moderator"
        REPORTED = "a report waits"
        LOOKED = "a moderator has looked"
        RESPONSE_LOOKED = "a moderator read a response"
        LETTER_SUSPENDED = "the moderators closed a letter"
        SUSPENSION_LIFTED = "the moderators opened it again"
        SIGNED_IN = "a new device"
        ADDRESS_CHANGED = "another address for codes"
        PASSWORD_CHANGED = "another password"  # noqa: S105
        PASSKEY_ADDED = "a passkey was added"
        PASSKEY_REMOVED = "a passkey was removed"
        MAIL_REFUSED = "a mail to you was refused"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=32, choices=Kind)
    about = models.UUIDField(null=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    # When it was decided whether a mail tells of it. It may be in one, or in none.
    mailed_at = models.DateTimeField(null=True)
    # The same for a push.
    pushed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["recipient", "-at"], name="notice_recipient"),
            models.Index(
                fields=["recipient"],
                condition=models.Q(read_at=None)
                & (models.Q(mailed_at=None) | models.Q(pushed_at=None)),
                name="notice_unsettled",
            ),
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"


# Django looks for an app's models in this module.
from beside.notices.mail_models import EndedAddress as EndedAddress  # noqa: E402
from beside.notices.mail_models import OutgoingMail as OutgoingMail  # noqa: E402
from beside.notices.mail_models import RefusedAddress as RefusedAddress  # noqa: E402
from beside.notices.preference_models import NoticePreference as NoticePreference  # noqa: E402
from beside.notices.preference_models import QuietHours as QuietHours  # noqa: E402
from beside.notices.push_models import PushSubscription as PushSubscription  # noqa: E402
