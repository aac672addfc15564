from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from beside.access.policy import NothingToSee, Sight, Viewer, see
from beside.photos.models import Hold
from beside.posts import (
    addenda,
    approvals,
    audiences,
    autosave,
    closing,
    coauthors,
    drafting,
    editing,
    publishing,
)
from beside.posts.addenda import NotPublishedYet
from beside.posts.approvals import AnotherRequestOpen, ApprovalRequestEnded, NothingToApprove
from beside.posts.authorship import NotAnAuthor, WaitsForOthers, authors_of
from beside.posts.autosave import EditorPage
from beside.posts.coauthors import AnotherInvitationOpen, CannotInvite, InvitationEnded, LastAuthor
from beside.posts.drafting import PutHereByAnother, ShownByAll
from beside.posts.models import ApprovalRequest, Audience, CoauthorInvitation, Grant, Post
from beside.posts.reach import Chosen, NobodyNamed, NoteNeeded, PhotographsWiderThanWords, Reach
from beside.posts.text import text_of
from tests.cast import NOW, make_cast, make_photo, make_post

pytestmark = pytest.mark.thorough

REFUSALS = (
    AnotherRequestOpen,
    NobodyNamed,
    LastAuthor,
    NotAnAuthor,
    ApprovalRequestEnded,
    NotPublishedYet,
    NoteNeeded,
    NothingToApprove,
    PhotographsWiderThanWords,
    PutHereByAnother,
    ShownByAll,
    WaitsForOthers,
)
AUTHORS = ("rose", "tom", "nan")
READERS = ("ada", "ines")
SOMEBODY = st.sampled_from(AUTHORS)
LEVELS = st.sampled_from(["us", "ada", "both", "here", "anyone"])


