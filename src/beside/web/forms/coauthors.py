"""Asking somebody to write with one, and asking the others for their yes: a few words, if one likes."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from beside.access.profiles import people_to_choose_from
from beside.people.models import Account
from beside.posts.authorship import name_of
from beside.posts.models import Post
from beside.web.forms.dressing import Dressed

TOO_LONG = _("This is longer than there’s room for here. A little less will fit.")


class SaidForm(Dressed):
    """A few words that go with a question."""

    said = forms.CharField(
        label=_("A few words with it, if you like"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": "3"}),
        error_messages={"max_length": TOO_LONG},
    )


class InvitationForm(SaidForm):
    """Who is asked: one of the people whom the author may name, and who don't write it already."""

    who = forms.ModelChoiceField(
        label=_("Who"),
        queryset=Account.objects.none(),
        empty_label=None,
        error_messages={"invalid_choice": _("Choose somebody whom you know here.")},
    )
    field_order = ("who", "said")

    def __init__(self, data: QueryDict | None = None, *, account: Account, post: Post) -> None:
        super().__init__(data)
        field = self.fields["who"]
        assert isinstance(field, forms.ModelChoiceField)
        people = people_to_choose_from(account.pk).exclude(authorships__post=post)
        people = people.select_related("profile").distinct()
        field.queryset = people.order_by("profile__name", "pk")
        field.label_from_instance = name_of  # type: ignore[method-assign, assignment]
        self.has_people = bool(people)
