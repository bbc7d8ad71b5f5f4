"""What a template sees while it is rendered: names that lead to plain data, and nothing behind it."""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from liquid import RenderContext
from liquid.exceptions import ContextDepthError, UnknownFilterError
from liquid.template import BoundTemplate
from liquid.token import Token
from liquid.undefined import UNDEFINED, Undefined
from liquid.utils import ReadOnlyChainMap

from regulars.messaging.templates.language.alike import Passages
from regulars.messaging.templates.language.meter import Meter
from regulars.messaging.templates.language.values import written


class Buffer:
    """Takes what is written, counted."""

    __slots__ = ("meter", "parts")

    def __init__(self, meter: Meter) -> None:
        self.meter = meter
        self.parts: list[str] = []

    def write(self, text: str) -> int:
        """Take a text."""
        meter = self.meter
        meter.output -= len(text) if text.isascii() else 4 * len(text)
        if meter.output < 0:
            meter.overflow()
        self.parts.append(text)
        return len(text)

    def getvalue(self) -> str:
        """Return everything that was taken."""
        return "".join(self.parts)


class Context(RenderContext):
    """Resolves names in dicts and lists only; no attribute of any object is ever read. missing collects the paths that led
    nowhere, when somebody wants to know them."""

    __slots__ = ("at", "filters", "locale", "meter", "missing", "passages")

    at: int  # which of the program's nodes is being written
    filters: Mapping[str, Callable[..., Any]]
    locale: str
    meter: Meter
    missing: set[str] | None
    passages: Passages | None

    # No tag that is offered changes these.
    counters: Any = MappingProxyType({})
    disabled_tags: Any = ()
    parent_context = None
    _copy_depth, loop_iteration_carry, local_namespace_size_carry = 0, 1, 0

    def __init__(self, template: BoundTemplate, data: Mapping[str, Any]) -> None:
        # As the library's own does, but for what serves tags that are not offered here: every message makes several of these.
        self.env, self.template, self.autoescape = template.env, template, template.env.autoescape
        self.locals, self.globals, self.loops = {}, data, []
        # Without the library's own names for the present moment: what time it is, the caller says.
        self.scope = ReadOnlyChainMap(self.locals, data)
        self.tag_namespace = {"stopindex": {}}
        self.missing = self.passages = None

    def get(self, path: list[object], *, token: Token | None, default: object = UNDEFINED) -> object:
        """Return what a path leads to; its size is counted, for whatever takes it may go through it."""
        found: object = None
        name = path[0]
        for names in self.scope._maps:
            if name in names:
                found = names[name]  # type: ignore[index]
                break
        else:
            return self._nothing(path, token)
        for key in path[1:]:
            if type(found) is dict and type(key) is str and key in found:
                found = found[key]
            elif (found := _below(found, key)) is _NOTHING:
                return self._nothing(path, token)
        if type(found) is not str or len(found) > 64:
            self.weigh(found)
        return found

    def weigh(self, found: object) -> None:
        """Count the size of a value."""
        if type(found) is str:
            self.meter.spend(len(found) >> 6)
        elif isinstance(found, _CONTAINERS):
            self.meter.spend(len(found) >> 3)
            self.meter.look()

    def told(self, value: object) -> str:
        """Return a value as it is written, the items of a list counted."""
        if isinstance(value, str):
            return value
        if isinstance(value, _ROWS):
            self.meter.gather(len(value))
        return written(value)

    def _nothing(self, path: list[object], token: Token | None) -> Undefined:
        if self.missing is not None:
            self.missing.add(".".join(str(key) for key in path if isinstance(key, str | int)))
        return self.env.undefined(str(path[0])[:80], token=token)

    def resolve(self, name: str, *, token: Token | None = None, default: object = UNDEFINED) -> Any:
        """Return what a name stands for."""
        return self.get([name], token=token)

    def enter(self, names: Mapping[str, object]) -> None:
        """Put names before all others; scope.pop() takes them away again."""
        if self.scope.size() > self.env.context_depth_limit:
            raise ContextDepthError("maximum context depth reached, possible recursive include", token=None)
        self.scope.push(names)

    def filter(self, name: str, token: Token | None) -> Callable[..., object]:
        """Return a filter, ready to be called with a value."""
        try:
            return partial(self.filters[name], self)
        except KeyError:
            raise UnknownFilterError(f"unknown filter '{name}'", token=token) from None

    def assign(self, key: str, val: Any) -> None:
        """Give a value a name."""
        self.locals[key] = val

    def get_buffer(self, buf: Any = None) -> Any:
        """Return a buffer for a capture."""
        return Buffer(self.meter)


_NOTHING = object()
_CONTAINERS, _ROWS, _KEYS = (list, dict), (list, range), (str, int)


def _below(found: object, key: object) -> object:
    if isinstance(found, dict):
        if isinstance(key, _KEYS) and key in found:
            return found[key]
        return len(found) if key == "size" else _NOTHING
    if isinstance(found, _ROWS):
        if isinstance(key, int):
            return found[key] if -len(found) <= key < len(found) else _NOTHING
        if key == "size":
            return len(found)
        if key in ("first", "last") and len(found):
            return found[0 if key == "first" else -1]
    if isinstance(found, str) and key == "size":
        return len(found)
    return _NOTHING
