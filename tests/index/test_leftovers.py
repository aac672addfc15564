from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from beside.finding import shelf
from beside.index import full_text, leftovers
from beside.index.analysis import query_of
from beside.index.models import IndexedText
from beside.posts import closing, destroying, indexed_texts, taking_back
from beside.posts.models import Audience, Destruction, Post
from tests.cast import NOW, make_cast, make_photo, make_post

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("data")]
# The letter has it in capitals, and only the index in small letters.
RARE = "zyzzogeton"


def take_back(post: Post) -> None:
    taking_back.take_back(post, by=post.authorships.get().account, at=NOW)


def destroy(post: Post) -> None:
    asked = destroying.ask_for_post(post, by=post.authorships.get().account, at=NOW)
    destroying.destroy_now(asked, by=Destruction.objects.get().account, at=NOW)


def shelve(words: str) -> Post:
    author = (
        make_cast().rose
        if not Post.objects.exists()
        else Post.objects.first().authorships.get().account
    )
    photo = make_photo(author, caption=words, description="")
    post = make_post(author, words=words, words_for=Audience.ANYONE, photos=[photo])
    indexed_texts.catch_up()
    shelf.allow(post, by=author, at=NOW)
    return post


def raw() -> bytes:
    """All bytes of the database's files."""
    database = Path(connection.settings_dict["NAME"])
    files = [database, database.with_name(f"{database.name}-wal")]
    return b"".join(file.read_bytes() for file in files if file.exists())


@pytest.mark.thorough
@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads the files of SQLite")
@pytest.mark.parametrize("end", [take_back, destroy])
def test_no_byte_of_a_word_stays_in_the_files(end):
    for number in range(30):
        shelve(f"The {number}th of many letters, with a word such as zyzyx{number}.")
    post = shelve(RARE.upper())
    shelve("And one after it.")
    assert RARE.encode() in raw()

    end(post)
    assert not IndexedText.objects.filter(tokens__contains=RARE).exists()
    leftovers.purge()

    assert RARE.encode() not in raw()
    assert b"zyzyx" in raw()


@pytest.mark.parametrize("end", [take_back, destroy])
def test_purging_is_repeated_and_leaves_the_rest_to_be_found(end):
    kept, post = shelve("We knew of tulips."), shelve(RARE)

    end(post)
    for _ in range(2):
        leftovers.purge()

    found = full_text.newest(query_of("tulips"), labels=[], before=None, most=5)
    assert found == [IndexedText.objects.get(post=kept).open_key]
    assert full_text.newest(query_of(RARE), labels=[], before=None, most=5) == []


def test_a_letter_that_is_closed_leaves_the_shared_index_in_the_same_act():
    post = shelve(RARE)
    closing.close(post, by=post.authorships.get().account, at=NOW)

    assert full_text.newest(query_of(RARE), labels=[], before=None, most=5) == []
