"""Writes a random world as rows."""

from __future__ import annotations

from datetime import timedelta

from beside.access.models import AccessRequest, Admission, Ban, Consent, Look
from beside.people.models import (
    Account,
    Block,
    Circle,
    DirectoryEntry,
    Follow,
    Invitation,
    Membership,
    Moderator,
    Profile,
    Session,
)
from beside.photos.models import (
    AuthorKey,
    HiddenPhoto,
    Hold,
    KeyEpoch,
    Photo,
    Portrait,
    Rendition,
)
from beside.posts.models import (
    Authorship,
    Grant,
    PlacedPhoto,
    Post,
    ShareLink,
    ShareLinkApproval,
    ShareLinkDevice,
)
from tests.access.worlds import BEFORE, LATER, NOW, World


def lay_down(world: World) -> None:
    """Write the world as rows, with one statement a table."""
    _lay_people(world)
    _lay_ties(world)
    _lay_photos(world)
    _lay_posts(world)
    _lay_choices(world)
    _lay_doors(world)
    _lay_links(world)
    _lay_looks(world)


def _lay_people(world: World) -> None:
    Account.objects.bulk_create(
        Account(
            id=person.id,
            email=person.email,
            password="!",
            is_active=person.is_active,
            suspended_at=BEFORE if person.is_suspended else None,
        )
        for person in world.people
    )
    Profile.objects.bulk_create(
        Profile(account_id=person.id, name="Someone") for person in world.people
    )
    DirectoryEntry.objects.bulk_create(
        DirectoryEntry(account_id=person.id, said_on=BEFORE.date())
        for person in world.people
        if person.is_findable
    )
    Session.objects.bulk_create(
        Session(
            session_key=viewer.visit,
            session_data="",
            expire_date=BEFORE if viewer.is_dead else LATER,
            account_id=viewer.me and viewer.me.id,
        )
        for viewer in world.viewers
        if viewer.visit
    )


def _lay_looks(world: World) -> None:
    Moderator.objects.bulk_create(
        Moderator(account_id=one.id, named_by_id=one.id, named_at=BEFORE, accepted_at=BEFORE)
        for one in world.people
        if one.is_moderator
    )
    Look.objects.bulk_create(
        Look(
            moderator_id=look.moderator.id,
            session_id=look.visit,
            report=look.post.id,
            post_id=look.post.id,
            photo_id=look.photo and look.photo.id,
            ends_at=NOW - timedelta(seconds=1) if look.is_over else LATER,
        )
        for look in world.looks
    )


def _lay_ties(world: World) -> None:
    Follow.objects.bulk_create(
        Follow(follower_id=one.id, followed_id=other.id, asked_at=BEFORE)
        for one, other in world.follows
    )
    Block.objects.bulk_create(
        Block(blocker_id=one.id, blocked_id=other.id, at=BEFORE) for one, other in world.blocks
    )
    Circle.objects.bulk_create(
        Circle(id=circle.id, owner_id=circle.owner.id, name=circle.id.hex)
        for circle in world.circles
    )
    Membership.objects.bulk_create(
        Membership(
            circle_id=circle.id,
            account_id=person.id,
            added_at=BEFORE,
            from_now_on=person in circle.from_now_on,
        )
        for circle in world.circles
        for person in circle.members
    )
    Invitation.objects.bulk_create(
        Invitation(
            inviter_id=person.invited_by.id,
            used_by_id=person.id,
            secret_digest=person.id.bytes,
            made_at=BEFORE,
            expires_at=LATER,
            used_at=BEFORE,
        )
        for person in world.people
        if person.invited_by
    )


def _lay_photos(world: World) -> None:
    KeyEpoch.objects.bulk_create([KeyEpoch(id=1, generation=1)])
    AuthorKey.objects.bulk_create(
        AuthorKey(account_id=person.id, wrapped=b"key") for person in world.people
    )
    Photo.objects.bulk_create(
        Photo(
            id=photo.id,
            uploader_id=photo.uploader and photo.uploader.id,
            state=photo.state,
            refusal="broken" if photo.state == "refused" else "",
            uploaded_at=BEFORE,
            width=3,
            height=2,
        )
        for photo in world.photos
    )
    Rendition.objects.bulk_create(
        Rendition(
            photo_id=photo.id,
            name="w480",
            media_type="image/avif",
            width=3,
            height=2,
            stored_bytes=1,
        )
        for photo in world.photos
    )
    Hold.objects.bulk_create(
        [
            Hold(photo_id=photo.id, account_id=person.id, kind=Hold.Kind.ORIGINAL, wrapped=b"key")
            for photo in world.photos
            for person in photo.holders
        ]
        + [
            Hold(
                photo_id=photo.id,
                account_id=(photo.uploader or world.people[0]).id,
                kind=Hold.Kind.SHOWN,
                wrapped=b"k",
            )
            for photo in world.photos
            if photo.has_key
        ]
    )
    HiddenPhoto.objects.bulk_create(
        HiddenPhoto(photo_id=photo.id, account_id=person.id, since=BEFORE)
        for photo in world.photos
        for person in photo.hidden_for
    )
    Portrait.objects.bulk_create(
        Portrait(account_id=person.id, photo_id=person.portrait.id)
        for person in world.people
        if person.portrait
    )


