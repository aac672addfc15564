"""The tables of posts: words, who wrote them, who they are for, and how they end."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from beside.people.models import Account, Circle
from beside.photos.models import Photo
from beside.posts.choices import Answer as Answer
from beside.posts.choices import Audience as Audience
from beside.posts.choices import Facet as Facet
from beside.posts.choices import Reason as Reason


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


class Authorship(models.Model):
    """An account is one of a post's authors. Each alone may narrow; widening needs all."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="authorships")
    account = models.ForeignKey(Account, models.CASCADE, related_name="authorships")
    joined_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "account"], name="authorship_once")]
        indexes = [models.Index(fields=["account", "post"], name="authorship_account")]

    def __str__(self) -> str:
        return f"authorship {self.pk}"


class CoauthorInvitation(models.Model):
    """Somebody is asked to become an author beside those that a post has.

    It reaches them once each author has said yes to it (`InvitationYes`). Until they say yes
    themselves they meet nothing of it. "Not yet" leaves the answer empty.
    """

    class Answer(models.TextChoices):
        """What was answered, if anything."""

        YES = "yes"
        NO = "no"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="coauthor_invitations")
    inviter = models.ForeignKey(Account, models.CASCADE, related_name="coauthors_asked")
    invitee = models.ForeignKey(Account, models.CASCADE, related_name="asked_beside")
    said = models.TextField(max_length=2000, blank=True)
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=3, choices=Answer, blank=True, default="")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post"], condition=Q(answer=""), name="coauthor_asked_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"coauthor invitation {self.pk}"


class InvitationYes(models.Model):
    """One author's yes to asking somebody further."""

    invitation = models.ForeignKey(CoauthorInvitation, models.CASCADE, related_name="yeses")
    account = models.ForeignKey(Account, models.CASCADE, related_name="invitation_yeses")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invitation", "account"], name="invitation_yes_once")
        ]

    def __str__(self) -> str:
        return f"invitation yes {self.pk}"


class Proposal(models.Model):
    """A question to all authors: may more people see the post? It is open until `ended_at`.

    `mark` is what the post said when it was asked (`posts.wanted`): a yes to anything
    else counts for nothing.
    """

    class Outcome(models.TextChoices):
        """How it ended. Only the first has changed anything."""

        AGREED = "agreed"
        KEPT = "kept as it is"
        TAKEN_BACK = "taken back"
        LAPSED = "lapsed"
        OVERTAKEN = "overtaken"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="proposals")
    proposer = models.ForeignKey(Account, models.CASCADE, related_name="proposals")
    wanted = models.JSONField()
    shows = models.BooleanField(default=False)
    mark = models.CharField(max_length=64)
    said = models.TextField(max_length=2000, blank=True)
    asked_at = models.DateTimeField()
    lapses_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post"], condition=Q(ended_at=None), name="proposal_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, outcome="")
                | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="proposal_ended_somehow",
            ),
        ]
        indexes = [models.Index(fields=["ended_at", "lapses_at"], name="proposal_lapsing")]

    def __str__(self) -> str:
        return f"proposal {self.pk}"


class Agreement(models.Model):
    """One author's yes to a proposal."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="agreements")
    account = models.ForeignKey(Account, models.CASCADE, related_name="agreements")
    agreed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "account"], name="agreement_once")
        ]

    def __str__(self) -> str:
        return f"agreement {self.pk}"


class Grant(models.Model):
    """One person, or one circle, that a post's words or photographs are for.

    It counts only while the post's audience is `PEOPLE` or `LET_IN`, and a circle is
    whoever is in it when somebody looks.
    """

    class What(models.IntegerChoices):
        """Which of the two audiences."""

        WORDS = 1
        PHOTOGRAPHS = 2

    post = models.ForeignKey(Post, models.CASCADE, related_name="grants")
    what = models.PositiveSmallIntegerField(choices=What)
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="grants")
    circle = models.ForeignKey(Circle, models.CASCADE, null=True, related_name="grants")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(account__isnull=False) ^ Q(circle__isnull=False),
                name="grant_to_one_person_or_one_circle",
            ),
            models.UniqueConstraint(
                fields=["post", "what", "account"],
                condition=Q(account__isnull=False),
                name="grant_account_once",
            ),
            models.UniqueConstraint(
                fields=["post", "what", "circle"],
                condition=Q(circle__isnull=False),
                name="grant_circle_once",
            ),
        ]

    def __str__(self) -> str:
        return f"grant {self.pk}"


class PlacedPhoto(models.Model):
    """A photograph lies in a post, at a place. It can lie in one post only.

    `number` is how the letter's words name it (`posts.letters`): it stays when others
    are moved or taken out, and no other photograph of the post is ever given it, unless it
    is another version of the same (`posts.replacing`).
    """

    post = models.ForeignKey(Post, models.CASCADE, related_name="placed")
    photo = models.OneToOneField(Photo, models.CASCADE, related_name="placed")
    position = models.PositiveIntegerField()
    number = models.PositiveIntegerField(default=0)
    beside_previous = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["post", "position"], name="placed_order")]

    def __str__(self) -> str:
        return f"placed photo {self.pk}"


class Addendum(models.Model):
    """Words added later, dated, beside what was said first."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="addenda")
    photo = models.ForeignKey(Photo, models.CASCADE, null=True, related_name="addenda")
    author = models.ForeignKey(Account, models.CASCADE, related_name="addenda")
    words = models.TextField(max_length=20_000)
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"addendum {self.pk}"


class Revision(models.Model):
    """How a published post stood before an edit. Its authors see these, nobody else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="revisions")
    editor = models.ForeignKey(Account, models.CASCADE, related_name="revisions")
    replaced_at = models.DateTimeField()
    title = models.CharField(max_length=200, blank=True)
    words = models.TextField(blank=True)
    note = models.TextField(max_length=2000, blank=True)
    photographs = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["post", "-replaced_at"], name="revision_newest")]

    def __str__(self) -> str:
        return f"revision {self.pk}"


class Keeping(models.Model):
    """Words of a letter that are kept, and are not the letter: only its authors see them.

    `kept_from` is the open page that wrote them; each page has one row a kind, written over.
    """

    class Kind(models.TextChoices):
        """What a second device wrote at the same time, or a change nobody is shown yet."""

        OTHER_DEVICE = "other device"
        NOT_SHOWN = "not shown yet"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="keepings")
    author = models.ForeignKey(Account, models.CASCADE, related_name="keepings")
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.OTHER_DEVICE)
    kept_at = models.DateTimeField()
    kept_from = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)
    fields = models.JSONField()

    def __str__(self) -> str:
        return f"keeping {self.pk}"


class Destruction(models.Model):
    """An author has asked for their holds on a post's or a photograph's keys to end."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="destructions")
    post = models.ForeignKey(Post, models.CASCADE, null=True, related_name="destructions")
    photo = models.ForeignKey(Photo, models.CASCADE, null=True, related_name="destructions")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(post__isnull=False) ^ Q(photo__isnull=False),
                name="destruction_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at=None) | Q(done_at=None),
                name="destruction_stopped_or_done",
            ),
        ]
        indexes = [models.Index(fields=["done_at", "stopped_at", "due_at"], name="destruction_due")]

    def __str__(self) -> str:
        return f"destruction {self.pk}"
