"""ISO dates as programs write them, with and without a zone behind the time."""

from datetime import UTC, datetime

import pytest

from regulars.core.lake.engine import Limits, connect
from regulars.sources.mapping.values import ISO, DateWay, date_sql

TEN = datetime(2024, 1, 3, 10, tzinfo=UTC)
READINGS = {
    "2024-01-03T10:00:00Z": TEN,
    "2024-01-03 10:00:00 Z": TEN,
    "2024-01-03 11:00:00 +0100": TEN,
    "2024-01-03 11:00:00 +01:00": TEN,
    "2024-01-03 05:00 -05:00": TEN,
    "2024-01-03 11:00+01:00": TEN,
    "2024-01-03 10:00:00 UTC": TEN,
    "2024-01-03  10:00:00  UTC": TEN,
    "2024-01-03 11:00:00 Europe/Berlin": TEN,
    "2024-01-03 11:00:00": TEN,
    "2024-1-3 11:00": TEN,
    "2024-01-03 10:00:00 soon": None,
    "2024-01-03 10:00 AM": None,
    "2024-01-03 10:00:00 GMT+25": None,
    "soon": None,
}


@pytest.mark.parametrize("text", READINGS)
def test_an_iso_date_is_the_instant_that_it_says_in_the_shops_zone(text: str) -> None:
    with connect(Limits(threads=1), "Europe/Berlin") as con:
        query = f"SELECT epoch(({date_sql('t', DateWay(ISO))})) FROM (SELECT $t::VARCHAR AS t)"
        found = con.execute(query, {"t": text}).fetchone()
    wanted = READINGS[text]
    assert found == (wanted and wanted.timestamp(),)
