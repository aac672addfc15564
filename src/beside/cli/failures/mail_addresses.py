"""Mail addresses that a host types in the terminal."""

from __future__ import annotations

import click
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

# As on the pages (`web.forms.styled`), and as long as a row takes.
_LONGEST = 254


def require_mail_address(address: str) -> None:
    """Return only if this can be one. Raises `click.ClickException`."""
    try:
        validate_email(address)
    except ValidationError:
        raise click.ClickException(f"{address} isn't an e-mail address.") from None
    if len(address) > _LONGEST:
        raise click.ClickException(
            f"An e-mail address has at most {_LONGEST} characters. This one has {len(address)}."
        )
