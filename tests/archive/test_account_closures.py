from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.apps import apps
from django.db.models import ForeignKey

from beside.access.door import admissions, bans, requests
from beside.access.door.requests import RequestText
from beside.access.models import AccessRequest, Admission
from beside.access.policy import NothingToSee, Sight, Viewer, see
from beside.archive import account_closures, exports
from beside.notices.models import Notice
from beside.people import account_closures as accounts
from beside.people import blocks, circles, delegations, follows, invitations
from beside.people.account_closures import NotClosed
from beside.people.delegations import HandsOver, Role
from beside.people.models import (
    Account,
    Circle,
    Delegation,
    Follow,
    Invitation,
    Membership,
    Narrowing,
    Session,
)
from beside.photos import deposits, hidden, uploads
from beside.photos.models import AuthorKey, Hold, Photo, Tombstone
from beside.photos.vault.epoch import NoSuchEpoch, OtherRoot
from beside.photos.vault.folder_store import FolderStore
from beside.photos.vault.keyring import add_holder
from beside.posts import addenda, autosave, coauthors, drafting, share_links, signing
from beside.posts.autosave import EditorPage
from beside.posts.models import Answer, Audience, Post, Reason, ShareLink
from beside.posts.share_links import Terms
from beside.posts.text import text_of
from beside.responses import private_letters
from beside.responses.models import PrivateLetterChoice, Response
from beside.responses.private_letters import TakesNoLetters
from tests.archive.stewards import for_after
from tests.cast import NOW, make_circle, make_post, make_sealed_photo
from tests.responses.builders import passed_on, write

LATER = NOW + timedelta(days=31)
OPEN_DOOR = dict.fromkeys(Reason, Answer.AT_ONCE)


@pytest.fixture
def alone(cast, data) -> Post:
    return make_post(
        cast.rose,
        words_for=Audience.ANYONE,
        photographs_for=Audience.LET_IN,
        photos=[make_sealed_photo(cast.rose)],
        door=OPEN_DOOR,
    )


@pytest.fixture
def together(cast, data) -> Post:
    family = make_circle(cast.rose, of=[cast.nan])
    photos = [make_sealed_photo(cast.rose), make_sealed_photo(cast.tom)]
    for photo, other in zip(photos, (cast.tom, cast.rose), strict=True):
        add_holder(photo, account=other)
    return make_post(
        cast.rose,
        cast.tom,
        words_for=[family, cast.ines],
        photographs_for=[family, cast.ines],
        photos=photos,
    )


def sight_of(account: Account, post: Post) -> Sight:
    try:
        return Sight(see(Viewer(account.pk), post.pk, at=NOW).sight)
    except NothingToSee:
        return Sight.NOTHING


def rows_naming(account_id: uuid.UUID) -> list[str]:
    """Every row, in any table, that has this account's id in a foreign key or many-to-many relation."""
    named = []
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey) and field.related_model is Account:
                rows = model._default_manager.filter(**{field.name: account_id})
                named += [f"{model.__name__}.{field.name}"] * rows.count()
    return named


def live_a_little(cast, alone: Post, together: Post) -> None:
    """Give Rose a row in as many tables as she can have one in."""
    rose, tom, nan = cast.rose, cast.tom, cast.nan
    follows.ask(nan, rose, at=NOW)
    follows.accept(rose, nan.pk, at=NOW)
    follows.ask(rose, tom, at=NOW)
    circles.add(make_circle(tom), rose, at=NOW)
    blocks.block(rose, cast.max, at=NOW)
    delegations.offer(tom, rose, Role.SCREENER, message="", at=NOW)
    for_after(rose, nan, HandsOver.EVERYTHING)
    invitations.make(cast.marit, name="Rose", email=rose.email, at=NOW)
    Invitation.objects.update(used_by=rose, used_at=NOW)
    deposits.make(rose, deposits.Terms("Ingrid"), at=NOW)
    uploads.begin(rose, 1000, at=NOW)
    hidden.hold(make_sealed_photo(rose), account=rose, at=NOW)
    Photo.objects.create(uploader=rose, uploaded_at=NOW, state=Photo.State.REFUSED, refusal="film")
    share_links.make(alone, Terms("Gran"), by=rose, at=NOW)
    share_links.make(together, Terms("Lars"), by=rose, at=NOW)
    addenda.add(together, "I think of it still.", by=rose, at=NOW)
    admissions.admit(together, cast.ada.pk, message="", at=NOW)
    bans.ban(rose, cast.marit, at=NOW)
    exports.request(rose, with_originals=True, at=NOW)
    Session.objects.create(session_key="rose", account=rose, expire_date=LATER)
    door = make_post(
        tom,
        words_for=Audience.ANYONE,
        photographs_for=Audience.LET_IN,
        photos=[make_sealed_photo(tom)],
        door=dict.fromkeys(Reason, Answer.AFTER_A_YES),
    )
    requests.ask(door.pk, RequestText("lived_it", "I have."), by=Viewer(rose.pk), at=NOW)


