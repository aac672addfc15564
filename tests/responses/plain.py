"""The rules of responses once more, as docs/access.md says them, over a small world of plain objects."""

from __future__ import annotations

from tests.access import plain as letters

NOBODY, NAMED, LET_IN, READERS = range(4)
IN_CIRCLES, WHO_KNOW_THEM = 1, 2


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


def may_write_to(world, me, person):
    """Whether somebody may write a private letter to a person now."""
    if me is person or not (is_here(me) and is_here(person)):
        return False
    if letters.are_apart(world.letters, me, person):
        return False
    if has_written_to(world, person, me):
        return True
    choice = world.letter_choices.get(person)
    if choice is None or choice.is_paused:
        return False
    if choice.level == WHO_KNOW_THEM and letters.may_open_page(world.letters, me, person):
        return True
    return choice.level in (IN_CIRCLES, WHO_KNOW_THEM) and any(
        circle.owner is person and me in circle.members for circle in world.letters.circles
    )


def has_written_to(world, person, me):
    """Whether something that a person wrote in their own name was passed on to me."""
    return any(
        response.writer is person
        and not response.has_pen_name
        and is_passed_on_but_for_quiet_days(world, me, response)
        for response in world.responses
    )


def is_passed_on_at_once(world, writer, person):
    """Whether nobody has to read a private letter first, once somebody may write it."""
    return has_written_to(world, person, writer) or writer in screeners_of(world, {person})


def recipients(response):
    """The authors of the letter that it responds to, or the one person it is written to."""
    return response.post.authors if response.recipient is None else {response.recipient}


def readers_first(world, to):
    """Those who read first what is written to a letter's authors, or to one person; nobody is possible."""
    is_person = hasattr(to, "is_findable")
    people = {to} if is_person else set(to.authors)
    # An author whose screener's account is closed or suspended has none.
    if screeners := screeners_of(world, people):
        return screeners
    if is_person:
        choices = [world.letter_choices.get(to)]
    else:
        choices = [world.choices.get((to, author)) for author in people]
    if all(choice is not None and choice.authors_read for choice in choices):
        return people
    return set()


def screeners_of(world, people):
    return {
        delegate
        for author, delegate in world.screening
        if author in people
        and is_here(delegate)
        and not letters.are_apart(world.letters, author, delegate)
    }


def waits_for(world, person, response):
    """Whether somebody may have a response in hand."""
    return (
        not person.is_suspended
        and response.state == "waiting"
        and may_reach_anybody(world, response)
        and response.writer is not person
        and not is_apart_from_its_writer(world, person, response)
        and person in readers_first(world, response.recipient or response.post)
    )


def may_reach_anybody(world, response):
    """Not if its writer's account is closed or suspended, or they are apart from one of its recipients."""
    return is_from_somebody_here(response) and not any(
        is_apart_from_its_writer(world, one, response) for one in recipients(response)
    )


def is_here(person):
    return person.is_active and not person.is_suspended


def is_from_somebody_here(response):
    """Also from somebody who wrote without an account."""
    return response.writer is None or is_here(response.writer)


def is_apart_from_its_writer(world, person, response):
    writer = response.writer
    return writer is not None and letters.are_apart(world.letters, person, writer)


def is_passed_on_to(world, person, response):
    """Whether a recipient may read it, except on quiet days."""
    return person not in world.quiet and is_passed_on_but_for_quiet_days(world, person, response)


def is_passed_on_but_for_quiet_days(world, person, response):
    return (
        response.state == "passed on"
        and person in recipients(response)
        and is_from_somebody_here(response)
        and not is_apart_from_its_writer(world, person, response)
    )


def can_be_reported(world, viewer, response):
    """Whether a viewer reads it now, and so can report it: in hand, passed on to them, or beside the letter."""
    me = viewer.me
    if me is not None and me is response.writer:
        return False
    if is_shown(world, viewer, response):
        return True
    return me is not None and (
        is_in_hand(world, me, response) or is_passed_on_to(world, me, response)
    )


def is_in_hand(world, person, response):
    """Whether somebody who reads first has it in hand; authors have nothing in hand on their quiet days."""
    rests = person in world.quiet and person in recipients(response)
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
        and me not in recipients(response)
        and response.state in ("waiting", "the authors are asked", "passed on")
    )


def is_between(world, me, other, response):
    """Whether it is one of the private letters between two people, as one of them sees them."""
    if not is_here(other) or letters.are_apart(world.letters, me, other):
        return False
    if response.recipient is me and response.writer is other:
        return is_passed_on_to(world, me, response)
    return response.recipient is other and response.writer is me


def is_asked_about(world, person, response):
    """Whether a recipient is asked whether they want it."""
    return (
        response.state == "the authors are asked"
        and person in recipients(response)
        and person not in world.quiet
        and may_reach_anybody(world, response)
    )


def is_shown(world, viewer, response):
    """Whether it stands beside the letter for a viewer."""
    return (
        response.state == "passed on"
        and response.recipient is None
        and response.is_shown
        and may_reach_anybody(world, response)
        and letters.sight(world.letters, viewer, response.post) != letters.NOTHING
        and not (viewer.me and letters.are_apart(world.letters, viewer.me, response.writer))
    )
