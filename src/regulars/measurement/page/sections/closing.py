"""The end of the page: benchmarks with their caveats, what to do next, and what the figures rest on."""

from dataclasses import dataclass

from regulars.core.formats import NONE
from regulars.core.reading import Report, amount, block, number, rows, text
from regulars.measurement.page.model import Chapter, Figure, Given, Table


@dataclass(frozen=True)
class Benchmark:
    """A published figure and what it may be held against."""

    name: str
    value: str
    source: str
    definition: str
    is_comparable: bool
    caveat: str


@dataclass(frozen=True)
class Step:
    """Something to do, why, and for how many customers."""

    title: str
    why: str
    count: str


@dataclass(frozen=True)
class Fact:
    """A fact about the data with its sentence."""

    name: str
    figure: str
    remark: str = ""


def chapters(given: Given) -> tuple[Chapter, ...]:
    """Return the last chapters."""
    return (
        Chapter("benchmarks", "How others do", (benchmarks(given),)),
        Chapter("next", "What to do next", (steps(given),)),
        Chapter("data", "What this page rests on", (quality(given),)),
    )


def benchmarks(given: Given) -> Figure:
    """Return published figures, each with its definition and whether it may be compared."""
    found = tuple(_benchmark(given, row) for row in rows(given.report, "benchmarks"))
    definition = given.definition("benchmarks")
    if not found:
        return Figure(
            "benchmarks",
            "No benchmark with the same definition",
            definition,
            empty="Compare this shop with its own past instead: see the cohorts above.",
        )
    fair = sum(one.is_comparable for one in found)
    title = (
        f"{given.write.count(fair)} of {given.write.count(len(found))} benchmarks measure what this page measures"
        if fair
        else "The figures people quote do not measure what this page measures"
    )
    return Figure("benchmarks", title, definition, template="benchmarks.html", shown={"benchmarks": found})


def _benchmark(given: Given, row: Report) -> Benchmark:
    value = row.get("value")
    said = given.write.share(value, 0) if number(value) is not None and 0 <= amount(value) <= 1 else text(value) or NONE
    source = ", ".join(part for part in (text(row.get("source")), text(row.get("year"))) if part)
    return Benchmark(
        text(row.get("name")),
        said,
        source,
        text(row.get("definition")),
        bool(row.get("comparable")),
        text(row.get("caveat")),
    )


def steps(given: Given) -> Figure:
    """Return what to do next, in the report's order."""
    found = tuple(
        Step(
            text(row.get("title")),
            text(row.get("why")),
            given.write.count(row["count"]) if number(row.get("count")) else "",
        )
        for row in rows(given.report, "next_steps")
        if text(row.get("title"))
    )
    if not found:
        return Figure(
            "steps",
            "Nothing stands out",
            "",
            empty="Keep importing orders: advice appears here as soon as the figures support it.",
        )
    title = "One thing worth doing now" if len(found) == 1 else f"{_spelled(len(found))} things worth doing now"
    return Figure("steps", title, "", template="steps.html", shown={"steps": found})


def quality(given: Given) -> Figure:
    """Return what became of the imported rows, and the frame of all figures."""
    imports = block(given.report, "imports")
    read = number(imports.get("rows"))
    facts = _import_facts(given, imports) if read else ()
    title = _quality_title(given, imports) if read else "No import on record"
    return Figure(
        "quality",
        title,
        given.definition("imports"),
        lead="" if read else "The figures come from orders that reached the shop’s log by another way than a file.",
        template="quality.html",
        shown={"facts": facts},
        tables=(Table("What every figure rests on", ("What", "Value"), _frame(given)),),
    )


def _quality_title(given: Given, imports: Report) -> str:
    count = given.write.count
    if not amount(imports.get("rejected")):
        return f"All {count(imports['rows'])} rows were understood"
    return f"{count(imports['rejected'])} of {count(imports['rows'])} rows were rejected"


def _import_facts(given: Given, imports: Report) -> tuple[Fact, ...]:
    count = given.write.count
    merged = amount(imports.get("merged"))
    return (
        Fact("Rows read", count(imports.get("rows"))),
        Fact(
            "Accepted",
            count(imports.get("accepted")),
            f"{count(merged)} merged into one order with others" if merged else "",
        ),
        Fact(
            "Rejected",
            count(imports.get("rejected")),
            "the rejects file names line, field and reason" if amount(imports.get("rejected")) else "",
        ),
        Fact(
            "Duplicates",
            count(imports.get("duplicates")),
            "known already, counted once" if amount(imports.get("duplicates")) else "",
        ),
    )


def _frame(given: Given) -> tuple[tuple[str, str], ...]:
    report, write = given.report, given.write
    totals = block(report, "totals")
    written = [
        ("As of", write.day(report.get("as_of"))),
        ("First order", write.day(totals.get("first_order_on"))),
        ("Last order", write.day(totals.get("last_order_on"))),
        ("Orders", write.count(totals.get("orders"))),
        ("Revenue before refunds", write.money(totals.get("revenue"))),
        ("Refunds", write.money(totals.get("refunds"))),
        ("Refunds, share of revenue", write.share(totals.get("refund_share"))),
        ("Revenue after refunds", write.money(totals.get("net_revenue"))),
        ("Guest orders", write.count(totals.get("guests_orders"))),
        ("Free orders", write.count(totals.get("free_orders"))),
        ("Currency", text(report.get("currency")) or NONE),
        ("Time zone", text(report.get("timezone")) or NONE),
        ("Lake version", text(report.get("lake_version")) or NONE),
        ("Written", write.moment(report.get("generated_at"))),
    ]
    return tuple((name, said) for name, said in written if said != NONE)


def _spelled(count: int) -> str:
    words = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
    return words[count] if count < len(words) else str(count)
