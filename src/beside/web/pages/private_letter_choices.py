"""The page on which somebody chooses who may write to them, and what it says elsewhere of what holds."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from beside.people.models import Account
from beside.posts.authorship import name_of
from beside.responses import policy, private_letter_choices
from beside.responses.models import PrivateLetterChoice, WrittenBy
from beside.web.forms.private_letter_choices import PrivateLetterChoiceForm
from beside.web.pages.people import in_a_row


@dataclass(frozen=True)
class PrivateLetterChoicePage:
    """What holds now, and the form. `screeners` read first, by a delegation."""

    holds: str
    takes_any: bool
    is_paused: bool
    screeners: str
    form: PrivateLetterChoiceForm


def private_letter_choice_page(
    me: Account, form: PrivateLetterChoiceForm
) -> PrivateLetterChoicePage:
    """The page of `me`."""
    now = private_letter_choices.of(me)
    readers = policy.readers_first_of(me) if policy.has_screener(me) else []
    return PrivateLetterChoicePage(
        holds=in_words(now),
        takes_any=now.written_by > WrittenBy.NOBODY,
        is_paused=now.paused_since is not None,
        screeners=in_a_row([name_of(one) for one in readers]),
        form=form,
    )


def private_letter_choice_form(me: Account) -> PrivateLetterChoiceForm:
    """The form with what `me` has chosen."""
    now = private_letter_choices.of(me)
    return PrivateLetterChoiceForm(now=now, is_screened=policy.has_screener(me))


def in_words(now: PrivateLetterChoice) -> str:
    """Who can write now, as a short phrase."""
    if now.paused_since is not None and now.written_by > WrittenBy.NOBODY:
        return _("Nobody new: it closed by itself when many came at once")
    return {
        WrittenBy.NOBODY: _("Nobody can, until you say so"),
        WrittenBy.IN_MY_CIRCLES: _("People in your circles"),
        WrittenBy.WHO_KNOW_ME: _("Anyone who may open your page"),
    }[WrittenBy(now.written_by)]
