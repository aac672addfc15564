from __future__ import annotations

from datetime import time

import pytest
from django.test import Client
from django.urls import reverse

from beside.notices import notice_preferences
from beside.notices.groups import Group
from beside.notices.notice_preferences import Channel, HowOften
from beside.people.models import Account

pytestmark = pytest.mark.usefixtures("own_place")
CHOSEN = {
    "mail_written": "at once",
    "mail_asked": "once a day",
    "mail_changed": "never",
    "begins": "21:00",
    "ends": "07:00",
}


def browser(account: Account) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(account)
    return client


def said_by(response) -> str:
    return " ".join(response.content.decode().split())


def test_what_nobody_has_chosen_is_once_a_day_and_quiet_at_night(cast):
    page = browser(cast.rose).get(reverse("notice_preferences"))

    form = page.context["page"].form
    assert {field.value() for field in form.mails()} == {"once a day"}
    assert (form["begins"].value(), form["ends"].value()) == ("22:00", "08:00")
    assert "At most once a day" in said_by(browser(cast.rose).get(reverse("you")))


def test_each_group_is_chosen_by_itself(cast):
    browser(cast.rose).post(reverse("notice_preferences"), CHOSEN)

    chosen = notice_preferences.choices_of(cast.rose.pk)
    assert chosen[Group.WRITTEN, Channel.MAIL] == HowOften.AT_ONCE
    assert chosen[Group.ASKED, Channel.MAIL] == HowOften.DAILY
    assert chosen[Group.CHANGED, Channel.MAIL] == HowOften.NEVER
    hours = notice_preferences.quiet_hours_of(cast.rose.pk)
    assert (hours.begins, hours.ends) == (time(21), time(7))
    assert notice_preferences.choices_of(cast.tom.pk)[Group.WRITTEN, Channel.MAIL] == "once a day"


def test_there_need_be_no_quiet_hours(cast):
    browser(cast.rose).post(reverse("notice_preferences"), CHOSEN | {"begins": "", "ends": ""})

    assert notice_preferences.quiet_hours_of(cast.rose.pk).begins is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"begins": ""},
        {"ends": ""},
        {"begins": "07:00"},
        {"begins": "25:00"},
        {"mail_asked": "often"},
    ],
)
def test_what_can_not_be_is_refused_and_changes_nothing(cast, wrong):
    answer = browser(cast.rose).post(reverse("notice_preferences"), CHOSEN | wrong)

    assert answer.status_code == 200
    assert notice_preferences.choices_of(cast.rose.pk)[Group.WRITTEN, Channel.MAIL] == "once a day"
