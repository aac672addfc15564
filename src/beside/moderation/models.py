"""The tables of what the host says and the moderators decide."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from beside.people.models import Account
from beside.photos.models import Photo
from beside.posts.models import Post
from beside.responses.models import Response


class HouseWords(models.Model):
    """What the host says to everybody here: a few sentences, and a helpline. There is at most one row.

    An empty helpline means the one in the settings (`BESIDE_HELPLINE`).
    """

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    words = models.TextField(max_length=2000, blank=True)
    helpline = models.CharField(max_length=40, blank=True)
    helpline_says = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="house_words_once")]

    def __str__(self) -> str:
        return "house words"


class Report(models.Model):
    """Somebody, with or without an account, tells the moderators about a letter, a photograph in one, a response, or a person.

    It changes nothing by itself. `about` are the people whom it is about, as they were when it was sent; none of them
    may ever read it, not even as a moderator, nor may those in `kept_from`, for whom the response was written. A
    letter that is destroyed leaves `post` empty, and a response that is taken back `response`.
    """

    class Kind(models.TextChoices):
        """What it is about."""

        LETTER = "letter"
        PHOTOGRAPH = "photograph"
        PERSON = "person"
        RESPONSE = "response"

    class Outcome(models.TextChoices):
        """What a moderator has decided."""

        LEFT = "left as it is"
        LETTER_CLOSED = "letter closed"
        PLACE_CLOSED = "place closed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    post = models.ForeignKey(Post, models.SET_NULL, null=True, related_name="reports")
    photo = models.ForeignKey(Photo, models.SET_NULL, null=True, related_name="reports")
    response = models.ForeignKey(Response, models.SET_NULL, null=True, related_name="reports")
    about = models.ManyToManyField(Account, related_name="reported_in")
    kept_from = models.ManyToManyField(Account, related_name="reports_kept_from")
    reporter = models.ForeignKey(Account, models.CASCADE, null=True, related_name="reports_sent")
    name = models.CharField(max_length=80, blank=True)
    address = models.EmailField(blank=True)
    words = models.TextField(max_length=2000)
    sent_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    outcome = models.CharField(max_length=14, choices=Outcome, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at=None, outcome="")
                | (Q(decided_at__isnull=False) & ~Q(outcome="")),
                name="report_decided_somehow",
            )
        ]
        indexes = [models.Index(fields=["decided_at", "sent_at"], name="report_waiting")]

    def __str__(self) -> str:
        return f"report {self.pk}"


class Appeal(models.Model):
    """Somebody asks for a suspension to be lifted: that of a letter of theirs, or without `post` of their account."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="appeals")
    post = models.ForeignKey(Post, models.CASCADE, null=True, related_name="appeals")
    words = models.TextField(max_length=2000)
    sent_at = models.DateTimeField()
    declined_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["declined_at", "sent_at"], name="appeal_waiting")]

    def __str__(self) -> str:
        return f"appeal {self.pk}"
