"""What each role may do, and what a program may do with a token of such a person: two closed tables."""

from collections.abc import Iterable
from enum import StrEnum

from regulars.access.models import Role, User


class Permission(StrEnum):
    """Something that a person may do here."""

    SEE = "see"  # every page and report
    EXPORT = "export"  # take lists of people away
    IMPORT_DATA = "import_data"  # bring facts and files in
    CHANGE = "change"  # what acts on customers: campaigns, journeys, segments
    SUPPORT = "support"  # notes and cases of one customer
    MANAGE = "manage"  # users, settings, starting over, the tokens of others
    SQL = "sql"  # questions of one's own to the lake, read-only
    SAVE_OWN = "save_own"  # views and queries for oneself; nothing of the shop changes


# What changes the shop or the installation, and not only what its holder sees.
CHANGING = frozenset({Permission.IMPORT_DATA, Permission.CHANGE, Permission.SUPPORT, Permission.MANAGE})

MAY: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.MARKETER: frozenset(
        {Permission.SEE, Permission.EXPORT, Permission.IMPORT_DATA, Permission.CHANGE, Permission.SAVE_OWN}
    ),
    Role.ANALYST: frozenset({Permission.SEE, Permission.EXPORT, Permission.SQL, Permission.SAVE_OWN}),
    Role.SUPPORT: frozenset({Permission.SEE, Permission.SUPPORT, Permission.SAVE_OWN}),
}

# A token that reads customers reads all of them, so it takes what a list of people takes.
SCOPES: dict[str, Permission] = {
    "read:reports": Permission.SEE,
    "read:customers": Permission.EXPORT,
    "write:facts": Permission.IMPORT_DATA,
    "write:imports": Permission.IMPORT_DATA,
    "admin": Permission.MANAGE,
}


def may(user: User, permission: Permission) -> bool:
    """Say whether a user has a permission; who was let go, or has an unknown role, has none."""
    if not user.is_active or user.role not in Role.values:
        return False
    return permission in MAY[Role(user.role)]


def scopes_within(user: User, scopes: Iterable[str]) -> frozenset[str]:
    """Return those of the scopes that the user's role allows today."""
    return frozenset(scope for scope in scopes if scope in SCOPES and may(user, SCOPES[scope]))
