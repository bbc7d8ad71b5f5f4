"""The door of messaging: ask for messages, hand them over, see what became of them; keep templates and the brand."""

from regulars.messaging.channels.drawer import Drawer
from regulars.messaging.letters import Channel, Letter, Outcome, State
from regulars.messaging.making.brands import brand, is_branded, put_brand
from regulars.messaging.making.letterheads import Letterhead
from regulars.messaging.making.ready import compiled
from regulars.messaging.making.samples import people_data, sample_data
from regulars.messaging.making.storing import (
    Kept,
    NoSuchTemplate,
    Version,
    document,
    install_starters,
    kept,
    listing,
    publish,
    save,
    versions,
)
from regulars.messaging.making.trying import Look, findings, preview, send_test
from regulars.messaging.making.writing import Writer
from regulars.messaging.making.written import document_toml, read_document_toml
from regulars.messaging.outbox.asking import Request, request
from regulars.messaging.outbox.delivering import Decision, Delivery, run_once as deliver
from regulars.messaging.templates import (
    BadTemplate,
    Document,
    Finding,
    Refused,
    Rendered,
    Severity,
    Theme,
    Variant,
    contrast_of,
    ended,
    sms_size,
    starters,
)

__all__ = [
    "BadTemplate",
    "Channel",
    "Decision",
    "Delivery",
    "Document",
    "Drawer",
    "Finding",
    "Kept",
    "Letter",
    "Letterhead",
    "Look",
    "NoSuchTemplate",
    "Outcome",
    "Refused",
    "Rendered",
    "Request",
    "Severity",
    "State",
    "Theme",
    "Variant",
    "Version",
    "Writer",
    "brand",
    "compiled",
    "contrast_of",
    "deliver",
    "document",
    "document_toml",
    "ended",
    "findings",
    "install_starters",
    "is_branded",
    "kept",
    "listing",
    "people_data",
    "preview",
    "publish",
    "put_brand",
    "read_document_toml",
    "request",
    "sample_data",
    "save",
    "send_test",
    "sms_size",
    "starters",
    "versions",
]
