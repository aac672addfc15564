from __future__ import annotations

import pytest

from beside.web.pages.people import in_a_row


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], ""),
        (["Rose"], "Rose"),
        (["Rose", "Tom"], "Rose and Tom"),
        (["Rose", "Tom", "Nan"], "Rose, Tom and Nan"),
    ],
)
def test_names_in_a_row(names, said):
    assert in_a_row(names) == said
