"""A program as one Python function: what its nodes do, written down one after the other, for a broadcast runs it a million times.

It works on the same context, buffer and meter as the nodes, and what it does not know it leaves to them: so it says what they
say. Nothing that an author wrote becomes code: names and texts are constants.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from liquid import RenderContext
from liquid.ast import ConditionalBlockNode, Node
from liquid.builtin.content import ContentNode
from liquid.builtin.expressions import BooleanExpression, FilteredExpression, Path
from liquid.builtin.expressions.logical import (
    EqExpression,
    GeExpression,
    GtExpression,
    LeExpression,
    LogicalAndExpression,
    LogicalOrExpression,
    LtExpression,
    NeExpression,
    is_truthy,
)
from liquid.builtin.expressions.primitive import IntegerLiteral
from liquid.builtin.tags.if_tag import IfNode
from liquid.exceptions import BreakLoop, ContinueLoop
from liquid.expression import Expression
from markupsafe import escape

from regulars.messaging.templates.language.alike import MARK, Fixed, Target
from regulars.messaging.templates.language.context import Buffer, Context
from regulars.messaging.templates.language.nodes import SPECIAL, FlatPath, Loop, PlainFilter, Row, Written
from regulars.messaging.templates.language.values import LARGEST

MOST_NODES = 500  # beyond that reading the function takes longer than anybody should wait


@dataclass(frozen=True)
class Straight:
    """A program's function; tells_links when it writes the targets of its links by themselves, and no marks."""

    write: Callable[[Context, Buffer], None]
    tells_links: bool = False


_NAMES: dict[str, Any] = {
    "escape": escape, "special": SPECIAL, "is_truthy": is_truthy, "ContinueLoop": ContinueLoop, "BreakLoop": BreakLoop, "Target": Target,
}  # fmt: skip
# What filters look at beside their arguments, and what all messages of a batch have alike.
_BESIDE = frozenset({"currency", "today"})
_SHARED = _BESIDE | {"theme", "shop"}
# Two whole numbers are compared as Python does.
SIGNS: dict[type, str] = {
    GtExpression: ">", GeExpression: ">=", LtExpression: "<", LeExpression: "<=", EqExpression: "==", NeExpression: "!=",
}  # fmt: skip
COMPARED = (GtExpression, GeExpression, LtExpression, LeExpression, EqExpression, NeExpression)
_HEAD = """def write(context, buffer):
    meter, data, get, weigh, told = context.meter, context.globals, context.get, context.weigh, context.told
    parts, passages, locale = buffer.parts, context.passages, context.locale
    add = parts.append
"""


def straight(nodes: Iterable[Node], static: RenderContext, *, is_html: bool) -> Straight | None:
    """Return the function of these nodes, None where they are too many or lie too deep for one."""
    listed = list(nodes)
    every = list(_all(listed, static))
    if len(every) > MOST_NODES:
        return None
    given = {"partial"} | {str(name) for node in every for name in node.template_scope()}
    n_marks = sum(node.text.count(MARK) for node in every if isinstance(node, ContentNode))
    source = _Source(is_html, given, static, tells_links=bool(n_marks))
    source.program(listed)
    if source.n_marks != n_marks:
        source = _Source(is_html, given, static)
        source.program(listed)
    names = {**_NAMES, **source.constants}
    try:
        exec(_HEAD + "\n".join(source.lines), names)  # noqa: S102  # made here, of constants only
    except (SyntaxError, RecursionError, MemoryError):  # Python has an end to how deep code may lie
        return None
    return Straight(names["write"], source.n_marks > 0)


def one_by_one(nodes: Sequence[Node], context: Context, buffer: Buffer) -> None:
    """Write nodes as they are: what the function of them has to be equal to."""
    for context.at, node in enumerate(nodes):
        node.render_to_output(context, buffer)  # type: ignore[arg-type]  # only written to


def _all(nodes: Iterable[Node], static: RenderContext) -> Iterable[Node]:
    for node in nodes:
        yield node
        yield from _all(node.children(static, include_partials=False), static)


def _read(node: Node, static: RenderContext) -> set[str] | None:
    """Return the names of data that a node reads with all that is in it; None where that cannot be told, or where it does more
    than write."""
    if not isinstance(node, ContentNode | Written | IfNode | Row | Loop | ConditionalBlockNode):
        return None
    named = [_named(expression) for expression in node.expressions()]
    below = [_read(one, static) for one in node.children(static, include_partials=False)]
    if None in named or None in below:
        return None
    own = {str(name) for name in node.block_scope()}
    return set[str]().union(*(one for one in named if one), *(one - own for one in below if one))


