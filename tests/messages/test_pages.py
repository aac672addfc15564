"""Every page in a language that nobody speaks: no text of ours stays in English."""

from __future__ import annotations

from collections import Counter

import pytest

from beside.archive.models import Export
from beside.people.models import Account
from beside.web.pages import archive_files
from messages import pseudo
from tests.cast import NOW
from tests.messages.untranslated import untranslated
from tests.web.addresses import all_addresses
from tests.web.conftest import made_place, nothing_counted_yet, place  # noqa: F401
from tests.web.test_direction import type_hebrew

pytestmark = pytest.mark.usefixtures("spoken")


@pytest.mark.thorough
@pytest.mark.parametrize("who", ["nobody", "rose", "nan", "marit", "by link"])
def test_every_page_is_translated(place, who):  # noqa: F811
    client = place.client(who)
    client.cookies["language"] = pseudo.LONGER
    type_hebrew()
    pages, found = 0, {}

    for route, path in all_addresses(place):
        answer = client.get(path)
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        pages += 1
        if said := untranslated(answer.content.decode()):
            found[route.name] = sorted(said | set(found.get(route.name, ())))

    assert pages >= 5
    assert found == {}


# What a form holds that is sent back: nothing, and what no field can take.
UNFIT = {
    "email": "not an address",
    "address": "not an address",
    "password": "short",
    "password1": "password",
    "password2": "other",
    "code": "1",
    "name": "x" * 200,
    "words": "x" * 200_001,
    "title": "x" * 5000,
    "language": "xx",
    "most": "-1",
    "reason": "xx",
    "answer": "xx",
    "how_long": "xx",
}


@pytest.mark.thorough
@pytest.mark.parametrize("who", ["nobody", "rose"])
@pytest.mark.parametrize("sent", [{}, UNFIT], ids=["nothing", "what doesn't fit"])
@pytest.mark.usefixtures("nothing_counted_yet")
def test_what_a_form_says_of_what_it_cannot_take_is_translated(place, who, sent):  # noqa: F811
    type_hebrew()
    pages, found = 0, {}

    for route, path in few_of_each(all_addresses(place)):
        client = place.client(who)
        client.cookies["language"] = pseudo.LONGER
        answer = client.post(path, sent)
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        if is_page and answer.status_code < 500 and answer.status_code != 405:
            pages += 1
            if said := untranslated(answer.content.decode()):
                found[route.name] = sorted(said | set(found.get(route.name, ())))

    assert pages >= 5
    assert found == {}


def few_of_each(some):
    """At most two addresses of each route: what a form says doesn't depend on which letter it is about."""
    met = Counter()
    for route, path in some:
        met[route.name] += 1
        if met[route.name] <= 2:
            yield route, path


@pytest.mark.thorough
def test_an_archive_is_translated(place):  # noqa: F811
    Account.objects.update(language=pseudo.LONGER)
    type_hebrew()
    export = Export.objects.get(account=place.cast.rose, delegation=None)

    pages = [one for one in archive_files.files_of(export, at=NOW) if one.name.endswith(".html")]
    found = {one.name: untranslated(b"".join(one.pieces()).decode()) for one in pages}
    found = {name: said for name, said in found.items() if said}

    assert found == {}
