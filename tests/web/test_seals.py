from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from hashlib import sha256

import pytest
from django.urls import reverse
from django.utils import timezone

from beside.moderation.models import Report
from beside.people import moderators
from beside.people.models import Account
from beside.posts.models import Audience
from beside.responses import desk, queue, seals
from beside.responses.models import Seal, SealOpening
from tests.cast import make_post
from tests.responses.builders import in_hand, reads_first, respond, take_responses
from tests.web.browser import as_, page, post, status, written

pytestmark = pytest.mark.usefixtures("own_place")
WORDS = "A cruel sentence."


@pytest.fixture
def seal(cast) -> Seal:
    """Ines, who reads first for Tom, has sealed what Nan wrote to Rose and Tom."""
    letter = make_post(cast.rose, cast.tom, words_for=Audience.ANYONE)
    take_responses(letter)
    reads_first(cast.tom, cast.ines)
    now = timezone.now()
    response = respond(letter, cast.nan, WORDS, at=now, pen_name="A friend")
    queue.take_next(cast.ines, at=now)
    desk.seal(response.pk, by=cast.ines, at=now)
    return Seal.objects.get()


@pytest.fixture
def ines(cast):
    return as_(cast.ines)


def opening(client, seal, reason="Tom asked me to."):
    return post(client, "seal", seal.pk, reason=reason).content.decode()


@pytest.mark.thorough
def test_the_list_has_a_day_and_whose_letter_and_no_word(cast, seal, ines):
    said = page(ines, "seals")

    assert "Written to Rose and Tom." in said
    assert "Kept until" in said
    assert not any(word in said for word in (WORDS, "Nan", "A friend"))


@pytest.mark.thorough
def test_it_opens_only_with_a_reason_and_every_opening_is_recorded(cast, seal, ines):
    asked, without = page(ines, "seal", seal.pk), opening(ines, seal, reason=" ")
    assert WORDS not in asked + without
    assert "The authors see who opened it, when, and why." in asked
    assert not SealOpening.objects.exists()

    said = opening(ines, seal)

    assert all(word in said for word in (WORDS, "Nan", "A friend"))
    assert cast.nan.email not in said
    assert WORDS not in page(ines, "seal", seal.pk)
    [one] = SealOpening.objects.all()
    assert (one.by, one.reason) == (cast.ines, "Tom asked me to.")


@pytest.mark.thorough
def test_the_authors_see_each_opening_and_nothing_of_what_it_says(cast, seal, ines):
    opening(ines, seal)

    for author in (cast.rose, cast.tom):
        said = page(as_(author), "kept_from_you")
        assert "Something that Ines sealed in" in said
        assert "“Tom asked me to.”" in said
        assert not any(word in said for word in (WORDS, "Nan", "A friend"))


@pytest.mark.thorough
def test_what_is_kept_is_reached_by_a_link_that_is_always_the_same(cast, seal):
    row = f'<li><a class="set" href="{reverse("kept_from_you")}">'

    def line(who):
        return page(as_(who), "you").split(row)[1].split("</li>")[0]

    assert line(cast.rose) == line(cast.ada)
    for name in ("home", "notices", "letters"):
        assert reverse("kept_from_you") not in page(as_(cast.rose), name)
        assert "sealed" not in page(as_(cast.rose), name)
    assert "Nothing is kept from you." in page(as_(cast.ada), "kept_from_you")


@pytest.mark.thorough
def test_a_file_is_there_only_once_an_author_has_asked(cast, seal, ines):
    assert "Download the file" not in page(ines, "seal", seal.pk)
    assert post(ines, "seal_file", seal.pk).status_code == 404

    post(as_(cast.rose), "kept_from_you", seal=str(seal.pk))

    assert "A file was asked for on" in page(as_(cast.tom), "kept_from_you")
    assert "Authors for whom you read first ask for a file" in page(ines, "notices")
    assert "They’ve asked for a file of it." in page(ines, "seals")
    assert "Download the file" in page(ines, "seal", seal.pk)
    assert "took it as a file" not in page(as_(cast.tom), "kept_from_you")
    post(ines, "seal_file", seal.pk)
    assert "Ines took it as a file on" in page(as_(cast.tom), "kept_from_you")


