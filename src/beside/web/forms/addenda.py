"""Adding something to a letter later."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beside.people.models import Account
from beside.people.names import isolated
from beside.photos import hidden
from beside.photos.models import Photo
from beside.posts.models import Post
from beside.web.forms.editor import Typed
from beside.web.forms.styled import StyledForm


class AddendumForm(StyledForm):
    """Words about the letter, or about one photograph in it."""

    words = Typed(label=gettext_lazy("What you’d like to add"), rows=6, max_length=20_000)
    photo = forms.TypedChoiceField(
        label=gettext_lazy("What is it about?"), coerce=UUID, empty_value=None, required=False
    )

    def __init__(self, data: QueryDict | None, *, post: Post, account: Account) -> None:
        super().__init__(data)
        self._placed = {one.photo_id: one for one in post.placed.select_related("photo")}
        closed = hidden.hidden_from(account, self._placed)
        choices = [("", _("The letter"))]
        choices += [
            (
                str(one.photo_id),
                _called(one.number, "" if one.photo_id in closed else one.photo.description),
            )
            for one in sorted(self._placed.values(), key=lambda one: one.position)
        ]
        field = self.fields["photo"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = choices

    def photograph(self) -> Photo | None:
        """The photograph that was chosen, once the form is valid; None for the letter."""
        chosen = self.cleaned_data["photo"]
        return self._placed[chosen].photo if chosen else None


def _called(number: int, description: str) -> str:
    """A photograph's number, and how its description begins."""
    name = _("Photograph %(number)s") % {"number": number}
    return f"{name}: {isolated(description[:60])}" if description else name
