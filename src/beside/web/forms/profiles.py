"""What a person says of themselves, and how they choose others."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from beside.people.models import Account, Circle
from beside.web.forms import time_zones
from beside.web.forms.dressing import Dressed


class ProfileForm(Dressed):
    """A name, a few words, whether to be found, and a time zone."""

    name = forms.CharField(
        label=_("What may we call you?"),
        help_text=_("Any name. Two of you can share one, such as “Anna and Jonas”."),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    words = forms.CharField(
        label=_("A few words"),
        help_text=_("If you like. They stand on your page, for those who can open it."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    findable = forms.BooleanField(
        label=_("I’d like to be found"),
        help_text=_(
            "Everybody signed in here can open your page. Without it, only people you have something to do with."
        ),
        required=False,
    )
    time_zone = forms.ChoiceField(
        label=_("Your time zone"),
        help_text=_(
            "Only for you: every day and time here is shown as it is there, and a letter bears the day on which you publish it there."
        ),
        required=False,
        error_messages={"invalid_choice": _("Choose one from the list.")},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["time_zone"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = time_zones.choices(self.initial.get("time_zone", ""))


class CircleForm(Dressed):
    """What a circle is called."""

    name = forms.CharField(
        label=_("What is it called?"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("What is it called? Most people begin with one called Family.")
        },
    )


class AddForm(Dressed):
    """Somebody to put into a circle, chosen by name or named by address."""

    person = forms.TypedChoiceField(
        label=_("Somebody you know here"), required=False, coerce=UUID, empty_value=None
    )
    email = forms.EmailField(
        label=_("Or their e-mail address"),
        help_text=_(
            "For somebody who follows you, whom you follow, or who came by your invitation."
        ),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: object, people: list[Account], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, forms.TypedChoiceField)
        choices = [(str(account.pk), account.profile.name) for account in people]
        field.choices = [("", _("Nobody chosen")), *choices]


class AnswerForm(forms.Form):
    """An answer to someone who asks to follow, and the circle that they go into, if any."""

    answer = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])
    circle = forms.ModelChoiceField(queryset=Circle.objects.none(), required=False)

    def __init__(self, *args: object, owner: Account, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["circle"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Circle.objects.filter(owner=owner)


class InvitationForm(Dressed):
    """Who is to have room here."""

    name = forms.CharField(
        label=_("Who is it for?"),
        help_text=_("A first name is enough. Only you and they see it."),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Who is it for? A first name is enough.")},
    )
    email = forms.EmailField(
        label=_("Their e-mail address"),
        help_text=_("If you like: then we send the link there. You’re shown it as well."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
