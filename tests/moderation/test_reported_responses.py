from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from beside.access import looks as access_looks
from beside.access.models import Look, TrailEntry
from beside.access.policy import NothingToSee, Viewer
from beside.moderation import decisions, looks, reports, trail
from beside.moderation.looks import NoReason
from beside.moderation.models import Report
from beside.moderation.reports import NoSuchReport, ReportText
from beside.notices.models import Notice
from beside.people import blocks, moderators
from beside.people.models import Account
from beside.people.moderators import NotAModerator
from beside.posts.models import Audience, Authorship
from beside.responses import desk, inbox, queue, responses
from beside.responses import reports as response_reports
from beside.responses.models import Response
from tests.access.test_looks import session_of
from tests.at_once import at_once
from tests.cast import NOW, make_cast, make_post
from tests.responses.builders import in_hand, reads_first, respond, take_responses

SAID = ReportText("They say that it was my fault.")
WHY = "Somebody says that it blames a mother."
SESSION = "session-of-marit"


@pytest.fixture
def post(cast):
    """Ines reads first for Tom, and for Rose with him."""
    post = make_post(cast.rose, cast.tom, words_for=Audience.ANYONE)
    take_responses(post)
    reads_first(cast.tom, cast.ines)
    return post


@pytest.fixture
def held(cast, post) -> Response:
    """Nan's response, which Ines has in hand."""
    return in_hand(post, cast.ines, cast.nan)


@pytest.fixture
def session(cast) -> str:
    return session_of(cast.marit)


def report(response, by, at=NOW) -> Report:
    viewer = Viewer(by and by.pk)
    return reports.send_about_response(response.pk, SAID, viewer=viewer, at=at)


def look(sent, by, at=None, **typed):
    typed = {"reason": WHY, "session": SESSION, **typed}
    looks.look_at_response(sent.pk, by=by, at=at or timezone.now(), **typed)


def reads(response, viewer, at=None) -> bool:
    at = at or timezone.now()
    return response_reports.open_to(viewer, at=at).filter(pk=response.pk).exists()


def pass_on(response, cast):
    desk.pass_on(response.pk, by=cast.ines, at=NOW)


def name_as_moderator(cast, who):
    moderators.name(cast[who], by=cast.marit, at=NOW)
    moderators.accept(cast[who], at=NOW)


@pytest.mark.thorough
def test_somebody_who_reads_first_reports_what_they_have_in_hand(cast, post, held):
    sent = report(held, cast.ines)

    assert (sent.kind, sent.response, sent.post) == ("response", held, None)
    assert list(sent.about.all()) == [cast.nan]
    assert set(sent.kept_from.all()) == {cast.rose, cast.tom}
    queue.give_back(cast.ines)
    with pytest.raises(NothingToSee):
        report(held, cast.ines)


@pytest.mark.thorough
def test_an_author_reports_what_was_passed_on_and_nothing_before(cast, held):
    with pytest.raises(NothingToSee):
        report(held, cast.rose)

    pass_on(held, cast)

    assert report(held, cast.rose).response == held


@pytest.mark.thorough
def test_a_reader_reports_what_stands_beside_the_letter_and_nothing_else(cast, post, held):
    pass_on(held, cast)
    with pytest.raises(NothingToSee):
        report(held, cast.ada)

    inbox.show(held.pk, by=cast.rose, at=NOW)

    assert report(held, cast.ada).response == held
    with pytest.raises(NothingToSee):
        report(held, None)
    post.words_signed_in = False
    post.save()
    assert report(held, None).reporter is None


@pytest.mark.thorough
def test_nobody_reports_what_a_block_keeps_from_them_or_what_they_wrote(cast, held):
    pass_on(held, cast)
    inbox.show(held.pk, by=cast.rose, at=NOW)
    blocks.block(cast.ada, cast.nan, at=NOW)

    for who in (cast.ada, cast.nan):
        with pytest.raises(NothingToSee):
            report(held, who)


@pytest.mark.thorough
def test_a_report_alone_changes_nothing_and_tells_neither_side(cast, held):
    before = Response.objects.filter(pk=held.pk).values().get()

    report(held, cast.ines)

    assert Response.objects.filter(pk=held.pk).values().get() == before
    told = Notice.objects.filter(kind=Notice.Kind.REPORTED).values_list("recipient", flat=True)
    assert list(told) == [cast.marit.pk]
    assert not Notice.objects.filter(recipient__in=[cast.rose, cast.tom, cast.nan]).exists()


@pytest.mark.thorough
@pytest.mark.parametrize("who", ["rose", "nan"])
def test_neither_an_author_nor_the_writer_reads_it_as_a_moderator(cast, post, held, who):
    name_as_moderator(cast, who)
    session_of(cast[who], "theirs")

    sent = report(held, cast.ines)

    assert not Notice.objects.filter(recipient=cast[who], kind=Notice.Kind.REPORTED).exists()
    with pytest.raises(NoSuchReport):
        reports.get(sent.pk, by=cast[who])
    with pytest.raises(NoSuchReport):
        look(sent, cast[who], session="theirs")
    # Nor once they have left the letter, or it is gone.
    Authorship.objects.filter(post=post, account=cast.rose).delete()
    held.delete()
    with pytest.raises(NoSuchReport):
        reports.get(sent.pk, by=cast[who])


