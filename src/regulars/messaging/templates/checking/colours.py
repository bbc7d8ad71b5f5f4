"""The contrast of text against what is behind it (WCAG 2.2, relative luminance and contrast ratio)."""

import re

_HEX = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})(?![0-9a-fA-F])")
_RGB = re.compile(r"rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)")
_NAMES = {
    "white": (255, 255, 255),
    "black": (0, 0, 0),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "red": (255, 0, 0),
}

Colour = tuple[int, int, int]


def colour(text: str) -> Colour | None:
    """Return a CSS colour's red, green and blue, None when it is none that is known.

    >>> colour("#fff"), colour(" #0f5c4d !important"), colour("rgb(1, 2, 3)"), colour("Black"), colour("url(x)")
    ((255, 255, 255), (15, 92, 77), (1, 2, 3), (0, 0, 0), None)
    """
    if found := _HEX.search(text):
        digits = found[1] if len(found[1]) == 6 else "".join(2 * digit for digit in found[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if found := _RGB.search(text):
        return int(found[1]), int(found[2]), int(found[3])
    return _NAMES.get(text.strip().lower())


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast ratio of two colours, between 1 and 21.

    >>> contrast((0, 0, 0), (255, 255, 255)), round(contrast((119, 119, 119), (255, 255, 255)), 2)
    (21.0, 4.48)
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def contrast_of(front: str, behind: str) -> float:
    """Return the contrast of two colours as CSS writes them; 1 where one of them is none that is known.

    >>> round(contrast_of("#ffffff", "#0f5c4d"), 1), contrast_of("#ffffff", "url(x)")
    (7.9, 1.0)
    """
    one, other = colour(front), colour(behind)
    return contrast(one, other) if one and other else 1.0


def _luminance(of: Colour) -> float:
    red, green, blue = (_linear(part / 255) for part in of)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
