"""The forms of coming in: allauth's, in our words."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from beside.web.forms.dressing import dress
from beside.web.http.rate_limits import in_minutes, minutes_until_open

CODE_FIGURES = 6
ADDRESS = _("Your e-mail address")


def _address(field: forms.Field, **attrs: str) -> None:
    field.label = ADDRESS
    field.widget.attrs.update({"inputmode": "email", **attrs})


class PasswordForm(account.LoginForm):
    """Coming in with an address and a password."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _address(self.fields["login"], autocomplete="username")
        self.fields["password"].label = _("Your password")
        self.fields["password"].help_text = ""
        dress(self)


class AskForCodeForm(account.RequestLoginCodeForm):
    """Asking for a code. It says the same whether or not there is an account."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _address(self.fields["email"], autocomplete="username")
        dress(self)

    def clean_email(self) -> str:
        try:
            return str(super().clean_email())
        except ValidationError:
            minutes = minutes_until_open(
                context.request, "request_login_code", key=self.cleaned_data["email"].lower()
            )
            raise ValidationError(_too_many_codes(minutes)) from None


class CodeForm(account.ConfirmLoginCodeForm):
    """The six figures, as they were typed or pasted."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _six_figures(self)

    def clean_code(self) -> str:
        _count(self.cleaned_data["code"])
        return str(super().clean_code())


class AddressCodeForm(account.ConfirmEmailVerificationCodeForm):
    """The same, to confirm an address."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _six_figures(self)

    def clean_code(self) -> str:
        _count(self.cleaned_data["code"])
        return str(super().clean_code())


class SignUpForm(account.SignupForm):
    """Two things, and then they're in."""

    name = forms.CharField(
        label=_("What may we call you?"),
        help_text=_(
            "Any name. Two of you can share one, such as “Anna and Jonas”. You can change it."
        ),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Any name will do. You can change it.")},
    )
    field_order = ["name", "email"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _address(self.fields["email"])
        self.fields.pop("password1", None)
        self.fields["email"].help_text = _(
            "For codes, and for what you ask us to send. Nobody sees it."
        )
        dress(self)


class PasswordAgainForm(account.ReauthenticateForm):
    """The password once more, before something that matters."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Your password")
        self.fields["password"].help_text = ""
        dress(self)


class NewAddressForm(account.AddEmailForm):
    """Another address. It counts once the code that is sent there has come back."""

    def __init__(self, user: AbstractBaseUser | None = None, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(user, **kwargs)
        _address(self.fields["email"], autocomplete="email")
        self.fields["email"].label = _("Your new e-mail address")
        dress(self)


class NewPasswordForm(account.SetPasswordForm):
    """A password, chosen or changed. The old one isn't asked: its page asks to sign in again."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        self.fields["password1"].label = _("Your new password")
        self.fields["password1"].help_text = _(
            "Ten signs or more. Three or four words in a row are good, and easy to keep."
        )
        dress(self)


class PasskeyForm(passkeys.AddWebAuthnForm):
    """A passkey. It opens the place by itself, so the device must ask who holds it."""

    passwordless = forms.BooleanField(widget=forms.HiddenInput, initial=True, required=True)
    name = forms.CharField(label=_("What do you call this device?"), required=False, max_length=60)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        dress(self)


def _six_figures(form: forms.Form) -> None:
    field = form.fields["code"]
    field.label = _("The six figures")
    field.widget.attrs.update(
        {"class": "code", "inputmode": "numeric", "autocomplete": "one-time-code"}
    )
    dress(form)


def _count(code: str) -> None:
    figures = sum(sign.isdigit() for sign in code)
    if figures < CODE_FIGURES:
        raise ValidationError(_("There’s a figure missing. The code has six."))
    if figures > CODE_FIGURES:
        raise ValidationError(_("That’s a figure too many. The code has six."))


def _too_many_codes(minutes: int) -> str:
    said = gettext("That’s a good many codes for one hour. The next can be sent %(when)s.")
    return said % {"when": in_minutes(minutes)}
