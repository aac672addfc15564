"""What the host should know about whether everything here is safe. Nothing in it is about anybody's letters."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from beside import version
from beside.moderation.last_runs import LastBackup, LastProof, LastVerification
from beside.moderation.runs_of_place import (
    last_backup,
    last_proof,
    last_trial,
    last_verification,
)
from beside.notices import mail, outbox
from beside.photos import disk_full, worker_beats

# The host should look once a backup or a verification is older than this.
BACKUP_EVERY = timedelta(days=8)
VERIFICATION_EVERY = timedelta(days=35)


@dataclass(frozen=True, slots=True)
class Safety:
    """Sizes are in bytes, of the disk that the data folder is on; None where nothing is kept there. What nobody here can know is not in it."""

    backup: LastBackup | None
    backup_is_late: bool
    proof: LastProof | None
    trial: LastProof | None
    verification: LastVerification | None
    verification_is_late: bool
    disk_used: int | None
    disk_size: int | None
    disk_is_full: bool
    sends_mail: bool
    mails_are_stuck: bool
    is_developing: bool
    has_tls: bool
    version: str

    @property
    def is_all_well(self) -> bool:
        """Whether nothing that is known here needs the host."""
        runs = (self.backup, self.proof, self.trial, self.verification)
        is_damaged = any(run is not None and run.faults > 0 for run in runs)
        needs = (
            self.backup_is_late,
            is_damaged,
            self.disk_is_full,
            self.mails_are_stuck,
        )
        return self.is_developing and not any(needs)


def look(*, at: datetime) -> Safety:
    """Collect it, as of `at`."""
    data = settings.BESIDE.data
    disk = None if settings.BESIDE.is_data_spare else shutil.disk_usage(data)
    backup, verification = last_backup(data), last_verification(data)
    return Safety(
        backup=backup,
        backup_is_late=backup is None or at - backup.at > BACKUP_EVERY,
        proof=last_proof(data),
        trial=last_trial(data),
        verification=verification,
        verification_is_late=verification is None or at - verification.at > VERIFICATION_EVERY,
        disk_used=disk.used if disk else None,
        disk_size=disk.total if disk else None,
        disk_is_full=disk_full.is_full(data),
        sends_mail=mail.has_server(),
        mails_are_stuck=outbox.is_stuck(at),
        is_developing=worker_beats.is_alive(data, at=at),
        has_tls=settings.BESIDE.url.startswith("https://"),
        version=version(),
    )
