"""make release: write a release and its lists into dist/, the same bytes each time, and try it out."""

from __future__ import annotations

import shutil
import sys

from beside import DISTRIBUTION, version
from beside.cli.upgrades.wheel import NotInstalled
from release.built import ROOT, NotTheSame, build_twice, made_at
from release.contents import LicenceNotKnown, packages
from release.lists import bill_of_materials, licences, sums
from release.trial import NotAsItShouldBe, try_out

TARGET = ROOT / "dist"


def main() -> None:
    """Ends with 1 and a sentence if anything of it isn't as it should be."""
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir()
    files = build_twice(TARGET)
    inside = packages(ROOT / "requirements.txt")
    named = f"{DISTRIBUTION.replace('-', '_')}-{version()}"
    bill, table = TARGET / f"{named}.cdx.json", TARGET / f"{named}-licences.md"
    bill.write_text(bill_of_materials(version(), inside, made_at=made_at()), "utf-8")
    table.write_text(licences(inside), "utf-8")
    (TARGET / "SHA256SUMS").write_text(sums([*files, bill, table]), "utf-8")
    try_out(next(file for file in files if file.suffix == ".whl"))
    for file in sorted(TARGET.iterdir()):
        print(f"dist/{file.name}")


if __name__ == "__main__":
    try:
        main()
    except (NotTheSame, LicenceNotKnown, NotInstalled, NotAsItShouldBe) as wrong:
        sys.exit(f"No release: {wrong}")
