"""A week of what came back to the made-up family: kind words, clumsy ones, cruel ones, and who reads them first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from beside.access.policy import Viewer
from beside.people import delegations, moderators
from beside.people.delegations import Role
from beside.people.models import Account
from beside.posts.models import Post
from beside.responses import choices, desk, inbox, queue, responses
from beside.responses.choices import Chosen
from beside.responses.models import ReadFirst, RespondedBy
from beside.responses.responses import ResponseText

READS_FIRST = _(
    "Would you read what people write to us, before we do? You’ll know what we can bear."
)
HELPS = {
    "anna": _("Emil’s name. Anything that you remember of your own. You needn’t know what to say."),
    "jonas": _("Please, no reasons why. There aren’t any."),
}
KATRIN = _(
    "Thank you for the drawer. Ours is the second one down. I hadn’t known that anyone else had one."
)
SAMIRA = _(
    "I don’t know what to say, so I’m saying that. Emil. I’ve said it aloud, in the kitchen, and then"
    " Yara’s names too."
)
MARGIT = _("I opened it this morning with the curtains drawn. I’d knit that side a third time.")
CLUMSY = _(
    "I’m so sorry. But you’re young, and at least you have the girls. I’m sure there’s another one"
    " waiting for you."
)
CRUEL = _("Nobody asked to see this. You should be ashamed to put such a thing here.")
# Nearly the same, to another family: one case for the moderators.
CRUEL_AGAIN = _("Nobody asked to see this, Samira. You should be ashamed to put such a thing here!")


def come_back(people: Mapping[str, Account], post: Post, *, at: datetime) -> None:
    """Let people respond to `post`, which Anna and Jonas wrote, in the week before `at`."""
    hanne = people["hanne"]
    for author in ("anna", "jonas"):
        _ask_to_read_first(people[author], hanne, at=at - timedelta(days=9))
        chosen = Chosen(RespondedBy.READERS, helps=HELPS[author])
        choices.choose(post, chosen, by=people[author], at=at - timedelta(days=8))
    beside = _write(people["katrin"], post, KATRIN, at=at - timedelta(days=7))
    pass_on(beside, hanne, at=at - timedelta(days=7))
    inbox.show(beside, by=people["anna"], at=at - timedelta(days=6))
    for name, words, days in (("samira", SAMIRA, 5), ("margit", MARGIT, 3)):
        then = at - timedelta(days=days)
        text = ResponseText(words, only_for_authors=name == "margit")
        pass_on(_write(people[name], post, text, at=then), hanne, at=then)
    cruel = _write(people["dahl"], post, CRUEL, at=at - timedelta(days=2))
    _in_hand(cruel, hanne, at=at - timedelta(days=2))
    desk.seal(cruel, by=hanne, at=at - timedelta(days=2))
    _write(people["ruth"], post, CLUMSY, at=at - timedelta(hours=20))
    there = Viewer(people["ruth"].pk)
    responses.be_present(post.pk, by=people["ruth"], viewer=there, at=at - timedelta(days=4))


def come_again(people: Mapping[str, Account], post: Post, *, at: datetime) -> None:
    """The same person writes to Samira, the author of `post`, who reads first herself and seals it.

    Katrin is a moderator. She finds both under What was sealed; Anna doesn't, as one was written to her.
    """
    moderators.name(people["katrin"], by=people["anna"], at=at - timedelta(days=30))
    moderators.accept(people["katrin"], at=at - timedelta(days=29))
    samira = people["samira"]
    chosen = Chosen(RespondedBy.READERS, ReadFirst.AUTHORS)
    choices.choose(post, chosen, by=samira, at=at - timedelta(days=8))
    again = _write(people["dahl"], post, CRUEL_AGAIN, at=at - timedelta(days=1))
    _in_hand(again, samira, at=at - timedelta(days=1))
    desk.seal(again, by=samira, at=at - timedelta(days=1))


def _ask_to_read_first(author: Account, hanne: Account, *, at: datetime) -> None:
    delegations.offer(author, hanne, Role.SCREENER, message=READS_FIRST, at=at)
    asked = delegations.done_by(hanne).get(author=author)
    delegations.sign(asked.pk, by=hanne, at=at)


def _write(writer: Account, post: Post, words: str | ResponseText, *, at: datetime) -> UUID:
    key = uuid4()
    text = words if isinstance(words, ResponseText) else ResponseText(words)
    responses.send(key, post.pk, text, by=writer, viewer=Viewer(writer.pk), at=at)
    return key


def pass_on(response_id: UUID, hanne: Account, *, at: datetime) -> None:
    """Have Hanne pass on what is next in her queue."""
    _in_hand(response_id, hanne, at=at)
    desk.pass_on(response_id, by=hanne, at=at)


def _in_hand(response_id: UUID, reader: Account, *, at: datetime) -> None:
    taken = queue.take_next(reader, at=at)
    if taken is None or taken.pk != response_id:
        raise RuntimeError("Another response is in hand than the demonstration expects.")
