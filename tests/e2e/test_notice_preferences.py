from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from beside.notices import mail_endings, notice_preferences, push_subscriptions
from beside.notices.groups import Group
from beside.notices.models import PushSubscription
from beside.notices.notice_preferences import Channel, HowOften
from beside.photos.vault.keyring import open_keyring
from tests.cast import Cast, make_cast
from tests.e2e.page_checks import is_well_made

ENDPOINT = "https://push.example/send/abc"
# The browser's maker is never asked by a test.
PUSHES = f"PushManager.prototype.subscribe = async () => ({{ endpoint: '{ENDPOINT}' }});"


@pytest.fixture
def cast(transactional_db, own_place) -> Cast:
    cast = make_cast()
    open_keyring()
    return cast


def test_without_a_script_one_chooses_what_comes_and_when(no_javascript_page, sign_in, cast):
    page = no_javascript_page
    sign_in(page, cast.rose)
    page.goto(reverse("you"))
    page.get_by_role("link", name="What reaches you").click()
    asked = page.get_by_role("group", name="Somebody asks something of you")
    expect(asked.get_by_label("Once a day")).to_be_checked()

    asked.get_by_label("At once").check()
    page.get_by_label("From").select_option("20:00")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("main")).to_contain_text("Saved. Nobody else is told.")
    chosen = notice_preferences.choices_of(cast.rose.pk)
    assert chosen[Group.ASKED, Channel.MAIL] == HowOften.AT_ONCE
    assert notice_preferences.quiet_hours_of(cast.rose.pk).begins.hour == 20
    expect(page.get_by_role("button", name="Show it on this device")).to_be_hidden()


def test_a_device_is_told_once_its_browser_allows_it(page, sign_in, cast):
    sign_in(page, cast.rose)
    page.context.grant_permissions(["notifications"])
    page.add_init_script(PUSHES)
    page.goto(reverse("notice_preferences"))
    is_well_made(page)

    page.get_by_role("button", name="Show it on this device").click()

    expect(page.get_by_role("button", name="Not on this device any more")).to_be_visible()
    assert PushSubscription.objects.get().endpoint == ENDPOINT
    is_well_made(page)
    page.get_by_role("button", name="Not on this device any more").press("Enter")
    expect(page.get_by_role("button", name="Show it on this device")).to_be_visible()
    assert not push_subscriptions.of(cast.rose.pk).exists()


def test_where_a_browser_does_not_allow_it_the_page_says_so(page, sign_in, cast):
    sign_in(page, cast.rose)
    page.add_init_script("Notification.requestPermission = async () => 'denied';")
    page.goto(reverse("notice_preferences"))

    page.get_by_role("button", name="Show it on this device").click()

    expect(page.get_by_text("This browser didn’t allow it.")).to_be_visible()
    assert not PushSubscription.objects.exists()


def test_mails_end_by_one_press_without_signing_in(page, cast):
    token = mail_endings.token_of(cast.rose.pk, HowOften.DAILY)
    page.goto(reverse("mail_ending", args=[token]))
    is_well_made(page)
    assert HowOften.DAILY in notice_preferences.choices_of(cast.rose.pk).values()

    page.get_by_role("button", name="End these mails").press("Enter")

    expect(page.get_by_role("heading", name="They’ve ended")).to_be_visible()
    is_well_made(page)
    mails = notice_preferences.choices_of(cast.rose.pk)
    assert {mails[group, Channel.MAIL] for group in (Group.WRITTEN, Group.ASKED)} == {"never"}
    page.goto(reverse("mail_ending", args=["x" * 43]))
    is_well_made(page)
