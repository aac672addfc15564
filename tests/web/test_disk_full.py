from __future__ import annotations

import errno

import psycopg
import pytest
from django.db import OperationalError
from django.test import Client

from beside.photos import uploads
from beside.photos.models import Photo, Upload
from beside.posts import closing, letter_uploads
from beside.web.views import errors
from beside.web.views import uploads as uploads_view
from tests.cast import NOW

FULL = "This place is full at the moment"
TUS = {"Tus-Resumable": "1.0.0"}


class Disk:
    """A disk on which nothing more can be written until something on it is deleted."""

    def __init__(self, data):
        self._reserve = data / "reserve"
        self._reserve.write_bytes(b"kept aside")

    def refuse(self, really):
        def write(*args, **kwargs):
            if self._reserve.exists():
                raise OSError(errno.ENOSPC, "No space left on device")
            return really(*args, **kwargs)

        return write


def full(*_args, **_how):
    raise OperationalError("database or disk is full")


def of_postgresql(wrong: psycopg.Error) -> OperationalError:
    """As Django raises it."""
    raised = OperationalError(str(wrong))
    raised.__cause__ = wrong
    return raised


@pytest.fixture
def phone(cast, data) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(cast.rose)
    return client


@pytest.mark.parametrize(
    ("refused", "status", "says"),
    [
        (OperationalError("database or disk is full"), 507, FULL),
        (OSError(errno.ENOSPC, "No space left on device"), 507, FULL),
        (of_postgresql(psycopg.OperationalError("FATAL: No space left on device")), 507, FULL),
        (of_postgresql(psycopg.errors.DiskFull("kein Platz mehr auf dem Gerät")), 507, FULL),
        (OperationalError("attempt to write a readonly database"), 503, "can’t keep anything"),
        (OSError(errno.EROFS, "Read-only file system"), 503, "can’t keep anything"),
    ],
)
def test_a_disk_that_refuses_has_a_page_with_a_sentence(cast, monkeypatch, refused, status, says):
    def refuse(*_args, **_how):
        raise refused

    monkeypatch.setattr(closing, "close_everything", refuse)
    client = Client(raise_request_exception=False)
    client.force_login(cast.rose)

    answer = client.post("/closing/", {"which": "everything"})

    assert answer.status_code == status
    assert says in answer.content.decode()
    assert "Go back to it" in answer.content.decode()


@pytest.mark.parametrize("module", [uploads_view, letter_uploads.uploads])
def test_beginning_an_upload_there_answers_with_the_sentence_as_text(phone, monkeypatch, module):
    monkeypatch.setattr(module, "begin_upload" if module is uploads_view else "begin", full)

    answer = phone.post("/uploads/", headers={**TUS, "Upload-Length": "100"})

    assert (answer.status_code, answer.headers["Content-Type"]) == (
        507,
        "text/plain; charset=utf-8",
    )
    assert FULL in answer.content.decode()
    assert answer.headers["Tus-Resumable"] == "1.0.0"


def answer_to(fault: Exception, request):
    """What Django answers with where something other than a view has raised `fault`."""
    try:
        raise fault
    except type(fault):
        return errors.server_error(request)


def test_whatever_is_saved_after_the_view_says_so_too(rf, cast):
    for headers, kind in ((TUS, "text/plain; charset=utf-8"), ({}, "text/html; charset=utf-8")):
        request = rf.post("/uploads/", headers=headers)
        request.user = cast.rose
        answer = answer_to(OperationalError("database or disk is full"), request)

        assert (answer.status_code, answer.headers["Content-Type"]) == (507, kind)
        assert FULL in answer.content.decode()


def test_any_other_fault_is_a_fault(rf):
    assert answer_to(ZeroDivisionError(), rf.get("/")).status_code == 500


@pytest.mark.django_db(transaction=True)
def test_stopping_an_upload_there_is_done_from_the_reserve_and_frees_room(cast, data, monkeypatch):
    upload = uploads.begin(cast.rose, 100, at=NOW)
    content = [b"x" * 50]
    uploads.receive(upload, lambda size: content.pop() if content else b"", offset=0, at=NOW)
    (part,) = [path for path in data.rglob("*") if upload.photo.original_blob.hex in path.name]
    phone = Client(raise_request_exception=False)
    phone.force_login(cast.rose)
    disk = Disk(data)
    monkeypatch.setattr(uploads, "drop", disk.refuse(uploads.drop))

    answer = phone.delete(f"/uploads/{upload.pk}/", headers=TUS)

    assert answer.status_code == 204
    assert not part.exists()
    assert not Photo.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_expires_there_frees_room_too(cast, data, monkeypatch):
    upload = uploads.begin(cast.rose, 100, at=NOW)
    disk = Disk(data)
    monkeypatch.setattr(uploads, "drop", disk.refuse(uploads.drop))

    uploads.expire(upload.expires_at)

    assert not Upload.objects.exists()
