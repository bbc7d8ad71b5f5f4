"""What stands in the editor: the text that travels with the form, the part of it that is open, and what is wrong with it."""

import hashlib
import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from regulars.core.documents import yaml
from regulars.journeys import api as journeys
from regulars.web.decide.journeys import flow, forms, parts
from regulars.web.decide.journeys.parts import Document
from regulars.web.know.segments import documents, tree as trees
from regulars.web.know.segments.tree import Bag

OF_ROWS = re.compile(r"(add|group|drop|where):r(\.\d+)*", re.ASCII)
LINE = re.compile(r"line (\d+)")
ABOUT = ("settings", "trigger", "audience", "goal", "exit_on")


@dataclass(frozen=True)
class Draft:
    """A journey being made. document is None where the text is no YAML, or no mapping; by_hand: the text was changed by itself."""

    text: str
    document: Document | None
    open: str = ""
    tree: Bag | None = None
    by_hand: bool = False
    focus: str = ""

    @property
    def seen(self) -> str:
        """Return by what the next request knows whether the text was changed by hand."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    def done(self, do: str) -> "Draft":
        """Carry out a button of the editor."""
        what, _colon, rest = do.partition(":")
        if self.document is None:
            return self
        if what == "open":
            return replace(self, open=rest, tree=None, focus="open" if rest else "")
        if OF_ROWS.fullmatch(do) or what in ("", "look", "shape"):
            return self
        document = deepcopy(self.document)
        opened = parts.done(document, do)
        if opened is None:
            return self
        focus = "open" if opened else _focus(document, what, rest)
        text = self.text if document == self.document else written(document)
        return replace(self, text=text, document=document, open=opened, tree=None, focus=focus)

    def rows(self) -> Bag | None:
        """Return the rows of the open part: as they were typed, else as the document says."""
        return self.tree or (forms.rows(self.document, self.open) if self.document else None)


@dataclass(frozen=True)
class Verdict:
    """Whether a text is a journey: what is wrong, at which place and line; else how many steps it has, and what is missing yet."""

    wrong: str = ""
    place: str = ""
    line: int = 0
    said: str = ""
    n: int = 0
    missing: str = ""
    name: str = ""

    def row(self, draft: Draft) -> tuple[str, str]:
        """Return the row of the open rule that is wrong, and what is said about it."""
        at = forms.rule_place(draft.document, draft.open) if draft.document and draft.open else ""
        rows = draft.rows()
        if not at or rows is None or not self.place.startswith(at):
            return "", ""
        return documents.row_of(self.place.removeprefix(at).lstrip("."), len(rows.items)), self.said


def read(text: str) -> Document | None:
    """Return a text's document, None where it has none."""
    try:
        found = yaml.read(text).value
    except yaml.BadYaml:
        return None
    return found if isinstance(found, dict) else None


def written(document: Document) -> str:
    """Return a document as text, its parts in the language's order."""
    return yaml.write(parts.ordered(document))


def told(given: Mapping[str, str]) -> Draft:
    """Return the draft that a form says: its text, and into it what stands in the fields of the open part."""
    text = given.get("text", "").replace("\r\n", "\n").replace("\0", "")[: yaml.LONGEST + 1]
    draft = Draft(text, read(text), given.get("open", "")[:300])
    if draft.seen != given.get("seen", ""):
        return replace(draft, by_hand=True)
    if draft.document is None or not draft.open:
        return draft
    tree, do, document = forms.typed_rows(given), given.get("do", ""), deepcopy(draft.document)
    focus = ""
    if tree is not None and OF_ROWS.fullmatch(do):
        tree = trees.done(tree, do)
        focus = trees.focus(tree, do)
    try:
        forms.apply(document, draft.open, given, tree)
    except parts.ABSENT:
        return draft
    text = draft.text if document == draft.document else written(document)
    return replace(draft, text=text, document=document, tree=tree, focus=focus)


def judged(text: str) -> Verdict:
    """Read a text as the language does."""
    try:
        journey, nodes = journeys.read_file(text)
    except journeys.BadJourney as problem:
        found = LINE.search(problem.said)
        line = problem.line or (int(found[1]) if found else 1)
        return Verdict(problem.said, problem.place, line, problem.said)
    try:
        journeys.check_parts(journey, nodes)
    except journeys.CannotSwitch as problem:
        return Verdict(n=len(nodes), missing=str(problem), name=journey.name)
    return Verdict(n=len(nodes), name=journey.name)


def shown_at(verdict: Verdict, steps: list[flow.Step]) -> str:
    """Return the place at which a mistake is shown: a step, a way, or a part of the whole; blank for none."""
    if not verdict.place:
        return ""
    if not verdict.place.startswith("steps"):
        name = verdict.place.partition(".")[0]
        return name if name.partition("[")[0] in ABOUT else "settings"
    return flow.nearest(verdict.place, {one.place for one in flow.flat(steps)})


def imported(content: bytes) -> Draft:
    """Return a draft of a file's content."""
    text = content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\0", "")
    return Draft(text, read(text))


def fresh() -> Draft:
    """Return the draft that the page for a new journey begins with."""
    document = parts.blank() | {"title": _("New journey")}
    return Draft(written(document), document, "settings")


def _focus(document: Document, what: str, place: str) -> str:
    """Return the id of what has the keyboard after a step was moved or taken away."""
    if what in ("up", "down"):
        before, _bracket, number = place.rpartition("[")
        to = int(number.rstrip("]")) + (1 if what == "down" else -1)
        here = f"{before}[{to}]" if parts.at(document, f"{before}[{to}]") is not None else place
        return f"{flow.anchor(here)}-{what}"
    return f"{flow.anchor(place.rpartition('[')[0])}-add"
