"""The conditions that the rule's sentences are made of, each as a `Q` for rows of posts or of photographs.

Nothing here decides anything: `beside.access.policy` puts the conditions in their order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from beside.access.models import Admission, Ban, Consent, Look
from beside.access.profiles import people_known_to
from beside.people import moderators
from beside.people.models import Account, Block
from beside.photos.models import HiddenPhoto, Hold, Photo, Portrait
from beside.posts.models import (
    Audience,
    Authorship,
    Grant,
    PlacedPhoto,
    Post,
    ShareLinkApproval,
    ShareLinkDevice,
    link_is_alive,
)
from beside.posts.models import is_suspended as is_suspended

Me = UUID | OuterRef | None
NEVER = Q(pk__in=[])


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking: an account or nobody, and the key of their session if there is one.

    The consents given and the links opened during a visit belong to its session.
    """

    account: UUID | None = None
    session: str | None = None


NOBODY = Viewer()


@dataclass(frozen=True, slots=True)
class Asker:
    """For whom the rule is asked: `me` is an account's id, an expression for one, or None.

    A link is opened in a session and for a limited time. Without `session` and `at`, no link counts. With
    `only_as_named` no door counts either: what is seen is for anyone, or for `me` by name or in a circle.
    """

    me: Me
    session: str | None = None
    at: datetime | None = None
    only_as_named: bool = False

    @classmethod
    def of(cls, viewer: Viewer, at: datetime) -> Asker:
        return cls(viewer.account, viewer.session, at)


def is_author(me: Me) -> Q:
    """Whether `me` is one of the post's authors."""
    if me is None:
        return NEVER
    return Q(Exists(Authorship.objects.filter(post=OuterRef("pk"), account=me)))


def is_suspended_viewer(me: Me) -> Q:
    """Whether `me` is suspended."""
    if me is None:
        return NEVER
    return Q(Exists(Account.objects.filter(pk=me, suspended_at__isnull=False)))


def is_blocked(me: Me) -> Q:
    """Whether `me` has blocked one of the post's authors, or is blocked by one."""
    if me is None:
        return NEVER
    by_author = Block.objects.filter(blocked=me, blocker__authorships__post=OuterRef("pk"))
    by_me = Block.objects.filter(blocker=me, blocked__authorships__post=OuterRef("pk"))
    return Q(Exists(by_author)) | Q(Exists(by_me))


def reaches(part: str, what: Grant.What, asker: Asker) -> Q:
    """Whether the post's words or photographs (`part`, `what`) are for the asker."""
    for_anyone = Q(**{f"{part}_for": Audience.ANYONE})
    by_link = has_link(asker, what)
    me = asker.me
    if me is None:
        return for_anyone & Q(**{f"{part}_signed_in": False}) | by_link
    as_named = for_anyone | is_named(part, what, me)
    if asker.only_as_named:
        return as_named
    for_let_in = Q(**{f"{part}_for": Audience.LET_IN})
    return as_named | for_let_in & is_let_in(me) | by_link


def is_named(part: str, what: Grant.What, me: Me) -> Q:
    """Whether the words or photographs (`part`, `what`) are for people named, and `me` is one, or in a circle named."""
    if me is None:
        return NEVER
    granted = Grant.objects.filter(post=OuterRef("pk"), what=what)
    by_name = Q(Exists(granted.filter(account=me)))
    counts = Q(circle__memberships__from_now_on=False) | Q(
        circle__memberships__added_at__lte=OuterRef("published_at")
    )
    by_circle = Q(Exists(granted.filter(counts, circle__memberships__account=me)))
    for_people = Q(**{f"{part}_for__in": (Audience.PEOPLE, Audience.LET_IN)})
    return for_people & (by_name | by_circle)


def has_door(me: Me) -> Q:
    """Whether `me` may ask to be let in. Only an account can: a visitor isn't told that there are photographs."""
    return NEVER if me is None else Q(photographs_for=Audience.LET_IN)


def is_let_in(me: Me) -> Q:
    """Whether `me` is let in at the post's door, or to everything that exactly its authors share, and not banned."""
    through, post = Admission.by.through.objects, OuterRef(OuterRef("pk"))
    mine = Admission.objects.filter(account=me)
    let_in_by = through.filter(admission=OuterRef(OuterRef("pk")), account=OuterRef("account"))
    one_did_not = Authorship.objects.filter(~Exists(let_in_by), post=post)
    writes_it = Authorship.objects.filter(post=OuterRef(post), account=OuterRef("account"))
    one_is_no_author = through.filter(~Exists(writes_it), admission=OuterRef("pk"))
    everywhere = mine.filter(~Exists(one_did_not), ~Exists(one_is_no_author), is_shared=True)
    at_a_door = Q(Exists(mine.filter(post=OuterRef("pk"))))
    at_another = Q(door_is_shared=True) & Q(Exists(everywhere))
    return (at_a_door | at_another) & ~is_banned(me)


