from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/security.md").read_text("utf-8")


def proofs() -> list[tuple[str, str]]:
    found, file = [], ""
    for named in re.findall(r"`((?:tests/[\w/]+\.py)?::test_\w+)`", PAGE):
        path, _, name = named.partition("::")
        file = path or file
        found.append((file, name))
    return found


@pytest.mark.parametrize(("file", "name"), proofs())
def test_each_proof_that_the_page_names_is_there(file, name):
    assert f"def {name}(" in (ROOT / file).read_text("utf-8")


def test_every_answer_has_a_proof():
    rows = [
        line for line in PAGE.splitlines() if line.startswith("| ") and "| threat |" not in line
    ]

    assert rows
    assert all("::test_" in row for row in rows)
