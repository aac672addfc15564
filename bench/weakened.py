"""Ways to weaken the access rule and the rules of responses: a name, the text of the condition, and the text that replaces it.

One condition is left out: that somebody admitted to photographs may open the page of their author. Photographs are
never for more people than the words; where the words aren't for the same people, they are for anyone, and then the
page is open in any case.
"""

from __future__ import annotations

IN_CONDITIONS = [
    ("a block by an author", "Q(Exists(by_author)) | Q(Exists(by_me))", "Q(Exists(by_me))"),
    ("a block by the reader", "Q(Exists(by_author)) | Q(Exists(by_me))", "Q(Exists(by_author))"),
    ("signed in only", 'for_anyone & Q(**{f"{part}_signed_in": False})', "for_anyone"),
    ("named only in words for people", "return for_people & (", "return ("),
    (
        "named also where some are let in",
        "(Audience.PEOPLE, Audience.LET_IN)}",
        "(Audience.PEOPLE,)}",
    ),
    ("a circle from now on", "granted.filter(counts, circle", "granted.filter(circle"),
    ("let in counts only at a door", "for_let_in & is_let_in(me)", "is_let_in(me)"),
    ("the door is for whoever is signed in", "NEVER if me is None else Q(photo", "Q(photo"),
    ("every author then and now let in", "mine.filter(~Exists(one_did_not), ", "mine.filter("),
    ("nobody who is no author now", "~Exists(one_is_no_author), ", ""),
    ("let in to everything", "is_shared=True)\n    at_a_door", ")\n    at_a_door"),
    ("the other door is shared", "Q(door_is_shared=True) & Q(Exists", "Q(Exists"),
    ("let in at this very door", "mine.filter(post=OuterRef", "mine.exclude(post=OuterRef"),
    ("kept out at all", " & ~is_banned(me)", ""),
    ("kept out by account", 'Q(account=OuterRef("pk")) | Q(address', "Q(address"),
    ("kept out by address", ' | Q(address=Lower(OuterRef("email")))', ""),
    ("an address in other capitals", 'Lower(OuterRef("email"))', 'OuterRef("email")'),
    (
        "kept out by one of its authors",
        '        author__authorships__post=OuterRef(OuterRef("pk")),\n',
        "",
    ),
    ("every author's yes to a link", "        ~Exists(no_yes_yet),\n", ""),
    (
        "a link in this visit",
        "        session=asker.session,\n        session__expire_date__gt=asker.at,\n        allowed",
        "        session__expire_date__gt=asker.at,\n        allowed",
    ),
    (
        "in a visit that is alive",
        "        session__expire_date__gt=asker.at,\n        allowed",
        "        allowed",
    ),
    ("on a device that may", "        allowed_at__isnull=False,\n", ""),
    ("a link to this post", '        link__post=OuterRef("pk"),\n', ""),
    ("a link that is alive", '        link_is_alive(asker.at, through="link__"),\n', ""),
    ("a link for photographs too", "opened.filter(link__with_photographs=True)", "opened"),
    ("a photograph that is ready", ", photo__state=Photo.State.READY)", ")"),
    (
        "closed for one",
        "HiddenPhoto.objects.filter(photo",
        "HiddenPhoto.objects.none().filter(photo",
    ),
    (
        "a choice that still lasts",
        "session=viewer.session, ends_at__gt=at)",
        "session=viewer.session)",
    ),
    (
        "named for the words only",
        'granted = Grant.objects.filter(post=OuterRef("pk"), what=what)',
        'granted = Grant.objects.filter(post=OuterRef("pk"))',
    ),
    ("by name", "for_people & (by_name | by_circle)", "for_people & by_circle"),
    ("by circle", "for_people & (by_name | by_circle)", "for_people & by_name"),
    ("in a circle for the past too", "Q(circle__memberships__from_now_on=False) | Q(", "Q("),
    (
        "in a circle for what was published since",
        'Q(circle__memberships__from_now_on=False) | Q(\n        circle__memberships__added_at__lte=OuterRef("published_at")\n    )',
        "Q(circle__memberships__from_now_on=False)",
    ),
    (
        "for anyone",
        "as_named = for_anyone | is_named(part, what, me)",
        "as_named = is_named(part, what, me)",
    ),
    ("for those named alone", "        return as_named\n", "        return ~NEVER\n"),
    ("let in, this person", "Admission.objects.filter(account=me)", "Admission.objects.all()"),
    (
        "let in by each author, and not by one alone",
        'admission=OuterRef(OuterRef("pk")), account=OuterRef("account"))\n    one_did',
        'admission=OuterRef(OuterRef("pk")))\n    one_did',
    ),
    (
        "the yes of that author",
        'link=OuterRef(OuterRef("link")), account=OuterRef("account")\n',
        'link=OuterRef(OuterRef("link"))\n',
    ),
    (
        "the yes to that link",
        'link=OuterRef(OuterRef("link")), account=OuterRef("account")\n',
        'account=OuterRef("account")\n',
    ),
    (
        "a photograph of this letter",
        'PlacedPhoto.objects.filter(post=OuterRef("pk"), photo__state',
        "PlacedPhoto.objects.filter(photo__state",
    ),
    (
        "closed for this person",
        'HiddenPhoto.objects.filter(photo=OuterRef("pk"), account=me)',
        'HiddenPhoto.objects.filter(photo=OuterRef("pk"))',
    ),
    (
        "held by this person",
        'Hold.objects.filter(photo=OuterRef("pk"), account=me, kind',
        'Hold.objects.filter(photo=OuterRef("pk"), kind',
    ),
    ("to hold the original", ", kind=Hold.Kind.ORIGINAL)", ")"),
    (
        "a choice of this visit",
        "consents.filter(session=viewer.session, ends_at__gt=at)",
        "consents.filter(session__isnull=False, ends_at__gt=at)",
    ),
    (
        "a choice of this person",
        "consents.filter(account=viewer.account)",
        "consents.filter(account__isnull=False)",
    ),
    (
        "a choice of this photograph",
        'Consent.objects.filter(photo=OuterRef("pk"))',
        "Consent.objects.all()",
    ),
    (
        "a portrait that lies in no letter",
        "return ~Q(Exists(in_a_post)) & Q(Exists(on_it))",
        "return Q(Exists(on_it))",
    ),
    (
        "a portrait whose page one may open",
        "Portrait.objects.filter(Exists(page), photo",
        "Portrait.objects.filter(photo",
    ),
    (
        "a link for whoever isn't signed in",
        '_signed_in": False}) | by_link',
        '_signed_in": False})',
    ),
    ("a link for whoever is signed in", "is_let_in(me) | by_link", "is_let_in(me)"),
    (
        "a look of a moderator",
        "        is_moderator,\n        moderator__susp",
        "        moderator__susp",
    ),
    ("a look of somebody suspended", "        moderator__suspended_at=None,\n", ""),
    ("a look of this moderator", "        moderator=asker.me,\n", ""),
    (
        "a look in this session",
        "        moderator=asker.me,\n        session=asker.session,\n",
        "        moderator=asker.me,\n",
    ),
    (
        "a look in a session that is alive",
        "        session__expire_date__gt=asker.at,\n        ends_at",
        "        ends_at",
    ),
    ("a look whose term isn't over", "        ends_at__gt=asker.at,\n", ""),
    ("a look at this letter", 'filter(post=OuterRef("pk"), photo=None)', "filter(photo=None)"),
    (
        "a look at the words alone",
        'filter(post=OuterRef("pk"), photo=None)',
        'filter(post=OuterRef("pk"))',
    ),
    (
        "a look at this photograph",
        '        photo=OuterRef("pk"),\n        post__state',
        "        post__state",
    ),
    (
        "a look at a photograph of a published letter",
        "        post__state=Post.State.PUBLISHED,\n        post__placed",
        "        post__placed",
    ),
    (
        "a look at a photograph that is still in it",
        '        post__placed__photo=OuterRef("pk"),\n',
        "",
    ),
    (
        "this viewer is suspended",
        "Account.objects.filter(pk=me, suspended_at__isnull=False)",
        "Account.objects.filter(suspended_at__isnull=False)",
    ),
    (
        "a block by an author of this letter",
        'Block.objects.filter(blocked=me, blocker__authorships__post=OuterRef("pk"))',
        "Block.objects.filter(blocked=me)",
    ),
]
IN_OPENNESS = [
    (
        "bytes, asked shortly: chosen",
        "When(consented, then",
        "When(~conditions.NEVER, then",
    ),
    (
        "bytes, asked shortly: chosen, and not only words",
        "then=Value(Sight.VEIL)",
        "then=Value(Sight.WORDS)",
    ),
    (
        "bytes, asked shortly: lying open, and not folded",
        "default=Value(Sight.PHOTOGRAPHS)",
        "default=Value(Sight.VEIL)",
    ),
    (
        "bytes, asked shortly: no more than the rule's own beginning",
        "for _, holds, sent in before",
        "for _, holds, sent in before[2:]",
    ),
    (
        "bytes, asked shortly: not only words",
        "sight is not Sight.DOOR and",
        "sight not in (Sight.DOOR, Sight.WORDS) and",
    ),
    (
        "bytes, asked shortly: nothing between",
        "sight is not Sight.DOOR and",
        "sight not in (Sight.DOOR, Sight.NOTHING) and",
    ),
]

