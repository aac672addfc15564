from __future__ import annotations

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from beside.photos.models import HiddenPhoto, Upload
from beside.photos.vault import keyring
from beside.posts import autosave, drafting
from beside.posts.letter_uploads import Announced, begin_upload
from beside.posts.models import Autosave, Post
from beside.posts.text import from_json
from tests.cast import NOW, make_photo, make_post, make_sealed_photo
from tests.web.browsing import coming_before, make_draft, said_by


@pytest.fixture
def photos(cast):
    return [
        make_photo(cast.rose, description=f"Seen {n}", caption=f"Said {n}") for n in range(1, 4)
    ]


@pytest.fixture
def post(cast, photos):
    draft = make_draft(cast.rose, words="We knew.")
    for photo in photos:
        drafting.place(draft, photo, by=cast.rose)
    return draft


def address(post, photo):
    return reverse("placed_photo", args=[post.pk, photo.pk])


def fields(client, post, photo):
    """The fields of the page as a browser would send them, untouched."""
    form = client.get(address(post, photo)).context["page"].form
    values = {field.html_name: field.value() for field in form}
    return {name: "on" if value is True else value for name, value in values.items() if value}


def press(client, post, photo, do, **typed):
    data = fields(client, post, photo) | typed
    return client.post(address(post, photo), data | {"do": do})


def in_order(post):
    return list(post.placed.order_by("position").values_list("photo", flat=True))


def test_one_after_another_is_described_with_next(rose, post, photos):
    first = press(rose, post, photos[0], f"to:{photos[1].pk}", description="A hand")
    second = press(
        rose, post, photos[1], f"to:{photos[2].pk}", caption="His.", beside_previous="on"
    )
    done = press(rose, post, photos[2], "done")

    assert (first.url, second.url) == (address(post, photos[1]), address(post, photos[2]))
    assert done.url.endswith("/edit/#photographs")
    for photo in photos:
        photo.refresh_from_db()
    assert [photo.description for photo in photos] == ["A hand", "Seen 2", "Seen 3"]
    assert (photos[1].caption, photos[1].placed.beside_previous) == ("His.", True)


def test_the_page_leads_to_its_neighbours_and_back(rose, post, photos):
    pages = [said_by(rose.get(address(post, photo))) for photo in photos]

    leads = [re.findall(r'value="(to:[0-9a-f-]+|done)"', page) for page in pages]
    assert leads == [
        ["done", f"to:{photos[1].pk}"],
        [f"to:{photos[0].pk}", "done", f"to:{photos[2].pk}"],
        [f"to:{photos[1].pk}", "done"],
    ]


def test_a_script_saves_the_words_and_goes_on_from_there(rose, post, photos):
    data = fields(rose, post, photos[0])
    json = {"headers": {"Accept": "application/json"}}

    first = rose.post(address(post, photos[0]), data | {"description": "A"}, **json).json()
    data["version"] = first["version"]
    second = rose.post(address(post, photos[0]), data | {"description": "A hand"}, **json).json()

    photos[0].refresh_from_db()
    assert (photos[0].description, second["beside"], second["says"]) == ("A hand", False, "")


def test_what_was_described_elsewhere_meanwhile_is_kept_beside(rose, post, photos):
    data = fields(rose, post, photos[0])
    press(rose, post, photos[0], "done", description="From the phone")

    answer = rose.post(
        address(post, photos[0]), data | {"description": "From the tablet", "do": "done"}
    )

    assert answer.url.endswith("#others")
    assert "From the tablet" in said_by(rose.get(answer.url))
    row = Autosave.objects.get()
    assert from_json(row.fields).photos[photos[0].pk].description == "From the tablet"