@pytest.mark.thorough
def test_somebody_who_becomes_an_author_later_does_not_read_it_either(cast, post, held):
    name_as_moderator(cast, "ada")
    session_of(cast.ada, "theirs")
    sent = report(held, cast.ines)
    look(sent, cast.ada, session="theirs")
    ada = Viewer(cast.ada.pk, "theirs")
    before = reads(held, ada)

    Authorship.objects.create(post=post, account=cast.ada, joined_at=NOW)

    assert before
    assert not reads(held, ada)
    with pytest.raises(NoSuchReport):
        reports.get(sent.pk, by=cast.ada)


@pytest.mark.thorough
def test_its_words_open_only_after_a_reason_in_one_session_and_for_a_short_term(
    cast, held, session
):
    sent, marit = report(held, cast.ines), Viewer(cast.marit.pk, session)
    before = reads(held, marit)
    with pytest.raises(NoReason):
        look(sent, cast.marit, reason=" ")

    look(sent, cast.marit)

    assert not before
    assert reads(held, marit)
    elsewhere = Viewer(cast.marit.pk, session_of(cast.marit, "another"))
    assert not reads(held, elsewhere)
    assert not reads(held, Viewer(cast.rose.pk, session))
    assert not reads(held, marit, timezone.now() + access_looks.TERM)
    assert not reads(held, Viewer())


@pytest.mark.thorough
def test_a_look_is_in_the_trail_and_told_to_the_writer_and_not_to_authors_who_never_met_it(
    cast, held, session
):
    look(report(held, cast.ines), cast.marit)

    entry = TrailEntry.objects.get()
    assert (entry.moderator, entry.response, entry.post) == (cast.marit.pk, held.pk, None)
    assert entry.reason == WHY
    assert not list(trail.faults())
    told = Notice.objects.filter(kind=Notice.Kind.RESPONSE_LOOKED, about=held.pk)
    assert list(told.values_list("recipient", flat=True)) == [cast.nan.pk]


@pytest.mark.thorough
def test_authors_to_whom_it_was_passed_on_are_told_unless_a_block_lies_between(cast, held, session):
    pass_on(held, cast)
    sent = report(held, cast.rose)
    blocks.block(cast.tom, cast.nan, at=NOW)

    look(sent, cast.marit)

    told = Notice.objects.filter(kind=Notice.Kind.RESPONSE_LOOKED, about=held.pk)
    assert set(told.values_list("recipient", flat=True)) == {cast.nan.pk, cast.rose.pk}
    at = timezone.now()
    for who in (cast.nan, cast.rose):
        assert looks.response_concerning(held.pk, who, at=at) == held
    for who in (cast.tom, cast.ines, cast.ada):
        with pytest.raises(NothingToSee):
            looks.response_concerning(held.pk, who, at=at)


@pytest.mark.thorough
def test_it_ends_with_the_report_and_with_being_a_moderator(cast, held):
    name_as_moderator(cast, "ada")
    ada = Viewer(cast.ada.pk, session_of(cast.ada, SESSION))
    sent = report(held, cast.ines)
    look(sent, cast.ada)
    before = reads(held, ada)
    moderators.end(cast.ada.pk, by=cast.ada, at=NOW)
    after = reads(held, ada)

    decisions.leave(sent.pk, by=cast.marit, at=NOW)

    assert (before, after) == (True, False)
    assert not Look.objects.exists()
    with pytest.raises(NoSuchReport):
        look(sent, cast.marit)


@pytest.mark.thorough
def test_a_declined_or_sealed_one_has_no_words_to_look_at(cast, post, held, session):
    sealed = respond(post, cast.ada, "Something else.")
    marit = Viewer(cast.marit.pk, session)
    first = report(held, cast.ines)
    look(first, cast.marit)
    desk.decline(held.pk, by=cast.ines, at=NOW)
    queue.take_next(cast.ines, at=NOW)
    second = report(sealed, cast.ines)
    desk.seal(sealed.pk, by=cast.ines, at=NOW)

    for sent in (first, second):
        assert not reads(sent.response, marit)
        with pytest.raises(NothingToSee):
            look(sent, cast.marit)


@pytest.mark.thorough
def test_one_that_its_writer_takes_back_is_gone_and_the_report_stays(cast, held, session):
    sent = report(held, cast.ines)
    look(sent, cast.marit)

    responses.take_back(held.pk, by=cast.nan, at=NOW)

    sent.refresh_from_db()
    assert (sent.response, list(sent.about.all())) == (None, [cast.nan])
    assert not Notice.objects.filter(kind=Notice.Kind.RESPONSE_LOOKED).exists()
    with pytest.raises(NothingToSee):
        look(sent, cast.marit)
    trail.forget_reasons()
    assert TrailEntry.objects.get().reason == ""
    assert not list(trail.faults())


