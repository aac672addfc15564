"""The tables of people: accounts, sessions, circles, follows, blocks, invitations."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from beside.people import languages, time_zones
from beside.querysets.rows_by_key import PreparedGet


class AccountManager(PreparedGet["Account"], BaseUserManager["Account"]):
    """Creates accounts, and finds them by address for Django's sign-in."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> Account:
        """Create an account. Without a password, one signs in by a code or a passkey."""
        account = self.model(email=self.normalize_email(email).lower(), **fields)
        account.set_password(password)
        account.full_clean(exclude=["password"])
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(email__iexact=username)


class Account(AbstractBaseUser):
    """A person who can sign in. What others see of them is in `Profile`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    is_host = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)
    # Closed by the moderators (`people.suspensions`): since when, and the sentence that its owner reads.
    suspended_at = models.DateTimeField(null=True, blank=True, editable=False)
    suspended_because = models.TextField(max_length=1000, blank=True)
    # The name of a zone; empty means the place's (`people.time_zones`).
    time_zone = models.CharField(max_length=time_zones.LONGEST_NAME, blank=True)
    # The code of a language; empty means what the browser says (`people.languages`).
    language = models.CharField(max_length=languages.LONGEST_CODE, blank=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = AccountManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="account_email_once")]
        # The rule asks at each list whether anybody is suspended.
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(suspended_at__isnull=False),
                name="account_suspended",
            )
        ]

    def __str__(self) -> str:
        return f"account {self.pk}"


class Profile(models.Model):
    """What other people may see of an account, and its owner's settings for their own pages."""

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True)
    name = models.CharField(max_length=80)
    words = models.TextField(max_length=2000, blank=True)
    paused_until = models.DateTimeField(null=True)
    not_today_until = models.DateTimeField(null=True)
    # Whether the photographs of one's own letters open with the page, unasked.
    opens_own_photographs = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"profile of {self.account_id}"


class Session(AbstractBaseSession):
    """A signed-in browser, or a visitor's. Deleting the row ends it at the next request."""

    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="sessions")
    began_at = models.DateTimeField(default=timezone.now)
    device = models.CharField(max_length=40, blank=True)

    objects: ClassVar[PreparedGet[Session]] = PreparedGet()  # type: ignore[assignment]

    class Meta:
        db_table = "people_session"

    def __str__(self) -> str:
        return f"session of {self.account_id}"

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        """Not used: the store knows its model (`people.sessions`), and not the other way round."""
        raise NotImplementedError


class Follow(models.Model):
    """`follower` asks to see `followed`'s new letters in their feed. It never grants access."""

    class State(models.TextChoices):
        """A declined or removed follower goes on seeing "asked": nobody is told that they were declined.

        Nor does withdrawing the request reveal it: `WITHDRAWN` keeps whether there was an answer.
        """

        REQUESTED = "requested"
        ACCEPTED = "accepted"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"

    follower = models.ForeignKey(Account, models.CASCADE, related_name="following")
    followed = models.ForeignKey(Account, models.CASCADE, related_name="followers")
    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follower", "followed"], name="follow_once"),
            models.CheckConstraint(
                condition=~Q(follower=F("followed")), name="follow_someone_else"
            ),
            models.CheckConstraint(
                condition=Q(state="requested", answered_at=None)
                | Q(state__in=["accepted", "declined"], answered_at__isnull=False)
                | Q(state="withdrawn"),
                name="follow_answered_by_someone",
            ),
        ]
        indexes = [models.Index(fields=["followed", "state"], name="follow_followed")]

    def __str__(self) -> str:
        return f"follow {self.pk}"


