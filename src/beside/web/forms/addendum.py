"""Something said later."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beside.posts.models import Post
from beside.web.forms.dressing import Dressed
from beside.web.forms.editor import Typed


class AddendumForm(Dressed):
    """Words, and whether they stand beside the letter or beside one photograph."""

    words = Typed(label=gettext_lazy("What you’d like to add"), rows=6, max_length=20_000)
    photo = forms.TypedChoiceField(
        label=gettext_lazy("Beside what?"), coerce=UUID, empty_value=None, required=False
    )

    def __init__(self, data: QueryDict | None, *, post: Post) -> None:
        super().__init__(data)
        lying = post.placed.select_related("photo").order_by("position")
        choices = [("", _("The letter"))]
        choices += [
            (str(one.photo_id), _called(one.number, one.photo.description)) for one in lying
        ]
        field = self.fields["photo"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = choices


def _called(number: int, description: str) -> str:
    """An author knows a photograph by its own words; a long description says enough at its start."""
    name = _("Photograph %(number)s") % {"number": number}
    return f"{name}: {description[:60]}" if description else name
