"""The one rule: how much of each post, and which photographs, a viewer may see.

Pages, lists, "who can see this", "see it as" and the delivery of bytes are all
answered from the two rules below. Each is a list of sentences, those of docs/access.md
in the same order; the first that holds decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    IntegerChoices,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Lower
from django.db.models.lookups import GreaterThanOrEqual

from beside.access.acquaintance import people_known_to
from beside.access.models import Admission, Consent, KeptOut, LinkDevice, LinkYes
from beside.people.models import Account, Block
from beside.photos.models import HeldUnseen, Hold, Photo, Portrait
from beside.posts.models import Audience, Authorship, Grant, PlacedPhoto, Post

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Sight(IntegerChoices):
    """How much of a post somebody meets. `DOOR` is the words, and the door to the photographs."""

    NOTHING = 0
    WORDS = 1
    DOOR = 2
    VEIL = 3
    PHOTOGRAPHS = 4


Me = UUID | OuterRef | None
NEVER = Q(pk__in=[])
PUBLISHED = Post.State.PUBLISHED


class NothingToSee(Exception):
    """Whatever was asked for is not there, for this viewer. It becomes the one 404 page."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking: an account, or nobody, in a visit that may have a session.

    `session` is the session's key. Consents of a visit hang on it, and links that were opened in it.
    """

    account: UUID | None = None
    session: str | None = None


NOBODY = Viewer()


if TYPE_CHECKING:

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
    """Every post `viewer` may know of at `at`, each with its `sight`, in no order."""
    return with_sight(Post.objects.all(), viewer, at=at).filter(sight__gt=Sight.NOTHING)


def see(viewer: Viewer, post_id: UUID, *, at: datetime) -> SeenPost:
    """The post and how much of it `viewer` meets at `at`; raises `NothingToSee`."""
    post = with_sight(Post.objects.filter(pk=post_id), viewer, at=at).first()
    if post is None or post.sight == Sight.NOTHING:
        raise NothingToSee
    return post


def with_sight(posts: QuerySet[Post], viewer: Viewer, *, at: datetime) -> QuerySet[SeenPost]:
    """`posts`, each with the `sight` that `viewer` has of it at `at`."""
    return posts.annotate(sight=_sight(_Asker.of(viewer, at)))


def photographs_of(
    post: Post, viewer: Viewer, *, at: datetime, met: int | None = None
) -> QuerySet[SeenPhoto]:
    """The photographs lying in `post`, in order, each with `is_open` for `viewer` at `at`.

    Only for a post that `see` has given: what may be said of a photograph that is not
    open (that it is there, and nothing else) depends on the post's sight. Give that as
    `met`, and the rule for the post is not asked a second time.
    """
    photos = Photo.objects.filter(placed__post=post).order_by("placed__position")
    return with_openness(photos, viewer, at=at, met=met)


def with_openness(
    photos: QuerySet[Photo], viewer: Viewer, *, at: datetime, met: int | None = None
) -> QuerySet[SeenPhoto]:
    """`photos`, each with `is_open`: whether `viewer` may be sent its bytes at `at`.

    `met` is only for photographs that lie in posts of which the viewer has this very sight.
    """
    return photos.annotate(is_open=_is_open(viewer, at, met))


def people_who_see(post: Post) -> QuerySet[Account]:
    """Every account here that meets anything of `post`, each with its `sight`; authors too.

    The same expression as for one viewer, asked of all of them. Whoever sees it by a link
    has no account, and is not among them (`access.links`).
    """
    everybody = _Asker(OuterRef(OuterRef("pk")))
    one = Post.objects.filter(pk=post.pk).annotate(sight=_sight(everybody))
    return (
        Account.objects.filter(is_active=True)
        .annotate(sight=Subquery(one.values("sight")[:1]))
        .filter(sight__gt=Sight.NOTHING)
    )


def why(viewer: Viewer, post_id: UUID, *, at: datetime) -> str:
    """The sentence that decided how much of a post `viewer` meets at `at`."""
    rule = rule_of_a_post(viewer, at)
    cases = [When(holds, then=Value(number)) for number, (_, holds, _) in enumerate(rule)]
    deciding = Case(*cases, default=Value(-1), output_field=IntegerField())
    number = (
        Post.objects.filter(pk=post_id).annotate(deciding=deciding).values_list("deciding").first()
    )
    if number is None:
        return NO_SUCH_POST
    return OTHERWISE_OPEN if number[0] == -1 else rule[number[0]][0]


def rule_of_a_post(viewer: Viewer, at: datetime) -> list[tuple[str, Q, Sight]]:
    """The rule for posts, for `Post` rows."""
    return _rule_of_a_post(_Asker.of(viewer, at))


@dataclass(frozen=True, slots=True)
class _Asker:
    """Whom the rule is asked for: `me` is an account's id, an expression for one, or None.

    Links are opened in a session, and each for a time: without the two, no link counts.
    """

    me: Me
    session: str | None = None
    at: datetime | None = None

    @classmethod
    def of(cls, viewer: Viewer, at: datetime) -> _Asker:
        return cls(viewer.account, viewer.session, at)


def _rule_of_a_post(asker: _Asker) -> list[tuple[str, Q, Sight]]:
    nothing, words, me = Sight.NOTHING, Sight.WORDS, asker.me
    reach_words = _reaches("words", Grant.What.WORDS, asker)
    reach_photographs = _reaches("photographs", Grant.What.PHOTOGRAPHS, asker)
    at_the_door = ~reach_photographs & _has_door(me)
    return [
        ("Its authors meet all of it.", _is_author(me), Sight.PHOTOGRAPHS),
        ("Nobody else meets it unless it is published.", ~Q(state=PUBLISHED), nothing),
        ("A block between them and any of its authors hides it.", _is_blocked(me), nothing),
        ("Whoever its words are not for meets nothing.", ~reach_words, nothing),
        ("Without a photograph that is ready there are only words.", ~_has_photographs(), words),
        ("Whoever may ask to be let in meets the words and the door.", at_the_door, Sight.DOOR),
        ("Whoever else only its words are for meets the words.", ~reach_photographs, words),
        ("While it is veiled, its photographs are folded.", Q(veiled=True), Sight.VEIL),
    ]


NO_SUCH_POST = "There is no such post."
OTHERWISE_OPEN = "Otherwise its photographs lie open."


def _sight(asker: _Asker) -> Case:
    return Case(
        *(When(holds, then=Value(sight)) for _, holds, sight in _rule_of_a_post(asker)),
        default=Value(Sight.PHOTOGRAPHS),
        output_field=IntegerField(),
    )


def rule_of_a_photograph(
    viewer: Viewer, at: datetime, met: int | None = None
) -> list[tuple[str, Q, bool]]:
    """The rule for one photograph's bytes, for `Photo` rows."""
    me = viewer.account
    asker = _Asker.of(viewer, at)
    chosen = _has_consented(viewer, at) & _is_met(Sight.VEIL, asker, met)
    laid_open = _is_met(Sight.PHOTOGRAPHS, asker, met)
    portrait = _is_portrait_for(me) if met is None else NEVER
    return [
        ("A photograph that is not ready is sent to nobody.", ~Q(state=Photo.State.READY), False),
        ("Nor to someone for whom it is closed.", _is_held_unseen(me), False),
        ("Whoever holds its original is sent it.", _is_holder(me), True),
        ("So is whoever its post lets choose, and who has chosen this one.", chosen, True),
        ("So is whoever meets the photographs of its post lying open.", laid_open, True),
        (
            "So is whoever may open the page at whose top it stands, if it lies in no post.",
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


def _is_met(sight: Sight, asker: _Asker, met: int | None) -> Q:
    """Whether the post that the photograph lies in is met with at least `sight`."""
    if met is not None:
        return ~NEVER if met >= sight else NEVER
    post = Post.objects.filter(placed__photo=OuterRef("pk")).annotate(sight=_sight(asker))
    return Q(GreaterThanOrEqual(Subquery(post.values("sight")[:1]), sight))


def _is_author(me: Me) -> Q:
    if me is None:
        return NEVER
    return Q(Exists(Authorship.objects.filter(post=OuterRef("pk"), account=me)))


def _is_blocked(me: Me) -> Q:
    """Between `me` and any one of the post's authors, whichever of them blocked."""
    if me is None:
        return NEVER
    by_author = Block.objects.filter(blocked=me, blocker__authorships__post=OuterRef("pk"))
    by_me = Block.objects.filter(blocker=me, blocked__authorships__post=OuterRef("pk"))
    return Q(Exists(by_author)) | Q(Exists(by_me))


def _reaches(part: str, what: Grant.What, asker: _Asker) -> Q:
    """Whether the asker is among those that the post's words, or photographs, are for."""
    for_anyone = Q(**{f"{part}_for": Audience.ANYONE})
    by_link = _has_link(asker, what)
    me = asker.me
    if me is None:
        return for_anyone & Q(**{f"{part}_signed_in": False}) | by_link
    granted = Grant.objects.filter(post=OuterRef("pk"), what=what)
    by_name = Q(Exists(granted.filter(account=me)))
    counts = Q(circle__memberships__from_now_on=False) | Q(
        circle__memberships__added_at__lte=OuterRef("published_at")
    )
    by_circle = Q(Exists(granted.filter(counts, circle__memberships__account=me)))
    for_people = Q(**{f"{part}_for__in": (Audience.PEOPLE, Audience.LET_IN)})
    for_let_in = Q(**{f"{part}_for": Audience.LET_IN})
    named = for_people & (by_name | by_circle)
    return for_anyone | named | for_let_in & _is_let_in(me) | by_link


def _has_door(me: Me) -> Q:
    """Only somebody who is signed in can ask; a visitor does not learn that there are photographs."""
    return NEVER if me is None else Q(photographs_for=Audience.LET_IN)


def _is_let_in(me: Me) -> Q:
    """Let in at its own door, or to everything that exactly its authors wrote; and kept out by none."""
    through, post = Admission.by.through.objects, OuterRef(OuterRef("pk"))
    mine = Admission.objects.filter(account=me)
    let_in_by = through.filter(admission=OuterRef(OuterRef("pk")), account=OuterRef("account"))
    one_did_not = Authorship.objects.filter(~Exists(let_in_by), post=post)
    writes_it = Authorship.objects.filter(post=OuterRef(post), account=OuterRef("account"))
    one_is_no_author = through.filter(~Exists(writes_it), admission=OuterRef("pk"))
    everywhere = mine.filter(~Exists(one_did_not), ~Exists(one_is_no_author), is_shared=True)
    at_a_door = Q(Exists(mine.filter(post=OuterRef("pk"))))
    at_another = Q(door_is_shared=True) & Q(Exists(everywhere))
    return (at_a_door | at_another) & ~_is_kept_out(me)


def _is_kept_out(me: Me) -> Q:
    """By any one of its authors, by account or by mail address."""
    by_an_author = KeptOut.objects.filter(
        Q(account=OuterRef("pk")) | Q(address=Lower(OuterRef("email"))),
        keeper__authorships__post=OuterRef(OuterRef("pk")),
    )
    return Q(Exists(Account.objects.filter(Q(pk=me), Exists(by_an_author))))


def _has_link(asker: _Asker, what: Grant.What) -> Q:
    """A link opened in this visit, on a device that may, that has not ended and all authors agreed to."""
    if asker.session is None:
        return NEVER
    yes = LinkYes.objects.filter(link=OuterRef(OuterRef("link")), account=OuterRef("account"))
    no_yes_yet = Authorship.objects.filter(~Exists(yes), post=OuterRef(OuterRef("pk")))
    opened = LinkDevice.objects.filter(
        ~Exists(no_yes_yet),
        session=asker.session,
        session__expire_date__gt=asker.at,
        allowed_at__isnull=False,
        link__post=OuterRef("pk"),
        link__ended_at=None,
        link__ends_at__gt=asker.at,
    )
    if what == Grant.What.PHOTOGRAPHS:
        opened = opened.filter(link__with_photographs=True)
    return Q(Exists(opened))


def _has_photographs() -> Q:
    """One that is not ready does not count: nobody may learn of an upload on its way."""
    lying = PlacedPhoto.objects.filter(post=OuterRef("pk"), photo__state=Photo.State.READY)
    return Q(Exists(lying))


def _is_held_unseen(me: Me) -> Q:
    if me is None:
        return NEVER
    return Q(Exists(HeldUnseen.objects.filter(photo=OuterRef("pk"), account=me)))


def _is_holder(me: Me) -> Q:
    if me is None:
        return NEVER
    holds = Hold.objects.filter(photo=OuterRef("pk"), account=me, kind=Hold.Kind.ORIGINAL)
    return Q(Exists(holds))


def _has_consented(viewer: Viewer, at: datetime) -> Q:
    consents = Consent.objects.filter(photo=OuterRef("pk"))
    given = NEVER
    if viewer.session is not None:
        given |= Q(Exists(consents.filter(session=viewer.session, ends_at__gt=at)))
    if viewer.account is not None:
        given |= Q(Exists(consents.filter(account=viewer.account)))
    return given


def _is_portrait_for(me: UUID | None) -> Q:
    """Asked of the one page, never of all the people that `me` knows."""
    page = people_known_to(me).filter(pk=OuterRef("account"))
    on_it = Portrait.objects.filter(Exists(page), photo=OuterRef("pk"))
    in_a_post = PlacedPhoto.objects.filter(photo=OuterRef("pk"))
    return ~Q(Exists(in_a_post)) & Q(Exists(on_it))
