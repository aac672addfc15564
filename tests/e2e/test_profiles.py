from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect

from beside.notices import notices
from beside.notices.models import Notice
from beside.people import circles, follows, invitations
from beside.people.models import Account, Circle, Invitation
from beside.people.sessions import SessionStore
from beside.posts.models import Audience
from tests.cast import NOW, make_account, make_circle, make_post
from tests.e2e.page_checks import is_well_made

PHONE = "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 Chrome/130 Mobile Safari"
HOME = re.compile(r"localhost:\d+/$")
FINGER = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(autouse=True)
def nothing_counted_yet(transactional_db):
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def rose(transactional_db) -> Account:
    account = make_account("rose")
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    return account


@pytest.fixture
def nan(transactional_db) -> Account:
    return make_account("nan")


def code() -> str:
    return re.search(r"\d{4} \d{4}", mail.outbox[-1].body).group()


def give_a_finger(page: Page):
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    answer = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": FINGER})
    return devtools, answer["authenticatorId"]


def invite(by: Account, name: str = "Nan") -> str:
    return f"/join/{invitations.make(by, name=name, at=timezone.now())[1]}/"


def sign_up(page: Page, *, name: str, email: str, press: str) -> None:
    page.get_by_role("button", name="Make your place here").click()
    page.get_by_label("What may we call you?").fill(name)
    page.get_by_label("Your e-mail address").fill(email)
    page.get_by_role("button", name=press).click()
    page.get_by_label("The eight digits").fill(code())
    page.get_by_role("button", name="Come in").click()


def sign_in_by_code(page: Page, account: Account) -> None:
    page.goto("/account/sign-in/")
    page.get_by_label("Your e-mail address").first.fill(account.email)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("The eight digits").fill(code())
    page.get_by_role("button", name="Come in").click()
    expect(page).to_have_url(HOME)


def test_somebody_signs_up_with_an_invitation_by_code(open_page, rose):
    page = open_page(user_agent=PHONE)
    page.goto(invite(rose))
    expect(page.get_by_role("heading", level=1)).to_have_text("Rose has made room for you")

    sign_up(page, name="Nan", email="nan@new.example", press="send me a code")
    page.goto("/you/")

    expect(page.get_by_text("This phone").first).to_be_visible()
    assert Account.objects.get(email="nan@new.example").profile.name == "Nan"


def test_the_same_without_javascript(no_javascript_page, rose):
    no_javascript_page.goto(invite(rose))

    sign_up(no_javascript_page, name="Nan", email="nan@new.example", press="send me a code")

    no_javascript_page.goto("/you/")
    expect(no_javascript_page.get_by_role("heading", level=1)).to_have_text("You")


def test_somebody_signs_in_by_code_without_javascript(no_javascript_page, rose):
    sign_in_by_code(no_javascript_page, rose)

    no_javascript_page.goto("/you/")
    expect(no_javascript_page.get_by_role("heading", level=1)).to_have_text("You")


def test_a_phone_is_remembered_at_sign_up_and_opens_the_place_afterwards(page, rose):
    give_a_finger(page)
    page.goto(invite(rose))
    sign_up(page, name="Nan", email="nan@new.example", press="remember this phone")
    page.get_by_role("button", name="Remember this phone").click()
    page.wait_for_url(HOME)

    page.goto("/you/")
    expect(page.get_by_text("Devices that know you.")).to_be_visible()
    page.get_by_role("button", name="Sign out here").click()
    page.wait_for_url(HOME)
    page.goto("/account/sign-in/?next=/circles/")
    page.get_by_role("button", name="Sign in with this phone").click()

    page.wait_for_url("**/circles/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Circles")


def test_whoever_does_not_want_a_passkey_after_all_comes_in_without_one(page, rose):
    page.goto(invite(rose))
    sign_up(page, name="Nan", email="nan@new.example", press="remember this phone")

    page.get_by_role("button", name="Not now, come in").click()
    page.goto("/you/")

    expect(page.get_by_text("None yet. With one")).to_be_visible()


