"""Who a family is for, and in which half of the world its seasons are."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from beside.family.families import Seen
from beside.family.models import FamilyAudience
from beside.people.models import Account
from beside.posts.models import Audience
from beside.posts.reach import Chosen, Reach
from beside.web.forms.audience import choices
from beside.web.forms.styled import StyledForm

_LEVELS = {
    "us": FamilyAudience.ONLY_US,
    "people": FamilyAudience.PEOPLE,
    "page": FamilyAudience.ANYONE,
}


class FamilyAudienceForm(StyledForm):
    """Who sees the family. Only one's own circles and people can be ticked, and those who are ticked now."""

    seen_by = forms.ChoiceField(
        label=_("Who is it for?"),
        choices=[(name, level.label) for name, level in _LEVELS.items()],
        widget=forms.RadioSelect,
    )
    people = forms.MultipleChoiceField(
        label=_("These people"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: QueryDict | None = None, *, account: Account, now: Seen) -> None:
        level = next(name for name, one in _LEVELS.items() if one == now.audience)
        ticked = [f"circle:{one}" for one in now.circles] + [
            f"person:{one}" for one in now.accounts
        ]
        super().__init__(data, initial={"seen_by": level, "people": ticked})
        field = self.fields["people"]
        assert isinstance(field, forms.MultipleChoiceField)
        named = Reach(Audience.PEOPLE, accounts=now.accounts, circles=now.circles)
        field.choices = choices(account, Chosen(words=named))

    def seen(self) -> Seen:
        """What was chosen."""
        ticked = [one.split(":") for one in self.cleaned_data["people"]]
        return Seen(
            _LEVELS[self.cleaned_data["seen_by"]],
            frozenset(UUID(pk) for kind, pk in ticked if kind == "person"),
            frozenset(UUID(pk) for kind, pk in ticked if kind == "circle"),
        )


class HalfForm(StyledForm):
    """In which half of the world the family's seasons are."""

    southern = forms.BooleanField(
        label=_("Our summer begins in December, as in the south"),
        help_text=_("It only decides in which order entries with a season stand."),
        required=False,
    )
