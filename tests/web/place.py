"""An instance with letters in every state, each full of unique words that answers are searched for."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from beside.access.door import admissions, bans, requests
from beside.access.door.requests import RequestText
from beside.access.models import AccessRequest, Claim, Consent
from beside.access.policy import NothingToSee, Sight, Viewer, photographs_of, see
from beside.archive import exports
from beside.archive.models import Export
from beside.family import families, family_members, reminders, timeline_entries
from beside.family.families import Seen
from beside.family.models import FamilyAudience
from beside.family.reminder_words import Days
from beside.family.reminders import Asked
from beside.family.timeline_entries import NOT_UNDERSTOOD, EntryText
from beside.finding import directory_entries
from beside.finding.directory_entries import Said
from beside.moderation import looks, reports
from beside.moderation.models import Report
from beside.moderation.reports import ReportText
from beside.people import account_changes, moderators
from beside.people.account_changes import Kind
from beside.people.delegations import HandsOver
from beside.people.models import (
    Account,
    Circle,
    Delegation,
    Follow,
    Invitation,
    Membership,
    Session,
)
from beside.photos.models import DepositLink, HiddenPhoto, Photo
from beside.posts import share_links
from beside.posts.models import (
    Addendum,
    Audience,
    Authorship,
    Autosave,
    CoauthorApproval,
    CoauthorInvitation,
    Post,
    Revision,
    ShareLink,
)
from beside.posts.share_links import Terms
from beside.responses import desk, inbox, seals
from beside.responses.likeness import likeness
from beside.responses.models import Response
from beside.thanks import thank_you_notes
from beside.thanks.models import Way
from beside.thanks.thank_you_notes import NoteText, Sending
from tests.access.door.letters import AFTER_A_YES
from tests.cast import (
    NOW,
    Cast,
    bytes_of,
    make_account,
    make_circle,
    make_post,
    make_sealed_photo,
)
from tests.delivery.client import ask
from tests.responses.builders import in_hand, respond, take_responses, write

SEALED = ("w480", "jpeg")
A_MONTH = timedelta(days=30)
WHO = (
    "nobody",
    "eve",
    "ada",
    "nan",
    "ines",
    "max",
    "rose",
    "tom",
    "marit",
    "dead session",
    "by link",
)
ADDRESS = re.compile(rb"/p/[A-Za-z0-9_-]{20,}")
EVERYBODY = {
    "words_for": Audience.ANYONE,
    "photographs_for": Audience.ANYONE,
    "words_signed_in": False,
    "photographs_signed_in": False,
}


@dataclass
class Secret:
    """A word, and whether it may be in an answer to a viewer."""

    word: bytes
    post: Post
    least: Sight
    photo: Photo | None = None

    def may_reach(self, viewer: Viewer) -> bool:
        """Authors may read words even of photographs hidden from them; readers what the rule allows."""
        if self.post.authorships.filter(account=viewer.account).exists():
            return True
        try:
            seen = see(viewer, self.post.pk, at=NOW)
        except NothingToSee:
            return False
        if self.photo is None or self.least < Sight.PHOTOGRAPHS:
            return seen.sight >= self.least
        lying = photographs_of(seen, viewer, at=timezone.now())
        return any(photo.is_open for photo in lying if photo.pk == self.photo.pk)


@dataclass
class ForAuthors(Secret):
    also: uuid.UUID | None = None

    def may_reach(self, viewer: Viewer) -> bool:
        if self.also is not None and viewer.account == self.also:
            return True
        return self.post.authorships.filter(account=viewer.account).exists()


@dataclass
class ForAVisitor(Secret):
    """A word for the authors, and for the session that has opened the link it belongs to."""

    session: str = ""

    def may_reach(self, viewer: Viewer) -> bool:
        is_author = self.post.authorships.filter(account=viewer.account).exists()
        return is_author or viewer.session == self.session


@dataclass
class ForSignedIn(Secret):
    """A word for those who may see the letter and are signed in."""

    def may_reach(self, viewer: Viewer) -> bool:
        return viewer.account is not None and super().may_reach(viewer)


@dataclass
class ForNobody:
    """A word that is shown only once, on the answer that made it."""

    word: bytes

    def may_reach(self, viewer: Viewer) -> bool:
        return False


@dataclass
class ForOne:
    """A word for one person only."""

    word: bytes
    account: Account

    def may_reach(self, viewer: Viewer) -> bool:
        return viewer.account == self.account.pk


@dataclass
class ForTwo(ForOne):
    """A word for two people."""

    other: Account

    def may_reach(self, viewer: Viewer) -> bool:
        return viewer.account in (self.account.pk, self.other.pk)


@dataclass
class ForSome:
    """A word for these people."""

    word: bytes
    people: Iterable[Account]

    def may_reach(self, viewer: Viewer) -> bool:
        return viewer.account in {one.pk for one in self.people}


@dataclass
class Place:
    cast: Cast
    eve: Account
    posts: list[Post]
    secrets: list[Secret | ForOne | ForNobody | ForSome]
    ids: dict[str, list]
    visit: str = ""

    def viewer(self, client: Client, who: str) -> Viewer:
        if who == "by link":
            return Viewer(None, self.visit)
        account = None if who in ("nobody", "dead session") else self.account(who).pk
        cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
        return Viewer(account, cookie.value if cookie and cookie.value and account else None)

    def account(self, who: str) -> Account:
        return self.eve if who == "eve" else self.cast[who]

    def client(self, who: str) -> Client:
        client = Client(HTTP_HOST="localhost", raise_request_exception=True)
        if who == "nobody":
            return client
        if who == "by link":
            client.cookies[settings.SESSION_COOKIE_NAME] = self.visit
            return client
        account = self.account("nan" if who == "dead session" else who)
        client.force_login(account)
        signed_in_just_now(client, account)
        if who == "dead session":
            Session.objects.filter(pk=client.session.session_key).delete()
        return client

    def forbidden_to(self, viewer: Viewer) -> list[bytes]:
        return [secret.word for secret in self.secrets if not secret.may_reach(viewer)]

    def photos(self) -> list[Photo]:
        return list(Photo.objects.filter(placed__post__in=self.posts))


def make_place(cast: Cast) -> Place:
    eve = make_account("eve")
    family = make_circle(cast.rose, of=[cast.nan])
    Follow.objects.create(
        follower=cast.ada,
        followed=cast.rose,
        state=Follow.State.ACCEPTED,
        asked_at=NOW,
        answered_at=NOW,
    )
    invitation = Invitation.objects.create(
        inviter=cast.rose, secret_digest=b"x" * 32, made_at=NOW, expires_at=NOW
    )
    place = Place(cast, eve, [], [], {})
    for kind in (
        {"words_for": [family, cast.ines], "photographs_for": [family]},
        {"words_for": [family, cast.ines], "photographs_for": [cast.ines], "veiled": False},
        EVERYBODY,
        EVERYBODY | {"veiled": False, "photographs_signed_in": True},
        EVERYBODY | {"state": Post.State.DRAFT},
        EVERYBODY | {"state": Post.State.CLOSED},
        EVERYBODY | {"state": Post.State.TAKEN_BACK},
        {"words_for": Audience.ANYONE, "photographs_for": Audience.LET_IN, "door": AFTER_A_YES},
    ):
        _write(place, kind)
    for post in place.posts:
        _claim(place, post)
    # Whatever each letter's state, so that only the rule keeps it off the shelf.
    Authorship.objects.update(may_be_found=True)
    _want_to_be_found(place)
    _choose(place)
    waiting = _come_to_the_door(place)
    Membership.objects.create(circle=family, account=cast.ada, added_at=NOW, from_now_on=True)
    asked = _ask_beside(place, place.posts[4], cast.nan, yeses=[cast.rose, cast.tom])
    not_yet = _ask_beside(place, place.posts[5], cast.ines, yeses=[cast.rose])
    place.ids = {
        "post_id": [post.pk for post in place.posts],
        "photo_id": [
            place.posts[0].placed.first().photo_id,
            place.posts[4].placed.first().photo_id,
        ],
        "account_id": [cast.rose.pk],
        "circle_id": [family.pk],
        "door_address": [place.posts[7].door_address],
        "request_id": [waiting.pk],
        "invitation_id": [invitation.pk, asked.pk, not_yet.pk],
        "upload_id": [uuid.uuid4()],
        "keeping_id": [Autosave.objects.filter(post=place.posts[0]).get().pk],
        "secret": ["x" * 43],
        "link_id": [_link_to(place, place.posts[0]).pk],
        "delegation_id": _delegate(place),
        "role": ["screener", "teller", "steward"],
        "export_id": _archives_of(place, cast.rose),
        "deposit_id": [_put_in_for(place, cast.rose).pk],
        "change_id": [_changed_password_of(place, cast.rose)],
        "report_id": [_reported(place)],
        "seal_id": [_seal(place, place.posts[2])],
        "note_id": _thank(place),
        "code": ["22222-22222"],
    }
    place.ids |= _begin_a_family(place, family)
    place.ids["response_id"] = _come_back(place, place.posts[2])
    _wait_at_the_desk(place, place.posts[3])
    place.ids["response_id"] += _write_to_each_other(place)
    return place


def _reported(place: Place) -> uuid.UUID:
    """Nan has reported the host, which only Ines may read, and a letter, which the host reads too; the letters stay as they are."""
    cast = place.cast
    moderators.name(cast.ines, by=cast.marit, at=NOW)
    moderators.accept(cast.ines, at=NOW)
    for about in (place.posts[0].authorships.first().account, cast.marit):
        said = f"zqreport{uuid.uuid4().hex[:8]}"
        report = Report.objects.create(kind="person", reporter=cast.nan, words=said, sent_at=NOW)
        report.about.set([about])
        to_one = ForOne(said.encode(), cast.ines)
        both = ForTwo(said.encode(), cast.ines, cast.marit)
        place.secrets.append(to_one if about == cast.marit else both)
    return report.pk


def _reported_response(place: Place, response: Response) -> None:
    """Ines has reported what Rose and Tom have never met; Marit, the host, has looked at it in another visit."""
    said, why = (f"zqreported{uuid.uuid4().hex[:8]}" for _ in range(2))
    report = reports.send_about_response(
        response.pk, ReportText(said), viewer=Viewer(place.cast.ines.pk), at=NOW
    )
    session = place.client("marit").session.session_key
    looks.look_at_response(
        report.pk, reason=why, by=place.cast.marit, session=session, at=timezone.now()
    )
    place.secrets.append(ForTwo(said.encode(), place.cast.ines, place.cast.marit))
    place.secrets.append(ForOne(why.encode(), response.writer))


def _come_back(place: Place, post: Post) -> list[uuid.UUID]:
    """Responses of Nan's, whom Ines reads first: passed on, asked about, waiting, sealed, and shown to readers."""
    cast = place.cast
    word = {name: f"zq{name}{uuid.uuid4().hex[:8]}" for name in ("helps", "asks", "pen", "reply")}
    said = {name: f"zq{name}{uuid.uuid4().hex[:8]}" for name in ("on", "asked", "sealed", "shown")}
    take_responses(post, helps=word["helps"])
    on = in_hand(post, cast.ines, cast.nan, said["on"], pen_name=word["pen"])
    desk.pass_on(on.pk, by=cast.ines, at=NOW)
    asked = in_hand(post, cast.ines, cast.nan, said["asked"])
    desk.ask_authors(asked.pk, word["asks"], by=cast.ines, at=NOW)
    sealed = in_hand(post, cast.ines, cast.nan, said["sealed"])
    desk.seal(sealed.pk, by=cast.ines, at=NOW, reply=word["reply"])
    shown = in_hand(post, cast.ines, cast.nan, said["shown"])
    desk.pass_on(shown.pk, by=cast.ines, at=NOW)
    inbox.show(shown.pk, by=cast.rose, at=NOW)
    reported = in_hand(post, cast.ines, cast.nan, f"zqreported{uuid.uuid4().hex[:8]}")
    _reported_response(place, reported)
    desk.decide_later(reported.pk, by=cast.ines, at=NOW)
    waiting = respond(post, cast.ada, f"zqwaiting{uuid.uuid4().hex[:8]}")
    place.secrets += [
        ForSignedIn(word["helps"].encode(), post, Sight.WORDS),
        ForAuthors(word["asks"].encode(), post, Sight.WORDS, also=cast.ines.pk),
        ForAuthors(said["on"].encode(), post, Sight.WORDS, also=cast.ines.pk),
        ForAuthors(word["pen"].encode(), post, Sight.WORDS, also=cast.ines.pk),
        Secret(said["shown"].encode(), post, Sight.WORDS),
        ForOne(word["reply"].encode(), cast.nan),
        *(ForOne(said[name].encode(), cast.ines) for name in ("asked", "sealed")),
        *(ForOne(one.words.encode(), cast.ines) for one in (waiting, reported)),
    ]
    return [on.pk, asked.pk, waiting.pk, shown.pk, reported.pk]


