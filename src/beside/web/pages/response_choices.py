"""The page on which an author chooses who may respond to a letter, and what it says elsewhere of what holds."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from beside.people.models import Account
from beside.posts.authorship import name_of
from beside.posts.models import Post
from beside.responses import choices, policy
from beside.responses.choices import Holds
from beside.responses.models import RespondedBy
from beside.web.forms.response_choices import ResponseChoiceForm
from beside.web.pages.people import in_a_row


@dataclass(frozen=True)
class ResponseChoicePage:
    """What holds now, and the form.

    `waits_for` are the other authors who hold more back than somebody else; `waits_for_me` says whether `viewer`
    does. `screeners` read first, by a delegation. `before` is the level that *No more responses* ended.
    """

    id: UUID
    is_draft: bool
    holds: str
    takes_any: bool
    is_paused: bool
    waits_for: str
    waits_for_me: bool
    screeners: str
    before: RespondedBy | None
    form: ResponseChoiceForm


def response_choice_page(
    post: Post, viewer: Account, form: ResponseChoiceForm, *, was: str
) -> ResponseChoicePage:
    """The page of `post` for its author `viewer`; `was` is the level before, as the address has it."""
    holds = choices.holds(post)
    others = [one for one in holds.undecided if one.pk != viewer.pk]
    is_screened = policy.has_screener(post)
    readers = policy.readers_first_of(post) if is_screened else []
    return ResponseChoicePage(
        id=post.pk,
        is_draft=post.state == Post.State.DRAFT,
        holds=in_words(holds),
        takes_any=choices.of(post, viewer).responded_by > RespondedBy.NOBODY,
        is_paused=holds.is_paused,
        waits_for=in_a_row([name_of(one) for one in others]),
        waits_for_me=viewer in holds.undecided,
        screeners=in_a_row([name_of(one) for one in readers]),
        before=level_before(was),
        form=form,
    )


def response_choice_form(post: Post, viewer: Account) -> ResponseChoiceForm:
    """The form with what `viewer` has chosen for `post`."""
    return ResponseChoiceForm(now=choices.of(post, viewer), is_screened=policy.has_screener(post))


def in_words(holds: Holds) -> str:
    """Who can respond now, as a short phrase."""
    if holds.is_paused and holds.responded_by > RespondedBy.NOBODY:
        return _("Nobody: it closed by itself when many came at once")
    return {
        RespondedBy.NOBODY: _("Nobody"),
        RespondedBy.NAMED: _("People you’ve named"),
        RespondedBy.LET_IN: _("People you’ve named or let in"),
        RespondedBy.READERS: _("Anyone here who can read it"),
    }[holds.responded_by]


def level_before(was: str) -> RespondedBy | None:
    """The level that an address or a form names, if it's one at which somebody can respond."""
    found = {str(int(level)): level for level in RespondedBy if level > RespondedBy.NOBODY}
    return found.get(was)
