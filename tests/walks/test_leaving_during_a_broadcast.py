"""People leave by the one-click link of their mails while the shop's own sender delivers a broadcast: none begins behind the
answer that they get. `make bench` lets 2,000 of 50,000 leave."""

import pytest

from bench.case_outbox_leavers import left
from tests.conftest import TEST_DATABASE_URL

pytestmark = pytest.mark.slow
PEOPLE, LEAVERS = 4_000, 200


def test_no_mail_begins_behind_the_answer_to_who_left() -> None:
    found = left(TEST_DATABASE_URL, PEOPLE, LEAVERS)
    assert found.refused == []
    assert len(found.answered) == LEAVERS
    assert found.began_behind == []
    assert found.marked_behind == 0
    assert found.twice == 0
    assert found.states == {"sent": PEOPLE - found.spared(LEAVERS), "refused": found.spared(LEAVERS)}
    assert 0 < found.n_got < LEAVERS, "they left all over the broadcast, some before their mail and some behind it"
