"""The rules of responses once more, as docs/access.md says them, over a small world of plain objects."""

from __future__ import annotations

from tests.access import plain as letters

NOBODY, NAMED, LET_IN, READERS = range(4)


def may_respond(world, viewer, post):
    """Whether a viewer may respond to a letter now."""
    me = viewer.me
    if me is None or me in post.authors or post in world.paused:
        return False
    if letters.sight(world.letters, viewer, post) == letters.NOTHING:
        return False
    level = min(level_of(world, post, author) for author in post.authors)
    if level == READERS:
        return True
    if level == LET_IN and is_admitted(world, me, post):
        return True
    return level in (LET_IN, NAMED) and is_named(me, post)


def level_of(world, post, author):
    choice = world.choices.get((post, author))
    return choice.level if choice else NOBODY


def is_admitted(world, me, post):
    """Let in at the door, while something of the letter is for those let in."""
    is_for_let_in = letters.LET_IN in (post.words.audience, post.photographs.audience)
    return is_for_let_in and letters.is_let_in(world.letters, me, post)


def is_named(me, post):
    return any(
        part.audience in (letters.PEOPLE, letters.LET_IN) and letters.is_named(me, post, part)
        for part in (post.words, post.photographs)
    )


def readers_first(world, post):
    """Those who read what comes before the authors do; nobody is possible."""
    screeners = {
        delegate
        for author, delegate in world.screening
        if author in post.authors
        and is_here(delegate)
        and not letters.are_apart(world.letters, author, delegate)
    }
    # An author whose screener's account is closed or suspended has none.
    if screeners:
        return screeners
    choices = [world.choices.get((post, author)) for author in post.authors]
    if all(choice is not None and choice.authors_read for choice in choices):
        return set(post.authors)
    return set()


def waits_for(world, person, response):
    """Whether somebody may have a response in hand."""
    return (
        not person.is_suspended
        and response.state == "waiting"
        and may_reach_anybody(world, response)
        and response.writer is not person
        and not letters.are_apart(world.letters, person, response.writer)
        and person in readers_first(world, response.post)
    )


def may_reach_anybody(world, response):
    """Not if its writer's account is closed or suspended, or they are apart from one of the authors."""
    return is_here(response.writer) and not any(
        letters.are_apart(world.letters, response.writer, author)
        for author in response.post.authors
    )


def is_here(writer):
    return writer.is_active and not writer.is_suspended


def is_passed_on_to(world, person, response):
    """Whether an author may read it, except on quiet days."""
    return (
        response.state == "passed on"
        and person in response.post.authors
        and is_here(response.writer)
        and person not in world.quiet
        and not letters.are_apart(world.letters, person, response.writer)
    )


def can_be_reported(world, viewer, response):
    """Whether a viewer reads it now, and so can report it: in hand, passed on to them, or beside the letter."""
    me = viewer.me
    if me is response.writer:
        return False
    if is_shown(world, viewer, response):
        return True
    return me is not None and (
        is_in_hand(world, me, response) or is_passed_on_to(world, me, response)
    )


def is_in_hand(world, person, response):
    """Whether somebody who reads first has it in hand; authors have nothing in hand on their quiet days."""
    rests = person in world.quiet and person in response.post.authors
    return response.in_hand_of is person and waits_for(world, person, response) and not rests


def is_open_to_look(world, viewer, response):
    """Whether a moderator reads its words, as they have written down why in this session."""
    me = viewer.me
    return (
        me is not None
        and me.is_moderator
        and not me.is_suspended
        and not viewer.is_dead
        and (viewer.visit, me) in response.looked_at_in
        and me is not response.writer
        and me not in response.post.authors
        and response.state in ("waiting", "the authors are asked", "passed on")
    )


def is_asked_about(world, person, response):
    """Whether an author is asked whether they want it."""
    return (
        response.state == "the authors are asked"
        and person in response.post.authors
        and person not in world.quiet
        and may_reach_anybody(world, response)
    )


def is_shown(world, viewer, response):
    """Whether it stands beside the letter for a viewer."""
    return (
        response.state == "passed on"
        and response.is_shown
        and may_reach_anybody(world, response)
        and letters.sight(world.letters, viewer, response.post) != letters.NOTHING
        and not (viewer.me and letters.are_apart(world.letters, viewer.me, response.writer))
    )