def is_banned(me: Me) -> Q:
    """Whether any of the post's authors has banned `me`, by account or by mail address."""
    by_an_author = Ban.objects.filter(
        Q(account=OuterRef("pk")) | Q(address=Lower(OuterRef("email"))),
        author__authorships__post=OuterRef(OuterRef("pk")),
    )
    return Q(Exists(Account.objects.filter(Q(pk=me), Exists(by_an_author))))


def has_link(asker: Asker, what: Grant.What) -> Q:
    """Whether this session has opened a link on an allowed device that hasn't ended and has every author's approval."""
    if asker.session is None or asker.at is None:
        return NEVER
    yes = ShareLinkApproval.objects.filter(
        link=OuterRef(OuterRef("link")), account=OuterRef("account")
    )
    no_yes_yet = Authorship.objects.filter(~Exists(yes), post=OuterRef(OuterRef("pk")))
    opened = ShareLinkDevice.objects.filter(
        ~Exists(no_yes_yet),
        link_is_alive(asker.at, through="link__"),
        session=asker.session,
        session__expire_date__gt=asker.at,
        allowed_at__isnull=False,
        link__post=OuterRef("pk"),
    )
    if what == Grant.What.PHOTOGRAPHS:
        opened = opened.filter(link__with_photographs=True)
    return Q(Exists(opened))


def has_look(asker: Asker) -> Q:
    """Whether `me`, a moderator, has begun a look at the post's words in this session, and its term isn't over."""
    if asker.session is None or asker.at is None or asker.me is None:
        return NEVER
    looks = looks_of(asker)
    # Nearly always there is none, which a database finds once and not for each row of a list.
    return Q(Exists(looks)) & Q(Exists(looks.filter(post=OuterRef("pk"), photo=None)))


def has_look_at_photograph(asker: Asker) -> Q:
    """Whether `me` has begun such a look at the photograph, and it is still in that letter, which is published."""
    if asker.session is None or asker.at is None or asker.me is None:
        return NEVER
    looks = looks_of(asker).filter(
        photo=OuterRef("pk"),
        post__state=Post.State.PUBLISHED,
        post__placed__photo=OuterRef("pk"),
    )
    return Q(Exists(looks))


def looks_of(asker: Asker) -> QuerySet[Look]:
    """The looks of `me`, a moderator, in this session, whose term isn't over."""
    is_moderator = moderators.is_one(through="moderator__")
    return Look.objects.filter(
        is_moderator,
        moderator__suspended_at=None,
        moderator=asker.me,
        session=asker.session,
        session__expire_date__gt=asker.at,
        ends_at__gt=asker.at,
    )


def has_photographs() -> Q:
    """Whether a photograph in the post is ready. Others don't count: nobody may learn of an upload in progress."""
    lying = PlacedPhoto.objects.filter(post=OuterRef("pk"), photo__state=Photo.State.READY)
    return Q(Exists(lying))


def is_hidden(me: Me) -> Q:
    """Whether the photograph is closed for `me`."""
    if me is None:
        return NEVER
    return Q(Exists(HiddenPhoto.objects.filter(photo=OuterRef("pk"), account=me)))


def is_holder(me: Me) -> Q:
    """Whether `me` holds the key of the photograph's original."""
    if me is None:
        return NEVER
    holds = Hold.objects.filter(photo=OuterRef("pk"), account=me, kind=Hold.Kind.ORIGINAL)
    return Q(Exists(holds))


def has_consented(viewer: Viewer, at: datetime) -> Q:
    """Whether the viewer has chosen to look at the photograph, and the choice still holds."""
    consents = Consent.objects.filter(photo=OuterRef("pk"))
    given = NEVER
    if viewer.session is not None:
        given |= Q(Exists(consents.filter(session=viewer.session, ends_at__gt=at)))
    if viewer.account is not None:
        given |= Q(Exists(consents.filter(account=viewer.account)))
    return given


def is_portrait_for(me: UUID | None) -> Q:
    """Whether the photograph is in no post and heads a profile page that `me` may open."""
    # Asked about that one page, not about everybody whom `me` knows.
    page = people_known_to(me).filter(pk=OuterRef("account"))
    on_it = Portrait.objects.filter(Exists(page), photo=OuterRef("pk"))
    in_a_post = PlacedPhoto.objects.filter(photo=OuterRef("pk"))
    return ~Q(Exists(in_a_post)) & Q(Exists(on_it))
