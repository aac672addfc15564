"""The letter itself, who its words and its photographs are for, and the experiences it is found under."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from beside.posts.choices import Audience, Facet
from beside.posts.models.letter_text import LetterText


class Post(LetterText):
    """A letter with its photographs.

    It has two audiences: one for the words and one, never wider, for the photographs. Who may see it
    can't be read from this row alone: ask `access.policy`. `signers` maps the names that sign in its
    words to accounts (`posts.signing`). `written_on` is the day it bears for every reader: that on which
    its author published it, in their own time zone, or began it while it is a draft. `language` is that of its
    words, as a code of `posts.languages`; empty if its authors haven't said.
    """

    class State(models.TextChoices):
        """Only its authors see a draft. Closing can be undone, taking back can't."""

        DRAFT = "draft"
        PUBLISHED = "published"
        CLOSED = "closed"
        TAKEN_BACK = "taken back"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    words_for = models.PositiveSmallIntegerField(choices=Audience, default=Audience.ONLY_US)
    words_signed_in = models.BooleanField(default=True)
    photographs_for = models.PositiveSmallIntegerField(choices=Audience, default=Audience.ONLY_US)
    photographs_signed_in = models.BooleanField(default=True)
    veiled = models.BooleanField(default=True)
    note_shows = models.JSONField(default=list, blank=True)
    door = models.JSONField(default=dict, blank=True)
    door_says = models.TextField(max_length=2000, blank=True)
    door_is_shared = models.BooleanField(default=False)
    door_address = models.UUIDField(default=uuid.uuid4, unique=True)
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    written_on = models.DateField()
    closed_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)
    # Closed by the moderators (`posts.suspensions`), whatever its state: since when, and what its authors read.
    suspended_at = models.DateTimeField(null=True)
    suspended_because = models.TextField(max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_from = models.UUIDField(null=True)
    # Whom it was for before it was last shown to fewer people (`posts.reach_json`).
    narrowed_from = models.JSONField(null=True)
    numbers_given = models.PositiveIntegerField(default=0)
    signers = models.JSONField(default=dict, blank=True)
    language = models.CharField(max_length=12, blank=True)

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
            # Feeds read from this index alone when each of somebody's letters was published.
            models.Index(fields=["id", "state", "published_at"], name="post_when"),
        ]

    def __str__(self) -> str:
        return f"post {self.pk}"


class PostFacet(models.Model):
    """What a post is about: one experience."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="facets")
    facet = models.CharField(max_length=24, choices=Facet)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "facet"], name="post_facet_once")]

    def __str__(self) -> str:
        return f"post facet {self.pk}"
