from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from beside.notices import notice_preferences, push
from beside.notices.groups import Group
from beside.notices.models import PushSubscription
from beside.notices.notice_preferences import Channel, HowOften
from beside.people.models import Account

pytestmark = pytest.mark.usefixtures("own_place")
ENDPOINT = "https://push.example/send/abc"


def browser(account: Account) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(account)
    return client


def said_by(response) -> str:
    return " ".join(response.content.decode().split())


def test_a_device_begins_and_ends(cast):
    rose = browser(cast.rose)
    before = said_by(rose.get(reverse("notice_preferences")))

    rose.post(reverse("push_subscription"), {"endpoint": ENDPOINT})

    assert f'data-push="{push.public_key()}"' in before
    assert PushSubscription.objects.get().account == cast.rose
    assert "This device shows" in said_by(rose.get(reverse("notice_preferences")))
    rose.post(reverse("push_subscription"), {"do": "end"})
    assert not PushSubscription.objects.exists()


def test_how_often_is_asked_only_of_those_who_have_a_device(cast):
    rose, elsewhere = browser(cast.rose), browser(cast.rose)
    assert not rose.get(reverse("notice_preferences")).context["page"].form.pushes()

    rose.post(reverse("push_subscription"), {"endpoint": ENDPOINT})
    page = elsewhere.get(reverse("notice_preferences")).context["page"]
    assert len(page.form.pushes()) == 3
    assert not page.is_told

    chosen = dict.fromkeys(page.form.fields, "once a day") | {"push_asked": "never"}
    elsewhere.post(reverse("notice_preferences"), chosen | {"begins": "", "ends": ""})
    choices = notice_preferences.choices_of(cast.rose.pk)
    assert choices[Group.ASKED, Channel.PUSH] == HowOften.NEVER
    assert choices[Group.ASKED, Channel.MAIL] == HowOften.DAILY


def test_signing_out_ends_it(cast):
    rose = browser(cast.rose)
    rose.post(reverse("push_subscription"), {"endpoint": ENDPOINT})

    rose.post(reverse("account_logout"))

    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize("endpoint", ["", "http://push.example/a", "https://127.0.0.1/a"])
def test_what_is_no_push_service_is_refused_with_a_sentence(cast, endpoint):
    rose = browser(cast.rose)

    answer = rose.post(reverse("push_subscription"), {"endpoint": endpoint}, follow=True)

    assert "The push service of this browser can’t be used here." in said_by(answer)
    assert not PushSubscription.objects.exists()


def test_nobody_ends_it_for_another(cast):
    browser(cast.rose).post(reverse("push_subscription"), {"endpoint": ENDPOINT})

    browser(cast.tom).post(reverse("push_subscription"), {"do": "end"})

    assert PushSubscription.objects.exists()


def test_the_worker_is_the_same_for_everybody_and_reads_nothing_of_a_push(cast, settings):
    settings.BESIDE = settings.BESIDE.model_copy(update={"place_name": "L'Ind</script>"})
    answers = [client.get(reverse("push_worker")) for client in (Client(), browser(cast.rose))]

    here, signed_in = (answer.content.decode() for answer in answers)
    assert here == signed_in
    assert answers[0].headers["Content-Type"].startswith("text/javascript")
    assert "Something new" in here
    assert "event.data" not in here
    assert "fetch" not in here
    assert r"const PLACE = 'L\u0027Ind\u003C/script\u003E';" in here
