"""The parts of Liquid that could run away, in a form that counts before it works; and those that every message has many of, in
one that takes the shortest way."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TextIO

from liquid.ast import BlockNode, Node
from liquid.builtin.expressions import FilteredExpression, Path
from liquid.builtin.expressions.arguments import PositionalArgument
from liquid.builtin.expressions.filtered import Filter
from liquid.builtin.expressions.primitive import RangeLiteral
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.case_tag import MultiExpressionBlockNode
from liquid.builtin.tags.for_tag import ForNode
from liquid.context import RenderContext
from liquid.exceptions import BreakLoop, ContinueLoop, FilterArgumentError, LiquidTypeError
from liquid.expression import Expression
from markupsafe import escape

from regulars.messaging.templates.language.context import Context
from regulars.messaging.templates.language.scanning import pieces

SPECIAL = re.compile("[&<>'\"]").search  # what escape would change; most texts have none of it


class Written(OutputNode):
    """An output: plain text in plain parts, escaped in HTML."""

    __slots__ = ()

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        assert isinstance(context, Context)
        value = context.told(self.expression.evaluate(context))
        return buffer.write(escape(value) if context.autoescape and SPECIAL(value) else value)


class Loop(ForNode):
    """A loop: each pass costs what its block costs, whether a branch in it is taken or not."""

    __slots__ = ("is_counted", "is_whole", "weight")

    weight: int
    is_counted: bool  # somebody may ask how far it is
    is_whole: bool  # it goes over all there is, and no other loop goes on where it ended

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        assert isinstance(context, Context)
        iterator, length = self.rows(context)
        if not length:
            return self.default.render(context, buffer) if self.default else 0
        context.meter.gather(length)
        names: dict[str, Any] = {self.expression.identifier: None}
        told: dict[str, Any] = {}
        if self.is_counted:
            told |= {"length": length, "parentloop": _around(context)}
            names = {"forloop": told} | names
        with context.extend(names):
            for index, item in enumerate(iterator):
                context.meter.spend(self.weight)
                if told:
                    told |= {
                        "index": index + 1, "index0": index, "rindex": length - index, "rindex0": length - index - 1,
                        "first": index == 0, "last": index == length - 1,
                    }  # fmt: skip
                names[self.expression.identifier] = list(item) if isinstance(item, tuple) else item
                try:
                    self.block.render(context, buffer)
                except ContinueLoop:
                    continue
                except BreakLoop:
                    break
        return 1

    def rows(self, context: Context) -> tuple[Iterator[object], int]:
        """Return what it goes over, and how long that is."""
        loop = self.expression
        if self.is_whole and type(found := loop.iterable.evaluate(context)) is list:
            return iter(found), len(found)
        return loop.evaluate(context)


def _around(context: Context) -> object:
    for names in context.scope._maps:
        if "forloop" in names:
            return names["forloop"]
    return None


class Once(MultiExpressionBlockNode):
    """A `when`: rendered once, however many of its values fit. Nested ones would else double at every level."""

    __slots__ = ()

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        return self.block.render(context, buffer) if any(self.expression.evaluate(context)) else -1


class Row(BlockNode):
    """Nodes one after the other. No tag is ever switched off here, so none of them is asked for it."""

    __slots__ = ()

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        for node in self.nodes:
            node.render_to_output(context, buffer)
        return 1


class PlainFilter(Filter):
    """A filter whose arguments have no names."""

    __slots__ = ()

    def evaluate(self, left: object, context: RenderContext) -> object:
        assert isinstance(context, Context)
        given = [one.value.evaluate(context) for one in self.args]
        try:
            return context.filters[self.name](context, left, *given)
        except TypeError as wrong:
            raise LiquidTypeError(f"{self.name}: {wrong}", token=self.token) from wrong
        except (LiquidTypeError, FilterArgumentError) as wrong:
            wrong.token = self.token
            raise


class FlatPath(Path):
    """A path without another path in it, which is nearly every one, and so needs no evaluation of its own."""

    __slots__ = ()

    def evaluate(self, context: RenderContext) -> object:
        return context.get(self.path, token=self.token)  # type: ignore[arg-type]  # segments are objects


class ShortRange(RangeLiteral):
    """A range that is as long as a list may be."""

    __slots__ = ()

    def evaluate(self, context: RenderContext) -> range:
        assert isinstance(context, Context)
        found = super().evaluate(context)
        # Not len(): it fails on a range that no memory could hold.
        context.meter.gather(min(found.stop - found.start, context.meter.limits.items + 1) if found else 0)
        return found


@dataclass(frozen=True)
class Loops:
    """What a source may ask of its loops: to go on where another ended, and how far they are."""

    go_on: bool
    are_counted: bool

    @classmethod
    def of(cls, source: str) -> "Loops":
        """Return what this source may ask; a name in brackets may be any name."""
        liquid = [piece.text for piece in pieces(source)]
        counts = any("forloop" in text or "[" in text for text in liquid)
        return cls(any("offset" in text for text in liquid), counts)


def harden(nodes: Iterable[Node], context: RenderContext, loops: Loops) -> int:
    """Put these forms in place and return what rendering these nodes once costs, in steps."""
    return sum(_harden(node, context, loops) for node in nodes)


def _harden(node: Node, context: RenderContext, loops: Loops) -> int:
    steps = 1 + sum(_weigh(expression) for expression in node.expressions())
    if type(node) is MultiExpressionBlockNode:
        node.__class__ = Once
    elif type(node) is BlockNode:
        node.__class__ = Row
    elif isinstance(node, Written):
        node.expression = _unwrapped(node.expression)
    below = harden(node.children(context, include_partials=False), context, loops)
    if isinstance(node, Loop):
        loop = node.expression
        node.weight, node.is_counted = below, loops.are_counted
        node.is_whole = not (loops.go_on or loop.limit or loop.offset or loop.reversed)
    return steps + below


def _unwrapped(expression: Expression) -> Expression:
    """Return what is behind an expression that has a place for filters and none of them."""
    return expression.left if type(expression) is FilteredExpression and not expression.filters else expression


def _weigh(expression: Expression) -> int:
    if type(expression) is RangeLiteral:
        expression.__class__ = ShortRange
    elif type(expression) is Path and not expression.children():
        expression.__class__ = FlatPath
    elif type(expression) is FilteredExpression:
        for one in expression.filters or ():
            if all(type(given) is PositionalArgument for given in one.args):
                one.__class__ = PlainFilter
    return 1 + sum(_weigh(one) for one in expression.children())
