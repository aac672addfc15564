"""The mails about an account itself: plain text, without anybody's name or words, or the name of this place."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beside.people import formats, languages, time_zones
from beside.people.account_changes import Kind, Told
from beside.people.models import Account
from beside.people.sign_in_models import AccountChange

SUBJECTS = {
    Kind.ADDRESS: gettext_lazy("Codes go to another address"),
    Kind.PASSWORD: gettext_lazy("There is a new password"),
    Kind.PASSKEY_ADDED: gettext_lazy("There is a new passkey"),
    Kind.PASSKEY_REMOVED: gettext_lazy("A passkey was removed"),
    Kind.SIGNED_IN: gettext_lazy("A new device"),
}


def undo_address(secret: str) -> str:
    """The link that undoes a change. Its secret is after the "#", so no server and no log is told it."""
    return settings.BESIDE.url.rstrip("/") + reverse("undo_account_change") + "#" + secret


def send_change(change: AccountChange, told: list[Told], *, device: str) -> None:
    """Tell each address of `change`, made on a device of the kind `device`, with its own link to undo it."""
    kind = Kind(change.kind)
    # Not the zone and language of the request: whoever sits at an unknown device may be anywhere.
    at = timezone.localtime(change.at, time_zones.of(change.account))
    with languages.speaking_to(change.account):
        said = {"kind": kind.name, "when": formats.moment_in_zone(at), "device": device}
        for one in told:
            context = said | {"link": undo_address(one.secret)}
            body = render_to_string("account/email/changed.txt", context).strip()
            EmailMessage(str(SUBJECTS[kind]), body, to=[one.address]).send()


def send_linked(account: Account, organisation: str) -> None:
    """Tell somebody that they can sign in with their organisation from now on."""
    with languages.speaking_to(account):
        said = {"organisation": organisation, "contact": settings.BESIDE.contact}
        body = render_to_string("account/email/linked.txt", said).strip()
        EmailMessage(_("Another way to sign in"), body, to=[account.email]).send()


def send_undone(address: str) -> None:
    """Tell an address that it was replaced by the one before it."""
    body = render_to_string(
        "account/email/undone.txt", {"contact": settings.BESIDE.contact}
    ).strip()
    EmailMessage(_("A change was undone"), body, to=[address]).send()


def reopen_address(secret: str) -> str:
    """The link that opens a closed account again. Its secret is after the "#", so no server and no log is told it."""
    return settings.BESIDE.url.rstrip("/") + reverse("reopen_account") + "#" + secret


def send_closed(address: str, secret: str, *, until: datetime) -> None:
    """Send the link that opens a closed account again until `until`. It says neither whose nor what it is."""
    day = formats.day(timezone.localtime(until))
    told = {"day": day, "link": reopen_address(secret)}
    body = render_to_string("account/email/closed.txt", told).strip()
    EmailMessage(_("It’s closed"), body, to=[address]).send()
