"""What authors do with a letter, and what each of these means."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from beside.people.models import Account
from beside.photos.models import HiddenPhoto, Hold, Photo
from beside.posts import (
    addenda,
    approvals,
    audiences,
    closing,
    coauthors,
    editing,
    publishing,
)
from beside.posts import taking_back as taking
from beside.posts.autosave import EditorPage
from beside.posts.models import Answer, Audience, Post, Reason
from beside.posts.reach import Chosen, Door, Reach
from beside.posts.text import text_of
from tests.access.facts import OF_AN_AUDIENCE, Fact, audience_of
from tests.access.stage import (
    NEAR,
    READERS,
    Grown,
    Invited,
    Meant,
    NothingToDo,
    Question,
    Stage,
)


def only(post: int, *, where: bool = True) -> Grown:
    """Whoever it is: only of this letter, and only where that may be."""
    return lambda who, grown: where and grown == post


def choose(stage: Stage, post: int) -> Chosen:
    """Whom a letter may be for, often little more or less than now."""
    now = audiences.chosen(Post.objects.get(pk=stage.posts[post].pk))
    if stage.likely(0.3):
        return replace(now, veiled=not now.veiled)
    if stage.likely(0.3):
        return replace(now, door=replace(now.door, is_shared=not now.door.is_shared))
    named = {"accounts": frozenset({stage.cast[stage.one(READERS)].pk})}
    if stage.likely(0.5):
        named = {"circles": frozenset({stage.circle.pk})}
    reaches = [
        Reach(),
        Reach(Audience.PEOPLE, **named),
        Reach(Audience.LET_IN, **named),
        Reach(Audience.LET_IN),
        Reach(Audience.ANYONE),
        Reach(Audience.ANYONE, signed_in=False),
    ]
    words = stage.one(reaches[1:])
    photographs = stage.one(reaches[: reaches.index(words) + 1])
    answers = {reason: stage.one(Answer) for reason in Reason}
    door = Door(answers, is_shared=stage.likely(0.6))
    return Chosen(words, photographs, veiled=stage.likely(0.7), door=door)


def _becomes(stage: Stage, post: int, want: Chosen) -> tuple[set[Fact], set[Fact]]:
    """The facts of its audience then, and those of now. Only a circle of an author's can be newly named."""
    now = {fact for kind in OF_AN_AUDIENCE for fact in stage.told(kind, post)}
    then = audience_of(post, want, stage.called)
    if "rose" not in stage.authors(post):
        then -= {fact for fact in then - now if fact[0] == "named" and fact[3] == "family"}
    return then, now


def _shows(post: int) -> tuple[set[Fact], set[Fact]]:
    was = {("state", post, "draft"), ("state", post, "closed")}
    return {("state", post, "published")}, was


def an_author_chooses_anew(stage: Stage) -> Meant:
    """Alone where there are two: then it may only narrow."""
    post = stage.a_letter()
    by, want = stage.somebody_of(post), choose(stage, post)
    audiences.change(stage.row(post), want, by=by, at=stage.now)
    stage.must(stage.by in stage.authors(post))
    adds, ends = _becomes(stage, post, want)
    return Meant(adds, ends, only(post, where=len(stage.authors(post)) == 1))


def an_author_shows_it_to_nobody(stage: Stage) -> Meant:
    if stage.likely(0.5):
        raise NothingToDo
    post = stage.a_letter()
    audiences.show_to_nobody(stage.row(post), by=stage.somebody_of(post), at=stage.now)
    stage.must(stage.by in stage.authors(post))
    return hidden(stage, [post])


def hidden(stage: Stage, posts: list[int]) -> Meant:
    """Those letters are only their authors', and every link to them is ended."""
    adds: set[Fact] = set()
    ends: set[Fact] = set()
    for post in posts:
        adds |= {("for", post, part, 0, True) for part in ("words", "photographs")}
        ends |= stage.told("for", post) | stage.told("named", post)
        for _, number, of, *_rest in stage.told("link"):
            if of == post:
                adds.add(("ended", number))
                ends |= stage.told("opened", number) | stage.told("waits", number)
    return Meant(adds, ends)


def an_author_closes(stage: Stage) -> Meant:
    post = stage.a_letter()
    closing.close(stage.row(post), by=stage.somebody_of(post), at=stage.now)
    stage.must(stage.by in stage.authors(post))
    return closed(stage, [post])


def closed(stage: Stage, posts: list[int]) -> Meant:
    """Those of the letters that were shown are closed."""
    shown = [post for post in posts if stage.is_published(post)]
    adds = {("state", post, "closed") for post in shown}
    return Meant(adds, {("state", post, "published") for post in shown})