@pytest.mark.thorough
def test_everything_that_concerns_others_ends_at_once(cast, alone, together):
    live_a_little(cast, alone, together)

    account_closures.close(cast.rose, at=NOW)

    assert sight_of(cast.ada, alone) == sight_of(cast.nan, together) == Sight.NOTHING
    assert Post.objects.get(pk=alone.pk).state == Post.State.CLOSED
    assert not ShareLink.objects.filter(ended_at=None).exists()
    assert not Circle.objects.filter(owner=cast.rose).exists()
    assert not Membership.objects.filter(account=cast.rose).exists()
    assert not Follow.objects.exists()
    assert not Delegation.objects.filter(ended_at=None).exists()
    assert not Session.objects.filter(account=cast.rose).exists()
    assert not AccessRequest.objects.filter(state=AccessRequest.State.WAITING).exists()
    assert not deposits.is_open(deposits.of(cast.rose).get(), at=NOW)
    assert not Notice.objects.filter(recipient=cast.rose).exists()
    assert not Account.objects.get(pk=cast.rose.pk).is_active


def test_a_letter_written_with_another_stays_theirs_without_what_was_ones_own(
    cast, alone, together
):
    text = text_of(together).changed(words="He was here.\n\n[signed Rose]\n\nHe was.")
    page = EditorPage(uuid.uuid4(), together.version)
    autosave.save(together, text, by=cast.rose, page=page, at=NOW)
    Post.objects.filter(pk=together.pk).update(words=text["words"])
    addenda.add(together, "I think of it still.", by=cast.rose, at=NOW)
    of_rose, of_tom = [placed.photo for placed in together.placed.order_by("position")]

    account_closures.close(cast.rose, at=NOW)

    together.refresh_from_db()
    assert list(together.authorships.values_list("account", flat=True)) == [cast.tom.pk]
    assert list(together.placed.values_list("photo", flat=True)) == [of_tom.pk]
    assert "Rose" not in together.words
    assert together.words.startswith("He was here.")
    assert signing.names_in(together) == {}
    assert not together.addenda.exists()
    assert sight_of(cast.ines, together) == Sight.VEIL
    assert Hold.objects.filter(photo=of_rose, account=cast.tom).count() == 2
    told = Notice.objects.get(recipient=cast.tom, kind=Notice.Kind.STEPPED_OUT)
    assert told.about == together.pk


def test_an_open_editor_page_does_not_put_the_signature_back(cast, together):
    text = text_of(together).changed(words="He was here.\n\n[signed Rose]")
    autosave.save(
        together, text, by=cast.rose, page=EditorPage(uuid.uuid4(), together.version), at=NOW
    )
    before = Post.objects.get(pk=together.pk)
    Post.objects.filter(pk=together.pk).update(
        words=text["words"], signers={"Rose": str(cast.rose.pk)}
    )
    account_closures.close(cast.rose, at=NOW)

    page = EditorPage(uuid.uuid4(), before.version)
    autosave.save(before, text, by=cast.tom, page=page, at=NOW)

    assert "Rose" not in Post.objects.get(pk=together.pk).words


