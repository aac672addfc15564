"""With whose eyes an author reads their own letter."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beside.people.models import Account
from beside.people.names import isolated
from beside.posts import audiences
from beside.posts.models import Post, ShareLink
from beside.web.forms.audience import choices
from beside.web.forms.styled import StyledForm


class ReaderForm(StyledForm):
    """Whom to read it as: a stranger, somebody whom the author may name, or the holder of a link."""

    who = forms.ChoiceField(label=gettext_lazy("Read it as"), required=False)

    def __init__(self, data: QueryDict, *, post: Post, account: Account) -> None:
        super().__init__(data)
        people = [
            (value.removeprefix("person:"), label)
            for value, label in choices(account, audiences.chosen(post))
            if value.startswith("person:")
        ]
        field = self.fields["who"]
        assert isinstance(field, forms.ChoiceField)
        self.links = {
            f"link:{one.pk}": one
            for one in ShareLink.objects.alive(timezone.now()).filter(post=post)
        }
        by_link = [
            (value, _("%(name)s, by their link") % {"name": isolated(one.name)})
            for value, one in self.links.items()
        ]
        field.choices = [("", _("A stranger, not signed in")), *people, *by_link]

    def reader(self) -> UUID | None:
        """The account to read as; None for a stranger, a link, and anybody who can't be named."""
        chosen = self._chosen()
        return UUID(chosen) if chosen and chosen not in self.links else None

    def link(self) -> ShareLink | None:
        """The link to read by, if that was chosen."""
        return self.links.get(self._chosen())

    def _chosen(self) -> str:
        return self.cleaned_data.get("who", "") if self.is_valid() else ""
