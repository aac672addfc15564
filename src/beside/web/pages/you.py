"""The page "You": everything that an account decides for itself, in groups, one line each with what is set now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from beside.access import content_preferences
from beside.access.door import bans
from beside.archive.models import Export
from beside.notices import notice_preferences
from beside.notices.notice_preferences import HowOften
from beside.people import (
    blocks,
    circles,
    delegations,
    follows,
    formats,
    invitations,
    moderators,
    mutes,
    sessions,
)
from beside.people.delegations import Role
from beside.people.models import Account
from beside.people.names import isolated
from beside.people.sessions import Device
from beside.photos import deposits
from beside.posts.authorship import name_of
from beside.responses import policy, private_letter_choices, queue
from beside.web.pages import languages
from beside.web.pages.directory_entries import in_words as found_in_words
from beside.web.pages.organisation_links import in_words as organisation_in_words
from beside.web.pages.organisation_links import organisation_name
from beside.web.pages.people import in_a_row
from beside.web.pages.private_letter_choices import in_words
from beside.web.pages.quiet_days import rest_of

_LONGEST_WORDS = 80


@dataclass(frozen=True)
class Row:
    """One line: where it leads, what it is, and what is set now."""

    to: str
    what: str
    now: str


@dataclass(frozen=True)
class YouPage:
    """What is set now. `devices` begins with the one that asks; several of them are shown open."""

    about: Sequence[Row]
    reaches: Sequence[Row]
    helps: Sequence[Row]
    signs_in: Sequence[Row]
    keeps: Sequence[Row]
    place: Sequence[Row]
    devices: Sequence[Device]
    followers: Sequence[Account]
    following_me: str
    blocked: Sequence[Account]
    blocked_names: str
    muted: Sequence[Account]
    muted_names: str


def you_page(me: Account, *, session_key: str | None, at: datetime) -> YouPage:
    """The page of `me`, who is signed in by the session with this key."""
    followers, blocked = follows.followers_of(me), blocks.blocked_by(me)
    muted = mutes.muted_by(me)
    return YouPage(
        about=_about(me),
        reaches=_reaches(me, at=at),
        helps=_helps(me, at=at),
        signs_in=_signs_in(me),
        keeps=_keeps(me),
        place=_place(me),
        devices=sessions.of(me, this=session_key, at=at),
        followers=followers,
        following_me=_names(followers),
        blocked=blocked,
        blocked_names=_names(blocked),
        muted=muted,
        muted_names=_names(muted),
    )


def _about(me: Account) -> list[Row]:
    said = me.profile.name
    if me.profile.words:
        words = Truncator(me.profile.words).chars(_LONGEST_WORDS)
        said = _("%(name)s. “%(words)s”") % {"name": said, "words": words}
    return [
        Row(reverse("edit_profile"), _("Name and words"), said),
        Row(reverse("profile", args=[me.pk]), _("Your page"), _("As others see it")),
        Row(reverse("language"), _("Language"), languages.in_words(me)),
        Row(reverse("family"), _("Your family"), _("Its days, as you know them")),
        Row(reverse("reminders"), _("Reminders"), _("Only those that you ask for")),
    ]


def _reaches(me: Account, *, at: datetime) -> list[Row]:
    kept_out = bans.of(me).exists()
    rows = [
        Row(reverse("directory_entry"), _("Being found"), found_in_words(me)),
        Row(reverse("circles"), _("Circles"), _circles(me)),
        Row(reverse("private_letter_choice"), _("Letters to you"), _letters(me)),
        Row(reverse("notice_preferences"), _("What reaches you"), _notices(me)),
        Row(reverse("quiet_days"), _("Quiet days"), _quiet_days(me, at=at)),
        Row(reverse("content_preferences"), _("What you’d rather not see"), _rather_not(me)),
        Row(reverse("bans"), _("Kept out"), _("Some people") if kept_out else _("Nobody")),
        # The same words whether or not anything is: nobody meets it unasked.
        Row(
            reverse("kept_from_you"),
            _("Kept from you"),
            _("Whatever was sealed, without a word of it"),
        ),
    ]
    if invitations.may_invite(me):
        waiting = [isolated(one.name or one.email) for one in invitations.open_of(me, at=at)]
        said = in_a_row([name for name in waiting if name]) or _("Someone you’d like to have here")
        rows.append(Row(reverse("invitations"), _("Invitations"), said))
    return rows


def _helps(me: Account, *, at: datetime) -> list[Row]:
    helpers: dict[str, list[str]] = {role: [] for role in Role}
    for one in delegations.of(me):
        name = name_of(one.delegate)
        asked = _("%(name)s, who hasn’t answered yet") % {"name": name}
        helpers[one.role].append(name if one.signed_at else asked)
    to = reverse("delegations")
    links = [isolated(one.name) for one in deposits.of(me) if deposits.is_open(one, at=at)]
    rows = [
        Row(to, _("Reads first"), in_a_row(helpers[Role.SCREENER]) or _("Nobody")),
        Row(to, _("Writes for you"), in_a_row(helpers[Role.TELLER]) or _("Nobody")),
        Row(to, _("For after"), in_a_row(helpers[Role.STEWARD]) or _("Nobody")),
        Row(
            reverse("deposit_links"),
            _("Puts photographs in"),
            _("%(names)s, by a link") % {"names": in_a_row(links)} if links else _("Nobody"),
        ),
    ]
    if policy.reads_first(me):
        rows.append(Row(reverse("desk"), _("You read first"), _reads_for(me)))
    return rows


def _reads_for(me: Account) -> str:
    names = [name_of(one.author) for one in queue.delegations_of(me)]
    return in_a_row(names) or _("What people write to you")


def _signs_in(me: Account) -> list[Row]:
    passkeys = Authenticator.objects.filter(user=me, type=Authenticator.Type.WEBAUTHN)
    password = "account_change_password" if me.has_usable_password() else "account_set_password"
    name = organisation_name()
    return [
        *([Row(reverse("organisation_link"), name, organisation_in_words(me))] if name else []),
        Row(
            reverse("account_email"), _("Code by mail"), _("To %(address)s") % {"address": me.email}
        ),
        Row(
            reverse("mfa_list_webauthn"),
            _("Passkeys"),
            _("Devices that know you.")
            if passkeys.exists()
            else _("None yet. With one, you can sign in with your face or fingerprint."),
        ),
        Row(
            reverse(password),
            _("Password"),
            _("You have one.") if me.has_usable_password() else _("None. You don’t need one."),
        ),
    ]


def _keeps(me: Account) -> list[Row]:
    made = Export.objects.filter(account=me, delegation=None).order_by("-made_at").first()
    said = _("None yet. All of it in one file that opens without us")
    if made is not None:
        said = _("Made on %(day)s") % {"day": formats.day(localtime(made.made_at))}
    return [
        Row(reverse("drawer"), _("Your drawer"), _("Photographs you’ve put here and not shown")),
        Row(reverse("letters"), _("Your letters"), _("Drafts and published")),
        Row(
            reverse("thank_you_notes"),
            _("Notes of thanks"),
            _("For whoever was there, without a place here"),
        ),
        Row(reverse("archive"), _("Archive"), said),
    ]


def _place(me: Account) -> list[Row]:
    who = settings.BESIDE.keeper or _("And what it does for you")
    desk = Row(reverse("host"), _("The host’s desk"), _("Is everything safe, and what you say"))
    return [
        *([desk] if me.is_host else []),
        *_moderating(me),
        Row(reverse("help"), _("How this place works"), who),
        Row(reverse("what_is_kept"), _("What is kept"), _("And for how long")),
        Row(
            reverse("close_everything"),
            _("Close everything"),
            _("Or a period. You can open it again"),
        ),
        Row(reverse("close_account"), _("Close my place"), _("Leave, now or in 30 days")),
    ]


def _moderating(me: Account) -> list[Row]:
    """What moderators have, and what somebody has who was asked to be one."""
    if moderators.named().filter(account=me).exists():
        to = reverse("moderatorship")
        said = _("You are one") if moderators.is_moderator(me) else _("You’re asked to be one")
        return [Row(to, _("Moderator"), said)]
    reports = Row(
        reverse("reports"), _("Reports"), _("What people have reported, and what is closed")
    )
    notes = Row(
        reverse("hand_overs"),
        _("Notes of thanks to hand over"),
        _("What people have given the team"),
    )
    return [reports, notes] if moderators.is_moderator(me) else []


def _circles(me: Account) -> str:
    return in_a_row([isolated(circle.name) for circle in circles.of(me)]) or _("None yet")


def _letters(me: Account) -> str:
    return in_words(private_letter_choices.of(me))


def _notices(me: Account) -> str:
    chosen = set(notice_preferences.choices_of(me.pk).values())
    if HowOften.AT_ONCE in chosen:
        return _("Some of it at once")
    return _("At most once a day") if HowOften.DAILY in chosen else _("Nothing, until you look")


def _quiet_days(me: Account, *, at: datetime) -> str:
    rest = rest_of(me, at=at)
    if rest is None:
        return _("None now")
    if rest.last_day is None:
        return _("Until you end them")
    return _("Until %(day)s") % {"day": formats.day_of_year(rest.last_day)}


def _rather_not(me: Account) -> str:
    chosen = content_preferences.choices_of(me)
    return _("You’ve said what") if chosen else _("Nothing. Photographs stay folded until you ask")


def _names(people: Sequence[Account]) -> str:
    return in_a_row([name_of(one) for one in people]) or _("Nobody")
