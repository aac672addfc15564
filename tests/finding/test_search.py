from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from beside.access import consents, content_preferences
from beside.access.feeds import PAGE
from beside.access.models import Admission, Ban
from beside.access.policy import NOBODY, Viewer
from beside.finding import directory_entries, names, search, shelf
from beside.finding.directory_entries import Said
from beside.finding.shelf import Wanted
from beside.index import texts
from beside.index.analysis import query_of
from beside.index.models import IndexedText
from beside.people import accounts, blocks, follows
from beside.people.models import Account
from beside.photos import hidden
from beside.posts import addenda, closing, facets, indexed_texts, suspensions, taking_back
from beside.posts.models import Audience, Facet, PlacedPhoto, Post
from tests.broken import fails_at_first
from tests.cast import NOW, make_account, make_circle, make_photo, make_post

RARE = "xanthippe"


def letter(*authors: Account, words: str = f"There was {RARE} in it.", **more) -> Post:
    post = make_post(*authors, words=words, **more)
    indexed_texts.catch_up()
    return post


def follow(follower: Account, followed: Account) -> None:
    follows.ask(follower, followed, at=NOW)
    follows.accept(followed, follower.pk, at=NOW)


def given(account: Account, typed: str = RARE, **more) -> list:
    return [
        one.pk
        for one in search.letters_given(
            query_of(typed), Viewer(account.pk), at=NOW, **more
        ).page.posts
    ]


def own(account: Account, typed: str = RARE) -> list:
    found = search.own_letters(account, query_of(typed), Viewer(account.pk), at=NOW)
    return [one.pk for one in found.posts]


def own_photographs(account: Account, typed: str = RARE) -> list:
    found = search.own_photographs(query_of(typed), Viewer(account.pk), at=NOW)
    return [one.pk for one in found.photos]


def on_shelf(account: Account | None, typed: str = RARE, **more) -> list:
    viewer = Viewer(account.pk) if account else NOBODY
    wanted = Wanted(query=query_of(typed), **more)
    return [one.pk for one in shelf.letters(viewer, wanted, at=NOW).posts]


def shelved(*authors: Account, **more) -> Post:
    post = letter(*authors, words_for=Audience.ANYONE, **more)
    for author in authors:
        shelf.allow(post, by=author, at=NOW)
    return post


def test_each_place_has_what_belongs_there(cast):
    follow(cast.nan, cast.ada)
    circle = make_circle(cast.rose, of=[cast.nan])
    draft = letter(cast.nan, state=Post.State.DRAFT)
    closed = letter(cast.nan, state=Post.State.CLOSED)
    by_name = letter(cast.rose, words_for=[cast.nan])
    by_circle = letter(cast.rose, words_for=[circle])
    followed = letter(cast.ada, words_for=Audience.ANYONE)
    strangers = letter(cast.ines, words_for=Audience.ANYONE)
    on = shelved(cast.ines)

    assert set(own(cast.nan)) == {draft.pk, closed.pk}
    assert set(given(cast.nan)) == {by_name.pk, by_circle.pk, followed.pk}
    assert on_shelf(cast.nan) == [on.pk]
    assert given(cast.ines) == on_shelf(None) == []
    assert own(cast.ines) == [on.pk, strangers.pk] or set(own(cast.ines)) == {on.pk, strangers.pk}


def test_titles_addenda_and_dates_are_words_too(cast):
    post = letter(
        cast.rose, words="Nothing.", title="Rosebud", about_when="autumn 2019", words_for=[cast.nan]
    )
    addenda.add(post, "Later we learned of tulips.", by=cast.rose, at=NOW)

    for typed in ("rosebud", "autumn", "tulip", "rosebud tulips 2019"):
        assert given(cast.nan, typed) == [post.pk]
    assert given(cast.nan, "rosebud daffodil") == []


def test_a_line_that_stands_for_a_photograph_is_no_word(cast):
    post = letter(cast.rose, words="One.\n\n[photograph 3]\n\n[signed Rose]")

    assert own(cast.rose, "photograph") == own(cast.rose, "signed") == []
    assert own(cast.rose, "one") == [post.pk]


