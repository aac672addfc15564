from __future__ import annotations

import os
import subprocess
import sys

import pytest

_SAY = """
import ctypes, resource
from django.conf import settings
assert settings.SECRET_KEY
print(ctypes.CDLL(None).prctl(3), resource.getrlimit(resource.RLIMIT_CORE)[0])
"""


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has prctl")
def test_a_process_that_holds_a_key_can_be_neither_dumped_nor_attached_to(tmp_path):
    environment = {name: value for name, value in os.environ.items() if "BESIDE" not in name} | {
        "DJANGO_SETTINGS_MODULE": "beside.config.settings",
        "BESIDE_DATA": str(tmp_path / "data"),
        "BESIDE_ROOT_KEY_FILE": str(tmp_path / "root.key"),
    }

    said = subprocess.run(
        [sys.executable, "-c", _SAY], env=environment, capture_output=True, text=True, check=True
    )

    assert said.stdout.split() == ["0", "0"]
