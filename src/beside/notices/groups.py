"""The groups in which people decide how notices reach them, and the group of each kind."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from beside.notices.models import Notice

Kind = Notice.Kind


class Group(TextChoices):
    """What people understand as one kind of news."""

    WRITTEN = "written", _("Something is written for you")
    ASKED = "asked", _("Somebody asks something of you")
    CHANGED = "changed", _("Somebody has answered you, or something of yours has changed")
    SAFETY = "safety", _("Your account’s safety")


# Every kind of notice has its line here.
GROUPS: dict[Notice.Kind, Group] = {
    Kind.SHARED: Group.WRITTEN,
    Kind.SHARED_EARLIER: Group.WRITTEN,
    Kind.ADDED_LATER: Group.WRITTEN,
    Kind.ADMITTED: Group.WRITTEN,
    Kind.GHOSTWRITTEN: Group.WRITTEN,
    Kind.RESPONSE_PASSED_ON: Group.WRITTEN,
    Kind.PRESENT: Group.WRITTEN,
    Kind.REMINDER: Group.WRITTEN,
    Kind.FOLLOW_REQUESTED: Group.ASKED,
    Kind.COAUTHOR_INVITED: Group.ASKED,
    Kind.APPROVAL_REQUESTED: Group.ASKED,
    Kind.ACCESS_REQUESTED: Group.ASKED,
    Kind.LINK_APPROVAL_REQUESTED: Group.ASKED,
    Kind.SECOND_DEVICE: Group.ASKED,
    Kind.CLAIMED: Group.ASKED,
    Kind.DELEGATION_OFFERED: Group.ASKED,
    Kind.RESPONSES_OFFERED: Group.ASKED,
    Kind.SHELF_OFFERED: Group.ASKED,
    Kind.RESPONSES_WAIT: Group.ASKED,
    Kind.RESPONSE_QUESTION: Group.ASKED,
    Kind.SEAL_FILE_WANTED: Group.ASKED,
    Kind.MODERATOR_NAMED: Group.ASKED,
    Kind.REPORTED: Group.ASKED,
    Kind.NOTE_TO_HAND_OVER: Group.ASKED,
    Kind.NAMED_IN_FAMILY: Group.ASKED,
    Kind.FOLLOW_ACCEPTED: Group.CHANGED,
    Kind.TAKEN_BACK: Group.CHANGED,
    Kind.COAUTHOR_ACCEPTED: Group.CHANGED,
    Kind.COAUTHOR_DECLINED: Group.CHANGED,
    Kind.STEPPED_OUT: Group.CHANGED,
    Kind.APPROVED: Group.CHANGED,
    Kind.APPROVAL_DECLINED: Group.CHANGED,
    Kind.APPROVAL_LAPSED: Group.CHANGED,
    Kind.DEPOSITED: Group.CHANGED,
    Kind.DELEGATION_SIGNED: Group.CHANGED,
    Kind.DELEGATION_ENDED: Group.CHANGED,
    Kind.UPLOAD_REFUSED: Group.CHANGED,
    Kind.PLACE_CLOSED: Group.CHANGED,
    Kind.RESPONSES_PAUSED: Group.CHANGED,
    Kind.RESPONSE_REPLIED: Group.CHANGED,
    Kind.LETTER_SUSPENDED: Group.CHANGED,
    Kind.LOOKED: Group.CHANGED,
    Kind.RESPONSE_LOOKED: Group.CHANGED,
    Kind.SUSPENSION_LIFTED: Group.CHANGED,
    Kind.STEWARD_REQUESTED: Group.SAFETY,
    Kind.ARCHIVE_TAKEN: Group.SAFETY,
    Kind.SIGNED_IN: Group.SAFETY,
    Kind.ADDRESS_CHANGED: Group.SAFETY,
    Kind.PASSWORD_CHANGED: Group.SAFETY,
    Kind.PASSKEY_ADDED: Group.SAFETY,
    Kind.PASSKEY_REMOVED: Group.SAFETY,
    Kind.MAIL_REFUSED: Group.SAFETY,
}
# A notice about an account's safety has a mail of its own, which is sent where the thing is done; one that says
# that mails don't arrive has none.
CHOSEN = (Group.WRITTEN, Group.ASKED, Group.CHANGED)
