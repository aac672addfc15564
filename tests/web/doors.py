"""Every address there is, one line each: for whom its page, and for whom its act, may be anything.

A new route fails `test_every_door` until it has its line here.
"""

from __future__ import annotations

from enum import Enum


class Door(Enum):
    """What whoever has no business there meets."""

    OPEN = "a page for everybody, which says nothing of anybody"
    RULE = "a page as far as the rule lets one see; nothing (404) to others, signed in or not"
    RULE_ACT = "an act, answered as the page would be"
    MINE = "a page, or an act, of whoever is signed in; others are asked to sign in"
    THEIRS = "only for those whose thing it is; nothing (404) to others who are signed in"
    COMING_IN = "for coming in: only forms and sentences of our own"


DOORS = {
    "home": Door.OPEN,
    "post": Door.RULE,
    "looking": Door.RULE,
    "consents": Door.RULE_ACT,
    "fold": Door.RULE_ACT,
    "one_at_a_time": Door.RULE,
    "person": Door.RULE,
    "healthz": Door.OPEN,
    "away": Door.OPEN,
    "help": Door.OPEN,
    "privacy": Door.OPEN,
    "light": Door.OPEN,
    "manifest": Door.OPEN,
    "join": Door.COMING_IN,
    "follow": Door.MINE,
    "stop_following": Door.MINE,
    "answer_follow": Door.MINE,
    "remove_follower": Door.MINE,
    "block": Door.MINE,
    "unblock": Door.MINE,
    "circles": Door.MINE,
    "circle": Door.THEIRS,
    "rename_circle": Door.THEIRS,
    "remove_circle": Door.THEIRS,
    "add_to_circle": Door.THEIRS,
    "circle_past": Door.THEIRS,
    "take_out": Door.THEIRS,
    "news": Door.MINE,
    "put_away_news": Door.MINE,
    "you": Door.MINE,
    "profile": Door.MINE,
    "quiet_days": Door.MINE,
    "portrait": Door.MINE,
    "sessions": Door.MINE,
    "sign_out_everywhere": Door.MINE,
    "invitations": Door.MINE,
    "revoke_invitation": Door.MINE,
    "add_photographs": Door.THEIRS,
    "photograph_card": Door.THEIRS,
    "uploads": Door.MINE,
    "upload": Door.MINE,
    "share_target": Door.MINE,
    "drawer": Door.MINE,
    "begin_letter": Door.MINE,
    "drawer_photograph": Door.THEIRS,
    "describe": Door.THEIRS,
    "put_note_away": Door.THEIRS,
    "destroy_photograph": Door.THEIRS,
    "unseen": Door.THEIRS,
    "original": Door.THEIRS,
    "deposit_links": Door.MINE,
    "deposit_link": Door.THEIRS,
    "put_in": Door.COMING_IN,
    "put_in_photographs": Door.COMING_IN,
    "deposit_uploads": Door.COMING_IN,
    "deposit_upload": Door.COMING_IN,
    "deposited": Door.COMING_IN,
    "write": Door.MINE,
    "letters": Door.MINE,
    "close_everything": Door.MINE,
    "edit": Door.THEIRS,
    "keep": Door.THEIRS,
    "other": Door.THEIRS,
    "publish": Door.THEIRS,
    "audience": Door.THEIRS,
    "as_reader": Door.THEIRS,
    "addenda": Door.THEIRS,
    "closing": Door.THEIRS,
    "taking_back": Door.THEIRS,
    "destruction": Door.THEIRS,
    "history": Door.THEIRS,
    "beside": Door.THEIRS,
    "question": Door.THEIRS,
    "read_first": Door.THEIRS,
    "asked_beside": Door.THEIRS,
    "account_login": Door.COMING_IN,
    "mfa_login_webauthn": Door.COMING_IN,
    "account_request_login_code": Door.COMING_IN,
    "account_confirm_login_code": Door.COMING_IN,
    "account_logout": Door.COMING_IN,
    "account_signup": Door.COMING_IN,
    "account_signup_by_passkey": Door.COMING_IN,
    "mfa_signup_webauthn": Door.COMING_IN,
    "passkey_later": Door.COMING_IN,
    "another_address": Door.COMING_IN,
    "account_email": Door.MINE,
    "account_email_verification_sent": Door.COMING_IN,
    "account_change_password": Door.MINE,
    "account_set_password": Door.MINE,
    "account_reauthenticate": Door.COMING_IN,
    "mfa_reauthenticate_webauthn": Door.COMING_IN,
    "mfa_list_webauthn": Door.MINE,
    "mfa_index": Door.MINE,
    "mfa_add_webauthn": Door.MINE,
    "mfa_remove_webauthn": Door.MINE,
}
