"""Random rules, as documents, over the fields of the small world."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from tests.segments.world import CATEGORIES, CITIES, CODES, COUNTRIES, PAGES, PRODUCTS, TAGS, TODAY, TOPICS

Document = dict[str, Any]
WORDS = sorted(
    {
        one
        for many in (COUNTRIES, CITIES, CODES, PRODUCTS, CATEGORIES, ("web", "spring", "c1", "ann", "Ärni"))
        for one in many
        if one
    }
)
words = st.sampled_from(
    [*WORDS, *(word.lower() for word in WORDS), "e", "red", "gr", "3", "x'; DROP TABLE customers; --"]
)
amounts = st.one_of(st.integers(0, 4), st.integers(-5, 120), st.sampled_from(["19.90", "0", "7.5"]))
days = st.integers(-600, 60).map(lambda n: (TODAY + timedelta(days=n)).isoformat())
spans = st.sampled_from([1, 2, 7, 8, 29, 30, 31, 60, 365, 700])


def pair(values: st.SearchStrategy[Any], key: Any) -> st.SearchStrategy[list[Any]]:
    return st.tuples(values, values).map(lambda two: sorted(two, key=key))


COMPARISONS: dict[str, st.SearchStrategy[Document]] = {
    "text": st.one_of(
        *(st.fixed_dictionaries({op: words}) for op in ("is", "is_not", "contains", "starts_with", "ends_with")),
        *(st.fixed_dictionaries({op: st.lists(words, min_size=1, max_size=3)}) for op in ("one_of", "none_of")),
        st.fixed_dictionaries({"known": st.booleans()}),
    ),
    "number": st.one_of(
        *(
            st.fixed_dictionaries({op: amounts})
            for op in ("is", "is_not", "at_least", "at_most", "more_than", "less_than")
        ),
        st.fixed_dictionaries({"between": pair(amounts, float)}),
        st.fixed_dictionaries({"known": st.booleans()}),
    ),
    "date": st.one_of(
        *(st.fixed_dictionaries({op: days}) for op in ("on", "before", "after")),
        st.fixed_dictionaries({"between": pair(days, str)}),
        *(
            st.fixed_dictionaries({op: spans})
            for op in ("within_days", "at_least_days_ago", "in_next_days", "anniversary_in_days")
        ),
        st.fixed_dictionaries({"known": st.booleans()}),
    ),
    "flag": st.one_of(*(st.fixed_dictionaries({op: st.booleans()}) for op in ("is", "known"))),
    "tags": st.one_of(
        *(st.fixed_dictionaries({op: st.sampled_from([*TAGS, "vip ", "none"])}) for op in ("has", "lacks")),
        st.fixed_dictionaries({"known": st.booleans()}),
    ),
}
ABOUT = {
    **dict.fromkeys(("reference", "email", "first_name", "country", "city", "first_product", "first_channel", "first_discount_code"), "text"),
    **dict.fromkeys(("orders", "order_days", "gross", "refunded", "net", "average_order"), "number"),
    **dict.fromkeys(("first_order", "last_order", "second_order", "birthday"), "date"),
    "accepts_email": "flag",
    "tags": "tags",
}  # fmt: skip
SOURCES = {
    "order": {"total": "number", "refunded": "number", "country": "text", "channel": "text", "discount_code": "text"},
    "line": {"product": "text", "category": "text", "quantity": "number", "amount": "number", "country": "text"},
    "refund": {"amount": "number", "order_id": "text"},
    "cancellation": {"order_id": "text"},
    "message.clicked": {"campaign": "text", "is_machine": "flag"},
}


def compared(kind: str) -> st.SearchStrategy[Document]:
    return COMPARISONS[kind]


def about() -> st.SearchStrategy[Document]:
    known = st.sampled_from(sorted(ABOUT)).flatmap(
        lambda name: compared(ABOUT[name]).map(lambda comparison: {"field": name, **comparison})
    )
    return st.one_of(known, known, owned())


def owned() -> st.SearchStrategy[Document]:
    """Return rules about what the shop keeps under names of its own; the comparison says how a value is read."""
    names = st.sampled_from(["birthday", "Colour", "colour", "visits", "renews", "never told", "a'b"])
    numbers = st.one_of(
        *(st.fixed_dictionaries({op: amounts}) for op in ("at_least", "at_most", "more_than", "less_than")),
        st.fixed_dictionaries({"between": pair(amounts, float)}),
    )
    comparisons = st.one_of(compared("text"), numbers, compared("date"))
    return st.tuples(names, comparisons).map(lambda two: {"field": f"attribute:{two[0]}", **two[1]})


def said() -> st.SearchStrategy[Document]:
    return st.fixed_dictionaries(
        {"consent": st.sampled_from(["email", "sms"]), "topic": st.sampled_from(TOPICS),
         "is": st.sampled_from(["given", "asked", "withdrawn", "expired", "never"])}
    )  # fmt: skip


@st.composite
def happenings(draw: st.DrawFn, verb: str = "did") -> Document:
    name = draw(st.sampled_from([*sorted(SOURCES), "custom:visit", "custom:search"]))
    told: Document = {verb: name}
    where = draw(st.lists(properties() if name.startswith("custom:") else wheres(name), max_size=2))
    return told | ({"where": where} if where else {})


def wheres(source: str) -> st.SearchStrategy[Document]:
    own = SOURCES[source]
    return st.sampled_from(sorted(own)).flatmap(
        lambda name: compared(own[name]).map(lambda comparison: {"field": name, **comparison})
    )


def properties() -> st.SearchStrategy[Document]:
    return st.one_of(
        st.fixed_dictionaries({"property": st.just("page"), "is": st.sampled_from(PAGES)}),
        st.fixed_dictionaries({"property": st.just("seconds"), "at_least": st.integers(0, 100)}),
        st.fixed_dictionaries({"property": st.just("renews"), "in_next_days": spans}),
        st.fixed_dictionaries({"property": st.sampled_from(["none", "a'b", "x/y~z"]), "known": st.booleans()}),
    )


def windows() -> st.SearchStrategy[Document]:
    return st.one_of(
        st.just({}),
        st.fixed_dictionaries({"within_days": spans}),
        st.fixed_dictionaries({"within_days": spans, "after": st.sampled_from(["first_order", "last_order"])}),
        st.fixed_dictionaries({"since": days}),
        pair(days, str).map(lambda two: {"since": two[0], "until": two[1]}),
    )


def measures(source: str) -> st.SearchStrategy[Document]:
    numbers = [name for name, kind in SOURCES.get(source, {}).items() if kind == "number"]
    any_of = sorted(SOURCES.get(source, {}))
    options = [
        st.just({}),
        compared("number").map(lambda comparison: {"times": comparison}),
        compared("date").map(lambda comparison: {"first": comparison}),
        compared("date").map(lambda comparison: {"last": comparison}),
    ]
    if numbers:
        options.append(
            st.tuples(st.sampled_from(numbers), compared("number")).map(lambda two: {"sum": {"of": two[0], **two[1]}})
        )
    if any_of:
        options.append(
            st.tuples(st.sampled_from(any_of), compared("number")).map(
                lambda two: {"different": {"of": two[0], **two[1]}}
            )
        )
    return st.one_of(options)


@st.composite
def dids(draw: st.DrawFn) -> Document:
    verb = draw(st.sampled_from(["did", "did", "did_not"]))
    told = draw(happenings(verb)) | draw(windows())
    told |= draw(measures(told[verb]))
    if draw(st.integers(0, 3)) == 0:
        told["then"] = draw(happenings()) | {"within_days": draw(spans)}
    return told


rules = st.recursive(
    st.one_of(about(), about(), dids(), dids(), said()),
    lambda inner: st.one_of(
        st.fixed_dictionaries({"all": st.lists(inner, max_size=3)}),
        st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"not": inner}),
    ),
    max_leaves=6,
)
