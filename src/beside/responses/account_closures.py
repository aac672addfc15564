"""What ends here when somebody closes their account."""

from __future__ import annotations

from django.db import transaction

from beside.people.models import Account
from beside.responses import desk, policy, queue
from beside.responses.models import (
    Presence,
    PrivateLetterChoice,
    Response,
    ResponseChoice,
    ScreenerSetting,
)


@transaction.atomic
def end_responses(account: Account) -> None:
    """Delete whatever `account` has written to others, and how they read first. Sealed contents stay until their term."""
    mine = Response.objects.filter(writer=account)
    told = [policy.addressee_of(one) for one in mine.select_related("post", "recipient")]
    mine.delete()
    for to in told:
        desk.clear_notices(to)
    queue.give_back(account)
    Response.objects.filter(reply_by=account).update(reply="", reply_by=None)
    Presence.objects.filter(account=account).delete()
    ScreenerSetting.objects.filter(account=account).delete()
    ResponseChoice.objects.filter(author=account).delete()
    PrivateLetterChoice.objects.filter(account=account).delete()
