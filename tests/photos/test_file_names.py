from __future__ import annotations

import unicodedata

import pytest
from django.utils.http import content_disposition_header

from beside.people.names import of_file
from beside.photos.file_names import distinct, safe_name
from beside.photos.models import Photo
from tests.photos.odd_names import ODD_NAMES

RESERVED = {"con", "prn", "aux", "nul", "com1", "lpt1"}


def named(name: str, kind: str = "jpeg") -> str:
    return safe_name(Photo(name_on_phone=name, kind=kind))


@pytest.mark.parametrize("name", ODD_NAMES, ids=ascii)
@pytest.mark.parametrize("come", [str, of_file])
def test_whatever_a_file_was_called_its_download_is_safe_anywhere(name, come):
    safe = named(come(name))

    stem, dot, extension = safe.rpartition(".")
    assert (dot, extension.lower()) == (".", "jpg")
    assert stem[0] not in ".-~ "
    assert not set(safe) & set('/\\:*?"<>|')
    assert not [sign for sign in safe if unicodedata.category(sign)[0] == "C"]
    assert stem.partition(".")[0].lower() not in RESERVED
    assert len(safe.encode()) <= 140
    assert "\n" not in content_disposition_header(as_attachment=True, filename=safe)


@pytest.mark.parametrize(
    ("name", "kind", "safe"),
    [
        ("IMG_2214.HEIC", "heic", "IMG_2214.HEIC"),
        ("IMG_2214.jpeg", "jpeg", "IMG_2214.jpeg"),
        ("IMG_2214.HEIC", "jpeg", "IMG_2214.jpg"),
        ("scan 14.03.2019", "png", "scan 14.03.2019.png"),
        ("photo.jpg.exe", "jpeg", "photo.jpg.exe.jpg"),
        ("Übergabe (1).JPG", "jpeg", "Übergabe (1).JPG"),
        ("दिन.jpg", "jpeg", "दिन.jpg"),
        ("", "webp", "photograph.webp"),
        (".jpg", "jpeg", "photograph.jpg"),
        ("con.jpg", "jpeg", "photograph-con.jpg"),
        ("IMG_1.HEIC", "", "IMG_1.HEIC"),
        ("page.html", "", "page.html.bin"),
    ],
)
def test_it_stays_what_the_phone_called_it_and_says_what_it_is(name, kind, safe):
    assert named(name, kind) == safe


def test_the_header_holds_a_name_in_any_script():
    assert content_disposition_header(as_attachment=True, filename=named("дом.jpg")) == (
        "attachment; filename*=utf-8''%D0%B4%D0%BE%D0%BC.jpg"
    )


def test_names_are_given_once_whatever_their_capitals():
    names = ["a.jpg", "A.JPG", "a.jpg", "a (2).jpg", "b.jpg"]

    assert distinct(names) == ["a.jpg", "A (2).JPG", "a (3).jpg", "a (2) (2).jpg", "b.jpg"]
