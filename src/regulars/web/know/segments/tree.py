"""The builder's form as a tree: inputs are named by their place, as r.2.1.value, and rows are added and taken away by it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

ROOT, LONGEST = "r", 2_000


@dataclass(frozen=True)
class Bag:
    """What was typed at a place, and what stands below it: rows of a group, or comparisons of something done."""

    words: Mapping[str, str] = field(default_factory=dict)
    items: tuple["Bag", ...] = ()

    @property
    def is_group(self) -> bool:
        return "how" in self.words

    def word(self, name: str, otherwise: str = "") -> str:
        """Return what was typed, or otherwise."""
        return self.words.get(name) or otherwise


def row(what: str, **words: str) -> Bag:
    """Return a row that asks for something."""
    return Bag({"what": what, **words})


def fresh() -> Bag:
    """Return the row that a form begins with: whoever ordered."""
    return row("field:orders", op="at_least", value="1")


def group(how: str, *items: Bag, **words: str) -> Bag:
    """Return a group of rows of which all, or any, must hold."""
    return Bag({"how": how, **words}, items)


def typed(told: Mapping[str, str]) -> Bag:
    """Return the tree of a form.

    >>> typed({"r.how": "any", "r.1.what": "field:city", "r.1.value": "Rome", "r.10.what": "consent", "title": "x"})
    Bag(words={'how': 'any'}, items=(Bag(words={'what': 'field:city', 'value': 'Rome'}, items=()), Bag(words={'what': 'consent'}, items=())))
    """
    found: dict[tuple[int, ...], dict[str, str]] = {}
    for name, value in told.items():
        root, *place, word = name.split(".") if "." in name else (name, "")
        if root == ROOT and all(one.isdecimal() and len(one) < 4 for one in place) and len(place) <= 3:
            found.setdefault(tuple(map(int, place)), {})[word] = value.replace("\0", "")[:LONGEST].strip()
    found.setdefault((), {}).setdefault("how", "all")
    return _below((), found)


def _below(place: tuple[int, ...], found: Mapping[tuple[int, ...], dict[str, str]]) -> Bag:
    inner = sorted(one for one in found if len(one) == len(place) + 1 and one[:-1] == place)
    words = found[place]
    if words.get("was", words.get("what")) != words.get("what"):  # another thing is asked for: its comparison goes
        return Bag({name: words[name] for name in ("what", "not") if name in words})
    return Bag(words, tuple(_below(one, found) for one in inner))


def done(tree: Bag, do: str) -> Bag:
    """Carry out a button of the form: add a row, a group or a comparison at a place, or drop what stands there.

    >>> done(group("all"), "add:r").items[0].words
    {'what': 'field:orders', 'op': 'at_least', 'value': '1'}
    >>> done(group("all", fresh(), row("consent")), "drop:r.1").items
    (Bag(words={'what': 'consent'}, items=()),)
    """
    what, _colon, where = do.partition(":")
    place = [int(one) - 1 for one in where.split(".")[1:] if one.isdecimal()]
    added = {"add": fresh(), "group": group("any", fresh()), "where": Bag({"field": ""})}
    if what == "drop" and place:
        return _changed(tree, place[:-1], place[-1], None)
    return _changed(tree, place, None, added[what]) if what in added else tree


def focus(tree: Bag, do: str) -> str:
    """Return the id of what has the keyboard after a button: the row it added, or the button that adds again.

    >>> focus(group("all", fresh()), "add:r"), focus(group("all"), "drop:r.1")
    ('r-1-what', 'r-add')
    """
    what, _colon, place = do.partition(":")
    if what == "drop":
        return f"{place.rpartition('.')[0]}-add".replace(".", "-")
    if what not in ("add", "group", "where"):
        return ""
    bag = tree
    for one in place.split(".")[1:]:
        if not one.isdecimal() or not 0 < int(one) <= len(bag.items):
            return ""
        bag = bag.items[int(one) - 1]
    last = {"add": "what", "group": "how", "where": "field"}[what]
    return f"{place}.{len(bag.items)}.{last}".replace(".", "-")


def _changed(tree: Bag, place: list[int], dropped: int | None, added: Bag | None) -> Bag:
    if not place:
        kept = tuple(one for n, one in enumerate(tree.items) if n != dropped)
        return replace(tree, items=kept if added is None else (*kept, added))
    if place[0] >= len(tree.items):
        return tree
    inner = _changed(tree.items[place[0]], place[1:], dropped, added)
    return replace(tree, items=tuple(inner if n == place[0] else one for n, one in enumerate(tree.items)))
