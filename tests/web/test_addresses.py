from __future__ import annotations

from uuid import uuid4

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, reverse, set_script_prefix

from beside.web.addresses import address_of


def shown(template: str, **said: object) -> str:
    return Template(template).render(Context(said))


def test_an_address_is_what_django_makes_it():
    one, other = uuid4(), uuid4()

    assert address_of("home") == reverse("home")
    assert address_of("letter", one) == reverse("letter", args=[one])
    assert address_of("letter", other) == reverse("letter", args=[other])
    assert address_of("placed_photo", one, other) == reverse("placed_photo", args=[one, other])


def test_there_is_no_address_of_a_page_that_is_not_there():
    with pytest.raises(NoReverseMatch):
        address_of("no_such_page")
    with pytest.raises(NoReverseMatch):
        address_of("letter")


def test_an_address_begins_where_the_place_does():
    one = uuid4()
    before = address_of("letter", one)

    set_script_prefix("/here/")
    try:
        assert address_of("letter", one) == f"/here{before}"
    finally:
        set_script_prefix("/")


def test_a_template_gets_the_same():
    one = uuid4()

    assert shown("{% url 'letter' one %}", one=one) == reverse("letter", args=[one])
    assert shown("{% url 'letter' one as there %}<{{ there }}>", one=one) == (
        f"<{reverse('letter', args=[one])}>"
    )
    assert shown("{% url name one %}", name="letter", one=one) == reverse("letter", args=[one])
    assert shown("{% url 'letter' post_id=one %}", one=one) == reverse("letter", args=[one])


def test_a_template_with_something_else_than_an_id_gets_no_address():
    with pytest.raises(NoReverseMatch):
        shown("{% url 'letter' one %}", one='"><script>')
