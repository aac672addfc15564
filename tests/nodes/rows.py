"""The rows of a database on PostgreSQL, put back to how they were kept.

To make the database anew from a template takes ten times as long as all else at a point: it has 1,800 files.
"""

from __future__ import annotations

import psycopg

# Columns that are computed aren't written.
_COLUMNS = """
SELECT relname, string_agg(quote_ident(attname), ', ') FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
  WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
  GROUP BY relname
"""
# Whoever was killed is still connected for a moment, and may hold locks.
_END_OTHERS = """
SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class Rows:
    """All rows of the database at `url`. Its owner is its superuser."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._asking: psycopg.Connection[tuple[str, str]] | None = None
        self._put_back = ""

    def keep(self) -> None:
        """Remember them, in the database itself."""
        self._asking = asking = psycopg.connect(self._url, autocommit=True)
        asking.execute("CREATE SCHEMA as_made")
        acts = []
        for table, columns in asking.execute(_COLUMNS).fetchall():
            kept = asking.execute(f'CREATE TABLE as_made."{table}" AS TABLE public."{table}"')
            acts.append(f'DELETE FROM public."{table}"')
            if kept.rowcount:
                acts.append(
                    f'INSERT INTO public."{table}" ({columns}) OVERRIDING SYSTEM VALUE'
                    f' SELECT {columns} FROM as_made."{table}"'
                )
        # No foreign key is asked meanwhile: what was kept fits together.
        self._put_back = "; ".join(["SET LOCAL session_replication_role = replica", *acts])

    def put_back(self) -> None:
        """Have those rows that were remembered, and nobody else connected."""
        assert self._asking is not None
        self._asking.execute(_END_OTHERS)
        with self._asking.transaction():
            self._asking.execute(self._put_back)
