"""Asking to be let in at a door, and answering somebody who asks."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from beside.access.door.requests import RequestText
from beside.posts.models import Reason
from beside.web.forms.approvals import MessageForm
from beside.web.forms.door import REASONS
from beside.web.forms.styled import TOO_LONG, StyledForm


class AskForm(StyledForm):
    """Why somebody has come. Every field is optional."""

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

    def request_text(self) -> RequestText:
        """The reason and the words. No reason counts as "I'd rather not say"."""
        reason = self.cleaned_data["reason"] or Reason.RATHER_NOT
        return RequestText(reason, self.cleaned_data["words"])


class AnswerForm(MessageForm):
    """A yes or a no to somebody who asks to be let in, and a few words to go with a yes."""

    answer = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])
