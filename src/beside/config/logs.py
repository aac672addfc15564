"""Keeping the secret in the address of an invitation out of the logs."""

from __future__ import annotations

import logging
import re

SECRET = re.compile(r"(/join/)[^/\s'\"]+")


class WithoutSecrets(logging.Filter):
    """Replaces the secret in every line before it is written."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if "/join/" in message:
            record.msg, record.args = SECRET.sub(r"\1…", message), ()
        return True
