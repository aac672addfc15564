"""Signing a passage: a line of its own in a letter's words, `[signed Anna]`, that only Anna can add.

A signature belongs to the paragraph above it and stays as long as that paragraph does. If another author
puts it under other words, or changes the words above it, it becomes plain words. `Post.signers` maps each
name to an account, so that readers see the name the signer has now.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from django.db.models import F

from beside.people.models import Account
from beside.people.names import isolated
from beside.posts.authorship import authors_of, bare_name_of
from beside.posts.models import Autosave, Post, Revision
from beside.posts.text import Text

LONGEST_NAME = 80
# A name that is taken gets a number after it.
_LONGEST_SIGNATURE = LONGEST_NAME + 10
_BLANKS = " \t"


def line_of(post: Post, account: Account) -> str:
    """The line with which `account` signs in this letter."""
    return f"[signed {_name_in(post, account)}]"


def signed(words: str, line: str) -> str:
    """`words` with this line at their end; if there are no words, there is nothing to sign."""
    return f"{words.rstrip()}\n\n{line}\n" if words.strip() else words


def signer_of(line: str) -> str:
    """The name that signs if `line` is a signature; otherwise the empty string."""
    name = in_brackets(line, "signed")
    is_name = len(name) <= _LONGEST_SIGNATURE and "[" not in name and "]" not in name
    return name if is_name else ""


def in_brackets(line: str, keyword: str) -> str:
    """What follows `keyword` in a line that is all `[keyword …]`, in any case; otherwise the empty string."""
    line = line.strip(_BLANKS)
    if not (line.startswith("[") and line.endswith("]")):
        return ""
    inside, length = line[1:-1], len(keyword)
    if inside[:length].lower() != keyword or inside[length : length + 1] not in ("\t", " "):
        return ""
    return inside[length:].strip(_BLANKS)


def without_forged(post: Post, text: Text, *, by: Account) -> tuple[Text, tuple[str, ...]]:
    """The text that `by` may save for `post`, and the names whose signatures became plain words in it, for a sentence.

    A signature stays if it is `by`'s own, or if it was under the same paragraph before. The caller
    must hold the post's lock.
    """
    mine = _name_in(post, by)
    before = {pair for words in _saved_before(post) for pair in _signatures(words)}
    lines, dropped = [], []
    for line, name, above in _read(text["words"]):
        is_mine = name.casefold() == mine.casefold()
        if not name or is_mine or (name.casefold(), above) in before:
            lines.append(line)
        else:
            lines.append(name)
            dropped.append(isolated(name))
        if is_mine and mine not in post.signers:
            post.signers[mine] = str(by.pk)
            Post.objects.filter(pk=post.pk).update(signers=post.signers)
    return text.changed(words="\n".join(lines)), tuple(dropped)


def forget(post: Post, account: Account) -> None:
    """Remove `account`'s signatures from the letter and its earlier versions; the words above them stay.

    Open editor pages count as older than this, so that none of them puts a signature back. The caller
    must hold the post's lock.
    """
    names = {name for name, signer in post.signers.items() if signer == str(account.pk)}
    if not names:
        return
    signers = {name: signer for name, signer in post.signers.items() if name not in names}
    words = _without_signatures(post.words, names)
    Post.objects.filter(pk=post.pk).update(words=words, signers=signers, version=F("version") + 1)
    for revision in Revision.objects.filter(post=post):
        revision.words = _without_signatures(revision.words, names)
        revision.save(update_fields=["words"])


def names_in(post: Post) -> dict[str, str]:
    """The name to show for each name that signs in `post`.

    For an author it is the name they have now; for somebody who has left, the name they signed with.
    """
    if not post.signers:
        return {}
    authors = {str(author.pk): bare_name_of(author) for author in authors_of(post)}
    return {name: authors.get(account, name) for name, account in post.signers.items()}


def _name_in(post: Post, account: Account) -> str:
    for name, signer in post.signers.items():
        if signer == str(account.pk):
            return str(name)
    bare = bare_name_of(account).replace("[", " ").replace("]", " ")
    plain = " ".join(bare.split())[:LONGEST_NAME] or "?"
    taken = {name.casefold() for name in post.signers}
    number, name = 1, plain
    while name.casefold() in taken:
        number += 1
        name = f"{plain} {number}"
    return name


def _without_signatures(words: str, names: Collection[str]) -> str:
    folded = {name.casefold() for name in names}
    kept = [line for line in words.split("\n") if signer_of(line).casefold() not in folded]
    return "\n".join(kept)


def _saved_before(post: Post) -> Iterator[str]:
    """The letter's words, and those in autosaves: none of them held a forged signature when they were saved."""
    yield post.words
    for row in Autosave.objects.filter(post=post):
        yield str(row.fields["words"])


def _signatures(words: str) -> set[tuple[str, str]]:
    return {(name.casefold(), above) for _, name, above in _read(words) if name}


def _read(words: str) -> Iterable[tuple[str, str, str]]:
    """Each line, the name it signs with if it is a signature, and the paragraph above it."""
    paragraph: list[str] = []
    above, is_over = "", True
    for line in words.split("\n"):
        name = signer_of(line) if "[" in line else ""
        if not name and line.strip():
            if is_over:
                paragraph, is_over = [], False
            paragraph.append(line)
        elif not is_over:
            above, is_over = "\n".join(paragraph).strip(), True
        yield line, name, above
