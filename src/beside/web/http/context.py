"""The context of every page: which instance this is, who is signed in, and the chosen light."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from beside.access import content_preferences
from beside.access.compiled import ACCOUNT, AT, Statement, as_time, compiled, from_uuid
from beside.moderation import house_words
from beside.notices import mail
from beside.notices.models import Notice
from beside.people import delegations, languages
from beside.people.models import Account
from beside.photos import disk_full
from beside.web.http import unsent

LIGHTS = ("day", "lamp")
LIGHT_COOKIE = "light"
LARGE_COOKIE = "large"
# A key in the session of somebody who has no account, and came by a link for one person.
VISITS = "visits"

# Which of the five words in the navigation is marked as current, by the name of the page's URL.
SECTIONS = {
    "home": "home",
    "letter": "home",
    "before_you_look": "home",
    "one_at_a_time": "home",
    "door": "home",
    "door_by_address": "home",
    "admission": "home",
    "respond": "home",
    "profile": "home",
    "find": "find",
    "shelf": "find",
    "write": "write",
    "edit_letter": "write",
    "placed_photo": "write",
    "letters": "letters",
    "publish": "letters",
    "audience": "letters",
    "preview": "letters",
    "more_photographs": "letters",
    "addenda": "letters",
    "closing": "letters",
    "taking_back": "letters",
    "destroy_letter": "letters",
    "coauthors": "letters",
    "approval": "letters",
    "approval_preview": "letters",
    "claims": "letters",
    "letter_access_requests": "letters",
    "share_links": "letters",
    "share_links_for_many": "letters",
    "share_link": "letters",
    "revisions": "letters",
    "inbox": "letters",
    "response_choice": "letters",
    "shelf_choice": "letters",
    "take_back_response": "letters",
    "answer_question": "letters",
    "put_away_responses": "letters",
    "response": "letters",
    "responses": "letters",
    "drawer": "you",
    "drawer_photograph": "you",
    "drawer_sheet": "you",
    "deposit_links": "you",
    "deposit_link": "you",
    "you": "you",
    "edit_profile": "you",
    "directory_entry": "you",
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
    "notice_preferences": "you",
    "desk": "you",
    "desk_sorting": "you",
    "stop_reading": "you",
    "seals": "you",
    "seal": "you",
    "kept_from_you": "you",
    "content_preferences": "you",
    "close_account": "you",
    "host": "you",
    "house_words": "you",
    "cards": "you",
    "hand_overs": "you",
    "thank_you_notes": "you",
    "thank_you_note": "you",
    "moderators": "you",
    "moderatorship": "you",
    "reports": "you",
    "report": "you",
    "suspensions": "you",
    "account_login": "sign_in",
    "account_signup": "sign_in",
}


@dataclass(frozen=True)
class Place:
    """This instance, as its host described it. What the host left out is empty."""

    name: str
    keeper: str
    helpline: str
    helpline_says: str
    contact: str
    open_sign_up: bool
    shelf_for_visitors: bool
    sends_mail: bool
    house_words: str = ""

    @property
    def helpline_address(self) -> str:
        """The helpline as a `tel:` link."""
        return "tel:" + "".join(sign for sign in self.helpline if sign.isdigit() or sign == "+")


@dataclass(frozen=True)
class Marks:
    """Whether "News" has a mark, and the delegations whose stewards ask to act."""

    has_news: bool = False
    asks_to_act: Sequence[UUID] = ()


def place() -> Place:
    """This instance, from the settings and the house words, whose helpline goes before that of the settings."""
    told, said = settings.BESIDE, house_words.current()
    called = said if said is not None and said.helpline else told
    return Place(
        name=told.place_name,
        keeper=told.keeper,
        helpline=called.helpline,
        helpline_says=called.helpline_says,
        contact=told.contact,
        open_sign_up=told.open_sign_up,
        shelf_for_visitors=told.shelf_for_visitors,
        sends_mail=mail.has_server(),
        house_words=said.words if said else "",
    )


def frame(request: HttpRequest) -> dict[str, object]:
    """Django's context processor. Only a page that shows "News" queries for it."""
    user = getattr(request, "user", None)
    signed_in = isinstance(user, Account)
    marks = SimpleLazyObject(lambda: _marks(user))
    light = request.COOKIES.get(LIGHT_COOKIE, "")
    return {
        "place": SimpleLazyObject(place),
        "signed_in": signed_in,
        "languages_offered": languages.offered,
        "news": SimpleLazyObject(lambda: marks.has_news),
        "asks_to_act": SimpleLazyObject(lambda: marks.asks_to_act),
        "light": light if light in LIGHTS else "",
        "large": LARGE_COOKIE in request.COOKIES or (not signed_in and _visits(request)),
        "here": _section(request),
        "unsent": SimpleLazyObject(lambda: unsent.texts(request)),
        "host_has_full_disk": SimpleLazyObject(lambda: _is_host(user) and _disk_is_full()),
    }


def _is_host(user: object) -> bool:
    return isinstance(user, Account) and user.is_host


def _disk_is_full() -> bool:
    return disk_full.is_full(settings.BESIDE.data)


def _visits(request: HttpRequest) -> bool:
    return VISITS in getattr(request, "session", {})


def _marks(user: object) -> Marks:
    """One query, since every page makes it; stewards who ask are rare, and cost a second one."""
    if not isinstance(user, Account):
        return Marks()
    row = _compiled_marks().first(account=from_uuid(user.pk), at=as_time(timezone.now()))
    has_news, is_asked = row or (False, False)
    asking = delegations.asks_to_act(user).values_list("pk", flat=True) if is_asked else ()
    return Marks(bool(has_news), list(asking))


@lru_cache(maxsize=1)
def _compiled_marks() -> Statement:
    """Compiled once: on every page, Django took a third of the time to build this SQL anew."""
    account = Account(pk=ACCOUNT)
    asking = delegations.asks_to_act(account)
    one = Account.objects.filter(pk=ACCOUNT)
    return compiled(one.values_list(Exists(_new_for(account, at=AT)), Exists(asking)))


def _new_for(account: Account, *, at: datetime) -> QuerySet[Notice]:
    """Unread notices that may mark "News" at `at`.

    None do in quiet days (`people.quiet_days`) or after "not today", nor do those about letters that the
    account's content preferences leave out.
    """
    unread = Notice.objects.filter(recipient=account, read_at=None)
    unread = unread.exclude(
        content_preferences.is_excluded(OuterRef("about"), OuterRef("recipient"))
    )
    still = Q(recipient__profile__paused_until__gt=at) | Q(
        recipient__profile__not_today_until__gt=at
    )
    return unread.exclude(still)


def _section(request: HttpRequest) -> str:
    match = request.resolver_match
    return SECTIONS.get(match.url_name or "", "") if match else ""