@pytest.mark.thorough
def test_the_file_holds_what_was_written_with_its_sum(cast, seal, ines):
    seals.want_file(seal.pk, by=cast.rose, at=timezone.now())

    sent = post(ines, "seal_file", seal.pk)

    with zipfile.ZipFile(io.BytesIO(sent.content)) as held:
        contents, sums = held.read("response.json"), held.read("SHA256SUMS").decode()
    told = json.loads(contents)
    assert (told["words"], told["address"]) == (WORDS, cast.nan.email)
    assert sums.split()[0] == sha256(contents).hexdigest()
    assert sent.headers["Content-Type"] == "application/zip"
    assert sent.headers["Content-Disposition"].startswith('attachment; filename="beside-sealed-')
    assert sent.headers["Cache-Control"] == "private, no-store"
    assert sent.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.thorough
def test_somebody_else_gets_the_same_404_as_for_nothing(cast, seal):
    nothing = "00000000-0000-4000-8000-000000000000"
    seals.want_file(seal.pk, by=cast.rose, at=timezone.now())

    for who in ("rose", "tom", "nan", "ada", "marit"):
        client = as_(cast[who])
        for name in ("seal", "seal_file"):
            theirs = post(client, name, seal.pk, reason="Because.")
            none = post(client, name, nothing, reason="Because.")
            assert (theirs.status_code, theirs.content) == (404, none.content)
        assert status(client, "seal", seal.pk) == 404
    assert not SealOpening.objects.exists()


@pytest.mark.thorough
def test_only_an_author_asks_for_a_file(cast, seal, ines):
    for client in (ines, as_(cast.nan), as_(cast.ada)):
        assert post(client, "kept_from_you", seal=str(seal.pk)).status_code == 404
    assert post(as_(cast.rose), "kept_from_you", seal="x").status_code == 404

    assert Seal.objects.get().file_wanted_at is None


@pytest.mark.thorough
def test_after_its_term_nothing_of_it_is_left(cast, seal, ines):
    Seal.objects.update(
        ends_at=timezone.now() - timedelta(seconds=1), file_wanted_at=timezone.now()
    )

    assert status(ines, "seal", seal.pk) == 404
    assert post(ines, "seal_file", seal.pk).status_code == 404
    assert "You haven’t sealed anything" in page(ines, "seals")
    assert "Nothing is kept from you." in page(as_(cast.rose), "kept_from_you")


@pytest.mark.thorough
def test_where_whoever_sealed_it_has_left_the_moderators_make_the_file(cast, seal):
    Account.objects.filter(pk=cast.ines.pk).delete()
    rose, marit = as_(cast.rose), as_(cast.marit)
    assert "so the moderators are told" in page(rose, "kept_from_you")

    post(rose, "kept_from_you", seal=str(seal.pk))

    assert "The moderators can make it now." in page(rose, "kept_from_you")
    assert "Something is waiting for the moderators" in page(marit, "notices")
    assert reverse("moderated_seal", args=[seal.pk]) in page(marit, "cases")
    sent = post(marit, "moderated_seal", seal.pk, do="file", reason="Rose has asked.")
    assert sent.headers["Content-Type"] == "application/zip"
    said = page(rose, "kept_from_you")
    assert "Marit took it as a file on" in said
    assert "“Rose has asked.”" in said


def test_nobody_is_offered_a_file_that_nobody_can_make(cast, seal):
    Account.objects.filter(pk=cast.ines.pk).delete()
    Account.objects.filter(pk=cast.marit.pk).update(is_host=False)

    said = page(as_(cast.rose), "kept_from_you")

    assert "Ask for a file" not in said
    assert "so nobody can make a file of it" in said


@pytest.mark.thorough
def test_whoever_reads_first_opens_what_they_sealed_after_they_have_stopped(cast, seal, ines):
    [one] = queue.delegations_of(cast.ines)
    queue.stop_reading(one.pk, by=cast.ines, at=timezone.now())

    assert WORDS in opening(ines, seal)


@pytest.mark.thorough
def test_an_author_who_sealed_it_themselves_is_told_so(cast, seal):
    Seal.objects.update(sealed_by=cast.rose)

    assert "Something that you sealed in" in page(as_(cast.rose), "kept_from_you")
    assert "Something that Rose sealed in" in page(as_(cast.tom), "kept_from_you")


