"""The rule once more, as docs/access.md says it: plain questions about a small world.

It shares nothing with `beside.access`: no query, no table, no name.
"""

from __future__ import annotations

NOTHING, WORDS, DOOR, VEIL, PHOTOGRAPHS = range(5)
ONLY_US, PEOPLE, LET_IN, ANYONE = range(4)


def sight(world, viewer, post):
    """How much of a post a viewer sees."""
    me = viewer.me
    if me in post.authors:
        return PHOTOGRAPHS
    if post.state != "published":
        return NOTHING
    seen = sight_of_a_reader(world, viewer, post)
    if seen == NOTHING and has_look(world, viewer, post, None):
        return WORDS
    return seen


def sight_of_a_reader(world, viewer, post):
    """How much of a published post somebody sees who isn't an author of it."""
    me = viewer.me
    if touches_a_suspension(me, post):
        return NOTHING
    if any(are_apart(world, me, author) for author in post.authors):
        return NOTHING
    if not is_for(world, me, post, post.words) and not has_link(world, viewer, post):
        return NOTHING
    if not any(photo.state == "ready" for photo in post.photos):
        return WORDS
    if not is_for(world, me, post, post.photographs) and not has_link(
        world, viewer, post, with_photographs=True
    ):
        return DOOR if me is not None and post.photographs.audience == LET_IN else WORDS
    return VEIL if post.veiled else PHOTOGRAPHS


def is_on_the_shelf(world, viewer, post):
    """Whether a viewer may find the post on the open shelf."""
    may_be_found = post.words.audience == ANYONE and post.authors <= post.may_be_found
    is_open = post.state == "published" and not touches_a_suspension(None, post)
    return may_be_found and is_open and sight(world, viewer, post) > NOTHING


def touches_a_suspension(me, post):
    """Whether the post, one of its authors, or who looks is suspended."""
    people = post.authors if me is None else post.authors | {me}
    return post.is_suspended or any(person.is_suspended for person in people)


def has_look(world, viewer, post, photo):
    """Whether a moderator has written down in this session why they look at its words, or at this photograph in it."""
    return any(
        (look.post, look.photo) == (post, photo)
        and look.moderator is viewer.me
        and look.visit == viewer.visit
        and not (viewer.is_dead or look.is_over or viewer.me.is_suspended)
        and viewer.me.is_moderator
        for look in world.looks
    )


def is_for(world, me, post, part):
    """Whether somebody is in the audience of the words, or of the photographs."""
    if part.audience == ANYONE:
        return me is not None or not part.signed_in
    if me is None or part.audience == ONLY_US:
        return False
    if part.audience == LET_IN and is_let_in(world, me, post):
        return True
    return is_named(me, post, part)


def is_named(me, post, part):
    """By name, or as a member of a circle, which for some members counts only from when they were added."""
    return me in part.people or any(
        me in circle.members
        and (me not in circle.from_now_on or circle.from_now_on[me] <= post.published_at)
        for circle in part.circles
    )


def is_let_in(world, me, post):
    """Admitted at its own door, or at another shared door of exactly these authors, and banned by none of them."""
    for author in post.authors:
        if (author, me) in world.banned or (author, me.email.lower()) in world.banned_addresses:
            return False
    return any(
        admission.post is post
        or (admission.is_shared and post.door_is_shared and admission.by == post.authors)
        for admission in world.admissions
        if admission.person is me
    )


def has_link(world, viewer, post, *, with_photographs=False):
    """Whether a link was opened in this session, on an allowed device, in time, and with every author's approval."""
    return any(
        link.post is post
        and viewer.visit in link.opened_in
        and not viewer.is_dead
        and not link.is_ended
        and not link.is_over
        and post.authors <= link.yeses
        and (link.with_photographs or not with_photographs)
        for link in world.links
    )


def is_sent(world, viewer, photo):
    """Whether a viewer is sent a photograph's bytes."""
    if photo.state != "ready":
        return False
    if viewer.me in photo.hidden_for:
        return False
    if viewer.me in photo.holders:
        return True
    post = next((post for post in world.posts if photo in post.photos), None)
    if post and post.state == "published" and has_look(world, viewer, post, photo):
        return True
    met = sight(world, viewer, post) if post else NOTHING
    if has_chosen(viewer, photo) and met >= VEIL:
        return True
    if met >= PHOTOGRAPHS:
        return True
    return post is None and any(
        may_open_page(world, viewer.me, person)
        for person in world.people
        if person.portrait is photo
    )


def has_chosen(viewer, photo):
    """For the session while the consent lasts, or for the account until it is veiled again."""
    return (viewer.visit is not None and viewer.visit in photo.chosen_in) or (
        viewer.me is not None and viewer.me in photo.remembered_by
    )


def may_open_page(world, me, person):
    """Whether somebody may open a person's page: not everybody may know that the person has an account here."""
    if not person.is_active:
        return False
    if me is not person and (person.is_suspended or (me is not None and me.is_suspended)):
        return False
    written = [post for post in world.posts if person in post.authors]
    theirs = [post for post in written if not post.is_suspended]
    open_letters = [
        post for post in theirs if post.state == "published" and post.words.audience == ANYONE
    ]
    if me is None:
        return any(not post.words.signed_in for post in open_letters)
    if are_apart(world, me, person):
        return False
    given = [
        post
        for post in theirs
        if post.state == "published"
        and post.words.audience in (PEOPLE, LET_IN)
        and is_named(me, post, post.words)
    ]
    let_in = [
        admission
        for admission in world.admissions
        if admission.person is me
        and admission.post in theirs
        and admission.post.state == "published"
        and LET_IN in (admission.post.words.audience, admission.post.photographs.audience)
    ]
    return bool(
        me is person
        or person.is_findable
        or open_letters
        or given
        or let_in
        or any(me in post.authors for post in written)
        or (me, person) in world.follows
        or (person, me) in world.follows
        or any(circle.owner is person and me in circle.members for circle in world.circles)
        or any(circle.owner is me and person in circle.members for circle in world.circles)
        or person.invited_by is me
        or me.invited_by is person
    )


def finds(world, me, person):
    """Whether somebody finds a person in the directory, where nobody is without having said so."""
    return me is not None and person.is_findable and may_open_page(world, me, person)


def are_apart(world, me, person):
    """Whether either has blocked the other."""
    return (me, person) in world.blocks or (person, me) in world.blocks


def is_answered(world, viewer, photo):
    """Whether delivery sends it: the rule, in a session that hasn't ended, while its key exists."""
    if viewer.is_dead or (viewer.me is not None and not viewer.me.is_active):
        return False
    return photo.has_key and is_sent(world, viewer, photo)
