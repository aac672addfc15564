"""The rule for a photograph's bytes in fewer questions, for delivery, which asks the whole one wherever these say no.

PostgreSQL prepares each question of a statement whether or not it comes to be asked, and the rule has a hundred.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import (
    BooleanField,
    Case,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
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
    rule = policy.rule_of_a_photograph(viewer, at)
    return _with_openness(photos, rule, conditions.has_consented(viewer, at), Asker.of(viewer, at))


def with_openness_for_named(
    photos: QuerySet[Photo], viewer: Viewer, *, at: datetime
) -> QuerySet[SeenPhoto]:
    """The same for somebody with an account, but without links, moderators' looks, and being let in at a door.

    None of them ever takes anything away: so this too says yes to nothing that the whole rule says no to. It has
    a quarter of its questions.
    """
    me = viewer.account
    rule = policy.rule_of_a_photograph(Viewer(me), at)
    asker = Asker(me, only_as_named=True)
    return _with_openness(photos, rule, conditions.has_consented(viewer, at), asker)


def _with_openness(
    photos: QuerySet[Photo], rule: list[tuple[str, Q, bool]], consented: Q, asker: Asker
) -> QuerySet[SeenPhoto]:
    *before, _chosen, _laid_open, _portrait = rule
    posts = Post.objects.filter(placed__photo=OuterRef("pk")).annotate(sight=_sight(asker))
    needed = Case(
        When(consented, then=Value(Sight.VEIL)),
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


def _sight(asker: Asker) -> Case:
    """`policy.sight_asked_by` without the two sentences that only say how much less than a photograph is seen.

    Where a look or a door decides, what follows in the rule says no more than they do: nothing, or words alone.
    """
    cases = (
        When(holds, then=Value(sight))
        for sentence, holds, sight in policy.rule_asked_by(asker)
        if sight is not Sight.DOOR and sentence != policy.BY_A_LOOK
    )
    otherwise = Value(Sight.PHOTOGRAPHS)
    return Case(*cases, default=otherwise, output_field=IntegerField())