def _want_to_be_found(place: Place) -> None:
    """Tom says what only people with an account may read, and not Max, whom he has blocked."""
    word = f"zqfound{uuid.uuid4().hex[:8]}"
    directory_entries.save(place.cast.tom, Said(word), at=NOW)
    everybody = [one for one in (*place.cast, place.eve) if one != place.cast.max]
    place.secrets.append(ForSome(word.encode(), everybody))


def _thank(place: Place) -> list[uuid.UUID]:
    """Notes of Rose's: a draft, one with a code, and one that the team hands over, who are Marit and Ines."""
    cast, made = place.cast, []
    for way in ("", Way.LINK, Way.TEAM):
        text = NoteText(*(f"zqnote{uuid.uuid4().hex[:8]}" for _ in range(3)))
        note = thank_you_notes.keep(uuid.uuid4(), text, by=cast.rose, at=NOW)
        made.append(note.pk)
        if way and (
            code := thank_you_notes.send(note.pk, text, Sending(way), by=cast.rose, at=NOW)
        ):
            place.secrets.append(ForNobody(code.encode()))
        place.secrets.append(ForOne(text.words.encode(), cast.rose))
        people = (cast.rose, cast.marit, cast.ines) if way == Way.TEAM else (cast.rose,)
        for word in (text.name, text.signature, str(note.pk)):
            place.secrets.append(ForSome(word.encode(), people))
    return made


