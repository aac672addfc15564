"""In what form an archive's photographs come."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from beside.web.forms.choosing import Choice
from beside.web.forms.dressing import Dressed

AS_GIVEN, AS_SHOWN = "given", "shown"


class ArchiveForm(Dressed):
    """As they were given, with what the camera wrote into them; or as readers see them."""

    photographs = forms.ChoiceField(
        label=_("The photographs"),
        initial=AS_GIVEN,
        widget=forms.RadioSelect,
        choices=[
            (
                AS_GIVEN,
                Choice(
                    _("Exactly as you gave them"),
                    _("They may include where and when they were taken. This is the one to keep."),
                ),
            ),
            (
                AS_SHOWN,
                Choice(
                    _("As readers see them"),
                    _("Without the place and time. This is the one to give to somebody."),
                ),
            ),
        ],
    )

    def with_originals(self) -> bool:
        """Whether originals were chosen. Only for a valid form."""
        return bool(self.cleaned_data["photographs"] == AS_GIVEN)
