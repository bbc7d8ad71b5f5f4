"""A rehearsal from the browser: asked for with its days, done as long work, shown as what would have happened; ready-made programmes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from regulars import loop
from regulars.jobs import api as jobs
from regulars.journeys import api as journeys
from regulars.web.shell import lake
from tests.journeys.telling import ANN, BO, START, after, ordered, tell
from tests.web.test_routes import HERE

pytestmark = pytest.mark.django_db(transaction=True)
CARE = "name: care\ntitle: Care\ntrigger: order\nsteps:\n  - wait: {for: 2 days}\n  - send: review_request\n"
DAYS = {"begin": "2024-06-01", "end": "2024-06-30"}


@pytest.fixture
def client(home: Path) -> Iterator[Client]:
    """Offer the app; two orders came on a Monday in June."""
    lake.forget()
    tell(START, ordered("A1", ANN, START), ordered("B1", BO, after(hours=1)))
    journeys.put(CARE, "ann", START)
    yield Client(**HERE)
    lake.forget()


def test_a_rehearsal_is_asked_for_done_and_shown(client: Client) -> None:
    page = client.get("/journeys/care/rehearsal", **HERE).content.decode()
    assert "Try it on your own past" in page
    asked = client.post("/journeys/care/rehearsal", DAYS, **HERE)
    assert asked.status_code == 302
    assert jobs.work_once(loop.JOBS, START) == 1
    job = client.get(asked["Location"], **HERE).content.decode()
    assert "See what it would have done" in job
    page = client.get("/journeys/care/rehearsal", **HERE).content.decode()
    for said in (
        "Would have entered",
        "They never consented to this.",
        "2. asked for review_request",
        "People could not react",
    ):
        assert said in page
    table = client.get("/journeys/care/rehearsal?csv=left", **HERE)
    assert b"2" in b"".join(table.streaming_content if table.streaming else [table.content])


def test_days_that_are_none_or_too_many_are_refused_with_a_sentence(client: Client) -> None:
    for wrong in ({"begin": "soon"}, {"begin": "2024-07-01"}, {"begin": "1990-01-01"}):
        answer = client.post("/journeys/care/rehearsal", DAYS | wrong, follow=True, **HERE).content.decode()
        assert ("Write both days" in answer) or ("comes before the last" in answer)
    assert client.get("/journeys/nobody/rehearsal", **HERE).status_code == 404
    assert jobs.recent(5) == []


def test_what_cannot_be_rehearsed_says_so_as_the_works_end(client: Client) -> None:
    journeys.put(CARE.replace("review_request", "nowhere"), "ann", START)
    asked = client.post("/journeys/care/rehearsal", DAYS, **HERE)
    jobs.work_once(loop.JOBS, START)
    assert "there is no template" in client.get(asked["Location"], **HERE).content.decode()


def test_a_ready_made_programme_is_added_as_a_draft(client: Client) -> None:
    listing = client.get("/journeys", **HERE).content.decode()
    assert "Ready-made programmes" in listing
    name = journeys.ready_made()[0].name
    answer = client.post("/journeys/_ready", {"name": name}, **HERE)
    assert (answer.status_code, answer["Location"]) == (302, f"/journeys/{name}")
    told = journeys.one(name)
    assert told is not None
    assert told.state == "draft"
    wrong = client.post("/journeys/_ready", {"name": "nothing"}, follow=True, **HERE).content.decode()
    assert "There is no ready-made programme" in wrong