class SeveralAuthors(RuleBasedStateMachine):
    """Anybody may do anything in any order; what readers meet must never grow but by every yes."""

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.cast = make_cast()
        self.now = NOW
        self.photos = [make_photo(self.cast[name]) for name in AUTHORS]
        for photo in self.photos:
            for name in AUTHORS:
                Hold.objects.get_or_create(
                    photo=photo,
                    account=self.cast[name],
                    kind=Hold.Kind.ORIGINAL,
                    defaults={"wrapped": b"key"},
                )
        self.count = 0
        self.yes = set()
        self.asked_about = None
        self.lapses_at = None

    @initialize(
        many=st.integers(2, 3),
        state=st.sampled_from([Post.State.DRAFT, Post.State.PUBLISHED, Post.State.CLOSED]),
        people=st.booleans(),
    )
    def begin(self, many, state, people):
        audience = [self.cast.ada] if people else Audience.ANYONE
        self.post = make_post(
            *(self.cast[name] for name in AUTHORS[:many]),
            state=state,
            words_for=audience,
            photographs_for=audience if state == Post.State.DRAFT else Audience.ONLY_US,
            photos=self.photos[:1],
        )

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @rule(
        by=SOMEBODY, words=LEVELS, photographs=LEVELS, veiled=st.booleans(), publishes=st.booleans()
    )
    def propose(self, by, words, photographs, veiled, publishes):
        want = self.chosen(words, photographs, veiled=veiled)
        before = self.says()

        def ask():
            approvals.request_approval(
                self.post, want, publishes=publishes, message="", by=self.cast[by], at=self.now
            )
            self.yes, self.asked_about = {by}, before
            self.lapses_at = self.now + approvals.DAYS_TO_ANSWER

        self.do(ask)

    @rule(by=SOMEBODY)
    def ask_to_show_it_as_it_is(self, by):
        before = self.says()

        def ask():
            approvals.request_approval(
                self.post,
                audiences.chosen(self.post),
                publishes=True,
                message="",
                by=self.cast[by],
                at=self.now,
            )
            self.yes, self.asked_about = {by}, before
            self.lapses_at = self.now + approvals.DAYS_TO_ANSWER

        self.do(ask)

    @rule(by=SOMEBODY)
    def agree(self, by):
        asked = (
            ApprovalRequest.objects.filter(post=self.post)
            .order_by("-requested_at", "ended_at")
            .first()
        )
        if asked is None:
            return
        was_asked = ApprovalRequest.objects.filter(post=self.post, ended_at=None).first() or asked
        before_saying = self.says()

        def say_yes():
            approvals.approve(was_asked, by=self.cast[by], at=self.now)
            self.yes.add(by)

        self.do(say_yes, agreed_about=before_saying)

    @rule()
    def everybody_agrees(self):
        for name in AUTHORS:
            self.agree(name)

    @rule(by=SOMEBODY, other=SOMEBODY, what=st.sampled_from(["write", "place", "add", "wait", ""]))
    def ask_and_answer_with_something_between(self, by, other, what):
        if self.post.state == Post.State.PUBLISHED:
            self.propose(by, words="anyone", photographs="us", veiled=True, publishes=False)
        else:
            self.ask_to_show_it_as_it_is(by)
        if what == "write":
            self.write(other, veiled=True)
        elif what == "place":
            self.place_or_take_out(other, which=1)
        elif what == "add":
            self.add_something_later(other)
        elif what == "wait":
            self.wait(days=15)
        self.everybody_agrees()

    @rule(by=SOMEBODY, keeps=st.booleans())
    def end_the_question(self, by, keeps):
        asked = ApprovalRequest.objects.filter(post=self.post, ended_at=None).first()
        if asked and keeps:
            self.do(lambda: approvals.decline(asked, by=self.cast[by], at=self.now))
        else:
            self.do(lambda: approvals.withdraw(self.post, by=self.cast[by], at=self.now))

    @rule(by=SOMEBODY, veiled=st.booleans())
    def write(self, by, veiled):
        self.count += 1
        said = text_of(self.post).changed(words=f"Words {self.count}", veiled=veiled)
        page = EditorPage(self.post.pk, self.post.version)
        act = autosave.save if self.post.state == Post.State.DRAFT else editing.edit
        self.do(lambda: act(self.post, said, by=self.cast[by], page=page, at=self.now), by=by)

    @rule(by=SOMEBODY, words=LEVELS, photographs=LEVELS, veiled=st.booleans())
    def choose(self, by, words, photographs, veiled):
        want = self.chosen(words, photographs, veiled=veiled)
        if self.post.state == Post.State.DRAFT:
            self.do(lambda: audiences.choose(self.post, want, by=self.cast[by]), by=by)
        else:
            self.do(lambda: audiences.change(self.post, want, by=self.cast[by], at=self.now), by=by)

    def place(self, by, which):
        photo = self.photos[which]
        self.do(lambda: drafting.place(self.post, photo, by=self.cast[by]), by=by)

    @rule(by=SOMEBODY, which=st.integers(0, 2))
    def place_or_take_out(self, by, which):
        if self.post.placed.filter(photo=self.photos[which]).exists():
            self.take_out(by, which)
        else:
            self.place(by, which)

    def take_out(self, by, which):
        photo = self.photos[which]
        self.do(lambda: drafting.take_out(self.post, photo, by=self.cast[by]), by=by)

    @rule(by=SOMEBODY, act=st.sampled_from([publishing.publish, closing.close, closing.reopen]))
    def publish_close_or_reopen(self, by, act):
        self.do(lambda: act(self.post, by=self.cast[by], at=self.now), by=by)

    @rule(by=SOMEBODY)
    def add_something_later(self, by):
        self.do(lambda: addenda.add(self.post, "Later", by=self.cast[by], at=self.now), by=by)

    @precondition(lambda self: self.post.authorships.count() > 2)
    @rule(by=SOMEBODY)
    def step_out(self, by):
        self.do(lambda: coauthors.step_out(self.post, by=self.cast[by], at=self.now), by=by)

    @rule(days=st.sampled_from([1, 1, 1, 15]))
    def wait(self, days):
        self.now += timedelta(days=days)
        self.do(lambda: approvals.run_due(self.now))

    def do(self, act, *, by=None, agreed_about=None):
        before = self.met()
        try:
            with transaction.atomic():
                act()
        except REFUSALS:
            pass
        self.post.refresh_from_db()
        if self.grew(before):
            everybody = {author.pk for author in authors_of(self.post)}
            if by is not None:
                assert everybody == {self.cast[by].pk}
                return
            assert everybody <= {self.cast[name].pk for name in self.yes}
            if agreed_about is not None:
                assert agreed_about == self.asked_about
                assert self.now < self.lapses_at

    def grew(self, before):
        after = self.met()
        return any(
            after[reader][0] > sight or (after[reader][1] - photos)
            for reader, (sight, photos) in before.items()
        )

    def met(self):
        return {reader: self._met_by(reader) for reader in (*READERS, None)}

    def _met_by(self, reader):
        try:
            post = see(Viewer(reader and self.cast[reader].pk), self.post.pk, at=NOW)
        except NothingToSee:
            return Sight.NOTHING, frozenset()
        lying = post.placed.values_list("photo_id", flat=True)
        return post.sight, frozenset(lying) if post.sight >= Sight.VEIL else frozenset()

    def says(self):
        post = Post.objects.get(pk=self.post.pk)
        return (
            (post.state, post.words, post.note, post.veiled, post.words_for),
            (post.photographs_for, post.words_signed_in, post.photographs_signed_in),
            tuple(post.placed.order_by("position").values_list("photo_id", flat=True)),
            frozenset(Grant.objects.filter(post=post).values_list("what", "account")),
            frozenset(author.pk for author in authors_of(post)),
            post.addenda.count(),
        )

    def chosen(self, words, photographs, *, veiled):
        return Chosen(self._reach(words), self._reach(photographs), veiled)

    def _reach(self, level):
        if level == "us":
            return Reach()
        if level in ("here", "anyone"):
            return Reach(Audience.ANYONE, signed_in=level == "here")
        people = READERS if level == "both" else (level,)
        return Reach(Audience.PEOPLE, accounts=frozenset(self.cast[name].pk for name in people))