@pytest.mark.thorough
def test_the_letters_own_page_keeps_what_is_typed_meanwhile(rose, post, photos):
    letter = rose.get(reverse("edit_letter", args=[post.pk])).context["page"].letter
    data = {name: letter[name].value() for name in ("page", "version", "over")}

    press(rose, post, photos[0], "done", description="A hand")
    rose.post(reverse("autosave", args=[post.pk]), data | {"words": "Typed meanwhile"})

    post.refresh_from_db()
    photos[0].refresh_from_db()
    assert (post.words, photos[0].description) == ("Typed meanwhile", "A hand")
    assert not Autosave.objects.exists()


@pytest.mark.parametrize(
    ("do", "typed", "wanted"),
    [
        ("earlier", {}, [0, 2, 1]),
        ("keep", {"place": "1"}, [2, 0, 1]),
        ("keep", {"place": "99"}, [0, 1, 2]),
        ("done", {"place": ""}, [0, 1, 2]),
    ],
)
def test_it_is_moved_by_a_button_or_to_a_number(rose, post, photos, do, typed, wanted):
    press(rose, post, photos[2], do, **typed)

    assert in_order(post) == [photos[n].pk for n in wanted]


def test_later_moves_it_one_place(rose, post, photos):
    answer = press(rose, post, photos[0], "later")

    assert answer.url == address(post, photos[0])
    assert in_order(post) == [photos[1].pk, photos[0].pk, photos[2].pk]


def test_it_is_set_among_the_words_by_its_number(rose, post, photos):
    press(rose, post, photos[1], "insert", description="A hand")

    post.refresh_from_db()
    photos[1].refresh_from_db()
    assert post.words == "We knew.\n\n[photograph 2]\n"
    assert photos[1].description == "A hand"
    assert "It stands among your words" in said_by(rose.get(address(post, photos[1])))


def test_it_is_turned_a_quarter_and_its_words_are_kept(rose, post, photos):
    answer = press(rose, post, photos[0], "turn", description="A hand")

    photos[0].refresh_from_db()
    assert (photos[0].quarters, photos[0].description) == (1, "A hand")
    assert "It’s turned a quarter" in said_by(rose.get(answer.url))


def test_taking_it_out_keeps_what_was_typed(rose, post, photos):
    press(rose, post, photos[0], "out", description="Typed just now")

    photos[0].refresh_from_db()
    assert (in_order(post), photos[0].description) == (
        [photos[1].pk, photos[2].pk],
        "Typed just now",
    )


def test_too_many_words_are_said_kindly_and_are_still_in_the_page(rose, post, photos):
    page = said_by(press(rose, post, photos[0], "done", description="x" * 4001, caption="Mine"))

    assert "It’s still on the page" in page
    assert "x" * 4001 in page
    assert "Mine" in page


def test_a_place_that_is_no_number_is_said_kindly(rose, post, photos):
    page = said_by(press(rose, post, photos[0], "done", place="first", description="A hand"))

    assert "This needs a number" in page
    assert "A hand" in page


# Hidden from oneself


@pytest.mark.thorough
def test_what_an_author_hides_is_shown_nowhere_until_they_say(rose, post, photos, cast, own_place):
    sealed = make_sealed_photo(cast.rose, names=["w480"], description="zqseen", caption="zqsaid")
    drafting.place(post, sealed, by=cast.rose)
    assert b"/p/" in rose.get(address(post, sealed)).content

    press(rose, post, sealed, "done", closed="on")

    for path in (address(post, sealed), reverse("edit_letter", args=[post.pk])):
        page = said_by(rose.get(path))
        assert "zqseen" not in page
        assert "zqsaid" not in page
    page = rose.get(address(post, sealed))
    assert b"/p/" not in page.content
    assert "Let me see it" in said_by(page)
    rose.post(address(post, sealed), {"do": "done", "description": ""})
    rose.post(address(post, sealed), {"do": "see"})
    assert "zqseen" in said_by(rose.get(address(post, sealed)))


