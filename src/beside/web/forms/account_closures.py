"""The form that closes one's account."""

from __future__ import annotations

from django import forms

WHEN = ("now", "30")


class CloseAccountForm(forms.Form):
    """When the account is destroyed: now, or in thirty days. Its page draws the two buttons itself."""

    when = forms.ChoiceField(choices=[(one, one) for one in WHEN])
