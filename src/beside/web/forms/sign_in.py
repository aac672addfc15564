"""The forms for signing in: allauth's, with our sentences and limits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from beside.people import guesses
from beside.web.forms.styled import NameField, PersonNameField, style_fields
from beside.web.http.rate_limits import count_for_account

CODE_FIGURES = 8
# The code of the `ValidationError` for a code with too few or too many digits. It isn't a guess.
WRONG_LENGTH = "wrong_length"
ADDRESS = _("Your e-mail address")


def _address(field: forms.Field, **attrs: str) -> None:
    field.label = ADDRESS
    field.widget.attrs.update({"inputmode": "email", **attrs})


class PasswordForm(account.LoginForm):
    """Sign in with an address and a password."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _address(self.fields["login"], autocomplete="username")
        self.fields["password"].label = _("Your password")
        self.fields["password"].help_text = ""
        style_fields(self)


class AskForCodeForm(account.RequestLoginCodeForm):
    """Ask for a code. The answer is the same whether or not there is an account."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _address(self.fields["email"], autocomplete="username")
        style_fields(self)

    def clean_email(self) -> str:
        count_for_account(context.request, guesses.CODES_SENT, self.cleaned_data["email"])
        return str(super().clean_email())


class _CountsGuesses(forms.Form):
    """Calls `count`, which may raise, before the code is compared."""

    def __init__(
        self, *args: object, count: Callable[[], None] | None = None, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._count = count
        field = self.fields["code"]
        field.label = _("The eight digits")
        field.widget.attrs.update(
            {
                "class": "code",
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "autofocus": True,
            }
        )
        style_fields(self)

    def clean_code(self) -> str:
        _check_length(self.cleaned_data["code"])
        assert self._count is not None
        self._count()
        return str(super().clean_code())  # type: ignore[misc]


class CodeForm(_CountsGuesses, account.ConfirmLoginCodeForm):
    """The code to sign in with, as it was typed or pasted."""


class SendCodeForm(forms.Form):
    """Have a code sent, before something that matters."""

    def __init__(self, *args: Any, address: str, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self._address = address

    def clean(self) -> dict[str, Any] | None:
        count_for_account(context.request, guesses.CODES_SENT, self._address)
        return super().clean()


class AddressCodeForm(_CountsGuesses, account.ConfirmEmailVerificationCodeForm):
    """The code that confirms an address."""


class SignUpForm(account.SignupForm):
    """Make an account: a name and an address."""

    name = PersonNameField(
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
        style_fields(self)


class PasswordAgainForm(account.ReauthenticateForm):
    """The password again, before something that matters."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Your password")
        self.fields["password"].help_text = ""
        style_fields(self)


class NewAddressForm(account.AddEmailForm):
    """Another address. It replaces the old one once the code sent there was entered."""

    def __init__(self, user: AbstractBaseUser | None = None, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(user, **kwargs)
        _address(self.fields["email"], autocomplete="email")
        self.fields["email"].label = _("Your new e-mail address")
        style_fields(self)


class NewPasswordForm(account.SetPasswordForm):
    """A first or another password. The old one isn't asked for, because the page asks for a recent sign-in."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        self.fields["password1"].label = _("Your new password")
        self.fields["password1"].help_text = _(
            "Ten characters or more. Three or four words in a row are good, and easy to remember."
        )
        style_fields(self)


class PasskeyForm(passkeys.AddWebAuthnForm):
    """A new passkey. It signs in by itself, so the device must verify who holds it."""

    passwordless = forms.BooleanField(widget=forms.HiddenInput, initial=True, required=True)
    name = NameField(label=_("What do you call this device?"), required=False, max_length=60)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        style_fields(self)


def _check_length(code: str) -> None:
    figures = sum(sign.isdigit() for sign in code)
    if figures < CODE_FIGURES:
        said = _("There’s a digit missing. The code has eight.")
        raise ValidationError(said, code=WRONG_LENGTH)
    if figures > CODE_FIGURES:
        said = _("That’s one digit too many. The code has eight.")
        raise ValidationError(said, code=WRONG_LENGTH)
