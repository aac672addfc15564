from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from beside.notices import outbox
from beside.notices.notice_preferences import HowOften
from beside.people import account_changes, invitations, languages
from beside.people.account_changes import Kind
from beside.people.models import Account
from beside.posts import drafting
from beside.web import account_mails, mails
from tests.cast import NOW, make_post
from tests.web.signing_in import confirm, open_invitation, phone, sign_up


@pytest.fixture
def browser():
    def open_one(account: Account | None = None, *, accepts: str = "") -> Client:
        client = Client(headers={"Accept-Language": accepts} if accepts else {})
        if account is not None:
            client.force_login(account)
        return client

    return open_one


def language_of(client: Client, path: str = "/help") -> str:
    answer = client.get(path)
    assert f'<html lang="{answer["Content-Language"]}"' in answer.content.decode()
    assert {"Accept-Language", "Cookie"} <= set(answer["Vary"].split(", "))
    return answer["Content-Language"]


@pytest.mark.parametrize(
    ("accepts", "code"),
    [
        ("", "en-gb"),
        ("en-US,en;q=0.9", "en-gb"),
        ("de-AT,de;q=0.9,en;q=0.5", "de"),
        ("pt,es-419;q=0.8", "es"),
        ("fr-CA", "fr"),
        ("nb,sv;q=0.5", "en-gb"),
        ("en-xa,ar-xb", "en-gb"),
        ("*", "en-gb"),
        (";;q=x,\x00" * 500, "en-gb"),
    ],
)
def test_a_visitor_reads_the_language_of_the_browser(db, browser, accepts, code):
    assert language_of(browser(accepts=accepts)) == code


def test_whoever_has_no_language_reads_that_of_the_place(db, browser, settings):
    settings.LANGUAGE_CODE = "fr"

    assert language_of(browser(accepts="nb")) == "fr"


def test_a_visitor_chooses_a_language_in_this_browser(db, browser):
    visitor = browser(accepts="fr")

    answer = visitor.post(reverse("language"), {"language": "de"})

    assert answer["Location"] == reverse("language")
    assert answer.cookies["language"]["httponly"]
    assert language_of(visitor) == "de"
    visitor.post(reverse("language"), {"language": ""})
    assert language_of(visitor) == "fr"


def test_somebody_signed_in_reads_their_own_language_whatever_the_browser_says(cast, browser):
    rose = browser(cast.rose, accepts="fr")

    rose.post(reverse("language"), {"language": "es"})

    cast.rose.refresh_from_db()
    assert cast.rose.language == "es"
    assert language_of(browser(cast.rose, accepts="fr")) == "es"
    rose.post(reverse("language"), {"language": ""})
    assert language_of(browser(cast.rose, accepts="fr")) == "fr"


@pytest.mark.parametrize("typed", ["tlh", "en-xa", "de\n", "x" * 1000])
def test_a_language_that_beside_does_not_speak_changes_nothing(cast, browser, typed):
    rose = browser(cast.rose)

    assert rose.post(reverse("language"), {"language": typed}).status_code == 302

    cast.rose.refresh_from_db()
    assert cast.rose.language == ""
    with pytest.raises(languages.UnknownLanguage):
        languages.choose(cast.rose, typed)


@pytest.mark.parametrize("accepts", ["en", "de"])
def test_each_language_is_offered_by_its_name_in_itself(db, browser, accepts):
    page = browser(accepts=accepts).get(reverse("language")).content.decode()
    front = browser(accepts=accepts).get("/").content.decode()

    for code, name in languages.NAMES.items():
        assert f'<span lang="{code}" dir="auto">{name}</span>' in page
        assert f'<span lang="{code}">{name}</span>' in front
    assert f'href="{reverse("language")}"' in front


@pytest.mark.thorough
@pytest.mark.usefixtures("own_place", "nothing_counted_yet")
def test_whoever_joins_keeps_the_language_of_the_pages_they_joined_in(cast, db):
    _, secret = invitations.make(cast.rose, name="Nan", at=NOW)
    client = phone()
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"
    open_invitation(client, secret)
    sign_up(client)

    confirm(client)

    account = Account.objects.get(email="nan.new@home.example")
    assert account.language == "de"


