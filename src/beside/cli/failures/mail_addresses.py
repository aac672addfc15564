"""Mail addresses that a host types in the terminal."""

from __future__ import annotations

import click
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from beside.web.forms.styled import LONGEST_ADDRESS


def require_mail_address(address: str) -> None:
    """Return only if this can be one. Raises `click.ClickException`."""
    try:
        validate_email(address)
    except ValidationError:
        raise click.ClickException(f"{address} isn't an e-mail address.") from None
    if len(address) > LONGEST_ADDRESS:
        raise click.ClickException(
            f"An e-mail address has at most {LONGEST_ADDRESS} characters. This one has {len(address)}."
        )
