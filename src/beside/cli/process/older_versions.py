"""Which older versions may run on these tables. It is said beside the migrations, where each version looks.

Migrations only add, so an older version finds everything that it uses. But it obeys no row of a table that it doesn't
know, and such a row may narrow. So each version says which is the oldest that may run on its tables; while nothing is
said, none may.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from beside.cli.process.version_numbers import is_at_least

# The oldest version that obeys everything in the tables of this one. Raise it with each migration that adds something
# which an older version would have to obey.
OLDEST = "0.2.0"
# No app of Django's has this name, so versions that know nothing of it pass over the row.
LABEL, _SAYS = "beside", "runs-from-"


def may_run(version: str, applied: Iterable[tuple[str, str]]) -> bool:
    """Whether `version` may run on tables where `applied`, pairs of app and name, has been applied."""
    said = [name.removeprefix(_SAYS) for app, name in applied if app == LABEL]
    return bool(said) and all(is_at_least(version, oldest) for oldest in said)


def allow_none() -> None:
    """Say nothing, before tables change: cut off in between, no older version runs on half of them."""
    recorder = MigrationRecorder(connection)
    if recorder.has_table():
        recorder.migration_qs.filter(app=LABEL).delete()


def allow() -> None:
    """Say that versions from `OLDEST` on may run, once the tables are this version's."""
    recorder, says = MigrationRecorder(connection), f"{_SAYS}{OLDEST}"
    if list(recorder.migration_qs.filter(app=LABEL).values_list("name", flat=True)) == [says]:
        return
    with transaction.atomic():
        allow_none()
        recorder.record_applied(LABEL, says)