def test_a_passkey_is_added_and_taken_away_and_other_devices_go_with_it(page, open_page, rose):
    devtools, finger = give_a_finger(page)
    sign_in_by_code(page, rose)
    other = open_page()
    sign_in_by_code(other, rose)
    page.goto("/account/passkeys/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("What do you call this device?").fill("My phone")
    page.get_by_role("button", name="Remember this phone").click()
    expect(page.get_by_text("My phone")).to_be_visible()
    held = devtools.send("WebAuthn.getCredentials", {"authenticatorId": finger})["credentials"]
    assert [key["isResidentCredential"] for key in held] == [True]

    page.get_by_role("button", name="Remove it").click()

    expect(page.get_by_text("No passkeys yet.")).to_be_visible()
    other.goto("/you/")
    expect(other).to_have_url(re.compile("/account/sign-in/"))


def test_where_the_device_says_no_there_is_a_sentence_and_another_way(page, rose):
    devtools, finger = give_a_finger(page)
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": finger, "isUserVerified": False})
    page.goto("/account/sign-in/")

    page.get_by_role("button", name="Sign in with this phone").click()

    expect(page.get_by_text("That didn’t work this time.")).to_be_visible()


def test_a_code_that_lacks_a_figure_says_so_beside_the_field(page, rose):
    page.goto("/account/sign-in/")
    page.get_by_label("Your e-mail address").first.fill(rose.email)
    page.get_by_role("button", name="Send me a code").click()
    field = page.get_by_label("The eight digits")

    field.fill("4071693")
    page.get_by_role("button", name="Come in").click()

    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("There’s a digit missing."))
    is_well_made(page)


def test_an_invitation_is_made_and_used_by_somebody_else(page, open_page, sign_in, rose):
    sign_in(page, rose)
    page.goto("/invitations/")
    page.get_by_label("Who is it for?").fill("Nan")
    page.get_by_role("button", name="Make the link").click()
    link = page.get_by_label("Copy it now").input_value()

    other = open_page()
    other.goto(re.sub(r"https?://[^/]+", "", link))
    sign_up(other, name="Nan", email="nan@new.example", press="send me a code")
    page.goto("/invitations/")

    assert Invitation.objects.get().used_at is not None
    expect(page.get_by_role("button", name="Cancel the link for Nan")).to_have_count(0)


def test_somebody_asks_to_follow_is_let_into_a_circle_and_later_blocked(
    page, open_page, sign_in, rose, nan
):
    make_post(rose, words_for=Audience.ANYONE, title="The lock at Lindholm")
    make_circle(rose, "Family")
    sign_in(page, rose)
    nans = open_page()
    sign_in(nans, nan)
    nans.goto(f"/people/{rose.pk}/")
    expect(nans.get_by_text("The lock at Lindholm")).to_be_visible()
    nans.get_by_role("button", name="Ask to follow").click()
    expect(nans.get_by_text("You’ve asked to follow them.")).to_be_visible()

    page.goto("/you/")
    expect(page.get_by_role("link", name="News (something new)")).to_be_visible()
    page.get_by_role("link", name="News (something new)").click()
    page.get_by_label("A circle for Nan").select_option("In Family")
    page.get_by_role("button", name="Yes").click()
    nans.reload()
    expect(nans.get_by_text("You follow them.")).to_be_visible()
    assert circles.members(Circle.objects.get()) == [nan]

    page.goto(f"/people/{nan.pk}/")
    page.get_by_text("More", exact=True).click()
    page.get_by_role("button", name="Block Nan").click()
    page.locator("summary").filter(has_text="Blocked").click()
    expect(page.get_by_role("button", name="Unblock Nan")).to_be_visible()
    nans.reload()

    expect(nans.get_by_role("heading", level=1)).to_have_text("There’s nothing at this address")
    assert circles.members(Circle.objects.get()) == []


