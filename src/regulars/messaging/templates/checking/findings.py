"""What is wrong with a template, told in sentences."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad it is: an error must be put right before the template is sent, a warning should be, a hint may be."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


@dataclass(frozen=True)
class Finding:
    """One thing to put right, and where: a part with its language, and the line when there is one."""

    severity: Severity
    where: str
    sentence: str