@pytest.mark.django_db
def test_in_any_order_readers_meet_no_more_than_every_author_agreed_to():
    run_state_machine_as_test(
        SeveralAuthors,
        settings=settings(max_examples=20, stateful_step_count=15),
    )


ANYBODY = st.sampled_from(["rose", "tom", "nan", "ines"])
COMING_REFUSALS = (
    CannotInvite,
    LastAuthor,
    NotAnAuthor,
    InvitationEnded,
    AnotherInvitationOpen,
)


class Comings(RuleBasedStateMachine):
    """Whoever comes to a letter has been agreed to by all who are there, since they were asked about."""

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.cast = make_cast()
        self.post = make_post(self.cast.rose, self.cast.tom, state=Post.State.DRAFT)
        self.yes = set()

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @rule(by=ANYBODY, who=ANYBODY)
    def ask(self, by, who):
        is_new = coauthors.open_invitation(self.post) is None

        def ask():
            coauthors.invite(self.post, self.cast[who], message="", by=self.cast[by], at=NOW)
            self.yes = {by} | (set() if is_new else self.yes)

        self.do(ask)

    @rule(by=ANYBODY)
    def agree(self, by):
        if asked := coauthors.open_invitation(self.post):

            def say_yes():
                coauthors.approve_invitation(asked, by=self.cast[by], at=NOW)
                self.yes.add(by)

            self.do(say_yes)

    @rule(by=ANYBODY, act=st.sampled_from(["stay", "withdraw", "step out"]))
    def end_it_or_leave(self, by, act):
        asked, who = coauthors.open_invitation(self.post), self.cast[by]
        if act == "stay" and asked:
            self.do(lambda: coauthors.refuse_invitation(asked, by=who, at=NOW))
        elif act == "withdraw":
            self.do(lambda: coauthors.withdraw(self.post, by=who))
        elif act == "step out":
            self.do(lambda: coauthors.step_out(self.post, by=who, at=NOW))

    @rule(stranger=st.booleans())
    def come(self, stranger):
        asked = CoauthorInvitation.objects.filter(post=self.post).order_by("answer").first()
        if asked is None:
            return
        who = self.cast.ada if stranger else asked.invitee
        before = {self.name_of(author) for author in authors_of(self.post)}
        if self.do(lambda: coauthors.accept(asked, by=who, at=NOW)):
            assert before <= self.yes
            assert asked.invitee == who

    @rule()
    def everybody_agrees_and_comes(self):
        for name in ("rose", "tom", "nan", "ines"):
            self.agree(name)
        self.come(stranger=False)

    @rule(by=ANYBODY, who=ANYBODY)
    def ask_and_come(self, by, who):
        self.ask(by, who)
        self.come(stranger=False)

    def name_of(self, account):
        return next(name for name in ("rose", "tom", "nan", "ines") if self.cast[name] == account)

    def do(self, act):
        try:
            with transaction.atomic():
                act()
        except COMING_REFUSALS:
            return False
        return True


@pytest.mark.django_db
def test_in_any_order_nobody_comes_but_by_the_yes_of_all_who_are_there():
    run_state_machine_as_test(Comings, settings=settings(max_examples=8, stateful_step_count=15))
