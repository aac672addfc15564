"""The terms of a letter's door: what it does for each reason that somebody gives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from beside.posts.models import Answer, Reason
from beside.posts.reach import Chosen, Door
from beside.web.forms.styled import TOO_LONG

# In the order in which the door offers them.
REASONS = [
    (Reason.LIVED, _("I’ve lived this")),
    (Reason.LOVE, _("I love someone who has")),
    (Reason.CARE, _("I care for families in my work")),
    (Reason.UNDERSTAND, _("I’d like to understand")),
    (Reason.RATHER_NOT, _("I’d rather not say")),
]
ANSWERS = [
    (Answer.AT_ONCE, _("Let in at once")),
    (Answer.AFTER_A_YES, _("Let in once one of us says yes")),
    (Answer.NOT, _("Don’t let in")),
]


class TermsForm(forms.Form):
    """What the door does for each reason. A reason that the form leaves out keeps its answer."""

    door_says = forms.CharField(
        label=_("A few words at the door, if you like"),
        help_text=_("Everyone who comes to the door reads them before they’re let in."),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": "3", "class": "in", "dir": "auto"}),
        error_messages={"max_length": TOO_LONG},
    )
    door_is_shared = forms.BooleanField(
        label=_("Once let in here, they can open our other letters with this box ticked"),
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
        """The fields for the five reasons, in order."""
        return (self[_field(reason)] for reason, _label in REASONS)

    def door(self) -> Door:
        """The door's terms as the author chose them."""
        said = self.cleaned_data
        answers = {
            str(reason): said[_field(reason)] or self.initial[_field(reason)]
            for reason, _label in REASONS
        }
        return Door(answers, says=said["door_says"].strip(), is_shared=said["door_is_shared"])


def terms(now: Chosen) -> dict[str, Any]:
    """The door's current terms. A letter that never had a door starts with "after a yes" for every reason."""
    was_set = now.has_door() or now.door.answers
    answers = {
        _field(reason): now.door.answer_to(reason) if was_set else Answer.AFTER_A_YES
        for reason, _label in REASONS
    }
    return answers | {"door_says": now.door.says, "door_is_shared": now.door.is_shared}


def _field(reason: Reason) -> str:
    return f"door_{reason.name.lower()}"
