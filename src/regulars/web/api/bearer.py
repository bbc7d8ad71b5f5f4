"""Who calls the API: a token in the Authorization header, with the scope that the door asks for."""

from typing import Any

from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import HttpBearer

from regulars.access import api as access
from regulars.web.shell import lake


class Bearer(HttpBearer):
    """A token in the Authorization header that has one scope."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Return the token's user, None when there is none; a token without the scope is refused with a sentence."""
        held = access.holder_of(token, lake.now())
        if held is None:
            return None
        user, scopes = held
        if self.scope not in scopes:
            raise HttpError(403, f"this token may not do that; it needs the scope {self.scope}")
        return user
