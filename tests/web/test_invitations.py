from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from beside.people import invitations
from beside.people.models import Invitation
from tests.cast import NOW
from tests.web.browser import as_, page, post, status

pytestmark = pytest.mark.usefixtures("nothing_counted_yet")


def test_a_link_is_shown_once(cast):
    rose = as_(cast.rose)

    answer = post(rose, "invitations", name="Nan", email="").content.decode()
    secret = re.search(r"/join/([\w-]+)/", answer).group(1)

    assert invitations.find_open(secret, at=NOW + timedelta(minutes=1))
    again = page(rose, "invitations")
    assert secret not in again
    assert "Cancel the link for Nan" in again
    assert mail.outbox == []


def test_a_link_can_be_sent_and_the_mail_says_exactly_this(cast):
    answer = post(as_(cast.rose), "invitations", name="Nan", email="n@home.example")
    link = re.search(r'value="(http[^"]+)"', answer.content.decode()).group(1)

    message = mail.outbox[0]

    assert message.subject == "A place has been made for you"
    assert message.to == ["n@home.example"]
    ending = message.extra_headers["List-Unsubscribe"].strip("<>")
    assert message.body == (
        f"Someone has made room for you. Who it is stands on the page that this link opens: {link}\n"
        "The link works for thirty days. Nothing happens if you don’t use it.\n\n"
        f"If you’d rather have no mails from people here, this ends them: {ending}"
    )


def test_the_page_says_that_a_mail_is_sent_only_where_there_is_a_mail_server(cast, settings):
    rose, typed = as_(cast.rose), {"name": "Nan", "email": "n@home.example"}

    without = post(rose, "invitations", **typed).content.decode()
    settings.MAIL_CARRIER = "django.core.mail.backends.locmem.EmailBackend"
    sent = post(rose, "invitations", **typed).content.decode()

    assert "We send it to n@home.example as well." in sent
    assert "We send it to" not in without


def test_a_mail_holds_nobodys_name_whoever_keeps_the_place(cast, settings):
    keeper = {"keeper": "the bereavement team at Lindholm", "place_name": "Lindholm"}
    settings.BESIDE = settings.BESIDE.model_copy(update=keeper)

    answer = post(as_(cast.marit), "invitations", name="Nan", email="n@home.example")

    [sent] = mail.outbox
    # Without the links, in which any short name may stand by chance.
    said = sent.subject + re.sub(r"https?://\S+", "", sent.body)
    assert not [name for name in ("Marit", "Nan", "Lindholm") if name in said]
    assert "doesn’t say who it’s from" in answer.content.decode()


def test_a_link_can_be_stopped_by_whoever_made_it(cast):
    post(as_(cast.rose), "invitations", name="Nan")
    invitation = Invitation.objects.get()

    post(as_(cast.tom), "revoke_invitation", invitation.pk)
    assert invitations.open_of(cast.rose, at=NOW) == [invitation]
    post(as_(cast.rose), "revoke_invitation", invitation.pk)

    assert invitations.open_of(cast.rose, at=NOW) == []


def test_where_only_the_host_invites_others_have_no_such_page(cast, settings):
    settings.BESIDE = settings.BESIDE.model_copy(update={"anyone_invites": False})
    rose, marit = as_(cast.rose), as_(cast.marit)

    assert status(rose, "invitations") == 404
    assert reverse("invitations") not in page(rose, "you")
    assert status(marit, "invitations") == 200


@pytest.mark.thorough
def test_invitations_have_an_end_for_the_day(cast):
    rose = as_(cast.rose)

    answers = [post(rose, "invitations", name="Nan").status_code for _ in range(21)]

    assert answers == [200] * 20 + [429]
