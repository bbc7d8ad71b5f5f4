"""A mapping becomes SQL: one select from raw text columns to the canonical table `rows`, bad cells noted by a code."""

import json
from collections.abc import Iterable, Mapping as MappingOf, Sequence
from dataclasses import dataclass

from regulars.core.lake.engine import literal
from regulars.core.money import currencies
from regulars.sources.files.options import CannotRead
from regulars.sources.mapping.fields import SQL_TYPES, TARGETS, Field
from regulars.sources.mapping.model import Condition, Mapping, Source
from regulars.sources.mapping.values import ISO, DateWay, Writing, date_sql, number_sql

FLAGS = {"cancelled": "is_cancelled", "test": "is_test", "refund": "is_refund", "gift_card": "is_gift_card"}
LONGEST = 1_000
SHOWN = 80
BLANKS = "' ' || chr(9)"
MOST_PROPERTIES = 100_000
KEPT = ("order_id", "ordered_at", "currency")  # corrected later from other rows of the same order
YES = ("1", "true", "yes", "y", "ja", "oui", "si", "sí", "subscribed")
NOBODY = ("null", "none", "nan", "n/a", "-", "\\n")  # what programs write for "no value": never a customer


@dataclass(frozen=True)
class Problem:
    """One way in which a row can be bad: the SQL that is true then, the field, the text at fault, and the words."""

    test: str
    field: str
    value: str
    reason: str
    fix: str


@dataclass(frozen=True)
class From:
    """What is read: a FROM item, the SQL of what is wrong with a record as a whole and of its line (None: its place tells),
    and the columns that bring rows back into the file's order behind a join."""

    source: str
    fault: str
    line: str | None = None
    order: tuple[str, ...] = ()


@dataclass(frozen=True)
class Compiled:
    """The query of the staged table, and every canonical column as it is selected from there: one that the file does not
    have takes no room, it is a NULL in the view.

    The query is nested so that each text is trimmed once and read once: DuckDB does not share work between the branches
    of a CASE.
    """

    query: str
    columns: tuple[str, ...]


