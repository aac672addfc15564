"""What the made-up family and others wrote to each other in private, and how Anna answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import uuid4

from django.utils.translation import gettext as _

from beside.cli.demo.responses import pass_on
from beside.people.models import Account
from beside.responses import private_letter_choices, private_letters
from beside.responses.models import WrittenBy

INGRID = _(
    "Dear Anna,\n\nI’ve thought about whether I may write this. I was the one who asked his name. I’ve asked"
    " that question a good many times, and I always think afterwards that I might have waited. I was glad to"
    " see that you’d kept the card.\n\nHe had your ears. I said so to the day shift.\n\nIngrid"
)
MARGIT = _(
    "Dearest,\n\nI’ve put the blue wool away, and left the needles in it. If you want it finished, say so."
    " If you don’t, it stays as it is.\n\nMother"
)
ANNA = _("Leave the needles in. I like to think of it there.")
AGAIN = _("Then that’s where it is. Second drawer.")


def write_to_each_other(people: Mapping[str, Account], *, at: datetime) -> None:
    """Anna takes letters from anyone who may open her page, in the week before `at`. Hanne reads them first."""
    anna, margit, hanne = people["anna"], people["margit"], people["hanne"]
    private_letter_choices.choose(anna, WrittenBy.WHO_KNOW_ME, at=at - timedelta(days=8))
    for name, words, hours in (("margit", MARGIT, 150), ("ingrid", INGRID, 30)):
        then = at - timedelta(hours=hours)
        key = uuid4()
        private_letters.write(key, anna.pk, words, by=people[name], at=then)
        pass_on(key, hanne, at=then)
    # An answer to somebody who wrote first needs nobody to read it, and then theirs don't either.
    for by, to, words, days in ((anna, margit, ANNA, 5), (margit, anna, AGAIN, 4)):
        private_letters.write(uuid4(), to.pk, words, by=by, at=at - timedelta(days=days))
