"""The rules of notes of thanks once more, as docs/access.md says them, over a small world of plain objects."""

from __future__ import annotations


def opens(note):
    """Whether the note opens for whoever has its address."""
    return (
        note.has_code
        and not note.is_ended
        and not note.is_answered
        and not note.is_over
        and is_here(note.author)
    )


def hands_over(world, person, note):
    """Whether somebody sees that the note waits to be handed over."""
    return (
        is_of_the_team(person)
        and note.is_with_team
        and not note.is_ended
        and not note.is_handed_over
        and is_here(note.author)
        and not are_apart(world, person, note.author)
    )


def team_of(world, author):
    """Those who would hand over a note of this author's."""
    return [
        person
        for person in world.people
        if is_of_the_team(person) and not are_apart(world, person, author)
    ]


def is_of_the_team(person):
    return is_here(person) and (person.is_host or person.has_accepted is True)


def is_here(person):
    return person.is_active and not person.is_suspended


def are_apart(world, one, other):
    return (one, other) in world.blocks or (other, one) in world.blocks
