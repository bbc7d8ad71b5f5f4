"""The door of messaging: ask for messages, hand them over, see what became of them; keep templates and the brand."""

from regulars.messaging.ahead.foreseeing import Foreseen, Foresight
from regulars.messaging.ahead.reach import reachable, shipped_for, template_for
from regulars.messaging.blocks.guarding import (
    by_itself as block_by_itself,
    harm as block_harm,
    live_templates,
    users as block_users,
)
from regulars.messaging.blocks.keeping import (
    HOUSE as HOUSE_BLOCKS,
    drop as drop_block,
    publish as publish_block,
    save as save_block,
)
from regulars.messaging.blocks.rows import (
    Block,
    NoSuchBlock,
    kept as kept_block,
    keyed as keyed_block,
    listing as blocks,
    live as live_blocks,
    shipped as shipped_block,
    texts as block_texts,
    versions as block_versions,
)
from regulars.messaging.browsers.choosing import Choice as BrowserChoice, newest as newest_browsers
from regulars.messaging.browsers.following import run_once as follow_browsers
from regulars.messaging.browsers.joining import Joining, join as join_browser, leave as leave_browser
from regulars.messaging.browsers.keeping import BadSubscription, Browser, of_customer as browsers_of
from regulars.messaging.channels.drawer import Drawer
from regulars.messaging.channels.http_lane import BadRoute
from regulars.messaging.compliance import SIGNED, Addressed, Shop, headers_for, links_for, shop
from regulars.messaging.confirming import BadAddress, SignUp, sign_up
from regulars.messaging.control.breaker import (
    Stands,
    close as close_breaker,
    run_once as watch,
    standings as breakers,
)
from regulars.messaging.control.fields import GENERAL as GENERAL_LIMITS, SETTINGS as LIMITS, Setting as LimitSetting
from regulars.messaging.control.hooks import Hooks, ask_also, ask_no_more, hooks
from regulars.messaging.control.limits import BadLimits, Limits, limits, put_limits
from regulars.messaging.domains import BadDomain, judge_domain
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
    drop as drop_template,
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
from regulars.messaging.outbox.gating import place
from regulars.messaging.outbox.settling import settle_by_word
from regulars.messaging.outbox.telling import run_once as tell
from regulars.messaging.over import reset
from regulars.messaging.returns.mail.reading import MOST as LARGEST_MAIL
from regulars.messaging.returns.receiving.hooks import (
    MOST as LARGEST_HOOK,
    NoSuchHook,
    TooLarge,
    callers,
    handshake,
    receive,
)
from regulars.messaging.returns.receiving.mails import receive_mail
from regulars.messaging.returns.receiving.taking import Taken
from regulars.messaging.returns.returned import BadSignature, CannotRead, RawRequest
from regulars.messaging.routes.keeping import (
    Shown as Route,
    activate as activate_route,
    channels,
    deactivate as deactivate_route,
    drop as drop_route,
    push_key,
    put as put_route,
    routes,
)
from regulars.messaging.routes.kinds import Field, Kind, kinds
from regulars.messaging.routes.rehearsing import Rehearsal, rehearse
from regulars.messaging.routes.trying import test as test_route
from regulars.messaging.sending import delivery, send
from regulars.messaging.story.deciding import Verdict, Which, settle_many, standing
from regulars.messaging.story.kept import drawn, letter as drawn_letter
from regulars.messaging.story.reading import Filters, Page, counts, of_customer, plain, recent, story, unknown
from regulars.messaging.story.settling import CannotSettle, Decision as Settled, settle
from regulars.messaging.story.withdrawing import under_way, withdraw
from regulars.messaging.story.words import STATES, because
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
    shipped_blocks,
    sms_size,
    starters,
)
from regulars.messaging.tracking import Links, Visit, follow, opened, run_once as tell_touches, target, tracked
from regulars.messaging.triggers import (
    BadTrigger,
    Rule,
    classes_of,
    drop as drop_trigger,
    forget as forget_trigger,
    put as put_trigger,
    run_once as trigger,
    set_up as set_up_trigger,
    switch as switch_trigger,
    triggers,
    values_of,
)

__all__ = [
    "GENERAL_LIMITS",
    "HOUSE_BLOCKS",
    "LARGEST_HOOK",
    "LARGEST_MAIL",
    "LIMITS",
    "SIGNED",
    "STATES",
    "Addressed",
    "BadAddress",
    "BadDomain",
    "BadLimits",
    "BadRoute",
    "BadSignature",
    "BadSubscription",
    "BadTemplate",
    "BadTrigger",
    "Block",
    "Browser",
    "BrowserChoice",
    "CannotRead",
    "CannotSettle",
    "Channel",
    "Decision",
    "Delivery",
    "Document",
    "Drawer",
    "Field",
    "Filters",
    "Finding",
    "Foreseen",
    "Foresight",
    "Hooks",
    "Joining",
    "Kept",
    "Kind",
    "Letter",
    "Letterhead",
    "LimitSetting",
    "Limits",
    "Links",
    "Look",
    "NoSuchBlock",
    "NoSuchHook",
    "NoSuchTemplate",
    "Outcome",
    "Page",
    "RawRequest",
    "Refused",
    "Rehearsal",
    "Rendered",
    "Request",
    "Route",
    "Rule",
    "Settled",
    "Severity",
    "Shop",
    "SignUp",
    "Stands",
    "State",
    "Taken",
    "Theme",
    "TooLarge",
    "Variant",
    "Verdict",
    "Version",
    "Visit",
    "Which",
    "Writer",
    "activate_route",
    "ask_also",
    "ask_no_more",
    "because",
    "block_by_itself",
    "block_harm",
    "block_texts",
    "block_users",
    "block_versions",
    "blocks",
    "brand",
    "breakers",
    "browsers_of",
    "callers",
    "channels",
    "classes_of",
    "close_breaker",
    "compiled",
    "contrast_of",
    "counts",
    "deactivate_route",
    "deliver",
    "delivery",
    "document",
    "document_toml",
    "drawn",
    "drawn_letter",
    "drop_block",
    "drop_route",
    "drop_template",
    "drop_trigger",
    "ended",
    "findings",
    "follow",
    "follow_browsers",
    "forget_trigger",
    "handshake",
    "headers_for",
    "hooks",
    "install_starters",
    "is_branded",
    "join_browser",
    "judge_domain",
    "kept",
    "kept_block",
    "keyed_block",
    "kinds",
    "leave_browser",
    "limits",
    "links_for",
    "listing",
    "live_blocks",
    "live_templates",
    "newest_browsers",
    "of_customer",
    "opened",
    "people_data",
    "place",
    "plain",
    "preview",
    "publish",
    "publish_block",
    "push_key",
    "put_brand",
    "put_limits",
    "put_route",
    "put_trigger",
    "reachable",
    "read_document_toml",
    "receive",
    "receive_mail",
    "recent",
    "rehearse",
    "request",
    "reset",
    "routes",
    "sample_data",
    "save",
    "save_block",
    "send",
    "send_test",
    "set_up_trigger",
    "settle",
    "settle_by_word",
    "settle_many",
    "shipped_block",
    "shipped_blocks",
    "shipped_for",
    "shop",
    "sign_up",
    "sms_size",
    "standing",
    "starters",
    "story",
    "switch_trigger",
    "target",
    "tell",
    "tell_touches",
    "template_for",
    "test_route",
    "tracked",
    "trigger",
    "triggers",
    "under_way",
    "unknown",
    "values_of",
    "versions",
    "watch",
    "withdraw",
]
