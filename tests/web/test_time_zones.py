from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from beside.access.policy import Viewer
from beside.archive import exports
from beside.notices import notices
from beside.notices.models import Notice
from beside.people import account_changes, accounts, invitations, time_zones
from beside.people.account_changes import Kind
from beside.people.models import Account, Follow
from beside.posts import addenda, publishing
from beside.posts.models import Audience, Post
from beside.web import account_mails
from beside.web.forms import time_zones as offered
from beside.web.http.time_zones import COOKIE, activate
from beside.web.pages import archive_files
from beside.web.pages import notices as news
from tests.cast import NOW, make_post
from tests.web.signing_in import confirm, open_invitation, phone, sign_in, sign_up

pytestmark = pytest.mark.usefixtures("own_place")

# Half past ten in the morning in UTC: the 16th in Kiritimati, the 14th in Pago Pago.
AT = datetime(2026, 6, 15, 10, 30, tzinfo=UTC)
AUTHORS_DAY = "16 June 2026"
OTHER_DAYS = ("15 June 2026", "14 June 2026")


@pytest.fixture(autouse=True)
def nothing_counted_yet(db):
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def browser():
    def open_one(account: Account | None = None, *, zone: str = "") -> Client:
        client = Client(HTTP_HOST="localhost")
        if account is not None:
            client.force_login(account)
        if zone:
            client.cookies[COOKIE] = zone
        return client

    return open_one


@pytest.fixture
def letter(cast):
    """A letter that Rose published in Kiritimati, with an addendum of the same day."""
    accounts.choose_time_zone(cast.rose, "Pacific/Kiritimati")
    draft = {"words_for": Audience.ANYONE, "words_signed_in": False}
    post = make_post(cast.rose, state=Post.State.DRAFT, about_when="20 weeks", **draft)
    publishing.publish(post, by=cast.rose, at=AT)
    addenda.add(post, "In the morning.", by=cast.rose, at=AT)
    post.refresh_from_db()
    return post


def page(client: Client, name: str, *args) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def zone_of(request) -> str:
    answer = activate(lambda _request: HttpResponse(timezone.get_current_timezone_name()))
    return answer(request).content.decode()


def request_of(user, cookie: str | None = None):
    request = RequestFactory().get("/")
    request.user = user
    if cookie is not None:
        request.COOKIES[COOKIE] = cookie
    return request


# Which zone a request has


def test_an_account_has_its_own_whatever_the_browser_says():
    account = Account(time_zone="Australia/Sydney")

    assert zone_of(request_of(account, "Europe/Paris")) == "Australia/Sydney"


def test_an_account_without_one_has_the_places(settings):
    settings.TIME_ZONE = "Asia/Tokyo"

    assert zone_of(request_of(Account(), "Europe/Paris")) == "Asia/Tokyo"


def test_a_visitor_has_the_browsers():
    assert zone_of(request_of(AnonymousUser(), "America/Argentina/Buenos_Aires")) == (
        "America/Argentina/Buenos_Aires"
    )


@pytest.mark.parametrize(
    "cookie", [None, "", "Mars/Olympus", "../../etc/passwd", "localtime", "x" * 4000, "<b>", "\x00"]
)
def test_any_other_name_from_a_browser_is_ignored(settings, cookie):
    settings.TIME_ZONE = "Asia/Tokyo"

    assert zone_of(request_of(AnonymousUser(), cookie)) == "Asia/Tokyo"


def test_the_zone_ends_with_the_request_even_if_it_breaks():
    def breaks(request):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        activate(breaks)(request_of(AnonymousUser(), "Asia/Tokyo"))

    assert timezone.get_current_timezone_name() == "UTC"


# The day that a letter bears


@pytest.mark.parametrize("zone", ["Pacific/Pago_Pago", "Pacific/Kiritimati", "UTC"])
def test_every_reader_sees_its_authors_day(browser, cast, letter, zone):
    accounts.choose_time_zone(cast.nan, zone)
    nan, visitor = browser(cast.nan), browser(zone=zone)

    read = page(nan, "letter", letter.pk)

    assert read.count(AUTHORS_DAY) == 2
    for text in (
        read,
        page(nan, "profile", cast.rose.pk),
        page(visitor, "letter", letter.pk),
    ):
        assert AUTHORS_DAY in text
        assert not any(day in text for day in OTHER_DAYS)


def test_a_list_shows_its_authors_day(browser, cast, letter):
    accounts.choose_time_zone(cast.nan, "Pacific/Pago_Pago")
    Follow.objects.create(
        follower=cast.nan,
        followed=cast.rose,
        state=Follow.State.ACCEPTED,
        asked_at=NOW,
        answered_at=NOW,
    )

    text = page(browser(cast.nan), "home")

    assert AUTHORS_DAY in text
    assert "20 weeks" in text
    assert not any(day in text for day in OTHER_DAYS)


def test_a_draft_read_as_a_reader_bears_today(browser, cast):
    accounts.choose_time_zone(cast.rose, "Pacific/Kiritimati")
    draft = make_post(
        cast.rose, state=Post.State.DRAFT, at=AT, words_for=Audience.ANYONE, words_signed_in=False
    )

    before = timezone.localdate(timezone=time_zones.of(cast.rose))
    shown = browser(cast.rose).get(reverse("preview", args=[draft.pk])).context["letter"]
    after = timezone.localdate(timezone=time_zones.of(cast.rose))

    assert before <= shown.written_on <= after


# Everything else is told in the zone of whoever reads


