from __future__ import annotations

import io
import re
import time
import uuid
import zipfile
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from beside.access import capability
from beside.access.policy import NothingToSee
from beside.people import sessions
from beside.photos import developing, hidden, uploads
from beside.photos.developing import develop_next
from beside.photos.hidden import NotYours
from beside.photos.intake import KEPT, Refusal, Refused
from beside.photos.models import HiddenPhoto, Photo, Rendition
from beside.posts import destroying
from beside.posts.models import PlacedPhoto
from tests.cast import NOW, make_photo, make_post
from tests.web.browsing import make_draft, said_by
from tests.web.place import signed_in_just_now

# A file that can't be opened yet, and whose original is kept.
KEPT_REFUSAL = min(KEPT)


@pytest.fixture
def rose(cast, data) -> Client:
    client = Client()
    client.force_login(cast.rose, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


@pytest.fixture
def photo(cast, data, jpeg) -> Photo:
    content = [jpeg()]
    upload = uploads.begin(cast.rose, len(content[0]), name_on_phone="IMG_2214.JPG", at=NOW)
    uploads.receive(upload, lambda size: content.pop() if content else b"", offset=0, at=NOW)
    develop_next(NOW)
    return Photo.objects.get()


def ticks(answer) -> set[str]:
    """The ids of the prints that can be ticked on a page."""
    return set(re.findall(r'name="photo" value="([^"]+)"', answer.content.decode()))


def photo_of(account, year, month, **fields) -> Photo:
    """A photograph that was added in the middle of this month."""
    photo = make_photo(account, **fields)
    photo.uploaded_at = datetime(year, month, 15, 12, tzinfo=UTC)
    photo.save(update_fields=["uploaded_at"])
    return photo


def test_an_empty_drawer_asks_for_nothing(rose):
    said = rose.get("/drawer/").content.decode()

    assert "There’s nothing in it yet" in said
    assert "/p/" not in said


def test_a_photograph_in_the_drawer_is_seen_small(rose, photo):
    said = rose.get("/drawer/").content.decode()

    assert 'src="/p/' in said
    assert f'name="photo" value="{photo.pk}"' in said


def test_what_is_closed_for_me_is_not_shown_to_me(rose, cast, photo):
    hidden.hold(photo, account=cast.rose, at=NOW)

    said = rose.get("/drawer/").content.decode()

    assert 'src="/p/' not in said
    assert '<span class="fold">' in said


def test_only_what_lies_in_no_letter_is_in_the_drawer(rose, cast):
    shown, mine, toms = make_photo(cast.rose), make_photo(cast.rose), make_photo(cast.tom)
    make_post(cast.rose, photos=[shown])

    assert ticks(rose.get("/drawer/")) == {str(mine.pk)}
    assert str(toms.pk) not in rose.get("/drawer/").content.decode()


def test_a_photograph_can_be_opened_and_closed_again(rose, cast, photo):
    rose.post(f"/photographs/{photo.pk}/unseen/", {"do": "close"})
    closed = HiddenPhoto.objects.filter(photo=photo, account=cast.rose).exists()
    rose.post(f"/photographs/{photo.pk}/unseen/", {"do": "open"})

    assert closed
    assert not HiddenPhoto.objects.exists()


def test_words_are_kept_with_a_photograph(rose, photo):
    rose.post(f"/drawer/{photo.pk}/words/", {"description": " A window. ", "caption": "Room 4"})

    photo.refresh_from_db()
    assert (photo.description, photo.caption) == ("A window.", "Room 4")


def test_words_that_are_too_long_change_nothing(rose, photo):
    rose.post(f"/drawer/{photo.pk}/words/", {"description": "x" * 4001, "caption": "Room 4"})

    photo.refresh_from_db()
    assert (photo.description, photo.caption) == ("", "")


def test_a_letter_begins_with_those_that_were_ticked(rose, cast, photo):
    answer = rose.post("/drawer/letter/", {"photo": [str(photo.pk)]})

    placed = PlacedPhoto.objects.get(photo=photo)
    assert answer.headers["Location"] == f"/posts/{placed.post_id}/edit/"


def test_an_original_comes_back_as_a_file_under_its_own_name(rose, photo, jpeg):
    answer = rose.get(f"/originals/{photo.pk}/")

    assert b"".join(answer.streaming_content) == jpeg()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="IMG_2214.JPG"'
    assert answer.headers["Content-Length"] == str(len(jpeg()))
    assert answer.headers["Cache-Control"] == "private, no-store"
    answer.close()


def test_the_original_of_what_is_closed_for_me_is_not_sent_to_me(rose, cast, photo):
    hidden.hold(photo, account=cast.rose, at=NOW)

    answer, nothing = rose.get(f"/originals/{photo.pk}/"), rose.get(f"/originals/{uuid4()}/")

    assert (answer.status_code, answer.content) == (404, nothing.content)
    assert "/originals/" not in rose.get("/drawer/").content.decode()


def test_an_original_on_its_way_ends_where_the_session_ends(rose, cast, photo):
    answer = rose.get(f"/originals/{photo.pk}/")

    sessions.end_everywhere(cast.rose, at=timezone.now())

    with pytest.raises(NothingToSee):
        list(answer.streaming_content)
    answer.close()


def test_nobody_else_meets_any_of_it(cast, rose, photo):
    tom = Client()
    tom.force_login(cast.tom, backend=settings.AUTHENTICATION_BACKENDS[0])
    none = uuid4()

    for address in ("/originals/{}/", "/drawer/{}/"):
        theirs, nothing = tom.get(address.format(photo.pk)), tom.get(address.format(none))
        assert theirs.status_code == nothing.status_code == 404
        assert theirs.content == nothing.content
    for address in ("/photographs/{}/unseen/", "/drawer/{}/words/", "/drawer/{}/note/"):
        assert tom.post(address.format(photo.pk), {"do": "close"}).status_code == 404
    assert tom.post("/drawer/letter/", {"photo": [str(photo.pk)]}).status_code == 404


def test_the_note_of_a_refused_photograph_can_be_put_away(rose, cast, data):
    upload = uploads.begin(cast.rose, 4, name_on_phone="film.mov", at=NOW)
    content = [b"film"]
    uploads.receive(upload, lambda size: content.pop() if content else b"", offset=0, at=NOW)
    develop_next(NOW)
    said = rose.get("/drawer/").content.decode()

    rose.post(f"/drawer/{upload.pk}/note/", {"do": "away"})

    assert "film.mov didn’t come through" in said
    assert not Photo.objects.exists()


def test_a_photograph_that_is_kept_has_no_note_to_put_away(rose, photo):
    rose.post(f"/drawer/{photo.pk}/note/", {"do": "away"})

    assert Photo.objects.filter(pk=photo.pk, state="ready").exists()


def test_more_of_one_month_come_on_another_page(rose, cast, monkeypatch):
    monkeypatch.setattr("beside.web.pages.drawer.PAGE", 2)
    photos = {str(make_photo(cast.rose).pk) for _ in range(3)}

    first = rose.get("/drawer/")
    address = first.content.decode().split('href="/drawer/?month=')[1].split('"')[0]
    second = rose.get("/drawer/?month=" + address.replace("&amp;", "&"))

    assert len(ticks(first)) == 2
    assert ticks(first) | ticks(second) == photos
    assert not ticks(first) & ticks(second)


def test_the_newest_months_are_shown_and_older_ones_are_a_press_away(rose, cast, monkeypatch):
    monkeypatch.setattr("beside.web.pages.drawer.ENOUGH", 2)
    new = [photo_of(cast.rose, 2026, 5), photo_of(cast.rose, 2026, 4), photo_of(cast.rose, 2026, 4)]
    old = photo_of(cast.rose, 2024, 3)

    page = rose.get("/drawer/")
    said = page.content.decode()

    assert ticks(page) == {str(photo.pk) for photo in new}
    assert "/drawer/?month=2024-03" in said
    assert ticks(rose.get("/drawer/?month=2024-03")) == {str(old.pk)}


@pytest.mark.parametrize(
    "month", ["x", "2024-13", "2024-03-01", "20240301", "0001-01", "9999-12", "0000-01"]
)
def test_a_month_that_is_none_is_not_there(rose, month):
    assert rose.get("/drawer/", {"month": month}).status_code == 404


def test_prints_load_as_they_come_into_sight(rose, photo):
    said = rose.get("/drawer/").content.decode()

    assert said.count("<img") == said.count('loading="lazy"') == 1


def test_many_photographs_cost_no_more_queries_than_a_few(rose, cast):
    make_photo(cast.rose)
    hidden.hold(make_photo(cast.rose), account=cast.rose, at=NOW)
    with CaptureQueriesContext(connection) as few:
        rose.get("/drawer/")
    for month in range(1, 10):
        photo_of(cast.rose, 2025, month)
        hidden.hold(make_photo(cast.rose), account=cast.rose, at=NOW)
    with CaptureQueriesContext(connection) as many:
        rose.get("/drawer/")

    assert len(many) == len(few)


def test_what_is_hidden_is_in_no_month_and_tells_nothing_but_that_it_is_there(rose, cast):
    photo = photo_of(cast.rose, 2019, 8, description="His hands.", caption="Room 4.")
    hidden.hold(photo, account=cast.rose, at=NOW)

    page = rose.get("/drawer/").content.decode()
    sheet = rose.get(f"/drawer/{photo.pk}/sheet/").content.decode()

    for told in ("2019", "August", "His hands", "Room 4", "/p/", "photograph.jpg"):
        assert told not in page
        assert told not in sheet
    assert "Let me see it" in sheet
    assert "Not now" in sheet


def choose(client, do, *photos):
    return client.post("/drawer/chosen/", {"do": do, "photo": [str(photo.pk) for photo in photos]})


def test_several_are_hidden_and_shown_again(rose, cast):
    photos = [make_photo(cast.rose), make_photo(cast.rose)]

    choose(rose, "hide", *photos)
    held = set(HiddenPhoto.objects.values_list("photo", "account"))
    choose(rose, "show", *photos)

    assert held == {(photo.pk, cast.rose.pk) for photo in photos}
    assert not HiddenPhoto.objects.exists()


def test_several_are_turned_and_described_one_after_another(rose, cast):
    one, other = make_photo(cast.rose), make_photo(cast.rose)

    choose(rose, "turn", one, other)
    first = choose(rose, "describe", one, other)
    sheet = rose.get(first.headers["Location"]).content.decode()
    second = rose.post(f"/drawer/{one.pk}/words/", {"description": "A.", "then": str(other.pk)})
    last = rose.post(f"/drawer/{other.pk}/words/", {"description": "B."})

    assert set(Photo.objects.values_list("quarters", flat=True)) == {1}
    assert "Save, and the next" in sheet
    assert second.headers["Location"].startswith(f"/drawer/{other.pk}/sheet/")
    assert last.headers["Location"].startswith("/drawer/#")
    assert set(Photo.objects.values_list("description", flat=True)) == {"A.", "B."}


def test_one_original_is_downloaded_and_several_are_listed(rose, cast):
    one, other = make_photo(cast.rose), make_photo(cast.rose)

    assert choose(rose, "download", one).headers["Location"] == f"/originals/{one.pk}/"
    listed = choose(rose, "download", one, other).content.decode()
    assert f"/originals/{one.pk}/" in listed
    assert f"/originals/{other.pk}/" in listed


def test_several_are_destroyed_in_thirty_days_and_kept_after_all(rose, cast):
    one, other = make_photo(cast.rose), make_photo(cast.rose)
    signed_in_just_now(rose, cast.rose)

    choose(rose, "destroy", one, other)
    page = rose.get("/drawer/")
    rose.post(f"/drawer/{one.pk}/keeping/")

    assert ticks(page) == set()
    assert "To be destroyed" in page.content.decode()
    assert [asked.photo for asked in destroying.asked_by(cast.rose)] == [other]
    assert ticks(rose.get("/drawer/")) == {str(one.pk)}


def test_destroying_asks_who_it_is(rose, cast):
    photo = make_photo(cast.rose)
    answer = choose(rose, "destroy", photo)

    assert "/again/" in answer.headers["Location"]
    assert not destroying.asked_by(cast.rose).exists()


def test_all_of_a_month_are_chosen_without_a_script(rose, cast):
    photos = [photo_of(cast.rose, 2025, 3), photo_of(cast.rose, 2025, 3)]

    said = choose(rose, "all:2025-03").content.decode()

    for photo in photos:
        assert f'value="{photo.pk}" checked' in said


def test_nothing_is_done_with_none_or_with_what_is_not_ones_own(rose, cast):
    photo = make_photo(cast.tom)

    assert choose(rose, "hide").headers["Location"] == "/drawer/"
    assert choose(rose, "hide", photo).status_code == 404
    assert choose(rose, "sell", make_photo(cast.rose)).status_code == 404
    assert rose.get(f"/drawer/{photo.pk}/sheet/").status_code == 404
    assert rose.post(f"/drawer/{photo.pk}/keeping/").status_code == 404
    assert not HiddenPhoto.objects.exists()


@pytest.mark.thorough
def test_what_is_closed_can_be_opened_from_its_letter_and_no_word_is_lost(rose, cast, photo):
    post = make_post(cast.rose, photos=[photo], state="draft", words="")
    hidden.hold(photo, account=cast.rose, at=NOW)
    closed = rose.get(f"/posts/{post.pk}/edit/").content.decode()

    words = {"page": uuid4(), "version": 1, "over": 1, "words": "We knew."}
    sheet = rose.post(f"/posts/{post.pk}/keep/", words | {"do": f"photo:{photo.pk}"}).url
    offered = said_by(rose.get(sheet))
    rose.post(sheet, {"do": "see"})

    opened = rose.get(f"/posts/{post.pk}/edit/").content.decode()
    assert "Let me see it" in offered
    assert 'src="/p/' not in closed + offered
    assert 'src="/p/' in opened
    assert "We knew." in opened


@pytest.fixture
def unopened(cast, data, monkeypatch) -> Photo:
    """A photograph that this version can't open, whose original is kept."""

    def fails(read, *, limits, quarters):
        raise Refused(Refusal.NOT_YET, fault="a decoder that is missing")

    monkeypatch.setattr(developing, "develop", fails)
    upload = uploads.begin(cast.rose, 4, name_on_phone="IMG_7.HEIC", at=NOW)
    content = [b"heic"]
    uploads.receive(upload, lambda size: content.pop() if content else b"", offset=0, at=NOW)
    develop_next(NOW)
    return Photo.objects.get()


def test_an_original_that_cannot_be_opened_yet_can_be_downloaded(rose, unopened):
    said = rose.get("/drawer/").content.decode()
    answer = rose.get(f"/originals/{unopened.pk}/")

    assert f'href="/originals/{unopened.pk}/"' in said
    assert b"".join(answer.streaming_content) == b"heic"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="IMG_7.HEIC"'
    assert answer.headers["Content-Type"] == "application/octet-stream"
    answer.close()


def test_an_original_that_cannot_be_opened_yet_can_be_destroyed(rose, cast, unopened):
    signed_in_just_now(rose, cast.rose)
    page = f"/photographs/{unopened.pk}/destruction/"
    offered = f'href="{page}"' in rose.get("/drawer/").content.decode()

    rose.post(page, {"do": "ask"})
    rose.post(page, {"do": "now"})

    assert offered
    assert not Photo.objects.exists()
    assert rose.get("/news/").status_code == 200


def test_nothing_is_offered_of_a_file_of_which_nothing_was_kept(rose, cast, data):
    upload = uploads.begin(cast.rose, 4, name_on_phone="film.mov", at=NOW)
    content = [b"film"]
    uploads.receive(upload, lambda size: content.pop() if content else b"", offset=0, at=NOW)
    develop_next(NOW)

    said = rose.get("/drawer/").content.decode()

    assert "/destruction/" not in said
    assert "/originals/" not in said


def test_photographs_are_chosen_for_a_letter_that_is_being_written(rose, cast):
    post = make_draft(cast.rose, words="")
    mine, other = make_photo(cast.rose), make_photo(cast.rose)
    fields = {"page": uuid.uuid4(), "version": post.version, "over": 1, "words": "Kept"}

    drawer = rose.post(reverse("autosave", args=[post.pk]), fields | {"do": "drawer"}).url
    page = rose.get(drawer)
    assert "Put them in your letter" in said_by(page)
    data = {"photo": [mine.pk], "letter": page.context["page"].letter.pk}
    answer = rose.post(reverse("begin_letter"), data)

    post.refresh_from_db()
    assert answer.url == reverse("edit_letter", args=[post.pk])
    assert (post.words, [one.photo for one in post.placed.all()]) == ("Kept", [mine])
    assert not hasattr(other, "placed")


def test_nobody_chooses_photographs_for_the_letter_of_another(rose, cast):
    theirs, photo = make_draft(cast.tom), make_photo(cast.rose)

    shown = rose.get(reverse("drawer"), {"letter": theirs.pk})
    put = rose.post(reverse("begin_letter"), {"photo": [photo.pk], "letter": theirs.pk})

    assert (shown.status_code, put.status_code) == (404, 404)
    assert not theirs.placed.exists()


def test_all_of_a_month_are_chosen_for_the_letter_that_is_being_written(rose, cast):
    post = make_draft(cast.rose)
    photo_of(cast.rose, 2025, 3)

    page = rose.post("/drawer/chosen/", {"do": "all:2025-03", "letter": post.pk})

    assert page.context["page"].letter == post
    assert f'name="letter" value="{post.pk}"' in page.content.decode()


@pytest.mark.parametrize(
    "became",
    [{"state": "received"}, {"state": "ready"}, {"state": "refused", "refusal": KEPT_REFUSAL}],
    ids=lambda became: became["state"],
)
def test_nothing_is_told_of_what_is_hidden_whatever_became_of_it(rose, cast, became):
    photo = make_photo(cast.rose, description="His hands.", **became)
    hidden.hold(photo, account=cast.rose, at=NOW)

    sheet = rose.get(f"/drawer/{photo.pk}/sheet/").content.decode()

    assert "His hands" not in sheet
    assert "Let me see it" in sheet


@pytest.mark.thorough
def test_not_even_the_file_name_of_what_is_hidden_and_was_refused_is_told(rose, cast):
    refused = {"state": "refused", "refusal": KEPT_REFUSAL, "name_on_phone": "Emil_14_March.HEIC"}
    post = make_draft(cast.rose)
    lying, placed = (make_photo(cast.rose, description="His hands.", **refused) for _ in range(2))
    PlacedPhoto.objects.create(post=post, photo=placed, position=1, number=1)
    pages = [
        "/drawer/",
        f"/drawer/{lying.pk}/",
        reverse("edit_letter", args=[post.pk]),
        reverse("placed_photo_tile", args=[post.pk, placed.pk]),
    ]
    assert all("Emil_14" in rose.get(page).content.decode() for page in pages)

    for photo in (lying, placed):
        hidden.hold(photo, account=cast.rose, at=NOW)

    told = [rose.get(page).content.decode() for page in pages]
    assert not [page for page in told if "Emil_14" in page or "His hands" in page]


@pytest.fixture
def originals(rose, cast) -> list[Photo]:
    """Two originals that had the same name on two phones."""
    begun = []
    for content in (b"his hands", b"hers"):
        upload = uploads.begin(cast.rose, len(content), name_on_phone="IMG_2214.JPG", at=NOW)
        uploads.receive(upload, io.BytesIO(content).read, offset=0, at=NOW)
        begun.append(Photo.objects.get(pk=upload.pk))
    return begun


def downloaded(rose, photos):
    return rose.post("/drawer/originals/", {"photo": [str(photo.pk) for photo in photos]})


def test_those_that_were_chosen_come_as_one_file_each_under_a_name_of_its_own(rose, originals):
    chosen = {"photo": [str(photo.pk) for photo in originals], "do": "download"}
    offered = rose.post("/drawer/chosen/", chosen).content.decode()
    answer = downloaded(rose, originals)

    sent = b"".join(answer.streaming_content)
    with zipfile.ZipFile(io.BytesIO(sent)) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    sums = held.pop("SHA256SUMS.txt").decode()
    first, second = held
    assert list(held.values()) == [b"his hands", b"hers"]
    assert second == first.replace(".", " (2).")
    assert first in sums
    assert second in sums
    assert answer.headers["Content-Length"] == str(len(sent))
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert 'action="/drawer/originals/"' in offered
    assert offered.count('href="/originals/') == 2


def test_what_is_hidden_is_not_in_the_file_nor_offered(rose, cast, originals):
    hidden.hold(originals[0], account=cast.rose, at=NOW)

    answer = downloaded(rose, originals)
    chosen = {"photo": [str(photo.pk) for photo in originals], "do": "download"}
    offered = rose.post("/drawer/chosen/", chosen).content.decode()

    assert b"his hands" not in b"".join(answer.streaming_content)
    assert str(originals[0].pk) not in offered
    assert downloaded(rose, originals[:1]).status_code == 404


def test_nobody_else_is_sent_the_file(cast, originals):
    tom = Client()
    tom.force_login(cast.tom, backend=settings.AUTHENTICATION_BACKENDS[0])

    assert downloaded(tom, originals).status_code == 404


def test_the_file_ends_where_one_of_them_is_hidden_meanwhile(rose, cast, originals):
    answer = downloaded(rose, originals)
    pieces = iter(answer.streaming_content)
    sent = next(pieces)

    hidden.hold(originals[1], account=cast.rose, at=NOW)

    with pytest.raises(NotYours):
        sent += b"".join(pieces)
    assert b"hers" not in sent


def test_the_file_ends_where_the_session_ends(rose, cast, originals):
    answer = downloaded(rose, originals)

    sessions.end_everywhere(cast.rose, at=timezone.now())

    with pytest.raises(NothingToSee):
        list(answer.streaming_content)


def test_the_sheet_of_a_small_photograph_shows_a_rendition_that_there_is(rose, cast, photo):
    sheet = rose.get(f"/drawer/{photo.pk}/sheet/")
    small = sheet.context["page"].print.address
    Rendition.objects.create(
        photo=photo, name="w1080", media_type="image/avif", width=1080, height=720, stored_bytes=1
    )

    large = rose.get(f"/drawer/{photo.pk}/sheet/").context["page"].print.address

    named = [
        capability.read(
            address.removeprefix(capability.PREFIX),
            session=rose.session.session_key,
            now=time.time(),
        ).rendition
        for address in (small, large)
    ]
    assert named == ["w480", "w1080"]
