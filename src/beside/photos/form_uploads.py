"""Receiving a photograph from a plain form: in a single request, sealed piece by piece as it streams in."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from beside.people.models import Account
from beside.photos import deposits, parts
from beside.photos.deposits import NoRoomThere
from beside.photos.disk_full import kindly
from beside.photos.models import DepositLink, Photo
from beside.photos.quota import EmptyFile, NoRoom, TooLarge, room_left
from beside.photos.uploads import arrive, begin, stop
from beside.photos.vault import keyring


class Arrival:
    """A photograph that arrives in a single request and whose length isn't known beforehand.

    It can't be resumed: if it isn't finished with `finish`, stop it, or it expires.
    """

    def __init__(
        self,
        account: Account,
        *,
        name_on_phone: str,
        through: DepositLink | None = None,
        at: datetime,
    ) -> None:
        """`account` will hold it; `through` is the deposit link it comes by, if any.

        Raises what `uploads.begin` does, or `deposits.begin` for a link.
        """
        self._room = room_left(account)
        self._no_room: type[NoRoom] = NoRoomThere if through else NoRoom
        most = max(1, min(settings.BESIDE.upload_max_bytes, self._room))
        if through:
            self._upload = deposits.begin(through, most, name=name_on_phone, at=at)
        else:
            self._upload = begin(account, most, name_on_phone=name_on_phone, at=at)
        self._received = 0
        key = keyring.original_key(self._upload.photo_id)
        with kindly():
            self._writer = parts.start(self._upload, key)

    def write(self, data: bytes) -> None:
        """Seal the next bytes. Raises `TooLarge`, `NoRoom` and what `disk_full.kindly` does; call `stop` then."""
        self._received += len(data)
        if self._received > settings.BESIDE.upload_max_bytes:
            raise TooLarge
        if self._received > self._room:
            raise self._no_room
        with kindly():
            self._writer.write(data)
            self._writer.remember()

    def finish(self) -> Photo:
        """End the file: when this returns, the photograph has arrived. Raises `EmptyFile`; call `stop` then."""
        if not self._received:
            raise EmptyFile
        with kindly():
            self._writer.finish()
            arrive(self._upload, self._received)
        self._writer.close()
        return self._upload.photo

    def stop(self, *, at: datetime) -> None:
        """Delete what was received. If even that raises what `disk_full.kindly` does, the upload expires later."""
        self._writer.close()
        with kindly():
            stop(self._upload, at=at)
