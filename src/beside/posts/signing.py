"""Signing a passage: a line of its own in a letter's words, `[signed Anna]`, that only its writer can add.

A signature belongs to the paragraph that it stands under. It stays while that stays; where somebody else
puts it under other words, or changes the words above it, it becomes plain words. `Post.signers` says
whose each name is, so that a reader meets the name that its writer has now.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from beside.people.models import Account
from beside.posts.authorship import authors_of, name_of
from beside.posts.models import Autosave, Post
from beside.posts.text import Written

SIGNATURE = r"\[signed[ \t]+(?P<signer>[^\[\]\n]{1,90}?)[ \t]*\]"
LONGEST_NAME = 80
_LINE = re.compile(rf"^[ \t]*{SIGNATURE}[ \t]*$", re.IGNORECASE)


def line_of(post: Post, account: Account) -> str:
    """The line with which `account` signs in this letter."""
    return f"[signed {_name_in(post, account)}]"


def signed(words: str, line: str) -> str:
    """`words` with this line at their end; where there are none, there is nothing to sign."""
    return f"{words.rstrip()}\n\n{line}\n" if words.strip() else words


def honest(post: Post, said: Written, *, by: Account) -> tuple[Written, tuple[str, ...]]:
    """What `by` may keep as `post`'s words, and the names whose signatures in it became plain words.

    Stays: a signature of `by`, and one that stood under the same paragraph before. The caller has
    locked the post.
    """
    mine = _name_in(post, by)
    before = {pair for words in _kept_before(post) for pair in _signatures(words)}
    lines, dropped = [], []
    for line, name, above in _read(said.words):
        is_mine = name.casefold() == mine.casefold()
        if not name or is_mine or (name.casefold(), above) in before:
            lines.append(line)
        else:
            lines.append(name)
            dropped.append(name)
        if is_mine and mine not in post.signers:
            post.signers[mine] = str(by.pk)
            Post.objects.filter(pk=post.pk).update(signers=post.signers)
    return replace(said, words="\n".join(lines)), tuple(dropped)


def names_in(post: Post) -> dict[str, str]:
    """What stands after a passage, for each name that signs in `post`: an author's name as it is now.

    Of somebody who has left the letter, the name with which they signed.
    """
    if not post.signers:
        return {}
    authors = {str(author.pk): name_of(author) for author in authors_of(post)}
    return {name: authors.get(account, name) for name, account in post.signers.items()}


def _name_in(post: Post, account: Account) -> str:
    for name, signer in post.signers.items():
        if signer == str(account.pk):
            return str(name)
    plain = " ".join(re.sub(r"[\[\]]", " ", name_of(account)).split())[:LONGEST_NAME] or "?"
    taken = {name.casefold() for name in post.signers}
    number, name = 1, plain
    while name.casefold() in taken:
        number += 1
        name = f"{plain} {number}"
    return name


def _kept_before(post: Post) -> Iterator[str]:
    """The letter's words, and those that are kept aside: all of them were honest when they were kept."""
    yield post.words
    for row in Autosave.objects.filter(post=post):
        yield str(row.fields["words"])


def _signatures(words: str) -> set[tuple[str, str]]:
    return {(name.casefold(), above) for _, name, above in _read(words) if name}


def _read(words: str) -> Iterable[tuple[str, str, str]]:
    """Each line, whose signature it is, if it is one, and the paragraph that it would stand under."""
    paragraph: list[str] = []
    above, is_over = "", True
    for line in words.split("\n"):
        found = _LINE.match(line)
        if found is None and line.strip():
            if is_over:
                paragraph, is_over = [], False
            paragraph.append(line)
        elif not is_over:
            above, is_over = "\n".join(paragraph).strip(), True
        yield line, found["signer"] if found else "", above
