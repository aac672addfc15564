"""The tables of responses and private letters. Who may read one can't be read from its row: ask `responses.policy`."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from beside.people.models import Account
from beside.posts.models import Post

LONGEST_RESPONSE = 20_000


class RespondedBy(models.IntegerChoices):
    """Who may respond to a letter. Each level includes those before it."""

    NOBODY = 0, _("Nobody")
    NAMED = 1, _("People we’ve named")
    LET_IN = 2, _("People we’ve let in")
    READERS = 3, _("Anyone who can read it")


class ReadFirst(models.IntegerChoices):
    """Who reads responses first where no author has somebody who does."""

    NOBODY = 0, _("Nobody: let them wait")
    AUTHORS = 1, _("We do")


class WrittenBy(models.IntegerChoices):
    """Who may write a private letter to somebody. Each level includes those before it."""

    NOBODY = 0, _("Nobody")
    IN_MY_CIRCLES = 1, _("People in my circles")
    WHO_KNOW_ME = 2, _("Anyone who may open my page")


class ResponseChoice(models.Model):
    """What one author of a letter says about responses to it. The narrowest choice of all authors holds.

    `helps` is what helps to hear and what doesn't, in the author's words. Responses close by themselves when
    `closes_at` of them wait.
    """

    post = models.ForeignKey(Post, models.CASCADE, related_name="response_choices")
    author = models.ForeignKey(Account, models.CASCADE, related_name="response_choices")
    responded_by = models.PositiveSmallIntegerField(choices=RespondedBy, default=RespondedBy.NOBODY)
    read_first = models.PositiveSmallIntegerField(choices=ReadFirst, default=ReadFirst.NOBODY)
    takes_presences = models.BooleanField(default=True)
    helps = models.TextField(max_length=2000, blank=True)
    closes_at = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "author"], name="response_choice_once")
        ]

    def __str__(self) -> str:
        return f"response choice {self.pk}"


class ResponsePause(models.Model):
    """Responses to a letter closed by themselves, as too many came at once. An author opens them again."""

    post = models.OneToOneField(Post, models.CASCADE, primary_key=True, related_name="pause")
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"response pause of {self.post_id}"


class PrivateLetterChoice(models.Model):
    """Who may write private letters to somebody, and whether they read them first themselves.

    Since `paused_since`, letters are closed by themselves, as too many came at once.
    """

    account = models.OneToOneField(
        Account, models.CASCADE, primary_key=True, related_name="private_letter_choice"
    )
    written_by = models.PositiveSmallIntegerField(choices=WrittenBy, default=WrittenBy.NOBODY)
    read_first = models.PositiveSmallIntegerField(choices=ReadFirst, default=ReadFirst.NOBODY)
    paused_since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"private letter choice of {self.account_id}"


class Response(models.Model):
    """What somebody wrote to the authors of a letter (its `post`), or a private letter to one person, its `recipient`.

    Who has no account is no `writer`, and has `signed` it. `at_once` says that nobody had to read it first.
    The words are here while somebody may read them: until they are declined or sealed. The response itself
    stays, so that to its writer nothing changes. `waits_since` and `falls_behind` give its place in the queue.
    `likeness` is the same for responses that say the same thing to the same letter (`responses.likeness`).
    """

    class State(models.TextChoices):
        """What those who read first have decided. Only a response that was passed on reaches an author."""

        WAITING = "waiting"
        ASKED = "the authors are asked"
        PASSED_ON = "passed on"
        DECLINED = "declined"
        SEALED = "sealed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, models.CASCADE, null=True, related_name="responses")
    recipient = models.ForeignKey(
        Account, models.CASCADE, null=True, related_name="letters_to_them"
    )
    writer = models.ForeignKey(Account, models.CASCADE, null=True, related_name="responses")
    pen_name = models.CharField(max_length=80, blank=True)
    signed = models.CharField(max_length=80, blank=True)
    words = models.TextField(max_length=LONGEST_RESPONSE, blank=True)
    only_for_authors = models.BooleanField(default=False)
    sent_at = models.DateTimeField()
    state = models.CharField(max_length=24, choices=State, default=State.WAITING)
    decided_at = models.DateTimeField(null=True)
    at_once = models.BooleanField(default=False)
    shown_at = models.DateTimeField(null=True)
    waits_since = models.DateTimeField()
    falls_behind = models.BooleanField(default=False)
    likeness = models.BinaryField(max_length=16)
    reader = models.ForeignKey(
        Account, models.SET_NULL, null=True, related_name="responses_in_hand"
    )
    reader_until = models.DateTimeField(null=True)
    handed_over_by = models.ForeignKey(
        Account, models.SET_NULL, null=True, related_name="responses_handed_over"
    )
    question = models.CharField(max_length=300, blank=True)
    asked_by = models.ForeignKey(
        Account, models.SET_NULL, null=True, related_name="responses_asked_about"
    )
    reply = models.TextField(max_length=2000, blank=True)
    reply_by = models.ForeignKey(
        Account, models.SET_NULL, null=True, related_name="replies_to_responses"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(post=None) ^ Q(recipient=None), name="response_to_one_or_the_other"
            ),
            models.CheckConstraint(
                condition=Q(signed="") | Q(writer=None), name="response_signed_without_an_account"
            ),
            models.CheckConstraint(
                condition=Q(writer__isnull=False) | Q(post=None, pen_name="", reply=""),
                name="response_to_one_person_without_an_account",
            ),
            models.CheckConstraint(
                condition=Q(shown_at=None)
                | Q(state="passed on", only_for_authors=False, recipient=None),
                name="response_shown_only_if_passed_on",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "the authors are asked", "passed on"])
                | Q(words="", pen_name="", signed=""),
                name="response_words_only_while_readable",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(reader=None, reader_until=None),
                name="response_in_hand_only_while_waiting",
            ),
            models.CheckConstraint(
                condition=Q(state="the authors are asked") | Q(question=""),
                name="response_question_only_while_asked",
            ),
        ]
        indexes = [
            models.Index(fields=["post", "state", "sent_at"], name="response_of_post"),
            models.Index(fields=["post", "sent_at"], name="response_sent"),
            models.Index(fields=["post", "likeness"], name="response_alike"),
            models.Index(fields=["recipient", "state", "sent_at"], name="response_to_one"),
        ]

    def __str__(self) -> str:
        return f"response {self.pk}"


class PutAwayResponse(models.Model):
    """Who may read a response has put it away: it isn't on their page of letters until they look for it."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="put_away")
    author = models.ForeignKey(Account, models.CASCADE, related_name="responses_put_away")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response", "author"], name="put_away_response_once")
        ]

    def __str__(self) -> str:
        return f"put-away response {self.pk}"


