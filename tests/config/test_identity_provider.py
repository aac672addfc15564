from __future__ import annotations

import pytest
from pydantic import ValidationError

from beside.config.env import load

SET_UP = {
    "BESIDE_OIDC_URL": "https://id.example/realms/ward",
    "BESIDE_OIDC_CLIENT_ID": "beside",
    "BESIDE_OIDC_SECRET": "geheim",
    "BESIDE_OIDC_NAME": "Lindholm",
}


@pytest.mark.parametrize("url", ["https://id.example/realms/ward", "http://localhost:8080"])
def test_a_provider_is_named_as_it_names_itself(url):
    assert load(SET_UP | {"BESIDE_OIDC_URL": url}).oidc_url == url


@pytest.mark.parametrize(
    "url",
    [
        "id.example",
        "http://id.example",
        "https://id.example?x",
        "https://id.example#x",
        "https://rose:geheim@id.example",
        "https://id.example:abc",
        "https://id.example:",
    ],
)
def test_an_issuer_that_can_not_be_one_is_refused_without_what_is_in_it(url):
    with pytest.raises(ValidationError, match="Write the issuer") as refused:
        load(SET_UP | {"BESIDE_OIDC_URL": url})
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize("name", sorted(SET_UP.keys() - {"BESIDE_OIDC_URL"}))
def test_a_provider_that_is_half_set_up_is_refused(name):
    with pytest.raises(ValidationError, match=name):
        load({key: value for key, value in SET_UP.items() if key != name})
