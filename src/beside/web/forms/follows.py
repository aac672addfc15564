"""Answering somebody who asks to follow."""

from __future__ import annotations

from django import forms

from beside.people.models import Account, Circle


class AnswerForm(forms.Form):
    """A yes or a no, and with a yes the circle to add the follower to, if any."""

    answer = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])
    circle = forms.ModelChoiceField(queryset=Circle.objects.none(), required=False)

    def __init__(self, *args: object, owner: Account, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["circle"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Circle.objects.filter(owner=owner)