def test_not_now_leaves_it_hidden_with_its_words(rose, post, photos, cast):
    HiddenPhoto.objects.create(photo=photos[0], account=cast.rose, since=NOW)

    rose.post(address(post, photos[0]), {"do": "done", "description": "Overwritten"})

    photos[0].refresh_from_db()
    assert photos[0].description == "Seen 1"
    assert HiddenPhoto.objects.filter(photo=photos[0]).exists()


# Published letters


def test_in_a_published_letter_new_words_wait_until_they_are_shown(rose, cast):
    photo = make_photo(cast.rose, description="Before")
    post = make_post(cast.rose, photos=[photo], words_for=[cast.nan])

    press(rose, post, photo, "done", description="After")

    photo.refresh_from_db()
    assert photo.description == "Before"
    assert fields(rose, post, photo)["description"] == "After"
    page = rose.get(reverse("edit_letter", args=[post.pk])).context["page"]
    data = {
        name: page.letter[name].value() for name in ("page", "version", "over", "words", "note")
    }
    rose.post(reverse("autosave", args=[post.pk]), data | {"do": "show", "veiled": "on"})
    photo.refresh_from_db()
    assert photo.description == "After"


# The state of each


def tray_of(client, post):
    page = client.get(reverse("edit_letter", args=[post.pk]))
    return page.context["page"].tray, said_by(page)


def on_its_way(cast, post, who, received=25):
    photo = make_photo(cast[who], state="receiving", name_on_phone="IMG_2241.jpg", description="")
    Upload.objects.create(
        photo=photo,
        account=cast[who],
        total_bytes=100,
        received_bytes=received,
        began_at=NOW,
        expires_at=NOW,
    )
    post.placed.create(photo=photo, position=9, number=9)
    return photo


@pytest.mark.thorough
def test_all_are_on_the_server_is_said_only_when_they_are(rose, cast, post):
    assert tray_of(rose, post)[0].says == "All three are on the server ✓."

    on_its_way(cast, post, "rose")

    assert tray_of(rose, post)[0].says == "Three are on the server ✓, one hasn’t come yet."


def test_a_refused_film_is_told_where_the_photographs_are_and_can_be_put_away(rose, cast, post):
    film = make_photo(cast.rose, state="refused", refusal="film", name_on_phone="film.mov")
    film.holds.all().delete()
    post.placed.create(photo=film, position=9, number=9)

    tray, page = tray_of(rose, post)

    assert tray.says == "Three are on the server ✓, one can’t be opened."
    here = page[page.index('id="photographs"') : page.index('id="add"')]
    assert "film.mov" in here
    assert "It’s a film" in here
    rose.post(
        reverse("autosave", args=[post.pk]),
        {"page": uuid.uuid4(), "version": post.version, "over": 1, "do": f"away:{film.pk}"},
    )
    assert not post.placed.filter(photo=film).exists()


def test_what_had_not_come_is_named_after_a_reload_and_can_be_left_out(rose, cast, own_place):
    post = make_draft(cast.rose)
    drafting.place(post, make_sealed_photo(cast.rose, names=["w480"]), by=cast.rose)
    name = "IMG_2241.jpg"
    upload = begin_upload(cast.rose, Announced(100, name), post_id=post.pk, at=NOW)
    Upload.objects.update(received_bytes=25)
    photo = upload.photo

    tray, page = tray_of(rose, post)

    assert tray.waiting_says == "One of two hasn’t come yet."
    assert "IMG_2241.jpg" in page
    assert "25&nbsp;%" in page
    assert f'id="photograph-{photo.pk}"' not in page
    rose.post(
        reverse("autosave", args=[post.pk]),
        {"page": uuid.uuid4(), "version": post.version, "over": 1, "do": "leave"},
    )
    assert not Upload.objects.exists()


