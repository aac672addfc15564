"""What people do at doors and with links for one person, and what each of these means."""

from __future__ import annotations

from datetime import timedelta

from beside.access.door import admissions, bans, requests
from beside.access.door.requests import RequestText
from beside.access.models import AccessRequest, Ban
from beside.access.policy import Viewer
from beside.posts import audiences, share_link_devices, share_links
from beside.posts.models import Answer, Audience, Post, Reason, ShareLinkDevice
from beside.posts.share_links import Terms
from tests.access import plain
from tests.access.facts import Fact
from tests.access.stage import LINK_LASTS, NEAR, READERS, VISITS, Meant, NothingToDo, Stage

WAITS = timedelta(days=30)


def a_reader_asks(stage: Stage) -> Meant:
    """Let in at once only where the door says so, and whom nobody has said no to; what is shared opens with it."""
    who, post = stage.one((*READERS, "tom")), stage.a_letter()
    stands_at = sorted(
        (stage.called[viewer.account], stage.called[key])
        for viewer, sights in stage.met.items()
        for key, sight in sights.items()
        if sight == plain.DOOR and viewer.account is not None
    )
    told_no = [(who, post) for who, post in stands_at if (post, who) in stage.told_no]
    if stands_at and stage.likely(0.8):
        who, post = stage.one(told_no if told_no and stage.likely(0.5) else stands_at)
    row = Post.objects.get(pk=stage.posts[post].pk)
    said = RequestText(stage.one(list(Reason)), "zq")
    has_address = stage.likely(0.5)
    at_once = requests.ask(
        row.pk,
        said,
        by=Viewer(stage.acts(who).pk, VISITS.get(who)),
        at=stage.now,
        address=row.door_address if has_address else None,
    )
    _must_stand_at(stage, post, who, has_address=has_address)
    barred = stage.is_banned(post, who) or (post, who) in stage.told_no
    answer = audiences.door_of(row).answer_to(said.reason)
    if at_once:
        stage.must(answer == Answer.AT_ONCE and not barred)
        return _let_in(stage, post, who)
    waited = stage.told("asks", post, who, "waiting")
    if waited and stage.asked_at[post, who] + WAITS > stage.now:
        return Meant()  # Asking again while one waits changes nothing.
    stage.asked_at[post, who] = stage.now
    waits = {("asks", post, who, "waiting")}
    stage.must(_asked(stage, post, who) != waits or not barred)
    if _asked(stage, post, who) != waits:
        stage.told_no.add((post, who))
    return Meant(besides=("asks",))


def _must_stand_at(stage: Stage, post: int, who: str, *, has_address: bool) -> None:
    stage.must(stage.is_published(post) and stage.has_door(post))
    ours = stage.authors(post)
    stage.must(who not in ours and not any(stage.is_apart(who, one) for one in ours))
    viewer = next(one for one in stage.met if one.account == stage.cast[who].pk)
    meets = stage.met[viewer].get(stage.posts[post].pk, 0)
    by_address = has_address and ("for", post, "words", int(Audience.LET_IN), True) in stage.facts
    stage.must(meets == plain.DOOR or (meets == plain.NOTHING and by_address))


def _asked(stage: Stage, post: int, who: str) -> set[Fact]:
    """How it is with their asking in this moment, within the act."""
    rows = AccessRequest.objects.filter(post=stage.posts[post].pk, asker=stage.cast[who].pk)
    return {("asks", post, who, row.state) for row in rows}


def _let_in(stage: Stage, post: int, who: str) -> Meant:
    opens = stage.opens_with(post)
    there = ("let in", post, who, stage.shares(post), tuple(sorted(stage.authors(post))))
    return Meant(
        set() if stage.told("let in", post, who) else {there},
        stage.told("asks", post, who),
        lambda grown, of: grown == who and of in opens,
    )


def a_reader_withdraws(stage: Stage) -> Meant:
    if stage.likely(0.6):
        raise NothingToDo
    asked = stage.one_told("asks", chance=0.9)
    post, who = asked[1:3] if asked else (stage.a_letter(), stage.one(READERS))
    requests.withdraw(stage.posts[post].pk, by=stage.acts(who), at=stage.now)
    waits = stage.told("asks", post, who, "waiting")
    if not waits or stage.asked_at[post, who] + WAITS <= stage.now:
        return Meant()
    return Meant({("asks", post, who, "withdrawn")}, waits)


def _one_who_asks(stage: Stage) -> AccessRequest:
    waiting = [
        fact
        for fact in stage.told("asks")
        if fact[3] == "waiting"
        and stage.is_published(fact[1])
        and stage.asked_at[fact[1:3]] + WAITS > stage.now
    ]
    if not waiting and stage.likely(0.85):
        raise NothingToDo
    found = waiting if waiting and stage.likely(0.9) else stage.told("asks")
    fact = stage.one(sorted(found))
    return AccessRequest.objects.get(post=stage.posts[fact[1]], asker=stage.cast[fact[2]])


