"""The models of access: consents, requests and admissions at the door, bans, claims, and content preferences."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from beside.people.models import Account, Session
from beside.photos.models import Photo
from beside.posts.models import Facet, Post, Reason


class Consent(models.Model):
    """A viewer has chosen to look at one photograph. Nobody is ever told.

    It belongs to a session and expires, or, after "don't ask me again", to the account
    until the photograph is folded away.
    """

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="consents")
    session = models.ForeignKey(Session, models.CASCADE, null=True, related_name="consents")
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="consents")
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(session__isnull=False, account=None, ends_at__isnull=False)
                | Q(session=None, account__isnull=False, ends_at=None),
                name="consent_of_session_or_account",
            ),
            models.UniqueConstraint(
                fields=["photo", "session"],
                condition=Q(session__isnull=False),
                name="consent_once_per_session",
            ),
            models.UniqueConstraint(
                fields=["photo", "account"],
                condition=Q(account__isnull=False),
                name="consent_once_per_account",
            ),
        ]
        indexes = [models.Index(fields=["ends_at"], name="consent_ends")]

    def __str__(self) -> str:
        return f"consent {self.pk}"


class AccessRequest(models.Model):
    """Somebody has asked at a post's door to be let in. It gives them no rights.

    The reason and the words are health data about the asker. Only those who decide see
    them, and they are deleted once the request is decided or withdrawn, or lapses. A
    refusal is never told: to its asker the request seems to wait until it lapses.
    """

    class State(models.TextChoices):
        """The state as those who decide see it. Only a waiting request has a reason and words."""

        WAITING = "waiting"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"
        LAPSED = "lapsed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="access_requests")
    asker = models.ForeignKey(Account, models.CASCADE, related_name="access_requests")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=12, choices=Reason, blank=True)
    words = models.TextField(max_length=2000, blank=True)
    asked_at = models.DateTimeField()
    lapses_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "asker"], name="access_request_once"),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(reason="", words=""),
                name="access_request_text_only_while_waiting",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "lapses_at"], name="access_request_lapsing"),
            models.Index(fields=["asker", "asked_at"], name="access_request_asker"),
        ]

    def __str__(self) -> str:
        return f"access request {self.pk}"


class Admission(models.Model):
    """Somebody has been let in at a post's door, until the row is deleted.

    If `is_shared`, they are let in to every post with a shared door whose authors are exactly
    those in `by`: the authors of this post at the time. Somebody who becomes an author later,
    or leaves, has admitted nobody to their own posts.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="admissions")
    account = models.ForeignKey(Account, models.CASCADE, related_name="admissions")
    is_shared = models.BooleanField(default=False)
    by = models.ManyToManyField(Account, related_name="+")
    message = models.TextField(max_length=2000, blank=True)
    admitted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "account"], name="admission_once")]
        indexes = [models.Index(fields=["account", "post"], name="admission_account")]

    def __str__(self) -> str:
        return f"admission {self.pk}"


class Ban(models.Model):
    """An author has banned an account, or whichever account has a mail address, from all their doors. Nobody is told."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    author = models.ForeignKey(Account, models.CASCADE, related_name="bans")
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="banned_by")
    address = models.EmailField(blank=True)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(account__isnull=False) ^ ~Q(address=""),
                name="ban_of_account_or_address",
            ),
            models.UniqueConstraint(
                fields=["author", "account"],
                condition=Q(account__isnull=False),
                name="ban_once_per_account",
            ),
            models.UniqueConstraint(
                fields=["author", "address"],
                condition=~Q(address=""),
                name="ban_once_per_address",
            ),
        ]

    def __str__(self) -> str:
        return f"ban {self.pk}"


class Claim(models.Model):
    """Somebody, with or without an account, tells a post's authors that they are in a photograph."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="claims")
    photo = models.ForeignKey(Photo, models.CASCADE, null=True, related_name="claims")
    name = models.CharField(max_length=80)
    address = models.EmailField(blank=True)
    words = models.TextField(max_length=2000)
    sent_at = models.DateTimeField()
    passed_on_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["post", "sent_at"], name="claim_of_post")]

    def __str__(self) -> str:
        return f"claim {self.pk}"


class ContentPreference(models.Model):
    """A reader wants to be asked before seeing letters about one facet, or not to see them for now.

    It is shown to nobody else and counted nowhere.
    """

    class Choice(models.TextChoices):
        """A reader who wants to see such letters has no row."""

        ASK = "ask"
        NOT_FOR_NOW = "not for now"

    account = models.ForeignKey(Account, models.CASCADE, related_name="content_preferences")
    facet = models.CharField(max_length=24, choices=Facet)
    choice = models.CharField(max_length=12, choices=Choice)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "facet"], name="content_preference_once")
        ]

    def __str__(self) -> str:
        return f"content preference {self.pk}"


# Django looks for an app's models in this module.
from beside.access.look_models import Look as Look  # noqa: E402
from beside.access.look_models import TrailEntry as TrailEntry  # noqa: E402
from beside.access.look_models import TrailHead as TrailHead  # noqa: E402
