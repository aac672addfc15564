"""What people do with links for one person, and what each of these acts means."""

from __future__ import annotations

from beside.posts import share_link_devices, share_links
from beside.posts.models import ShareLinkDevice
from beside.posts.share_links import Terms
from tests.access.acts import Meant, act
from tests.access.acts_on_posts import LINK_ENDED
from tests.access.facts import Fact
from tests.access.scenario import LINK_LASTS, SESSIONS, Scenario


@act(weight=3)
def an_author_makes_a_link(scenario: Scenario) -> Meant:
    post = scenario.a_post()
    terms = Terms("Gran", with_photographs=scenario.likely(0.6), good_for=LINK_LASTS)
    by = scenario.somebody_of(post)
    link, _secret = share_links.make(scenario.row(post), terms, by=by, at=scenario.now)
    ours = scenario.authors(post)
    scenario.must(scenario.by in ours and scenario.is_published(post))
    number = scenario.add_link(link)
    return Meant(
        {("link", number, post, scenario.by, terms.with_photographs), ("yes", number, scenario.by)},
        tells={(one, "a link waits for your yes", number) for one in ours - {scenario.by}},
    )


def _a_link(scenario: Scenario, *, agreed: bool | None = None) -> tuple[int, int]:
    """The numbers of a link and of its post; most often one that is alive, and that all authors have agreed to or not."""
    every = range(len(scenario.links))
    fit = [one for one in every if not scenario.find("ended", one)]
    if agreed is not None:
        fit = [one for one in fit if agreed == _can_be_opened(scenario, one)] or fit
    number = scenario.one(fit if fit and scenario.likely(0.9) else every)
    return number, scenario.called[scenario.links[number].post_id]


def _a_link_to_open(scenario: Scenario) -> tuple[int, int]:
    """Half of the time one whose maker has left the post, where there is one: nothing else keeps it shut."""
    orphans = [
        number
        for number, link in enumerate(scenario.links)
        if _can_be_opened(scenario, number)
        and scenario.called[link.maker_id] not in scenario.authors(scenario.called[link.post_id])
    ]
    if not orphans or scenario.likely(0.5):
        return _a_link(scenario, agreed=True if scenario.likely(0.8) else None)
    number = scenario.one(orphans)
    return number, scenario.called[scenario.links[number].post_id]


def _can_be_opened(scenario: Scenario, number: int) -> bool:
    shown = scenario.is_published(scenario.called[scenario.links[number].post_id])
    return shown and not _missing(scenario, number) and not _is_over(scenario, number)


def _missing(scenario: Scenario, number: int) -> set[str]:
    """The authors whose approval the link waits for."""
    ours = scenario.authors(scenario.called[scenario.links[number].post_id])
    return ours - {fact[2] for fact in scenario.find("yes", number)}


def _is_over(scenario: Scenario, number: int) -> bool:
    over = scenario.links[number].made_at + LINK_LASTS <= scenario.now
    return over or bool(scenario.find("ended", number))


@act(weight=4)
def an_author_agrees_to_a_link(scenario: Scenario) -> Meant:
    """It may be the last approval of a link that was opened while it was good."""
    number, post = _a_link(scenario, agreed=False if scenario.likely(0.8) else None)
    missing, link = _missing(scenario, number), scenario.links[number]
    if missing and scenario.likely(0.8):
        by = scenario.acts(scenario.one(sorted(missing)))
    else:
        by = scenario.somebody_of(post)
    share_links.approve(link, by=by, at=scenario.now)
    scenario.must(scenario.by in scenario.authors(post) and not _is_over(scenario, number))
    opened = {fact[2] for fact in scenario.find("opened", number)}
    maker = scenario.called[link.maker_id]
    is_last = missing == {scenario.by} and maker != scenario.by
    return Meant(
        {("yes", number, scenario.by)},
        may_grow=lambda who, grown: grown == post and SESSIONS.get(who) in opened,
        tells={(maker, "everybody has agreed", post)} if is_last else set(),
    )


@act(weight=8)
def a_link_is_opened(scenario: Scenario) -> Meant:
    """Of a published post, with every author's approval, made by somebody who still is one; the first device at once."""
    number, post = _a_link_to_open(scenario)
    who = scenario.one(list(SESSIONS))
    link, session = scenario.links[number], SESSIONS[who]
    link.refresh_from_db()
    share_link_devices.open_in(session, link, device="A phone", at=scenario.now)
    ours = scenario.authors(post)
    scenario.must(scenario.is_published(post) and not _is_over(scenario, number))
    scenario.must(not _missing(scenario, number))
    scenario.must(any(fact[3] in ours for fact in scenario.find("link", number)))
    if scenario.find("opened", number, session) or scenario.find("waits", number, session):
        return Meant()
    if number not in scenario.bound:
        scenario.bound.add(number)
        return Meant(
            {("opened", number, session)},
            may_grow=lambda grown, of: grown == who and of == post,
        )
    maker = scenario.called[link.maker_id]
    tells: set[Fact] = {(maker, "another device opened a link", number)}
    return Meant({("waits", number, session)}, tells=tells)


@act(weight=6, needs=lambda scenario: scenario.find("waits"))
def a_device_is_answered(scenario: Scenario) -> Meant:
    """Only by the maker of the link, while they are an author of its post."""
    fact = scenario.find_one("waits")
    assert fact is not None
    _, number, session = fact
    link, post = scenario.links[number], scenario.called[scenario.links[number].post_id]
    allow = scenario.likely(0.6)
    device = ShareLinkDevice.objects.get(link=link, session=session)
    by = scenario.somebody_of(post)
    share_link_devices.answer(link, device.pk, allow=allow, by=by, at=scenario.now)
    scenario.must(scenario.by == scenario.called[link.maker_id])
    scenario.must(scenario.by in scenario.authors(post))
    return Meant(
        {("opened", number, session)} if allow else set(),
        {fact},
        lambda who, grown: allow and SESSIONS.get(who) == session and grown == post,
    )


@act(weight=2)
def a_link_is_made_anew(scenario: Scenario) -> Meant:
    """Every device is out, the old secret opens nothing, and the next device is the first."""
    number, post = _a_link(scenario)
    link = scenario.links[number]
    old = share_links.digest_of(
        share_links.renew(link, by=scenario.somebody_of(post), at=scenario.now)
    )
    scenario.must(scenario.by == scenario.called[link.maker_id])
    scenario.must(scenario.by in scenario.authors(post) and not _is_over(scenario, number))
    scenario.must(bytes(link.secret_digest) != old)
    link.refresh_from_db()
    scenario.must(bytes(link.secret_digest) == old)
    scenario.bound.discard(number)
    return Meant(
        ends=scenario.find("opened", number) | scenario.find("waits", number),
        records={(LINK_ENDED, number)},
    )


@act(weight=2, narrows=True)
def an_author_ends_a_link(scenario: Scenario) -> Meant:
    number, post = _a_link(scenario)
    share_links.end(scenario.links[number], by=scenario.somebody_of(post), at=scenario.now)
    scenario.must(scenario.by in scenario.authors(post))
    if scenario.find("ended", number):
        return Meant()
    ends = scenario.find("opened", number) | scenario.find("waits", number)
    return Meant({("ended", number)}, ends, records={(LINK_ENDED, number)})
