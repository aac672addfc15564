"""Every page in a language that nobody speaks: no text of ours stays in English."""

from __future__ import annotations

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


@pytest.mark.parametrize("who", ["nobody", "rose", "nan", "ada", "marit", "by link"])
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


def test_an_archive_is_translated(place):  # noqa: F811
    Account.objects.update(language=pseudo.LONGER)
    type_hebrew()
    export = Export.objects.get(account=place.cast.rose, delegation=None)

    pages = [one for one in archive_files.files_of(export, at=NOW) if one.name.endswith(".html")]
    found = {one.name: untranslated(b"".join(one.pieces()).decode()) for one in pages}
    found = {name: said for name, said in found.items() if said}

    assert found == {}
