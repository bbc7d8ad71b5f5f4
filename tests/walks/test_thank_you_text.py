"""An order is paid, a thank-you text leaves, only once, although the shop's processes are killed all the time.

Through a gateway that remembers idempotency keys each order has exactly one text; through any other nobody has two, and
what the gateway may have missed is listed as unknown. `make bench` kills a hundred times.
"""

from pathlib import Path

import pytest

from tests.walks.thanking import walk

pytestmark = pytest.mark.slow
KILLS = 8


@pytest.mark.parametrize("has_keys", [True, False], ids=["with keys", "without keys"])
def test_a_paid_order_is_thanked_for_once_however_often_the_shop_is_killed(
    tmp_path: Path, fresh_database_url: str, has_keys: bool
) -> None:
    walked = walk(tmp_path / "home", fresh_database_url, has_keys, KILLS)
    assert walked.kills == KILLS, "it was killed while it ran"
    assert walked.wrong(has_keys) == []
