"""The tables of photographs: their files, their keys and uploads in progress."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from beside.people.models import Account


class DepositLink(models.Model):
    """A link through which somebody without an account sends photographs to `keeper`.

    The sender sees no photographs. The link has a term and a limit; only a digest of its secret is stored.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    keeper = models.ForeignKey(Account, models.CASCADE, related_name="deposit_links")
    name = models.CharField(max_length=80)
    message = models.TextField(max_length=2000, blank=True)
    thanks = models.TextField(max_length=4000, blank=True)
    most = models.PositiveSmallIntegerField()
    secret_digest = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"deposit link {self.pk}"


class Photo(models.Model):
    """One photograph: an original kept byte for byte, and what readers are sent of it.

    It has no permission of its own: the post that it is in decides (`access.policy`). The rows are the
    queue: a worker develops a photograph that is RECEIVED, or READY with a changed `quarters`.
    """

    class State(models.TextChoices):
        """How far it has come."""

        RECEIVING = "receiving"
        RECEIVED = "received"
        READY = "ready"
        REFUSED = "refused"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # None once the person has closed their account and somebody else keeps the photograph.
    uploader = models.ForeignKey(Account, models.PROTECT, null=True, related_name="uploaded")
    deposited_through = models.ForeignKey(
        DepositLink, models.SET_NULL, null=True, related_name="photographs"
    )
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVING)
    uploaded_at = models.DateTimeField()
    name_on_phone = models.CharField(max_length=120, blank=True)
    original_blob = models.UUIDField(default=uuid.uuid4, unique=True)
    original_bytes = models.BigIntegerField(default=0)
    # See `duplicates.digest_of`: as the browser said it, until it is developed.
    content_digest = models.BinaryField(max_length=32, null=True)
    kind = models.CharField(max_length=8, blank=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    notice = models.CharField(max_length=16, blank=True)
    refusal = models.CharField(max_length=16, blank=True)
    # Which version of the program refused it: another one may be able to open it.
    refused_by = models.CharField(max_length=80, blank=True)
    description = models.TextField(max_length=4000, blank=True)
    caption = models.TextField(max_length=4000, blank=True)
    # Quarter turns clockwise, made by hand: those asked for, and those that the renditions have.
    quarters = models.PositiveSmallIntegerField(default=0)
    quarters_shown = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="ready")
                | Q(width__isnull=False, height__isnull=False, width__gt=0, height__gt=0),
                name="photo_ready_has_size",
            ),
            models.CheckConstraint(
                condition=Q(state="refused") ^ Q(refusal=""), name="photo_refused_for_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "uploaded_at"], name="photo_queue"),
            models.Index(fields=["uploader", "-uploaded_at"], name="photo_drawer"),
            models.Index(fields=["uploader", "content_digest"], name="photo_same_file"),
        ]

    def __str__(self) -> str:
        return f"photo {self.pk}"

    @property
    def is_turning(self) -> bool:
        """Whether its turned renditions are still to be made."""
        return self.state == Photo.State.READY and self.quarters != self.quarters_shown


class Rendition(models.Model):
    """One size of a photograph, as readers are sent it; `id` is its blob's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    photo = models.ForeignKey(Photo, models.CASCADE, related_name="renditions")
    name = models.CharField(max_length=8)
    media_type = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    stored_bytes = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["photo", "name"], name="rendition_once"),
        ]

    def __str__(self) -> str:
        return f"rendition {self.pk}"


class Upload(models.Model):
    """An upload in progress, and how much of it is stored. It has its photograph's id."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    photo = models.OneToOneField(Photo, models.CASCADE, related_name="upload")
    account = models.ForeignKey(Account, models.CASCADE, related_name="uploads")
    total_bytes = models.BigIntegerField()
    received_bytes = models.BigIntegerField(default=0)
    began_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # Who writes to it now, and until when that holds should they have died; see `parts`.
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(received_bytes__gte=0) & Q(received_bytes__lte=models.F("total_bytes")),
                name="upload_within_total",
            ),
        ]

    def __str__(self) -> str:
        return f"upload {self.pk}"


class OriginalPiece(models.Model):
    """A piece of an original that came into an object store; `id` is its blob's. See `original_pieces`.

    `records`, `received_bytes` and `chain` say how far the original has come with it, for the next piece to go on.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    photo = models.ForeignKey(Photo, models.CASCADE, related_name="original_pieces")
    number = models.PositiveIntegerField()
    records = models.PositiveIntegerField()
    received_bytes = models.BigIntegerField()
    chain = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["photo", "number"], name="original_piece_once"),
        ]

    def __str__(self) -> str:
        return f"piece {self.pk}"


class HiddenPhoto(models.Model):
    """ "Hidden from me": this author keeps the photograph without seeing it until they ask to."""

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="hidden_photos")
    account = models.ForeignKey(Account, models.CASCADE, related_name="hidden_photos")
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["photo", "account"], name="hidden_photo_once")
        ]

    def __str__(self) -> str:
        return f"held unseen {self.pk}"


class KeyEpoch(models.Model):
    """A single row: the generation of the epoch key that wraps the authors' keys."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    instance = models.UUIDField(default=uuid.uuid4)
    generation = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="key_epoch_once")]

    def __str__(self) -> str:
        return f"key epoch {self.generation}"


class AuthorKey(models.Model):
    """An author's key, wrapped by the epoch key."""

    account = models.OneToOneField(Account, models.PROTECT, primary_key=True)
    wrapped = models.BinaryField(max_length=80)

    def __str__(self) -> str:
        return f"author key of {self.account_id}"


class Hold(models.Model):
    """An author's own wrapping of one of a photograph's two keys.

    A photograph is destroyed when the last hold on its original is dropped, and readers lose it when the
    holds on its renditions are.
    """

    class Kind(models.IntegerChoices):
        """Which of the two keys."""

        ORIGINAL = 1
        SHOWN = 2

    photo = models.ForeignKey(Photo, models.PROTECT, related_name="holds")
    account = models.ForeignKey(Account, models.PROTECT, related_name="holds")
    kind = models.PositiveSmallIntegerField(choices=Kind)
    wrapped = models.BinaryField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["photo", "kind", "account"], name="hold_once")
        ]
        indexes = [models.Index(fields=["account"], name="hold_account")]

    def __str__(self) -> str:
        return f"hold {self.pk}"


class Tombstone(models.Model):
    """A record that a hold was dropped. It is never deleted, and outranks any hold in an older backup."""

    photo_id = models.UUIDField()
    account_id = models.UUIDField()
    kind = models.PositiveSmallIntegerField(choices=Hold.Kind)
    generation = models.PositiveBigIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["photo_id"], name="tombstone_photo"),
            models.Index(fields=["generation"], name="tombstone_generation"),
        ]

    def __str__(self) -> str:
        return f"tombstone {self.pk}"


class Portrait(models.Model):
    """The photograph at the top of a person's page. It is never veiled."""

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True)
    photo = models.OneToOneField(Photo, models.CASCADE, related_name="portrait")

    def __str__(self) -> str:
        return f"portrait of {self.account_id}"


# What Django finds in this module are the models of the app.
from beside.photos.place_models import ChoreTurn as ChoreTurn  # noqa: E402
from beside.photos.place_models import PlaceRecord as PlaceRecord  # noqa: E402
from beside.photos.place_models import WorkerBeat as WorkerBeat  # noqa: E402
