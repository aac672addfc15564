"""The condition that a post is suspended, for everything that asks: the rule, links, and its authors' pages."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from beside.people.models import Account
from beside.posts.models.authorship import Authorship


def is_suspended(*, through: str = "") -> Q:
    """Whether a post is suspended, or one of its authors is; `through` is the lookup to the post, as `"post__"`."""
    suspended = Account.objects.filter(suspended_at__isnull=False)
    # Nearly always nobody is. A database asks that once, and the rest of it for each row of a list.
    by_suspended = Authorship.objects.filter(post=OuterRef(f"{through}pk"), account__in=suspended)
    itself = Q(**{f"{through}suspended_at__isnull": False})
    return itself | Q(Exists(suspended)) & Q(Exists(by_suspended))
