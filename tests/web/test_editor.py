from __future__ import annotations

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from beside.people.models import Follow
from beside.photos.models import Photo
from beside.photos.vault import keyring
from beside.posts import autosave, drafting
from beside.posts.models import Audience, Autosave, Post
from beside.posts.text import from_json
from beside.web.draft_ids import fresh_id
from tests.cast import NOW, make_circle, make_photo, make_post
from tests.web.browsing import coming_before, make_draft, said_by


def make_placed(post, uploader):
    """A photograph that has just been put in the letter."""
    return drafting.place(post, make_photo(uploader), by=uploader)


def page_of(client, post):
    """The fields of the page as a browser would send them, untouched."""
    page = client.get(reverse("edit_letter", args=[post.pk])).context["page"]
    data = {}
    for field in [*page.letter, *(page.audience or [])]:
        value = field.value()
        if value is not None and value is not False:
            data[field.html_name] = "on" if value is True else value
    return data


def keep(client, post, do="keep", **typed):
    data = page_of(client, post) | typed
    data = {name: value for name, value in data.items() if value is not None}
    return client.post(reverse("autosave", args=[post.pk]), data | {"do": do})


def test_an_empty_page_keeps_nothing_and_mentions_no_draft(rose, cast):
    make_draft(cast.rose, title="The other one")

    page = rose.get(reverse("write"))

    assert Post.objects.count() == 1
    assert "The other one" not in page.content.decode()


def test_the_first_words_make_the_draft(rose, cast):
    page = rose.get(reverse("write")).context["page"]
    data = {name: page.letter[name].value() for name in ("page", "version", "over")}

    rose.post(
        reverse("autosave", args=[page.id]),
        data | {"words": "We knew.\r\nThen.", "veiled": "on"},
    )

    post = Post.objects.get()
    assert (post.pk, post.words, post.state) == (page.id, "We knew.\nThen.", Post.State.DRAFT)
    assert [one.account for one in post.authorships.all()] == [cast.rose]


@pytest.mark.thorough
def test_a_script_is_answered_with_what_it_needs_to_go_on(rose, cast):
    post = make_draft(cast.rose)
    data = page_of(rose, post) | {"words": "More"}

    answer = rose.post(
        reverse("autosave", args=[post.pk]), data, headers={"Accept": "application/json"}
    ).json()

    post.refresh_from_db()
    assert (answer["version"], answer["beside"], answer["says"]) == (post.version, False, "")
    assert answer["kept"] == "Nobody can see this but you."


@pytest.mark.thorough
def test_every_field_comes_back_as_it_was_typed(rose, cast):
    post = make_draft(cast.rose)

    keep(
        rose,
        post,
        title=" A title ",
        words="One\n\n two \n",
        note="He had died.",
        note_shows=["died", "face"],
        veiled=None,
    )

    back = page_of(rose, post)
    assert (back["title"], back["words"], back["note"]) == (
        " A title ",
        "One\n\n two \n",
        "He had died.",
    )
    assert (back["note_shows"], "veiled" in back) == (["died", "face"], False)


@pytest.mark.thorough
def test_two_devices_keep_both_and_either_can_be_taken(rose, cast):
    post = make_draft(cast.rose, words="Before")
    phone, tablet = page_of(rose, post), page_of(rose, post)
    address = reverse("autosave", args=[post.pk])

    rose.post(address, phone | {"words": "From the phone"})
    rose.post(address, tablet | {"words": "From the tablet"})

    page = rose.get(reverse("edit_letter", args=[post.pk])).content.decode()
    assert "Written at the same time on another device" in page
    assert "From the phone" in page
    assert "From the tablet" in page
    row = Autosave.objects.get()
    rose.post(reverse("other_version", args=[post.pk, row.pk]), {"do": "take"})
    row.refresh_from_db()
    post.refresh_from_db()
    assert (post.words, from_json(row.fields)["words"]) == ("From the tablet", "From the phone")


