"""Which addresses are asked of the app when pages are measured: every page, with the settings that cost most."""

from collections.abc import Mapping

# By the name of the route in the app's urls, what is asked of it: parts of the path, and the query.
PAGES: Mapping[str, tuple[str, ...]] = {
    "overview": ("",),
    "overview-came-back": ("",),
    "overview-late": ("",),
    "overview-hidden-quarter": ("",),
    "search": ("?q=Ann Abel", "?q=user77@example.com", "?q=O000000123"),
    "customers": (
        "",
        "?country=DE&consent=yes&sort=orders",
        "?text=eklund&sort=name&way=up",
        "?late=yes&sort=last_day",
        "?segment=Champions&value_from=200",
    ),
    "customer": ("{customer}",),
    "segments": ("",),
    "products": ("", "?sort=rate_90"),
    "value": ("",),
    "journeys": ("",),
    "at-risk": ("", "?page=3"),
    "campaigns": ("",),
    "campaign-lists": ("",),
    "lists": ("",),
    "templates": ("",),
    "blocks": ("",),
    "brand": ("",),
    "consent": ("", "?channel=email&said=withdrawn", "?page=3"),
    "messages": ("", "?state=sent", "?text=thank"),
    "drawer": ("",),
    "channels": ("",),
    "limits": ("",),
    "triggers": ("",),
    "retention": (
        "",
        "?grain=week&measure=returned",
        "?by=country&kind=bounded",
        "?by=product",
        "?one=channel:web&other=channel:app&from=30&to=90",
        "?group=discount:yes&measure=cumulative",
    ),
    "report": ("",),
    "report-page": ("",),
    "data": ("",),
    "sql": ("",),  # the form; a question costs what is asked
    "imports": ("",),
    "import": ("{import}",),
    "settings": ("",),
    "users": ("",),
    "audit": ("",),
    "account": ("",),
}
# Routes that show no figures: doors, forms for one moment, files, and what another program reads.
NOT_MEASURED = frozenset(
    {
        *("open-demo", "open-cdnow", "job", "cancel-job", "upload", "check-upload", "import-rejects", "save-query"),
        *(
            "save-view",
            "rebuild",
            "start-over",
            "change-user",
            "change-token",
            "sign-in",
            "sign-out",
            "owner",
            "accept",
        ),
        *("totp", "healthz", "readyz", "metrics", "hook", "click", "pixel"),
        *(
            "template",
            "preview-template",
            "check-template",
            "publish-template",
            "drop-template",
            "try-template",
            "export-template",
            "block",
            "preview-block",
            "check-block",
            "publish-block",
            "drop-block",
        ),
        *("check-brand", "preview-brand", "check-domain"),
        *("consent-topics", "change-topic", "consent-forms", "consent-form", "consent-form-preview"),
        *(
            "unsubscribe",
            "unsubscribe-back",
            "preferences",
            "join",
            "join-embed",
            "confirm",
            "push-form",
            "push-person",
        ),
        *("new-segment", "try-segment", "ready-segments", "segment", "edit-segment", "drop-segment", "export-segment"),
        *("new-campaign", "campaign-rules", "campaign", "edit-campaign", "act-on-campaign", "export-campaign"),
        *(
            "new-journey",
            "journey",
            "edit-journey",
            "switch-journey",
            "export-journey",
            "ready-journey",
            "rehearse-journey",
        ),
        *("message", "settle-message", "decide-messages", "drawn", "drawn-body"),
    }
)


def asked(customer: int, imported: int) -> dict[str, str]:
    """Return every page's address by a short name; needs Django."""
    from django.urls import reverse
    from django.utils.http import urlencode

    found = {}
    for name, queries in PAGES.items():
        for query in queries:
            place = {"{customer}": customer, "{import}": imported}.get(query)
            address = reverse(name, args=[place] if place is not None else [])
            words = [part.split("=", 1) for part in query.removeprefix("?").split("&")] if "?" in query else []
            found[f"{name} {query}".strip()] = f"{address}?{urlencode(words)}" if words else address
    return found
