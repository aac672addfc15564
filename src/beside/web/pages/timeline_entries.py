"""Writing one entry of a family's timeline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from beside.family import families
from beside.family.models import TimelineEntry
from beside.people import time_zones
from beside.people.models import Account
from beside.people.names import isolated
from beside.posts.authorship import written_by
from beside.posts.models import Post
from beside.web.forms.timeline_entries import TimelineEntryForm, ToChoose
from beside.web.pages.families import said_name
from beside.web.pages.letter import title_of

# More letters than these aren't listed; the newest are.
MOST_LETTERS = 200


@dataclass(frozen=True)
class TimelineEntryPage:
    """The form of an entry; a new one has no `id`. `needs` says why it wasn't kept."""

    id: UUID | None
    is_put_away: bool
    lost_its_letter: bool
    form: TimelineEntryForm
    needs: str = ""


def entry_form(
    me: Account,
    data: QueryDict | None = None,
    *,
    entry: TimelineEntry | None = None,
    at: datetime,
) -> TimelineEntryForm:
    """The form with which `me` writes an entry, or changes `entry`."""
    return TimelineEntryForm(
        data, to_choose=_to_choose(me, entry), today=time_zones.day_of(me, at), entry=entry
    )


def entry_page(
    form: TimelineEntryForm, entry: TimelineEntry | None = None, *, needs: str = ""
) -> TimelineEntryPage:
    """The page of `entry`, or of a new one."""
    if entry is None:
        return TimelineEntryPage(
            None, is_put_away=False, lost_its_letter=False, form=form, needs=needs
        )
    return TimelineEntryPage(
        entry.pk,
        is_put_away=entry.put_away_at is not None,
        lost_its_letter=entry.of_letter and entry.post_id is None,
        form=form,
        needs=needs,
    )


def _to_choose(me: Account, entry: TimelineEntry | None) -> ToChoose:
    family = families.of(me)
    members = family.members.filter(taken_off_at=None).order_by("added_at", "pk") if family else []
    letters = written_by(me).exclude(state=Post.State.DRAFT).order_by("-published_at", "pk")
    listed = [(str(post.pk), isolated(title_of(post))) for post in letters[:MOST_LETTERS]]
    if entry and entry.post and str(entry.post_id) not in dict(listed):
        # Its writer may have left the letter, and the entry still belongs to it.
        is_mine = written_by(me).filter(pk=entry.post.pk).exists()
        label = (
            isolated(title_of(entry.post)) if is_mine else _("A letter that isn’t yours any more")
        )
        listed.append((str(entry.post_id), label))
    return ToChoose([(str(one.pk), isolated(said_name(one))) for one in members], listed)
