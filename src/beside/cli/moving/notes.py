"""A word kept with the rows on PostgreSQL, wherever they are set aside: a comment on one of their tables.

The data folder may be a container's, and go with it; the comment is changed in the transaction that moves the table.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

# The tables in their own place first: where both are there, the other is what an earlier move has left.
_WHERE = "coalesce(to_regclass(%s), to_regclass(%s))"
# A comment is no expression, so it can't be a parameter. The database quotes both.
_STATEMENT = f"SELECT format('COMMENT ON TABLE %%s IS %%L', {_WHERE}, %s::text)"


def note(said: str, database: BaseDatabaseWrapper, *, on: tuple[str, str]) -> None:
    """Keep it at whichever table of `on` is there, in place of what was kept. Commits nothing."""
    with database.cursor() as cursor:
        cursor.execute(_STATEMENT, [*on, said or None])
        (statement,) = cursor.fetchone()
        cursor.execute(statement)


def noted(database: BaseDatabaseWrapper, *, on: tuple[str, str]) -> str:
    """What is kept there; empty if nothing is."""
    with database.cursor() as cursor:
        cursor.execute(f"SELECT obj_description({_WHERE}, 'pg_class')", on)
        (said,) = cursor.fetchone()
        return said or ""
