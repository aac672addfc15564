from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from beside.people import suspensions
from beside.posts.models import Post
from tests.cast import NOW
from tests.web.browsing import browser

pytestmark = pytest.mark.usefixtures("data", "nothing_counted_yet")
WORDS = "I wrote at this <for> an hour."


def strict(account=None) -> Client:
    client = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
    if account:
        client.force_login(account)
    return client


def report(client, post, **headers):
    return client.post(reverse("report_letter", args=[post.pk]), {"words": WORDS}, headers=headers)


def gives_back(answer) -> bool:
    said = answer.content.decode()
    return "I wrote at this &lt;for&gt; an hour.</textarea>" in said and "<for>" not in said


def test_a_page_that_was_too_old_gives_back_what_was_typed(cast, letter):
    answer = report(strict(cast.nan), letter, sec_fetch_site="same-origin")

    assert answer.status_code == 400
    assert gives_back(answer)


@pytest.mark.parametrize(
    "headers", [{"sec_fetch_site": "cross-site"}, {"origin": "https://elsewhere.example"}], ids=str
)
def test_another_sites_form_is_not_shown(cast, letter, headers):
    answer = report(strict(cast.nan), letter, **headers)

    assert answer.status_code == 400
    assert "I wrote" not in answer.content.decode()


def test_no_secret_is_shown():
    client = strict()
    secrets = {"login": "rose at home", "password": "a long secret", "code": "1 2 3 4"}

    said = client.post(reverse("account_login"), secrets).content.decode()

    assert "rose at home</textarea>" in said
    assert "a long secret" not in said
    assert "1 2 3 4" not in said


def test_a_letter_closed_meanwhile_gives_back_what_was_typed_as_for_one_that_never_was(
    cast, letter
):
    never = report(browser(cast.nan), Post(), sec_fetch_site="same-origin")
    Post.objects.filter(pk=letter.pk).update(state=Post.State.CLOSED)

    answer = report(browser(cast.nan), letter, sec_fetch_site="same-origin")

    assert answer.status_code == 404
    assert gives_back(answer)
    assert answer.content == never.content


def test_somebody_who_was_signed_out_keeps_what_they_typed(cast, letter):
    page = reverse("respond", args=[letter.pk])
    client = Client(HTTP_HOST="localhost")

    answer = client.post(
        reverse("addenda", args=[letter.pk]),
        {"words": WORDS},
        headers={"referer": f"http://localhost{page}"},
    )

    assert answer.status_code == 403
    assert gives_back(answer)
    assert f'href="{reverse("account_login")}?next={page}"' in answer.content.decode()
    assert client.post(reverse("addenda", args=[letter.pk]), {"words": ""}).status_code == 302


def test_a_scripts_own_request_is_sent_to_sign_in(letter):
    headers = {"sec_fetch_mode": "cors", "sec_fetch_site": "same-origin"}

    answer = Client(HTTP_HOST="localhost").post(
        reverse("addenda", args=[letter.pk]), {"words": WORDS}, headers=headers
    )

    assert answer.status_code == 302


def test_somebody_whose_place_was_closed_keeps_what_they_typed(cast, letter, nan_writes):
    suspensions.suspend(cast.nan.pk, because="It names a child.", at=NOW)

    answer = nan_writes()

    assert answer.status_code == 403
    assert gives_back(answer)


def test_a_fault_of_ours_gives_back_what_was_typed(cast, nan_writes, monkeypatch):
    def breaks(*given, **more):
        raise RuntimeError("broke")

    monkeypatch.setattr("beside.moderation.reports.send_about_letter", breaks)

    answer = nan_writes()

    assert answer.status_code == 500
    assert gives_back(answer)


def test_a_body_that_cannot_be_read_breaks_no_page(cast):
    client = browser(cast.nan)

    answer = client.post(
        reverse("report_letter", args=[Post().pk]),
        b"a=1&" * 2000,
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.status_code in (400, 404)


@pytest.fixture
def nan_writes(cast, letter):
    client = browser(cast.nan)
    client.raise_request_exception = False
    return lambda: report(client, letter, sec_fetch_site="same-origin")
