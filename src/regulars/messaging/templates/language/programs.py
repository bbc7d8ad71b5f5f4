"""Reads Liquid into programs that can be run many times, each time with a meter of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from liquid import Environment, RenderContext
from liquid.ast import Node
from liquid.builtin import content, illegal
from liquid.builtin.expressions import FilteredExpression
from liquid.builtin.output import Output
from liquid.builtin.tags import (
    assign_tag,
    capture_tag,
    case_tag,
    comment_tag,
    for_tag,
    if_tag,
    inline_comment_tag,
    unless_tag,
)
from liquid.exceptions import LiquidError, LiquidInterrupt, LiquidSyntaxError, ResourceLimitError
from liquid.extra.tags import WithTag
from liquid.template import BoundTemplate
from liquid.token import Token

from regulars.messaging.templates.language.alike import MARK, Passages
from regulars.messaging.templates.language.context import Buffer, Context
from regulars.messaging.templates.language.filters import FILTERS
from regulars.messaging.templates.language.meter import Meter
from regulars.messaging.templates.language.nodes import Loop, Loops, Written, harden
from regulars.messaging.templates.language.scanning import balance, line_of, pieces, replaced
from regulars.messaging.templates.language.straight import Straight, one_by_one, straight
from regulars.messaging.templates.language.values import sound
from regulars.messaging.templates.refusals import BadTemplate, Refused, TooMuch

# What the library raises for values that do not fit, beside its own errors.
UNFIT = (ArithmeticError, LookupError, TypeError, ValueError, AttributeError, AssertionError, RecursionError)


class _Writing(Output):
    node_class = Written


class _Looping(for_tag.ForTag):
    node_class = Loop


class _Liquid(Environment):
    """Liquid with a closed list of tags, no loader and no library filters."""

    suppress_blank_control_flow_blocks = False  # its buffers would not count

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        for tag in (
            content.Literal, _Writing, illegal.Illegal, if_tag.IfTag, unless_tag.UnlessTag, case_tag.CaseTag, _Looping,
            for_tag.BreakTag, for_tag.ContinueTag, assign_tag.AssignTag, capture_tag.CaptureTag, comment_tag.CommentTag,
            inline_comment_tag.InlineCommentTag, WithTag,
        ):  # fmt: skip
            self.add_tag(tag)
        self.filters.update(FILTERS)

    def error(self, exc: Any, msg: str | None = None, token: Token | None = None) -> None:
        # What misses at the end of an expression is told of a token that lies nowhere.
        if isinstance(exc, LiquidError) and exc.token and exc.token.start_index < 0:
            exc.token = token
        super().error(exc, msg, token)


_HTML, _TEXT = _Liquid(autoescape=True), _Liquid()


@dataclass(frozen=True)
class Program:
    """A part of a message, read once. weight is what its nodes cost in steps, loops counted once; liquid are its outputs and tags
    as they were written."""

    where: str
    template: BoundTemplate
    weight: int
    liquid: str = "["

    def run(self, data: Mapping[str, Any], view: "View") -> str:
        """Write this part with plain data; refuse with a sentence when it cannot be."""
        return "".join(self.parts(data, view)).replace(MARK, "")

    def mentions(self, name: str) -> bool:
        """Say whether it may read a name of the data; one in brackets may be any name."""
        return name in self.liquid or "[" in self.liquid

    def parts(self, data: Mapping[str, Any], view: "View") -> list[str]:
        """Write this part with plain data, text after text; the template's own ones are Fixed."""
        context = Context(self.template, data)
        context.meter, context.locale, context.missing, context.filters = view.meter, view.locale, view.missing, FILTERS
        context.passages = view.passages if view.missing is None else None
        buffer = Buffer(view.meter)
        try:
            view.meter.spend(self.weight)
            self._write(context, buffer)
            view.meter.look()
        except ResourceLimitError as wrong:
            raise TooMuch(f"{self.where}: {_message(wrong)}") from wrong
        except LiquidError as wrong:
            raise BadTemplate(_message(wrong) + _near(wrong), self.where) from wrong
        except BadTemplate as wrong:
            raise wrong.at(self.where) from wrong
        except UNFIT as wrong:
            raise Refused(f"{self.where}: a value does not fit what the template does with it") from wrong
        return buffer.parts

    def _write(self, context: Context, buffer: Buffer) -> None:
        """Write the nodes, as the library does for a template that is no part of another."""
        context.scope.push({"partial": False})
        context.at = 0
        error = self.template.env.error
        try:
            self._straight.write(context, buffer)
        except LiquidInterrupt as wrong:
            error(LiquidSyntaxError(f"unexpected '{wrong}'", token=self.template.nodes[context.at].token))
        except LiquidError as wrong:
            error(wrong, token=self.template.nodes[context.at].token)

    def make_ready(self) -> None:
        """Do what is done once before the first message is written."""
        self._straight  # noqa: B018  # it is kept from now on

    @property
    def tells_links(self) -> bool:
        """Say whether the targets of its links stand among its parts; else there are marks around them, if any."""
        return self._straight.tells_links

    @cached_property
    def _straight(self) -> Straight:
        nodes = self.template.nodes
        made = straight(nodes, RenderContext(self.template), is_html=self.template.env.autoescape)
        return made or Straight(partial(one_by_one, nodes))


