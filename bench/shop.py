"""Synthetic inputs of the benchmarks: customers that buy as BG/NBD says, and order files of any size."""

from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
TRUTH = {"r": 0.243, "alpha": 4.414 * 7, "a": 0.793, "b": 2.426}  # in days; Fader, Hardie and Lee (2005), CDNOW


def histories(n: int, days: int = 730, seed: int = 1) -> tuple[Ints, Ints, Ints]:
    """Return frequency, recency and T in whole days of n customers whose first days are spread over two years."""
    rng = np.random.default_rng(seed)
    age = days - rng.integers(0, days, n)
    rate = rng.gamma(TRUTH["r"], 1 / TRUTH["alpha"], n)
    leaving = rng.beta(TRUTH["a"], TRUTH["b"], n)
    frequency, recency = np.zeros(n, np.int64), np.zeros(n, np.int64)
    clock, alive = np.zeros(n), np.ones(n, bool)
    while alive.any():
        here = np.flatnonzero(alive)
        clock[here] += rng.exponential(1 / rate[here])
        bought = here[np.ceil(clock[here]) <= age[here]]
        alive[:] = False
        new_day = np.ceil(clock[bought]).astype(np.int64)
        again = new_day > recency[bought]  # two purchases of one day are one order day
        frequency[bought[again]] += 1
        recency[bought[again]] = new_day[again]
        alive[bought[rng.random(bought.size) > leaving[bought]]] = True
    return frequency, recency, age


def orders_csv(path: Path, n: int) -> None:
    """Write n orders of n // 10 customers over two years in the generic layout."""
    import duckdb

    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    con = duckdb.connect()
    con.execute("SET threads = 2; SET memory_limit = '3GB'; SET TimeZone = 'UTC'")
    con.execute(f"""
        COPY (
            SELECT 'O' || lpad(i::VARCHAR, 9, '0') AS order_id, 'c' || c AS customer_id,
                'user' || c || '@example.com' AS email,
                strftime(TIMESTAMP '2022-01-01' + to_seconds((hash(i * 3 + 1) % 63072000)::BIGINT), '%Y-%m-%dT%H:%M:%SZ')
                    AS ordered_at,
                ((hash(i + 3) % 20000) / 100)::DECIMAL(18, 2) AS total,
                CASE WHEN hash(i + 9) % 50 = 0 THEN 5.00 ELSE 0 END::DECIMAL(18, 2) AS refunded,
                'EUR' AS currency
            FROM (
                SELECT i, (pow((hash(i * 7 + 5) % 1000003) / 1000003.0, 2) * {n // 10})::BIGINT AS c FROM range({n}) t(i)
            )
        ) TO '{partial}' (HEADER, DELIMITER ',')""")
    con.close()
    partial.rename(path)


FIRST_DAY = date(2022, 1, 1)
