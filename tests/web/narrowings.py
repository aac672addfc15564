"""Everything by which somebody ends what Nan sees of Rose and Tom's letter: acts of an author, or of Nan herself, through the web."""

from __future__ import annotations

# Who does it; the route, its ids by what they are called, and what the form says.
NARROWINGS: dict[str, tuple[str, str, dict[str, str], dict[str, str]]] = {
    "block": ("rose", "block", {"account_id": "nan"}, {}),
    "a block by the reader": ("nan", "block", {"account_id": "rose"}, {}),
    "out of the circle": (
        "rose",
        "remove_from_circle",
        {"circle_id": "family", "account_id": "nan"},
        {},
    ),
    "the circle ends": ("rose", "destroy_circle", {"circle_id": "family"}, {}),
    "for nobody": ("tom", "audience", {"post_id": "post"}, {"do": "nobody"}),
    "close": ("tom", "closing", {"post_id": "post"}, {"do": "close"}),
    "close everything": ("tom", "close_everything", {}, {}),
    "take back": ("tom", "taking_back", {"post_id": "post"}, {}),
    "fold": ("nan", "fold", {"post_id": "post"}, {}),
    "sign out": ("nan", "account_logout", {}, {}),
    "sign out everywhere": ("nan", "sign_out_everywhere", {}, {}),
}
STAYS_TO_READ = {"fold"}
