"""What the pages say of the organisation's identity provider, and of an account's link with it."""

from __future__ import annotations

from django.conf import settings
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from beside.people import formats, organisation_links
from beside.people.models import Account
from beside.people.names import isolated


def organisation_name() -> str:
    """What it is called, in a sentence of ours; empty where there is none."""
    return isolated(settings.BESIDE.oidc_name) if settings.BESIDE.oidc_url else ""


def in_words(account: Account) -> str:
    """Whether the account is connected, and since when."""
    linked = organisation_links.link_of(account)
    if linked is None:
        return _("Not connected")
    return _("Connected since %(day)s") % {"day": formats.day(localtime(linked.date_joined))}
