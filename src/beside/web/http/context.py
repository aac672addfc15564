"""What every page's frame needs: whose place this is, who is here, and in which light."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from beside.access import content_preferences
from beside.notices.models import Notice
from beside.people import delegations
from beside.people.models import Account

LIGHTS = ("day", "lamp")
LIGHT_COOKIE = "light"
LARGE_COOKIE = "large"
# In the session of somebody who came by a link for one person, and has no account.
VISITS = "visits"

# Which of the four words in the header a page stands under, by the name of its address.
SECTIONS = {
    "home": "home",
    "letter": "home",
    "before_you_look": "home",
    "one_at_a_time": "home",
    "door": "home",
    "door_by_address": "home",
    "admission": "home",
    "profile": "home",
    "write": "write",
    "edit_letter": "write",
    "letters": "write",
    "drawer": "drawer",
    "drawer_photograph": "drawer",
    "deposit_links": "drawer",
    "deposit_link": "drawer",
    "you": "you",
    "edit_profile": "you",
    "portrait": "you",
    "circles": "you",
    "circle": "you",
    "sessions": "you",
    "invitations": "you",
    "bans": "you",
    "delegations": "you",
    "delegation": "you",
    "write_for": "you",
    "rehearsal": "you",
    "archive": "you",
    "archive_of": "you",
    "quiet_days": "you",
    "content_preferences": "you",
    "account_login": "sign_in",
    "account_signup": "sign_in",
}


@dataclass(frozen=True)
class Place:
    """This instance, as its host described it. Whatever the host left out is empty."""

    name: str
    keeper: str
    helpline: str
    helpline_says: str
    contact: str
    open_sign_up: bool

    @property
    def helpline_address(self) -> str:
        """The helpline as a link that a telephone can call."""
        return "tel:" + "".join(sign for sign in self.helpline if sign.isdigit() or sign == "+")


@dataclass(frozen=True)
class Marks:
    """Whether a page marks "News", and which delegations ask at its top for a no."""

    has_news: bool = False
    asks_to_act: Sequence[UUID] = ()


def place() -> Place:
    """This instance."""
    told = settings.BESIDE
    return Place(
        name=told.place_name,
        keeper=told.keeper,
        helpline=told.helpline,
        helpline_says=told.helpline_says,
        contact=told.contact,
        open_sign_up=told.open_sign_up,
    )


def frame(request: HttpRequest) -> dict[str, object]:
    """Give the frame its few values. Only a page that shows "News" asks whether there is any."""
    user = getattr(request, "user", None)
    signed_in = isinstance(user, Account)
    marks = SimpleLazyObject(lambda: _marks(user))
    light = request.COOKIES.get(LIGHT_COOKIE, "")
    return {
        "place": place(),
        "signed_in": signed_in,
        "news": SimpleLazyObject(lambda: marks.has_news),
        "asks_to_act": SimpleLazyObject(lambda: marks.asks_to_act),
        "light": light if light in LIGHTS else "",
        "large": LARGE_COOKIE in request.COOKIES or (not signed_in and _visits(request)),
        "here": _section(request),
    }


def _visits(request: HttpRequest) -> bool:
    return VISITS in getattr(request, "session", {})


def _marks(user: object) -> Marks:
    """In one question, as every page asks it; who asks to act is rare, and then a second."""
    if not isinstance(user, Account):
        return Marks()
    asking = delegations.asks_to_act(user)
    both = Account.objects.filter(pk=user.pk).values_list(Exists(_new_for(user)), Exists(asking))
    has_news, is_asked = both.get()
    return Marks(has_news, list(asking.values_list("pk", flat=True)) if is_asked else ())


def _new_for(account: Account) -> QuerySet[Notice]:
    """In quiet days (`people.quiet_days`), and where it is "not today", there is nothing that would be marked.

    Nor is there where all of it is about what they would rather not meet.
    """
    unread = Notice.objects.filter(recipient=account, read_at=None)
    unread = unread.exclude(
        content_preferences.is_left_out(OuterRef("about"), OuterRef("recipient"))
    )
    now = timezone.now()
    still = Q(recipient__profile__paused_until__gt=now) | Q(
        recipient__profile__not_today_until__gt=now
    )
    return unread.exclude(still)


def _section(request: HttpRequest) -> str:
    match = request.resolver_match
    return SECTIONS.get(match.url_name or "", "") if match else ""
