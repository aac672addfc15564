"""Links that show one post to one person without an account."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q

from beside.people.models import Account, Session
from beside.posts.models.authorship import Authorship
from beside.posts.models.post import Post
from beside.posts.models.suspension import is_suspended


def link_is_alive(at: datetime, *, through: str = "") -> Q:
    """The condition that a link has not ended at `at`; `through` is the lookup to the link, as `"link__"`."""
    return Q(**{f"{through}ended_at": None, f"{through}ends_at__gt": at})


class ShareLinkQuerySet(models.QuerySet["ShareLink"]):
    """Filters for share links."""

    def not_ended(self) -> ShareLinkQuerySet:
        """Links that nobody has ended; the term of some may have run out since `share_links.lapse`."""
        return self.filter(ended_at=None)

    def alive(self, at: datetime) -> ShareLinkQuerySet:
        """Links that have not ended at `at`; some may still lack an author's approval."""
        return self.filter(link_is_alive(at))

    def agreed(self, at: datetime) -> ShareLinkQuerySet:
        """Links alive at `at` that were made by one of the post's authors and approved by each of them."""
        approved = ShareLinkApproval.objects.filter(
            link=OuterRef(OuterRef("pk")), account=OuterRef("account")
        )
        pending = Authorship.objects.filter(~Exists(approved), post=OuterRef("post"))
        by_author = Authorship.objects.filter(post=OuterRef("post"), account=OuterRef("maker"))
        return self.alive(at).filter(~Exists(pending) & Q(Exists(by_author)))

    def openable(self, at: datetime) -> ShareLinkQuerySet:
        """Links that open something at `at`: every author has agreed, and the post is published and not suspended."""
        shown = self.agreed(at).filter(post__state=Post.State.PUBLISHED)
        return shown.exclude(is_suspended(through="post__"))

    def to_be_mailed(self) -> ShareLinkQuerySet:
        """Links for an e-mail address whose secret has been given to nobody yet."""
        return self.filter(went_out_at=None).exclude(address="")


class ShareLink(models.Model):
    """A link that shows one post to one named person without an account, until it ends.

    Only a digest of its secret is kept. It opens nothing until each of the post's authors has
    approved it (`ShareLinkApproval`), and any one of them can end it. `went_out_at` is when the
    secret was given to its maker or put into a mail: until then it can be replaced unnoticed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="share_links")
    maker = models.ForeignKey(Account, models.CASCADE, related_name="share_links")
    name = models.CharField(max_length=80)
    message = models.TextField(max_length=2000, blank=True)
    address = models.EmailField(blank=True)
    with_photographs = models.BooleanField(default=False)
    secret_digest = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    went_out_at = models.DateTimeField(null=True)
    # The id of its mail, while the mail server hasn't taken it yet.
    waiting_mail = models.UUIDField(null=True)
    delivered_at = models.DateTimeField(null=True)
    bound_at = models.DateTimeField(null=True)

    objects = ShareLinkQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["post", "ended_at"], name="share_link_of_post"),
            models.Index(
                fields=["waiting_mail"],
                condition=Q(waiting_mail__isnull=False),
                name="share_link_mail_waits",
            ),
        ]

    def __str__(self) -> str:
        return f"share link {self.pk}"


class ShareLinkApproval(models.Model):
    """One author has approved a share link."""

    link = models.ForeignKey(ShareLink, models.CASCADE, related_name="approvals")
    account = models.ForeignKey(Account, models.CASCADE, related_name="share_link_approvals")
    approved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "account"], name="share_link_approval_once")
        ]

    def __str__(self) -> str:
        return f"share link approval {self.pk}"


class ShareLinkDevice(models.Model):
    """A browser that opened a share link. The first is the person's own; any other waits for the link's maker."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    link = models.ForeignKey(ShareLink, models.CASCADE, related_name="devices")
    session = models.ForeignKey(Session, models.CASCADE, related_name="share_link_devices")
    device = models.CharField(max_length=40, blank=True)
    opened_at = models.DateTimeField()
    allowed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "session"], name="share_link_device_once")
        ]

    def __str__(self) -> str:
        return f"share link device {self.pk}"
