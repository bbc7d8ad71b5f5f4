"""The door of messaging: ask for messages, hand them over, see what became of them; keep templates and the brand."""

from regulars.messaging.channels.drawer import Drawer
from regulars.messaging.compliance import SIGNED, Addressed, Shop, headers_for, links_for, shop
from regulars.messaging.confirming import BadAddress, SignUp, sign_up
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
from regulars.messaging.outbox.settling import settle_by_word
from regulars.messaging.outbox.telling import run_once as tell
from regulars.messaging.returns.mail.reading import MOST as LARGEST_MAIL
from regulars.messaging.returns.receiving.hooks import MOST as LARGEST_HOOK, NoSuchHook, TooLarge, handshake, receive
from regulars.messaging.returns.receiving.mails import receive_mail
from regulars.messaging.returns.receiving.taking import Taken
from regulars.messaging.returns.returned import BadSignature, CannotRead, RawRequest
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
from regulars.messaging.tracking import Links, Visit, follow, opened, run_once as tell_touches, target, tracked
from regulars.messaging.triggers import (
    BadTrigger,
    Rule,
    drop as drop_trigger,
    put as put_trigger,
    run_once as trigger,
    triggers,
)

__all__ = [
    "LARGEST_HOOK",
    "LARGEST_MAIL",
    "SIGNED",
    "Addressed",
    "BadAddress",
    "BadSignature",
    "BadTemplate",
    "BadTrigger",
    "CannotRead",
    "Channel",
    "Decision",
    "Delivery",
    "Document",
    "Drawer",
    "Finding",
    "Kept",
    "Letter",
    "Letterhead",
    "Links",
    "Look",
    "NoSuchHook",
    "NoSuchTemplate",
    "Outcome",
    "RawRequest",
    "Refused",
    "Rendered",
    "Request",
    "Rule",
    "Severity",
    "Shop",
    "SignUp",
    "State",
    "Taken",
    "Theme",
    "TooLarge",
    "Variant",
    "Version",
    "Visit",
    "Writer",
    "brand",
    "compiled",
    "contrast_of",
    "deliver",
    "document",
    "document_toml",
    "drop_trigger",
    "ended",
    "findings",
    "follow",
    "handshake",
    "headers_for",
    "install_starters",
    "is_branded",
    "kept",
    "links_for",
    "listing",
    "opened",
    "people_data",
    "preview",
    "publish",
    "put_brand",
    "put_trigger",
    "read_document_toml",
    "receive",
    "receive_mail",
    "request",
    "sample_data",
    "save",
    "send_test",
    "settle_by_word",
    "shop",
    "sign_up",
    "sms_size",
    "starters",
    "target",
    "tell",
    "tell_touches",
    "tracked",
    "trigger",
    "triggers",
    "versions",
]
