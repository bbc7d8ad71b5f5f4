"""The shop of case 13: ten orders a customer over two years, with products, countries, channels, discounts and names."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"
COMMAND = [sys.executable, "-c", "from regulars.cli import main; main()"]
LAST_DAY = "2023-12-31"
PRODUCTS = 600
DAYS = 730  # that the orders are spread over
IN_A_FILE = 1_000_000  # a file of lines is joined to orders in memory
NAMED_EVERY = 5  # of the customers one in five is known by name


def home(n: int, days: int = DAYS) -> Path:
    """Return the folder of the shop with n orders; kept between runs."""
    return DATA / (f"pages-{n}" if days == DAYS else f"pages-{n}-{days}")


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a shop of its own."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("REGULARS_", "DJANGO_"))}
    return plain | {"REGULARS_HOME": str(folder), "DJANGO_SETTINGS_MODULE": "regulars.config.settings"}


def made(n: int, days: int = DAYS) -> Path:
    """Return the home of the shop with n orders, imported by the commands that a user types, unless it is there."""
    folder = home(n, days)
    done = folder / "made.json"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        accepted = 0
        for first in range(0, n, IN_A_FILE):
            wanted = _ORDERS.format(
                first=first,
                end=min(first + IN_A_FILE, n),
                customers=n // 10,
                products=PRODUCTS,
                last=LAST_DAY,
                days=days - 1,
            )
            accepted += _imported("orders", wanted, folder)
        accepted += _imported("customers", _PEOPLE.format(customers=n // 10, every=NAMED_EVERY), folder)
        if accepted != n + n // 10 // NAMED_EVERY:
            raise RuntimeError(f"of the shop of {n} orders only {accepted} rows were taken")
        subprocess.run([*COMMAND, "rebuild"], env=environment(folder), check=True, capture_output=True)
        done.write_text(json.dumps({"accepted": accepted}), encoding="utf-8")
    return folder


def _imported(target: str, query: str, folder: Path) -> int:
    """Write the answer of a query to a file and import it; return how many rows were accepted."""
    import duckdb

    path = DATA / f"busy-{target}-{folder.name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as con:
        con.execute("SET threads = 2; SET memory_limit = '3GB'; SET TimeZone = 'UTC'")
        con.execute(f"COPY ({query}) TO '{path}' (HEADER, DELIMITER ',')")
    call = [*COMMAND, "import", target, str(path), "--json"]
    done = subprocess.run(call, env=environment(folder), capture_output=True, text=True, check=True)
    path.unlink()
    return int(json.loads(done.stdout)["accepted"])


# Few customers order often, most seldom; each begins on some day, and from that day on stays for a while that differs.
_ORDERS = """
SELECT
    'O' || lpad(i::VARCHAR, 9, '0') AS order_id,
    'c' || c AS customer_id,
    'user' || c || '@example.com' AS email,
    strftime(TIMESTAMP '{last} 23:59:59' - to_seconds((age - part * stay)::BIGINT), '%Y-%m-%dT%H:%M:%SZ') AS ordered_at,
    round(amount, 2)::DECIMAL(18, 2) AS total,
    CASE WHEN hash(i + 9) % 50 = 0 THEN 5.00 ELSE 0 END::DECIMAL(18, 2) AS refunded,
    'EUR' AS currency,
    'P' || p AS sku,
    'Product ' || p AS product_name,
    'Category ' || (p % 12) AS category,
    1 AS quantity,
    round(amount, 2)::DECIMAL(18, 2) AS line_total,
    ['DE', 'FR', 'US', 'GB', 'NL', 'AT', 'IT', 'ES', 'PL', 'SE'][(pow(hash(c * 5 + 2) % 1000 / 1000.0, 2) * 10)::INTEGER % 10 + 1]
        AS country,
    ['web', 'app', 'marketplace', 'shop'][(hash(i + 21) % 4)::INTEGER + 1] AS channel,
    CASE WHEN hash(i + 33) % 8 = 0 THEN 'WELCOME' || hash(i + 34) % 5 END AS discount_code
FROM (
    SELECT
        i, c,
        (pow(hash(i * 11 + 3) % 10007 / 10007.0, 2) * {products})::INTEGER AS p,
        5 + hash(i + 3) % 20000 / 100.0 AS amount,
        hash(i * 3 + 1) % 1000003 / 1000003.0 AS part,
        86400.0 * (1 + hash(c * 13 + 7) % {days}) AS age,
        least(86400.0 * (1 + hash(c * 13 + 7) % {days}), -86400.0 * 300 * ln(1 - hash(c * 17 + 5) % 9973 / 9974.0)) AS stay
    FROM (SELECT i, (pow((hash(i * 7 + 5) % 1000003) / 1000003.0, 2) * {customers})::BIGINT AS c FROM range({first}, {end}) t(i))
)"""
_PEOPLE = """
SELECT
    'c' || (c * {every}) AS customer_id,
    ['Ann', 'Bo', 'Cleo', 'Dov', 'Eva', 'Finn', 'Gül', 'Hugo', 'Ines', 'Jon'][(hash(c + 1) % 10)::INTEGER + 1] AS first_name,
    ['Abel', 'Berg', 'Costa', 'Dubois', 'Eklund', 'Fischer', 'García', 'Huber', 'Ivanov'][(hash(c + 2) % 9)::INTEGER + 1]
        || '-' || c AS last_name,
    ['DE', 'FR', 'US', 'GB', 'NL'][(hash(c + 3) % 5)::INTEGER + 1] AS country,
    ['Berlin', 'Lyon', 'Boston', 'Leeds', 'Delft'][(hash(c + 3) % 5)::INTEGER + 1] AS city,
    CASE WHEN hash(c + 4) % 3 > 0 THEN 'yes' ELSE 'no' END AS accepts_email
FROM range({customers} // {every}) t(c)"""
