"""make messages: bring every catalogue up to date with the source, check it, list what is missing, and compile it."""

from __future__ import annotations

import sys

from messages import checks
from messages.catalogues import LANGUAGES, path_of, updated, write
from messages.extract import catalogue


def main() -> None:
    """Ends with 1 if a translation has a fault. What is missing is listed, and is no fault."""
    template, wrong = catalogue(), False
    for code in LANGUAGES:
        told = updated(code, template)
        write(told, path_of(code))
        missing, faults = checks.missing(told), checks.faults(told)
        print(f"{code}: {len(told)} sentences, {len(missing)} not translated, {len(faults)} faults")
        for line in missing:
            print(f"  missing  {line!r}")
        for line in faults:
            print(f"  fault    {line}")
        wrong = wrong or bool(faults)
    sys.exit(wrong)


if __name__ == "__main__":
    main()
