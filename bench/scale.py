"""Home, a letter and a person's page, as the place grows to a million letters, on SQLite.

    python -m bench.scale [--posts 1000 100000 1000000] [--times 40]

The reader's own people stay the same: forty whom they follow, with twenty letters each. Around
them the place grows; each other account has fifty letters, given to a circle of its own.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from bench.reporting import Table

FOLLOWED = 40
LETTERS_EACH = 20
OTHERS_LETTERS = 50


def main() -> int:
    """One place in a folder of its own, grown from size to size."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--posts", type=int, nargs="+", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--times", type=int, default=40)
    options = parser.parse_args()
    table = Table("scale", ["page", "letters", "median ms", "of the smallest", "queries"])
    with tempfile.TemporaryDirectory(prefix="beside-bench-") as folder:
        _set_up(Path(folder))
        known = import_module("bench.neighbours").make(FOLLOWED, LETTERS_EACH)
        smallest: dict[str, float] = {}
        for posts in sorted(options.posts):
            grow_to(posts)
            for page, path in known.pages.items():
                took, queries = _measured(known.client, path, options.times)
                smallest.setdefault(page, took)
                ratio = took / smallest[page]
                table.add(page, posts, round(took, 1), round(ratio, 2), queries)
                print(f"{page}, {posts} letters: {took:.1f} ms", flush=True)
    table.finish()
    return 0


def _set_up(folder: Path) -> None:
    os.environ |= {
        "BESIDE_DATA": str(folder / "data"),
        "BESIDE_ROOT_KEY_FILE": str(folder / "root.key"),
        "DJANGO_SETTINGS_MODULE": "beside.config.settings",
    }
    import_module("django").setup()
    import_module("beside.cli.running.preparing").prepare()


def _measured(client: Any, path: str, times: int) -> tuple[float, int]:
    queries = _queries(lambda: client.get(path))
    took = []
    for _ in range(times):
        began = time.perf_counter()
        answer = client.get(path)
        took.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, (path, answer.status_code)
    return statistics.median(took), queries


def _queries(do: Callable[[], object]) -> int:
    connection = import_module("django.db").connection
    capture = import_module("django.test.utils").CaptureQueriesContext(connection)
    with capture:
        do()
    return len(capture)


def grow_to(posts: int) -> None:
    """Add other people's letters until there are `posts`, in bulk and in one transaction."""
    connection = import_module("django.db").connection
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM posts_post")
        missing = posts - cursor.fetchone()[0]
        if missing <= 0:
            return
        cursor.execute("PRAGMA synchronous=OFF")
        cursor.execute("PRAGMA cache_size=-2000000")
        with import_module("django.db").transaction.atomic():
            for statement in _GROWTH.split(";\n"):
                if statement.strip():
                    cursor.execute(statement, {"missing": missing, "each": OTHERS_LETTERS})
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA cache_size=-2000")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


_LETTER = "We knew from about four in the afternoon. " * 40
_GROWTH = f"""
CREATE TEMP TABLE n AS WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM c WHERE i + 1 < %(missing)s)
SELECT i, lower(hex(randomblob(16))) AS post, lower(hex(randomblob(16))) AS photo, i / %(each)s AS who FROM c;
CREATE TEMP TABLE w AS SELECT DISTINCT who, lower(hex(randomblob(16))) AS account, lower(hex(randomblob(16))) AS circle FROM n GROUP BY who;
CREATE INDEX temp.w_who ON w (who);
INSERT INTO people_account (id, email, password, is_host, is_active, joined_at)
SELECT account, account || '@home.example', '!', 0, 1, datetime() FROM w;
INSERT INTO people_profile (account_id, name, words, findable) SELECT account, 'Someone', '', 0 FROM w;
INSERT INTO people_circle (id, owner_id, name) SELECT circle, account, 'Family' FROM w;
INSERT INTO people_membership (circle_id, account_id, added_at)
SELECT w.circle, other.account, datetime() FROM w JOIN w AS other ON other.who = (w.who + 1) %% (SELECT max(who) + 1 FROM w);
INSERT INTO posts_post (id, state, title, words, words_for, words_signed_in, photographs_for,
photographs_signed_in, veiled, note, note_shows, begun_at, kept_at, published_at, version, numbers_given)
SELECT post, 'published', 'A title', '{_LETTER}', 1, 1, 1, 1, 1, 'What can be seen.', '[]',
datetime('now', '-' || (i %% 4000000) || ' seconds'), datetime(), datetime('now', '-' || (i %% 4000000) || ' seconds'), 1, 1 FROM n;
INSERT INTO posts_authorship (post_id, account_id, joined_at) SELECT post, account, datetime() FROM n JOIN w USING (who);
INSERT INTO posts_grant (post_id, what, circle_id) SELECT post, 1, circle FROM n JOIN w USING (who);
INSERT INTO posts_grant (post_id, what, circle_id) SELECT post, 2, circle FROM n JOIN w USING (who);
INSERT INTO photos_photo (id, uploader_id, state, uploaded_at, name_on_phone, original_blob, original_bytes, kind,
width, height, notice, refusal, description, caption, attempts)
SELECT photo, account, 'ready', datetime(), '', photo, 1, 'jpeg', 3, 2, '', '', 'What is seen', '', 0 FROM n JOIN w USING (who);
INSERT INTO posts_placedphoto (post_id, photo_id, position, number, beside_previous) SELECT post, photo, 0, 1, 0 FROM n;
DROP TABLE n;
DROP TABLE w;
"""


if __name__ == "__main__":
    sys.exit(main())