def _begin_a_family(place: Place, circle: Circle) -> dict[str, list[uuid.UUID]]:
    """Rose's family is for Nan, by a circle, and for Ines. Tom is named in it, and Ada has taken herself off."""
    cast, said = place.cast, {}
    for name in ("open", "letter", "draft", "away", "off", "emil", "tom", "ada", "reminder"):
        said[name] = f"zqfamily{uuid.uuid4().hex[:8]}"
    seen = Seen(FamilyAudience.PEOPLE, frozenset({cast.ines.pk}), frozenset({circle.pk}))
    families.choose(cast.rose, seen, at=NOW - A_MONTH)
    emil, tom, ada = (
        family_members.add(cast.rose, uuid.uuid4(), said[name], account=account, at=NOW)
        for name, account in (("emil", None), ("tom", cast.tom), ("ada", cast.ada))
    )
    family_members.take_off(ada.pk, by=cast.ada, at=NOW)
    entries = {}
    for name, more in (
        ("open", {}),
        ("letter", {"post": place.posts[1].pk}),
        ("draft", {"post": place.posts[4].pk}),
        ("away", {}),
        ("off", {}),
    ):
        text = EntryText("", said[name], said[name], **more)
        entries[name] = timeline_entries.keep(
            uuid.uuid4(), text, NOT_UNDERSTOOD, by=cast.rose, at=NOW
        )
    timeline_entries.put_away(entries["away"].pk, by=cast.rose, at=NOW)
    entries["off"].members.set([ada])
    days = Days(NOW.date() + A_MONTH, NOW.date() + A_MONTH)
    reminder = reminders.make(uuid.uuid4(), Asked(said["reminder"], days), by=cast.rose, at=NOW)
    readers = (cast.rose, cast.nan, cast.ines)
    place.secrets += [ForSome(said[name].encode(), readers) for name in ("open", "letter", "emil")]
    place.secrets.append(ForSome(said["tom"].encode(), (*readers, cast.tom)))
    mine = [said[name] for name in ("draft", "away", "off", "ada", "reminder")]
    mine += [str(one.pk) for one in (emil, ada, reminder, *entries.values())]
    place.secrets += [ForOne(word.encode(), cast.rose) for word in mine]
    return {
        "entry_id": [one.pk for one in entries.values()],
        "member_id": [emil.pk, tom.pk, ada.pk],
        "reminder_id": [reminder.pk],
    }