@pytest.mark.thorough
def test_a_letter_that_is_too_long_is_said_kindly_and_is_still_in_the_page(rose, cast):
    post = make_draft(cast.rose)

    page = keep(rose, post, words="x" * 1_000_001, caption="")

    assert "It’s still on the page" in page.content.decode()
    assert "x" * 1_000_001 in page.content.decode()


@pytest.mark.thorough
def test_a_letter_of_a_megabyte_is_kept_whole(rose, cast):
    post = make_draft(cast.rose)

    keep(rose, post, words="We knew. " * 110_000)

    post.refresh_from_db()
    assert post.words == "We knew. " * 110_000


@pytest.mark.thorough
def test_photographs_are_put_in_order_and_the_words_are_kept(rose, cast):
    photos = [make_photo(cast.rose) for _ in range(3)]
    post = make_draft(cast.rose)
    for photo in photos:
        drafting.place(post, photo, by=cast.rose)
    wanted = [photos[2].pk, photos[0].pk, photos[1].pk]

    keep(rose, post, "order:" + ",".join(map(str, wanted)), words="Typed meanwhile")

    post.refresh_from_db()
    assert post.words == "Typed meanwhile"
    assert list(post.placed.order_by("position").values_list("photo", flat=True)) == wanted


@pytest.mark.thorough
def test_what_is_taken_out_is_put_back_in_its_place_with_its_words(rose, cast):
    photos = [make_photo(cast.rose) for _ in range(3)]
    post = make_draft(cast.rose, words="Before\n\n[photograph 2]\n\nafter")
    for photo in photos:
        drafting.place(post, photo, by=cast.rose)
    before = list(post.placed.order_by("position").values_list("photo", "number"))

    keep(rose, post, f"out:{photos[1].pk}")
    page = rose.get(reverse("edit_letter", args=[post.pk])).content.decode()
    assert "One was taken out. It’s in your drawer, with its words." in page
    assert post.placed.count() == 2
    keep(rose, post, f"back:{photos[1].pk}")

    assert list(post.placed.order_by("position").values_list("photo", "number")) == before
    assert "One was taken out" not in said_by(rose.get(reverse("edit_letter", args=[post.pk])))


@pytest.mark.thorough
def test_photographs_may_come_between_any_two_statements_of_the_page(rose, cast):
    post = make_draft(cast.rose, words="[photograph 1]")
    path = reverse("edit_letter", args=[post.pk])
    with CaptureQueriesContext(connection) as statements:
        rose.get(path)

    for turn in range(len(statements)):
        with coming_before(turn, lambda: make_placed(post, cast.rose)):
            assert rose.get(path).status_code == 200

    assert len(rose.get(path).context["page"].tray.tiles) == post.placed.count() > 5


def test_only_the_authors_own_circles_and_people_can_be_ticked(rose, cast):
    family = make_circle(cast.rose, of=[cast.nan])
    make_circle(cast.ada, "Tuesday", of=[cast.rose])
    Follow.objects.create(follower=cast.ines, followed=cast.rose, asked_at=NOW)
    post = make_draft(cast.rose)

    form = rose.get(reverse("edit_letter", args=[post.pk])).context["page"].audience

    assert [value for value, _label in form.fields["words_people"].choices] == [
        f"circle:{family.pk}",
        f"person:{cast.ines.pk}",
        f"person:{cast.nan.pk}",
    ]


@pytest.mark.thorough
def test_whom_it_is_for_is_kept_in_the_draft(rose, cast):
    family = make_circle(cast.rose, of=[cast.nan])
    post = make_draft(cast.rose)

    keep(
        rose,
        post,
        words_for="here",
        photographs_for="people",
        photographs_people=[f"circle:{family.pk}"],
    )

    post.refresh_from_db()
    assert (post.words_for, post.words_signed_in) == (Audience.ANYONE, True)
    assert (post.photographs_for, [one.circle for one in post.grants.all()]) == (
        Audience.PEOPLE,
        [family],
    )