def shut_by_suspending(post, cast):
    suspensions.suspend(post.pk, because="", at=NOW)


def shut_by_suspending_its_author(post, cast):
    Account.objects.filter(pk=cast.rose.pk).update(suspended_at=NOW)


def shut_by_suspending_the_reader(post, cast):
    Account.objects.filter(pk=cast.nan.pk).update(suspended_at=NOW)


def shut_by_a_block(post, cast):
    blocks.block(cast.rose, cast.nan, at=NOW)


def shut_by_the_readers_block(post, cast):
    blocks.block(cast.nan, cast.rose, at=NOW)


def shut_by_closing(post, cast):
    closing.close(post, by=cast.rose, at=NOW)


def shut_by_taking_back(post, cast):
    taking_back.take_back(post, by=cast.rose, at=NOW)


def shut_by_a_preference(post, cast):
    facets.choose(post, [Facet.ILLNESS], by=cast.rose)
    content_preferences.choose(cast.nan, {Facet.ILLNESS: "not for now"})


def shut_by_not_today(post, cast):
    content_preferences.not_today(cast.nan, at=NOW)


@pytest.mark.usefixtures("data")
@pytest.mark.parametrize("is_on_shelf", [True, False])
@pytest.mark.parametrize(
    "shut",
    [
        shut_by_suspending,
        shut_by_suspending_its_author,
        shut_by_suspending_the_reader,
        shut_by_a_block,
        shut_by_the_readers_block,
        shut_by_closing,
        shut_by_taking_back,
        shut_by_a_preference,
        shut_by_not_today,
    ],
)
def test_what_a_reader_may_not_see_or_would_rather_not_is_not_found(cast, shut, is_on_shelf):
    post = shelved(cast.rose) if is_on_shelf else letter(cast.rose, words_for=[cast.nan])
    find = on_shelf if is_on_shelf else given
    assert find(cast.nan) == [post.pk]

    shut(post, cast)

    assert find(cast.nan) == []


def test_what_a_reader_wants_to_be_asked_about_is_asked_about(cast):
    post = letter(cast.rose, words_for=[cast.nan])
    facets.choose(post, [Facet.ILLNESS], by=cast.rose)
    content_preferences.choose(cast.nan, {Facet.ILLNESS: "ask"})

    found = search.letters_given(query_of(RARE), Viewer(cast.nan.pk), at=NOW)

    assert found.page.asks == {post.pk: [Facet.ILLNESS]}


def test_words_behind_a_door_are_found_by_those_let_in_alone(cast):
    post = letter(cast.rose, words_for=Audience.LET_IN)
    follow(cast.nan, cast.rose)
    assert given(cast.nan) == []

    Admission.objects.create(post=post, account=cast.nan, admitted_at=NOW)
    assert given(cast.nan) == [post.pk]

    Ban.objects.create(author=cast.rose, account=cast.nan, since=NOW)
    assert given(cast.nan) == []


def with_caption(cast, **more) -> tuple[Post, object]:
    photo = make_photo(cast.rose, caption=f"{RARE} at six.", description="Light.")
    more = {"words_for": [cast.nan], "photographs_for": [cast.nan], "words": "We knew.", **more}
    return letter(cast.rose, photos=[photo], **more), photo


def test_a_caption_is_found_while_the_photograph_lies_open(cast):
    post, photo = with_caption(cast)
    assert given(cast.nan) == []

    viewer = Viewer(cast.nan.pk)
    seen = consents.Consent.objects.create(photo=photo, account=cast.nan)
    found = search.letters_given(query_of(RARE), viewer, at=NOW)
    assert [one.pk for one in found.page.posts] == [post.pk]
    assert found.photos == {post.pk: [photo.pk]}

    seen.delete()
    assert given(cast.nan) == []


def test_a_caption_of_a_letter_without_a_fold_is_found_by_those_its_photographs_are_for(cast):
    post, _ = with_caption(cast, veiled=False, words_for=[cast.nan, cast.ines])

    assert given(cast.nan) == [post.pk]
    assert given(cast.ines) == []


