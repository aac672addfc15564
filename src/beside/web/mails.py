"""The mails that are ours to write: plain text, no photograph, no child's name, no title."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from beside.people.models import Account


def link_of(secret: str) -> str:
    """The address that an invitation's secret makes."""
    return settings.BESIDE.url.rstrip("/") + reverse("join", args=[secret])


def send_invitation(email: str, *, by: Account, secret: str) -> None:
    """Send somebody the link that makes room for them."""
    told = {
        "name": by.profile.name,
        "keeper": settings.BESIDE.keeper if by.is_host else "",
        "link": link_of(secret),
    }
    body = render_to_string("mail/invitation.txt", told).strip()
    EmailMessage(_("A place has been made for you"), body, to=[email]).send()