@pytest.mark.thorough
def test_photographs_wider_than_the_words_are_refused_and_the_words_are_kept(rose, cast):
    post = make_draft(cast.rose)

    answer = keep(rose, post, words="Kept all the same", words_for="us", photographs_for="anyone")

    post.refresh_from_db()
    assert (post.words, post.photographs_for) == ("Kept all the same", Audience.ONLY_US)
    page = answer.context["page"]
    assert page.who_is_open
    assert page.audience["photographs_for"].value() == "anyone"
    assert "can’t be for more people than the words" in page.refusal


@pytest.mark.parametrize(
    "do", ["keep", "later", "read", "publish", "throw", "show", "out:x", "photo:x", "nonsense"]
)
def test_no_button_of_the_page_publishes(rose, cast, do):
    post = make_draft(cast.rose, words_for=Audience.ANYONE)

    keep(rose, post, do)

    post.refresh_from_db()
    assert post.state == Post.State.DRAFT


@pytest.mark.thorough
def test_what_is_typed_in_a_published_letter_shows_only_when_said(rose, cast):
    post = make_post(cast.rose, words="Before", words_for=Audience.ANYONE)

    keep(rose, post, words="Half")
    post.refresh_from_db()
    assert post.words == "Before"

    keep(rose, post, "show", words="After")
    post.refresh_from_db()
    assert (post.words, autosave.unpublished_changes(post, by=cast.rose)) == ("After", None)
    assert "Before" in rose.get(reverse("revisions", args=[post.pk])).content.decode()


def test_an_earlier_version_keeps_its_title_and_note(rose, cast):
    post = make_post(cast.rose, words_for=[cast.nan], title="The old title", note="The old note.")

    keep(rose, post, "show", title="Another", note="Another note.")

    text = rose.get(reverse("revisions", args=[post.pk])).content.decode()
    assert "The old title" in text
    assert "The old note." in text


@pytest.mark.thorough
def test_photographs_picked_without_a_script_come_along_with_any_button(rose, cast, own_place):
    keyring.open_keyring()
    post = make_draft(cast.rose)
    file = SimpleUploadedFile("IMG_1.jpg", b"not empty", content_type="image/jpeg")

    keep(rose, post, "later", words="With a photograph", photographs=file)

    post.refresh_from_db()
    assert (post.words, post.placed.count()) == ("With a photograph", 1)


@pytest.mark.parametrize("whose", ["nobody's", "another's", "given to another"])
def test_no_letter_is_begun_under_an_id_that_was_not_given_out(rose, cast, whose):
    given = fresh_id(cast.tom)
    ids = {
        "nobody's": uuid.uuid4(),
        "another's": make_draft(cast.tom).pk,
        "given to another": given,
    }
    words = {"page": uuid.uuid4(), "version": 1, "over": 1, "words": "Mine"}

    answer = rose.post(reverse("autosave", args=[ids[whose]]), words)

    assert answer.status_code == 404
    assert not Post.objects.filter(words="Mine").exists()


AUTHORS_PAGES = [
    "edit_letter",
    "publish",
    "audience",
    "addenda",
    "closing",
    "taking_back",
    "destroy_letter",
    "revisions",
]


@pytest.mark.parametrize("name", [*AUTHORS_PAGES, "autosave"])
@pytest.mark.parametrize("who", ["nan", "tom"])
def test_an_authors_pages_are_nobody_elses(client, cast, name, who):
    post = make_post(cast.rose, words_for=[cast.nan], state=Post.State.PUBLISHED)
    client.force_login(cast[who])
    address = reverse(name, args=[post.pk])
    nowhere = reverse(name, args=[uuid.uuid4()])

    if name not in ("edit_letter", "revisions"):
        assert client.post(address, {"do": "ask"}).status_code == 404
    if name != "autosave":
        answer, other = client.get(address), client.get(nowhere)
        assert (answer.status_code, answer.content) == (404, other.content)


@pytest.mark.parametrize("name", AUTHORS_PAGES)
def test_no_title_names_the_letter(rose, cast, name):
    post = make_post(cast.rose, title="The fourteenth of March")

    page = rose.get(reverse(name, args=[post.pk]), follow=True).content.decode()

    title = page[page.index("<title>") : page.index("</title>")]
    assert "fourteenth" not in title