def _decider(stage: Stage, post: int) -> str:
    return stage.one(sorted(stage.authors(post)) if stage.likely(0.6) else NEAR)


def _must_decide(stage: Stage, post: int, who: str) -> None:
    """Its authors, and who reads first for one of them; never whoever asks; and only what still waits."""
    ours = stage.authors(post)
    firsts = {
        fact[1]
        for fact in stage.told("does")
        if fact[2] in ours and fact[3] == "screener" and fact[4] == "signed"
    }
    stage.must(stage.by in ours | firsts and stage.by != who)
    stage.must(bool(stage.told("asks", post, who, "waiting")))
    stage.must(stage.asked_at[post, who] + WAITS > stage.now)
    stage.must(not stage.is_banned(post, who) and stage.is_published(post))
    stage.must(stage.has_door(post) and not any(stage.is_apart(who, one) for one in ours))


def somebody_lets_in(stage: Stage) -> Meant:
    asked = _one_who_asks(stage)
    post, who = stage.called[asked.post_id], stage.called[asked.asker_id]
    admissions.let_in(asked, by=stage.acts(_decider(stage, post)), said="", at=stage.now)
    _must_decide(stage, post, who)
    return _let_in(stage, post, who)


def somebody_declines(stage: Stage) -> Meant:
    asked = _one_who_asks(stage)
    post, who = stage.called[asked.post_id], stage.called[asked.asker_id]
    admissions.decline(asked, by=stage.acts(_decider(stage, post)), at=stage.now)
    _must_decide(stage, post, who)
    stage.told_no.add((post, who))
    return Meant({("asks", post, who, "declined")}, stage.told("asks", post, who))


def an_author_lets_in_no_more(stage: Stage) -> Meant:
    there = stage.one_told("let in", chance=0.9)
    if stage.likely(0.4):
        raise NothingToDo
    post, who = there[1:3] if there else (stage.a_letter(), stage.one(READERS))
    if stage.likely(0.3):
        post = stage.a_letter()
    by = stage.somebody_of(post)
    admissions.end(stage.row(post), stage.cast[who].pk, by=by, at=stage.now)
    ours = stage.authors(post)
    stage.must(stage.by in ours)
    everywhere = stage.shares(post)
    reaching = {
        fact
        for fact in stage.told("let in")
        if fact[2] == who and (fact[1] == post or (everywhere and fact[3] and set(fact[4]) == ours))
    }
    return _ends(stage, reaching)


def _ends(stage: Stage, lettings: set[Fact]) -> Meant:
    """At one's own doors nobody is let in by them any more; elsewhere they open no other letter."""
    adds: set[Fact] = set()
    ends: set[Fact] = set(lettings)
    for _, post, who, _shared, by in lettings:
        if stage.by in stage.authors(post):
            adds.add(("asks", post, who, "declined"))
            ends |= stage.told("asks", post, who)
            stage.told_no.add((post, who))
        else:
            adds.add(("let in", post, who, False, by))
    return Meant(adds, ends)


def an_author_keeps_out(stage: Stage) -> Meant:
    if stage.likely(0.4):
        raise NothingToDo
    near = sorted({fact[2] for fact in stage.told("let in") | stage.told("asks")} & {*READERS})
    who = stage.one(near if near and stage.likely(0.7) else READERS)
    keeper = stage.acts(stage.one(("rose", "rose", "tom")))
    account = stage.cast[who]
    if by_name := stage.likely(0.5):
        bans.ban(keeper, account, at=stage.now)
    else:
        bans.ban_address(keeper, account.email.upper(), at=stage.now)
    ours = stage.letters_of(stage.by)
    theirs = [fact for fact in stage.told("let in") if fact[2] == who]
    meant = _ends(stage, {one for one in theirs if one[1] in ours or (stage.by in one[4])})
    waits = {one for post in ours for one in stage.told("asks", post, who, "waiting")}
    stage.told_no |= {(post, who) for _, post, *_rest in waits}
    kept = ("keeps out", stage.by, who if by_name else account.email.lower())
    adds = {kept} | {("asks", post, who, "declined") for _, post, *_rest in waits}
    return Meant(meant.adds | adds, meant.ends | waits)


def an_author_lets_go(stage: Stage) -> Meant:
    """What was ended stays so; what another let somebody in to before its author came counts again."""
    fact = stage.one_told("keeps out")
    if fact is None:
        raise NothingToDo
    keeper = stage.acts(fact[1])
    by_name = {} if "@" in fact[2] else {"account": stage.cast[fact[2]]}
    kept = Ban.objects.get(author=keeper, **by_name or {"address": fact[2]})
    bans.lift(keeper, kept.pk)
    let_in = {one[2] for one in stage.told("let in")}
    return Meant(ends={fact}, may_grow=lambda who, post: who in let_in)


def an_author_makes_a_link(stage: Stage) -> Meant:
    post = stage.a_letter()
    terms = Terms("Gran", with_photographs=stage.likely(0.6), good_for=LINK_LASTS)
    by = stage.somebody_of(post)
    link, _secret = share_links.make(stage.row(post), terms, by=by, at=stage.now)
    stage.must(stage.by in stage.authors(post) and stage.is_published(post))
    number = len(stage.links)
    stage.links.append(link)
    stage.called[link.pk] = number
    made = ("link", number, post, stage.by, terms.with_photographs)
    return Meant({made, ("yes", number, stage.by)})