def _changed_password_of(place: Place, account: Account) -> uuid.UUID:
    """A change of theirs that can be undone; its link was mailed."""
    change, told = account_changes.record(account, Kind.PASSWORD, at=NOW)
    place.secrets.append(ForOne(str(change.pk).encode(), account))
    place.secrets += [ForNobody(one.secret.encode()) for one in told]
    return change.pk


def _seal(place: Place, post: Post) -> uuid.UUID:
    """Ines, who reads first for Rose, has sealed what Marit, the host, wrote; it opens only with a reason."""
    said, name = (f"zqseal{uuid.uuid4().hex[:8]}" for _ in range(2))
    response = _written(post, place.cast.marit, said, name)
    seal = seals.make(response, by=place.cast.ines, at=timezone.now())
    response.delete()
    place.secrets += [ForNobody(said.encode()), ForNobody(name.encode())]
    place.secrets.append(
        ForAuthors(str(seal.pk).encode(), post, Sight.WORDS, also=place.cast.ines.pk)
    )
    return seal.pk


def _wait_at_the_desk(place: Place, post: Post) -> None:
    """Nan has written to Rose and Tom, and Ines hasn't read it yet."""
    said, name = (f"zqdesk{uuid.uuid4().hex[:8]}" for _ in range(2))
    _written(post, place.cast.nan, said, name)
    for word in (said, name):
        place.secrets.append(ForTwo(word.encode(), place.cast.nan, place.cast.ines))


