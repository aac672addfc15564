"""The rule for a photograph's bytes in fewer questions, for delivery, which asks the whole one wherever these say no.

PostgreSQL prepares each question of a statement whether or not it comes to be asked, and the rule has a hundred.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import BooleanField, Case, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.lookups import GreaterThanOrEqual

from beside.access import conditions, policy
from beside.access.conditions import Asker
from beside.access.policy import SeenPhoto, Sight, Viewer
from beside.photos.models import Photo
from beside.posts.models import Post


def with_openness_in_posts(
    photos: QuerySet[Photo], viewer: Viewer, *, at: datetime
) -> QuerySet[SeenPhoto]:
    """`photos`, each with `is_open` as `policy.with_openness` has it, but false for the portrait of a profile page.

    The two sentences about what its post's viewer sees become one question, and the last, about
    portraits, isn't asked. So it says yes to nothing that the whole rule says no to.
    """
    *before, _chosen, _laid_open, _portrait = policy.rule_of_a_photograph(viewer, at)
    sight = policy.sight_asked_by(Asker.of(viewer, at))
    posts = Post.objects.filter(placed__photo=OuterRef("pk")).annotate(sight=sight)
    needed = Case(
        When(conditions.has_consented(viewer, at), then=Value(Sight.VEIL)),
        default=Value(Sight.PHOTOGRAPHS),
    )
    sees_enough = GreaterThanOrEqual(Subquery(posts.values("sight")[:1]), needed)
    return photos.annotate(
        is_open=Case(
            *(When(holds, then=Value(sent)) for _, holds, sent in before),
            When(sees_enough, then=Value(True)),  # noqa: FBT003
            default=Value(False),  # noqa: FBT003
            output_field=BooleanField(),
        )
    )