@pytest.mark.thorough
def test_after_thirty_days_no_row_key_or_file_of_theirs_is_left(cast, alone, together, data):
    live_a_little(cast, alone, together)
    mine = set(Photo.objects.filter(uploader=cast.rose).values_list("original_blob", flat=True))
    kept = Photo.objects.get(holds__account=cast.tom, uploader=cast.rose, holds__kind=1)
    mine.remove(kept.original_blob)
    account_closures.close(cast.rose, at=NOW)
    gone = Tombstone.objects.count()

    account_closures.run_due(LATER)

    assert rows_naming(cast.rose.pk) == []
    assert not Account.objects.filter(email=cast.rose.email).exists()
    assert not Invitation.objects.filter(email=cast.rose.email).exists()
    assert not Post.objects.filter(pk=alone.pk).exists()
    assert not AuthorKey.objects.filter(pk=cast.rose.pk).exists()
    assert Tombstone.objects.count() > gone
    store = FolderStore(data)
    assert mine.isdisjoint({blob for blob, _ in (*store.ids(), *store.part_ids())})
    kept.refresh_from_db()
    assert kept.uploader is None
    assert kept.holds.filter(account=cast.tom).count() == 2


def test_nothing_is_destroyed_before_its_time(cast, alone, together):
    account_closures.close(cast.rose, at=NOW)

    account_closures.run_due(NOW + timedelta(days=29))

    assert Post.objects.filter(pk=alone.pk).exists()
    assert Hold.objects.filter(account=cast.rose).exists()


@pytest.mark.thorough
def test_it_can_be_destroyed_without_waiting(cast, alone, together):
    live_a_little(cast, alone, together)

    account_closures.close_and_destroy(cast.rose, at=NOW)

    assert rows_naming(cast.rose.pk) == []
    assert not Post.objects.filter(pk=alone.pk).exists()


def test_the_mailed_secret_brings_back_what_was_theirs_alone_and_shows_it_to_nobody(
    cast, alone, together
):
    secret, _freed = account_closures.close(cast.rose, at=NOW)

    accounts.reopen(accounts.find(secret))
    account_closures.run_due(LATER)

    assert Account.objects.get(pk=cast.rose.pk).is_active
    assert sight_of(cast.rose, alone) == Sight.PHOTOGRAPHS
    assert sight_of(cast.ada, alone) == sight_of(cast.rose, together) == Sight.NOTHING
    assert Hold.objects.filter(account=cast.rose).count() == 6
    assert not Narrowing.objects.filter(kind=Narrowing.Kind.ACCOUNT_CLOSED).exists()
    with pytest.raises(NotClosed):
        accounts.find(secret)


def test_a_secret_opens_nothing_once_the_account_is_destroyed(cast, alone):
    secret, _freed = account_closures.close(cast.rose, at=NOW)
    closure = accounts.find(secret)
    account_closures.run_due(LATER)

    with pytest.raises(NotClosed):
        accounts.reopen(closure)
    with pytest.raises(NotClosed):
        account_closures.destroy(cast.rose, at=LATER)


def test_an_account_that_cannot_be_destroyed_keeps_no_other_alive(cast, alone, monkeypatch, caplog):
    for account in (cast.rose, cast.tom, cast.nan):
        account_closures.close(account, at=NOW)
    real = account_closures.destroy

    def fails_for_one(account, *, at):
        if account == cast.tom:
            raise ValueError(account)
        real(account, at=at)

    monkeypatch.setattr(account_closures, "destroy", fails_for_one)
    account_closures.run_due(LATER)

    left = Account.objects.filter(pk__in=[cast.rose.pk, cast.tom.pk, cast.nan.pk])
    assert list(left) == [cast.tom]
    assert caplog.messages == ["an account that is to be destroyed could not be"]


@pytest.mark.parametrize("wrong", [NoSuchEpoch(1), OtherRoot(), OSError(28, "full")])
def test_what_would_fail_for_every_account_is_tried_once(cast, alone, monkeypatch, wrong):
    for account in (cast.rose, cast.tom):
        account_closures.close(account, at=NOW)
    tried = []

    def fail(account, *, at):
        tried.append(account)
        raise wrong

    monkeypatch.setattr(account_closures, "destroy", fail)
    with pytest.raises(type(wrong)):
        account_closures.run_due(LATER)

    assert len(tried) == 1


