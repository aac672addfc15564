from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_an_image_is_built_from_nothing_but_what_it_names():
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    included = {line[1:].rstrip("/") for line in patterns if line.startswith("!")}

    assert patterns[0] == "*"
    assert included == {"src", "LICENSE", "README.md", "pyproject.toml", "requirements.txt"}
