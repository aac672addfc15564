"""Asking somebody to write a letter together."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from beside.access.profiles import people_to_choose_from
from beside.people.models import Account
from beside.posts.authorship import name_of
from beside.posts.models import Post
from beside.web.forms.approvals import MessageForm


class InvitationForm(MessageForm):
    """Who is asked: somebody whom the author may name and who isn't an author of it yet."""

    who = forms.ModelChoiceField(
        label=_("Who"),
        queryset=Account.objects.none(),
        empty_label=None,
        error_messages={"invalid_choice": _("Choose somebody you know here.")},
    )
    field_order = ("who", "message")

    def __init__(self, data: QueryDict | None = None, *, account: Account, post: Post) -> None:
        super().__init__(data)
        field = self.fields["who"]
        assert isinstance(field, forms.ModelChoiceField)
        people = people_to_choose_from(account.pk).exclude(authorships__post=post)
        people = people.select_related("profile").distinct()
        field.queryset = people.order_by("profile__name", "pk")
        field.label_from_instance = name_of  # type: ignore[method-assign, assignment]
        self.has_people = bool(people)
