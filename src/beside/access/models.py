"""The tables of access: consents, the door and whom it let in, links for one person, and who is kept out."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from beside.people.models import Account, Session
from beside.photos.models import Photo
from beside.posts.models import Facet, Post, Reason


class Consent(models.Model):
    """A viewer has chosen to look at one photograph. Nobody is ever told.

    For the visit it belongs to a session and ends by itself; "don't ask me again"
    makes it the account's, until it is folded away.
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
                name="consent_of_a_visit_or_an_account",
            ),
            models.UniqueConstraint(
                fields=["photo", "session"],
                condition=Q(session__isnull=False),
                name="consent_once_a_visit",
            ),
            models.UniqueConstraint(
                fields=["photo", "account"],
                condition=Q(account__isnull=False),
                name="consent_once_an_account",
            ),
        ]
        indexes = [models.Index(fields=["ends_at"], name="consent_ends")]

    def __str__(self) -> str:
        return f"consent {self.pk}"


class AccessRequest(models.Model):
    """Somebody has asked at a post's door to be let in. It gives no right at all.

    The reason and the words are health data about whoever asks: only those who decide
    see them, and they are gone once it is decided, withdrawn, or lapsed. A no is never
    announced: to the asker it goes on waiting until it lapses like any other.
    """

    class State(models.TextChoices):
        """How it stands with those who decide. Only `WAITING` has a reason and words."""

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
                name="access_request_says_nothing_once_decided",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "lapses_at"], name="access_request_lapsing"),
            models.Index(fields=["asker", "asked_at"], name="access_request_asker"),
        ]

    def __str__(self) -> str:
        return f"access request {self.pk}"


class Admission(models.Model):
    """Somebody has been let in at a post's door. Ending the row ends it, for the past too.

    `is_shared`: let in to everything that exactly those who are in `by` wrote together, as
    far as each post's door is shared. Who wrote it was looked up when they were let in:
    whoever joins or leaves afterwards has let nobody in to what is theirs.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="admissions")
    account = models.ForeignKey(Account, models.CASCADE, related_name="admissions")
    is_shared = models.BooleanField(default=False)
    by = models.ManyToManyField(Account, related_name="+")
    said = models.TextField(max_length=2000, blank=True)
    admitted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "account"], name="admission_once")]
        indexes = [models.Index(fields=["account", "post"], name="admission_account")]

    def __str__(self) -> str:
        return f"admission {self.pk}"


class Ban(models.Model):
    """An author lets this account, or whoever has this address, in at no door, now or later. Nobody is told."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    keeper = models.ForeignKey(Account, models.CASCADE, related_name="keeping_out")
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="kept_out_by")
    address = models.EmailField(blank=True)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(account__isnull=False) ^ ~Q(address=""),
                name="kept_out_one_account_or_one_address",
            ),
            models.UniqueConstraint(
                fields=["keeper", "account"],
                condition=Q(account__isnull=False),
                name="kept_out_account_once",
            ),
            models.UniqueConstraint(
                fields=["keeper", "address"],
                condition=~Q(address=""),
                name="kept_out_address_once",
            ),
        ]

    def __str__(self) -> str:
        return f"kept out {self.pk}"


class Claim(models.Model):
    """ "I am in this photograph": somebody, with or without an account, writes to a post's authors."""

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
    """How a reader likes to meet letters of one experience. Shown to nobody, counted nowhere."""

    class Choice(models.TextChoices):
        """To see such a letter like any other is the absence of a row."""

        ASK = "ask"
        NOT_FOR_NOW = "not for now"

    account = models.ForeignKey(Account, models.CASCADE, related_name="facet_choices")
    facet = models.CharField(max_length=24, choices=Facet)
    choice = models.CharField(max_length=12, choices=Choice)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "facet"], name="facet_choice_once")
        ]

    def __str__(self) -> str:
        return f"facet choice {self.pk}"
