from __future__ import annotations

import hashlib
import json
import re
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

from beside import DISTRIBUTION, version
from release import built, contents
from release.built import ROOT, NotTheSame, build_twice
from release.contents import LicenceNotKnown, packages
from release.lists import bill_of_materials, licences, sums

LOCK = ROOT / "requirements.txt"


def test_every_package_in_the_lock_is_listed_with_its_licence():
    pinned = re.findall(
        r"^([\w.-]+)==([^\s;]+)(?: ;.*win32)?", LOCK.read_text("utf-8"), re.MULTILINE
    )

    listed = {(one.name, one.version) for one in packages(LOCK)}

    assert set(pinned) - listed <= {("colorama", "0.4.6")}
    assert all(one.sums and one.licence for one in packages(LOCK))


def test_a_licence_that_nobody_has_looked_at_is_no_release(monkeypatch):
    monkeypatch.setattr(contents, "MAY_BE_INSIDE", contents.MAY_BE_INSIDE - {"MIT-CMU"})

    with pytest.raises(LicenceNotKnown, match="pillow has the licence 'MIT-CMU'"):
        packages(LOCK)


def test_the_bill_of_materials_names_each_package_and_is_the_same_each_time():
    inside = packages(LOCK)
    bill = bill_of_materials("0.2.0", inside, made_at=1_790_000_000)
    said = json.loads(bill)

    assert bill == bill_of_materials("0.2.0", inside, made_at=1_790_000_000)
    assert said["metadata"]["component"]["purl"] == f"pkg:pypi/{DISTRIBUTION}@0.2.0"
    refs = [one["bom-ref"] for one in said["components"]]
    assert len(set(refs)) == len(inside)
    assert said["dependencies"][0]["dependsOn"] == refs
    assert "| django | " in licences(inside)


def test_sums_are_those_of_sha256sum(tmp_path):
    (tmp_path / "one").write_bytes(b"1")

    assert sums([tmp_path / "one"]) == f"{hashlib.sha256(b'1').hexdigest()}  one\n"


def test_two_builds_that_differ_are_no_release(tmp_path, monkeypatch):
    def differing(folder: Path, *, zone: str, mask: int) -> list[Path]:
        (folder / "beside.whl").write_text(zone)
        return [folder / "beside.whl"]

    monkeypatch.setattr(built, "_build", differing)

    with pytest.raises(NotTheSame, match=r"beside\.whl"):
        build_twice(tmp_path)


@pytest.mark.thorough
def test_the_wheel_has_all_that_a_place_needs_and_nothing_of_the_tests(tmp_path):
    wheel = next(file for file in build_twice(tmp_path) if file.suffix == ".whl")
    names = ZipFile(wheel).namelist()

    assert {
        "beside/requirements.txt",
        "beside/locale/de/LC_MESSAGES/django.mo",
        "beside/web/templates/base.html",
        "beside/cli/demo/photographs/sea.webp",
        "beside/people/migrations/0001_initial.py",
    } <= set(names)
    assert {name.split("/")[0] for name in names} == {
        "beside",
        f"{DISTRIBUTION.replace('-', '_')}-{version()}.dist-info",
    }


def test_the_lock_inside_the_package_is_the_lock():
    assert (ROOT / "src/beside/requirements.txt").read_bytes() == LOCK.read_bytes()


def test_the_package_is_called_the_same_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    assert project["name"] == DISTRIBUTION
    assert project["version"] == version()
