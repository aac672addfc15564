"""The letters between two people, as one of them sees them, and the box for writing another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from beside.access.policy import NothingToSee
from beside.people.models import Account
from beside.posts.authorship import name_of
from beside.responses import policy, private_letter_policy, private_letters
from beside.responses.models import Response
from beside.web.forms.private_letters import PrivateLetterForm
from beside.web.pages.people import Person
from beside.web.pages.responses import paragraphs, readers_in_words


@dataclass(frozen=True)
class PrivateLetter:
    """One letter. It has no `paragraphs` if its writer isn't shown its words again."""

    id: UUID
    is_mine: bool
    sent_at: datetime
    paragraphs: Sequence[str]


@dataclass(frozen=True)
class LetterBox:
    """The box for writing to somebody. `readers` says who reads it, `gives_to` what its button says."""

    to: Person
    form: PrivateLetterForm
    readers: str
    gives_to: str


@dataclass(frozen=True)
class PrivateLettersPage:
    """The letters between two, oldest first. There is no `box` for somebody who may not write."""

    to: Person
    letters: Sequence[PrivateLetter]
    box: LetterBox | None


def private_letters_page(
    account_id: UUID, me: Account, form: PrivateLetterForm, *, at: datetime
) -> PrivateLettersPage:
    """The page of `me` with another; raises `NothingToSee` if nothing is between them and `me` may not write."""
    other = Account.objects.filter(pk=account_id).select_related("profile").first()
    if other is None:
        raise NothingToSee
    letters = list(private_letters.between(me, other, at=at))
    is_answer = any(one.writer_id == other.pk for one in letters)
    box = answer_box(other, form) if is_answer else letter_box(other, me, form)
    if not letters and box is None:
        raise NothingToSee
    to = Person(other.pk, name_of(other))
    return PrivateLettersPage(to, [_letter(one, me) for one in letters], box)


def letter_box(to: Account, me: Account, form: PrivateLetterForm) -> LetterBox | None:
    """The box for `me` to write to somebody; None if they may not."""
    if not private_letter_policy.may_write_to(to, me):
        return None
    if private_letter_policy.needs_nobody_first(to, me):
        return answer_box(to, form)
    readers = policy.readers_of(to, me)
    gives_to = _("Send it")
    if len(readers) == 1:
        gives_to = _("Give it to %(name)s") % {"name": name_of(readers[0])}
    says = readers_in_words(to, me, readers)
    return LetterBox(Person(to.pk, name_of(to)), form, says, gives_to)


def answer_box(to: Account, form: PrivateLetterForm) -> LetterBox:
    """The box for answering what somebody wrote: whoever reads that may answer, and nobody reads the answer first."""
    name = {"name": name_of(to)}
    says, gives_to = _("It goes straight to %(name)s.") % name, _("Send it to %(name)s") % name
    return LetterBox(Person(to.pk, name_of(to)), form, says, gives_to)


def _letter(one: Response, me: Account) -> PrivateLetter:
    is_mine = one.writer_id == me.pk
    is_shown = not is_mine or private_letters.shows_words(one)
    return PrivateLetter(one.pk, is_mine, one.sent_at, paragraphs(one.words) if is_shown else [])
