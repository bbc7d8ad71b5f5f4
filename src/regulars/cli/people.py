"""`regulars users …`: who works here, inviting, letting go, and the way back in for who forgot the password."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from regulars.cli.app import AsJson, answer, app, refuse, start

BY = "console"  # who may run the command owns the machine; the audit log says that it was done here

users_app = typer.Typer(help="Who works here: list, invite, let go, new passwords.", no_args_is_help=True)
app.add_typer(users_app, name="users")

Email = Annotated[str, typer.Argument(help="The user's e-mail.")]


@users_app.command("list")
def list_users(json: AsJson = False) -> None:
    """List who works here, and who is invited.

    Example: regulars users list
    """
    now = start()
    from regulars.access import api as access

    people = [
        {
            "email": user.email,
            "name": user.name,
            "role": user.role,
            "active": user.is_active,
            "code": access.has_totp(user),
        }
        for user in access.users()
    ]
    invited = [
        {"email": link.email, "role": link.role, "expires_at": link.expires_at.isoformat()}
        for link in access.invitations(now)
    ]
    answer({"users": people, "invited": invited}, json, lambda: _listed(people, invited))


@users_app.command("invite")
def invite(
    email: Email,
    role: Annotated[str, typer.Option(help="owner, marketer, analyst or support.")] = "analyst",
    json: AsJson = False,
) -> None:
    """Print a one-time link by which a person joins; it is good for three days.

    Example: regulars users invite ann@example.com --role marketer
    """
    now = start()
    from regulars.access import api as access

    with _said_plainly():
        token = access.invite(email, _role(role, "--role"), BY, now)
    _tell_link(f"/welcome/{token}", token, "good once, for three days", json)


@users_app.command("role")
def change_role(
    email: Email,
    role: Annotated[str, typer.Argument(help="owner, marketer, analyst or support.")],
    json: AsJson = False,
) -> None:
    """Give a user another role.

    Example: regulars users role ann@example.com owner
    """
    now = start()
    from regulars.access import api as access

    with _said_plainly():
        user = access.change_role(email, _role(role, "ROLE"), BY, now)
    answer({"email": user.email, "role": user.role}, json, lambda: f"{user.email} is {user.role} now.")


@users_app.command("deactivate")
def deactivate(email: Email, json: AsJson = False) -> None:
    """Let a user go: sessions, API tokens and open links end at once.

    Example: regulars users deactivate ann@example.com
    """
    now = start()
    from regulars.access import api as access

    with _said_plainly():
        user = access.deactivate(email, BY, now)
    answer({"email": user.email, "active": False}, json, lambda: f"{user.email} can no longer sign in.")


@users_app.command("owner-link")
def owner_link(json: AsJson = False) -> None:
    """Print a new one-time token for making the owner's account; the one before ends.

    Example: regulars users owner-link
    """
    now = start()
    from regulars.access import api as access

    with _said_plainly():
        token = access.owner_link(now)
    _tell_link(f"/owner?token={token}", token, "good once, for 24 hours", json)


@users_app.command("reset")
def reset(
    email: Email,
    lost_phone: Annotated[
        bool, typer.Option("--lost-phone", help="Take the authenticator app away too, when the link is used.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Print a one-time link by which a user, also the owner, chooses a new password.

    Example: regulars users reset ann@example.com
    """
    now = start()
    from regulars.access import api as access

    with _said_plainly():
        token = access.reset(email, BY, now, drops_totp=lost_phone)
    _tell_link(f"/welcome/{token}", token, "good once, for 24 hours", json)


@contextmanager
def _said_plainly() -> Iterator[None]:
    """Turn a refusal of the domain into the command's answer."""
    from regulars.access import api as access

    try:
        yield
    except access.Refused as refusal:
        refuse(str(refusal))


def _role(word: str, where: str) -> Any:
    from regulars.access import api as access

    if word not in access.Role.values:
        raise typer.BadParameter(f"'{word}' is no role; there are {', '.join(access.Role.values)}", param_hint=where)
    return access.Role(word)


def _tell_link(path: str, token: str, good: str, json: bool) -> None:
    words = f"Open this behind the app's own address, for example http://127.0.0.1:8300 ({good}):\n{path}"
    answer({"path": path, "token": token}, json, lambda: words)


def _listed(people: list[dict[str, Any]], invited: list[dict[str, Any]]) -> str:
    rows = [(one["email"], one["role"] if one["active"] else f"{one['role']}, gone", one["name"]) for one in people]
    rows += [(one["email"], one["role"], f"invited until {one['expires_at'][:10]}") for one in invited]
    if not rows:
        return "Nobody yet. Make the owner's account with: regulars users owner-link"
    widths = [max(len(row[place]) for row in rows) for place in (0, 1)]
    return "\n".join(f"{email:<{widths[0]}}  {role:<{widths[1]}}  {name}".rstrip() for email, role, name in rows)
