"""The one rule: how much of each post, and which photographs, a viewer may see.

Pages, lists, "who can see this", "read it as" and the delivery of photographs all ask the
two rules below. Each is a list of sentences, the same as in docs/access.md and in the same
order; the first that holds decides.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from django.db.models import (
    BooleanField,
    Case,
    IntegerChoices,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.lookups import GreaterThanOrEqual

from beside.access import conditions
from beside.access.compiled import (
    ACCOUNT,
    AT,
    POST,
    SESSION,
    Expression,
    as_time,
    expression,
    from_uuid,
)
from beside.access.conditions import NEVER, NOBODY, Asker, Viewer
from beside.people.models import Account
from beside.photos.models import Photo
from beside.posts.models import Grant, Post
from beside.querysets.prepared import prepared


class Sight(IntegerChoices):
    """How much of a post somebody sees. `DOOR` is the words, and the door to the photographs."""

    NOTHING = 0
    WORDS = 1
    DOOR = 2
    VEIL = 3
    PHOTOGRAPHS = 4


__all__ = [
    "NOBODY",
    "NothingToSee",
    "SeenPhoto",
    "SeenPost",
    "Sight",
    "Viewer",
    "people_who_see",
    "photographs_of",
    "see",
    "visible_to",
    "why",
    "with_openness",
    "with_sight",
]
PUBLISHED = Post.State.PUBLISHED


class NothingToSee(Exception):
    """What was asked for doesn't exist for this viewer. It becomes the one 404 page."""


if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Seen(TypedDict):
        sight: int

    class _Open(TypedDict):
        is_open: bool

    SeenPost = WithAnnotations[Post, _Seen]
    SeenPhoto = WithAnnotations[Photo, _Open]
else:
    SeenPost = Post
    SeenPhoto = Photo


def visible_to(viewer: Viewer, *, at: datetime) -> QuerySet[SeenPost]:
    """Every post of which `viewer` may see anything at `at`, each with its `sight`, in no order."""
    return with_sight(Post.objects.all(), viewer, at=at).filter(sight__gt=Sight.NOTHING)


def see(viewer: Viewer, post_id: UUID, *, at: datetime) -> SeenPost:
    """The post, with how much of it `viewer` sees at `at` (`sight`); raises `NothingToSee`."""
    post: SeenPost | None = _seen.first(viewer.account, viewer.session, at, post_id)
    if post is None or post.sight == Sight.NOTHING:
        raise NothingToSee
    return post


@prepared
def _seen(me: UUID | None, session: str | None, at: datetime, pk: UUID) -> QuerySet[SeenPost]:
    return with_sight(Post.objects.filter(pk=pk), Viewer(me, session), at=at)


def with_sight(posts: QuerySet[Post], viewer: Viewer, *, at: datetime) -> QuerySet[SeenPost]:
    """`posts`, each with the `sight` that `viewer` has of it at `at`."""
    return posts.annotate(sight=_compiled_sight(*_viewer_kind(viewer)).bind(**_values(viewer, at)))


def photographs_of(
    post: Post, viewer: Viewer, *, at: datetime, met: int | None = None
) -> QuerySet[SeenPhoto]:
    """The photographs in `post`, in order, each with `is_open` for `viewer` at `at`.

    `post` must come from `see`, as its sight decides what may be said about a photograph that
    isn't open: that it exists, and nothing else. Pass that sight as `met`, so that the rule
    for the post isn't asked again.
    """
    photos = Photo.objects.filter(placed__post=post).order_by("placed__position")
    return with_openness(photos, viewer, at=at, met=met)


def with_openness(
    photos: QuerySet[Photo], viewer: Viewer, *, at: datetime, met: int | None = None
) -> QuerySet[SeenPhoto]:
    """`photos`, each with `is_open`: whether `viewer` may be sent its bytes at `at`.

    Pass `met` only if the viewer has exactly this sight of the post of each of them.
    """
    return photos.annotate(
        is_open=_compiled_is_open(*_viewer_kind(viewer), met).bind(**_values(viewer, at))
    )


def people_who_see(post: Post) -> QuerySet[Account]:
    """Every account that sees anything of `post`, including its authors, each with its `sight`.

    It is the same expression as for one viewer, asked about all of them. Somebody who sees the
    post through a link has no account and isn't among them (`posts.share_links`).
    """
    sight = _compiled_sight_of_everybody().bind(post=from_uuid(post.pk))
    people = Account.objects.filter(is_active=True).annotate(sight=sight)
    return people.filter(sight__gt=Sight.NOTHING)


def why(viewer: Viewer, post_id: UUID, *, at: datetime) -> str:
    """The sentence that decides how much of a post `viewer` sees at `at`."""
    rule = rule_asked_by(Asker.of(viewer, at))
    cases = [When(holds, then=Value(number)) for number, (_, holds, _) in enumerate(rule)]
    deciding = Case(*cases, default=Value(-1), output_field=IntegerField())
    posts = Post.objects.filter(pk=post_id).annotate(deciding=deciding)
    number = posts.values_list("deciding").first()
    if number is None:
        return NO_SUCH_POST
    return OTHERWISE_OPEN if number[0] == -1 else rule[number[0]][0]


