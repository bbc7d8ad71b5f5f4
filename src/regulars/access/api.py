"""The door of access: who works here, how they sign in, what they may do, and who did what.

Every refusal is a Refused whose message is a sentence for the person. `by` and `actor` are the e-mail of who acts, or
what acts by itself.
"""

from regulars.access.audit import deeds, note
from regulars.access.entry.authenticator import begin_totp, confirm_totp, has_totp, qr_svg
from regulars.access.entry.passwords import Attempted, change_password, remove_totp, sign_in
from regulars.access.invitations import (
    Newcomer,
    accept,
    create_owner,
    invitations,
    invite,
    owner_exists,
    owner_link,
    reset,
    withdraw,
)
from regulars.access.models import Invitation, Role, Token, User
from regulars.access.people import change_role, deactivate, users
from regulars.access.permissions import CHANGING, MAY, SCOPES, Permission, may
from regulars.access.rules import (
    BadLink,
    CodeNeeded,
    NotPossible,
    Refused,
    TooManyAttempts,
    UnknownUser,
    WeakPassword,
    WrongCode,
    WrongCredentials,
    neighbourhood,
)
from regulars.access.tokens import NewToken, holder_of, make_token, revoke_token, tokens

__all__ = [
    "CHANGING",
    "MAY",
    "SCOPES",
    "Attempted",
    "BadLink",
    "CodeNeeded",
    "Invitation",
    "NewToken",
    "Newcomer",
    "NotPossible",
    "Permission",
    "Refused",
    "Role",
    "Token",
    "TooManyAttempts",
    "UnknownUser",
    "User",
    "WeakPassword",
    "WrongCode",
    "WrongCredentials",
    "accept",
    "begin_totp",
    "change_password",
    "change_role",
    "confirm_totp",
    "create_owner",
    "deactivate",
    "deeds",
    "has_totp",
    "holder_of",
    "invitations",
    "invite",
    "make_token",
    "may",
    "neighbourhood",
    "note",
    "owner_exists",
    "owner_link",
    "qr_svg",
    "remove_totp",
    "reset",
    "revoke_token",
    "sign_in",
    "tokens",
    "users",
    "withdraw",
]
