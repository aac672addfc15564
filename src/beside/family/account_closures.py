"""What ends here when somebody closes their account. Their family is seen by nobody meanwhile, and goes with the account."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from beside.family import family_members, reminders
from beside.family.models import FamilyMember
from beside.people.models import Account


@transaction.atomic
def leave_families(account: Account, *, at: datetime) -> None:
    """Take `account` off the families of others, and end its reminders."""
    mine = FamilyMember.objects.filter(account=account, taken_off_at=None)
    for member_id in list(mine.values_list("pk", flat=True)):
        family_members.take_off(member_id, by=account, at=at)
    reminders.end_all(reminders.alive(account), at=at)