@pytest.mark.thorough
def test_its_writers_place_is_closed_and_nobody_elses(cast, held):
    sent = report(held, cast.ines)
    with pytest.raises(NoSuchReport):
        decisions.close_place(sent.pk, cast.rose.pk, because=WHY, by=cast.marit, at=NOW)

    decisions.close_place(sent.pk, cast.nan.pk, because=WHY, by=cast.marit, at=NOW)

    assert Account.objects.get(pk=cast.nan.pk).suspended_at == NOW


@pytest.mark.thorough
def test_a_report_about_a_letter_opens_no_response_and_the_other_way_round(cast, held, session):
    sent = report(held, cast.ines)

    with pytest.raises(NoSuchReport):
        looks.look(sent.pk, None, reason=WHY, by=cast.marit, session=session, at=NOW)
    person = reports.send_about_person(cast.nan.pk, SAID, viewer=Viewer(cast.nan.pk), at=NOW)
    with pytest.raises(NoSuchReport):
        look(person, cast.marit)
    with pytest.raises(NotAModerator):
        look(sent, cast.ada)


@pytest.mark.thorough
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("order", [1, -1], ids=["as said", "the other way round"])
def test_a_report_against_a_taking_back(order):
    cast, held = _held()
    acts = [
        lambda: report(held, cast.ines),
        lambda: responses.take_back(held.pk, by=cast.nan, at=NOW),
    ]

    both = at_once(*acts[::order])

    assert both.raised() == ([] if order == 1 else [NothingToSee])
    assert not Response.objects.exists()
    assert [one.response for one in Report.objects.all()] == ([None] if order == 1 else [])


@pytest.mark.thorough
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("order", [1, -1], ids=["as said", "the other way round"])
def test_a_look_against_a_taking_back(order):
    cast, held = _held()
    sent = report(held, cast.ines)
    marit = Viewer(cast.marit.pk, session_of(cast.marit))
    acts = [
        lambda: look(sent, cast.marit),
        lambda: responses.take_back(held.pk, by=cast.nan, at=NOW),
    ]

    both = at_once(*acts[::order])

    assert both.raised() == ([] if order == 1 else [NothingToSee])
    assert TrailEntry.objects.count() == (1 if order == 1 else 0)
    assert not reads(held, marit)


def _held():
    cast = make_cast()
    post = make_post(cast.rose, words_for=Audience.ANYONE)
    take_responses(post)
    reads_first(cast.rose, cast.ines)
    return cast, in_hand(post, cast.ines, cast.nan)


@pytest.mark.thorough
def test_quiet_days_keep_from_an_author_what_they_have_in_hand(cast):
    post = make_post(cast.rose, words_for=Audience.ANYONE)
    take_responses(post)
    response = in_hand(post, cast.rose, cast.nan)
    cast.rose.profile.paused_until = NOW + timedelta(days=1)
    cast.rose.profile.save()

    with pytest.raises(NothingToSee):
        report(response, cast.rose)


def test_a_private_letter_is_reported_by_its_recipient_who_reads_it_nowhere_else(cast, session):
    letter = Response.objects.create(
        recipient=cast.rose,
        writer=cast.nan,
        words="You should have known.",
        state=Response.State.PASSED_ON,
        sent_at=NOW,
        waits_since=NOW,
    )
    name_as_moderator(cast, "rose")
    rose = Viewer(cast.rose.pk, session_of(cast.rose, "theirs"))

    sent = report(letter, cast.rose)

    assert (list(sent.about.all()), list(sent.kept_from.all())) == ([cast.nan], [cast.rose])
    for other in (cast.nan, cast.tom, None):
        with pytest.raises(NothingToSee):
            report(letter, other)
    with pytest.raises(NoSuchReport):
        look(sent, cast.rose, session="theirs")
    look(sent, cast.marit)
    assert reads(letter, Viewer(cast.marit.pk, session))
    assert not reads(letter, rose)
    told = Notice.objects.filter(kind=Notice.Kind.RESPONSE_LOOKED, about=letter.pk)
    assert set(told.values_list("recipient", flat=True)) == {cast.nan.pk, cast.rose.pk}


def test_what_somebody_without_an_account_wrote_is_reported_about_nobody(cast, session):
    letter = Response.objects.create(
        recipient=cast.rose,
        signed="Gran",
        words="You should have known.",
        state=Response.State.PASSED_ON,
        sent_at=NOW,
        waits_since=NOW,
    )

    sent = report(letter, cast.rose)
    look(sent, cast.marit)

    assert not sent.about.exists()
    assert Notice.objects.get(kind=Notice.Kind.RESPONSE_LOOKED).recipient == cast.rose