def an_author_opens_again(stage: Stage) -> Meant:
    post = stage.a_letter()
    closing.reopen(stage.row(post), by=stage.somebody_of(post), at=stage.now)
    alone = stage.authors(post) == {stage.by}
    if not stage.told("state", post, "closed"):
        return Meant()
    ended = {fact[1] for fact in stage.told("ended")}
    has_reader = any(fact[2] == post and fact[1] not in ended for fact in stage.told("link"))
    only_ours = ("for", post, "words", 0, True) in stage.facts and not has_reader
    stage.must(alone or (only_ours and stage.by in stage.authors(post)))
    return Meant(*_shows(post), only(post, where=alone))


def an_author_publishes(stage: Stage) -> Meant:
    drafts = [fact[1] for fact in stage.told("state") if fact[2] == "draft"]
    post = stage.one(sorted(drafts))
    if len(stage.authors(post)) > 1 and stage.likely(0.6):
        raise NothingToDo
    publishing.publish(stage.row(post), by=stage.somebody_of(post), at=stage.now)
    alone = stage.authors(post) == {stage.by}
    only_ours = ("for", post, "words", 0, True) in stage.facts
    stage.must(alone or (only_ours and stage.by in stage.authors(post)))
    return Meant(*_shows(post), only(post, where=alone))


def an_author_takes_it_back(stage: Stage) -> Meant:
    if stage.likely(0.85):
        raise NothingToDo
    post = stage.a_letter()
    # The keys' own end has its own tests; these photographs have none.
    with patch.object(taking, "_end_what_was_shown"):
        taking.take_back(stage.row(post), by=stage.somebody_of(post), at=stage.now)
    stage.must(stage.by in stage.authors(post))
    if stage.told("state", post, "draft"):
        return Meant()
    stage.invited.pop(post, None)
    return Meant({("state", post, "taken back")}, stage.told("state", post))


def an_author_writes_it_differently(stage: Stage) -> Meant:
    """Any of them alone; to unfold the photographs so needs all."""
    post = stage.a_letter()
    if stage.told("state", post, "draft"):
        raise NothingToDo
    row = Post.objects.get(pk=stage.posts[post].pk)
    is_folded = stage.likely(0.5)
    said = text_of(row).changed(words=f"zq {len(stage.done)}", veiled=is_folded)
    page = EditorPage(uuid.uuid4(), row.version)
    editing.edit(row, said, by=stage.somebody_of(post), page=page, at=stage.now)
    stage.must(stage.by in stage.authors(post))
    (says,) = stage.told("says", post)
    folded: set[Fact] = {("folded", post)}
    adds, ends = {("says", post, said.words, *says[3:])} | folded, {says}
    if not is_folded:
        adds, ends = adds - folded, ends | folded
    return Meant(adds, ends, only(post, where=stage.authors(post) == {stage.by}))


def an_author_adds_something(stage: Stage) -> Meant:
    post = stage.a_letter()
    words = f"zq {len(stage.done)}"
    addenda.add(stage.row(post), words, by=stage.somebody_of(post), at=stage.now)
    stage.must(stage.by in stage.authors(post))
    (says,) = stage.told("says", post)
    return Meant({(*says[:4], says[4] + 1)}, {says})


def an_author_proposes(stage: Stage) -> Meant:
    post = stage.a_letter()
    row, by = Post.objects.get(pk=stage.posts[post].pk), stage.somebody_of(post)
    shows = stage.likely(0.1 if stage.is_published(post) else 0.8)
    is_draft = bool(stage.told("state", post, "draft"))
    want = audiences.chosen(row) if shows or is_draft else choose(stage, post)
    asked = approvals.request_approval(row, want, shows=shows, said="", by=by, at=stage.now)
    stage.must(stage.by in stage.authors(post) and post not in stage.invited)
    becomes, _now = _becomes(stage, post, want)
    if shows or is_draft:
        becomes |= {("state", post, "published")}
    else:
        becomes |= stage.told("state", post)
    stage.questions[post] = Question(asked, stage.letter(post), becomes, stage.now, {stage.by})
    return _once_all_agree(stage, post)


def an_author_agrees(stage: Stage) -> Meant:
    """To exactly what was asked, of exactly the letter that it was asked of."""
    post = stage.one(sorted(stage.questions))
    question = stage.questions[post]
    missing = sorted(stage.authors(post) - question.yes)
    who = stage.one(missing) if missing and stage.likely(0.7) else stage.one(NEAR)
    approvals.approve(question.row, by=stage.acts(who), at=stage.now)
    stage.must(who in stage.authors(post))
    stage.must(stage.letter(post) == question.letter)
    stage.must(stage.now < question.asked_at + timedelta(days=14))
    question.yes.add(who)
    return _once_all_agree(stage, post)


