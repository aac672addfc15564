"""The queue of those who read first: whose turn a response is, and what falls to its end. A person decides everything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from beside.notices import notices
from beside.notices.models import Notice
from beside.people import delegations, quiet_days, time_zones
from beside.people.models import Account, Block, Delegation
from beside.responses import policy
from beside.responses.models import Response, ScreenerSetting

# Long enough to read a long letter; then a phone that died has lost nothing.
IN_HAND = timedelta(minutes=15)
NEW_FOR = timedelta(days=2)
_MANY, _MANY_WITHIN = 5, timedelta(hours=1)
_TRIES = 5
_WORD = re.compile(r"\w+")


def take_next(reader: Account, *, at: datetime) -> Response | None:
    """The response that `reader` has in hand, or else the next in the queue, now in their hand for `IN_HAND`.

    Nobody else is given it meanwhile. None if nothing is left for them.
    """
    # Looking through thousands that wait, and reading on, holds up nobody who writes.
    if mine := in_hand(reader, at=at):
        return mine
    # Another reader may take the one that was found, and then the next is tried.
    for _ in range(_TRIES):
        found = free_for(reader, at=at).values_list("pk", flat=True).first()
        if found is None:
            return None
        if taken := _take(found, reader, at=at):
            return taken
    return None


@transaction.atomic
def _take(found: UUID, reader: Account, *, at: datetime) -> Response | None:
    if mine := in_hand(reader, at=at):
        return mine
    free = Response.objects.filter(_is_free(at), pk=found, state=Response.State.WAITING)
    free.update(reader=reader, reader_until=at + IN_HAND)
    return in_hand(reader, at=at)


def in_hand(reader: Account, *, at: datetime) -> Response | None:
    """The response that `reader` has in hand at `at`, if it is still theirs to read."""
    held = held_by(reader, at=at)
    held = held.select_related("post", "recipient__profile", "writer__profile")
    return held.order_by("reader_until", "pk").first()


def held_by(reader: Account, *, at: datetime) -> QuerySet[Response]:
    """Whatever `reader` has in hand at `at` and may still read."""
    return _given_to(reader, at=at).filter(reader=reader, reader_until__gt=at)


def free_for(reader: Account, *, at: datetime) -> QuerySet[Response]:
    """The responses that nobody has in hand and `reader` may take, in the queue's order."""
    same = Q(post=OuterRef("post")) | Q(recipient=OuterRef("recipient"))
    asked_about = Response.objects.filter(
        same, likeness=OuterRef("likeness"), state=Response.State.ASKED
    )
    # What says the same as one that the authors are asked about waits for their answer with it.
    waiting = _given_to(reader, at=at).filter(~Exists(asked_about), _is_free(at))
    left_to_others = Q(handed_over_by=reader) & Q(Exists(_other_screeners(reader)))
    return waiting.exclude(left_to_others).order_by("falls_behind", "waits_since", "pk")


def give_back(reader: Account) -> None:
    """Put down whatever `reader` has in hand; it keeps its place in the queue."""
    Response.objects.filter(reader=reader).update(reader=None, reader_until=None)


@transaction.atomic
def rest(reader: Account, *, at: datetime) -> None:
    """Enough for today: nothing is announced to `reader` until their next day, and nothing stays in their hand."""
    give_back(reader)
    today = time_zones.day_of(reader, at)
    _set(reader, rests_until=time_zones.end_of_day(reader, today))
    notices.untell(reader.pk, Notice.Kind.RESPONSES_WAIT, about=reader.pk)


@transaction.atomic
def stop_reading(delegation_id: UUID, *, by: Account, at: datetime) -> None:
    """End a delegation to read first, as its delegate. The author is told. Raises `NoSuchDelegation`."""
    if not delegations_of(by).filter(pk=delegation_id).exists():
        raise delegations.NoSuchDelegation
    delegations.end(delegation_id, by=by, at=at)
    give_back(by)
    clear_notice(by)


def go_on(reader: Account) -> None:
    """End a rest before the day is over."""
    ScreenerSetting.objects.filter(account=reader).update(rests_until=None)


def is_resting(reader: Account, *, at: datetime) -> bool:
    """Whether `reader` has said that it was enough for today."""
    return ScreenerSetting.objects.filter(account=reader, rests_until__gt=at).exists()


def setting_of(reader: Account) -> ScreenerSetting:
    """How `reader` wants the queue; an unsaved row with the defaults if they haven't said."""
    return ScreenerSetting.objects.filter(account=reader).first() or ScreenerSetting(account=reader)


