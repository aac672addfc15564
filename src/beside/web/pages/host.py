"""The host's page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from beside.access import trail
from beside.moderation import house_words, safety
from beside.moderation.safety import Safety
from beside.people import formats
from beside.people.models import Account
from beside.people.names import isolated
from beside.web.forms.host import HouseWordsForm
from beside.web.pages.reports import ReportsPage, reports_page


@dataclass(frozen=True)
class Fact:
    """One line of "Is everything safe?". `used` and `size` draw a bar; 0 where there is none."""

    about: str
    says: str
    used: int = 0
    size: int = 0


@dataclass(frozen=True)
class HostPage:
    """What the host sees. There is nothing of anybody's letters in it."""

    name: str
    is_all_well: bool
    waiting: ReportsPage
    last_look: datetime | None
    facts: Sequence[Fact]


def host_page(host: Account, *, at: datetime) -> HostPage:
    """The page of `host` at `at`."""
    found = safety.look(at=at)
    return HostPage(
        name=isolated(host.profile.name),
        is_all_well=found.is_all_well,
        waiting=reports_page(host),
        last_look=trail.last_at(),
        facts=_facts(found),
    )


def house_words_form(data: QueryDict | None) -> HouseWordsForm:
    """The form, filled in with what is said now."""
    now = house_words.current()
    said = {} if now is None else {name: getattr(now, name) for name in HouseWordsForm.base_fields}
    return HouseWordsForm(data, initial=said)


def _facts(found: Safety) -> list[Fact]:
    return [
        Fact(_("Backup"), _backup(found)),
        Fact(_("Photographs"), _photographs(found)),
        *_room(found),
        Fact(_("Mail"), _mail(found)),
        Fact(_("Certificate"), _certificate(found)),
        Fact(_("Version"), _version(found)),
    ]


def _room(found: Safety) -> list[Fact]:
    """Of the disk that photographs are on, if they are on one of this machine's."""
    if found.disk_used is None or found.disk_size is None:
        return []
    in_use = _("%(used)s of %(size)s") % {
        "used": formats.file_size(found.disk_used),
        "size": formats.file_size(found.disk_size),
    }
    full = _("The disk is full: %(in_use)s. Nobody can add or write anything more.")
    says = full % {"in_use": in_use} if found.disk_is_full else in_use
    return [Fact(_("Room"), says, found.disk_used, found.disk_size)]


def _backup(found: Safety) -> str:
    if found.backup is None:
        return _("No backup has been made.")
    made = [_("Made on %(when)s.") % {"when": _when(found.backup.at)}]
    if found.backup_is_late:
        made.append(_("That’s more than a week ago."))
    if found.backup.faults:
        made.append(_("Some photographs were damaged or missing here. “beside backup” says which."))
    return " ".join((*made, *_proofs(found)))


def _proofs(found: Safety) -> Iterator[str]:
    if found.proof is not None:
        whole = _("All of it was read on %(when)s, and is whole.")
        damaged = _(
            "On %(when)s something in it was damaged or missing. “beside verify” says what, with the backup’s folder."
        )
        yield (damaged if found.proof.faults else whole) % {"when": _when(found.proof.at)}
    if found.trial is None:
        yield _(
            "Whether it can be restored isn’t known: “beside restore --try” tries, and keeps nothing of it."
        )
        return
    back = _("Restoring it was tried on %(when)s, and all of it came back.")
    not_back = _(
        "Restoring it was tried on %(when)s, and not all of it came back. “beside restore --try” says what."
    )
    yield (not_back if found.trial.faults else back) % {"when": _when(found.trial.at)}


def _photographs(found: Safety) -> str:
    run = found.verification
    waits = "" if found.is_developing else _("New ones wait: no worker has reported lately.")
    if run is None:
        said = _("They haven’t been checked. “beside verify” opens every one.")
    elif run.faults:
        said = _("On %(when)s something was damaged or missing. “beside verify” says what.")
    else:
        said = _("Every one was opened on %(when)s, and is whole.")
    if run is not None:
        said = said % {"when": _when(run.at)}
    return f"{said} {waits}".strip()


def _mail(found: Safety) -> str:
    if found.mails_are_stuck:
        return _(
            "The mail server hasn’t taken some mails for hours; they’re tried for two days. “beside doctor” says what is wrong."
        )
    if found.sends_mail:
        return _("It goes to a mail server. Whether it arrives isn’t known here.")
    return _("None is sent: mails are written to a folder here, codes for signing in included.")


def _certificate(found: Safety) -> str:
    if found.has_tls:
        return _("Not known here: the proxy in front of this server holds it.")
    return _("None: people reach this place without one, which is only for this machine itself.")


def _version(found: Safety) -> str:
    return _("%(version)s. Beside asks nobody whether there is a newer one.") % {
        "version": found.version
    }


def _when(at: datetime) -> str:
    return formats.moment(localtime(at))