def test_a_caption_of_a_letter_on_the_shelf_is_found_by_whoever_has_opened_the_photograph(cast):
    post, photo = with_caption(cast, words_for=Audience.ANYONE, photographs_for=Audience.ANYONE)
    shelf.allow(post, by=cast.rose, at=NOW)
    consents.Consent.objects.create(photo=photo, account=cast.nan)

    assert given(cast.nan) == [post.pk]
    assert on_shelf(cast.nan) == given(cast.ines) == []


def test_a_letter_that_cannot_be_indexed_keeps_no_other_from_it(cast, monkeypatch):
    for _ in range(2):
        make_post(cast.rose, words=f"There was {RARE} in it.")
    fails_at_first(monkeypatch, indexed_texts, "index")

    indexed_texts.catch_up()
    monkeypatch.undo()
    before = IndexedText.objects.count()
    indexed_texts.catch_up()

    assert (before, IndexedText.objects.count()) == (2, 2)


def test_what_is_hidden_from_its_keeper_is_not_found(cast):
    photo = make_photo(cast.rose, caption=RARE)
    indexed_texts.catch_up()
    assert own_photographs(cast.rose) == [photo.pk]
    assert own_photographs(cast.nan) == []

    hidden.hold(photo, account=cast.rose, at=NOW)
    assert own_photographs(cast.rose) == []


def test_an_addendum_about_a_photograph_is_found_with_it_alone(cast):
    post, photo = with_caption(cast, words="We knew.")
    addenda.add(post, "Tulips stood there.", by=cast.rose, at=NOW, photo=photo)

    assert given(cast.nan, "tulips") == own(cast.rose, "tulips") == []
    assert own_photographs(cast.rose, "tulips") == [photo.pk]


@pytest.mark.thorough
def test_pages_go_on_where_the_last_ended(cast):
    posts = [
        letter(cast.rose, words_for=[cast.nan], at=NOW - timedelta(days=age)).pk
        for age in range(PAGE + 3)
    ]
    first = search.letters_given(query_of(RARE), Viewer(cast.nan.pk), at=NOW).page

    assert [one.pk for one in first.posts] == posts[:PAGE]
    assert given(cast.nan, before=first.next_cursor) == posts[PAGE:]

    mine = search.own_letters(cast.rose, query_of(RARE), Viewer(cast.rose.pk), at=NOW)
    rest = search.own_letters(
        cast.rose, query_of(RARE), Viewer(cast.rose.pk), at=NOW, before=mine.next_cursor
    )
    assert [one.pk for one in (*mine.posts, *rest.posts)] == posts
    assert rest.next_cursor is None


@pytest.mark.thorough
def test_the_shelf_with_a_word_goes_on_where_it_ended_and_keeps_to_its_facets(cast):
    posts = []
    for age in range(PAGE + 3):
        post = letter(
            cast.rose,
            words_for=Audience.ANYONE,
            at=NOW - timedelta(days=age),
            words_signed_in=age % 2 == 0,
        )
        facets.choose(post, [Facet.TWINS], by=cast.rose)
        shelf.say_language(post, "en", by=cast.rose)
        shelf.allow(post, by=cast.rose, at=NOW)
        posts.append(post.pk)
    wanted = Wanted(frozenset({Facet.TWINS}), "en", query_of(RARE))
    first = shelf.letters(Viewer(cast.nan.pk), wanted, at=NOW)
    rest = shelf.letters(Viewer(cast.nan.pk), wanted, at=NOW, before=first.next_cursor)

    assert [one.pk for one in (*first.posts, *rest.posts)] == posts
    assert on_shelf(None) == posts[1::2]
    assert (
        on_shelf(cast.nan, language="de")
        == on_shelf(cast.nan, facets=frozenset({Facet.ILLNESS}))
        == []
    )
    facets.choose(Post.objects.get(pk=posts[0]), [], by=cast.rose)
    assert posts[0] not in on_shelf(cast.nan, facets=frozenset({Facet.TWINS}))