def _write_to_each_other(place: Place) -> list[uuid.UUID]:
    """Private letters: one of Nan's that was passed on to Rose, Rose's answer, and one that Ines hasn't read yet."""
    rose, nan, ines = place.cast.rose, place.cast.nan, place.cast.ines
    said = {name: f"zq{name}{uuid.uuid4().hex[:8]}" for name in ("came", "answers", "waits")}
    came, waits = (
        Response.objects.create(
            recipient=rose,
            writer=nan,
            words=said[name],
            state=state,
            sent_at=NOW,
            waits_since=NOW,
            falls_behind=True,
        )
        for name, state in (("came", Response.State.PASSED_ON), ("waits", Response.State.WAITING))
    )
    answer = write(rose, nan, said["answers"])
    place.secrets += [
        ForOne(said["came"].encode(), rose),
        ForTwo(said["answers"].encode(), rose, nan),
        ForOne(said["waits"].encode(), ines),
    ]
    return [came.pk, answer.pk, waits.pk]


def _written(post: Post, writer: Account, words: str, pen_name: str) -> Response:
    return Response.objects.create(
        post=post,
        writer=writer,
        words=words,
        pen_name=pen_name,
        sent_at=NOW,
        waits_since=NOW,
        falls_behind=True,
        likeness=likeness(words),
    )


def _link_to(place: Place, post: Post) -> ShareLink:
    """A link with all its words filled in, opened by somebody without an account."""
    said = {name: f"zq{name}{uuid.uuid4().hex[:8]}" for name in ("name", "message")}
    terms = Terms(**said, address=f"zq{uuid.uuid4().hex[:8]}@home.example", with_photographs=True)
    link, secret = share_links.make(post, terms, by=place.cast.rose, at=NOW)
    share_links.approve(link, by=place.cast.tom, at=NOW)
    visitor = Client(HTTP_HOST="localhost")
    assert visitor.post("/for-you/", {"secret": secret}).status_code == 302
    place.visit = visitor.cookies[settings.SESSION_COOKIE_NAME].value
    place.secrets += [
        ForAVisitor(word.encode(), post, Sight.WORDS, session=place.visit) for word in said.values()
    ]
    for word in (terms.address, str(link.pk)):
        place.secrets.append(ForAuthors(word.encode(), post, Sight.WORDS))
    place.secrets.append(ForNobody(secret.encode()))
    return link


