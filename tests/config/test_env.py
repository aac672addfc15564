from __future__ import annotations

import pytest
from pydantic import ValidationError

from beside.config import env
from beside.config.env import Env
from beside.config.refused_settings import SetTwice


@pytest.mark.parametrize("name", ["BESIDE_DATA", "BESIDE_ROOT_KEY_FILE"])
@pytest.mark.parametrize("empty", ["", " "])
def test_an_empty_path_is_not_the_folder_that_one_happens_to_be_in(name, empty):
    with pytest.raises(ValidationError, match="It is empty"):
        env.load({name: empty})


@pytest.mark.parametrize("first", [0, 1])
def test_a_value_and_a_file_with_one_are_refused_in_either_order(tmp_path, first):
    (tmp_path / "name").write_text("Beside us")
    both = [("BESIDE_PLACE_NAME", "Beside"), ("BESIDE_PLACE_NAME_FILE", str(tmp_path / "name"))]

    with pytest.raises(SetTwice, match="Leave one"):
        env.load(dict([both[first], both[1 - first]]))


@pytest.mark.parametrize("written", [b"s3cret", b"\xef\xbb\xbfs3cret\r\n", b" s3cret \n"])
def test_a_file_holds_its_value_however_it_was_saved(tmp_path, written):
    (tmp_path / "secret").write_bytes(written)

    found = env.load({"BESIDE_OIDC_SECRET_FILE": str(tmp_path / "secret")})

    assert found.oidc_secret.get_secret_value() == "s3cret"


NUMBERS = sorted(name for name, field in Env.model_fields.items() if field.annotation is int)


@pytest.mark.parametrize("name", NUMBERS)
def test_no_number_is_larger_than_what_can_be_kept_or_counted(name):
    with pytest.raises(ValidationError, match="less than or equal"):
        env.load({f"BESIDE_{name.upper()}": str(2**63)})


def test_a_contact_is_an_address_that_pages_can_name():
    with pytest.raises(ValidationError, match="Write one e-mail address"):
        env.load({"BESIDE_CONTACT": "not an address"})
