"""Whether a letter is on the open shelf, where people find it whom nobody has told of it."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from beside.posts.models import Audience, Authorship, Post, is_suspended


def is_on_shelf(*, of_few: bool = False) -> Q:
    """Whether a post is on the shelf, for `Post` rows. Who sees it there is the rule's to say (`access.policy`).

    Asked `of_few` posts, it looks at each; otherwise a database begins with all on the shelf.
    """
    silent = Authorship.objects.filter(post=OuterRef("pk"), may_be_found=False)
    said = Authorship.objects.filter(may_be_found=True)
    each = Q(Exists(said.filter(post=OuterRef("pk"))))
    return Q(
        each if of_few else Q(pk__in=said.values("post")),
        ~Exists(silent),
        ~is_suspended(),
        state=Post.State.PUBLISHED,
        words_for=Audience.ANYONE,
    )
