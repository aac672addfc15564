from __future__ import annotations

import json
import re
import subprocess

import pytest

from tests.earlier_places import ROOT, environment, unpack, versions, walked
from tests.serving import BESIDE

# One page of each part, which shows rows that every release has.
SHOWN = {"desk", "drawer", "family", "inbox", "letter", "notices", "share_links", "shelf"}


def test_there_is_a_place_of_every_release_before_this():
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    released = [heading for heading in headings if heading != "Unreleased"]

    assert set(released[1:]) <= set(versions())
    assert "0.1.0" in versions()


@pytest.mark.thorough
@pytest.mark.parametrize("version", versions())
def test_a_place_of_an_earlier_version_comes_up_with_every_page_and_photograph(version, tmp_path):
    environ = environment(unpack(version, "sqlite", tmp_path))

    found = walked(environ)
    verified = subprocess.run(
        [BESIDE, "verify", "--json"], env=environ, capture_output=True, check=False
    )

    assert found["broken"] == []
    assert set(found["pages"]) >= SHOWN
    assert found["photographs"] >= 5
    # What its family took back that day is swept a day later.
    assert json.loads(verified.stdout.splitlines()[-1])["faults"] == 0
