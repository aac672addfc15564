"""Sentences of Django and allauth that a page of ours can show, which our catalogues say in our own way.

In English they are theirs. In German theirs speak to a stranger ("Sie"), and in every language they speak to somebody
who fills in a form. A catalogue of ours goes before theirs.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

FIELDS = [
    _("This field is required."),
    _("Enter a list of values."),
    _("Enter a valid UUID."),
    _("Enter a valid JSON."),
    _("Enter a whole number."),
    _("Enter a valid email address."),
    _("Select a valid choice. %(value)s is not one of the available choices."),
    _("Select a valid choice. That choice is not one of the available choices."),
    _("Null characters are not allowed."),
    _("Ensure this value is less than or equal to %(limit_value)s."),
    _("Ensure this value is greater than or equal to %(limit_value)s."),
    ngettext_lazy(
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
]
PASSWORDS = [
    _("This password is too common."),
    _("Your password can’t be a commonly used password."),
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
        "min_length",
    ),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
        "min_length",
    ),
    _("You must type the same password each time."),
    _("Password (again)"),
]
SIGNING_IN = [
    _("Code"),
    _("Email"),
    _("This account is currently inactive."),
    _("Invalid login."),
    _("Please type your current password."),
    _("Please select only one."),
    _("You cannot remove your primary email address."),
    _("Your primary email address must be verified."),
]
