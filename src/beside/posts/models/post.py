"""The letter itself, who its words and its photographs are for, and the experiences it is found by."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from beside.posts.choices import Audience, Facet


class Post(models.Model):
    """A letter with its photographs, as its authors keep it.

    Two audiences: one for the words and one, never wider, for the photographs. Who
    may see it is never read from this row alone: ask `access.policy`. `signers` says whose
    each signature in the words is (`posts.signing`).
    """

    class State(models.TextChoices):
        """A draft is its authors'; closing can be undone, taking back cannot."""

        DRAFT = "draft"
        PUBLISHED = "published"
        CLOSED = "closed"
        TAKEN_BACK = "taken back"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    title = models.CharField(max_length=200, blank=True)
    words = models.TextField(blank=True)
    words_for = models.PositiveSmallIntegerField(choices=Audience, default=Audience.ONLY_US)
    words_signed_in = models.BooleanField(default=True)
    photographs_for = models.PositiveSmallIntegerField(choices=Audience, default=Audience.ONLY_US)
    photographs_signed_in = models.BooleanField(default=True)
    veiled = models.BooleanField(default=True)
    note = models.TextField(max_length=2000, blank=True)
    note_shows = models.JSONField(default=list, blank=True)
    door = models.JSONField(default=dict, blank=True)
    door_says = models.TextField(max_length=2000, blank=True)
    door_is_shared = models.BooleanField(default=False)
    door_address = models.UUIDField(default=uuid.uuid4, unique=True)
    begun_at = models.DateTimeField()
    kept_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    kept_from = models.UUIDField(null=True)
    numbers_given = models.PositiveIntegerField(default=0)
    signers = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(photographs_for__lte=F("words_for")),
                name="post_photographs_within_words",
            ),
            models.CheckConstraint(
                condition=~Q(photographs_for=Audience.ANYONE)
                | Q(words_signed_in=False)
                | Q(photographs_signed_in=True),
                name="post_photographs_signed_in_within_words",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(published_at__isnull=False),
                name="post_published_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="taken back", taken_back_at__isnull=False)
                | (~Q(state="taken back") & Q(taken_back_at=None)),
                name="post_taken_back_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["-published_at", "id"], name="post_newest"),
            # A list asks it when each of somebody's letters was published, and reads no letter for it.
            models.Index(fields=["id", "state", "published_at"], name="post_when"),
        ]

    def __str__(self) -> str:
        return f"post {self.pk}"


class PostFacet(models.Model):
    """An author lets a post be found by one experience."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="facets")
    facet = models.CharField(max_length=24, choices=Facet)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "facet"], name="post_facet_once")]

    def __str__(self) -> str:
        return f"post facet {self.pk}"
