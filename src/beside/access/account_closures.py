"""What ends at doors when somebody closes their account."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from beside.access.door import requests
from beside.access.models import AccessRequest, Admission
from beside.people.models import Account


@transaction.atomic
def withdraw_requests(account: Account, *, at: datetime) -> None:
    """Withdraw whatever `account` has asked at doors, and delete why."""
    waiting = AccessRequest.objects.filter(asker=account, state=AccessRequest.State.WAITING)
    for post_id in list(waiting.values_list("post", flat=True)):
        requests.withdraw(post_id, by=account, at=at)


def keep_admissions_as_they_are(account: Account) -> None:
    """Let no admission cover more letters because `account`, who admitted somebody too, is deleted.

    A shared admission covers the letters of exactly the authors who gave it. Without one of them it would cover
    the letters that the others wrote without that person.
    """
    Admission.objects.filter(by=account).update(is_shared=False)
