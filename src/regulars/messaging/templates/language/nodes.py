"""The parts of Liquid that could run away, in a form that counts before it works."""

from collections.abc import Iterable
from typing import Any, TextIO

from liquid.ast import Node
from liquid.builtin.expressions import Path
from liquid.builtin.expressions.primitive import RangeLiteral
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.case_tag import MultiExpressionBlockNode
from liquid.builtin.tags.for_tag import ForNode
from liquid.context import RenderContext
from liquid.exceptions import BreakLoop, ContinueLoop
from liquid.expression import Expression
from markupsafe import escape

from regulars.messaging.templates.language.context import Context
from regulars.messaging.templates.language.values import written


class Written(OutputNode):
    """An output: plain text in plain parts, escaped in HTML."""

    __slots__ = ()

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        assert isinstance(context, Context)
        value = self.expression.evaluate(context)
        if not isinstance(value, str):
            if isinstance(value, _ROWS):
                context.meter.gather(len(value))
            value = written(value)
        return buffer.write(escape(value) if context.autoescape else value)


_ROWS = (list, range)


class Loop(ForNode):
    """A loop: each pass costs what its block costs, whether a branch in it is taken or not."""

    __slots__ = ("weight",)

    weight: int

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        assert isinstance(context, Context)
        iterator, length = self.expression.evaluate(context)
        if not length:
            return self.default.render(context, buffer) if self.default else 0
        context.meter.gather(length)
        told: dict[str, Any] = {"length": length, "parentloop": _around(context)}
        names: dict[str, Any] = {"forloop": told, self.expression.identifier: None}
        with context.extend(names):
            for index, item in enumerate(iterator):
                context.meter.spend(self.weight)
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


def harden(nodes: Iterable[Node], context: RenderContext) -> int:
    """Put the counting forms in place and return what rendering these nodes once costs, in steps."""
    return sum(_harden(node, context) for node in nodes)


def _harden(node: Node, context: RenderContext) -> int:
    if type(node) is MultiExpressionBlockNode:
        node.__class__ = Once
    steps = 1 + sum(_weigh(expression) for expression in node.expressions())
    below = harden(node.children(context, include_partials=False), context)
    if isinstance(node, Loop):
        node.weight = below
    return steps + below


def _weigh(expression: Expression) -> int:
    if type(expression) is RangeLiteral:
        expression.__class__ = ShortRange
    elif type(expression) is Path and not expression.children():
        expression.__class__ = FlatPath
    return 1 + sum(_weigh(one) for one in expression.children())
