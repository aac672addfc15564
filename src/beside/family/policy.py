"""Who sees a family, and how much of it: docs/access.md, *A family*.

Everything that shows a family asks here. Nothing here changes a row.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from beside.access.conditions import Viewer
from beside.access.policy import visible_to
from beside.access.profiles import people_known_to
from beside.family.models import (
    Family,
    FamilyAudience,
    FamilyGrant,
    FamilyMember,
    TimelineEntry,
)


def families_visible_to(viewer: Viewer) -> QuerySet[Family]:
    """The families that `viewer` may see anything of. Somebody who isn't signed in sees none."""
    me = viewer.account
    if me is None:
        return Family.objects.none()
    reaches = Q(audience=FamilyAudience.ANYONE) | _names(me)
    # Whoever may open the keeper's page isn't apart from them by a block, a suspension or a closed account.
    others = Q(closed_at=None) & reaches & Q(keeper__in=people_known_to(me))
    return Family.objects.filter(Q(keeper=me) | others)


def entries_visible_to(family: Family, viewer: Viewer, *, at: datetime) -> list[TimelineEntry]:
    """The entries of `family`, which `viewer` may see, that are for them, in no order, with their letters if they see those.

    Others than its keeper see none that is put away, is about somebody who was taken off, or is of a letter that they
    don't see. An entry whose letter its keeper doesn't see has no `post` for them.
    """
    is_keeper = viewer.account == family.keeper_id
    entries = TimelineEntry.objects.filter(family=family, family__in=families_visible_to(viewer))
    if not is_keeper:
        off = FamilyMember.objects.filter(entries=OuterRef("pk"), taken_off_at__isnull=False)
        entries = entries.filter(~Exists(off), put_away_at=None)
    found = list(entries)
    posts = {entry.post_id for entry in found if entry.post_id}
    seen = (
        {post.pk: post for post in visible_to(viewer, at=at).filter(pk__in=posts)} if posts else {}
    )
    for entry in found:
        entry.post = seen.get(entry.post_id) if entry.post_id else None
    return [entry for entry in found if is_keeper or entry.post or not entry.of_letter]


def members_visible_to(family: Family, viewer: Viewer) -> QuerySet[FamilyMember]:
    """The members of `family`, in the order in which they were added; others than its keeper see none who was taken off."""
    members = FamilyMember.objects.filter(family=family, family__in=families_visible_to(viewer))
    if viewer.account != family.keeper_id:
        members = members.filter(taken_off_at=None)
    return members.order_by("added_at", "pk")


def _names(me: UUID) -> Q:
    """Whether the family is for people named, and `me` is one, or in a circle named."""
    grants = FamilyGrant.objects.filter(family=OuterRef("pk"))
    counts = Q(circle__memberships__from_now_on=False) | Q(
        circle__memberships__added_at__lte=OuterRef("shared_at")
    )
    by_name = Q(Exists(grants.filter(account=me)))
    by_circle = Q(Exists(grants.filter(counts, circle__memberships__account=me)))
    return Q(audience=FamilyAudience.PEOPLE) & (by_name | by_circle)
