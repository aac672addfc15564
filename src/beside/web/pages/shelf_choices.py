"""The page on which an author says whether a letter may be on the open shelf, and its language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from beside.finding import shelf
from beside.people.models import Account
from beside.posts import facets
from beside.posts.authorship import name_of
from beside.posts.models import Authorship, Post
from beside.web.forms.facets import LABELS
from beside.web.forms.shelf_choices import LanguageForm
from beside.web.pages.people import in_a_row


@dataclass(frozen=True)
class ShelfChoicePage:
    """What an author says about a letter and the shelf, and how it stands. `waits_for` are the other authors who haven't said yes."""

    id: UUID
    is_draft: bool
    is_on: bool
    is_for_anyone: bool
    says_yes: bool
    waits_for: str
    found_under: Sequence[str]
    form: LanguageForm


def shelf_choice_page(post: Post, me: Account, form: LanguageForm) -> ShelfChoicePage:
    """The page of `post` for its author `me`."""
    standing = shelf.standing(post, me)
    others = [one for one in standing.undecided if one.pk != me.pk]
    return ShelfChoicePage(
        id=post.pk,
        is_draft=post.state == Post.State.DRAFT,
        is_on=standing.is_on,
        is_for_anyone=standing.is_for_anyone,
        says_yes=Authorship.objects.filter(post=post, account=me, may_be_found=True).exists(),
        waits_for=in_a_row([name_of(one) for one in others]),
        found_under=[str(LABELS[facet]) for facet in facets.of(post)],
        form=form,
    )


def in_words(post: Post, author: Account) -> str:
    """Whether a letter of `author` may be found, as a short phrase."""
    standing = shelf.standing(post, author)
    if standing.is_on:
        return _("Yes, on the open shelf")
    if standing.undecided:
        return _("No")
    if not standing.is_for_anyone:
        return _("Not while its words are for fewer people")
    return _("Not until it’s open to its readers")
