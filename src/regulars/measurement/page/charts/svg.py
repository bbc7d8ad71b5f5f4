"""SVG elements as escaped text."""

from collections.abc import Iterable

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString

Attribute = str | float | int | None


def trimmed(value: float) -> str:
    """Write a coordinate with at most one decimal.

    >>> trimmed(12.0), trimmed(12.34), trimmed(-0.04)
    ('12', '12.3', '0')
    """
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0").replace("-0.0", "0")


def element(name: str, /, *children: str, **attributes: Attribute) -> SafeString:
    """Write one element; texts and attributes are escaped, class_ and stroke_width lose their underscores.

    >>> element("text", "<b>", x=1.25, class_="label", dy=None)
    '<text x="1.2" class="label">&lt;b&gt;</text>'
    """
    written = "".join(f' {_name(key)}="{_value(value)}"' for key, value in attributes.items() if value is not None)
    inside = "".join(conditional_escape(child) for child in children)
    return SafeString(f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>")  # all escaped above


def joined(parts: Iterable[SafeString]) -> SafeString:
    """Join elements.

    >>> joined([element("g"), element("g")])
    '<g/><g/>'
    """
    return SafeString("".join(parts))


def picture(width: float, height: float, label: str, *children: SafeString, class_: str = "") -> SafeString:
    """Write a whole picture, which a screen reader reads as one image with the label."""
    return element(
        "svg",
        *children,
        viewBox=f"0 0 {trimmed(width)} {trimmed(height)}",
        width=width,
        height=height,
        class_=f"picture {class_}".strip(),
        role="img",
        aria_label=label,
    )


def path(points: Iterable[tuple[float, float]], closed: bool = False) -> str:
    """Write the commands of a line through points.

    >>> path([(0, 0), (10, 5.25)]), path([(0, 0), (1, 1)], closed=True)
    ('M0 0L10 5.2', 'M0 0L1 1Z')
    """
    return "M" + "L".join(f"{trimmed(x)} {trimmed(y)}" for x, y in points) + ("Z" if closed else "")


def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _value(value: str | float) -> str:
    return escape(value) if isinstance(value, str) else trimmed(value)