def test_a_time_is_shown_where_its_reader_is(browser, cast):
    draft = {"state": Post.State.DRAFT, "at": AT}
    make_post(cast.rose, **draft)
    told = {}
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        accounts.choose_time_zone(cast.rose, zone)
        told[zone] = page(browser(cast.rose), "letters")

    assert "16 June 2026" in told["Pacific/Kiritimati"]
    assert "14 June 2026" in told["Pacific/Pago_Pago"]


@pytest.mark.parametrize(
    ("zone", "heading"), [("Pacific/Kiritimati", "Yesterday"), ("Pacific/Pago_Pago", "Today")]
)
def test_news_of_yesterday_is_the_readers_yesterday(cast, zone, heading):
    # At ten it is midnight in Kiritimati.
    notices.tell(cast.rose.pk, Notice.Kind.SIGNED_IN, at=AT - timedelta(minutes=31))

    with timezone.override(zone):
        [day] = news.days(notices.newest(cast.rose.pk), Viewer(cast.rose.pk), at=AT)

    assert day.heading == heading


@pytest.mark.parametrize("active", ["UTC", "Pacific/Pago_Pago"])
def test_a_mail_tells_the_time_where_its_recipient_is(cast, active):
    accounts.choose_time_zone(cast.rose, "Australia/Sydney")
    change, told = account_changes.record(
        cast.rose, Kind.SIGNED_IN, at=datetime(2026, 11, 29, 13, 30, tzinfo=UTC)
    )

    with timezone.override(active):
        account_mails.send_change(change, told, device="phone")

    assert "30 November 2026, 00:30 AEDT" in mail.outbox[-1].body


# Taking it from the browser, and choosing it


def test_the_first_sign_in_takes_the_browsers_zone(cast):
    _, secret = invitations.make(cast.rose, name="Nan", email="", at=timezone.now())
    client = phone()
    client.cookies[COOKIE] = "Australia/Sydney"
    open_invitation(client, secret)
    sign_up(client)
    confirm(client)

    assert Account.objects.get(email="nan.new@home.example").time_zone == "Australia/Sydney"


@pytest.mark.parametrize("cookie", ["", "Mars/Olympus"])
def test_without_a_zone_from_the_browser_it_is_the_places(cast, cookie):
    _, secret = invitations.make(cast.rose, name="Nan", email="", at=timezone.now())
    client = phone()
    client.cookies[COOKIE] = cookie
    open_invitation(client, secret)
    sign_up(client)
    confirm(client)

    assert Account.objects.get(email="nan.new@home.example").time_zone == ""


def test_a_later_sign_in_elsewhere_changes_nothing(cast):
    Account.objects.filter(pk=cast.rose.pk).update(last_login=NOW, time_zone="Australia/Sydney")
    client = phone()
    client.cookies[COOKIE] = "Europe/Paris"

    sign_in(client, Account.objects.get(pk=cast.rose.pk))

    assert Account.objects.get(pk=cast.rose.pk).time_zone == "Australia/Sydney"


def test_it_is_chosen_on_the_page_about_oneself(browser, cast):
    rose = browser(cast.rose)

    rose.post(reverse("edit_profile"), {"name": "Rose", "time_zone": "Asia/Kolkata"})

    assert Account.objects.get(pk=cast.rose.pk).time_zone == "Asia/Kolkata"
    text = page(rose, "edit_profile")
    assert '<option value="Asia/Kolkata" selected>Kolkata</option>' in text
    assert '<optgroup label="North and South America">' in text


def test_a_zone_that_is_not_offered_is_refused_kindly(browser, cast):
    accounts.choose_time_zone(cast.rose, "Asia/Kolkata")

    answer = browser(cast.rose).post(
        reverse("edit_profile"), {"name": "Rose", "time_zone": "Mars/Olympus"}
    )

    assert "Choose one from the list." in answer.content.decode()
    assert Account.objects.get(pk=cast.rose.pk).time_zone == "Asia/Kolkata"


def test_nobody_else_is_shown_it(browser, cast, letter):
    text = page(browser(cast.nan), "profile", cast.rose.pk)

    assert "Kiritimati" not in text


def test_zones_are_offered_in_plain_words(settings):
    settings.TIME_ZONE = "America/Argentina/Buenos_Aires"

    choices = offered.choices("US/Pacific")

    assert choices[0] == ("", "The same as this place: Buenos Aires, Argentina")
    assert choices[1] == ("US/Pacific", "US/Pacific")
    groups = dict(choices[2:])
    assert ("Pacific/Auckland", "Auckland") in groups["Pacific islands and New Zealand"]
    assert all(groups.values())


# The archive


def test_an_archive_has_its_authors_days_and_offsets(cast, letter):
    exports.request(cast.rose, with_originals=False, at=AT + timedelta(days=200))
    export = exports.available_to(cast.rose, at=AT + timedelta(days=200)).get()

    with timezone.override("Pacific/Pago_Pago"):
        files = {file.name: file for file in archive_files.files_of(export, at=export.made_at)}

    data = json.loads(b"".join(files["beside/archive.json"].pieces()))
    [told] = data["letters"]
    assert data["time_zone"] == "Pacific/Kiritimati"
    assert told["written_on"] == "2026-06-16"
    assert told["published_at"] == "2026-06-16T00:30:00+14:00"
    assert told["added_later"][0]["written_on"] == "2026-06-16"
    assert told["about_when"] == "20 weeks"
    assert told["folder"].startswith("letters/0001-2026-06-16-")
    html = b"".join(files[f"beside/{told['folder']}/letter.html"].pieces()).decode()
    assert AUTHORS_DAY in html
    assert "20 weeks" in html
    assert not any(day in html for day in OTHER_DAYS)
