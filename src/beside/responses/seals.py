"""Sealed responses: encrypted evidence that no page of an author opens, until its term is over.

Each seal has a key of its own, wrapped under a key that is derived from the root key, so a copy of the database opens
none. Deleting the row when its term is over ends the only wrapping; an older backup still has it until that backup
is deleted.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from beside.notices import notices
from beside.notices.models import Notice
from beside.people import moderators
from beside.people.models import Account
from beside.photos.vault.root import derive
from beside.photos.vault.wrapping import fresh_key, unwrap, wrap
from beside.posts.authorship import bare_name_of
from beside.responses import policy
from beside.responses.likeness import sketch
from beside.responses.models import Response, Seal, SealOpening

_NONCE_BYTES = 12
_MONTH = timedelta(days=365) / 12
Form = SealOpening.Form


class NoSuchSeal(Exception):
    """There is no such seal, or it isn't theirs to open. Pages answer with the 404 page."""


def make(response: Response, *, by: Account, at: datetime) -> Seal:
    """Seal a response as it is. The caller deletes its words, in the same transaction."""
    key = fresh_key()
    seal = Seal(
        response=response,
        post=response.post,
        writer=response.writer,
        sealed_by=by,
        sealed_at=at,
        ends_at=_end(at),
        likeness=bytes(response.likeness),
        sketch=sketch(response.words),
    )
    seal.key = wrap(_master(), key, _bound(seal.pk))
    nonce = os.urandom(_NONCE_BYTES)
    seal.ciphertext = nonce + AESGCM(key).encrypt(nonce, _contents(response), _bound(seal.pk))
    seal.save(force_insert=True)
    seal.authors.set(policy.recipients_of(policy.addressee_of(response)))
    return seal


def kept_from(author: Account, *, at: datetime) -> QuerySet[Seal]:
    """The seals that `author` may ask a file of, newest first, with the log of openings. Never their contents."""
    mine = Seal.objects.filter(authors=author, ends_at__gt=at)
    mine = mine.select_related("sealed_by__profile").prefetch_related("openings__by__profile")
    return mine.order_by("-sealed_at", "pk")


def made_by(reader: Account, *, at: datetime) -> QuerySet[Seal]:
    """The seals that `reader` made and can open, newest first."""
    mine = Seal.objects.filter(sealed_by=reader, ends_at__gt=at)
    return mine.prefetch_related("authors__profile").order_by("-sealed_at", "pk")


@transaction.atomic
def read(seal_id: UUID, *, by: Account, reason: str, at: datetime) -> Mapping[str, str]:
    """What a seal contains, for the person who made it. The opening is recorded first. Raises `NoSuchSeal`."""
    return read_any(_made_by(seal_id, by, at=at), by=by, reason=reason, at=at)


def read_any(seal: Seal, *, by: Account, reason: str, at: datetime) -> Mapping[str, str]:
    """What `seal` contains. The caller must have checked that `by` may open it. The opening is recorded first."""
    _record(seal, Form.READ, by=by, reason=reason, at=at)
    return _open(seal)


@transaction.atomic
def want_file(seal_id: UUID, *, by: Account, at: datetime) -> None:
    """An author asks for a file for an authority, which they never read here. Raises `NoSuchSeal`.

    The person who sealed it is told, once; where they aren't here any more, the moderators are.
    """
    seal = kept_from(by, at=at).filter(pk=seal_id).first()
    if seal is None:
        raise NoSuchSeal
    is_new = Seal.objects.filter(pk=seal.pk, file_wanted_at=None).update(file_wanted_at=at)
    if not is_new:
        return
    if (sealer := seal.sealed_by) is not None and is_here(sealer):
        notices.tell(sealer.pk, Notice.Kind.SEAL_FILE_WANTED, about=seal.pk, at=at)
        return
    for moderator in moderators_for(seal):
        notices.tell(moderator.pk, Notice.Kind.REPORTED, at=at)


@transaction.atomic
def as_file(seal_id: UUID, *, by: Account, at: datetime) -> dict[str, bytes]:
    """The files for an authority, by name, for the person who made the seal. Raises `NoSuchSeal`."""
    return any_as_file(_made_by(seal_id, by, at=at), by=by, reason="", at=at)