def rule_asked_by(asker: Asker) -> list[tuple[str, Q, Sight]]:
    """The rule for posts, for `Post` rows, in the sentences' order."""
    nothing, words, me = Sight.NOTHING, Sight.WORDS, asker.me
    reach_words = conditions.reaches("words", Grant.What.WORDS, asker)
    reach_photographs = conditions.reaches("photographs", Grant.What.PHOTOGRAPHS, asker)
    shut = conditions.is_suspended()
    unseen = shut | conditions.is_blocked(me) | ~reach_words
    at_the_door = ~reach_photographs & conditions.has_door(me)
    return [
        ("Its authors see all of it.", conditions.is_author(me), Sight.PHOTOGRAPHS),
        ("Nobody else sees it unless it is published.", ~Q(state=PUBLISHED), nothing),
        (
            BY_A_LOOK,
            conditions.has_look(asker) & unseen,
            words,
        ),
        ("While it is suspended, or one of its authors is, nobody else sees it.", shut, nothing),
        ("Somebody who is suspended sees nothing.", conditions.is_suspended_viewer(me), nothing),
        (
            "Somebody who has blocked one of its authors, or is blocked by one, sees nothing.",
            conditions.is_blocked(me),
            nothing,
        ),
        ("Somebody whom its words are not for sees nothing.", ~reach_words, nothing),
        (
            "If none of its photographs is ready, only its words are seen.",
            ~conditions.has_photographs(),
            words,
        ),
        ("Somebody who may ask to be let in sees the words and the door.", at_the_door, Sight.DOOR),
        ("Anybody else whom only its words are for sees the words.", ~reach_photographs, words),
        ("While it is veiled, its photographs are folded.", Q(veiled=True), Sight.VEIL),
    ]


BY_A_LOOK = (
    "A moderator who has written down why sees the words of a letter that they wouldn't see."
)
NO_SUCH_POST = "There is no such post."
OTHERWISE_OPEN = "Otherwise its photographs are open."


def sight_asked_by(asker: Asker) -> Case:
    """The rule for posts, as one expression for `Post` rows."""
    cases = (When(holds, then=Value(sight)) for _, holds, sight in rule_asked_by(asker))
    return Case(*cases, default=Value(Sight.PHOTOGRAPHS), output_field=IntegerField())


@lru_cache
def _compiled_sight(signed_in: bool, in_a_visit: bool) -> Expression:
    asker = Asker.of(_placeholder(signed_in, in_a_visit), AT)
    return expression(Post.objects.annotate(sight=sight_asked_by(asker)), "sight")


@lru_cache
def _compiled_sight_of_everybody() -> Expression:
    everybody = Asker(OuterRef(OuterRef("pk")))
    one = Post.objects.filter(pk=POST).annotate(sight=sight_asked_by(everybody)).values("sight")
    return expression(Account.objects.annotate(sight=Subquery(one[:1])), "sight")


@lru_cache
def _compiled_is_open(signed_in: bool, in_a_visit: bool, met: int | None) -> Expression:
    is_open = _is_open(_placeholder(signed_in, in_a_visit), AT, met)
    return expression(Photo.objects.annotate(is_open=is_open), "is_open")


def _viewer_kind(viewer: Viewer) -> tuple[bool, bool]:
    return viewer.account is not None, viewer.session is not None


def _placeholder(signed_in: bool, in_a_visit: bool) -> Viewer:
    return Viewer(ACCOUNT if signed_in else None, SESSION if in_a_visit else None)


def _values(viewer: Viewer, at: datetime) -> dict[str, object]:
    account = None if viewer.account is None else from_uuid(viewer.account)
    return {"account": account, "session": viewer.session, "at": as_time(at)}


def rule_of_a_photograph(
    viewer: Viewer, at: datetime, met: int | None = None
) -> list[tuple[str, Q, bool]]:
    """The rule for one photograph's bytes, for `Photo` rows."""
    me = viewer.account
    asker = Asker.of(viewer, at)
    chosen = conditions.has_consented(viewer, at) & _is_met(Sight.VEIL, asker, met)
    laid_open = _is_met(Sight.PHOTOGRAPHS, asker, met)
    portrait = conditions.is_portrait_for(me) if met is None else NEVER
    return [
        ("A photograph that is not ready is sent to nobody.", ~Q(state=Photo.State.READY), False),
        (
            "Someone who has hidden it from themselves is not sent it.",
            conditions.is_hidden(me),
            False,
        ),
        ("Somebody who holds its original is sent it.", conditions.is_holder(me), True),
        (
            "So is a moderator who has written down why they look at this one in its published letter.",
            conditions.has_look_at_photograph(asker),
            True,
        ),
        (
            "So is a reader who may look at its post's photographs and has chosen to look at this one.",
            chosen,
            True,
        ),
        ("So is a reader to whom its post's photographs are open.", laid_open, True),
        (
            "If it is in no post, so is anybody who may open the profile page that it heads.",
            portrait,
            True,
        ),
    ]


OTHERWISE_NOT_SENT = "Otherwise it is not sent."


def _is_open(viewer: Viewer, at: datetime, met: int | None) -> Case:
    rule = rule_of_a_photograph(viewer, at, met)
    return Case(
        *(When(holds, then=Value(sent)) for _, holds, sent in rule),
        default=Value(False),  # noqa: FBT003
        output_field=BooleanField(),
    )


def _is_met(sight: Sight, asker: Asker, met: int | None) -> Q:
    """Whether the asker has at least `sight` of the post that the photograph is in."""
    if met is not None:
        return ~NEVER if met >= sight else NEVER
    post = Post.objects.filter(placed__photo=OuterRef("pk")).annotate(sight=sight_asked_by(asker))
    return Q(GreaterThanOrEqual(Subquery(post.values("sight")[:1]), sight))
