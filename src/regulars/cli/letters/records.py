"""The doctor's look at a sender's domain: SPF, DKIM and DMARC from records that are given; nothing is looked up."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from regulars.cli.app import refuse


@dataclass(frozen=True)
class Sender:
    """What was told on the command line of a sender's domain."""

    domain: str
    file: Path | None = None
    records: Sequence[str] = ()
    selector: str = ""
    signs_as: str = ""
    bounces_to: str = ""


def checks(sender: Sender) -> list[dict[str, Any]]:
    """Judge the records given, as checks of the doctor."""
    from regulars.messaging import api as messaging

    text = "\n".join([*sender.records, _text(sender.file)])
    try:
        found = messaging.judge_domain(sender.domain, text, sender.selector, sender.signs_as, sender.bounces_to)
    except messaging.BadDomain as problem:
        refuse(str(problem))
    return [{"name": one.about, "state": one.mark.value, "seen": one.sentence, "advice": ""} for one in found]


def _text(file: Path | None) -> str:
    if file is None:
        return ""
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError as problem:
        refuse(f"{file} cannot be read ({problem.strerror}); name a file with TXT records, a line each")