def _delegate(place: Place) -> list[uuid.UUID]:
    """Rose has a delegate for each role; the teller hasn't signed, and the steward asks to act."""
    cast, made = place.cast, []
    for role, who in (("screener", cast.ines), ("teller", cast.nan), ("steward", cast.marit)):
        said = f"zqrole{uuid.uuid4().hex[:8]}"
        signed = None if role == "teller" else NOW
        waits = {"asked_to_act_at": NOW, "acts_from": NOW + A_MONTH} if role == "steward" else {}
        one = Delegation.objects.create(
            author=cast.rose,
            delegate=who,
            role=role,
            message=said,
            offered_at=NOW,
            signed_at=signed,
            **waits,
        )
        place.secrets += [ForTwo(word.encode(), cast.rose, who) for word in (said, str(one.pk))]
        made.append(one.pk)
    return made


def _archives_of(place: Place, account: Account) -> list[uuid.UUID]:
    """The account's own archive, and one that its steward took, who may no longer act."""
    steward = Delegation.objects.get(author=account, role="steward")
    mine = exports.request(account, with_originals=True, at=NOW)
    theirs = Export.objects.create(
        account=account,
        taken_by=steward.delegate,
        delegation=steward,
        holds=HandsOver.EVERYTHING,
        with_originals=True,
        made_at=NOW,
        ends_at=NOW + A_MONTH,
    )
    place.secrets += [ForOne(str(one.pk).encode(), account) for one in (mine, theirs)]
    return [mine.pk, theirs.pk]


def _ask_beside(place: Place, post: Post, who: Account, *, yeses: list[Account]):
    """Ask `who` to be a co-author. They may read it once every author has said yes to asking."""
    said = f"zqasked{uuid.uuid4().hex[:8]}"
    asked = CoauthorInvitation.objects.create(
        post=post, inviter=place.cast.rose, invitee=who, message=said, invited_at=NOW
    )
    CoauthorApproval.objects.bulk_create(
        CoauthorApproval(invitation=asked, account=author, approved_at=NOW) for author in yeses
    )
    secret = ForAuthors(said.encode(), post, Sight.PHOTOGRAPHS)
    if len(yeses) == post.authorships.count():
        secret.also = who.pk
    place.secrets.append(secret)
    return asked


def _write(place: Place, kind: dict) -> None:
    cast = place.cast
    made = {name: f"zq{name}{uuid.uuid4().hex[:8]}" for name in ("title", "words", "note")}
    seen, closed_for_rose = _photo(cast, SEALED), _photo(cast, ())
    HiddenPhoto.objects.create(photo=closed_for_rose, account=cast.rose, since=NOW)
    post = make_post(cast.rose, cast.tom, photos=[seen, closed_for_rose], **kind, **made)
    place.posts.append(post)
    later, old, kept, said = (f"zqmore{uuid.uuid4().hex[:8]}" for _ in range(4))
    Addendum.objects.create(
        post=post, author=cast.rose, words=later, added_at=NOW, added_on=NOW.date()
    )
    Addendum.objects.create(
        post=post, photo=seen, author=cast.rose, words=said, added_at=NOW, added_on=NOW.date()
    )
    Revision.objects.create(post=post, editor=cast.rose, replaced_at=NOW, words=old)
    Autosave.objects.create(post=post, author=cast.rose, saved_at=NOW, fields=_kept(kept))
    for word, least, photo in (
        (made["title"], Sight.WORDS, None),
        (made["words"], Sight.WORDS, None),
        (later, Sight.WORDS, None),
        (made["note"], Sight.DOOR, None),
        (seen.description, Sight.VEIL, seen),
        (closed_for_rose.description, Sight.VEIL, closed_for_rose),
        (str(seen.pk), Sight.VEIL, seen),
        (seen.caption, Sight.PHOTOGRAPHS, seen),
        (said, Sight.PHOTOGRAPHS, seen),
    ):
        place.secrets.append(Secret(word.encode(), post, least, photo))
    for word in (old, kept):
        place.secrets.append(ForAuthors(word.encode(), post, Sight.PHOTOGRAPHS))
    for name in SEALED:
        place.secrets.append(Secret(bytes_of(seen, name)[:60], post, Sight.PHOTOGRAPHS, seen))


