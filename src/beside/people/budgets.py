"""How often something may be done that costs room or reaches others, by one person, link or network.

Counted as guesses at secrets are (`people.guesses`): atomically, in the database, before it is done.
"""

from __future__ import annotations

from datetime import timedelta

from beside.people.guesses import Limit

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)

INVITATIONS = Limit("invitations made", 20, _DAY)
CARDS = Limit("sheets of cards printed", 6, _DAY)
SHARE_LINKS = Limit("share links made", 60, _DAY)
SHARE_LINKS_FOR_MANY = Limit("links for many made", 6, _DAY)
DEPOSIT_LINKS = Limit("deposit links made", 20, _DAY)
ADDED_BY_ADDRESS = Limit("added by address", 30, _HOUR)
CLAIMS = Limit("claims", 3, _HOUR)
REPORTS = Limit("reports", 5, _HOUR)
APPEALS = Limit("appeals", 3, _DAY)
RESPONSES = Limit("responses", 20, _DAY)
RESPONSES_TO_LETTER = Limit("responses to letter", 3, _DAY)
THANK_YOU_NOTES = Limit("thank-you notes sent", 30, _DAY)
NOTE_CARDS = Limit("cards of notes printed", 60, _DAY)
LETTERS_TO_PERSON = Limit("letters to person", 10, _DAY)
PRESENCES = Limit("presences", 60, _DAY)

# Uploads that are begun, whatever becomes of them. A phone with thousands of photographs takes hours.
UPLOADS_OF_PERSON = Limit("uploads of person", 2000, _HOUR)
UPLOADS_OF_LINK = Limit("uploads of link", 600, _HOUR)
# A ward may share one address.
UPLOADS_OF_NETWORK = Limit("uploads of network", 4000, _HOUR)

# Sessions of visitors without an account: each is a row until it ends.
VISITS_OF_LETTER = Limit("visits of letter", 3000, _HOUR)
VISITS_OF_LINK = Limit("visits of link", 60, _DAY)
VISITS_OF_NETWORK = Limit("visits of network", 120, _HOUR)
