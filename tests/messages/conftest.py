from __future__ import annotations

from pathlib import Path

import pytest

from messages import pseudo
from messages.extract import catalogue


@pytest.fixture(scope="session")
def made_up(tmp_path_factory) -> Path:
    """The folder with the catalogues of the languages that nobody speaks."""
    folder = tmp_path_factory.mktemp("locale")
    pseudo.make(folder, catalogue())
    return folder


@pytest.fixture
def spoken(made_up, settings) -> None:
    """Beside speaks them for the length of a test."""
    settings.LANGUAGES = [
        *settings.LANGUAGES,
        (pseudo.LONGER, "⟦Longer⟧"),
        (pseudo.FROM_RIGHT_TO_LEFT, "⟦From right to left⟧"),
    ]
    settings.LOCALE_PATHS = [made_up]