@transaction.atomic
def sort_by(
    reader: Account, *, new_people_last: bool, many_at_once_last: bool, words: str, at: datetime
) -> None:
    """Say what falls to the end of `reader`'s queue, and sort what waits already."""
    _set(
        reader,
        new_people_last=new_people_last,
        many_at_once_last=many_at_once_last,
        words=words.strip(),
    )
    waiting = policy.waiting_for(reader).select_related("post", "recipient", "writer")
    settings: dict[UUID, list[ScreenerSetting]] = {}
    for one in waiting.iterator(chunk_size=500):
        to = policy.addressee_of(one)
        if to.pk not in settings:
            settings[to.pk] = settings_of(policy.readers_first_of(to))
        behind = falls_behind(settings[to.pk], one.writer, one.words, at=one.sent_at)
        if behind != one.falls_behind:
            Response.objects.filter(pk=one.pk).update(falls_behind=behind)


def settings_of(readers: Iterable[Account]) -> list[ScreenerSetting]:
    """How each of `readers` wants the queue."""
    return list(ScreenerSetting.objects.filter(account__in=[one.pk for one in readers]))


def falls_behind(
    settings: Iterable[ScreenerSetting], writer: Account | None, words: str, *, at: datetime
) -> bool:
    """Whether a response falls to the end of the queue, by the `settings_of` those who read it first."""
    return any(_falls_behind(one, writer, words, at=at) for one in settings)


def tell(readers_first: Sequence[Account], writer: Account | None, *, at: datetime) -> None:
    """Tell those who read first what `writer` writes that something waits: once, and not on quiet days or at rest."""
    readers = policy.not_apart_from(writer, readers_first)
    quiet = quiet_days.quiet_accounts(readers, at=at)
    resting = ScreenerSetting.objects.filter(
        account__in=[reader.pk for reader in readers], rests_until__gt=at
    )
    silent: set[UUID] = {*quiet, *resting.values_list("account", flat=True)}
    for reader in readers:
        if reader.pk not in silent:
            notices.tell(reader.pk, Notice.Kind.RESPONSES_WAIT, about=reader.pk, at=at)


def clear_notice(reader: Account) -> None:
    """Remove the notice once nothing waits for `reader`."""
    if not policy.waiting_for(reader).exists():
        notices.untell(reader.pk, Notice.Kind.RESPONSES_WAIT, about=reader.pk)


def others_who_read(response: Response, reader: Account) -> list[Account]:
    """Those besides `reader` to whom a response can be handed over, by name."""
    others = policy.readers_of(policy.addressee_of(response), response.writer)
    return [one for one in others if one.pk != reader.pk]


def delegations_of(reader: Account) -> QuerySet[Delegation]:
    """The delegations under which `reader` reads first, with the authors' profiles."""
    return delegations.screening().filter(delegate=reader).select_related("author__profile")


def _given_to(reader: Account, *, at: datetime) -> QuerySet[Response]:
    """What waits for `reader`. On their quiet days they are given nothing that was written to themselves."""
    waiting = policy.waiting_for(reader)
    if quiet_days.until(reader, at=at):
        return waiting.exclude(policy.written_to(reader))
    return waiting


def _other_screeners(reader: Account) -> QuerySet[Delegation]:
    """The delegations of others who may read the response, for `Response` rows: no block sets them apart from its writer."""
    delegate, writer = OuterRef("delegate"), OuterRef(OuterRef("writer"))
    apart = Block.objects.filter(
        Q(blocker=delegate, blocked=writer) | Q(blocker=writer, blocked=delegate)
    )
    of_a_recipient = delegations.screening().filter(
        Q(author__authorships__post=OuterRef("post")) | Q(author=OuterRef("recipient"))
    )
    return of_a_recipient.filter(~Exists(apart)).exclude(delegate=reader)


def _is_free(at: datetime) -> Q:
    return Q(reader=None) | Q(reader_until__lte=at)


def _set(reader: Account, **fields: object) -> None:
    ScreenerSetting.objects.update_or_create(account=reader, defaults=fields)


def _falls_behind(
    setting: ScreenerSetting, writer: Account | None, words: str, *, at: datetime
) -> bool:
    if writer and setting.new_people_last and writer.joined_at > at - NEW_FOR:
        return True
    if writer and setting.many_at_once_last and _writes_many(writer, at=at):
        return True
    return has_one_of(setting.words, words)


def _writes_many(writer: Account, *, at: datetime) -> bool:
    lately = Response.objects.filter(writer=writer, sent_at__gt=at - _MANY_WITHIN, sent_at__lt=at)
    return lately[: _MANY + 1].count() >= _MANY


def has_one_of(phrases: str, text: str) -> bool:
    """Whether `text` has one of the phrases, one a line, as whole words in any case."""
    read = _as_words(text)
    return any(_as_words(line) in read for line in phrases.splitlines() if line.strip())


def _as_words(text: str) -> str:
    return f" {' '.join(_WORD.findall(text.casefold()))} "
