from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, override_settings
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext, override

from beside.access.models import AccessRequest
from beside.access.policy import NothingToSee, Sight, Viewer, see, visible_to
from beside.cli.demo import families
from beside.cli.demo.family import appear
from beside.cli.demo.place import throw_away
from beside.config.env import Env
from beside.family import date_words, reminder_words
from beside.moderation.cases import cases_for
from beside.people.models import Account, Block
from beside.photos import developing
from beside.photos.models import HiddenPhoto, Photo
from beside.photos.vault.keyring import open_keyring
from beside.posts.authorship import authors_of, written_by
from beside.posts.models import Post
from beside.responses import private_letters, queue
from beside.thanks import hand_overs, thank_you_notes
from tests.crash import scenario
from tests.web.meanwhile import rolled_back_at_the_end

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def appeared(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[tuple[str, Path]]:
    """What was printed, and the data folder. Made once for all tests, in a transaction around each one's own."""
    data, said = tmp_path_factory.mktemp("demo") / "data", io.StringIO()
    told = settings.BESIDE.model_copy(update={"data": data})
    around = rolled_back_at_the_end()
    with (
        django_db_blocker.unblock(),
        override_settings(BESIDE=told),
        pytest.MonkeyPatch.context() as patch,
        redirect_stdout(said),
    ):
        around.__enter__()
        open_keyring()
        patch.setattr(developing, "develop", developing.develop)
        scenario.without_darkroom()
        appear(at=timezone.now())

    yield said.getvalue(), data

    with django_db_blocker.unblock():
        around.__exit__(None, None, None)


@pytest.fixture
def printed(appeared: tuple[str, Path], db, settings) -> str:
    said, data = appeared
    settings.BESIDE = settings.BESIDE.model_copy(update={"data": data})
    settings.ROOT_URLCONF = "beside.cli.demo.urls"
    return said


def person(name: str) -> Account:
    return Account.objects.get(email=f"{name}@demo.example")


def sight(name: str, title: str) -> Sight:
    post = Post.objects.get(title=title)
    try:
        return Sight(see(Viewer(person(name).pk), post.pk, at=timezone.now()).sight)
    except NothingToSee:
        return Sight.NOTHING


def link_of(printed: str, name: str) -> str:
    return re.search(rf"(/demo/{name}:\S+)", printed)[1]


def test_somebody_without_a_place_comes_by_a_link(printed):
    secret = re.search(r"/for-you/#([\w-]+)", printed)[1]
    visitor = Client()

    page = visitor.post("/for-you/", {"secret": secret}, follow=True).content.decode()

    assert "Lars, Anna sent you this." in page
    assert "Show me the photographs" in page


def test_everybody_meets_what_is_for_them(printed):
    sights = {
        name: (sight(name, "The fourteenth of March"), sight(name, "The first two"))
        for name in ("anna", "jonas", "margit", "katrin", "ruth")
    }

    assert sights == {
        "anna": (Sight.PHOTOGRAPHS, Sight.PHOTOGRAPHS),
        "jonas": (Sight.PHOTOGRAPHS, Sight.PHOTOGRAPHS),
        "margit": (Sight.VEIL, Sight.PHOTOGRAPHS),
        "katrin": (Sight.VEIL, Sight.PHOTOGRAPHS),
        "ruth": (Sight.WORDS, Sight.PHOTOGRAPHS),
    }


def test_the_letter_with_the_fold_is_of_two(printed):
    march = Post.objects.get(title="The fourteenth of March")

    assert authors_of(march) == [person("anna"), person("jonas")]
    assert march.approval_requests.get().outcome == "approved"
    assert {photo.holds.filter(account=person("jonas")).count() for photo in _in(march)} == {2}


def _in(post):
    return Photo.objects.filter(placed__post=post)


def test_it_has_one_of_everything(printed):
    states = {post.state for post in Post.objects.all()}

    assert states == set(Post.State.values)
    assert set(Photo.objects.values_list("state", flat=True)) == {Photo.State.READY}
    assert HiddenPhoto.objects.get().account == person("jonas")
    assert not Block.objects.exists()


def test_a_stranger_meets_only_what_is_for_anyone(printed):
    titles = {post.title for post in visible_to(Viewer(person("ruth").pk), at=timezone.now())}

    assert "The waiting room" not in titles
    assert "The beach, on her day" not in titles
    assert not written_by(person("ruth")).exists()


def test_one_waits_at_a_door(printed):
    asked = AccessRequest.objects.get()

    assert (asked.post.title, asked.asker) == ("Yara, and the names we kept", person("katrin"))
    assert sight("katrin", asked.post.title) == sight("ruth", asked.post.title) == Sight.DOOR


def test_anna_and_margit_write_to_each_other(printed):
    anna, now = person("anna"), timezone.now()

    letters = {
        name: private_letters.between(anna, person(name), at=now) for name in ("margit", "ingrid")
    }

    assert {name: [one.state for one in some] for name, some in letters.items()} == {
        "margit": ["passed on"] * 3,
        "ingrid": ["passed on"],
    }
    assert queue.take_next(person("hanne"), at=now).writer == person("ruth")


def test_a_link_signs_its_person_in_once(printed):
    link = link_of(printed, "margit")

    first, second = Client(), Client()

    assert first.get(link).status_code == 302
    assert first.session["_auth_user_id"] == str(person("margit").pk)
    assert second.get(link).status_code == 404
    assert "_auth_user_id" not in second.session


def test_a_link_that_was_changed_signs_nobody_in(printed):
    link = link_of(printed, "margit").replace("margit", "anna")

    assert Client().get(link).status_code == 404


def test_a_link_works_from_this_machine_only(printed):
    assert Client(REMOTE_ADDR="192.0.2.7").get(link_of(printed, "margit")).status_code == 404


def test_an_ordinary_place_has_no_such_address():
    with pytest.raises(Resolver404):
        resolve("/demo/anna:anything/", urlconf="beside.config.urls")


def test_its_settings_refuse_any_other_folder():
    with pytest.raises(ImproperlyConfigured, match="beside serve --demo"):
        __import__("beside.cli.demo.settings")


def test_it_is_put_aside_from_the_hosts_own_data_and_gone_at_the_end():
    settings_of_theirs = [
        f"BESIDE_{name.upper()}{kind}" for name in Env.model_fields for kind in ("", "_FILE")
    ]
    environ = dict.fromkeys(settings_of_theirs, "theirs") | {"HOME": "/root"}

    with throw_away(environ) as folder:
        assert environ["BESIDE_DATA"].startswith(str(folder))
        assert environ["BESIDE_ROOT_KEY_FILE"].startswith(str(folder))
        still_theirs = " ".join(name for name, value in environ.items() if value == "theirs")
        assert {"BESIDE_BIND", "BESIDE_BIND_FILE"} <= set(still_theirs.split())
        reach = "DATA STORE KEYRING BACKUP SMTP MAIL OIDC METRICS PROXIES KEY SECRET"
        assert not [word for word in reach.split() if word in still_theirs]
        assert folder.stat().st_mode & 0o077 == 0

    assert not folder.exists()


def test_what_was_sealed_for_two_families_is_one_case_for_the_moderator_whom_it_does_not_concern(
    printed,
):
    at = timezone.now()

    [case] = cases_for(person("katrin"), at=at)

    assert case.is_by_one
    assert {one.seal.writer for one in case.sealed} == {person("dahl")}
    assert cases_for(person("anna"), at=at) == []


def test_anna_has_thanked_ingrid_and_somebody_waits_to_be_found(printed):
    notes = {note.name: note for note in thank_you_notes.of(person("anna"))}

    assert notes["Ingrid, nights, ward 6"].handed_over_by == person("hanne")
    assert [note.name for note in hand_overs.waiting_for(person("hanne"))] == [
        "the night porter, 14 March"
    ]
    assert [note.name for note in notes.values() if not note.way] == ["Mrs Bekele, next door"]


@pytest.mark.parametrize("code", [code for code, _name in settings.LANGUAGES])
def test_the_dates_of_the_made_up_family_are_read_in_each_language(code):
    today = timezone.now().date()
    with override(code):
        said = [gettext(entry.when) for entry in families._ENTRIES]
        reminder = gettext(families._REMINDER)

    for entry, there in zip(families._ENTRIES, said, strict=True):
        assert date_words.read(there, language=code, today=today) == date_words.read(
            entry.when, language="en", today=today
        )
    assert reminder_words.read(reminder, language=code, today=today) == reminder_words.read(
        families._REMINDER, language="en", today=today
    )
