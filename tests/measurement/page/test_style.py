"""The style sheet: enough contrast in both modes, and nothing fetched."""

import re
from pathlib import Path

import pytest

from regulars.measurement import page

TOKENS = (Path(page.__file__).parent / "templates" / "style" / "tokens.css").read_text(encoding="utf-8")
MODES = dict(zip(("light", "dark"), re.findall(r":root \{(.*?)\}", TOKENS, re.DOTALL), strict=True))


def luminance(colour: str) -> float:
    """Return the relative luminance of #rrggbb (WCAG 2)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.fixture(params=MODES)
def tokens(request: pytest.FixtureRequest) -> dict[str, str]:
    """The colours of one mode by name."""
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", MODES[request.param]))


def test_words_reach_the_contrast_of_level_aa(tokens: dict[str, str]) -> None:
    pairs = [(ink, ground) for ink in ("ink", "quiet", "accent") for ground in ("paper", "panel")]
    pairs += [("accent", "accent-soft"), ("caution", "caution-soft"), ("ink", "caution-soft"), ("on-accent", "accent")]
    pairs += [(f"on-{n}", f"heat-{n}") for n in range(8)] + [("returning", "panel")]
    for ink, ground in pairs:
        assert contrast(tokens[ink], tokens[ground]) >= 4.5, (ink, ground)


def test_shapes_reach_the_contrast_of_level_aa(tokens: dict[str, str]) -> None:
    for shape in ("returning", "resurrected", "new", "dormant", "came", "base"):
        assert contrast(tokens[shape], tokens["panel"]) >= 3, shape


def test_both_modes_name_the_same_colours() -> None:
    light, dark = (set(re.findall(r"--([\w-]+):", mode)) for mode in MODES.values())
    assert light == dark