class Presence(models.Model):
    """ "I was here": a response without words. Nobody is ever told whose, or how many there are."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="presences")
    account = models.ForeignKey(Account, models.CASCADE, related_name="presences")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "account"], name="presence_once")]

    def __str__(self) -> str:
        return f"presence {self.pk}"


class ScreenerSetting(models.Model):
    """How somebody who reads first wants to: what falls to the end of the queue, and when they rest.

    `words` has one word or phrase a line.
    """

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True)
    new_people_last = models.BooleanField(default=False)
    many_at_once_last = models.BooleanField(default=False)
    words = models.TextField(max_length=4000, blank=True)
    rests_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"screener setting of {self.account_id}"


class Seal(models.Model):
    """A sealed response: evidence that its recipients never read here, until `ends_at`.

    `ciphertext` opens with `key`, which is wrapped for this one seal (`responses.seals`). `likeness` and `sketch` are
    keyed digests, which compare it with other seals without opening it (`responses.likeness`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    response = models.OneToOneField(Response, models.SET_NULL, null=True, related_name="seal")
    post = models.ForeignKey(Post, models.SET_NULL, null=True, related_name="seals")
    authors = models.ManyToManyField(Account, related_name="seals")
    writer = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="seals_of_theirs")
    sealed_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="seals_made")
    sealed_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    key = models.BinaryField(max_length=60)
    ciphertext = models.BinaryField()
    likeness = models.BinaryField(max_length=16)
    sketch = models.BinaryField(max_length=512)
    file_wanted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["ends_at"], name="seal_ends")]

    def __str__(self) -> str:
        return f"seal {self.pk}"


class SealOpening(models.Model):
    """Somebody has opened a seal. The authors see it."""

    class Form(models.TextChoices):
        """Whether it was read here, or taken as a file."""

        READ = "read"
        FILE = "file"

    seal = models.ForeignKey(Seal, models.CASCADE, related_name="openings")
    by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="seal_openings")
    form = models.CharField(max_length=4, choices=Form)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"seal opening {self.pk}"
