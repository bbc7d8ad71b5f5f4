"""Migrations: none is missing, each has a name, and each can be taken back."""

import re
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.house import refuse

OURS = [app.label for app in apps.get_app_configs() if app.name.startswith("regulars.")]


def tables() -> set[str]:
    with connection.cursor() as cursor:
        found = connection.introspection.table_names(cursor)
    return {name for name in found if name.split("_")[0] in OURS}


@pytest.mark.django_db
def test_the_models_have_all_their_migrations() -> None:
    told = StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=told, stderr=told)
    except SystemExit:
        pytest.fail(f"a migration is missing; run makemigrations with a --name\n{told.getvalue()}")


def test_every_migration_has_a_name() -> None:
    names = [f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations if app in OURS]
    refuse([name for name in names if not re.search(r"\.\d{4}_[a-z]+(_[a-z]+)*$", name) or "_auto_" in name])


@pytest.mark.django_db(transaction=True)
def test_every_migration_can_be_taken_back_and_made_again() -> None:
    before = tables()
    assert before
    try:
        for app in reversed(OURS):
            call_command("migrate", app, "zero", verbosity=0, interactive=False)
        assert tables() == set()
    finally:
        call_command("migrate", verbosity=0, interactive=False)
    assert tables() == before