class Circle(models.Model):
    """People whom its owner chose. Members aren't told that they are in it, or who else is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(Account, models.CASCADE, related_name="circles")
    name = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint("owner", Lower("name"), name="circle_name_once")]

    def __str__(self) -> str:
        return f"circle {self.pk}"


class Membership(models.Model):
    """An account in a circle; if `from_now_on`, only for letters published since `added_at`."""

    circle = models.ForeignKey(Circle, models.CASCADE, related_name="memberships")
    account = models.ForeignKey(Account, models.CASCADE, related_name="memberships")
    added_at = models.DateTimeField()
    from_now_on = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["circle", "account"], name="membership_once")
        ]
        indexes = [models.Index(fields=["account", "circle"], name="membership_account")]

    def __str__(self) -> str:
        return f"membership {self.pk}"


class Block(models.Model):
    """Neither of the two sees anything of the other's, old letters included."""

    blocker = models.ForeignKey(Account, models.CASCADE, related_name="blocking")
    blocked = models.ForeignKey(Account, models.CASCADE, related_name="blocked_by")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="block_once"),
            models.CheckConstraint(condition=~Q(blocker=F("blocked")), name="block_someone_else"),
        ]
        indexes = [models.Index(fields=["blocked", "blocker"], name="block_blocked")]

    def __str__(self) -> str:
        return f"block {self.pk}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Queries for invitations."""

    def open_at(self, at: datetime) -> InvitationQuerySet:
        """Those that can still be used at `at`."""
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=at)


class Invitation(models.Model):
    """A link with which one person can join. Only a digest of its secret is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inviter = models.ForeignKey(Account, models.CASCADE, null=True, related_name="invitations")
    makes_host = models.BooleanField(default=False)
    name = models.CharField(max_length=80, blank=True)
    email = models.EmailField(blank=True)
    secret_digest = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    used_by = models.OneToOneField(
        Account, models.SET_NULL, null=True, related_name="came_by_invitation"
    )

    objects = InvitationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class Delegation(models.Model):
    """An author lets somebody do one thing for them. It is in force while both have signed and neither has ended it.

    A steward has to wait: `asked_to_act_at` begins a term in which the author can say no. `hands_over` is
    what the steward may then download of the author's, as an archive; the author signed that too.
    """

    class Role(models.TextChoices):
        """On screens: someone who reads first, someone who writes for us, someone for after."""

        SCREENER = "screener"
        TELLER = "teller"
        STEWARD = "steward"

    class HandsOver(models.TextChoices):
        """What a steward's archive contains; `SHOWN` leaves out the originals."""

        NOTHING = "nothing"
        SHOWN = "shown"
        EVERYTHING = "everything"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    author = models.ForeignKey(Account, models.CASCADE, related_name="delegations")
    delegate = models.ForeignKey(Account, models.CASCADE, related_name="delegated")
    role = models.CharField(max_length=8, choices=Role)
    hands_over = models.CharField(max_length=10, choices=HandsOver, default=HandsOver.NOTHING)
    message = models.TextField(max_length=2000, blank=True)
    offered_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    asked_to_act_at = models.DateTimeField(null=True)
    acts_from = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["author", "delegate", "role"],
                condition=Q(ended_at=None),
                name="delegation_once",
            ),
            models.CheckConstraint(
                condition=~Q(author=F("delegate")), name="delegation_to_someone_else"
            ),
            models.CheckConstraint(
                condition=Q(asked_to_act_at=None, acts_from=None)
                | Q(role="steward", asked_to_act_at__isnull=False, acts_from__isnull=False),
                name="delegation_only_a_steward_waits",
            ),
            models.CheckConstraint(
                condition=Q(role="steward") | Q(hands_over="nothing"),
                name="delegation_only_a_steward_hands_over",
            ),
        ]
        indexes = [models.Index(fields=["delegate", "role", "ended_at"], name="delegation_held")]

    def __str__(self) -> str:
        return f"delegation {self.pk}"


# Django looks for an app's models in this module.
from beside.people import sign_in_models  # noqa: E402, F401
from beside.people.account_closure_models import AccountClosure as AccountClosure  # noqa: E402
from beside.people.directory_entry_models import DirectoryEntry as DirectoryEntry  # noqa: E402
from beside.people.directory_entry_models import (  # noqa: E402
    DirectoryLanguage as DirectoryLanguage,
)
from beside.people.host_models import HostAct as HostAct  # noqa: E402
from beside.people.moderator_models import AddressSuspension as AddressSuspension  # noqa: E402
from beside.people.moderator_models import Moderator as Moderator  # noqa: E402
from beside.people.mute_models import Mute as Mute  # noqa: E402
from beside.people.narrowing_models import Narrowing as Narrowing  # noqa: E402
