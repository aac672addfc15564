"""Whether a letter is on the open shelf, where people find it whom nobody has told of it."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from beside.posts.models import Audience, Authorship, Post, is_suspended


def is_on_shelf() -> Q:
    """Whether a post is on the shelf, for `Post` rows. Who sees it there is the rule's to say (`access.policy`)."""
    silent = Authorship.objects.filter(post=OuterRef("pk"), may_be_found=False)
    said = Authorship.objects.filter(may_be_found=True)
    return Q(
        ~Exists(silent),
        ~is_suspended(),
        pk__in=said.values("post"),
        state=Post.State.PUBLISHED,
        words_for=Audience.ANYONE,
    )
