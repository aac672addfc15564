"""A family: as it stands on its keeper's page, and as the keeper sees it under You."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from beside.access.policy import Viewer
from beside.access.profiles import people_known_to
from beside.family import families, policy, timeline_entries
from beside.family.date_sentences import say, say_age
from beside.family.dates import Kind
from beside.family.models import Family, FamilyAudience, FamilyMember, TimelineEntry
from beside.people.models import Account, Circle
from beside.people.names import isolated
from beside.posts.authorship import name_of
from beside.posts.models import Post
from beside.web.forms.families import FamilyAudienceForm, HalfForm
from beside.web.forms.family_members import FamilyMemberForm
from beside.web.pages.letter import title_of
from beside.web.pages.people import in_a_row


@dataclass(frozen=True)
class Named:
    """A member of a family. `account` is whose page the name leads to; `is_me` says that the reader is that person."""

    id: UUID
    name: str
    account: UUID | None
    is_me: bool
    is_asked: bool
    is_off: bool


@dataclass(frozen=True)
class Year:
    """An entry in its reader's language. `machine` is the date for programs; what wasn't understood stands as it was `typed`."""

    id: UUID
    when: str
    machine: str
    typed: str
    age: str
    heading: str
    words: str
    is_marked: bool
    is_expected: bool
    is_put_away: bool
    letter: Post | None
    title: str
    has_no_letter: bool


@dataclass(frozen=True)
class FamilySection:
    """A family on its keeper's page, for one reader."""

    members: Sequence[Named]
    years: Sequence[Year]
    is_mine: bool
    keeper: UUID


@dataclass(frozen=True)
class FamilyPage:
    """A family as its keeper sees it, and the form that names somebody else."""

    members: Sequence[Named]
    years: Sequence[Year]
    put_away: Sequence[Year]
    seen_by: str
    form: FamilyMemberForm


@dataclass(frozen=True)
class FamilyAudiencePage:
    """Who sees a family, in words, and the forms that change that. `needs` says why it wasn't changed."""

    seen_by: str
    form: FamilyAudienceForm
    half: HalfForm
    needs: str = ""


def family_section(person: Account, viewer: Viewer, *, at: datetime) -> FamilySection | None:
    """The family on the page of `person`, as `viewer` sees it; None if there is nothing to see."""
    # Loaded with the person, so that a page without a family asks for nothing.
    family: Family | None = getattr(person, "family", None)
    if family is None or not policy.families_visible_to(viewer).filter(pk=family.pk).exists():
        return None
    members, years = _members(family, viewer), _years(family, viewer, at=at)
    shown = [year for year in years if not year.is_put_away]
    there = [one for one in members if not one.is_off]
    if not (shown or there):
        return None
    return FamilySection(there, shown, viewer.account == person.pk, person.pk)


def family_page(me: Account, viewer: Viewer, form: FamilyMemberForm, *, at: datetime) -> FamilyPage:
    """The family of `me`, begun or not."""
    family = families.of(me)
    years = _years(family, viewer, at=at) if family else []
    return FamilyPage(
        members=_members(family, viewer) if family else [],
        years=[year for year in years if not year.is_put_away],
        put_away=[year for year in years if year.is_put_away],
        seen_by=seen_by(family),
        form=form,
    )


def seen_by(family: Family | None) -> str:
    """Whom a family is for, in words."""
    if family is None or family.audience == FamilyAudience.ONLY_US:
        return _("Only you")
    if family.closed_at is not None:
        return _("Only you: it’s closed")
    if family.audience == FamilyAudience.ANYONE:
        return _("Everyone who may open your page")
    now = families.chosen(family)
    people = Account.objects.filter(pk__in=now.accounts).select_related("profile")
    circles = Circle.objects.filter(pk__in=now.circles).order_by("name")
    names = [name_of(one) for one in people.order_by("profile__name", "pk")]
    return in_a_row([isolated(one.name) for one in circles] + names) or _("Only you")


def said_name(member: FamilyMember) -> str:
    """What a member is called; somebody who isn't to be named is said to be one."""
    return member.name or _("Someone who isn’t named here")


def year_of(entry: TimelineEntry) -> Year:
    """The entry in the language that is active."""
    meaning = entry.meaning
    return Year(
        id=entry.pk,
        when=say(meaning.when) if meaning.when else "",
        machine=_machine(entry),
        typed="" if meaning.when or meaning.age else entry.typed,
        age=say_age(meaning.age) if meaning.age else "",
        heading=entry.heading,
        words=entry.words,
        is_marked=entry.is_marked,
        is_expected=entry.is_expected,
        is_put_away=entry.put_away_at is not None,
        letter=entry.post,
        title=title_of(entry.post) if entry.post else "",
        has_no_letter=entry.of_letter and entry.post is None,
    )


def _machine(entry: TimelineEntry) -> str:
    """A day, a month or a year for the `time` element, which knows no other dates."""
    when = entry.meaning.when
    if when is None or when.kind != Kind.AT or when.first is None or when.first.is_decade:
        return ""
    point = when.first
    parts = [f"{point.year:04}"]
    if not point.is_season and not (point.about or point.perhaps):
        parts += [f"{one:02}" for one in (point.month, point.day) if one]
    return "-".join(parts)


def _years(family: Family, viewer: Viewer, *, at: datetime) -> list[Year]:
    entries = policy.entries_visible_to(family, viewer, at=at)
    return [year_of(entry) for entry in timeline_entries.in_order(family, entries)]


def _members(family: Family, viewer: Viewer) -> list[Named]:
    members = list(policy.members_visible_to(family, viewer))
    asked = {one.account_id for one in members if one.account_id and one.agreed_at}
    known = (
        people_known_to(viewer.account).filter(pk__in=asked) if asked else Account.objects.none()
    )
    linked = set(known.values_list("pk", flat=True))
    return [
        Named(
            id=one.pk,
            name=said_name(one),
            account=one.account_id if one.account_id in linked else None,
            is_me=one.account_id is not None and one.account_id == viewer.account,
            is_asked=one.account_id is not None and one.agreed_at is None,
            is_off=one.taken_off_at is not None,
        )
        for one in members
    ]