def test_a_no_is_not_told(page, open_page, sign_in, rose, nan):
    make_post(rose, words_for=Audience.ANYONE)
    follows.ask(nan, rose, at=NOW)
    sign_in(page, rose)
    nans = open_page()
    sign_in(nans, nan)

    page.goto("/news/")
    page.get_by_role("button", name="No", exact=True).click()
    expect(page.get_by_text("No news.")).to_be_visible()
    nans.goto(f"/people/{rose.pk}/")

    expect(nans.get_by_text("You’ve asked to follow them.")).to_be_visible()


def test_a_circle_is_made_and_filled_by_keyboard_alone(page, sign_in, rose, nan):
    follows.ask(nan, rose, at=NOW)
    sign_in(page, rose)
    page.goto("/circles/")

    press_until(page, lambda at: at == "What is it called?", "Tab")
    page.keyboard.type("Family")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Family")
    press_until(page, lambda at: at == "Somebody you know here", "Tab")
    page.keyboard.type("Nan")
    press_until(page, lambda at: at == "Add", "Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Nan")).to_be_visible()
    press_until(page, lambda at: at == "Take out: Nan, from Family", "Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Nobody is in it yet.")).to_be_visible()


def test_somebody_signs_in_by_keyboard_alone(page, rose):
    page.goto("/account/sign-in/")

    press_until(page, lambda at: at == "Your e-mail address", "Tab")
    page.keyboard.type(rose.email)
    page.keyboard.press("Enter")
    page.wait_for_url("**/code/confirm/**")
    press_until(page, lambda at: at == "The eight digits", "Tab")
    page.keyboard.type(code())
    page.keyboard.press("Enter")
    page.wait_for_url(HOME)
    page.goto("/you/")

    expect(page.get_by_role("heading", level=1)).to_have_text("You")


def test_being_signed_out_elsewhere_is_over_at_the_next_request(page, open_page, rose):
    sign_in_by_code(page, rose)
    other = open_page(user_agent=PHONE)
    sign_in_by_code(other, rose)

    page.goto("/you/")
    page.locator("#devices li", has_text="A phone").get_by_role("button", name="Sign out").click()
    expect(page.locator("#devices li")).to_have_count(1)
    other.goto("/news/")

    expect(other).to_have_url(re.compile("/account/sign-in/"))


def test_signing_out_leaves_nothing_behind_the_back_button(page, rose):
    sign_in_by_code(page, rose)
    page.goto("/you/profile/")
    page.goto("/you/")
    page.get_by_role("button", name="Sign out everywhere").click()
    page.wait_for_url(HOME)

    page.go_back()

    expect(page.get_by_label("A few words")).to_have_count(0)
    expect(page.get_by_text("How you sign in")).to_have_count(0)


@pytest.mark.parametrize("address", ["/account/sign-in/", "/account/code/", "/account/sign-up/"])
def test_the_pages_of_coming_in_are_well_made(page, address, transactional_db):
    page.goto(address)

    is_well_made(page)


def test_the_pages_of_an_invitation_are_well_made(page, rose):
    page.goto("/join/never-was/")
    is_well_made(page)
    page.goto(invite(rose))
    is_well_made(page)
    page.get_by_role("button", name="Make your place here").click()
    page.get_by_label("What may we call you?").wait_for()
    is_well_made(page)
    page.get_by_label("Your e-mail address").fill("nan@new.example")
    page.get_by_role("button", name="remember this phone").click()
    page.get_by_label("The eight digits").wait_for()
    is_well_made(page)
    page.get_by_label("The eight digits").fill(code())
    page.get_by_role("button", name="Come in").click()
    page.get_by_role("button", name="Remember this phone").wait_for()
    is_well_made(page)