def test_what_a_co_author_sends_is_on_its_way_and_its_file_is_not_named(rose, cast):
    post = make_draft(cast.rose, cast.tom)
    on_its_way(cast, post, "tom")

    tray, page = tray_of(rose, post)

    assert (tray.waiting, [tile.percent for tile in tray.shown]) == ([], [25])
    assert tray.says == "One is on its way. You can keep writing."
    assert "IMG_2241" not in page
    assert 'name="do" value="leave"' not in page


def test_it_is_said_how_many_have_no_description(rose, cast, post, photos):
    for photo in photos[1:]:
        photo.description = " "
        photo.save()

    tray, _page = tray_of(rose, post)

    assert (tray.hint, tray.first) == ("Two have no description yet.", photos[1].pk)


# Whose it is


@pytest.mark.parametrize("method", ["get", "post"])
def test_it_is_nobody_elses_and_only_that_of_its_letter(client, cast, post, photos, method):
    other = make_draft(cast.rose)
    client.force_login(cast.nan)
    nowhere = getattr(client, method)(reverse("placed_photo", args=[uuid.uuid4(), uuid.uuid4()]))

    theirs = getattr(client, method)(address(post, photos[0]))
    client.force_login(cast.rose)
    elsewhere = getattr(client, method)(address(other, photos[0]))

    assert nowhere.status_code == theirs.status_code == elsewhere.status_code == 404
    assert theirs.content == nowhere.content


@pytest.mark.thorough
def test_photographs_may_come_between_any_two_statements_of_the_page(rose, cast, post, photos):
    path = address(post, photos[0])
    with CaptureQueriesContext(connection) as statements:
        rose.get(path)

    def comes():
        drafting.place(post, make_photo(cast.rose), by=cast.rose)

    for turn in range(len(statements)):
        with coming_before(turn, comes):
            assert rose.get(path).status_code == 200


@pytest.mark.thorough
def test_somebody_else_may_take_it_out_between_any_two_statements(rose, cast, post, photos):
    path = address(post, photos[0])
    with CaptureQueriesContext(connection) as statements:
        rose.get(path)

    def goes():
        drafting.take_out(post, photos[0], by=cast.rose)

    for turn in range(len(statements)):
        with coming_before(turn, goes):
            assert rose.get(path).status_code in (200, 404)
        drafting.place(post, photos[0], by=cast.rose)


def test_the_title_names_neither_letter_nor_photograph(rose, post, photos):
    page = said_by(rose.get(address(post, photos[0])))

    title = page[page.index("<title>") : page.index("</title>")]
    assert title == "<title>A photograph – Beside"


@pytest.mark.thorough
def test_words_that_are_too_long_stay_in_the_page_when_photographs_are_sent(rose, cast, post):
    data = {"page": uuid.uuid4(), "version": post.version, "over": 1, "title": "x" * 201}

    page = rose.post(reverse("add_photographs", args=[post.pk]), data | {"words": "Still here"})

    assert "Still here" in said_by(page)
    assert "x" * 201 in said_by(page)
    assert Post.objects.get(pk=post.pk).words == "We knew."
    assert autosave.current_text(post, by=cast.rose)["words"] == "We knew."


@pytest.mark.thorough
def test_without_a_script_what_could_not_be_kept_is_told_where_it_was_picked(rose, cast, own_place):
    keyring.open_keyring()
    post = make_draft(cast.rose, words="Before")
    files = [
        SimpleUploadedFile("empty.jpg", b"", content_type="image/jpeg"),
        SimpleUploadedFile("whole.jpg", b"not empty", content_type="image/jpeg"),
    ]
    data = {"page": uuid.uuid4(), "version": post.version, "over": 1, "words": "Typed"}

    page = said_by(
        rose.post(
            reverse("add_photographs", args=[post.pk]),
            data | {"photographs": files},
        )
    )

    add = page[page.index('id="add"') :]
    assert "empty.jpg" in add
    assert "This file is empty" in add
    assert "\nTyped</textarea>" in page
    post.refresh_from_db()
    assert (post.placed.count(), post.words) == (1, "Typed")
