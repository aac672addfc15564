"""Reading first: a word to a response's writer, a line to its authors, and how the queue is sorted."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from beside.web.forms.styled import TOO_LONG, StyledForm


class ReplyForm(StyledForm):
    """A word to the writer from the person who reads first."""

    reply = forms.CharField(
        label=_("From you, not from them"),
        max_length=2000,
        widget=forms.Textarea({"rows": "4"}),
        error_messages={
            "required": _("There’s nothing to send yet."),
            "max_length": TOO_LONG,
        },
    )


class QuestionForm(StyledForm):
    """A line to the authors about a response that they haven't seen."""

    question = forms.CharField(
        label=_("A line of your own"),
        max_length=300,
        widget=forms.Textarea({"rows": "3"}),
        error_messages={
            "required": _("A few words are enough, such as what it’s about."),
            "max_length": TOO_LONG,
        },
    )


class SortingForm(StyledForm):
    """What falls to the end of the queue."""

    new_people_last = forms.BooleanField(
        label=_("People who are new here"),
        help_text=_("For the first two days after they joined."),
        required=False,
    )
    many_at_once_last = forms.BooleanField(
        label=_("People who write a lot at once"),
        help_text=_("More than five responses within an hour."),
        required=False,
    )
    words = forms.CharField(
        label=_("Words or phrases that you’d rather come to later"),
        help_text=_("One on each line."),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": "5"}),
        error_messages={"max_length": TOO_LONG},
    )
