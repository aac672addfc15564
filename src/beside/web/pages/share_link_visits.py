"""The pages for somebody who came by a link for one person. They are in large text, like the letter."""

from __future__ import annotations

from dataclasses import dataclass

from beside.people.names import isolated
from beside.posts.authorship import name_of
from beside.posts.models import ShareLink
from beside.web.forms.pasted_links import PastedForm


@dataclass(frozen=True)
class OpenPage:
    """The field for a link; `says` tells why the last one opened nothing."""

    pasted: PastedForm
    says: str = ""


@dataclass(frozen=True)
class WaitingPage:
    """A browser that waits until the link's `maker` allows it."""

    name: str
    maker: str
    pasted: PastedForm


def waiting_page(link: ShareLink) -> WaitingPage:
    """The page for a browser that waits for an answer about `link`."""
    return WaitingPage(isolated(link.name), name_of(link.maker), PastedForm())
