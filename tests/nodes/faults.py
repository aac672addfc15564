"""What `beside verify` finds wrong in the place that the environment names, as JSON.

The photographs of `tests.nodes.place` have no originals, which is said of each; so what counts is what is found later, and wasn't before.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def found(environ: dict[str, str]) -> set[str]:
    """Each in a sentence. Raises where it can't be found out."""
    asked = subprocess.run(
        [sys.executable, "-m", "tests.nodes.faults"],
        cwd=ROOT,
        env=environ | {"DJANGO_SETTINGS_MODULE": "beside.config.settings"},
        check=True,
        capture_output=True,
        text=True,
    )
    return set(json.loads(asked.stdout))


def main() -> None:
    import django  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beside.config.settings")
    django.setup()
    from beside.cli.verification.progress import Progress  # noqa: PLC0415 -- it imports models
    from beside.cli.verify import prove  # noqa: PLC0415

    faults = [one for one in prove(Progress(), quietly=True) if not one.is_leftover]
    print(json.dumps([f"{one.about}: {one.says}" for one in faults]))


if __name__ == "__main__":
    main()