@pytest.mark.thorough
def test_a_moderator_opens_it_only_with_a_reason_which_the_authors_read(cast, seal):
    marit = as_(cast.marit)
    closed = page(marit, "moderated_seal", seal.pk)
    without = written(post(marit, "moderated_seal", seal.pk, do="open", reason=" "))
    for said in (closed, without):
        assert not any(word in said for word in (WORDS, "Nan", "A friend", "Rose", "Tom"))
    assert "Download a file" not in closed
    assert not SealOpening.objects.exists()

    sent = post(marit, "moderated_seal", seal.pk, do="open", reason="Two families.")

    said = written(sent)
    assert all(word in said for word in (WORDS, "Nan", "A friend"))
    assert not any(word in said for word in ("Rose", "Tom"))
    assert WORDS not in page(marit, "moderated_seal", seal.pk)
    told = page(as_(cast.rose), "kept_from_you")
    assert "Marit opened it on" in told
    assert "“Two families.”" in told


@pytest.mark.thorough
def test_from_there_its_writers_place_is_closed(cast, seal):
    marit, why = as_(cast.marit), "You wrote it to two families."
    early = post(marit, "moderated_seal", seal.pk, do="close", because=why)
    assert early.status_code == 404
    post(marit, "moderated_seal", seal.pk, do="open", reason="Two families.")
    missing = post(marit, "moderated_seal", seal.pk, do="close", because=" ").content.decode()
    assert "This can’t be left empty." in missing
    assert "Close Nan’s place" in missing.replace("\u2068", "").replace("\u2069", "")
    assert WORDS not in missing

    post(marit, "moderated_seal", seal.pk, do="close", because=why)

    assert Account.objects.get(pk=cast.nan.pk).suspended_because == why
    assert "Close Nan" not in page(marit, "moderated_seal", seal.pk)


@pytest.mark.thorough
def test_nobody_whom_it_concerns_finds_it_as_a_moderator_and_nobody_else_at_all(cast, seal):
    for name in ("ines", "rose", "nan"):
        moderators.name(cast[name], by=cast.marit, at=timezone.now())
        moderators.accept(cast[name], at=timezone.now())

    for name in ("ines", "rose", "nan", "ada"):
        client = as_(cast[name])
        assert status(client, "moderated_seal", seal.pk) == 404
        for do in ("open", "file", "close"):
            sent = post(client, "moderated_seal", seal.pk, do=do, reason="x", because="x")
            assert sent.status_code == 404
    assert status(as_(cast.ada), "cases") == 404
    assert not SealOpening.objects.exists()


@pytest.mark.thorough
def test_the_cases_say_what_is_alike_and_nothing_of_it(cast, seal):
    other = make_post(cast.ada, words_for=Audience.ANYONE)
    take_responses(other)
    response = in_hand(other, cast.ada, cast.nan, "A  cruel sentence!")
    desk.seal(response.pk, by=cast.ada, at=timezone.now())
    marit = as_(cast.marit)

    said = page(marit, "cases")

    assert reverse("cases") in page(marit, "reports")
    assert "Alike, by one person" in said
    assert "To family 1, by person 1" in said
    assert "To family 2, by person 1" in said
    for one in Seal.objects.all():
        assert reverse("moderated_seal", args=[one.pk]) in said
    names = ("Rose", "Tom", "Ada", "Nan", "cruel", other.title, str(other.pk), str(cast.nan.pk))
    main = said.split("<main")[1]
    assert not any(word in main for word in names)
    assert "No sealed responses to different families are alike." in page(_another(cast), "cases")


def _another(cast):
    """A moderator to whom one of the two was written."""
    moderators.name(cast.ada, by=cast.marit, at=timezone.now())
    moderators.accept(cast.ada, at=timezone.now())
    return as_(cast.ada)


@pytest.mark.thorough
def test_a_report_about_what_was_sealed_leads_to_the_seal(cast, seal):
    report = Report.objects.create(
        kind="response", response=seal.response, words="Please look.", sent_at=timezone.now()
    )

    assert reverse("moderated_seal", args=[seal.pk]) in page(as_(cast.marit), "report", report.pk)
