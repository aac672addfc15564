"""The page on which one's account is closed: what happens, to whom, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from beside.archive.models import Export
from beside.people import account_closures
from beside.people.models import Account
from beside.photos.models import Hold
from beside.posts.authorship import name_of
from beside.posts.models import Authorship
from beside.web.pages.people import in_a_row


@dataclass(frozen=True)
class AccountClosurePage:
    """What closing would mean now.

    `archive_made_at` is when the last archive was made, and `has_more_since` whether photographs were
    added after that. `others` are the names of everybody who is an author of a letter together with this person.
    """

    due_at: datetime
    archive_made_at: datetime | None
    has_more_since: bool
    others: str
    is_only_host: bool


def account_closure_page(account: Account, *, at: datetime) -> AccountClosurePage:
    """The page for `account`, if it were closed at `at`."""
    made = Export.objects.filter(account=account, delegation=None)
    made_at = made.order_by("-made_at").values_list("made_at", flat=True).first()
    newer = Hold.objects.filter(account=account, photo__uploaded_at__gt=made_at or at)
    return AccountClosurePage(
        due_at=account_closures.due(account, at=at),
        archive_made_at=made_at,
        has_more_since=newer.exists(),
        others=in_a_row(_coauthors(account)),
        is_only_host=account.is_host and not _other_hosts(account),
    )


def _coauthors(account: Account) -> list[str]:
    mine = Authorship.objects.filter(account=account).values("post")
    others = Account.objects.filter(authorships__post__in=mine).exclude(pk=account.pk)
    return [name_of(one) for one in others.select_related("profile").distinct().order_by("pk")]


def _other_hosts(account: Account) -> bool:
    return Account.objects.filter(is_host=True, is_active=True).exclude(pk=account.pk).exists()