def _named(expression: Expression) -> set[str] | None:
    """Return the names that an expression begins its paths with; None where one is told only by the data."""
    named = [_named(one) for one in expression.children()]
    if isinstance(expression, Path):
        named.append({expression.path[0]} if isinstance(expression.path[0], str) else None)
    return None if None in named else set[str]().union(*(one for one in named if one))


def _sure_name(expression: Expression, unsure: set[str]) -> str:
    """Return the name that is all of an expression and that only the data gives; blank where it is more, or less sure."""
    if not isinstance(expression, FlatPath) or len(expression.path) > 1 or not isinstance(expression.path[0], str):
        return ""
    name = str(expression.path[0])
    return "" if name in unsure else name


class _Source:
    """The lines so far. given are the names that a template may give values to; where they lead is seen when it runs."""

    def __init__(self, is_html: bool, given: set[str], static: RenderContext, *, tells_links: bool = False) -> None:
        self.is_html, self.given, self.static, self.tells_links = is_html, given, static, tells_links
        self.n_marks = 0  # of those that were taken away
        self.within = self.opened = 0  # the block that is written, and the one in which a target began
        self.n_blocks = 0
        self.lines: list[str] = []
        self.constants: dict[str, Any] = {}
        self.depth = 1
        self.loops: dict[str, str] = {}  # names of the loops around, and their variables
        self.texts: list[str] = []  # texts in a row are one

    def program(self, nodes: Iterable[Node]) -> None:
        """Write a program's nodes."""
        for number, node in enumerate(nodes):
            if not isinstance(node, ContentNode):
                self.line(f"context.at = {number}")
            self.node(node)
        self.flush()

    def line(self, code: str) -> None:
        if self.texts:
            self.flush()
        self.lines.append("    " * self.depth + code)

    def flush(self) -> None:
        """Write the texts that wait."""
        texts, self.texts = self.texts, []
        if not texts:
            return
        self.line(f"meter.output -= {sum(len(one) if one.isascii() else 4 * len(one) for one in texts)}")
        self.line("if meter.output < 0: meter.overflow()")
        turns = "".join(texts).split(MARK) if self.tells_links else ["".join(texts)]
        for number, turn in enumerate(turns):
            if number:
                self.mark()
            if turn:
                self.line(f"add({self.constant(Fixed(turn))})")

    def mark(self) -> None:
        """Begin or end the target of a link. One that ends in another block than it began in stays uncounted."""
        if not self.opened:
            self.opened = self.within or -1
            self.line("target = len(parts)")
        elif self.opened == (self.within or -1):
            self.opened = 0
            self.n_marks += 2
            self.line('parts[target:] = [Target("".join(parts[target:]))]')

    def constant(self, value: Any) -> str:
        name = f"k{len(self.constants)}"
        self.constants[name] = value
        return name

    def block(self, head: str, nodes: Iterable[Node]) -> None:
        self.line(head)
        self.depth += 1
        self.line("pass")
        self.n_blocks += 1
        around, self.within = self.within, self.n_blocks
        for node in nodes:
            self.node(node)
        self.flush()
        self.within = around
        self.depth -= 1

    def node(self, node: Node) -> None:
        if isinstance(node, ContentNode):
            self.texts.append(node.text)
        elif isinstance(node, Written):
            self.output(node.expression)
        elif isinstance(node, IfNode):
            self.passage(node, self.choice, _SHARED)
        elif isinstance(node, Row):
            for one in node.nodes:
                self.node(one)
        elif isinstance(node, Loop) and not node.is_counted:
            self.passage(node, self.loop, None)
        else:
            self.line(f"{self.constant(node.render_to_output)}(context, buffer)")

    def passage(self, node: Any, write: Callable[[Any], None], shared: frozenset[str] | None) -> None:
        """Write a node that only tells what several messages may share so that it is written once for all of them."""
        read = None if self.loops else _read(node, self.static)
        if not read or read & self.given or (shared is not None and not read <= shared):
            write(node)
            return
        number, names = len(self.constants), [self.constant(name) for name in sorted(read.union(_BESIDE))]
        place = self.constant(object())
        self.line(f"values{number} = ({''.join(f'data.get({name}), ' for name in names)})")
        self.line(f"key{number} = ({place}, locale, *map(id, values{number}))")
        self.line(f"if passages is None or not passages.again(key{number}, meter, parts):")
        self.depth += 1
        self.line(f"mark{number} = (meter.steps, meter.made, meter.output, len(parts))")
        write(node)
        self.line(f"if passages is not None: passages.keep(key{number}, values{number}, mark{number}, meter, parts)")
        self.depth -= 1

    def output(self, expression: Expression) -> None:
        self.value(expression)
        self.line("if v.__class__ is not str:")
        self.line(f"    v = str(v) if v.__class__ is int and {-LARGEST} <= v <= {LARGEST} else told(v)")
        if self.is_html:
            self.line("if special(v): v = escape(v)")
        self.line("meter.output -= len(v) if v.isascii() else 4 * len(v)")
        self.line("if meter.output < 0: meter.overflow()")
        self.line("add(v)")

    def value(self, expression: Expression) -> None:
        """Write the lines after which v is the value of an expression."""
        if type(expression) is FilteredExpression:
            self.value(expression.left)
            for one in expression.filters or ():
                # Most of what a default stands beside is there.
                there = (
                    "if v.__class__ is not str or not v: " if type(one) is PlainFilter and one.name == "default" else ""
                )
                self.line(f"{there}v = {self.constant(one.evaluate)}(v, context)")
        elif type(expression) is FlatPath and all(type(key) is str for key in expression.path):
            self.path(expression)
        else:
            self.line(f"v = {self.constant(expression.evaluate)}(context)")

    def path(self, path: FlatPath) -> None:
        keys = [str(key) for key in path.path]
        asked = f"get({self.constant(path.path)}, token={self.constant(path.token)})"
        root = self.loops.get(keys[0])
        if root is None and keys[0] in self.given:
            self.line(f"v = {asked}")
            return
        below = keys if root is None else keys[1:]
        self.line("try:")
        self.line(f"    v = {root or 'data'}{''.join(f'[{self.constant(key)}]' for key in below)}")
        self.line("    if len(v) > 64 if v.__class__ is str else v.__class__ is not int: weigh(v)")
        self.line("except (LookupError, TypeError):")
        self.line(f"    v = {asked}")

    def choice(self, node: IfNode) -> None:
        branches = [(node.condition, node.consequence), *((one.expression, one.block) for one in node.alternatives)]
        depth = self.depth
        for condition, block in branches:
            self.condition(condition)
            self.block("if v:", [block])
            self.line("else:")
            self.depth += 1
        self.block("if True:", [node.default] if node.default else [])
        self.depth = depth

    def condition(self, expression: Expression) -> None:
        """Write the lines after which v is true or false, as an expression counts as."""
        if isinstance(expression, BooleanExpression):
            self.condition(expression.expression)
        elif isinstance(expression, LogicalAndExpression | LogicalOrExpression):
            self.condition(expression.left)
            self.line("if v:" if isinstance(expression, LogicalAndExpression) else "if not v:")
            self.depth += 1
            self.condition(expression.right)
            self.depth -= 1
        elif isinstance(expression, COMPARED) and (name := _sure_name(expression.left, self.given | self.loops.keys())):
            right, told = expression.right, f"{self.constant(expression.evaluate)}(context)"
            if isinstance(right, IntegerLiteral):
                self.line(f"v = data.get({self.constant(name)})")
                told = f"v {SIGNS[type(expression)]} {int(right.value)} if v.__class__ is int else {told}"
            self.line(f"v = {told}")
        else:
            self.value(expression)
            self.line("if v is not True and v is not False: v = is_truthy(v)")

    def loop(self, node: Loop) -> None:
        name, number = str(node.expression.identifier), len(self.constants)
        self.line(f"rows{number}, length{number} = {self.constant(node.rows)}(context)")
        self.line(f"if length{number}:")
        self.depth += 1
        self.line(f"meter.gather(length{number})")
        key = self.constant(node.expression.identifier)
        self.line(f"names{number} = {{{key}: None}}")
        self.line(f"context.enter(names{number})")
        self.line("try:")
        self.depth += 1
        self.line(f"for item{number} in rows{number}:")
        self.line(f"    meter.spend({node.weight})")
        self.line(f"    if item{number}.__class__ is tuple: item{number} = list(item{number})")
        self.line(f"    names{number}[{key}] = item{number}")
        around = self.loops
        self.loops = {**around, name: f"item{number}"}
        self.depth += 1
        self.block("try:", [node.block])
        self.line("except ContinueLoop: continue")
        self.line("except BreakLoop: break")
        self.depth -= 2
        self.line("finally: context.scope.pop()")
        self.depth -= 1
        self.loops = around
        if node.default:
            self.block("else:", [node.default])