def _a_link(stage: Stage, *, agreed: bool | None = None) -> tuple[int, int]:
    """A link's number, and that of its letter; mostly one that lives, and that all have agreed to or not."""
    every = range(len(stage.links))
    fit = [one for one in every if not stage.told("ended", one)]
    if agreed is not None:
        fit = [one for one in fit if agreed == _can_be_opened(stage, one)] or fit
    number = stage.one(fit if fit and stage.likely(0.9) else every)
    return number, stage.called[stage.links[number].post_id]


def _can_be_opened(stage: Stage, number: int) -> bool:
    shown = stage.is_published(stage.called[stage.links[number].post_id])
    return shown and not _missing(stage, number) and not _is_over(stage, number)


def _missing(stage: Stage, number: int) -> set[str]:
    """The authors whose yes the link waits for."""
    ours = stage.authors(stage.called[stage.links[number].post_id])
    return ours - {fact[2] for fact in stage.told("yes", number)}


def _is_over(stage: Stage, number: int) -> bool:
    over = stage.links[number].made_at + LINK_LASTS <= stage.now
    return over or bool(stage.told("ended", number))


def an_author_agrees_to_a_link(stage: Stage) -> Meant:
    """It may complete the yeses of a link that was opened while it was good."""
    number, post = _a_link(stage, agreed=False if stage.likely(0.8) else None)
    missing = sorted(_missing(stage, number))
    by = (
        stage.acts(stage.one(missing)) if missing and stage.likely(0.8) else stage.somebody_of(post)
    )
    share_links.approve(stage.links[number], by=by, at=stage.now)
    stage.must(stage.by in stage.authors(post) and not _is_over(stage, number))
    opened = {fact[2] for fact in stage.told("opened", number)}
    return Meant(
        {("yes", number, stage.by)},
        may_grow=lambda who, grown: grown == post and VISITS.get(who) in opened,
    )


def a_link_is_opened(stage: Stage) -> Meant:
    """While it is shown, with every author's yes, of a maker who still writes it; the first browser at once."""
    number, post = _a_link(stage, agreed=True if stage.likely(0.8) else None)
    if not _can_be_opened(stage, number) and stage.likely(0.6):
        raise NothingToDo
    who = stage.one(list(VISITS))
    link = stage.links[number]
    link.refresh_from_db()
    share_link_devices.open_in(VISITS[who], link, device="A phone", at=stage.now)
    ours = stage.authors(post)
    stage.must(stage.is_published(post) and not _is_over(stage, number))
    stage.must(not _missing(stage, number))
    stage.must(any(fact[3] in ours for fact in stage.told("link", number)))
    if stage.told("opened", number, VISITS[who]) or stage.told("waits", number, VISITS[who]):
        return Meant()
    is_first = number not in stage.bound
    stage.bound.add(number)
    becomes = "opened" if is_first else "waits"
    return Meant(
        {(becomes, number, VISITS[who])},
        may_grow=lambda grown, of: is_first and grown == who and of == post,
    )


def a_device_is_answered(stage: Stage) -> Meant:
    """Only by whoever made the link, and still writes the letter."""
    fact = stage.one_told("waits")
    if fact is None:
        raise NothingToDo
    _, number, visit = fact
    link, post = stage.links[number], stage.called[stage.links[number].post_id]
    allow = stage.likely(0.6)
    device = ShareLinkDevice.objects.get(link=link, session=visit)
    share_link_devices.answer(
        link, device.pk, allow=allow, by=stage.somebody_of(post), at=stage.now
    )
    stage.must(stage.by == stage.called[link.maker_id] and stage.by in stage.authors(post))
    return Meant(
        {("opened", number, visit)} if allow else set(),
        {fact},
        lambda who, grown: allow and VISITS.get(who) == visit and grown == post,
    )


def a_link_is_made_anew(stage: Stage) -> Meant:
    """Every browser is out, and the next is the first."""
    number, post = _a_link(stage)
    share_links.renew(stage.links[number], by=stage.somebody_of(post), at=stage.now)
    stage.must(stage.by == stage.called[stage.links[number].maker_id])
    stage.must(stage.by in stage.authors(post) and not _is_over(stage, number))
    stage.bound.discard(number)
    return Meant(ends=stage.told("opened", number) | stage.told("waits", number))


def an_author_ends_a_link(stage: Stage) -> Meant:
    if stage.likely(0.5):
        raise NothingToDo
    number, post = _a_link(stage)
    share_links.end(stage.links[number], by=stage.somebody_of(post), at=stage.now)
    stage.must(stage.by in stage.authors(post))
    if stage.told("ended", number):
        return Meant()
    ends = stage.told("opened", number) | stage.told("waits", number)
    return Meant({("ended", number)}, ends)