@dataclass(slots=True)
class View:
    """How one message is rendered: its meter, the reader's locale, where missing names are noted, and what messages before it
    have in common with it."""

    meter: Meter
    locale: str
    missing: set[str] | None = None
    passages: Passages | None = None


def read(source: str, where: str, *, is_html: bool, prepared: Callable[[str], str] = str) -> Program:
    """Read a part; its blocks must be in place. prepared may change it before the parser sees it, with signs that no author can
    write."""
    try:
        balance(source)
        template = (_HTML if is_html else _TEXT).from_string(prepared(sound(source)))
        static = RenderContext(template)
        weight = harden(template.nodes, static, Loops.of(source))
        _know_filters(template.nodes, static)
    except BadTemplate as wrong:
        raise wrong.at(where) from wrong
    except LiquidError as wrong:
        raise BadTemplate(_message(wrong), where, _line(wrong)) from wrong
    except UNFIT as wrong:
        raise BadTemplate("it cannot be read; make its expressions simpler", where) from wrong
    return Program(where, template, weight, "".join(piece.text for piece in pieces(source)))


def inspect(source: str, where: str) -> None:
    """Refuse a part as its author wrote it, with the line, when it cannot be read by itself."""
    try:
        blanked = replaced(source, lambda piece: " " * len(piece.text) if piece.name == "render" else piece.text)
    except BadTemplate as wrong:
        raise wrong.at(where) from wrong
    read(blanked, where, is_html=False)


def _know_filters(nodes: list[Node], static: RenderContext) -> None:
    for node in nodes:
        for expression in node.expressions():
            if isinstance(expression, FilteredExpression):
                for one in expression.filters or []:
                    if one.name not in FILTERS:
                        line = line_of(one.token.source, one.token.start_index)
                        raise BadTemplate(f"there is no filter {one.name!r}", line=line)
        _know_filters(list(node.children(static, include_partials=False)), static)


def _message(wrong: LiquidError) -> str:
    cause = wrong.__cause__
    if isinstance(cause, RecursionError):
        return "it is nested too deep; make it simpler"
    return str(wrong.message)[:200]


def _line(wrong: LiquidError) -> int:
    return line_of(wrong.token.source, wrong.token.start_index) if wrong.token and wrong.token.start_index >= 0 else 0


def _near(wrong: LiquidError) -> str:
    if not wrong.token or wrong.token.start_index < 0:
        return ""
    source, at = wrong.token.source, wrong.token.start_index
    start = max(source.rfind("{{", 0, at + 2), source.rfind("{%", 0, at + 2), 0)
    return f", at {source[start : start + 80].split('}')[0].strip()}"
