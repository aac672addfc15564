from __future__ import annotations

import unicodedata

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from beside.people import accounts, circles, invitations, names
from beside.people.models import Profile
from beside.people.names import clean, harmless, isolated, require_personal
from tests.cast import NOW

FAMILY = "👨‍👩‍👧"
SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
OVERRIDES = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"


@pytest.mark.parametrize(
    "name",
    [
        "Rose",
        f"The {FAMILY} of ward 6",
        "🏳️‍🌈",
        "🤱🏽",
        SCOTLAND,
        "می‌خواهم",  # ZWNJ, as Persian is written
        "क्‍ष",  # ZWJ in Devanagari
        "לֵאָה",
        "فاطمة",
        "葛\U000e0100城",  # A variant of a character in a Japanese name
        "Zoë O’Neill-Łukasiewicz",
        "…",
    ],
)
def test_what_people_see_of_a_name_stays(name):
    assert clean(name) == unicodedata.normalize("NFC", name)
    require_personal(name)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Rose \t and  Tom ", "Rose and Tom"),
        ("Ro\u202ese", "Rose"),
        (OVERRIDES.join("Rose"), "Rose"),
        ("Ro\x00se\x1b\x7f", "Rose"),
        ("Rose\r\nTom\u2028Nan", "Rose Tom Nan"),
        ("Ro\u200bse\ufeff\u2060\u00ad", "Rose"),
        ("Rose\U000e0041\U000e0042\U000e007f", "Rose"),
        ("Ro\u200dse \u200c\u200d\u200cTom\u200d", "Rose Tom"),
        ("Ro\u200b\u200d\u200bse", "Rose"),
        ("R" + "\u0301" * 40, "\u0154" + "\u0301" * 7),
    ],
)
def test_what_acts_on_the_text_around_a_name_goes(typed, kept):
    assert clean(typed) == kept


@pytest.mark.parametrize(
    "blank",
    [
        "",
        " ",
        "\u200b",
        "\u200d\u200c",
        "\u3164",
        "\u2800\u2800",
        "\u115f\u1160",
        "\u00a0",
        "\u0301",
        OVERRIDES,
    ],
)
def test_a_name_that_looks_empty_is_empty(blank, cast):
    assert clean(blank) == ""
    with pytest.raises(accounts.NoName):
        accounts.make_account("n@home.example", name=blank, at=NOW)
    with pytest.raises(circles.NoName):
        circles.make(cast.rose, name=blank)


@pytest.mark.parametrize(
    "name",
    [
        "rose@home.example",
        "Rose ＠ home",
        "see http://x",
        "www.home",
        "Go to evil.com",
        "evil．com",
        "evil.co.uk/now",
        "ev\u200bil.com",
        "Call +49 (30) 123 45 67",
        "Call ٠٣٠١٢٣٤٥",
    ],
)
def test_a_persons_name_holds_no_address_and_no_telephone_number(name, cast):
    with pytest.raises(names.LooksLikeAddress):
        require_personal(name)
    with pytest.raises(names.LooksLikeAddress):
        accounts.describe(cast.rose, name=name, words="")

    assert Profile.objects.get(account=cast.rose).name == "Rose"


@pytest.mark.parametrize("name", ["Rose\nYour place was locked", "Rose\r\n\r\nx", "a\u2029b"])
def test_a_persons_name_is_one_line(name, db):
    with pytest.raises(names.HasLineBreak):
        accounts.make_account("n@home.example", name=name, at=NOW)


@pytest.mark.parametrize(
    "name",
    ["Beside", "The team of BESIDE", "Bеsіdе", "Ве\u0301side", "ＢＥＳＩＤＥ", "8eside Be5ide"],
)
def test_nobody_is_called_as_this_program(name):
    with pytest.raises(names.LooksLikePlace):
        require_personal(name)


@pytest.mark.parametrize(
    "name",
    [
        "Dr.Li",
        "J.R.R. Tolkien",
        "St. John",
        "Prof. Dr. Ng",
        "Anna & Jonas",
        "Ward 6, 2019",
        "Mia’s mum * 14.03.2019 † 15.03.2019",
        "Rose 2019-2020",
        "Tom 2019-03-14",
        "Nan 3/14/19",
        "Besideen",
        "#1 aunt",
    ],
)
def test_names_that_only_look_a_little_like_these_are_names(name):
    require_personal(name)


@given(st.text(max_size=40))
def test_nothing_that_is_kept_acts_on_the_text_around_it(typed):
    kept = clean(typed)

    assert len(kept.splitlines()) <= 1
    assert not set(kept) & {*OVERRIDES, "\u200b", "\ufeff"}
    assert not any(unicodedata.category(sign) in ("Cc", "Cs") for sign in kept)
    assert clean(kept) == kept


@given(
    st.text(
        st.characters(
            categories=["L", "N", "P", "S", "Zs"], exclude_characters="".join(names._BLANK_SIGNS)
        )
    )
)
def test_every_visible_character_of_a_line_stays(typed):
    assert harmless(typed) == " ".join(typed.splitlines())


def test_a_name_from_right_to_left_is_isolated_in_a_sentence():
    assert isolated("Rose") == "Rose"
    assert isolated("לאה") == "\u2068לאה\u2069"
    assert isolated("לאה\u2069\u202e") == "\u2068לאה\u2069"
    assert isolated("") == ""
    with translation.override("ar"):
        assert isolated("Rose") == "\u2068Rose\u2069"


def test_a_circle_and_an_invitation_keep_a_harmless_name(cast):
    assert circles.make(cast.rose, name="Fam\u202eily\n").name == "Family"
    invitation, _secret = invitations.make(cast.rose, name=f" Nan\u2066 {FAMILY}", at=NOW)
    assert invitation.name == f"Nan {FAMILY}"