@pytest.mark.parametrize(
    "address",
    [
        "/you/",
        "/you/profile/",
        "/you/portrait/",
        "/circles/",
        "/circles/{circle}/",
        "/news/",
        "/invitations/",
        "/people/{rose}/",
        "/people/{nan}/",
        "/account/passkeys/",
        "/account/passkeys/add/",
        "/account/sign-out/",
    ],
)
def test_ones_own_pages_are_well_made(page, sign_in, rose, nan, address):
    circle = make_circle(rose, of=[nan])
    ada, max_ = make_account("ada"), make_account("max")
    make_post(rose, words_for=Audience.ANYONE)
    make_post(nan, words_for=[rose])
    follows.ask(nan, rose, at=NOW)
    follows.ask(ada, rose, at=NOW)
    follows.accept(rose, ada.pk, at=NOW)
    rose.blocking.create(blocked=max_, at=NOW)
    for kind in (Notice.Kind.SIGNED_IN, Notice.Kind.UPLOAD_REFUSED):
        notices.tell(rose.pk, kind, at=NOW)
    invitations.make(rose, name="Ines", at=NOW)
    sign_in(page, rose)

    page.goto(address.format(rose=rose.pk, nan=nan.pk, circle=circle.pk))

    assert page.locator("h1").count() == 1
    is_well_made(page)


@pytest.mark.parametrize("address", ["address", "password/first", "passkeys/add"])
def test_the_pages_of_what_opens_a_place_are_well_made(page, rose, address):
    sign_in_by_code(page, rose)
    page.goto(f"/account/{address}/")

    expect(page.get_by_text("Is it you?")).to_have_count(0)
    is_well_made(page)


def test_what_matters_asks_for_the_finger_again(page, rose):
    give_a_finger(page)
    sign_in_by_code(page, rose)
    page.goto("/account/passkeys/add/")
    page.get_by_role("button", name="Remember this phone").click()
    expect(page.get_by_role("button", name="Remove it")).to_be_visible()
    long_ago(rose)

    page.goto("/account/password/first/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Is it you?")
    is_well_made(page)
    page.get_by_role("button", name="Go on with a passkey").click()

    expect(page.get_by_label("Your new password")).to_be_visible()


def test_without_a_passkey_a_code_confirms_in_place(page, rose):
    sign_in_by_code(page, rose)
    long_ago(rose)

    page.goto("/account/password/first/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Is it you?")
    is_well_made(page)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("The eight digits").fill(code())
    is_well_made(page)
    page.get_by_role("button", name="Go on").click()

    expect(page.get_by_label("Your new password")).to_be_visible()


@pytest.mark.parametrize("with_script", [True, False])
def test_a_new_device_is_signed_out_from_the_mail(page, open_page, rose, with_script):
    sign_in_by_code(page, rose)
    other = open_page(user_agent=PHONE)
    sign_in_by_code(other, rose)
    link = re.search(r"/account/undo/#\S+", mail.outbox[-1].body).group()

    owner = open_page(java_script_enabled=with_script)
    owner.goto(link)
    if with_script:
        expect(owner).to_have_url(re.compile("/account/undo/$"))
        is_well_made(owner)
    else:
        owner.get_by_label("The link that you were sent").fill(link)
    owner.get_by_role("button", name="Show me").click()
    expect(owner.get_by_text("The new device is signed out.")).to_be_visible()
    if with_script:
        is_well_made(owner)
    owner.get_by_role("button", name="Undo it, and sign out everywhere").click()
    expect(owner.get_by_role("heading", level=1)).to_have_text("It’s undone")
    other.goto("/you/")

    expect(other).to_have_url(re.compile("/account/sign-in/"))


def long_ago(account: Account) -> None:
    for row in account.sessions.all():
        store = SessionStore(row.session_key)
        for record in store["account_authentication_methods"]:
            record["at"] -= 301
        store.modified = True
        store.save()


def press_until(page: Page, is_there, key: str) -> None:
    """Press a key until what has the focus answers to that name."""
    for _ in range(60):
        page.keyboard.press(key)
        name = page.evaluate(
            """() => { const at = document.activeElement;
            return at.getAttribute('aria-label') || at.labels?.[0]?.innerText || at.innerText; }"""
        )
        if name and is_there(name.strip()):
            return
    raise AssertionError(f"{key} never came there")
