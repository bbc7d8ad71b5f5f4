"""The filters that templates have, each bounded by the meter: this table is all there is."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from regulars.messaging.templates.language.filters import lists, numbers, shop, texts

Filter = Callable[..., Any]

FILTERS: Mapping[str, Filter] = MappingProxyType({**texts.FILTERS, **lists.FILTERS, **numbers.FILTERS, **shop.FILTERS})
