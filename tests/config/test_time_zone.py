from __future__ import annotations

import pytest
from pydantic import ValidationError

from beside.config.env import load


def test_a_place_has_the_time_zone_that_its_host_sets():
    assert load({"BESIDE_TIME_ZONE": "Europe/London"}).time_zone == "Europe/London"


def test_where_the_host_sets_none_it_is_utc():
    assert load({}).time_zone == "UTC"


@pytest.mark.parametrize("name", ["", "London", "GMT+1", "Mars/Olympus", "../London"])
def test_a_name_that_is_no_time_zone_stops_the_start_with_a_sentence(name):
    with pytest.raises(ValidationError, match=r"There is no time zone .* like Europe/London\."):
        load({"BESIDE_TIME_ZONE": name})
