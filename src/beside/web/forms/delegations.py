"""Asking somebody to be a delegate, and writing a letter for an author."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from beside.access.profiles import people_close_to
from beside.people.delegations import HandsOver, Role
from beside.people.models import Account
from beside.posts.authorship import name_of
from beside.web.forms.choices import Choice
from beside.web.forms.styled import StyledForm

ROLES = {
    Role.SCREENER: Choice(
        _("Someone who reads first"),
        _(
            "Reads, before you do, what people write to you, requests to be let in, and messages from people who"
            " say they’re in a photograph."
        ),
    ),
    Role.TELLER: Choice(
        _("Someone who writes for us"), _("Writes a letter that becomes a draft only you can see.")
    ),
    Role.STEWARD: Choice(
        _("Someone for after"),
        _("If you don’t say no within sixty days, they can show less of what you’ve shared."),
    ),
}


HANDS_OVER = {
    HandsOver.NOTHING: Choice(_("Nothing"), _("They can only show less.")),
    HandsOver.SHOWN: Choice(
        _("What I’ve shown to others"),
        _(
            "Published letters, except those only for their authors; photographs as readers see them."
        ),
    ),
    HandsOver.EVERYTHING: Choice(
        _("Everything I keep here"),
        _("Drafts and your drawer too, and every photograph exactly as you gave it."),
    ),
}


class OfferForm(StyledForm):
    """Who is asked, for which role, and a few words to them."""

    role = forms.ChoiceField(
        label=_("What for?"),
        choices=list(ROLES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you’re asking them to do.")},
    )
    person = forms.ModelChoiceField(
        label=_("Who?"),
        queryset=Account.objects.none(),
        empty_label=_("Nobody chosen"),
        error_messages={"required": _("Choose somebody."), "invalid_choice": _("Choose somebody.")},
    )
    hands_over = forms.ChoiceField(
        label=_("If they’re someone for after: what may they hand over as an archive?"),
        help_text=_(
            "Tell them in your own words who it should go to. Letters you wrote with others who are still here"
            " are never in it."
        ),
        choices=list(HANDS_OVER.items()),
        initial=HandsOver.NOTHING,
        required=False,
        widget=forms.RadioSelect,
    )
    message = forms.CharField(
        label=_("A few words to them, if you like"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: QueryDict | None = None, *, account: Account) -> None:
        super().__init__(data)
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)
        people = people_close_to(account.pk).exclude(pk=account.pk).select_related("profile")
        field.queryset = people.distinct().order_by("profile__name", "pk")
        field.label_from_instance = name_of  # type: ignore[method-assign, assignment]

    def clean_hands_over(self) -> HandsOver:
        """An empty field means nothing."""
        return HandsOver(self.cleaned_data["hands_over"] or HandsOver.NOTHING)


class WriteForForm(StyledForm):
    """A letter that will be handed over to its author."""

    title = forms.CharField(label=_("Title"), required=False, max_length=200)
    words = forms.CharField(
        label=_("Words"), max_length=200_000, widget=forms.Textarea(attrs={"rows": 12})
    )
