"""Which photographs an archive holds: originals, or what readers see."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from beside.web.forms.choices import Choice
from beside.web.forms.styled import StyledForm

AS_GIVEN, AS_SHOWN = "given", "shown"


class ArchiveForm(StyledForm):
    """Originals, with what the camera wrote into them; or renditions, as readers see them."""

    photographs = forms.ChoiceField(
        label=_("The photographs"),
        initial=AS_GIVEN,
        widget=forms.RadioSelect,
        choices=[
            (
                AS_GIVEN,
                Choice(
                    _("Exactly as you gave them"),
                    _("They may say where and when they were taken. This is the one to keep."),
                ),
            ),
            (
                AS_SHOWN,
                Choice(
                    _("As readers see them"),
                    _("Without the place and the time. This is the one to give to someone else."),
                ),
            ),
        ],
    )

    def with_originals(self) -> bool:
        """Whether originals were chosen, once the form is valid."""
        return bool(self.cleaned_data["photographs"] == AS_GIVEN)
