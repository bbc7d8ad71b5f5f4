"""What makes a WhatsApp message or a browser's notification good or bad."""

import re
from collections.abc import Iterator

from regulars.messaging.templates.checking.findings import Finding, Severity
from regulars.messaging.templates.checking.rules import Case

LONGEST_TEXT = 4_096  # of a WhatsApp text
LONGEST_PARAMETER = 1_024
LONGEST_NOTICE = (
    3_800  # bytes of title, text and link: a push service takes 3,993 with the key and what stands around them
)
SHOWN_TITLE = 50
TEMPLATE = re.compile(r"[a-z0-9_]{1,512}")
LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")


def whatsapp(case: Case) -> Iterator[Finding]:
    """Yield what is wrong with a WhatsApp message."""
    words, text = case.rendered, f"text {case.place}"
    if not words.subject:
        yield from _free_text(case, text)
        return
    if not TEMPLATE.fullmatch(words.subject):
        sentence = "The approved template's name has small letters, digits and _ only; copy it from WhatsApp Manager."
        yield Finding(Severity.ERROR, f"subject {case.place}", sentence)
    if not LANGUAGE.fullmatch(words.beside):
        sentence = "The template's language is written like en or en_US, as WhatsApp Manager shows it."
        yield Finding(Severity.ERROR, f"preheader {case.place}", sentence)
    for number, line in enumerate(words.text.split("\n") if words.text else (), 1):
        if not line:
            sentence = f"Parameter {number} is empty with this data, and WhatsApp refuses that; give it a default."
            yield Finding(Severity.ERROR, text, sentence)
        if len(line) > LONGEST_PARAMETER:
            yield Finding(Severity.ERROR, text, f"Parameter {number} is longer than 1,024 signs; make it shorter.")


def _free_text(case: Case, where: str) -> Iterator[Finding]:
    if not case.rendered.text:
        yield Finding(Severity.ERROR, where, "The message is empty; write one, or name an approved template.")
    if len(case.rendered.text) > LONGEST_TEXT:
        yield Finding(Severity.ERROR, where, "WhatsApp takes 4,096 signs at most; make it shorter.")
    severity = Severity.WARNING if case.document.message_class == "marketing" else Severity.HINT
    sentence = (
        "Free text reaches only customers who wrote within 24 hours; name an approved template to reach the others."
    )
    yield Finding(severity, f"subject {case.place}", sentence)


def push(case: Case) -> Iterator[Finding]:
    """Yield what is wrong with a notification."""
    words = case.rendered
    if not words.subject:
        yield Finding(Severity.ERROR, f"subject {case.place}", "The title is empty; write one.")
    if len(words.subject) > SHOWN_TITLE:
        sentence = (
            f"The title has {len(words.subject)} signs, and many phones show {SHOWN_TITLE} of them; make it shorter."
        )
        yield Finding(Severity.HINT, f"subject {case.place}", sentence)
    if words.beside and not words.beside.startswith("https://"):
        yield Finding(
            Severity.ERROR, f"preheader {case.place}", "The link begins with https://; write the whole address."
        )
    if len(f"{words.subject}{words.text}{words.beside}".encode()) > LONGEST_NOTICE:
        yield Finding(
            Severity.ERROR, f"text {case.place}", "A notification holds 3,800 bytes at most; make it shorter."
        )