def test_whoever_was_let_in_by_both_is_not_let_in_to_what_the_other_writes_alone(cast, data):
    both, toms = (
        make_post(
            *authors,
            words_for=Audience.ANYONE,
            photographs_for=Audience.LET_IN,
            photos=[make_sealed_photo(cast.tom)],
            door=OPEN_DOOR,
            door_is_shared=True,
            veiled=False,
        )
        for authors in ((cast.rose, cast.tom), (cast.tom,))
    )
    admissions.admit(both, cast.ines.pk, message="", at=NOW)
    assert Admission.objects.get().is_shared
    assert sight_of(cast.ines, toms) == Sight.DOOR

    account_closures.close_and_destroy(cast.rose, at=NOW)

    assert sight_of(cast.ines, toms) == Sight.DOOR
    assert sight_of(cast.ines, both) == Sight.PHOTOGRAPHS


def test_a_photograph_whose_uploader_has_left_can_be_kept_and_shown_in_no_letter(cast, together):
    photo = together.placed.get(photo__uploader=cast.rose).photo
    account_closures.close_and_destroy(cast.rose, at=NOW)
    draft = drafting.begin(uuid.uuid4(), by=cast.tom, at=NOW)

    photo.refresh_from_db()
    with pytest.raises(drafting.PutHereByAnother):
        drafting.place(draft, photo, by=cast.tom)


def test_hosts_are_told_that_somebody_left_and_not_who(cast, alone):
    account_closures.close(cast.rose, at=NOW)

    told = Notice.objects.get(recipient=cast.marit)
    assert (told.kind, told.about) == (Notice.Kind.PLACE_CLOSED, None)


def test_a_link_that_only_their_yes_held_back_is_to_be_mailed(cast, together):
    terms = Terms("Gran", address="gran@home.example")
    link, _secret = share_links.make(together, terms, by=cast.tom, at=NOW)

    _secret, freed = account_closures.close(cast.rose, at=NOW)

    assert freed == [link]


def test_somebody_with_a_steward_can_close_their_account_and_the_steward_then_does_nothing(
    cast, alone
):
    one = for_after(cast.rose, cast.nan, HandsOver.EVERYTHING)

    account_closures.close(cast.rose, at=NOW)

    assert not delegations.acting(cast.nan, at=NOW + delegations.TERM).exists()
    told = Notice.objects.get(recipient=cast.nan, kind=Notice.Kind.DELEGATION_ENDED)
    assert told.about == one.pk


def test_an_invitation_to_write_with_them_ends(cast, data):
    post = make_post(cast.tom)
    coauthors.invite(post, cast.rose, message="", by=cast.tom, at=NOW)

    account_closures.close(cast.rose, at=NOW)

    assert coauthors.open_invitation(post) is None


def test_whoever_comes_back_at_the_last_moment_is_not_destroyed_and_the_others_are(
    cast, alone, monkeypatch
):
    secret, _freed = account_closures.close(cast.rose, at=NOW)
    account_closures.close(cast.ada, at=NOW)
    due = list(accounts.due_at(LATER))
    accounts.reopen(accounts.find(secret))
    monkeypatch.setattr(accounts, "due_at", lambda at: due)

    account_closures.run_due(LATER)

    assert Account.objects.filter(pk=cast.rose.pk, is_active=True).exists()
    assert not Account.objects.filter(pk=cast.ada.pk).exists()


def test_private_letters_go_with_their_writer_at_once_and_with_their_recipient_at_the_end(
    cast, data
):
    came = passed_on(cast.rose, cast.nan)
    write(cast.rose, cast.nan)
    account_closures.close(cast.rose, at=NOW)

    assert list(Response.objects.all()) == [came]
    assert not PrivateLetterChoice.objects.filter(account=cast.rose).exists()
    assert not private_letters.between(cast.nan, cast.rose, at=NOW).exists()
    with pytest.raises(TakesNoLetters):
        write(cast.nan, cast.rose)

    account_closures.run_due(LATER)

    assert not Response.objects.exists()
