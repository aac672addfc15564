"""`beside host`: look after the hosts themselves, where nobody can come in to do it on the pages."""

from __future__ import annotations

from uuid import UUID

import click
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from beside.cli.failures.mail_addresses import require_mail_address
from beside.people import hosts, invitations
from beside.people.models import Account, HostAct
from beside.querysets import shared_clock
from beside.web import account_mails

_SAID = {
    HostAct.Kind.REPLACED: "is the host no more",
    HostAct.Kind.SIGNED_OUT: "was signed out everywhere",
    HostAct.Kind.DISABLED: "was signed out, closed, and is the host no more",
    HostAct.Kind.ADDRESS_CHANGED: "has another address",
}


@click.group(
    name="host", help="List the hosts, replace one, sign one out, close their way in. It is logged."
)
def command() -> None:
    """Each of these is kept in a log, which `beside host log` prints."""


@command.command(name="list", help="Print each host: name, address, and since when they are here.")
def list_hosts() -> None:
    """One line each."""
    found = list(hosts.everybody())
    for one in found:
        click.echo(f"{one.profile.name} <{one.email}>, here since {one.joined_at:%Y-%m-%d}")
    if not found:
        click.echo("There is no host yet. beside host link prints a link for the first.")


@command.command(help="Print a link for the first host, as each start does while there is none.")
def link() -> None:
    """An earlier link stops working."""
    secret = invitations.make_first_host_link(at=timezone.now())
    click.echo(f"{settings.BESIDE.url}{reverse('invitation', args=[secret])}")


@command.command(help="Make the person with the address NEW the host in the place of OLD.")
@click.argument("old")
@click.argument("new")
def replace(old: str, new: str) -> None:
    """NEW has an account here already. OLD keeps theirs, and all that is in it."""
    host, successor = hosts.with_address(old), hosts.who_could_be(new)
    if host == successor:
        raise click.ClickException("That is the same person. Nothing was changed.")
    hosts.replace(host, successor, at=timezone.now())
    click.echo(f"{successor.email} is the host now, and {host.email} is one no more.")


@command.command(help="Sign the host with this address out on every device.")
@click.argument("address")
def sign_out(address: str) -> None:
    """A code to their address lets them in again."""
    host = hosts.with_address(address)
    hosts.sign_out(host, at=timezone.now())
    click.echo(f"{host.email} is signed out on every device.")


@command.command(help="End that this person is the host, sign them out, and close their place.")
@click.argument("address")
@click.option(
    "--because",
    default="",
    help="A sentence that they read when they sign in, and nobody else. [default: none]",
)
@click.option("--dry-run", is_flag=True, help="Say what it would do, and do nothing.")
def disable(address: str, *, because: str, dry_run: bool) -> None:
    """Nothing is deleted. Any moderator can open the place again; who is the host is said only here."""
    host = hosts.with_address(address)
    if dry_run:
        click.echo(f"{host.email} would be signed out, closed, and the host no more.")
        return
    hosts.disable(host, because=because, at=timezone.now())
    click.echo(f"{host.email} is signed out and closed, and the host no more.")
    _say_if_nobody_is_left()


@command.command(
    name="change-address", help="Give the host with the address OLD the address NEW instead."
)
@click.argument("old")
@click.argument("new")
@click.option(
    "--lost",
    is_flag=True,
    help="Tell nobody at OLD, and let nobody there undo it: somebody else reads what comes there.",
)
def change_address(old: str, new: str, *, lost: bool) -> None:
    """Every device is signed out. OLD is told, and can undo it for fourteen days, unless it is lost."""
    require_mail_address(new)
    host = hosts.with_address(old)
    change, told = hosts.change_address(host, new, is_lost=lost, at=shared_clock.now())
    account_mails.send_change(change, told, device="computer")
    click.echo(f"Codes for {host.profile.name} go to {host.email} from now on.")


@command.command(help="Print what was done about hosts from the terminal, newest first.")
def log() -> None:
    """With the address of each account, or its id where it is gone."""
    done = list(hosts.acts())
    if not done:
        click.echo("Nothing was done from the terminal so far.")
    for act in done:
        said = _SAID[HostAct.Kind(act.kind)]
        then = f"; {_named(act.other)} is, instead" if act.other else ""
        click.echo(f"{act.at:%Y-%m-%d %H:%M} UTC: {_named(act.account)} {said}{then}.")


def _named(account_id: UUID) -> str:
    found = Account.objects.filter(pk=account_id).values_list("email", flat=True).first()
    return found or f"an account that is gone ({account_id})"


def _say_if_nobody_is_left() -> None:
    if not hosts.everybody().exists():
        click.echo("There is no host now. beside host link prints a link for another.")