@pytest.mark.thorough
def test_without_a_script_a_name_goes_under_what_was_typed(rose, cast):
    post = make_draft(cast.rose, cast.tom, words="")

    keep(rose, post, do="sign", words="We knew from about four.")

    post.refresh_from_db()
    assert post.words == "We knew from about four.\n\n[signed Rose]\n"


def test_a_reader_meets_a_signature_and_no_markup_of_it(client, cast):
    cast.rose.profile.name = "<b>Rose</b>"
    cast.rose.profile.save()
    words = "We knew from about four.\n\n[signed Rose]\n\n[signed Tom]"
    signers = {"Rose": str(cast.rose.pk)}
    post = make_post(cast.rose, cast.tom, words=words, signers=signers, words_for=[cast.nan])
    client.force_login(cast.nan)

    page = client.get(reverse("letter", args=[post.pk])).content.decode()

    assert '<p class="by" dir="auto">— &lt;b&gt;Rose&lt;/b&gt;</p>' in page
    assert '<p dir="auto">[signed Tom]</p>' in page
    assert "[signed Rose]" not in page


@pytest.mark.thorough
def test_a_forged_signature_is_said_kindly_with_a_script_and_without(rose, cast):
    post = make_draft(cast.rose, cast.tom, words="")
    data = page_of(rose, post) | {"words": "Words.\n[signed Tom]"}

    answer = rose.post(
        reverse("autosave", args=[post.pk]), data, headers={"accept": "application/json"}
    )
    page = rose.post(reverse("autosave", args=[post.pk]), data | {"do": "keep"}, follow=True)

    assert "kept as plain words: Tom." in answer.json()["says"]
    assert "kept as plain words: Tom." in page.content.decode()


@pytest.mark.thorough
def test_somebody_who_writes_alone_is_offered_no_signature(rose, cast):
    alone, together = make_draft(cast.rose), make_draft(cast.rose, cast.tom)

    pages = [rose.get(reverse("edit_letter", args=[post.pk])).content for post in (alone, together)]

    assert [b"Sign this passage" in page for page in pages] == [False, True]


# About when it was


@pytest.mark.thorough
def test_about_when_is_kept_as_it_was_typed(rose, cast):
    post = make_draft(cast.rose)
    typed = " autumn 2019, <b>20 weeks</b>  "

    keep(rose, post, about_when=typed)

    post.refresh_from_db()
    assert post.about_when == typed
    text = rose.get(reverse("edit_letter", args=[post.pk])).content.decode()
    assert "&lt;b&gt;20 weeks&lt;/b&gt;" in text


@pytest.mark.thorough
def test_about_when_is_short_and_a_longer_one_stays_in_the_page(rose, cast):
    post = make_draft(cast.rose)

    answer = keep(rose, post, about_when="x" * 81)

    assert "x" * 81 in answer.content.decode()
    post.refresh_from_db()
    assert post.about_when == ""


@pytest.mark.thorough
def test_readers_see_about_when_escaped_and_its_earlier_version_stays_with_its_authors(rose, cast):
    post = make_post(cast.rose, words_for=[cast.nan], about_when="December 2011")

    keep(rose, post, do="show", about_when="<i>Spring</i>")

    text = rose.get(reverse("letter", args=[post.pk])).content.decode()
    assert "&lt;i&gt;Spring&lt;/i&gt;" in text
    assert "December 2011" not in text
    assert "December 2011" in rose.get(reverse("revisions", args=[post.pk])).content.decode()


def test_an_earlier_version_shows_captions_in_the_order_of_the_photographs(rose, cast):
    photos = [make_photo(cast.rose) for _ in range(8)]
    post = make_post(cast.rose, words_for=[cast.nan], words="Before", photos=photos)
    for number, photo in enumerate(photos):
        Photo.objects.filter(pk=photo.pk).update(caption=f"The {number}th of them")

    keep(rose, post, "show", words="After")

    said = rose.get(reverse("revisions", args=[post.pk])).content.decode()
    assert re.findall(r"The (\d)th", said) == list("01234567")