IN_POLICY = [
    (
        "only its authors",
        "conditions.is_author(me), Sight.PHOTOGRAPHS",
        "conditions.is_author(me), Sight.WORDS",
    ),
    ("published", "~Q(state=PUBLISHED), nothing", "Q(pk__in=[]), nothing"),
    ("a look at the words", "conditions.has_look(asker) & unseen", "Q(pk__in=[])"),
    (
        "a look narrows nothing",
        "conditions.has_look(asker) & unseen",
        "conditions.has_look(asker)",
    ),
    (
        "a look at a photograph",
        "conditions.has_look_at_photograph(asker),",
        "Q(pk__in=[]),",
    ),
    (
        "suspended",
        "shut, nothing",
        "Q(pk__in=[]), nothing",
    ),
    ("a suspended viewer", "conditions.is_suspended_viewer(me)", "Q(pk__in=[])"),
    (
        "blocked",
        "conditions.is_blocked(me),\n            nothing",
        "Q(pk__in=[]),\n            nothing",
    ),
    ("words for", "~reach_words, nothing", "Q(pk__in=[]), nothing"),
    ("the door before the photographs", "at_the_door, Sight.DOOR", "Q(pk__in=[]), Sight.DOOR"),
    ("photographs for", "~reach_photographs, words", "Q(pk__in=[]), words"),
    ("veiled", "Q(veiled=True), Sight.VEIL", "Q(pk__in=[]), Sight.VEIL"),
    (
        "bytes: ready",
        '("A photograph that is not ready is sent to nobody.", ~Q(state=Photo.State.READY), False)',
        '("x", Q(pk__in=[]), False)',
    ),
    ("bytes: closed", "conditions.is_hidden(me)", "Q(pk__in=[])"),
    ("bytes: held", "conditions.is_holder(me), True", "Q(pk__in=[]), True"),
    (
        "bytes: chosen, and met still",
        "conditions.has_consented(viewer, at) & _is_met(Sight.VEIL, asker, met)",
        "conditions.has_consented(viewer, at)",
    ),
    (
        "bytes: chosen",
        "conditions.has_consented(viewer, at) & _is_met(Sight.VEIL, asker, met)",
        "_is_met(Sight.VEIL, asker, met)",
    ),
    (
        "bytes: chosen, and not before the door",
        "has_consented(viewer, at) & _is_met(Sight.VEIL",
        "has_consented(viewer, at) & _is_met(Sight.DOOR",
    ),
    ("bytes: lying open", "_is_met(Sight.PHOTOGRAPHS, asker, met)\n", "NEVER\n"),
    (
        "bytes: lying open, and not folded",
        "laid_open = _is_met(Sight.PHOTOGRAPHS,",
        "laid_open = _is_met(Sight.VEIL,",
    ),
    ("bytes: a portrait", "conditions.is_portrait_for(me) if", "NEVER if"),
    ("only words without a photograph", "~conditions.has_photographs(),", "Q(pk__in=[]),"),
]
IN_ACQUAINTANCE = [
    (
        "page: an account that is there",
        "people = Account.objects.filter(is_active=True, ",
        "people = Account.objects.filter(",
    ),
    ("page: wants to be found", "        | _wants_to_be_found()\n", ""),
    ("page: writes for anyone", "        | _writes_for_anyone(signed_in=True)\n", ""),
    ("page: wrote for me", "        | _wrote_for(me)\n", ""),
    ("page: let me in", "        | _let_in(me)\n", ""),
    ("page: writes with me", "        | _writes_with(me)\n", ""),
    (
        "page: follows",
        "        | _follows(me)\n        | _in_a_circle_with(me)\n        | Q(came",
        "        | _in_a_circle_with(me)\n        | Q(came",
    ),
    ("page: circle", "        | _in_a_circle_with(me)\n", ""),
    (
        "page: I invited them",
        '        | Q(came_by_invitation__inviter=me)\n        | Q(Exists(Account.objects.filter(pk=me, came_by_invitation__inviter=OuterRef("pk"))))\n    )\n    return people.filter(known)',
        '        | Q(Exists(Account.objects.filter(pk=me, came_by_invitation__inviter=OuterRef("pk"))))\n    )\n    return people.filter(known)',
    ),
    (
        "page: they invited me",
        '        | Q(Exists(Account.objects.filter(pk=me, came_by_invitation__inviter=OuterRef("pk"))))\n    )\n    return people.filter(known)',
        "    )\n    return people.filter(known)",
    ),
    ("page: block", "known).exclude(_blocked(me))", "known)"),
    ("page: suspended", ".exclude(_apart_by_suspension(me))", ""),
    ("page: suspended, to a visitor", "people.filter(suspended_at=None)", "people"),
    (
        "page: open words that are suspended",
        "    ) & Q(post__suspended_at=None)\n    if not signed_in",
        "    )\n    if not signed_in",
    ),
    (
        "page: suspended words for me",
        "        post__suspended_at=None,\n        post__words_for__in",
        "        post__words_for__in",
    ),
    ("page: a suspended door", "admitted.filter(post__suspended_at=None)", "admitted"),
    ("page: block by them", "Q(Exists(by_them)) | Q(Exists(by_me))", "Q(Exists(by_me))"),
    ("page: block by me", "Q(Exists(by_them)) | Q(Exists(by_me))", "Q(Exists(by_them))"),
    (
        "page: open words published",
        'account=OuterRef("pk"), post__state=Post.State.PUBLISHED, post__words_for',
        'account=OuterRef("pk"), post__words_for',
    ),
    ("page: open words for anyone", ", post__words_for=Audience.ANYONE\n", "\n"),
    ("page: not signed in", "if not signed_in:", "if False:"),
    (
        "page: published what is for me",
        "        post__state=Post.State.PUBLISHED,\n        post__suspended_at=None,\n",
        "        post__suspended_at=None,\n",
    ),
    (
        "page: named only in words for people",
        "        post__words_for__in=(Audience.PEOPLE, Audience.LET_IN),\n",
        "",
    ),
    ("page: named for the words", "        what=Grant.What.WORDS,\n", ""),
    ("page: circle from now on", "theirs.filter(counts, circle", "theirs.filter(circle"),
    ("page: door still there", "        doors,\n", ""),
    (
        "page: door for words",
        "Q(post__words_for=Audience.LET_IN) | Q(post__photographs_for=Audience.LET_IN)",
        "Q(post__photographs_for=Audience.LET_IN)",
    ),
    (
        "page: door published",
        '        post__authorships__account=OuterRef("pk"),\n        post__state=Post.State.PUBLISHED,\n    )\n    return Q(Exists(admitted.filter(',
        '        post__authorships__account=OuterRef("pk"),\n    )\n    return Q(Exists(admitted.filter(',
    ),
    ("page: follower", "Q(Exists(follows)) | Q(Exists(followed))", "Q(Exists(followed))"),
    ("page: followed", "Q(Exists(follows)) | Q(Exists(followed))", "Q(Exists(follows))"),
    (
        "page: a circle that holds me",
        "Q(Exists(holds_me)) | Q(Exists(held_by_me))",
        "Q(Exists(held_by_me))",
    ),
    (
        "page: a circle of mine",
        "Q(Exists(holds_me)) | Q(Exists(held_by_me))",
        "Q(Exists(holds_me))",
    ),
]
IN_RESPONSES = [
    ("respond: written by oneself", " & ~conditions.is_author(ACCOUNT)", ""),
    (
        "respond: while closed by themselves",
        "~conditions.is_author(ACCOUNT) & ~paused",
        "~conditions.is_author(ACCOUNT)",
    ),
    ("respond: let in counts for a door only", "_is_for_let_in() & conditions", "conditions"),
    (
        "respond: a door for words",
        "Q(words_for=Audience.LET_IN) | Q(photographs_for=Audience.LET_IN)",
        "Q(photographs_for=Audience.LET_IN)",
    ),
    (
        "respond: a door for photographs",
        "Q(words_for=Audience.LET_IN) | Q(photographs_for=Audience.LET_IN)",
        "Q(words_for=Audience.LET_IN)",
    ),
    ("respond: let in", "        | takes_from(RespondedBy.LET_IN) & let_in\n", ""),
    (
        "respond: only if let in",
        "takes_from(RespondedBy.LET_IN) & let_in",
        "takes_from(RespondedBy.LET_IN)",
    ),
    ("respond: named", "        | takes_from(RespondedBy.NAMED) & named\n", ""),
    (
        "respond: only if named",
        "takes_from(RespondedBy.NAMED) & named",
        "takes_from(RespondedBy.NAMED)",
    ),
    (
        "respond: named for the photographs",
        'conditions.is_named("words", Grant.What.WORDS, me) | conditions.is_named(\n        "photographs", Grant.What.PHOTOGRAPHS, me\n    )',
        'conditions.is_named("words", Grant.What.WORDS, me)',
    ),
    (
        "respond: whoever can read it",
        "        takes_from(RespondedBy.READERS)\n        | takes_from(RespondedBy.LET_IN) & let_in",
        "        takes_from(RespondedBy.LET_IN) & let_in",
    ),
    (
        "respond: every author says so",
        'post=OuterRef("post"), author=OuterRef("account"), **choice',
        'post=OuterRef("post"), **choice',
    ),
    (
        "respond: says so for this letter",
        'post=OuterRef("post"), author=OuterRef("account"), **choice',
        'author=OuterRef("account"), **choice',
    ),
    (
        "read first: as this screener",
        "delegations.screening().filter(delegate=account).values",
        "delegations.screening().values",
    ),
    (
        "read first: authors only without a screener",
        '        ~Q(Exists(_screened().filter(post=OuterRef("pk")))),\n',
        "",
    ),
    (
        "read first: authors who say so",
        "        _every_author_says(read_first=ReadFirst.AUTHORS),\n",
        "",
    ),
    (
        "read first: only where one of the two holds",
        "filter(read_first, ~_is_apart",
        "filter(~_is_apart",
    ),
    (
        "read first: only what waits",
        "~_is_apart(account.pk), state=Response.State.WAITING)",
        "~_is_apart(account.pk))",
    ),
    (
        "read first: a block with the reader",
        "read_first, ~_is_apart(account.pk), state",
        "read_first, state",
    ),
    (
        "read first: not one's own",
        "Q(writer=account) | Q(Exists(suspended))",
        "Q(Exists(suspended))",
    ),
    (
        "read first: all of them where none is a screener",
        "if found or not _read_themselves(to):",
        "if found:",
    ),
    ("apart from a recipient", "~_is_apart_from_a_recipient(), _writer", "_writer"),
    (
        "a writer who has left",
        "(writer__is_active=True, writer",
        "(writer",
    ),
    ("a writer without an account", "Q(writer=None) | Q(writer", "Q(writer"),
    (
        "read first: a letter to one person",
        "        | Q(recipient__in=theirs)\n",
        "",
    ),
    (
        "read first: by its recipient",
        '        | Q(recipient__in=as_recipient.values("pk"))\n',
        "",
    ),
    (
        "read first: a recipient only without a screener",
        "        ~Exists(screened), private_letter_choice",
        "        private_letter_choice",
    ),
    (
        "read first: a recipient who says so",
        ", private_letter_choice__read_first=ReadFirst.AUTHORS",
        "",
    ),
    (
        "read first: everyone who is written to",
        "filter(account=to, read_first=ReadFirst.AUTHORS)",
        "filter(account=to)",
    ),
    (
        "read first: the screeners of this person",
        "Account.objects.filter(pk=to.pk)",
        "Account.objects.all()",
    ),
    (
        "passed on: quiet days",
        "    if quiet_days.until(author, at=at):\n        return Response.objects.none()\n",
        "",
    ),
    ("passed on: a block", "        ~_is_apart(author.pk),\n", ""),
    ("passed on: to a recipient", "        written_to(author),\n", ""),
    (
        "passed on: to an author",
        'Q(post__in=written_by(account).values("pk")) | Q(recipient',
        "Q(recipient",
    ),
    ("passed on: to one person", " | Q(recipient=account)", ""),
    (
        "passed on: only what was",
        "        _writer_is_here(),\n        state=Response.State.PASSED_ON,\n",
        "        _writer_is_here(),\n",
    ),
    ("passed on: a writer who has left", "        _writer_is_here(),\n", ""),
    (
        "a writer who is suspended",
        "writer__is_active=True, writer__suspended_at=None",
        "writer__is_active=True",
    ),
    ("read first: a reader who is suspended", " | Q(Exists(suspended))", ""),
    (
        "shown: only to those who can read the letter",
        "    if not visible_to(viewer, at=at).filter(pk=post_id).exists():\n",
        "    if False:\n",
    ),
    ("shown: with this letter", "        post=post_id,\n", ""),
    ("shown: only after an author's yes", "        shown_at__isnull=False,\n", ""),
    ("shown: a block with the reader", "shown.exclude(_is_apart(viewer.account))", "shown"),
    ("apart: one has blocked", "Q(blocker=me, blocked=OuterRef(writer)) | Q(", "Q("),
    ("apart: one is blocked", " | Q(blocker=OuterRef(writer), blocked=me)", ""),
    ("apart from an author who blocked", "(by_author, by_writer,", "(by_writer, by_writer,"),
    ("apart from an author who is blocked", "(by_author, by_writer,", "(by_author, by_author,"),
    (
        "apart from a recipient who blocked",
        "by_recipient, of_recipient)",
        "of_recipient, of_recipient)",
    ),
    (
        "apart from a recipient who is blocked",
        "by_recipient, of_recipient)",
        "by_recipient, by_recipient)",
    ),
]
IN_PRIVATE_LETTERS = [
    ("write: a circle of theirs", 'circle__owner=OuterRef("pk"), account=me', "account=me"),
    (
        "write: only in their circle",
        "_chose(WrittenBy.IN_MY_CIRCLES), Q(Exists(mine))",
        "_chose(WrittenBy.IN_MY_CIRCLES)",
    ),
    (
        "write: only who knows them",
        "_chose(WrittenBy.WHO_KNOW_ME), known",
        "_chose(WrittenBy.WHO_KNOW_ME)",
    ),
    (
        "write: only where it was chosen",
        "written_by__gte=level, paused_since=None",
        "paused_since=None",
    ),
    (
        "write: while closed by themselves",
        "written_by__gte=level, paused_since=None",
        "written_by__gte=level",
    ),
    ("write: this person's choice", 'choice.filter(account=OuterRef("pk"))', "choice"),
    ("write: an answer", "chosen | _has_written_to(me)", "chosen"),
    ("write: to oneself", ".exclude(pk=me.pk)", ""),
    ("write: to somebody suspended", "filter(i_am_here, suspended_at=None)", "filter(i_am_here)"),
    (
        "write: while suspended",
        "pk=me.pk, is_active=True, suspended_at=None",
        "pk=me.pk, is_active=True",
    ),
    (
        "write: with a closed account",
        "pk=me.pk, is_active=True, suspended_at=None",
        "pk=me.pk, suspended_at=None",
    ),
    (
        "write: a block or a closed account",
        "people_named_to(me.pk).filter",
        "Account.objects.filter",
    ),
    ("answer: what a pen name wrote", ', pen_name=""', ""),
    ("answer: to this writer", 'writer=OuterRef("pk"), pen_name', "pen_name"),
    ("at once: those who screen", "policy.is_screener_of(writer, to) or ", ""),
    (
        "at once: this recipient's answer",
        "_has_written_to(writer), pk=to.pk",
        "_has_written_to(writer)",
    ),
    ("at once: only an answer", "_has_written_to(writer), pk=to.pk", "pk=to.pk"),
]
BETWEEN_TWO = [
    ("between: to me", "recipient=me, writer=other", "writer=other"),
    ("between: of the other", "recipient=me, writer=other", "recipient=me"),
    ("between: only what was passed on", "policy.passed_on_to(me, at=at)", "Response.objects"),
    ("between: my own to the other", "written_by(me).filter(recipient=other)", "written_by(me)"),
    ("between: suspended", ".filter(suspended_at=None)", ""),
    ("between: apart", "people_named_to(account.pk)", "Account.objects"),
]
IN_DESK = [
    (
        "asked: quiet days",
        "    if quiet_days.until(recipient, at=at):\n        return Response.objects.none()\n",
        "",
    ),
    (
        "asked: a recipient",
        "policy.written_to(recipient), state=State.ASKED",
        "state=State.ASKED",
    ),
    (
        "asked: only what is asked",
        "policy.written_to(recipient), state=State.ASKED",
        "policy.written_to(recipient)",
    ),
    (
        "asked: a block",
        "policy.not_apart().filter(policy.written_to(recipient)",
        "Response.objects.filter(policy.written_to(recipient)",
    ),
]
IN_THANKS = [
    (
        "thanks: ended",
        "ended_at=None, answered_at=None, ends_at__gt=at)",
        "answered_at=None, ends_at__gt=at)",
    ),
    ("thanks: answered", "answered_at=None, ends_at__gt=at)", "ends_at__gt=at)"),
    ("thanks: over", ", ends_at__gt=at)", ")"),
    ("thanks: the author is here", "filter(_AUTHOR_IS_HERE, not_ended", "filter(not_ended"),
    (
        "thanks: the team, the author is here",
        "        _AUTHOR_IS_HERE,\n        ~Q(",
        "        ~Q(",
    ),
    (
        "thanks: the team, a block",
        '        ~Q(Exists(_blocks_between(member, OuterRef("author")))),\n',
        "",
    ),
    ("thanks: given to the team", "        way=Way.TEAM,\n", ""),
    ("thanks: the team, ended", "        ended_at=None,\n", ""),
    ("thanks: the team, handed over", "        handed_over_at=None,\n", ""),
    (
        "thanks: a moderator",
        "waiting.filter(Exists(moderators.everybody().filter(pk=member.pk)))",
        "waiting",
    ),
    (
        "thanks: this moderator",
        "moderators.everybody().filter(pk=member.pk)",
        "moderators.everybody()",
    ),
    (
        "thanks: whom a block sets apart is none of the team",
        'everybody().filter(~Q(Exists(_blocks_between(author, OuterRef("pk")))))',
        "everybody()",
    ),
    ("thanks: a block by one", "Q(blocker=one, blocked=other) | ", ""),
    ("thanks: a block by the other", " | Q(blocker=other, blocked=one)", ""),
]
IN_FAMILY = [
    ("family: its keeper", "Q(keeper=me) | others", "others"),
    (
        "family: only for those who may open the keeper's page",
        " & Q(keeper__in=people_known_to(me))",
        "",
    ),
    ("family: closed", "Q(closed_at=None) & reaches", "reaches"),
    ("family: for anyone", "Q(audience=FamilyAudience.ANYONE) | _names(me)", "_names(me)"),
    ("family: for people named", "FamilyAudience.ANYONE) | _names(me)", "FamilyAudience.ANYONE)"),
    (
        "family: named only while for people",
        "Q(audience=FamilyAudience.PEOPLE) & (by_name | by_circle)",
        "by_name | by_circle",
    ),
    ("family: by name", "& (by_name | by_circle)", "& by_circle"),
    ("family: by circle", "& (by_name | by_circle)", "& by_name"),
    ("family: a circle from now on", "grants.filter(counts, circle", "grants.filter(circle"),
    (
        "family: in a circle for the past too",
        "Q(circle__memberships__from_now_on=False) | Q(",
        "Q(",
    ),
    ("family: an entry put away", "~Exists(off), put_away_at=None", "~Exists(off)"),
    ("family: an entry about somebody taken off", "~Exists(off), put_away_at", "put_away_at"),
    ("family: somebody else was taken off", 'entries=OuterRef("pk"), taken_off', "taken_off"),
    ("family: an entry of a letter", "is_keeper or entry.post or not entry.of_letter", "True"),
    (
        "family: entries of a family that is seen",
        "filter(family=family, family__in=families_visible_to(viewer))\n    if not is_keeper",
        "filter(family=family)\n    if not is_keeper",
    ),
    (
        "family: members of a family that is seen",
        "filter(family=family, family__in=families_visible_to(viewer))\n    if viewer.account",
        "filter(family=family)\n    if viewer.account",
    ),
    ("family: a member taken off", "members.filter(taken_off_at=None)", "members.all()"),
]
IN_REPORTS = [
    (
        "reported: not one's own",
        "response is None or _is_own(response, viewer)",
        "response is None",
    ),
    (
        "reported: this one in hand",
        "queue.held_by(me, at=at).filter(pk=response.pk).exists()",
        "queue.held_by(me, at=at).exists()",
    ),
    (
        "reported: this one passed on",
        "policy.passed_on_to(me, at=at).filter(pk=response.pk).exists()",
        "policy.passed_on_to(me, at=at).exists()",
    ),
    (
        "reported: this one beside the letter",
        "if beside.filter(pk=response.pk).exists()",
        "if beside.exists()",
    ),
    ("looked at: by a look", "filter(Exists(looks), state__in", "filter(state__in"),
    ("looked at: at this response", '.filter(response=OuterRef("pk"))', ""),
    ("looked at: only words", "Exists(looks), state__in=WITH_WORDS)", "Exists(looks))"),
    ("looked at: by an author", ".exclude(post__in=mine)", ""),
    ("looked at: by its recipient", ".exclude(recipient=viewer.account)", ""),
    ("looked at: by its writer", ".exclude(writer=viewer.account)", ""),
]
IN_SHELF = [
    ("shelf: every author's yes", "        ~Exists(silent),\n", ""),
    ("shelf: this letter's authors", 'post=OuterRef("pk"), may_be_found', "may_be_found"),
    ("shelf: nothing suspended", "        ~is_suspended(),\n", ""),
    ("shelf: published", "        state=Post.State.PUBLISHED,\n", ""),
    ("shelf: words for anyone", "        words_for=Audience.ANYONE,\n", ""),
]
IN_DIRECTORY = [
    (
        "directory: who may open the page",
        'account__in=known.values("pk")',
        "account__isnull=False",
    ),
    ("directory: only with an account", "if viewer.account is None:", "if False:"),
]
IN_SUSPENSION = [
    ("a suspended letter", "return itself | Q(Exists", "return Q(Exists"),
    ("a suspended author", "itself | Q(Exists(suspended)) & Q(Exists(by_suspended))", "itself"),
    (
        "a suspended author of this letter",
        'filter(post=OuterRef(f"{through}pk"), account__in=suspended)',
        "filter(account__in=suspended)",
    ),
]
