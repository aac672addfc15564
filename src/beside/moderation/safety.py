"""What the host should know about whether everything here is safe. Nothing in it is about anybody's letters."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from beside import version
from beside.moderation.last_runs import LastBackup, LastVerification
from beside.moderation.runs_of_place import last_backup, last_verification
from beside.notices import mail, outbox
from beside.photos import disk_full, worker_beats

# The host should look once a backup or a verification is older than this.
BACKUP_EVERY = timedelta(days=8)
VERIFICATION_EVERY = timedelta(days=35)


@dataclass(frozen=True, slots=True)
class Safety:
    """Sizes are in bytes, of the disk that the data folder is on. What nobody here can know is not in it."""

    backup: LastBackup | None
    backup_is_late: bool
    copies_itself: bool
    verification: LastVerification | None
    verification_is_late: bool
    disk_used: int
    disk_size: int
    disk_is_full: bool
    sends_mail: bool
    mails_are_stuck: bool
    is_developing: bool
    has_tls: bool
    version: str

    @property
    def is_all_well(self) -> bool:
        """Whether nothing that is known here needs the host."""
        is_damaged = self.verification is not None and self.verification.faults > 0
        needs = (
            self.copies_itself and self.backup_is_late,
            is_damaged,
            self.disk_is_full,
            self.mails_are_stuck,
        )
        return self.is_developing and not any(needs)


def look(*, at: datetime) -> Safety:
    """Collect it, as of `at`."""
    data = settings.BESIDE.data
    disk = shutil.disk_usage(data)
    backup, verification = last_backup(data), last_verification(data)
    return Safety(
        backup=backup,
        backup_is_late=backup is None or at - backup.at > BACKUP_EVERY,
        copies_itself=connection.vendor == "sqlite",
        verification=verification,
        verification_is_late=verification is None or at - verification.at > VERIFICATION_EVERY,
        disk_used=disk.used,
        disk_size=disk.total,
        disk_is_full=disk_full.is_full(data),
        sends_mail=mail.has_server(),
        mails_are_stuck=outbox.is_stuck(at),
        is_developing=worker_beats.is_alive(data, at=at),
        has_tls=settings.BESIDE.url.startswith("https://"),
        version=version(),
    )
