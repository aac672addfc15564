"""Links that show one post to one person without an account."""

from __future__ import annotations

import uuid

from django.db import models

from beside.people.models import Account, Session
from beside.posts.models.post import Post


class ShareLink(models.Model):
    """A link with which one named person, without an account, sees one post. It ends by itself.

    Only a digest of its secret is kept. It opens nothing until each of the post's authors
    has said yes to it (`ShareLinkApproval`), and any one of them ends it. `went_out_at` is when its maker or a mail was
    given the secret: until then it can be another without anybody missing it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, related_name="share_links")
    maker = models.ForeignKey(Account, models.CASCADE, related_name="share_links")
    name = models.CharField(max_length=80)
    said = models.TextField(max_length=2000, blank=True)
    address = models.EmailField(blank=True)
    with_photographs = models.BooleanField(default=False)
    secret_digest = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    went_out_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    bound_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["post", "ended_at"], name="share_link_of_post")]

    def __str__(self) -> str:
        return f"share link {self.pk}"


class ShareLinkApproval(models.Model):
    """One author's yes to a link for one person."""

    link = models.ForeignKey(ShareLink, models.CASCADE, related_name="yeses")
    account = models.ForeignKey(Account, models.CASCADE, related_name="link_yeses")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "account"], name="link_yes_once")]

    def __str__(self) -> str:
        return f"link yes {self.pk}"


class ShareLinkDevice(models.Model):
    """A link was opened in a browser. The first is the person's own; any other waits for an author."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    link = models.ForeignKey(ShareLink, models.CASCADE, related_name="devices")
    session = models.ForeignKey(Session, models.CASCADE, related_name="link_devices")
    device = models.CharField(max_length=40, blank=True)
    opened_at = models.DateTimeField()
    allowed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "session"], name="link_device_once")]

    def __str__(self) -> str:
        return f"link device {self.pk}"
