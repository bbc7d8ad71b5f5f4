"""Who wants to write to SQLite waits for who writes, and not for ever."""

import threading

import pytest
from django.db import connection, transaction
from django.db.utils import OperationalError

from regulars.messaging.models import Template
from tests.messaging.outbox.cast import NOW

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="only on SQLite"),
]


class Writer(threading.Thread):
    """Holds the database until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.has, self.may_end = threading.Event(), threading.Event()
        self.start()
        self.has.wait()

    def run(self) -> None:
        with transaction.atomic():
            Template.objects.create(name="first", channel="sms", is_marketing=False, made_at=NOW)
            self.has.set()
            self.may_end.wait()
        connection.close()


def test_who_begins_sees_what_the_one_before_wrote() -> None:
    writer = Writer()
    threading.Timer(0.2, writer.may_end.set).start()
    with transaction.atomic():
        assert Template.objects.filter(name="first").exists()
    writer.join()


def test_who_waits_too_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.1)
    writer = Writer()
    with pytest.raises(OperationalError, match="locked"), transaction.atomic():
        pass
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == (100,), "who writes one row at once waits as before"
    writer.may_end.set()
    writer.join()
    with transaction.atomic():
        assert Template.objects.count() == 1
