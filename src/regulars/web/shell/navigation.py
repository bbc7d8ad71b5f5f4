"""The five stages and their pages: what the menu shows and the search finds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Place:
    """A page in the menu: the name of its address, its label, its icon, who sees it, words by which search finds it."""

    name: str
    label: Promise
    icon: str
    permission: str = "see"
    words: str = ""


@dataclass(frozen=True)
class Stage:
    """One stage of the loop with its pages."""

    label: Promise
    places: Sequence[Place]


STAGES: tuple[Stage, ...] = (
    Stage(
        _("Listen"),
        (
            Place("imports", _("Imports"), "file-import", words="orders csv upload file drop"),
            Place("data", _("Data"), "database", words="facts lake tables size"),
            Place("sql", _("Ask in SQL"), "code", "sql", "query select analyst"),
        ),
    ),
    Stage(
        _("Know"),
        (
            Place("customers", _("Customers"), "users", words="people list filter"),
            Place("segments", _("Segments"), "filter", words="audience rule group members builder live target"),
            Place("products", _("Products"), "package", words="first order bought again replenish"),
            Place("value", _("Value"), "coin", words="clv forecast back-test backtest lifetime concentration"),
        ),
    ),
    Stage(
        _("Decide"),
        (
            Place("journeys", _("Journeys"), "route", words="flow automation steps branch split wait programme"),
            Place("at-risk", _("At risk"), "alarm", words="late lapsing win back churn"),
            Place(
                "campaigns",
                _("Campaigns"),
                "message-circle",
                words="newsletter broadcast blast send many schedule a/b test lists",
            ),
        ),
    ),
    Stage(
        _("Act"),
        (
            Place("lists", _("Lists to use"), "list", words="export audience mail"),
            Place("templates", _("Templates"), "mail", words="editor subject text sms mjml liquid starter newsletter"),
            Place("blocks", _("Blocks"), "columns", words="shared pieces partials snippets templates greeting footer"),
            Place("brand", _("Brand"), "star", words="colours logo sender postal address look"),
            Place(
                "consent",
                _("Consent"),
                "shield-check",
                words="opt-in unsubscribe log proof topics preferences sign-up form newsletter gdpr",
            ),
            Place("messages", _("Messages"), "send", words="sent queue outbox unknown failed why"),
            Place("drawer", _("Drawer"), "mail", words="letters kept inbox test"),
            Place("triggers", _("Triggers"), "activity", words="after order fact automatic message template"),
            Place(
                "channels",
                _("Channels"),
                "route",
                words="smtp sms twilio whatsapp provider connect route spf dkim dmarc",
            ),
            Place("limits", _("Limits"), "clock", words="caps quiet hours budget warm-up throttle how often"),
        ),
    ),
    Stage(
        _("Prove"),
        (
            Place("retention", _("Retention"), "chart-line", words="cohort heat map curve repeat rate compare"),
            Place("report", _("Report"), "report-analytics", words="print pdf whole"),
        ),
    ),
)
HOME = Place("overview", _("Overview"), "home", words="start loop")
KEEPING: tuple[Place, ...] = (
    Place("settings", _("Settings"), "settings", words="currency time zone throw away"),
    Place("users", _("Users and tokens"), "key", "manage", "invite role api"),
    Place("audit", _("Audit log"), "history", "manage", "who did what"),
    Place("account", _("Your account"), "user", words="password code authenticator"),
)


def places() -> list[Place]:
    """Return every page of the menu."""
    return [HOME, *(place for stage in STAGES for place in stage.places), *KEEPING]


def marked(path: str, addresses: Iterable[str]) -> tuple[str, str]:
    """Return the one address that the menu marks for a path, and its aria-current; both blank if no place is above it.

    >>> marked("/data/sql", ["/", "/data", "/data/sql"])
    ('/data/sql', 'page')
    >>> marked("/data/sql/keep", ["/", "/data", "/data/sql"])
    ('/data/sql', 'true')
    >>> marked("/database", ["/", "/data"])
    ('', '')
    """
    # The overview's address ends in a slash, so it is above nothing and only marked as the page itself.
    above = [address for address in addresses if address and (path == address or path.startswith(f"{address}/"))]
    nearest = max(above, key=len, default="")
    return nearest, ("page" if path == nearest else "true") if nearest else ""
