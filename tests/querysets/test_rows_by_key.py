from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from beside.people.models import Account, Session
from beside.people.sessions import SessionStore
from tests.cast import make_post

pytestmark = pytest.mark.django_db


def test_a_row_is_got_by_its_key_as_it_is_now(cast):
    assert Account.objects.get(pk=cast.rose.pk) == cast.rose
    Account.objects.filter(pk=cast.rose.pk).update(language="de")

    assert Account.objects.get(pk=cast.rose.pk).language == "de"


def test_a_row_that_is_not_there_is_not_got(cast):
    with pytest.raises(Account.DoesNotExist):
        Account.objects.get(pk=uuid4())
    with pytest.raises(Account.MultipleObjectsReturned):
        Account.objects.get(is_active=True)


def test_a_key_may_be_text(cast):
    assert Account.objects.get(pk=str(cast.rose.pk)) == cast.rose
    with pytest.raises(ValidationError):
        Account.objects.get(pk="nobody")


def test_a_relation_keeps_its_own_condition(cast):
    session = SessionStore()
    session.create()

    with pytest.raises(Session.DoesNotExist):
        cast.rose.sessions.get(session_key=session.session_key, expire_date__gt=timezone.now())
    assert make_post(cast.rose).authorships.get(account=cast.rose).account_id == cast.rose.pk


def test_a_session_that_was_ended_is_gone_at_the_next_look(cast):
    session = SessionStore()
    session["word"] = "kept"
    session.create()
    assert SessionStore(session.session_key)["word"] == "kept"

    Session.objects.filter(pk=session.session_key).delete()

    assert "word" not in SessionStore(session.session_key)
