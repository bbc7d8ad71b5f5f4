"""What stands in the builder: typed as rows or as text, made a draft, with sentences for what is wrong and where."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.utils.text import slugify
from django.utils.translation import gettext as _

from regulars.segments import api as segments
from regulars.web.know.segments import documents, tree as trees
from regulars.web.know.segments.tree import Bag

PARTS = ("target", "category", "differentiator", "payoff")
LONGEST_TEXT = 100_000


class Wrong(ValueError):
    """Something typed that makes no segment; row is the number of the row, blank where it concerns the whole."""

    def __init__(self, said: str, row: str = "") -> None:
        self.said, self.row = said, row
        super().__init__(said)


@dataclass(frozen=True)
class Typed:
    """What is typed; text is used where the rule is written as text, the rest where it stands in rows."""

    title: str = ""
    name: str = ""
    tree: Bag = field(default_factory=lambda: trees.group("all", trees.fresh()))
    position: Mapping[str, str] = field(default_factory=dict)
    interests: str = ""
    text: str = ""
    is_text: bool = False

    def draft(self) -> segments.Draft:
        """Return the segment that is meant; raise Wrong."""
        if self.is_text:
            try:
                return segments.read_file(self.text)
            except segments.BadSegment as problem:
                raise Wrong(str(problem)) from None
        rule = documents.document(self.tree)
        try:
            segments.read(rule)
        except segments.BadRule as problem:
            row = documents.row_of(problem.place, len(self.tree.items))
            said = _("Row %(row)s: %(said)s") % {"row": row, "said": problem.said} if row else problem.said
            raise Wrong(said, row) from None
        return self.unread()

    def unread(self) -> segments.Draft:
        """Return what stands in rows as a segment, whether its rule can be read or not."""
        interests = [one.strip() for one in self.interests.split(",") if one.strip()]
        title = self.title.strip()
        name = self.name.strip() or slugify(title)[:64].strip("-").replace("_", "-")
        return segments.Draft(name, title, documents.document(self.tree), dict(self.position), interests)

    def as_text(self) -> "Typed":
        """Return the same, written as text."""
        return self if self.is_text else replace(self, text=segments.written(self.unread()), is_text=True)

    def as_rows(self) -> "Typed":
        """Return the same in rows; raise Wrong where the rows cannot hold it."""
        if not self.is_text:
            return self
        found = of(self.draft())
        if found.is_text:
            raise Wrong(_("This rule is deeper than the rows can show; change it here."))
        return found


def of(draft: segments.Draft | segments.Told) -> Typed:
    """Return a segment as it stands in the builder: in rows where they can hold it, else as text."""
    tree = documents.tree_of(draft.rule)
    if tree is None:
        return Typed(title=draft.title, name=draft.name, text=segments.written(draft), is_text=True)
    return Typed(draft.title, draft.name, tree, dict(draft.position), ", ".join(draft.interests))


def told(given: Mapping[str, str]) -> Typed:
    """Return what a form says."""

    def word(name: str, longest: int) -> str:
        return given.get(name, "").replace("\0", "")[:longest]

    return Typed(
        word("title", 500).strip(), word("name", 100).strip(), trees.typed(given), {part: word(part, 1_000).strip() for part in PARTS},
        word("interests", 10_000), word("text", LONGEST_TEXT), word("mode", 10) == "text",
    )  # fmt: skip
