"""What the form calls things: fields in groups, what customers do, comparisons, windows and measures."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from regulars.events import api as events
from regulars.segments import api as segments
from regulars.web.act import naming

Choices = list[tuple[str, str]]
OWN, ATTRIBUTE = "did:custom", "attribute"


def asked() -> list[tuple[str, Choices]]:
    """Return everything a row can ask for, in groups: (group, [(value, label)])."""
    about = segments.fields.ABOUT
    person = (
        "reference",
        "email",
        "phone",
        "first_name",
        "last_name",
        "country",
        "city",
        "language",
        "birthday",
        "tags",
    )
    first = tuple(name for name in about if name.startswith("first_") and name not in (*person, "first_order"))
    said = ("accepts_email", "accepts_sms")
    foretold = ("rfm", "late")
    bought = tuple(name for name in about if name not in (*person, *first, *said, *foretold))
    groups = [
        (_("Who it is"), person),
        (_("What they bought, over all"), bought),
        (_("Their first order"), first),
        (_("How they come back"), foretold),
    ]
    listed = [(label, [(f"field:{name}", _upper(_(about[name].says))) for name in names]) for label, names in groups]
    listed[0][1].append((ATTRIBUTE, _("A field of your own")))
    sources = list(segments.fields.sources())
    shop = [name for name in sources if "." not in name]
    told = [name for name in sources if "." in name]
    listed.append((_("What they did"), [(f"did:{name}", did(name)) for name in shop] + [(OWN, _("An event of your own"))]))  # fmt: skip
    listed.append((_("Messages and consent"), [*[(f"did:{name}", did(name)) for name in told], ("consent", _("Last word on consent")), *[(f"field:{name}", _upper(_(about[name].says))) for name in said]]))  # fmt: skip
    return [*listed, (_("Other segments"), [("segment", _("Belongs to a segment"))])]


def did(source: str) -> str:
    """Return what a source is called."""
    return _upper(_(segments.fields.sources()[source].says))


def operators(kind: segments.comparing.Kind) -> Choices:
    """Return the comparisons of a kind of value with their labels."""
    labels = _labels()
    return [(op, labels[op]) for op in segments.comparing.OPERATORS[kind]]


def of_properties() -> Choices:
    """Return the comparisons of properties of a shop's own events."""
    labels, kinds = _labels(), segments.comparing.Kind
    listed = [*segments.comparing.OPERATORS[kinds.TEXT], *segments.comparing.OPERATORS[kinds.NUMBER]]
    return [(op, labels[op]) for op in dict.fromkeys(listed)]


def of_attributes() -> Choices:
    """Return the comparisons of attributes of a shop's own."""
    labels, kinds = _labels(), segments.comparing.Kind
    of_days = segments.comparing.OPERATORS[kinds.DATE]
    return [*of_properties(), *((op, labels[op]) for op in of_days if op not in dict(of_properties()))]


def _labels() -> Mapping[str, str]:
    return {
        "is": _("is"), "is_not": _("is not"), "one_of": _("is one of"), "none_of": _("is none of"), "contains": _("contains"),
        "starts_with": _("starts with"), "ends_with": _("ends with"), "known": _("is known"), "at_least": _("at least"),
        "at_most": _("at most"), "more_than": _("more than"), "less_than": _("less than"), "between": _("from … to"), "on": _("on the day"),
        "before": _("before"), "after": _("after"), "within_days": _("in the last … days"), "at_least_days_ago": _("at least … days ago"),
        "in_next_days": _("in the next … days"), "anniversary_in_days": _("its day of the year in the next … days"), "has": _("has"),
        "lacks": _("lacks"),
    }  # fmt: skip


def windows() -> Choices:
    """Return in which days something done can count."""
    return [
        ("", _("ever")),
        ("last", _("in the last … days")),
        ("between", _("between two days")),
        ("after_first", _("within … days of the first order")),
        ("after_last", _("within … days of the last order")),
    ]


def measures(has_fields: bool) -> Choices:
    """Return how something done can be measured."""
    listed = [("", _("at least once")), ("times", _("so many times"))]
    if has_fields:
        listed += [("sum", _("sum of")), ("different", _("different values of"))]
    return [*listed, ("first", _("the first time")), ("last", _("the last time"))]


def channels() -> Choices:
    """Return the channels that can be consented to."""
    return [(name, naming.channel(name)) for name in segments.fields.CHANNELS]


def states() -> Choices:
    """Return what the last word on a consent can be."""
    said = {
        "given": _("yes"), "asked": _("asked, not answered"), "withdrawn": _("no"), "expired": _("yes, but expired"),
        "never": _("never said"),
    }  # fmt: skip
    return [(state, said[state]) for state in segments.fields.STATES]


def position() -> Choices:
    """Return the parts of a positioning statement, each as a question."""
    return [
        ("target", _("For whom is the offer?")),
        ("category", _("What is it, among what they know?")),
        ("differentiator", _("What makes it unlike the others?")),
        ("payoff", _("What do they get from it?")),
    ]


def zone() -> str:
    """Return the time zone whose days count."""
    return events.timezone()


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
