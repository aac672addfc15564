"""The drawer, as its owner sees it: prints by the month in which they were added, and what is hidden or will be destroyed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from beside.access.policy import NothingToSee
from beside.people.models import Account
from beside.photos.models import Photo
from beside.posts import destroying
from beside.posts.models import Post
from beside.web.http.request import Request
from beside.web.pages.drawer_photographs import (
    HERE,
    Kept,
    Print,
    everything,
    hidden_in_drawer,
    kept,
    prints_of,
)

# The newest months are shown until there are so many prints; older months are one press away.
ENOUGH = 60
# The most prints of one month on one page.
PAGE = 200


@dataclass(frozen=True)
class Month:
    """The prints that were added in one month. `last` is the last of them if there are older ones in it."""

    first_day: date
    prints: Sequence[Print]
    last: UUID | None


@dataclass(frozen=True)
class Ending:
    """A photograph that will be destroyed, unless its owner keeps it after all."""

    print: Print
    due_at: datetime


@dataclass(frozen=True)
class DrawerPage:
    """A page of the drawer. `hidden` are in an order that tells nothing; `older` are the first days of other months.

    `letter` is the one that photographs are chosen for, if that is why the drawer was opened.
    """

    arriving: Sequence[Kept]
    months: Sequence[Month]
    older: Sequence[date]
    hidden: Sequence[UUID]
    ending: Sequence[Ending]
    is_one_month: bool
    letter: Post | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is no photograph at all."""
        return not (self.arriving or self.months or self.older or self.hidden or self.ending)

    @property
    def has_chosen(self) -> bool:
        """Whether any print is ticked already."""
        return any(one.is_chosen for month in self.months for one in month.prints)


def drawer_page(
    request: Request,
    *,
    at: datetime,
    month: str = "",
    before: Photo | None = None,
    chosen: Collection[UUID] = (),
    letter: Post | None = None,
) -> DrawerPage:
    """The newest months, or the one called `month` ("2024-03"), from `before` on. Raises `NothingToSee`."""
    account = request.account
    hidden, ending = hidden_in_drawer(account), _ending(account)
    lying = everything(account).filter(state__in=HERE).exclude(pk__in={*hidden, *ending})
    months = _months(lying)
    shown = [_first_day(month)] if month else _newest(months)
    arriving = everything(account).exclude(state__in=HERE).order_by("-uploaded_at", "-pk")
    prints = prints_of(request, list(ending), at=at)
    return DrawerPage(
        arriving=kept(request, list(arriving), at=at),
        months=_shown(request, lying, shown, before, chosen, at=at),
        older=[] if month else [day for day in months if day not in shown],
        hidden=hidden,
        ending=[Ending(prints[pk], due) for pk, due in ending.items() if pk in prints],
        is_one_month=bool(month),
        letter=letter,
    )


def photographs_of_month(request: Request, month: str) -> list[UUID]:
    """Those of one month that its page shows; raises `NothingToSee`."""
    page = drawer_page(request, month=month, at=timezone.now())
    return [one.id for shown in page.months for one in shown.prints]


def _ending(account: Account) -> dict[UUID, datetime]:
    asked = destroying.asked_by(account).exclude(photo=None)
    return {photo: due for photo, due in asked.values_list("photo", "due_at") if photo}


def _months(photos: QuerySet[Photo]) -> dict[date, int]:
    """The first day of each month in which something was added, newest first, and how much."""
    by_month = photos.annotate(month=TruncMonth("uploaded_at")).values("month")
    counted = by_month.annotate(number=Count("pk")).order_by("-month")
    return {month.date(): number for month, number in counted.values_list("month", "number")}


def _newest(months: Mapping[date, int]) -> list[date]:
    shown, prints = [], 0
    for day, number in months.items():
        if prints >= ENOUGH:
            break
        shown.append(day)
        prints += number
    return shown


def _shown(
    request: Request,
    lying: QuerySet[Photo],
    days: Sequence[date],
    before: Photo | None,
    chosen: Collection[UUID],
    *,
    at: datetime,
) -> list[Month]:
    """The months that begin on `days`, each with its newest prints that are older than `before`."""
    if not days:
        return []
    end = (max(days) + timedelta(days=31)).replace(day=1)
    among = lying.filter(uploaded_at__gte=_midnight(min(days)), uploaded_at__lt=_midnight(end))
    dated = among.annotate(month=TruncMonth("uploaded_at")).order_by("-uploaded_at", "-pk")
    if before is not None:
        older = Q(uploaded_at=before.uploaded_at, pk__lt=before.pk)
        dated = dated.filter(Q(uploaded_at__lt=before.uploaded_at) | older)
    found: dict[date, list[UUID]] = defaultdict(list)
    for pk, month in dated.values_list("pk", "month"):
        if month.date() in days:
            found[month.date()].append(pk)
    ids = [pk for day in days for pk in found[day][:PAGE]]
    prints = prints_of(request, ids, at=at, chosen=chosen)
    return [
        Month(
            day,
            # One may have been destroyed meanwhile.
            [prints[pk] for pk in found[day][:PAGE] if pk in prints],
            found[day][PAGE - 1] if len(found[day]) > PAGE else None,
        )
        for day in days
        if found[day]
    ]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _first_day(month: str) -> date:
    try:
        day = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise NothingToSee from None
    # The first and the last year have moments that no other zone has.
    if not date.min.year < day.year < date.max.year:
        raise NothingToSee
    return day
