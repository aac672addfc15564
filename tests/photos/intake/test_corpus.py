from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from beside.photos.intake import Developed, Limits, Refused, develop

CORPUS = os.environ.get("BESIDE_CORPUS", "")
# A film is refused in words of its own; for the manifest it is one more format that isn't ours.
SAME = {"refuse:film": "refuse:format"}
# Of what was cut off this one only half of the end marker is missing: every pixel is there.
WHOLE = {"odd/pillow-truncated_jpeg.jpg": "accept"}
METADATA = (
    b"Exif\0\0",
    b"http://ns.adobe.com",
    b"<x:xmpmeta",
    b"8BIM",
    b"ICC_PROFILE",
    b"BESIDE-CANARY",
)


def _manifest():
    if not CORPUS:
        left_out = "NO CORPUS: set BESIDE_CORPUS to its folder to develop every photograph in it"
        return [pytest.param("", "", marks=pytest.mark.skip(reason=left_out))]
    with (Path(CORPUS) / "manifest.tsv").open() as manifest:
        rows = list(csv.DictReader(manifest, delimiter="\t"))
    return [pytest.param(row["file"], row["expect"], id=row["file"]) for row in rows]


def _outcome(path: Path) -> tuple[str, Developed | None]:
    try:
        with path.open("rb") as photograph:
            photograph_developed = develop(photograph, limits=Limits())
    except Refused as refused:
        return f"refuse:{refused.refusal}", None
    return "accept-notice" if photograph_developed.notice else "accept", photograph_developed


@pytest.mark.parametrize(("name", "expected"), _manifest())
def test_every_photograph_of_the_corpus_gets_what_its_manifest_says(developed, name, expected):
    outcome, photograph = _outcome(Path(CORPUS) / name)

    assert WHOLE.get(name, expected) in {outcome, SAME.get(outcome), "survive"}
    made = photograph.renditions if photograph else ()
    assert not [each.name for each in made if any(words in each.data for words in METADATA)]