def any_as_file(seal: Seal, *, by: Account, reason: str, at: datetime) -> dict[str, bytes]:
    """The contents of `seal`, and their SHA-256 sums, for an authority. Raises `NoSuchSeal` unless an author has asked.

    The caller must have checked that `by` may open it. The opening is recorded first.
    """
    if seal.file_wanted_at is None:
        raise NoSuchSeal
    _record(seal, Form.FILE, by=by, reason=reason, at=at)
    notices.untell(by.pk, Notice.Kind.SEAL_FILE_WANTED, about=seal.pk)
    contents = json.dumps(_open(seal), ensure_ascii=False, indent=2).encode()
    sums = f"{sha256(contents).hexdigest()}  response.json\n".encode()
    return {"response.json": contents, "SHA256SUMS": sums}


def is_here(sealer: Account) -> bool:
    """Whether somebody who has sealed something can still open it: their account is neither closed nor suspended."""
    return sealer.is_active and sealer.suspended_at is None


def moderators_for(seal: Seal) -> QuerySet[Account]:
    """The moderators who may open `seal`: none whom it concerns."""
    concerned = Q(seals=seal) | Q(pk__in=[seal.writer_id, seal.sealed_by_id])
    if seal.post_id is not None:
        concerned |= Q(authorships__post=seal.post_id)
    return moderators.everybody().exclude(pk__in=Account.objects.filter(concerned).values("pk"))


def open_to_moderator(moderator: Account, *, at: datetime) -> QuerySet[Seal]:
    """The seals that `moderator` may open; none that concerns them. The caller must know that they are a moderator.

    A seal concerns those for whom it was written, then or now, its writer, and the person who sealed it.
    """
    concerns_me = Q(authors=moderator) | Q(post__authorships__account=moderator)
    by_me = Q(writer=moderator) | Q(sealed_by=moderator)
    mine = Seal.objects.filter(concerns_me | by_me).values("pk")
    return Seal.objects.filter(ends_at__gt=at).exclude(pk__in=mine)


@transaction.atomic
def run_due(at: datetime) -> None:
    """Delete the seals whose term is over, and with them their keys and digests. The worker calls this; twice is harmless."""
    due = Seal.objects.filter(ends_at__lte=at)
    # Evaluated for its lock: an opening that is being recorded comes first, and then goes with its seal.
    locked = list(due.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    due.filter(pk__in=locked).delete()


def _made_by(seal_id: UUID, reader: Account, *, at: datetime) -> Seal:
    found = locked(made_by(reader, at=at), seal_id)
    if found is None:
        raise NoSuchSeal
    return found


def locked(some: QuerySet[Seal], seal_id: UUID) -> Seal | None:
    """The seal with this id, if it is among `some`, locked, so that it can't end while it is opened."""
    rows = Seal.objects.select_for_update(of=("self",)).filter(pk__in=some.values("pk"))
    return rows.filter(pk=seal_id).first()


def _record(seal: Seal, form: SealOpening.Form, *, by: Account, reason: str, at: datetime) -> None:
    SealOpening.objects.create(seal=seal, by=by, form=form, reason=reason.strip(), at=at)


def _contents(response: Response) -> bytes:
    writer = response.writer
    return json.dumps(
        {
            "words": response.words,
            "pen_name": response.pen_name,
            "writer": bare_name_of(writer) if writer else response.signed,
            "address": writer.email if writer else "",
            "account": str(writer.pk) if writer else "",
            "letter": str(response.post_id or ""),
            "recipient": str(response.recipient_id or ""),
            "sent_at": response.sent_at.isoformat(),
        }
    ).encode()


def _open(seal: Seal) -> dict[str, str]:
    key = unwrap(_master(), bytes(seal.key), _bound(seal.pk))
    sealed = bytes(seal.ciphertext)
    nonce, ciphertext = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    contents: dict[str, str] = json.loads(AESGCM(key).decrypt(nonce, ciphertext, _bound(seal.pk)))
    return contents


def _end(at: datetime) -> datetime:
    return at + settings.BESIDE.seal_months * _MONTH


def _master() -> AESGCM:
    return AESGCM(derive(settings.ROOT_KEY, "seals"))


def _bound(seal_id: UUID) -> bytes:
    return b"beside seal\x01" + seal_id.bytes
