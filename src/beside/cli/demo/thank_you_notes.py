"""Notes of thanks of the made-up family: one was handed over, one waits for the team, and one is kept for later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import uuid4

from django.utils.translation import gettext as _

from beside.people import moderators
from beside.people.models import Account
from beside.thanks import hand_overs, thank_you_notes
from beside.thanks.models import Way
from beside.thanks.thank_you_notes import NoteText, Sending

FROM = _("Anna, Jonas, and Emil")
TO_INGRID = NoteText(
    _("Ingrid, nights, ward 6"),
    _(
        "Dear Ingrid,\n\nYou warmed the blanket before you gave it to us. I didn’t notice it then. I notice it every"
        " day now."
    ),
    FROM,
)
TO_PORTER = NoteText(
    _("the night porter, 14 March"),
    _("You held the door of the lift, and didn’t say anything. That was the right thing to say."),
    FROM,
)
TO_NEIGHBOUR = NoteText(_("Mrs Bekele, next door"), _("The soup. All eleven of them."), "")


def thank(people: Mapping[str, Account], *, at: datetime) -> None:
    """Let Anna thank those who were there. Hanne is of the team, and has handed one note over."""
    anna, hanne = people["anna"], people["hanne"]
    moderators.name(hanne, by=anna, at=at - timedelta(days=30))
    moderators.accept(hanne, at=at - timedelta(days=30))
    for text, days in ((TO_INGRID, 25), (TO_PORTER, 2)):
        sent_at = at - timedelta(days=days)
        thank_you_notes.send(uuid4(), text, Sending(Way.TEAM), by=anna, at=sent_at)
    first = hand_overs.waiting_for(hanne).values_list("pk", flat=True)[0]
    hand_overs.print_cards([first], by=hanne, at=at - timedelta(days=21))
    hand_overs.hand_over(first, by=hanne, at=at - timedelta(days=20))
    thank_you_notes.keep(uuid4(), TO_NEIGHBOUR, by=anna, at=at - timedelta(days=1))
