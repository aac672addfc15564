"""The full-text index over texts that lie open: FTS5 on SQLite, a GIN index on PostgreSQL.

On both it is kept by the database itself, from the rows of `IndexedText` that have an `open_key`; no other text is ever in
it. It is declared as an index of the model, so that each database makes its own with the same migration.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from django.db import connection, models

from beside.index.analysis import Query, Sought

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE, NAME = "index_text", "index_full_text"
_WORDS = "array_to_tsvector(string_to_array(btrim(index_text.tokens), ' '))"
# From this version on FTS5 takes deleted words out of its pages at once.
_FORGETS_AT_ONCE = (3, 42)
_IS_OTHER = "(new.open_key IS NOT old.open_key OR new.tokens IS NOT old.tokens)"
_IN = "BEGIN INSERT INTO index_full_text(rowid, tokens) VALUES (new.open_key, new.tokens); END"
_OUT = (
    "BEGIN INSERT INTO index_full_text(index_full_text, rowid, tokens) "
    "VALUES ('delete', old.open_key, old.tokens); END"
)
_NEW, _OLD = "new.open_key IS NOT NULL", "old.open_key IS NOT NULL"
_SQLITE = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS index_full_text USING fts5("
    "tokens, content='index_text', content_rowid='open_key', columnsize=0, detail=none, "
    "tokenize=\"ascii tokenchars '_=~@'\")",
    f"CREATE TRIGGER IF NOT EXISTS index_in AFTER INSERT ON index_text WHEN {_NEW} {_IN}",
    f"CREATE TRIGGER IF NOT EXISTS index_out AFTER DELETE ON index_text WHEN {_OLD} {_OUT}",
    f"CREATE TRIGGER IF NOT EXISTS index_old AFTER UPDATE ON index_text WHEN {_OLD} AND {_IS_OTHER} {_OUT}",
    f"CREATE TRIGGER IF NOT EXISTS index_new AFTER UPDATE ON index_text WHEN {_NEW} AND {_IS_OTHER} {_IN}",
)
_FORGET = "INSERT INTO index_full_text(index_full_text, rank) VALUES ('secure-delete', 1)"
# For a copy that is to have no index: what SQLite has marked as deleted goes too.
EMPTY_IT = "INSERT INTO index_full_text(index_full_text) VALUES ('delete-all')"
_POSTGRESQL = (
    f"CREATE INDEX index_full_text ON index_text USING gin (({_WORDS})) WHERE open_key IS NOT NULL"
)


class FullTextIndex(models.Index):
    """The index as a model declares it. Its fields name what it depends on."""

    def create_sql(
        self,
        model: type[models.Model],
        schema_editor: BaseDatabaseSchemaEditor,
        using: str = "",
        **more: Any,  # noqa: ANN401 -- the signature is Django's
    ) -> Any:  # noqa: ANN401
        """The statement that makes it. Triggers follow once the table is there."""
        if schema_editor.connection.vendor != "sqlite":
            return _POSTGRESQL
        first, *rest = (*_SQLITE, _FORGET) if forgets_at_once() else _SQLITE
        schema_editor.deferred_sql.extend(rest)
        return first

    def remove_sql(
        self,
        model: type[models.Model],
        schema_editor: BaseDatabaseSchemaEditor,
        **more: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """The statement that removes it."""
        return f"DROP {'TABLE' if schema_editor.connection.vendor == 'sqlite' else 'INDEX'} {NAME}"


def forgets_at_once() -> bool:
    """Whether this SQLite deletes a word's bytes with the word."""
    return sqlite3.sqlite_version_info >= _FORGETS_AT_ONCE


def newest(query: Query, *, labels: list[str], before: int | None, most: int) -> list[int]:
    """The keys of open texts with all of `query` and all `labels`, the greatest first, below `before`."""
    wanted = [*query, *(Sought(frozenset({label})) for label in labels)]
    is_sqlite = connection.vendor == "sqlite"
    matching = (_fts5 if is_sqlite else _tsquery)(wanted)
    statement = _ON_SQLITE if is_sqlite else _ON_POSTGRESQL
    with connection.cursor() as cursor:
        cursor.execute(statement, [matching, _GREATEST if before is None else before, most])
        return [key for (key,) in cursor.fetchall()]


_GREATEST = 2**63 - 1
_ON_SQLITE = (
    "SELECT rowid FROM index_full_text WHERE index_full_text MATCH %s AND rowid < %s "
    "ORDER BY rowid DESC LIMIT %s"
)
_ON_POSTGRESQL = (
    f"SELECT open_key FROM index_text WHERE {_WORDS} @@ %s::tsquery AND open_key IS NOT NULL "  # noqa: S608
    "AND open_key < %s ORDER BY open_key DESC LIMIT %s"
)


def _fts5(wanted: list[Sought]) -> str:
    """As FTS5 reads it. A token consists of letters, figures and our own signs; quoted, it is nothing but itself."""
    each = (
        [
            *(f'"{one}"' for one in sorted(sought.words)),
            *(f'"{one}" *' for one in sorted(sought.beginnings)),
        ]
        for sought in wanted
    )
    return " AND ".join(f"({' OR '.join(words)})" for words in each)


def _tsquery(wanted: list[Sought]) -> str:
    """The same for PostgreSQL."""
    each = (
        [
            *(f"'{one}'" for one in sorted(sought.words)),
            *(f"'{one}':*" for one in sorted(sought.beginnings)),
        ]
        for sought in wanted
    )
    return " & ".join(f"({' | '.join(words)})" for words in each)
