"""Template tags of the app: icons, written figures, charts, tables."""

from typing import Any

from django.template import Context, Library
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from regulars.core.formats import Formats
from regulars.web.shell.figures import Chart, Table, said

register = Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon that says nothing to a screen reader."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', static("vendor/tabler/icons.svg"), name
    )


@register.simple_tag(takes_context=True)
def written(context: Context, kind: Any, value: Any) -> str:
    """Write a value as its kind is written: count, decimal, share, money, day, moment, month."""
    return said(_write(context), kind, value)


@register.inclusion_tag("web/parts/chart.html", takes_context=True)
def chart(context: Context, drawn: Chart, size: str = "") -> dict[str, Any]:
    """Draw a chart with its definition and its table."""
    rows = drawn.table.written(_write(context))
    return {
        "chart": drawn,
        "data": drawn.drawn(_write(context)),
        "table": drawn.table,
        "rows": rows,
        "size": size,
        **_standing(context),
    }


@register.inclusion_tag("web/parts/table.html", takes_context=True)
def table(context: Context, shown: Table) -> dict[str, Any]:
    """Draw a table."""
    return {"table": shown, "rows": shown.written(_write(context)), **_standing(context)}


@register.simple_tag(takes_context=True)
def with_query(context: Context, **changes: Any) -> str:
    """Return this page's query string with some values changed; None drops one."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


def _write(context: Context) -> Formats:
    found = context.get("write")
    return found if isinstance(found, Formats) else Formats()


def _standing(context: Context) -> dict[str, Any]:
    return {"request": context.get("request"), "person": context.get("person")}
