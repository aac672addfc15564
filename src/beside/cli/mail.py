"""`beside mail`: send a test to one address, and say what the mail server answered."""

from __future__ import annotations

from email.errors import MessageError

import click
from django.conf import settings

from beside.cli.failures.mail_addresses import require_mail_address
from beside.config import databases
from beside.notices import mail
from beside.notices.mail_replies import Stopped, in_words
from beside.photos.vault import new_place


@click.command(help="Send a test to ADDRESS, and say what the mail server answered.")
@click.argument("address")
def command(address: str) -> None:
    """It goes past the outbox, in which other mails wait and are tried again."""
    require_mail_address(address)
    if not mail.has_server():
        # It is written into the data folder, and would make one where a disk isn't mounted.
        new_place.require_place(
            settings.BESIDE.data,
            settings.BESIDE.root_key_file,
            has_rows=databases.has_tables(settings.BESIDE),
        )
    try:
        mail.send_test(address)
    except Stopped as stopped:
        was = "" if stopped.may_be_taken else "It wasn't sent. "
        raise click.ClickException(
            f"{was}{in_words(stopped)} beside doctor looks at the settings."
        ) from None
    except (ValueError, MessageError):
        raise click.ClickException(
            f"It wasn't sent. No mail can be written from {settings.DEFAULT_FROM_EMAIL} to {address}."
        ) from None
    click.echo(_what_became_of_it(address))


def _what_became_of_it(address: str) -> str:
    if not mail.has_server():
        return f"No mail server is set, so it was only written to {settings.EMAIL_FILE_PATH}, and here."
    return (
        f"{settings.EMAIL_HOST} has taken it, from {settings.DEFAULT_FROM_EMAIL} to {address}."
        " Look whether it arrives, and not among spam."
    )