def test_half_a_word_and_a_stem_are_found_in_every_place(cast):
    words = "Unser Sternenkind, und das ist nicht die ganze Geschichte von Emilia, die wir hatten."
    post = shelved(cast.rose, words=words, language="de")
    follow(cast.nan, cast.rose)

    for typed in ("Kind", "kinder", "Emi", "geschichten", "SternenKind emi"):
        assert (
            on_shelf(cast.nan, typed)
            == given(cast.nan, typed)
            == own(cast.rose, typed)
            == [post.pk]
        )
    for typed in ("kinder emi x", "emi kind", "tern"):
        assert on_shelf(cast.nan, typed) == given(cast.nan, typed) == own(cast.rose, typed) == []


def test_only_what_lies_on_the_shelf_is_in_the_index_that_everybody_shares(cast):
    letter(cast.rose, words_for=[cast.nan])
    letter(cast.rose, words_for=Audience.ANYONE)
    post = shelved(cast.rose, cast.tom)
    shared = IndexedText.objects.filter(open_key__isnull=False, post__isnull=False)

    assert [one.post_id for one in shared.all()] == [post.pk]

    closing.close(post, by=cast.rose, at=NOW)
    assert not shared.exists()

    closing.reopen(post, by=cast.rose, at=NOW, approved_by=[cast.tom.pk])
    assert shared.exists()

    shelf.end(post, by=cast.tom, at=NOW)
    assert not shared.exists()


def rows_asked(find, *args) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        find(*args)
    return [one["sql"] for one in queries]


@pytest.mark.thorough
@pytest.mark.parametrize("find", [given, on_shelf, own, own_photographs])
def test_text_that_may_not_be_seen_is_never_compared_with_a_word(cast, find, monkeypatch):
    """The statements are the same to the letter, and no text is read that has the word."""
    read: list[str] = []
    compiled = texts.compiled
    monkeypatch.setattr(
        texts,
        "compiled",
        lambda query: lambda tokens: read.append(tokens) or compiled(query)(tokens),
    )
    circle = make_circle(cast.rose, of=[cast.nan])
    letter(cast.rose, words="We knew.", words_for=[circle])
    for _ in range(2):
        rows_asked(find, cast.nan)
    before = rows_asked(find, cast.nan)

    secret = make_photo(cast.rose, caption=RARE)
    letter(cast.rose, words_for=[cast.ines])
    letter(cast.rose, words_for=Audience.LET_IN)
    letter(cast.ada, words_for=Audience.ANYONE)
    PlacedPhoto.objects.create(post=letter(cast.rose, words="x"), photo=secret, position=0)
    make_photo(cast.ada, caption=RARE)
    indexed_texts.catch_up()

    read.clear()
    assert rows_asked(find, cast.nan) == before
    assert not [tokens for tokens in read if RARE in tokens]
    assert find(cast.nan) == []


@pytest.mark.thorough
def test_people_are_found_by_name_if_the_asker_may_open_their_page(cast):
    make_circle(cast.rose, of=[cast.nan])
    stranger = make_account("zoë")
    wanting = make_account("Émilie")
    accounts.describe(wanting, name="Émilie Roux", words="")
    directory_entries.save(wanting, Said(), at=NOW)

    def called(typed: str) -> list[str]:
        return [str(one.profile.name) for one in names.people_called(query_of(typed), cast.nan.pk)]

    assert called("ros") == ["Rose"]
    assert called("emi") == called("roux emilie") == ["Émilie Roux"]
    assert called("zoe") == called("nan") == called("tom") == []

    blocks.block(wanting, cast.nan, at=NOW)
    assert called("emi") == []
    accounts.describe(stranger, name="Zoë", words="")
    directory_entries.save(stranger, Said(), at=NOW)
    directory_entries.end(stranger, at=NOW)
    assert called("zoe") == []
    assert given(cast.nan, "emilie") == on_shelf(cast.nan, "emilie") == []


@pytest.mark.parametrize(
    ("line", "is_found"),
    [(f"[photograph of {RARE}]", True), ("[photograph 1]", False), (f"[signed {RARE}]", False)],
)
def test_a_line_in_brackets_is_found_where_a_page_shows_it_as_words(cast, line, is_found):
    post = letter(cast.rose, words=f"Before.\n\n{line}\n\nAfter.")
    typed = RARE if RARE in line else "photograph"

    assert own(cast.rose, typed) == ([post.pk] if is_found else [])
