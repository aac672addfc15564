"""The door: its terms as an author sets them, why somebody has come, and what is said to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from beside.access.door.requests import RequestText
from beside.posts.models import Answer, Reason
from beside.posts.reach import Chosen, Door
from beside.web.forms.approvals import MessageForm
from beside.web.forms.dressing import TOO_LONG, Dressed

# In the order in which they are asked. "I'd rather not say" is a whole answer.
REASONS = [
    (Reason.LIVED, _("I’ve lived this")),
    (Reason.LOVE, _("I love someone who has")),
    (Reason.CARE, _("I care for families in my work")),
    (Reason.UNDERSTAND, _("I’d like to understand")),
    (Reason.RATHER_NOT, _("I’d rather not say")),
]
ANSWERS = [
    (Answer.AT_ONCE, _("Let in at once")),
    (Answer.AFTER_A_YES, _("After a yes of ours")),
    (Answer.NOT, _("Not let in")),
]


class TermsForm(forms.Form):
    """What the door does for each reason. What the page doesn't say stays as it is."""

    door_says = forms.CharField(
        label=_("A few words at the door, if you like"),
        help_text=_("Everybody who comes there reads them, before they’re let in."),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": "3", "class": "in"}),
        error_messages={"max_length": TOO_LONG},
    )
    door_is_shared = forms.BooleanField(
        label=_("Let in here, let in to every letter by the same of us that has this tick too"),
        required=False,
    )

    def __init__(self, data: QueryDict | None = None, *, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        for reason, label in REASONS:
            widget = forms.Select({"class": "in"})
            self.fields[_field(reason)] = forms.ChoiceField(
                label=label, choices=ANSWERS, required=False, widget=widget
            )

    def answers(self) -> Iterator[forms.BoundField]:
        """The five choices, for the page."""
        return (self[_field(reason)] for reason, _label in REASONS)

    def door(self) -> Door:
        """What was chosen."""
        said = self.cleaned_data
        answers = {
            str(reason): said[_field(reason)] or self.initial[_field(reason)]
            for reason, _label in REASONS
        }
        return Door(answers, says=said["door_says"].strip(), is_shared=said["door_is_shared"])


class AskForm(Dressed):
    """Why somebody has come. All of it can be left empty."""

    reason = forms.ChoiceField(
        label=_("Why have you come?"), choices=REASONS, widget=forms.RadioSelect, required=False
    )
    words = forms.CharField(
        label=_("Anything you’d like them to know"),
        help_text=_("You can leave this empty. You don’t have to prove anything."),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": "3"}),
        error_messages={"max_length": TOO_LONG},
    )

    def said(self) -> RequestText:
        """What was said. Whoever gives no reason would rather not say one."""
        reason = self.cleaned_data["reason"] or Reason.RATHER_NOT
        return RequestText(reason, self.cleaned_data["words"])


class AnswerForm(MessageForm):
    """An answer to somebody who asks, and a few words for them if it is yes."""

    answer = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])


def terms(now: Chosen) -> dict[str, Any]:
    """The door as it is; one that was never there lets in after a yes."""
    was_set = now.has_door() or now.door.answers
    answers = {
        _field(reason): now.door.answer_to(reason) if was_set else Answer.AFTER_A_YES
        for reason, _label in REASONS
    }
    return answers | {"door_says": now.door.says, "door_is_shared": now.door.is_shared}


def _field(reason: Reason) -> str:
    return f"door_{reason.name.lower()}"
