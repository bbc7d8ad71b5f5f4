"""Two thousand attempts to smuggle SQL in: each is refused with a sentence, or is a value like any other."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from regulars import loop
from regulars.core.lake.moment import Moment
from regulars.events import api as events
from regulars.segments import api as segments
from regulars.segments.models import Segment
from tests.events.cast import ANN, BO, NOW, placed
from tests.segments import world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

CORES = (
    "1=1", "true", "1 OR 1=1", "OR 1=1", "AND 1=0", "UNION SELECT 1", "UNION ALL SELECT customer_id FROM customers", "UNION SELECT email FROM customers",
    "DROP TABLE customers", "DROP VIEW orders", "DROP SCHEMA facts CASCADE", "DELETE FROM orders", "TRUNCATE customers", "UPDATE customers SET orders = 9",
    "INSERT INTO customers VALUES (1)", "ALTER TABLE customers DROP COLUMN orders", "CREATE TABLE pwned AS SELECT 1", "CREATE OR REPLACE VIEW customers AS SELECT 1",
    "COPY customers TO '/tmp/pwned.csv'", "COPY (SELECT 1) TO '/tmp/pwned.csv'", "ATTACH '/tmp/pwned.db' AS pwned", "DETACH memory", "EXPORT DATABASE '/tmp/pwned'",
    "INSTALL httpfs", "LOAD httpfs", "SET enable_external_access = true", "SET lock_configuration = false", "RESET search_path", "PRAGMA database_list",
    "CALL pragma_version()", "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM read_text('/etc/passwd')", "SELECT * FROM glob('/*')",
    "SELECT * FROM 'https://example.com/x.parquet'", "SELECT getenv('HOME')", "SELECT current_setting('secret_directory')", "SELECT * FROM duckdb_settings()",
    "SELECT * FROM duckdb_secrets()", "SELECT * FROM information_schema.tables", "SELECT sum(range) FROM range(100000000000)", "VACUUM", "CHECKPOINT",
    "BEGIN TRANSACTION", "ROLLBACK", "PREPARE p AS SELECT 1", "EXECUTE p", "SELECT pg_sleep(9)", "$today::DATE", "$v0", "{x} {today} {v0}", "%s %(name)s ? :name",
)  # fmt: skip
CONTEXTS = (
    "{}", "; {}", "; {}; --", "' {}", "' {} --", "'; {}; --", "') {} --", "')) {} --", "'); {}; --", "'' {} ''", '" {}', '" {} --', '"; {}; --', '") {} --', '\\" {} --',
    "\\' {} --", "\\'; {}; --", "/* */ {}", "*/ {} /*", "'/**/{}/**/'", "-- \n{}", "\n{}\n", "\r\n; {};", "\t{}", "${} $", "$$ {} $$", "$a$ {} $a$", "E'\\x27' {}", "x' {} --", "0) {} --",
    "0 {} --", "1; {}; --", "NULL {}", "\u2019 {} --", "\uff07 {} --", "\u02bc; {} --", "%27 {} --", "&#39; {} --", "`{}`", "[{}]", "(SELECT ({}))",
)  # fmt: skip
PAYLOADS = [context.replace("{}", core) for core, context in itertools.product(CORES, CONTEXTS)]
TEXTS = ("is", "is_not", "contains", "starts_with", "ends_with")
AT_ONCE = 100  # of 200 parts that a rule may have


def shapes(told: str) -> Iterator[Any]:
    """Yield a rule for each place where a name from a closed list, a day or a number belongs."""
    yield {"field": told, "is": "x"}
    yield {"field": "city", told: "x"}
    yield {told: []}
    yield {"did": told}
    yield {"did": "order", "where": [{"field": told, "is": "x"}]}
    yield {"did": "order", "sum": {"of": told, "at_least": 1}}
    yield {"did": "order", "times": {told: 1}}
    yield {"did": "order", "since": told}
    yield {"did": "order", "within_days": told}
    yield {"did": "order", "within_days": 3, "after": told}
    yield {"did": "order", "then": {"did": told, "within_days": 1}}
    yield {"field": "orders", "at_least": told}
    yield {"field": "last_order", "within_days": told}
    yield {"field": "first_order", "before": told}
    yield {"field": "late", "is": told}
    yield {"consent": told, "is": "given"}
    yield {"consent": "email", "is": told}


PLACES: dict[str, Callable[[str, int], Any]] = {
    "a value": lambda told, n: {"field": "first_name", TEXTS[n % len(TEXTS)]: told},
    "one of several values": lambda told, n: {"field": "country", "one_of" if n % 2 else "none_of": ["DE", told]},
    "a tag": lambda told, n: {"field": "tags", "has" if n % 2 else "lacks": told},
    "an attribute's name": lambda told, n: {"field": f"attribute:x{told}", "is": "x"},
    "an attribute's value": lambda told, n: {"field": "attribute:colour", TEXTS[n % len(TEXTS)]: told},
    "a topic": lambda told, n: {"consent": "email", "topic": told, "is": "given"},
    "a property's name": lambda told, n: {"did": "custom:visit", "where": [{"property": told, "is": "x"}]},
    "a property's value": lambda told, n: {"did": "custom:visit", "where": [{"property": "page", "is": told}]},
    "an own event's name": lambda told, n: {"did": f"custom:{told}"},
    "a value of a line": lambda told, n: {"did": "line", "where": [{"field": "product", "is": told}]},
}


def laid_out(moment: Moment) -> tuple[object, ...]:
    """Return every table and view of the lake with its columns, and how many rows the main ones have."""
    tables = moment.rows(
        "SELECT table_schema, table_name, string_agg(column_name, ',' ORDER BY ordinal_position) "
        "FROM information_schema.columns GROUP BY ALL ORDER BY ALL"
    )
    counts = [moment.rows(f"SELECT count(*) FROM {name}") for name in ("customers", "orders", "customer_updated")]
    return (*tables, *counts, moment.rows("SELECT current_setting('search_path')"))


def test_there_are_two_thousand_of_them() -> None:
    assert len(set(PAYLOADS)) >= 2_000


def test_names_days_and_numbers_are_refused_with_a_sentence() -> None:
    for n, told in enumerate(PAYLOADS):
        rules = list(shapes(told))
        for rule in (rules[n % len(rules)], rules[n // len(CONTEXTS) % len(rules)]):
            with pytest.raises(segments.BadRule) as refused:
                segments.read(rule)
            assert str(refused.value).strip()


@pytest.mark.parametrize("place", PLACES)
def test_a_statement_is_the_same_whatever_a_rule_says(place: str) -> None:
    def compiled(told: str, n: int) -> segments.Compiled:
        return segments.compiled(segments.read(PLACES[place](told, n)))

    plain = [compiled("tea", n).members for n in range(2 * len(TEXTS))]
    for n, told in enumerate(PAYLOADS):
        made = compiled(told, n)
        assert made.members.sql == plain[n % len(plain)].sql
        assert made.members.parameters != plain[n % len(plain)].parameters


def test_the_lake_is_the_same_whatever_was_asked_of_it() -> None:
    world.settle(1, people=12)
    with events.reader(NOW) as moment:
        before = laid_out(moment)
        everybody = found(moment, {"all": []})
        visitors = found(moment, {"did": "custom:visit"})
        assert 0 < visitors < everybody
        for start in range(0, len(PAYLOADS), AT_ONCE):
            some = PAYLOADS[start : start + AT_ONCE]
            texts = [{"field": "first_name", TEXTS[n % len(TEXTS)]: told} for n, told in enumerate(some)]
            meant = [one if "is_not" in one else {"not": one} for one in texts]
            assert found(moment, {"all": meant}) == everybody, "nobody is called so"
            named = [{"property": told, "is_not": "x"} for told in some[:50]]
            assert found(moment, {"did": "custom:visit", "where": named}) == visitors
            assert found(moment, {"field": "country", "one_of": some}) == 0
        for rule_of in PLACES.values():
            rules = [rule_of(told, n) for n, told in enumerate(PAYLOADS[::211])]
            plain = [rule_of("no such thing", n) for n in range(len(rules))]
            assert found(moment, {"any": rules}) == found(moment, {"any": plain})
        assert laid_out(moment) == before


def found(moment: Moment, rule: Any) -> int:
    return segments.preview(moment, rule, world.TODAY).n_members


def test_a_customer_who_is_called_so_is_found_by_that_name() -> None:
    names = [told for told in PAYLOADS[::97] if told.strip() == told]
    for n, name in enumerate(names):
        told = world.CustomerUpdated(version=str(n), first_name=name)
        events.append([events.Told(fact=told, source="shop", occurred_at=NOW, people={"id": f"k{n}"})], NOW)
    loop.run_once(NOW)
    with events.reader(NOW) as moment:
        assert found(moment, {"field": "first_name", "one_of": names}) == len(names)
        for name in names:
            assert found(moment, {"field": "first_name", "is": name}) >= 1


def test_names_and_titles_of_segments_are_refused_or_are_just_names() -> None:
    events.append([placed("A1", ANN), placed("B1", BO)], NOW)
    loop.run_once(NOW)
    rule = {"field": "orders", "at_least": 1}
    for told in set(PAYLOADS) - {"true"}:  # which is a name like any other
        with pytest.raises(segments.BadSegment, match=r"\w+ .*"):
            segments.put(segments.Draft(told, "Title", rule, {}), "ann", NOW)
        assert segments.one(told) is None
        assert segments.member_numbers(told, 5) == []
    with events.reader(NOW) as moment:
        for told in PAYLOADS[::40]:
            with pytest.raises((segments.NoSuchSegment, segments.BadRule)):
                segments.preview(moment, {"segment": told}, NOW.date())
    assert not Segment.objects.exists()
    for told in PAYLOADS[::200]:
        segments.put(segments.Draft("odd", told[:120], rule, {"target": told}, [told]), "ann", NOW)
        loop.run_once(NOW)
        assert segments.member_numbers("odd", 5) == [1, 2]