class Compiler:
    """Compiles one mapping for one file: names maps the file's column names to SQL expressions."""

    def __init__(self, target: str, mapping: Mapping, names: MappingOf[str, str], writing: Writing) -> None:
        self._target, self._mapping, self._names, self._writing = target, mapping, names, writing
        self.texts = {name: self._text(source) for name, source in mapping.columns.items()}

    def compiled(self, records: From, currency: str | None) -> Compiled:
        """Return the query over records; currency is that of rows that name none."""
        problems = [Problem("fault IS NOT NULL", "row", "fault", "{value}", "correct this row in the file")]
        problems += [Problem("is_skipped", "(skipped)", "NULL", "skipped", "")] if "skip" in self._mapping.rows else []
        values = {name: self._value(name, field) for name, field in TARGETS[self._target].items()}
        for name, field in TARGETS[self._target].items():
            problems += self._problems(name, field)
        if self._target == "orders":
            self._orders(values, problems)
        if self._target == "customers":
            fix = "fill in one of them, or leave the row out"
            nobody = "coalesce(customer_ref, email, phone) IS NULL"
            problems.append(Problem(nobody, "customer_id", "''", "no customer id, e-mail or phone", fix))
        if currency and "currency" in values:
            values["currency"] = f"coalesce({values['currency']}, {literal(currency)})"
        flags = {column: self._any(kind) for kind, column in FLAGS.items()} if self._target == "orders" else {}
        if self._target == "events":
            flags = {"properties": self._properties()}
            fix = f"shorten the texts to {MOST_PROPERTIES:,} bytes together"
            test = f"strlen(properties) > {MOST_PROPERTIES}"
            problems.append(Problem(test, "properties", "''", "the row's own columns hold too much", fix))
        extra = {"is_skipped": self._any("skip")} if "skip" in self._mapping.rows else {}
        texts = [f"{text} AS t_{name}" for name, text in self.texts.items()]
        outer = [f"{flag} AS {name}" for name, flag in (flags | extra).items()]
        line = [f"{records.line} AS line"] if records.line else []
        place = [f"row_number() OVER (ORDER BY {', '.join(records.order)}) AS place"] if records.order else []
        read = f"SELECT {', '.join([*line, *place, records.fault + ' AS fault', *texts, *outer])} FROM {records.source}"
        kept = ["*", *(f"{value} AS {name}" for name, value in values.items())]
        code = " ".join(f"WHEN {problem.test} THEN {number}" for number, problem in enumerate(problems, start=1))
        noted = f"SELECT *, CASE {code} END AS code FROM (SELECT {', '.join(kept)} FROM ({read}))"
        every = values | flags
        there = [name for name, value in every.items() if not value.startswith("NULL::") or name in KEPT]
        staged = [*(["line"] if line else []), *there, *_faults(problems)]
        columns = [name if name in there else f"{value} AS {name}" for name, value in every.items()]
        query = f"SELECT {', '.join(staged)} FROM ({noted}){' ORDER BY place' if place else ''}"
        return Compiled(query, (*columns, "field", "reason", "fix"))

    def _text(self, source: Source) -> str:
        if source.constant is not None:
            return literal(source.constant)
        parts = [self._column(column) for column in source.columns]
        whole = parts[0] if len(parts) == 1 else f"concat_ws({literal(source.join)}, {', '.join(parts)})"
        # Most cells have no blanks around them, and looking is eight times as fast as trimming.
        text = f"CASE WHEN {whole} < '!' OR ends_with({whole}, ' ') THEN nullif(trim({whole}, {BLANKS}), '') ELSE {whole} END"
        if not source.empty:
            return text
        return f"CASE WHEN NOT {_one_of(f'lower({text})', source.empty)} THEN {text} END"

    def _column(self, column: str | int) -> str:
        found = self._names.get(str(column)) or self._names.get(str(column).strip().lower())
        if found is None:
            shown = ", ".join(list(self._names)[:12])
            raise CannotRead(f"the mapping names the column '{column}', but the file has: {shown}")
        return found

    def _value(self, name: str, field: Field) -> str:
        if name not in self.texts:
            return f"NULL::{SQL_TYPES[field.kind]}"
        text = f"t_{name}"
        if field.kind in ("instant", "date"):
            moment = date_sql(text, self._writing.dates.get(name, DateWay(ISO)))
            return moment if field.kind == "instant" else f"({moment})::DATE"
        if field.kind in ("money", "signed", "number"):
            return number_sql(text, self._writing.decimal, SQL_TYPES[field.kind])
        return {
            "flag": f"CASE WHEN {_one_of(f'lower({text})', YES)} THEN true WHEN {text} IS NOT NULL THEN false END",
            "email": f"CASE WHEN {text} LIKE '%_@_%._%' AND NOT contains({text}, ' ') THEN lower({text}) END",
            "currency": f"upper({text})",
            "id": rf"CASE WHEN ends_with({text}, '.0') THEN regexp_replace({text}, '^(\d+)\.0$', '\1') "
            f"WHEN strlen({text}) > 4 OR NOT {_one_of(f'lower({text})', NOBODY)} THEN {text} END",
        }.get(field.kind, text)

    def _problems(self, name: str, field: Field) -> list[Problem]:
        if name not in self.texts:
            return []
        text, shown = f"t_{name}", "customer_id" if name == "customer_ref" else name
        told = self._told_as(name)
        unread = f"{text} IS NOT NULL AND {name} IS NULL"
        found = []
        if field.required and not (self._mapping.grain == "line" and self._target == "orders"):
            found.append(Problem(f"{text} IS NULL", shown, "''", f"no {told}", f"fill in {told}"))
        if field.kind in ("instant", "date"):
            fix = "write a day that exists, the same way as in the other rows"
            found.append(Problem(unread, shown, text, "'{value}' is no date", fix))
            late = f"{name} < TIMESTAMPTZ '1970-01-02 00:00:00Z' OR {name} > TIMESTAMPTZ '2100-01-01 00:00:00Z'"
            found.append(Problem(late, shown, text, "'{value}' is not between 1970 and 2100", "correct the year"))
        elif field.kind in ("money", "signed", "number"):
            found.append(Problem(unread, shown, text, "'{value}' is no number", "write a plain number such as 12.50"))
        elif field.kind == "currency":
            known = literal(f"|{'|'.join(sorted(currencies()))}|")
            other = f"CASE WHEN {name} = 'EUR' OR {name} = 'USD' THEN false ELSE NOT contains({known}, '|' || {name} || '|') END"
            test = f"{text} IS NOT NULL AND {other}"
            fix = "write the three letters of ISO 4217, such as EUR"
            found.append(Problem(test, shown, text, "'{value}' is no currency", fix))
        elif field.kind in ("text", "email", "id"):
            test = f"strlen({text}) > {LONGEST}"
            found.append(Problem(test, shown, text, "the text is too long", f"shorten it to {LONGEST} bytes"))
        return found

    def _told_as(self, name: str) -> str:
        source = self._mapping.columns[name]
        return str(source.columns[0]) if source.columns else name

    def _any(self, kind: str) -> str:
        if kind not in self._mapping.rows:
            return "NULL::BOOLEAN"
        tests = " OR ".join(f"({self._tested(condition)})" for condition in self._mapping.rows[kind])
        return f"coalesce({tests}, false)"

    def _tested(self, condition: Condition) -> str:
        text = f"nullif(trim({self._column(condition.column)}), '')"
        listed = ", ".join(literal(value.lower()) for value in condition.values)
        if condition.test == "less_than":
            return f"{number_sql(text, self._writing.decimal, 'DECIMAL(18,4)')} < {literal(condition.values[0])}::DECIMAL(18,4)"
        return {
            "in": _one_of(f"lower({text})", condition.values),
            "equals": f"lower({text}) = {listed}",
            "starts_with": " OR ".join(f"starts_with(lower({text}), {literal(v.lower())})" for v in condition.values),
            "not_empty": f"{text} IS NOT NULL",
            "matches": " OR ".join(f"regexp_matches({text}, {literal(v)})" for v in condition.values),
        }[condition.test]

    def _properties(self) -> str:
        """Return the columns that no field reads as one JSON text, by name, blank cells left out."""
        read = {self._column(column) for source in self._mapping.columns.values() for column in source.columns}
        read |= {self._column(test.column) for tests in self._mapping.rows.values() for test in tests}
        named: dict[str, str] = {}
        for name, cell in self._names.items():
            if cell not in read:
                named.setdefault(cell, name)
        pairs = [
            f"{literal(json.dumps(name, ensure_ascii=False) + ':')} || to_json(nullif(trim({cell}, {BLANKS}), ''))::VARCHAR"
            for cell, name in sorted(named.items(), key=lambda pair: pair[1])
        ]
        return f"'{{' || concat_ws(',', {', '.join(pairs)}) || '}}'" if pairs else "'{}'"

    def _orders(self, values: dict[str, str], problems: list[Problem]) -> None:
        """Add what only orders need: the amount of a line, money that is there and not below zero, the order's id."""
        given = set(self.texts)
        if "unit_price" in given:
            price, quantity = values["unit_price"], values["quantity"]
            product = f"({price} * {quantity})" if "quantity" in given else price
            values["amount"] = f"TRY_CAST(coalesce({values['amount']}, {product}) AS DECIMAL(18,4))"
        elif self._mapping.grain != "order" and "amount" not in given and "total" in given:
            values["amount"], values["total"] = values["total"], "NULL::DECIMAL(18,4)"
        if "quantity" in given:
            values["quantity"] = f"TRY_CAST({values['quantity']} AS DECIMAL(18,4))"
        if "refunded" in given:
            values["refunded"] = f"abs({values['refunded']})"  # some exports write it with a minus
        refund = "coalesce(is_refund, false)"
        if "total" in given and self._mapping.grain != "moment":
            fix = "a negative amount is a refund: say which rows are refunds in a mapping file ([rows] refund)"
            problems.append(Problem(f"total < 0 AND NOT {refund}", "total", "t_total", "'{value}' is below zero", fix))
        if self._mapping.grain == "order":
            problems.append(Problem("total IS NULL", "total", "''", "no total", "fill in the order's total"))
        elif "total" not in given or self._mapping.grain == "moment":
            fix = "fill in the amount, or quantity and price"
            problems.append(Problem("amount IS NULL", "amount", "''", "no amount", fix))
        if self._mapping.grain != "moment":
            fix = "fill in the order's id; rows without one cannot be told apart"
            problems.append(Problem("order_id IS NULL", "order_id", "''", "no order id", fix))


def _one_of(text: str, values: Sequence[str]) -> str:
    """Return SQL that is true of a text in a list. Never IN (…): from five values on DuckDB makes it a join, and a join
    stages the rows in another order than the file's, so that rejects would name wrong lines."""
    return f"list_contains([{', '.join(literal(value.lower()) for value in values)}], {text})"


def _faults(problems: Sequence[Problem]) -> list[str]:
    """Return the columns field, reason and fix, looked up by a row's code."""

    def looked_up(texts: Iterable[str], name: str) -> str:
        cases = " ".join(f"WHEN {number} THEN {text}" for number, text in enumerate(texts, start=1))
        return f"CASE WHEN code IS NOT NULL THEN CASE code {cases} END END AS {name}"

    shown = (
        literal(problem.reason).replace("{value}", f"' || coalesce(substr({problem.value}, 1, {SHOWN}), '') || '")
        for problem in problems
    )
    return [
        looked_up((literal(problem.field) for problem in problems), "field"),
        looked_up(shown, "reason"),
        looked_up((literal(problem.fix) for problem in problems), "fix"),
    ]
