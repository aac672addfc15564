"""How the fields of every form look and complain: class, direction, no placeholder, our own sentences."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from beside.people import names

NEEDED = _("This can’t be left empty.")
TOO_LONG = _("This is longer than there’s room for here. A little less will fit.")
NO_ADDRESS = _("That isn’t quite an e-mail address. It has an @ in it, and something on each side.")
# Each line of a textarea, and each field, is laid out in the direction of its own first letter.
# Characters that a mail's envelope can carry (RFC 5321, 4.5.3.1.3, less the angle brackets). Django's fields take 320.
LONGEST_ADDRESS = 254
TYPED = (forms.TextInput, forms.EmailInput, forms.Textarea)
BARE = (forms.HiddenInput, forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)


class NameField(forms.CharField):
    """A name, or another line that is shown among the words of others. One that looks empty is left empty."""

    def to_python(self, value: object) -> str:
        return names.clean(super().to_python(value) or "")


class PersonNameField(NameField):
    """The name that an account chooses. Mails carry it, so it can't hold an address."""

    def to_python(self, value: object) -> str:
        try:
            names.require_personal(str(value or ""))
        except names.UnfitName as refusal:
            raise ValidationError(str(refusal)) from None
        return super().to_python(value)


class StyledForm(forms.Form):
    """A form with our fields. A placeholder doesn't replace a label, so there are none."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        style_fields(self)


def style_fields(form: forms.BaseForm) -> None:
    """Set class, direction and error sentences on the fields that `form` has now."""
    for field in form.fields.values():
        if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
            field.error_messages["required"] = NEEDED
        if isinstance(field, forms.EmailField):
            field.error_messages["invalid"] = field.error_messages["max_length"] = NO_ADDRESS
            field.max_length = LONGEST_ADDRESS
            others = [one for one in field.validators if not isinstance(one, MaxLengthValidator)]
            field.validators = [*others, MaxLengthValidator(LONGEST_ADDRESS)]
            field.widget.attrs["maxlength"] = str(LONGEST_ADDRESS)
        field.widget.attrs.pop("placeholder", None)
        if isinstance(field.widget, TYPED):
            field.widget.attrs.setdefault("dir", "auto")
        if not isinstance(field.widget, BARE):
            classes = field.widget.attrs.get("class", "")
            field.widget.attrs["class"] = f"in {classes}".strip()
