"""What Beside changes in how django-allauth names passkeys and refuses them."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from beside.people.models import Account


class Passkeys(DefaultMFAAdapter):
    """What a device shows of a passkey: the name of this place, and the person's name and address."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("That didn’t open it. A code by mail always works."),
        "unverified_email": _("Please confirm your address first."),
    }

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: A002
        """One name for all; people tell theirs apart by the day each was made."""
        return gettext("A passkey")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": settings.BESIDE.place_name}

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        assert isinstance(user, Account)
        return {**entity, "display_name": user.profile.name}
