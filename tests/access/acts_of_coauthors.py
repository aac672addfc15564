"""What several authors do with a post they share, and what each of these acts means."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

from beside.people.models import Account
from beside.photos.models import HiddenPhoto, Hold, Photo
from beside.posts import approvals, audiences, coauthors
from beside.posts.models import Post
from tests.access.acts import Invited, Meant, Question, act
from tests.access.acts_on_posts import NARROWED, becomes, choose, only, told_of_publication
from tests.access.facts import OF_AN_AUDIENCE, Fact
from tests.access.scenario import NEAR, Scenario

ANSWER_WITHIN = timedelta(days=14)
APPROVAL_REQUESTED = "your yes is asked for"


@act(weight=5)
def an_author_proposes(scenario: Scenario) -> Meant:
    post = scenario.a_post()
    row, by = Post.objects.get(pk=scenario.posts[post].pk), scenario.somebody_of(post)
    shows = scenario.likely(0.1 if scenario.is_published(post) else 0.8)
    is_draft = bool(scenario.find("state", post, "draft"))
    want = audiences.chosen(row) if shows or is_draft else choose(scenario, post)
    asked = approvals.request_approval(
        row, want, publishes=shows, message="", by=by, at=scenario.now
    )
    scenario.must(scenario.by in scenario.authors(post) and post not in scenario.invited)
    then, _now = becomes(scenario, post, want)
    then |= {("state", post, "published")} if shows or is_draft else scenario.find("state", post)
    before = scenario.questions.get(post)
    facts, yes = scenario.post_facts(post), {scenario.by}
    scenario.questions[post] = Question(asked, facts, then, scenario.now, yes)
    tells = _lapsed(scenario, post, before)
    others = scenario.authors(post) - yes
    return _once_all_agree(
        scenario, post, tells | {(who, APPROVAL_REQUESTED, post) for who in others}
    )


def _lapsed(scenario: Scenario, post: int, question: Question | None) -> set[Fact]:
    """Asking anew puts away a question whose time is over, and tells whoever asked it."""
    if question is None or question.asked_at + ANSWER_WITHIN > scenario.now:
        return set()
    proposer = scenario.called[question.row.requester_id]
    if proposer not in scenario.authors(post):
        return set()
    return {(proposer, "a question has lapsed", post)}


@act(weight=9, needs=lambda scenario: scenario.questions)
def an_author_agrees(scenario: Scenario) -> Meant:
    """To exactly what was asked, about exactly the post that it was asked about."""
    post = scenario.one(sorted(scenario.questions))
    question = scenario.questions[post]
    missing = sorted(scenario.authors(post) - question.yes)
    who = scenario.one(missing) if missing and scenario.likely(0.7) else scenario.one(NEAR)
    approvals.approve(question.row, by=scenario.acts(who), at=scenario.now)
    scenario.must(who in scenario.authors(post))
    scenario.must(scenario.post_facts(post) == question.post)
    scenario.must(scenario.now < question.asked_at + ANSWER_WITHIN)
    question.yes.add(who)
    return _once_all_agree(scenario, post)


def _once_all_agree(scenario: Scenario, post: int, tells: set[Fact] | None = None) -> Meant:
    question = scenario.questions[post]
    if not scenario.authors(post) <= question.yes:
        return Meant(tells=tells or set())
    del scenario.questions[post]
    kinds = (*OF_AN_AUDIENCE, "state")
    now = {fact for kind in kinds for fact in scenario.find(kind, post)}
    tells = {(who, "everybody has agreed", post) for who in question.yes - {scenario.by}}
    if scenario.find("state", post, "draft"):
        tells |= told_of_publication(scenario, post)
    return Meant(question.becomes, now, only(post), records=None, tells=tells)


@act(weight=1, needs=lambda scenario: scenario.questions)
def an_author_takes_the_question_back(scenario: Scenario) -> None:
    post = scenario.one(sorted(scenario.questions))
    by = scenario.somebody_of(post)
    approvals.withdraw(scenario.row(post), by=by, at=scenario.now)
    scenario.must(scenario.by in scenario.authors(post))
    if scenario.questions[post].row.requester_id == by.pk:
        del scenario.questions[post]


@act(weight=1, needs=lambda scenario: scenario.questions)
def an_author_keeps_it_as_it_is(scenario: Scenario) -> Meant:
    post = scenario.one(sorted(scenario.questions))
    asked = scenario.questions[post].row
    approvals.decline(asked, by=scenario.somebody_of(post), at=scenario.now)
    scenario.must(scenario.by in scenario.authors(post))
    del scenario.questions[post]
    return Meant(tells={(scenario.called[asked.requester_id], "it stays as it is", post)})


@act(weight=4)
def an_author_invites(scenario: Scenario) -> Meant:
    post = scenario.a_post()
    by = scenario.somebody_of(post)
    who = scenario.one(name for name in NEAR if name != scenario.by)
    row = coauthors.invite(
        scenario.row(post), scenario.cast[who], message="", by=by, at=scenario.now
    )
    ours = scenario.authors(post)
    scenario.must(scenario.by in ours and not any(scenario.is_apart(who, one) for one in ours))
    scenario.must((post, who) not in scenario.rather_not)
    waiting = scenario.invited.setdefault(post, Invited(row, who, scenario.by))
    scenario.must(waiting.who == who)
    missing = ours - waiting.yes - {scenario.by}
    waiting.yes.add(scenario.by)
    tells: set[Fact] = {(one, APPROVAL_REQUESTED, post) for one in missing}
    return Meant(tells=tells | _asked(scenario, post))


def _asked(scenario: Scenario, post: int) -> set[Fact]:
    """Whoever is invited hears of it once each author has agreed."""
    invited = scenario.invited[post]
    is_asked = scenario.authors(post) <= invited.yes
    return {(invited.who, "asks you to write together", "?")} if is_asked else set()


@act(weight=6, needs=lambda scenario: scenario.invited)
def an_author_agrees_to_ask(scenario: Scenario) -> Meant:
    post = scenario.one(sorted(scenario.invited))
    invited = scenario.invited[post]
    coauthors.approve_invitation(invited.row, by=scenario.somebody_of(post), at=scenario.now)
    scenario.must(scenario.by in scenario.authors(post))
    invited.yes.add(scenario.by)
    return Meant(tells=_asked(scenario, post))


@act(weight=6, needs=lambda scenario: scenario.invited)
def somebody_becomes_a_coauthor(scenario: Scenario) -> Meant:
    """Only somebody to whom each author has agreed, and who is apart from none of them."""
    post = scenario.one(sorted(scenario.invited))
    invited = scenario.invited[post]
    by = scenario.acts(invited.who if scenario.likely(0.75) else scenario.one(NEAR))
    with patch.object(coauthors, "give_unseen", _give_unseen):
        coauthors.accept(invited.row, by=by, at=scenario.now)
    _must_be_asked(scenario, post)
    ours = scenario.authors(post)
    scenario.must(not scenario.find("state", post, "taken back"))
    del scenario.invited[post]
    placed = {fact[2] for fact in scenario.find("placed", post)}
    placed -= {fact[2] for fact in scenario.find("holds", scenario.by)}
    given = {(kind, scenario.by, one) for kind in ("holds", "hidden from") for one in placed}
    links = {fact[1] for fact in scenario.find("link") if fact[2] == post}
    return Meant(
        {("author", post, scenario.by)} | given,
        may_grow=only(post),
        tells={(author, "somebody writes with you now", post) for author in ours},
        may_tell={(scenario.by, "a link waits for your yes", number) for number in links},
    )


def _must_be_asked(scenario: Scenario, post: int) -> None:
    invited, ours = scenario.invited[post], scenario.authors(post)
    scenario.must(scenario.by == invited.who and ours <= invited.yes)
    scenario.must(not any(scenario.is_apart(scenario.by, one) for one in ours))


def _give_unseen(photo: Photo, *, to: Account) -> None:
    """The rows only: these photographs have no keys to give."""
    if Hold.objects.filter(photo=photo, account=to, kind=Hold.Kind.ORIGINAL).exists():
        return
    Hold.objects.create(photo=photo, account=to, kind=Hold.Kind.ORIGINAL, wrapped=b"key")
    HiddenPhoto.objects.create(photo=photo, account=to, since=photo.uploaded_at)


@act(weight=2, needs=lambda scenario: scenario.invited)
def somebody_would_rather_not(scenario: Scenario) -> Meant:
    post = scenario.one(sorted(scenario.invited))
    invited = scenario.invited[post]
    by = scenario.acts(invited.who if scenario.likely(0.9) else scenario.one(NEAR))
    coauthors.decline(invited.row, by=by, at=scenario.now)
    _must_be_asked(scenario, post)
    del scenario.invited[post]
    scenario.rather_not.add((post, invited.who))
    return Meant(tells={(invited.by, "somebody would rather not", post)})


@act(weight=1, needs=lambda scenario: scenario.invited)
def an_author_withdraws_the_invitation(scenario: Scenario) -> None:
    post = scenario.one(sorted(scenario.invited))
    coauthors.withdraw(scenario.row(post), by=scenario.somebody_of(post))
    scenario.must(scenario.by in scenario.authors(post))
    del scenario.invited[post]


@act(weight=2)
def an_author_steps_out(scenario: Scenario) -> Meant:
    """From then on those who remain decide who sees it."""
    post = scenario.a_post()
    ours = scenario.authors(post)
    makers = {scenario.called[link.maker_id] for link in scenario.links} & ours
    # A link whose maker has left the post has to stay shut.
    if makers and len(ours) > 1 and scenario.likely(0.4):
        by = scenario.acts(scenario.one(sorted(makers)))
    else:
        by = scenario.somebody_of(post)
    coauthors.step_out(scenario.row(post), by=by, at=scenario.now)
    scenario.must(scenario.by in ours and len(ours) > 1)
    scenario.invited.pop(post, None)
    uploaded = {scenario.called[one.pk] for one in Photo.objects.filter(uploader=by)}
    placed = {fact for fact in scenario.find("placed", post) if fact[2] in uploaded}
    # A photograph that lies in no post is not read any more: what is true of it stays as it was.
    return Meant(
        ends={("author", post, scenario.by)} | placed,
        may_grow=only(post),
        besides=("holds", "hidden from", "consents", "remembers", "photo"),
        records={(NARROWED, post)},
        tells={(who, "a co-author stepped out", post) for who in ours - {scenario.by}},
    )
