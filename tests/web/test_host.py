from __future__ import annotations

from collections import namedtuple
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pydantic import SecretStr

from beside.moderation import house_words, safety
from beside.moderation.last_runs import LastBackup, LastProof, LastVerification
from beside.moderation.runs_of_place import (
    remember,
    remember_proof,
    remember_trial,
    remember_verification,
)
from beside.notices import outbox
from beside.notices.models import OutgoingMail
from beside.photos import disk_full, worker_beats
from tests.cast import NOW
from tests.web.browsing import browser

pytestmark = pytest.mark.usefixtures("data")
Disk = namedtuple("Disk", "total used free")


@pytest.fixture
def marit(cast):
    return browser(cast.marit)


def said_by(client, name="host"):
    return client.get(reverse(name)).content.decode()


@pytest.mark.thorough
def test_it_is_only_there_for_a_host(cast, marit):
    for name in ("host", "house_words"):
        assert marit.get(reverse(name)).status_code == 200
        for other in (cast.rose, cast.nan):
            nowhere = browser(other).get("/nothing-here")
            answer = browser(other).get(reverse(name))
            assert (answer.status_code, answer.content) == (404, nowhere.content)


def test_only_a_host_is_shown_the_way_there(cast, marit):
    link = f'href="{reverse("host")}"'

    assert link in said_by(marit, "you")
    assert link not in said_by(browser(cast.rose), "you")


def test_without_data_it_says_so(marit):
    said = said_by(marit)

    assert "No backup has been made." in said
    assert "They haven’t been checked." in said
    assert "None is sent: mails are written to a folder here" in said
    assert "All is well." not in said


def test_it_says_when_there_was_a_backup_and_that_nobody_has_tried_to_restore_it(marit, settings):
    data, now = settings.BESIDE.data, timezone.now()
    worker_beats.beat(data, at=now)
    remember(data, LastBackup(now, "/mnt/b"))
    remember_verification(data, LastVerification(now, 12, 0))

    said = said_by(marit)

    assert "Made on" in said
    assert "Whether it can be restored isn’t known" in said
    assert "/mnt/b" not in said
    assert "and is whole." in said
    assert "All is well." in said


def test_it_says_when_a_backup_was_read_whole_and_restored_on_trial(marit, settings):
    data, now = settings.BESIDE.data, timezone.now()
    worker_beats.beat(data, at=now)
    remember(data, LastBackup(now, "/mnt/b"))
    remember_proof(data, LastProof(now - timedelta(days=3), 0))
    remember_trial(data, LastProof(now - timedelta(days=2), 0))

    said = said_by(marit)

    assert "All of it was read on" in said
    assert "Restoring it was tried on" in said
    assert "all of it came back." in said
    assert "isn’t known: “beside restore --try”" not in said
    assert "All is well." in said


@pytest.mark.parametrize(
    ("record", "says"),
    [
        (
            lambda data, at: remember(data, LastBackup(at, "/mnt/b", 2)),
            "“beside backup” says which",
        ),
        (lambda data, at: remember_proof(data, LastProof(at, 1)), "something in it was damaged"),
        (lambda data, at: remember_trial(data, LastProof(at, 1)), "not all of it came back"),
    ],
)
def test_it_says_what_is_wrong_with_a_backup(marit, settings, record, says):
    data, now = settings.BESIDE.data, timezone.now()
    worker_beats.beat(data, at=now)
    remember(data, LastBackup(now, "/mnt/b"))
    record(data, now)

    said = said_by(marit)

    assert says in said
    assert "Something needs you" in said


def test_of_a_folder_that_may_be_lost_it_says_nothing(marit, settings, tmp_path):
    """Nobody's photographs are there, so its room tells nothing."""
    before = said_by(marit)
    settings.BESIDE = settings.BESIDE.model_copy(
        update={
            "database_url": SecretStr("postgres://beside@db.example.org/beside"),
            "store": "s3://photographs",
            "keyring": str(tmp_path / "slots"),
        }
    )

    assert "Room" in before
    assert "Room" not in said_by(marit)


def test_it_says_what_is_wrong(marit, settings, monkeypatch):
    data, now = settings.BESIDE.data, timezone.now()
    worker_beats.beat(data, at=now)
    remember(data, LastBackup(now - timedelta(days=9), "/mnt/b"))
    remember_verification(data, LastVerification(now, 12, 1))
    monkeypatch.setattr(disk_full.reserve, "free", lambda _: 0)
    monkeypatch.setattr(safety.shutil, "disk_usage", lambda _: Disk(10**9, 10**9, 0))

    said = said_by(marit)

    assert "That’s more than a week ago." in said
    assert "something was damaged or missing" in said
    assert "Nobody can add or write anything more." in said
    assert "Something needs you" in said


@pytest.mark.parametrize(
    ("hours", "failures", "is_said"), [(3, 1, True), (1, 1, False), (3, 0, False)]
)
def test_it_says_that_mails_are_not_taken_but_not_where_one_waits_a_while(
    marit, hours, failures, is_said
):
    since = timezone.now() - timedelta(hours=hours)
    letter = EmailMessage("A subject", "A text", to=["gran@home.example"])
    outbox.add(letter, at=since)
    OutgoingMail.objects.update(failures=failures)

    assert ("hasn’t taken some mails" in said_by(marit)) is is_said


def test_house_words_are_on_the_first_page_and_the_helpline_on_every_page(cast, marit):
    visitor = Client(HTTP_HOST="localhost")

    answer = marit.post(
        reverse("house_words"),
        {"words": "Be <b>kind</b>.", "helpline": "01632 960118", "helpline_says": "at any hour"},
    )

    assert answer.status_code == 302
    for address in ("/", "/help"):
        said = visitor.get(address).content.decode()
        assert "Be &lt;b&gt;kind&lt;/b&gt;." in said
        assert '<a href="tel:01632960118">01632 960118</a>, at any hour' in said
    assert "tel:01632960118" in visitor.get("/nothing-here").content.decode()


def test_a_helpline_that_cannot_be_dialled_is_refused_and_nothing_typed_is_lost(marit):
    typed = {"words": "Be kind.", "helpline": "call Hanne", "helpline_says": "at any hour"}

    said = marit.post(reverse("house_words"), typed).content.decode()

    assert "A telephone number has only digits" in said
    assert all(word in said for word in typed.values())
    assert house_words.current() is None


def test_without_a_helpline_of_the_hosts_the_one_of_the_settings_is_shown(cast, settings):
    settings.BESIDE = settings.BESIDE.model_copy(update={"helpline": "01632 960999"})
    house_words.write("Be kind.", helpline="", helpline_says="", by=cast.marit, at=NOW)

    assert "01632 960999" in Client(HTTP_HOST="localhost").get("/help").content.decode()
