"""The acts that are cut off, step by step, and what must be true after a restart, wherever that was.

`say` is what a person is told: from then on it must hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from io import BytesIO
from uuid import UUID

from beside.access.models import Consent
from beside.access.policy import NOBODY, NothingToSee, Sight, Viewer, see
from beside.cli.verification.progress import Progress
from beside.cli.verify import prove
from beside.photos import developing, originals, uploads
from beside.photos.models import KeyEpoch, Photo, Rendition, Tombstone, Upload
from beside.photos.vault.epoch import NoSuchEpoch
from beside.photos.vault.keyring import keyring_of, open_keyring
from beside.posts import destroying, drafting, publishing, taking_back
from beside.posts.models import Post
from tests.crash import mail_acts, scenario
from tests.crash.scenario import AT, ORIGINAL

Say = Callable[..., None]
Said = dict[str, object]
LATER = AT + timedelta(hours=1)
NEW = UUID(int=14)
PIECE = 2000


def upload(say: Say) -> None:
    begun = uploads.begin(scenario.rose(), len(ORIGINAL), at=AT)
    say("begun", str(begun.pk))
    for offset in range(0, len(ORIGINAL), PIECE):
        piece = BytesIO(ORIGINAL[offset : offset + PIECE])
        say("received", uploads.receive(begun, piece.read, offset=offset, at=AT))
    developing.develop_next(AT)
    say("developed")


def after_upload(said: Said) -> Iterator[str]:
    if "begun" not in said:
        return
    photo_id = UUID(str(said["begun"]))
    received = uploads.progress(photo_id, by=scenario.rose()).received
    if received < int(str(said.get("received", 0))):
        yield f"only {received} of the bytes that were confirmed are here"
    # A process that was killed keeps its lease until that runs out.
    going_on = Upload.objects.filter(pk=photo_id).first()
    if going_on is not None:
        uploads.receive(going_on, BytesIO(ORIGINAL[received:]).read, offset=received, at=LATER)
    _develop(LATER)
    if Photo.objects.get(pk=photo_id).state != Photo.State.READY:
        yield "it was not developed after all"
    if b"".join(originals.original(photo_id, of=scenario.rose()).pieces) != ORIGINAL:
        yield "the original is not as it was sent"


def publish(say: Say) -> None:
    rose = scenario.rose()
    post = drafting.begin(NEW, by=rose, at=AT)
    drafting.place(post, scenario.in_drawer(), by=rose)
    say("placed")
    scenario.write(post, rose)
    say("kept")
    publishing.publish(post, by=rose, at=AT)
    say("published")


def after_publish(said: Said) -> Iterator[str]:
    post = Post.objects.filter(pk=NEW).first()
    if "kept" in said and (post is None or post.words != scenario.WORDS):
        yield "words that were kept are gone"
    is_out = post is not None and post.state == Post.State.PUBLISHED
    if "published" in said and not is_out:
        yield "it was published, and is not"
    if _sight(NEW) != (Sight.VEIL if is_out else Sight.NOTHING):
        yield "it is half published"
    if not is_out:
        publish(_quietly)
    if _sight(NEW) != Sight.VEIL:
        yield "it can't be published any more"


def take_back(say: Say, at: datetime = AT) -> None:
    taking_back.take_back(scenario.published(), by=scenario.rose(), at=at)
    say("taken back")
    _develop(at)
    say("developed anew")


def after_take_back(said: Said) -> Iterator[str]:
    post = scenario.published()
    is_back = post.state == Post.State.TAKEN_BACK
    if "taken back" in said and not is_back:
        yield "it was taken back, and is not"
    yield from _ended(post.pk) if is_back else _untouched(post.pk)
    take_back(_quietly, LATER)
    yield from _ended(post.pk)
    if post.placed.exclude(photo__state=Photo.State.READY).exists():
        yield "its authors can't see it any more"


def destroy(say: Say) -> None:
    rose = scenario.rose()
    asked = destroying.ask_for_post(scenario.published(), by=rose, at=AT)
    say("asked")
    destroying.destroy_now(asked, by=rose, at=AT)
    say("destroyed")


def after_destroy(said: Said) -> Iterator[str]:
    post = scenario.published()
    if "destroyed" in said and post is not None:
        yield "it was destroyed, and is here"
    if "asked" in said and post is not None and post.state != Post.State.CLOSED:
        yield "it was closed, and is open"
    if post is not None:
        if post.placed.count() != 2 or Tombstone.objects.exists():
            yield "it is half destroyed"
        destroy(_quietly)
    if Photo.objects.count() != 1 or Rendition.objects.exclude(photo=scenario.in_drawer()).exists():
        yield "something of it is left"
    yield from _old_keys_are_gone()


def restart(act: str, said: Said) -> list[str]:
    """What is wrong after a restart: verify the whole store, check what was promised, go on, and verify again."""
    open_keyring()
    wrong = _verify("after the restart")
    wrong += AFTER[act](said)
    return wrong + _verify("after going on")


ACTS: dict[str, Callable[[Say], None]] = {
    "upload": upload,
    "publish": publish,
    "take back": take_back,
    "destroy": destroy,
    mail_acts.SEND_MAIL: mail_acts.send_mail,
}
# What must work on a full disk, in the room that is reserved for it.
LAST_RESORT = {"take back": "taken back", "destroy": "destroyed"}
AFTER: dict[str, Callable[[Said], Iterator[str]]] = {
    "upload": after_upload,
    "publish": after_publish,
    "take back": after_take_back,
    "destroy": after_destroy,
    mail_acts.SEND_MAIL: mail_acts.after_send_mail,
}


def _quietly(what: str, value: object = None) -> None:
    """Say it to nobody."""


def _verify(when: str) -> list[str]:
    found = prove(Progress(), quietly=True)
    return [f"{when}: {fault.about}: {fault.says}" for fault in found if not fault.is_leftover]


def _develop(at: datetime) -> None:
    while developing.develop_next(at):
        pass


def _sight(post_id: UUID) -> Sight:
    try:
        return Sight(see(Viewer(scenario.nan().pk), post_id, at=AT).sight)
    except NothingToSee:
        return Sight.NOTHING


def _untouched(post_id: UUID) -> Iterator[str]:
    if _sight(post_id) != Sight.VEIL or Consent.objects.count() != 2:
        yield "it is half taken back"


def _ended(post_id: UUID) -> Iterator[str]:
    if _sight(post_id) != Sight.NOTHING or _seen_by_nobody(post_id) or Consent.objects.exists():
        yield "somebody still sees it"
    yield from _old_keys_are_gone()


def _seen_by_nobody(post_id: UUID) -> bool:
    try:
        see(NOBODY, post_id, at=AT)
    except NothingToSee:
        return False
    return True


def _old_keys_are_gone() -> Iterator[str]:
    """With the epoch key before this one, every older row could be opened from any copy."""
    epoch = KeyEpoch.objects.get()
    try:
        keyring_of(epoch.instance).epochs.read(epoch.generation - 1)
    except NoSuchEpoch:
        return
    yield "the key of the epoch before is still here"
