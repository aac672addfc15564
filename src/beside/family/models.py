"""The tables of families. Who may see one can't be read from its row: ask `family.policy`."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from beside.family import ages, dates
from beside.family.ages import Age
from beside.family.date_words import LONGEST_TYPED, Meaning
from beside.family.dates import Part, When
from beside.people.models import Account, Circle
from beside.posts.models import Post

LONGEST_NAME = 120
LONGEST_HEADING = 200
LONGEST_WORDS = 2_000


class FamilyAudience(models.IntegerChoices):
    """Who sees a family. Nobody sees it who may not open its keeper's page."""

    ONLY_US = 0, _("Only me")
    PEOPLE = 1, _("These people")
    ANYONE = 2, _("Anyone who may open my page")


class Family(models.Model):
    """One person's family, on that person's page. `shared_at` is when it was last for its keeper alone.

    While it has a `closed_at`, it is for nobody else, whatever its audience; a restore sets it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    keeper = models.OneToOneField(Account, models.CASCADE, related_name="family")
    audience = models.PositiveSmallIntegerField(
        choices=FamilyAudience, default=FamilyAudience.ONLY_US
    )
    # In the south, summer begins in December.
    southern = models.BooleanField(default=False)
    begun_at = models.DateTimeField()
    shared_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(audience=FamilyAudience.ONLY_US) | Q(shared_at__isnull=False),
                name="family_shared_at_some_time",
            )
        ]

    def __str__(self) -> str:
        return f"family {self.pk}"


class FamilyGrant(models.Model):
    """A person or a circle that a family is for. It counts only while the audience is `PEOPLE`."""

    family = models.ForeignKey(Family, models.CASCADE, related_name="grants")
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="family_grants")
    circle = models.ForeignKey(Circle, models.CASCADE, null=True, related_name="family_grants")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(account__isnull=False) ^ Q(circle__isnull=False),
                name="family_grant_to_one_person_or_one_circle",
            ),
            models.UniqueConstraint(
                fields=["family", "account"],
                condition=Q(account__isnull=False),
                name="family_grant_account_once",
            ),
            models.UniqueConstraint(
                fields=["family", "circle"],
                condition=Q(circle__isnull=False),
                name="family_grant_circle_once",
            ),
        ]

    def __str__(self) -> str:
        return f"family grant {self.pk}"


class FamilyMember(models.Model):
    """Somebody who belongs to a family: the living and the dead alike, without a sex, a role, or a date of their own.

    `name` may say that no name was given; it is empty if they aren't to be named. With an `account`, they were asked:
    they are linked once they have said yes, and somebody who was taken off is shown to the keeper alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    family = models.ForeignKey(Family, models.CASCADE, related_name="members")
    name = models.CharField(max_length=LONGEST_NAME, blank=True)
    added_at = models.DateTimeField()
    account = models.ForeignKey(
        Account, models.SET_NULL, null=True, related_name="named_in_families"
    )
    agreed_at = models.DateTimeField(null=True)
    taken_off_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["family", "account"],
                condition=Q(account__isnull=False),
                name="family_member_account_once",
            )
        ]

    def __str__(self) -> str:
        return f"family member {self.pk}"


class TimelineEntry(models.Model):
    """Something that happened, when it did as its writer knows it (`typed`), and what of that was understood.

    `edtf`, `part` and `age` are empty where it couldn't be read, or where no date was given. An entry of a letter keeps
    `of_letter` when the letter's row is gone, so that nobody sees more of it then. `is_expected` says that it belongs
    to a pregnancy that goes on; when that has ended, the entry is put away, for its keeper alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    family = models.ForeignKey(Family, models.CASCADE, related_name="entries")
    typed = models.CharField(max_length=LONGEST_TYPED, blank=True)
    edtf = models.CharField(max_length=dates.LONGEST, blank=True)
    part = models.CharField(max_length=6, choices=Part, blank=True)
    age = models.CharField(max_length=ages.LONGEST, blank=True)
    heading = models.CharField(max_length=LONGEST_HEADING)
    words = models.TextField(max_length=LONGEST_WORDS, blank=True)
    # A day on which somebody came to the family has a larger mark.
    is_marked = models.BooleanField(default=False)
    members = models.ManyToManyField(FamilyMember, related_name="entries", blank=True)
    of_letter = models.BooleanField(default=False)
    post = models.ForeignKey(Post, models.SET_NULL, null=True, related_name="timeline_entries")
    is_expected = models.BooleanField(default=False)
    put_away_at = models.DateTimeField(null=True)
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(post=None) | Q(of_letter=True), name="timeline_entry_of_its_letter"
            )
        ]
        indexes = [models.Index(fields=["family", "written_at"], name="timeline_entry_of")]

    def __str__(self) -> str:
        return f"timeline entry {self.pk}"

    @property
    def meaning(self) -> Meaning:
        """What was understood of its date."""
        when: When | None = dates.from_text(self.edtf, self.part) if self.edtf else None
        age: Age | None = ages.from_text(self.age) if self.age else None
        return Meaning(when, age)


# Django looks for an app's models in this module.
from beside.family.reminder_models import Reminder as Reminder  # noqa: E402