def _claim(place: Place, post: Post) -> None:
    """Somebody has told the authors that they are in one of its photographs."""
    said = {name: f"zq{name}{uuid.uuid4().hex[:8]}" for name in ("name", "words")}
    address = f"zq{uuid.uuid4().hex[:8]}@home.example"
    photo = post.placed.first().photo
    Claim.objects.create(
        post=post, photo=photo, address=address, sent_at=NOW, passed_on_at=NOW, **said
    )
    for word in (*said.values(), address):
        place.secrets.append(ForAuthors(word.encode(), post, Sight.PHOTOGRAPHS))


def _put_in_for(place: Place, keeper: Account) -> DepositLink:
    """A deposit link with all its words filled in, and a photograph that came through it."""
    said = {name: f"zq{name}{uuid.uuid4().hex[:8]}" for name in ("name", "message", "thanks")}
    link = DepositLink.objects.create(
        keeper=keeper, most=3, secret_digest=b"d" * 32, made_at=NOW, ends_at=NOW + A_MONTH, **said
    )
    file = f"zqfile{uuid.uuid4().hex[:8]}"
    photo = make_sealed_photo(keeper, names=SEALED, name_on_phone=file, deposited_through=link)
    HiddenPhoto.objects.create(photo=photo, account=keeper, since=NOW)
    for word in (*said.values(), file, str(photo.pk), str(link.pk)):
        place.secrets.append(ForOne(word.encode(), keeper))
    return link


def _photo(cast: Cast, names: Iterable[str]) -> Photo:
    words = {name: f"zq{name}{uuid.uuid4().hex[:8]}" for name in ("description", "caption")}
    return make_sealed_photo(cast.rose, names=names, **words)


def _kept(word: str) -> dict:
    return {
        "title": word,
        "words": word,
        "note": "",
        "note_shows": [],
        "veiled": True,
        "photos": {},
    }


def _choose(place: Place) -> None:
    """Nan has consented to the photographs of the first letter."""
    Consent.objects.bulk_create(
        Consent(photo=placed.photo, account=place.cast.nan)
        for placed in place.posts[0].placed.all()
    )
    assert Membership.objects.filter(account=place.cast.nan).exists()


def _come_to_the_door(place: Place) -> AccessRequest:
    """Ada waits, Ines has been let in, Nan was declined, and somebody else is banned."""
    cast, post = place.cast, place.posts[7]
    why, said, kept = (f"zqdoor{uuid.uuid4().hex[:8]}" for _ in range(3))
    for who in (cast.ada, cast.ines, cast.nan):
        requests.ask(post.pk, RequestText(words=why), by=Viewer(who.pk), at=NOW)
    waiting, ines, nan = (
        AccessRequest.objects.get(post=post, asker=who) for who in (cast.ada, cast.ines, cast.nan)
    )
    admissions.let_in(ines, by=cast.rose, message=said, at=NOW)
    admissions.decline(nan, by=cast.rose, at=NOW)
    bans.ban_address(cast.rose, f"{kept}@home.example", at=NOW)
    # Ines screens for Rose, and so reads why somebody has come.
    place.secrets.append(ForAuthors(why.encode(), post, Sight.PHOTOGRAPHS, also=cast.ines.pk))
    place.secrets += [ForOne(said.encode(), cast.ines), ForOne(kept.encode(), cast.rose)]
    return waiting


def signed_in_just_now(client: Client, account: Account) -> None:
    """Record a sign-in as allauth does, so that nothing asks to sign in again."""
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, account, method="code")
    request.session.save()


def whole(response) -> bytes:
    """All of an answer: body, headers and cookies."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    cookies = response.cookies.output()
    return body + headers.encode() + cookies.encode()


def bytes_behind(said: bytes, client: Client) -> bytes:
    """What this browser is sent for every photograph address in an answer."""
    cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
    session = cookie.value if cookie else None
    return b"".join(
        ask(path.decode(), session=session).everything for path in set(ADDRESS.findall(said))
    )
