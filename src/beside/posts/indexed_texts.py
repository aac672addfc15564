"""Keeping the index of texts (`index.texts`) as the letters and photographs are.

Whatever changes a text calls `index`, and whatever changes who finds it on the shelf calls `follow`. Words that were
taken back are in no index, so their authors don't find them by searching either.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from beside.index import texts
from beside.people.models import DirectoryEntry, Profile
from beside.photos.broken_rows import going_on
from beside.photos.models import Photo
from beside.posts import markup, shelved
from beside.posts.models import Addendum, Audience, Facet, Post, PostFacet

# Under it are letters whose words are for people without an account too.
VISITORS = texts.label("for visitors")
_AT_ONCE, _MOST_PIECES = 200, 25


def facet_label(facet: Facet) -> str:
    """The label of letters that are found under a facet."""
    return texts.label(f"facet {facet.value}")


def language_label(code: str) -> str:
    """The label of letters in a language."""
    return texts.label(f"language {code}")


def index(post: Post) -> None:
    """Index the words of `post` as they are now, and let it lie open if it is on the shelf."""
    if post.state == Post.State.TAKEN_BACK:
        return
    may_be = post.state == Post.State.PUBLISHED and post.words_for == Audience.ANYONE
    is_on = may_be and is_shelved(post)
    texts.put_letter(
        post.pk,
        text_of(post),
        post.language,
        labels=_labels(post) if is_on else (),
        open_since=post.published_at if is_on else None,
    )


def index_photographs(photos: Sequence[Photo], language: str) -> None:
    """Index what is said about photographs of a letter in `language`."""
    for photo_id, text in texts_of_photographs(photos).items():
        texts.put_photograph(photo_id, text, language)


def follow(post: Post) -> None:
    """Let `post` lie open in the index if it is on the shelf now, and only then."""
    may_be = post.state == Post.State.PUBLISHED and post.words_for == Audience.ANYONE
    if may_be and is_shelved(post):
        index(post)
    else:
        texts.shut([post.pk])


def forget(post: Post) -> None:
    """Take the words of `post` and of its photographs out of the index."""
    texts.forget_letters([post.pk])


def is_shelved(post: Post) -> bool:
    """Whether `post` is on the shelf."""
    return Post.objects.filter(shelved.is_on_shelf(), pk=post.pk).exists()


def text_of(post: Post) -> str:
    """All words of a letter that whoever sees its words reads, its title first."""
    return texts_of([post])[post.pk]


def texts_of(posts: Sequence[Post]) -> dict[UUID, str]:
    """The same of several letters, by id."""
    shown = [post for post in posts if post.state != Post.State.DRAFT]
    added = _words_by("post", Addendum.objects.filter(post__in=shown, photo=None)) if shown else {}
    return {
        post.pk: "\n\n".join(
            (post.title, post.about_when, _bare(post.words), *added.get(post.pk, ()))
        )
        for post in posts
    }


def texts_of_photographs(photos: Sequence[Photo]) -> dict[UUID, str]:
    """All words about photographs that whoever sees them reads, by id: not what was added in a letter that they left."""
    here = Addendum.objects.filter(photo__in=photos, post=F("photo__placed__post"))
    added = _words_by("photo", here)
    return {
        photo.pk: "\n\n".join((photo.caption, photo.description, *added.get(photo.pk, ())))
        for photo in photos
    }


def language_of(photo: Photo) -> str:
    """The language of the letter that a photograph is in, as far as it is said; empty for one in no letter."""
    placed = getattr(photo, "placed", None)
    return placed.post.language if placed else ""


def catch_up() -> bool:
    """Index what isn't, and shut what has left the shelf in a way that told nobody here. Returns whether there is more.

    After a restore nothing is indexed, as no backup has the index.
    """
    lying_open = texts.texts().filter(open_key__isnull=False, post__isnull=False)
    texts.shut(lying_open.exclude(post__in=_shelved()).values_list("post", flat=True)[:_AT_ONCE])
    _catch_up_with_names()
    return all(_catch_up_a_little() for _ in range(_MOST_PIECES))


@transaction.atomic
def _catch_up_a_little() -> bool:
    unindexed = Post.objects.filter(indexed_text=None).exclude(state=Post.State.TAKEN_BACK)
    unopened = Post.objects.filter(shelved.is_on_shelf(), indexed_text__open_key=None)
    # Whoever writes in one of them now indexes it themselves.
    some = (
        found.order_by().select_for_update(of=("self",), skip_locked=True)[:_AT_ONCE]
        for found in (unindexed, unopened)
    )
    posts = [post for found in some for post in found]
    done = sum(_could(partial(index, post)) for post in posts)
    said = Photo.objects.exclude(caption="", description="").filter(indexed_text=None)
    said = said.exclude(placed__post__state=Post.State.TAKEN_BACK)
    photos = list(said.select_related("placed__post").order_by()[:_AT_ONCE])
    done += sum(_could(partial(_index_photograph, photo)) for photo in photos)
    return bool(done)


def _index_photograph(photo: Photo) -> None:
    index_photographs([photo], language_of(photo))


def _could(act: Callable[[], object]) -> bool:
    """Whether one of them was indexed. One that can't be keeps no other from it."""
    with going_on("something could not be indexed"), transaction.atomic():
        act()
        return True
    return False


def _catch_up_with_names() -> None:
    wanting = Profile.objects.filter(
        account__in=DirectoryEntry.objects.values("account"), account__is_active=True
    )
    texts.texts().filter(account__isnull=False).exclude(account__profile__in=wanting).delete()
    for profile in wanting.filter(account__indexed_name=None)[: _AT_ONCE * _MOST_PIECES]:
        texts.put_name(profile.account_id, profile.name, may_be_found=True)


def _shelved() -> QuerySet[Post]:
    return Post.objects.filter(shelved.is_on_shelf())


def _labels(post: Post) -> list[str]:
    facets = PostFacet.objects.filter(post=post).values_list("facet", flat=True)
    labels = [facet_label(Facet(facet)) for facet in facets]
    if post.language:
        labels.append(language_label(post.language))
    return labels if post.words_signed_in else [*labels, VISITORS]


def _words_by(column: str, addenda: QuerySet[Addendum]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    for pk, words in addenda.order_by("added_at", "pk").values_list(f"{column}_id", "words"):
        found.setdefault(pk, []).append(words)
    return found


def _bare(words: str) -> str:
    """A letter's words without the lines that stand for a photograph or a signature."""
    return "\n".join(line for line in words.split("\n") if not markup.is_special(line))
