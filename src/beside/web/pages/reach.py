"""Who a letter is for, whether its photographs are folded, and what its door does, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from beside.access.policy import Sight
from beside.people.models import Account, Circle
from beside.people.names import isolated
from beside.posts import audiences, share_links
from beside.posts.authorship import authors_of, name_of
from beside.posts.models import Audience, Post, ShareLink
from beside.posts.reach import Chosen, Reach
from beside.web.forms.door import ANSWERS, REASONS
from beside.web.pages.people import in_a_row


@dataclass(frozen=True, slots=True)
class Summary:
    """Who a letter is for, in words. Their names are in `web.pages.who_can_see`."""

    words: str
    photographs: str
    folded: str
    has_photographs: bool
    door: str = ""


def summary(post: Post, viewer: Account) -> Summary:
    """Who `post` is for, as the author `viewer` is told."""
    return summary_of(audiences.chosen(post), post, viewer)


def summary_of(chosen: Chosen, post: Post, viewer: Account) -> Summary:
    """Who `post` would be for if its audiences were `chosen`."""
    return Summary(
        words=reach_in_words(chosen.words, post, viewer),
        photographs=reach_in_words(chosen.photographs, post, viewer),
        folded=folded(chosen),
        has_photographs=post.placed.exists(),
        door=door_in_words(chosen),
    )


def reach_in_words(reach: Reach, post: Post, viewer: Account) -> str:
    """Who one part is for: "The circle Family and Nan"."""
    circles = Circle.objects.filter(pk__in=reach.circles).order_by("name")
    people = Account.objects.filter(pk__in=reach.accounts).select_related("profile")
    named = [
        _("the circle %(name)s") % {"name": isolated(one.name)}
        if one.owner_id == viewer.pk
        else _("another author’s circle")
        for one in circles
    ]
    named += [name_of(one) for one in people.order_by("profile__name", "pk")]
    others = others_in_words(post, viewer)
    return in_words(reach.audience, named, signed_in=reach.signed_in, others=others)


def in_words(audience: int, named: Sequence[str], *, signed_in: bool, others: str) -> str:
    """Who one part is for, from the names of its people and circles and of the other authors in a row."""
    if audience == Audience.ONLY_US:
        return _("Only you and %(names)s") % {"names": others} if others else _("Only you")
    if audience == Audience.ANYONE:
        return _("Everyone signed in here") if signed_in else _("Anyone")
    if audience == Audience.LET_IN:
        said = in_a_row([*named, _("anyone you let in")])
        return said[:1].upper() + said[1:]
    return in_a_row(list(named)) or _("Nobody ticked yet")


def only_us(post: Post, viewer: Account) -> str:
    """ "Only you", or "Only you and Tom"."""
    others = others_in_words(post, viewer)
    return _("Only you and %(names)s") % {"names": others} if others else _("Only you")


def others_in_words(post: Post, viewer: Account) -> str:
    """The other authors' names in a row, or an empty text."""
    return in_a_row([name_of(one) for one in authors_of(post) if one.pk != viewer.pk])


def nobody_but(post: Post, viewer: Account) -> str:
    """ "Nobody can see this but you and Tom." """
    others = others_in_words(post, viewer)
    if others:
        return _("Nobody can see this but you and %(names)s.") % {"names": others}
    return _("Nobody can see this but you.")


def folded(chosen: Chosen) -> str:
    """Whether photographs are folded, in words."""
    return _("Yes, until a reader asks") if chosen.veiled else _("No, they’re open")


def door_in_words(chosen: Chosen) -> str:
    """What the door does for whom, what it says, and how far it lets people in; empty without a door."""
    door = chosen.door
    if not chosen.has_door():
        return ""
    if door.is_shut():
        return _("It’s shut: nobody new is let in.")
    said = [
        _("%(answer)s: %(reasons)s.") % {"answer": label, "reasons": "; ".join(names)}
        for answer, label in ANSWERS
        if (names := [str(why) for reason, why in REASONS if door.answer_to(reason) == answer])
    ]
    if door.is_shared:
        said.append(
            _(
                "Once let in here, people can open the same authors’ other letters with this box ticked."
            )
        )
    if door.says:
        said.append(_("It says: “%(words)s”") % {"words": isolated(door.says)})
    return " ".join(said)


def by_sight(people: Mapping[Account, Sight]) -> tuple[list[str], list[str]]:
    """The names of those who can read the words, and of those who can see the photographs."""
    return _names(people, Sight.WORDS), _names(people, Sight.VEIL)


def _names(people: Mapping[Account, Sight], at_least: Sight) -> list[str]:
    return [name_of(person) for person, sight in people.items() if sight >= at_least]


def by_link(post: Post, *, at: datetime) -> list[str]:
    """Who has a link to which every author has agreed: "Grandmother (the words)"."""
    return [
        (
            _("%(name)s (the words and the photographs)")
            if link.with_photographs
            else _("%(name)s (the words)")
        )
        % {"name": isolated(link.name)}
        for link in ShareLink.objects.alive(at).filter(post=post).order_by("name", "pk")
        if not share_links.pending_authors(link)
    ]


def link_opens(link: ShareLink) -> str:
    """What a link for one person opens."""
    return _("The words and the photographs") if link.with_photographs else _("The words")