def _lay_posts(world: World) -> None:
    Post.objects.bulk_create(
        Post(
            id=post.id,
            state=post.state,
            suspended_at=BEFORE if post.is_suspended else None,
            words_for=post.words.audience,
            words_signed_in=post.words.signed_in,
            photographs_for=post.photographs.audience,
            photographs_signed_in=post.photographs.signed_in,
            veiled=post.veiled,
            door_is_shared=post.door_is_shared,
            begun_at=BEFORE,
            written_on=BEFORE.date(),
            saved_at=BEFORE,
            published_at=None if post.state == "draft" else post.published_at,
            taken_back_at=BEFORE if post.state == "taken back" else None,
        )
        for post in world.posts
    )
    Authorship.objects.bulk_create(
        Authorship(
            post_id=post.id,
            account_id=author.id,
            joined_at=BEFORE,
            may_be_found=author in post.may_be_found,
        )
        for post in world.posts
        for author in post.authors
    )
    parts = [(post, 1, post.words) for post in world.posts]
    parts += [(post, 2, post.photographs) for post in world.posts]
    Grant.objects.bulk_create(
        [
            Grant(post_id=post.id, what=what, account_id=person.id)
            for post, what, part in parts
            for person in part.people
        ]
        + [
            Grant(post_id=post.id, what=what, circle_id=circle.id)
            for post, what, part in parts
            for circle in part.circles
        ]
    )
    PlacedPhoto.objects.bulk_create(
        PlacedPhoto(post_id=post.id, photo_id=photo.id, position=position)
        for post in world.posts
        for position, photo in enumerate(post.photos)
    )


def _lay_choices(world: World) -> None:
    # The consents in a world must outlast a long run.
    during, over = LATER, NOW - timedelta(seconds=1)
    Consent.objects.bulk_create(
        [
            Consent(photo_id=photo.id, session_id=visit, ends_at=ends_at)
            for photo in world.photos
            for visits, ends_at in ((photo.chosen_in, during), (photo.chosen_before_in, over))
            for visit in visits
        ]
        + [
            Consent(photo_id=photo.id, account_id=person.id)
            for photo in world.photos
            for person in photo.remembered_by
        ]
    )


def _lay_doors(world: World) -> None:
    rows = [
        Admission(
            post_id=admission.post.id,
            account_id=admission.person.id,
            is_shared=admission.is_shared,
            admitted_at=BEFORE,
        )
        for admission in world.admissions
    ]
    Admission.objects.bulk_create(rows)
    through = Admission.by.through
    through.objects.bulk_create(
        through(admission_id=row.pk, account_id=author.id)
        for row, admission in zip(rows, world.admissions, strict=True)
        for author in admission.by
    )
    AccessRequest.objects.bulk_create(
        AccessRequest(post_id=post.id, asker_id=person.id, asked_at=BEFORE, lapses_at=LATER)
        for person, post in world.asking
    )
    Ban.objects.bulk_create(
        [
            Ban(author_id=author.id, account_id=person.id, since=BEFORE)
            for author, person in world.banned
        ]
        + [
            Ban(author_id=author.id, address=address, since=BEFORE)
            for author, address in world.banned_addresses
        ]
    )


def _lay_links(world: World) -> None:
    ShareLink.objects.bulk_create(
        ShareLink(
            id=link.id,
            post_id=link.post.id,
            maker_id=link.maker.id,
            name="Someone",
            with_photographs=link.with_photographs,
            secret_digest=link.id.bytes,
            made_at=BEFORE,
            ends_at=NOW - timedelta(seconds=1) if link.is_over else LATER,
            ended_at=BEFORE if link.is_ended else None,
        )
        for link in world.links
    )
    ShareLinkApproval.objects.bulk_create(
        ShareLinkApproval(link_id=link.id, account_id=person.id, approved_at=BEFORE)
        for link in world.links
        for person in link.yeses
    )
    ShareLinkDevice.objects.bulk_create(
        ShareLinkDevice(
            link_id=link.id,
            session_id=visit,
            opened_at=BEFORE,
            allowed_at=None if visit in link.waiting_in else BEFORE,
        )
        for link in world.links
        for visit in link.opened_in | link.waiting_in
    )
