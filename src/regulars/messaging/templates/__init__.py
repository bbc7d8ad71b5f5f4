"""Templates: compiled once, rendered for one reader after the other, and checked before anybody gets them."""

from regulars.messaging.templates.checking.check import check
from regulars.messaging.templates.checking.colours import contrast_of
from regulars.messaging.templates.checking.findings import Finding, Severity
from regulars.messaging.templates.compiling import Compiled, Desk, Rendered, compile  # noqa: A004  # templates.compile
from regulars.messaging.templates.documents import Document, Theme, Variant
from regulars.messaging.templates.language.blocks import named
from regulars.messaging.templates.language.meter import LIMITS, Limits
from regulars.messaging.templates.refusals import BadData, BadTemplate, Refused, TooMuch, ended
from regulars.messaging.templates.sharing import base_of, joined, reached, whole
from regulars.messaging.templates.sms import Size, measure as sms_size
from regulars.messaging.templates.starter import SAMPLE_THEME, Starter, shipped_blocks, starters

__all__ = [
    "LIMITS", "SAMPLE_THEME", "BadData", "BadTemplate", "Compiled", "Desk", "Document", "Finding", "Limits", "Refused",
    "Rendered", "Severity", "Size", "Starter", "Theme", "TooMuch", "Variant", "base_of", "check", "compile", "contrast_of",
    "ended", "joined", "named", "reached", "shipped_blocks", "sms_size", "starters", "whole",
]  # fmt: skip