@pytest.fixture
def spoken(monkeypatch):
    """The languages in which sentences were said, as there is no need of a translated one to know them."""
    said: list[str] = []

    def render(template: str, context: object = None) -> str:
        said.append(languages.active())
        return "…"

    monkeypatch.setattr(mails, "render_to_string", render)
    monkeypatch.setattr(account_mails, "render_to_string", render)
    return said


def test_mails_are_in_the_language_of_whoever_gets_them(cast, spoken):
    languages.choose(cast.rose, "fr")

    news = mails.news_mail(cast.rose, HowOften.DAILY)
    mails.send_news_of_asking(cast.rose)
    change, told = account_changes.record(cast.rose, Kind.PASSWORD, at=NOW)
    account_mails.send_change(change, told, device="phone")

    assert spoken == ["fr"] * (2 + len(told))
    assert news.extra_headers[outbox.LANGUAGE] == "fr"


def test_somebody_without_an_account_is_written_to_in_the_language_of_who_writes(cast, spoken):
    languages.choose(cast.rose, "es")

    mails.send_invitation("new@home.example", by=cast.rose, secret="secret")

    assert spoken == ["es"]
    assert mail.outbox[-1].extra_headers[outbox.LANGUAGE] == "es"


def test_a_waiting_mail_says_its_language(db):
    waiting = outbox.add(
        mail.EmailMessage("Hallo", "Hallo", headers={outbox.LANGUAGE: "de"}, to=["a@b.example"]),
        at=NOW,
    )
    without = outbox.add(mail.EmailMessage("Hello", "Hello", to=["a@b.example"]), at=NOW)

    leased = {one: outbox.lease(at=NOW, only=one) for one in (waiting, without)}

    html = {one: mail_.message.alternatives[0][0] for one, mail_ in leased.items() if mail_}
    assert '<html lang="de">' in html[waiting]
    assert '<html lang="en-gb">' in html[without]
    assert leased[waiting].message.message()["Content-Language"] == "de"


# What people write


def test_the_words_of_a_letter_are_in_the_language_that_its_authors_say(cast, browser):
    letter = make_post(
        cast.rose, title="Der vierzehnte März", words="Wir wussten es.", language="de"
    )
    other = make_post(cast.rose, title="No language", words="We knew.")
    rose = browser(cast.rose)

    page = rose.get(reverse("letter", args=[letter.pk])).content.decode()
    home = rose.get("/").content.decode()
    untold = rose.get(reverse("letter", args=[other.pk])).content.decode()

    assert '<h1 dir="auto" lang="de">Der vierzehnte März</h1>' in page
    assert '<div class="letter" lang="de">' in page
    assert 'dir="auto" lang="de">Der vierzehnte März</a>' in home
    assert '<div class="letter" dir="auto" lang="de">' in home
    assert '<h1 dir="auto">No language</h1>' in untold


def test_a_new_letter_is_in_the_language_that_its_author_reads_pages_in(cast):
    languages.choose(cast.rose, "en-gb")
    languages.choose(cast.tom, "fr")

    drafts = [
        drafting.begin(uuid4(), by=by, at=NOW).language for by in (cast.rose, cast.tom, cast.nan)
    ]

    assert drafts == ["en", "fr", ""]


@pytest.mark.thorough
def test_the_editor_asks_for_the_language_of_a_letter(cast, browser):
    languages.choose(cast.rose, "de")
    rose, post_id = browser(cast.rose), uuid4()
    draft = drafting.begin(post_id, by=cast.rose, at=NOW)
    page = rose.get(reverse("edit_letter", args=[draft.pk])).content.decode()
    assert re.search(r'<option value="de"[^>]* selected', page)

    typed = {"words": "Hola.", "page": uuid4(), "version": 1, "over": 1, "language": "es"}
    assert rose.post(reverse("autosave", args=[draft.pk]), typed).status_code == 302
    draft.refresh_from_db()
    assert (draft.language, draft.words.strip()) == ("es", "Hola.")

    rose.post(reverse("autosave", args=[draft.pk]), typed | {"language": "xx"})
    draft.refresh_from_db()
    assert draft.language == "es"
