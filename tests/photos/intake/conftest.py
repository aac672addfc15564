from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
from PIL import Image

from beside.photos.intake import Developed, Limits, Made, Refusal, Refused, darkrooms, develop


@pytest.fixture(scope="session", autouse=True)
def _darkrooms_end() -> Iterator[None]:
    yield
    darkrooms.close_all()


@pytest.fixture
def developed() -> Callable[..., Developed]:
    """A photograph's bytes, developed."""

    def run(data: bytes, **limits: int) -> Developed:
        return develop(io.BytesIO(data), limits=Limits(**limits))

    return run


@pytest.fixture
def refusal() -> Callable[..., Refusal]:
    """Why these bytes are refused."""

    def run(data: bytes, **limits: int) -> Refusal:
        with pytest.raises(Refused) as refused:
            develop(io.BytesIO(data), limits=Limits(**limits))
        return refused.value.refusal

    return run


@pytest.fixture
def seen() -> Callable[[Made], Image.Image]:
    """What somebody sees of a rendition."""

    def run(made: Made) -> Image.Image:
        return Image.open(io.BytesIO(made.data)).convert("RGB")

    return run


@pytest.fixture
def near() -> Callable[..., bool]:
    """Whether two colours are the same but for what a lossy rendition may change."""

    def run(one: tuple[int, ...], other: tuple[int, ...], within: int = 12) -> bool:
        return all(abs(a - b) <= within for a, b in zip(one, other, strict=True))

    return run
