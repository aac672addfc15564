"""Asking somebody to do one thing for oneself, and writing for somebody."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from beside.access.profiles import people_close_to
from beside.people.delegations import HandsOver, Role
from beside.people.models import Account
from beside.posts.authorship import name_of
from beside.web.forms.choosing import Choice
from beside.web.forms.dressing import Dressed

ROLES = {
    Role.SCREENER: Choice(
        _("Someone who reads first"),
        _("Reads who asks to be let in, and who says that they’re in a photograph."),
    ),
    Role.TELLER: Choice(
        _("Someone who writes for us"), _("Writes a letter that becomes a draft of yours alone.")
    ),
    Role.STEWARD: Choice(
        _("Someone for after"), _("After sixty days without a no from you, can show less.")
    ),
}


HANDS_OVER = {
    HandsOver.NOTHING: Choice(_("Nothing"), _("They can only show less.")),
    HandsOver.SHOWN: Choice(
        _("What I’ve shown to others"),
        _(
            "Published letters, but not what is only for those who wrote it; photographs as readers see them."
        ),
    ),
    HandsOver.EVERYTHING: Choice(
        _("Everything that I keep here"),
        _("Drafts and your drawer too, and every photograph as it was given."),
    ),
}


class OfferForm(Dressed):
    """Whom, for what, and a few words."""

    role = forms.ChoiceField(
        label=_("For what"),
        choices=list(ROLES.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you ask them for.")},
    )
    person = forms.ModelChoiceField(
        label=_("Whom"),
        queryset=Account.objects.none(),
        empty_label=_("Nobody chosen"),
        error_messages={"required": _("Choose somebody."), "invalid_choice": _("Choose somebody.")},
    )
    hands_over = forms.ChoiceField(
        label=_("If they’re for after: what may they hand over, as an archive?"),
        help_text=_(
            "To whom it should come, say in your words to them. What you wrote with others who are still here"
            " is never in it."
        ),
        choices=list(HANDS_OVER.items()),
        initial=HandsOver.NOTHING,
        required=False,
        widget=forms.RadioSelect,
    )
    said = forms.CharField(
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
        """Nothing, where nothing is said."""
        return HandsOver(self.cleaned_data["hands_over"] or HandsOver.NOTHING)


class WriteForForm(Dressed):
    """A letter, to be handed over."""

    title = forms.CharField(label=_("Title"), required=False, max_length=200)
    words = forms.CharField(
        label=_("Words"), max_length=200_000, widget=forms.Textarea(attrs={"rows": 12})
    )
