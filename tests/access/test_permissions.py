"""The table of roles: who may what, and that an analyst changes nothing."""

import re

import pytest
from hypothesis import given, strategies as st

from regulars.access import api as access
from regulars.access.api import CHANGING, MAY, SCOPES, Permission, Role
from tests.access.cast import NOW
from tests.house import ROOT

roles, permissions = st.sampled_from(Role), st.sampled_from(Permission)


def somebody(role: str, is_active: bool = True) -> access.User:
    return access.User(email="one@example.com", role=role, is_active=is_active, created_at=NOW)


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("owner", "see export import_data change support manage sql save_own"),
        ("marketer", "see export import_data change save_own"),
        ("analyst", "see export sql save_own"),
        ("support", "see support save_own"),
    ],
)
def test_each_role_may_exactly_what_the_table_says(role: str, allowed: str) -> None:
    assert {str(one) for one in Permission if access.may(somebody(role), one)} == set(allowed.split())


def test_every_role_stands_in_the_table() -> None:
    assert set(MAY) == set(Role)


@given(permissions)
def test_an_analyst_never_gets_a_permission_that_changes_anything(permission: Permission) -> None:
    assert not (access.may(somebody("analyst"), permission) and permission in CHANGING)


@given(roles, permissions)
def test_nobody_may_more_than_the_owner_and_only_the_owner_manages(role: Role, permission: Permission) -> None:
    if access.may(somebody(role), permission):
        assert access.may(somebody("owner"), permission)
        assert permission != Permission.MANAGE or role == Role.OWNER


@given(roles, permissions)
def test_who_was_let_go_may_nothing(role: Role, permission: Permission) -> None:
    assert not access.may(somebody(role, is_active=False), permission)


@given(st.text(), permissions)
def test_a_role_that_is_none_may_nothing(role: str, permission: Permission) -> None:
    assert role in Role.values or not access.may(somebody(role), permission)


def test_a_scope_that_writes_takes_a_permission_that_changes() -> None:
    for scope, permission in SCOPES.items():
        assert (permission in CHANGING) is (scope.startswith("write:") or scope == "admin")


def test_the_page_about_access_shows_these_tables() -> None:
    text = (ROOT / "docs" / "access.md").read_text(encoding="utf-8")
    order = ("see", "export", "import_data", "change", "support", "sql", "save_own", "manage")
    for role in Role:
        row = re.search(rf"^\| `{role}` \|(.+)\|$", text, re.MULTILINE)
        assert row, role
        told = [cell.strip() == "yes" for cell in row[1].split("|")]
        assert told == [access.may(somebody(role), Permission(one)) for one in order], role
    scopes = dict(re.findall(r"^\| `([a-z:]+)` \|[^|]+\| `([a-z_]+)` \|$", text, re.MULTILINE))
    assert scopes == {scope: str(permission) for scope, permission in SCOPES.items()}
