"""The clock of the whole place: the database's, where several machines share one.

What two acts on different machines are put in order by, and what machines tell each other, takes its time from here. To be asked where a
request or a worker's round begins; what carries it out takes the time as an argument.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.utils import timezone


def now() -> datetime:
    """The time now by the database's clock, with a time zone. With SQLite there is one machine, and it is that machine's."""
    if connection.vendor == "sqlite":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        at: datetime = cursor.fetchone()[0]
    return at