def _once_all_agree(stage: Stage, post: int) -> Meant:
    question = stage.questions[post]
    if not stage.authors(post) <= question.yes:
        return Meant()
    del stage.questions[post]
    kinds = (*OF_AN_AUDIENCE, "state")
    now = {fact for kind in kinds for fact in stage.told(kind, post)}
    return Meant(question.becomes, now, only(post))


def an_author_keeps_it_as_it_is(stage: Stage) -> None:
    post = stage.one(sorted(stage.questions))
    by = stage.somebody_of(post)
    if stage.likely(0.5):
        approvals.withdraw(stage.row(post), by=by, at=stage.now)
        if stage.questions[post].row.requester_id == by.pk:
            del stage.questions[post]
    else:
        approvals.decline(stage.questions[post].row, by=by, at=stage.now)
        del stage.questions[post]
    stage.must(stage.by in stage.authors(post))


def an_author_invites(stage: Stage) -> None:
    post = stage.a_letter()
    by = stage.somebody_of(post)
    who = stage.one(name for name in NEAR if name != stage.by)
    row = coauthors.invite(stage.row(post), stage.cast[who], said="", by=by, at=stage.now)
    ours = stage.authors(post)
    stage.must(stage.by in ours and not any(stage.is_apart(who, one) for one in ours))
    waiting = stage.invited.setdefault(post, Invited(row, who))
    stage.must(waiting.who == who)
    waiting.yes.add(stage.by)


def an_author_agrees_to_ask(stage: Stage) -> None:
    post = stage.one(sorted(stage.invited))
    coauthors.approve_invitation(stage.invited[post].row, by=stage.somebody_of(post), at=stage.now)
    stage.must(stage.by in stage.authors(post))
    stage.invited[post].yes.add(stage.by)


def somebody_comes_to_a_letter(stage: Stage) -> Meant:
    """Only whom each of its authors has agreed to, and whom none of them is kept apart from."""
    post = stage.one(sorted(stage.invited))
    invited = stage.invited[post]
    by = stage.acts(invited.who if stage.likely(0.9) else stage.one(NEAR))
    with patch.object(coauthors, "give_unseen", _give_unseen):
        coauthors.accept(invited.row, by=by, at=stage.now)
    ours = stage.authors(post)
    stage.must(stage.by == invited.who and ours <= invited.yes)
    stage.must(not any(stage.is_apart(stage.by, one) for one in ours))
    del stage.invited[post]
    lying = {fact[2] for fact in stage.told("lies", post)}
    lying -= {fact[2] for fact in stage.told("holds", stage.by)}
    given = {(kind, stage.by, one) for kind in ("holds", "closed for") for one in lying}
    return Meant({("author", post, stage.by)} | given, may_grow=only(post))


def _give_unseen(photo: Photo, *, to: Account) -> None:
    """The rows of it: these photographs have no keys to give."""
    if Hold.objects.filter(photo=photo, account=to, kind=Hold.Kind.ORIGINAL).exists():
        return
    Hold.objects.create(photo=photo, account=to, kind=Hold.Kind.ORIGINAL, wrapped=b"key")
    HiddenPhoto.objects.create(photo=photo, account=to, since=photo.uploaded_at)


def somebody_would_rather_not(stage: Stage) -> None:
    """Whoever is asked says no, or an author ends the question."""
    post = stage.one(sorted(stage.invited))
    invited = stage.invited[post]
    if stage.likely(0.4):
        coauthors.decline(invited.row, by=stage.acts(invited.who), at=stage.now)
        stage.must(stage.authors(post) <= invited.yes)
    else:
        coauthors.withdraw(stage.row(post), by=stage.somebody_of(post))
        stage.must(stage.by in stage.authors(post))
    del stage.invited[post]


def an_author_steps_out(stage: Stage) -> Meant:
    """From then on it is for those who remain to say who sees it."""
    if stage.likely(0.5):
        raise NothingToDo
    post = stage.a_letter()
    by = stage.somebody_of(post)
    coauthors.step_out(stage.row(post), by=by, at=stage.now)
    stage.must(stage.by in stage.authors(post) and len(stage.authors(post)) > 1)
    stage.invited.pop(post, None)
    put_in = {stage.called[one.pk] for one in Photo.objects.filter(uploader=by)}
    lying = {fact for fact in stage.told("lies", post) if fact[2] in put_in}
    ends = {("author", post, stage.by)} | lying
    # Photographs that lie nowhere any more are read no longer: who holds them stays as it was.
    return Meant(ends=ends, may_grow=only(post), besides=("holds", "closed for"))
