from __future__ import annotations

import pytest

from beside.config import wsgi
from beside.delivery import vault
from beside.delivery.app import Delivery
from beside.photos.vault.store import store
from tests.cast import bytes_of, make_post, make_sealed_photo
from tests.delivery.client import address, ask, signed_in

pytestmark = pytest.mark.usefixtures("own_place")


class Far:
    """A store that is no folder of this machine's, and counts what is fetched."""

    def __init__(self) -> None:
        self.fetched = []
        self.fails: OSError | None = None

    def get(self, blob):
        if self.fails:
            raise self.fails
        self.fetched.append(store().get(blob))
        return self.fetched[-1]


@pytest.fixture
def far(monkeypatch) -> Far:
    far = Far()
    monkeypatch.setattr(vault, "store", lambda: far)
    monkeypatch.setattr(wsgi, "photographs", Delivery())
    return far


@pytest.fixture
def photo(cast):
    photo = make_sealed_photo(cast.rose)
    make_post(cast.rose, photos=[photo])
    return photo


@pytest.mark.thorough
def test_what_comes_from_far_away_is_kept_for_a_while_and_only_sealed(cast, photo, far):
    rose = signed_in(cast.rose)
    path = address(photo, rose)

    answers = [ask(path, session=rose.session).body for _ in range(3)]

    assert answers == [bytes_of(photo, "w480")] * 3
    assert len(far.fetched) == 1
    assert bytes_of(photo, "w480") not in far.fetched[0]


@pytest.mark.thorough
def test_nothing_is_kept_where_the_setting_says_so(cast, photo, far, settings):
    settings.BESIDE = settings.BESIDE.model_copy(update={"sealed_cache_bytes": 0})
    rose = signed_in(cast.rose)
    path = address(photo, rose)

    assert [ask(path, session=rose.session).status for _ in range(2)] == [200, 200]
    assert len(far.fetched) == 2


@pytest.mark.thorough
def test_the_rule_is_asked_before_what_is_kept(cast, photo, far):
    rose = signed_in(cast.rose)
    path = address(photo, rose)
    before = ask(path, session=rose.session)

    photo.holds.all().delete()

    assert before.status == 200
    assert ask(path, session=rose.session).status == 404


@pytest.mark.thorough
def test_a_store_that_does_not_answer_is_not_called_nothing(cast, photo, far):
    rose = signed_in(cast.rose)
    path = address(photo, rose)
    far.fails = TimeoutError("The store did not answer.")

    refused = ask(path, session=rose.session)
    far.fails = None

    assert refused.status == 503
    assert ask(path, session=rose.session).status == 200


@pytest.mark.thorough
def test_what_the_first_photograph_needs_is_prepared(
    cast, photo, monkeypatch, django_assert_num_queries
):
    delivery = Delivery()
    monkeypatch.setattr(wsgi, "photographs", delivery)
    rose = signed_in(cast.rose)
    path = address(photo, rose)
    delivery.prepare()
    monkeypatch.setattr(vault, "store", lambda: pytest.fail("It was looked up again."))

    with django_assert_num_queries(0):
        answer = ask(path, session=rose.session)

    assert answer.body == bytes_of(photo, "w480")


@pytest.mark.thorough
def test_a_place_that_is_still_being_made_has_nothing_to_prepare(db):
    Delivery().prepare()
