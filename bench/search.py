"""What searching takes as the place grows, how large the index is, and what it adds to narrowing a letter.

    python -m bench.search [--database sqlite|postgresql] [--posts 10000 1000000] [--times 40]

The reader's own people stay the same, as in `bench.scale`: five hundred whom they follow, with ten letters each. A fifth of all
other letters is on the shelf. Each letter is indexed under a hundred and fifty words, some of which are in every letter and some in few.
"""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from random import Random
from typing import Any

from bench.reporting import Table
from bench.scale import FOLLOWED, TURNS, Took, in_a_growing_place, tell, took_of

VOCABULARY, WORDS_EACH, ON_SHELF = 30_000, 150, 5
_AT_ONCE, _NARROWED, _WARM = 1000, 40, 2
_SYLLABLES = ("ba", "de", "fi", "go", "lu", "ma", "ne", "po", "ri", "su", "ta", "ve")


def main() -> int:
    """What is looked for in a place that grows."""
    return in_a_growing_place("search", _measure)


def _measure(sizes: list[int], times: int, table: Table) -> None:
    crowd, asking = import_module("bench.crowd"), import_module("bench.requests")
    known = import_module("bench.neighbours").make(FOLLOWED, crowd.LETTERS_EACH)
    random, words = Random("the same place each time"), vocabulary()
    places: dict[int, str] = {}
    there = FOLLOWED
    for posts in sizes:
        began = time.perf_counter()
        crowd.grow(posts // crowd.LETTERS_EACH - there, random=random)
        there = posts // crowd.LETTERS_EACH
        print(f"{posts} letters, after {time.perf_counter() - began:.0f} s", flush=True)
        _index(words, random)
        print(f"indexed, after {time.perf_counter() - began:.0f} s", flush=True)
        places[posts] = asking.here() if posts == sizes[-1] else asking.copied(f"at_{posts}")
    took, queries = _by_turns(places, known, words, times=times)
    tell(table, took, queries)
    for posts, place in places.items():
        asking.move_to(place)
        for what, megabytes in _sizes().items():
            table.add(what, posts, megabytes, "", "", "", "", "MB")


def vocabulary() -> list[str]:
    """Made-up words, the commonest first."""
    made = (
        "".join(some)
        for length in (2, 3, 4, 5)
        for some in itertools.product(_SYLLABLES, repeat=length)
    )
    return list(itertools.islice(made, VOCABULARY))


def _index(words: list[str], random: Random) -> None:
    """Index every letter that isn't; put a fifth of the crowd's on the shelf."""
    models, texts = import_module("beside.index.models"), import_module("beside.index.texts")
    post_models = import_module("beside.posts.models")
    weights = list(itertools.accumulate(1 / (place + 3) for place in range(len(words))))
    unindexed = post_models.Post.objects.filter(indexed_text=None).order_by()
    letters = list(unindexed.values_list("pk", "published_at", "words_for", "words"))
    for some in _batches(letters):
        rows, shelved = [], []
        for post, published_at, words_for, said in some:
            tokens = set(random.choices(words, cum_weights=weights, k=WORDS_EACH))
            tokens |= {"afternoon"} if said.startswith("We knew") else set()
            is_on = words_for == post_models.Audience.PEOPLE and random.randrange(ON_SHELF) == 0
            key = texts.key_at(published_at) + random.randrange(4_000_000) if is_on else None
            shelved += [post] if is_on else []
            rows.append(
                models.IndexedText(
                    post_id=post, tokens=f" {' '.join(sorted(tokens))} ", open_key=key
                )
            )
        post_models.Post.objects.filter(pk__in=shelved).update(
            words_for=post_models.Audience.ANYONE
        )
        post_models.Authorship.objects.filter(post__in=shelved).update(may_be_found=True)
        models.IndexedText.objects.bulk_create(rows)
    with import_module("django.db").connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _batches(letters: list[Any]) -> Iterator[list[Any]]:
    for first in range(0, len(letters), _AT_ONCE):
        yield letters[first : first + _AT_ONCE]


def _by_turns(
    places: dict[int, str], known: Any, words: list[str], *, times: int
) -> tuple[Took, dict[str, int]]:
    asking = import_module("bench.requests")
    scale = import_module("bench.scale")
    took: Took = {}
    queries: dict[str, int] = {}
    for turn in range(TURNS):
        for posts, place in places.items():
            asking.move_to(place)
            for what, ask in _asked(known, words).items():
                took_of([ask] * _WARM)
                took.setdefault((what, posts), []).extend(took_of([ask] * (times // TURNS)))
                queries[what] = scale.queries_of(ask)
            for what, acts in _narrowed(turn).items():
                took.setdefault((what, posts), []).extend(took_of(acts))
    return took, queries


def _asked(known: Any, words: list[str]) -> dict[str, Callable[[], object]]:
    """Searches of each kind, in the shared index, in five thousand letters that were given, and everywhere, as a page."""
    search, shelf = import_module("beside.finding.search"), import_module("beside.finding.shelf")
    analysis = import_module("beside.index.analysis")
    viewer = import_module("beside.access.policy").Viewer(
        known.reader, known.client.session.session_key
    )
    looked_for = {
        "a word in most": words[0],
        "a word in few": words[-2],
        "two words": f"{words[40]} {words[90]}",
        "half a word": words[20_000][:5],
        "a word in none": "xanthippe",
    }
    found: dict[str, Callable[[], object]] = {"home, to compare": partial(_get, known, "/")}
    for name, typed in looked_for.items():
        wanted = shelf.Wanted(query=analysis.query_of(typed))
        found[f"shelf, {name}"] = partial(_shelf, shelf, viewer, wanted)
    for name in ("a word in most", "a word in none"):
        query = analysis.query_of(looked_for[name])
        found[f"letters given, {name}"] = partial(_given, search, viewer, query)
        found[f"the whole page, {name}"] = partial(_get, known, f"/search/?q={looked_for[name]}")
    return found


def _shelf(shelf: Any, viewer: Any, wanted: Any) -> None:
    shelf.letters(viewer, wanted, at=_now())


def _given(search: Any, viewer: Any, query: Any) -> None:
    search.letters_given(query, viewer, at=_now())


def _now() -> Any:
    return import_module("django.utils.timezone").now()


def _get(known: Any, path: str) -> None:
    answer = known.client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)


def _narrowed(turn: int) -> dict[str, list[Callable[[], object]]]:
    """Closing letters that are on the shelf, and others, each once."""
    posts = import_module("beside.posts.models").Post.objects.filter(state="published")
    audience = import_module("beside.posts.models").Audience
    each, first = _NARROWED // TURNS, 0
    shelved = posts.filter(indexed_text__open_key__isnull=False)[first:each]
    others = posts.filter(words_for=audience.PEOPLE)[first:each]
    return {
        "a letter on the shelf closed": [_close(post) for post in shelved],
        "another letter closed": [_close(post) for post in others],
    }


def _close(post: Any) -> Callable[[], object]:
    by = post.authorships.select_related("account").first().account
    closing = import_module("beside.posts.closing")
    return lambda: closing.close(post, by=by, at=_now())


def _sizes() -> dict[str, float]:
    """Megabytes of the texts, of the shared index, and of the letters themselves."""
    connection: Any = import_module("django.db").connection
    if connection.vendor == "sqlite":
        of = "SELECT sum(pgsize) FROM dbstat WHERE name LIKE %s"
        asked = {
            "the texts": "index_text%",
            "the shared index": "index_full_text%",
            "the letters": "posts_post",
        }
    else:
        of = "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relname LIKE %s AND relkind IN ('r', 'i')"
        asked = {
            "the texts": "index_text",
            "the shared index": "index_full_text",
            "the letters": "posts_post",
        }
    with connection.cursor() as cursor:
        found = {}
        for what, name in asked.items():
            cursor.execute(of, [name])
            found[what] = round((cursor.fetchone()[0] or 0) / 1e6, 1)
        return found


if __name__ == "__main__":
    sys.exit(main())
