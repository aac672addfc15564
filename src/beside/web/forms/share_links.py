"""Making a link for one person, or one for each of many people."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beside.people import names
from beside.posts.models import Post
from beside.posts.share_links import Terms
from beside.web.forms.styled import (
    LONGEST_ADDRESS,
    NO_ADDRESS,
    TOO_LONG,
    NameField,
    StyledForm,
)

WHAT = [
    ("words", gettext_lazy("The words")),
    ("photographs", gettext_lazy("The words and the photographs")),
]
FOR_HOW_LONG = [
    ("7", gettext_lazy("A week")),
    ("30", gettext_lazy("A month")),
    ("90", gettext_lazy("Three months")),
    ("365", gettext_lazy("A year")),
]
MOST_PEOPLE = 40
_LONGEST_NAME = 80


class TermsForm(StyledForm):
    """What a link opens, for how long, and the author's own line."""

    message = forms.CharField(
        label=gettext_lazy("A line of your own, if you like"),
        help_text=gettext_lazy("They’ll read it above the letter. It isn’t in the mail."),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"max_length": TOO_LONG},
    )
    what = forms.ChoiceField(
        label=gettext_lazy("What does it open?"),
        choices=WHAT,
        initial="words",
        widget=forms.RadioSelect,
    )
    good_for = forms.TypedChoiceField(
        label=gettext_lazy("For how long?"),
        choices=FOR_HOW_LONG,
        initial="90",
        coerce=int,
        widget=forms.RadioSelect,
    )

    def __init__(self, data: QueryDict | None = None, *, post: Post) -> None:
        super().__init__(data)
        if not post.placed.exists():
            del self.fields["what"]

    def terms(self, name: str, address: str) -> Terms:
        """The terms of the link for the person with this name."""
        told = self.cleaned_data
        return Terms(
            name=name,
            message=told["message"],
            address=address,
            with_photographs=told.get("what") == "photographs",
            good_for=timedelta(days=told["good_for"]),
        )


class LinkForm(TermsForm):
    """A link for one person."""

    name = NameField(
        label=gettext_lazy("Who is it for?"),
        help_text=gettext_lazy("They’ll see this name, so write what you call them."),
        max_length=_LONGEST_NAME,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Who is it for? A first name is enough.")},
    )
    address = forms.EmailField(
        label=gettext_lazy("Their e-mail address, if it should be sent from here"),
        help_text=gettext_lazy("Without one, you’re shown the link, to send it yourself."),
        required=False,
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    field_order = ("name", "what", "good_for", "message", "address")

    def wanted(self) -> Terms:
        """What was typed. Only for a valid form."""
        return self.terms(self.cleaned_data["name"], self.cleaned_data["address"])


class ManyLinksForm(TermsForm):
    """One letter for many people: a line for each, with a mail address or without."""

    people = forms.CharField(
        label=gettext_lazy("Who is it for?"),
        help_text=gettext_lazy(
            "Each on a line of their own: a name and, after a comma, an e-mail address if it should"
            " be sent from here. “Grandmother, margit@example.org”"
        ),
        max_length=20_000,
        widget=forms.Textarea({"rows": 6, "autocomplete": "off"}),
        error_messages={"max_length": TOO_LONG},
    )
    field_order = ("people", "what", "good_for", "message")

    def clean_people(self) -> list[tuple[str, str]]:
        """Names and mail addresses. The error names every line that can't be read, and the field keeps them all."""
        lines = [line.strip() for line in self.cleaned_data["people"].splitlines()]
        lines = [line for line in lines if line]
        if len(lines) > MOST_PEOPLE:
            raise ValidationError(
                _("Please write to no more than %(number)d people at once.")
                % {"number": MOST_PEOPLE}
            )
        unread = [sentence for line in lines if (sentence := _why_unread(line))]
        if unread:
            raise ValidationError(unread)
        return [_read(line) for line in lines]

    def wanted(self) -> list[Terms]:
        """What was typed. Only for a valid form."""
        return [self.terms(name, address) for name, address in self.cleaned_data["people"]]


def _read(line: str) -> tuple[str, str]:
    name, _comma, address = line.replace(";", ",").replace("\t", ",").partition(",")
    return names.clean(name), address.strip().strip("<>")


def _why_unread(line: str) -> str:
    name, address = _read(line)
    if not name or len(name) > _LONGEST_NAME or "@" in name:
        return _("“%(line)s” needs a name first, then a comma.") % {
            "line": names.isolated(line[:120])
        }
    try:
        if len(address) > LONGEST_ADDRESS:
            raise ValidationError(NO_ADDRESS)
        if address:
            validate_email(address)
    except ValidationError:
        return _("The address in “%(line)s” isn’t quite right.") % {
            "line": names.isolated(line[:120])
        }
    return ""
