"""Every page of the app, made from its routes."""

from django.urls import URLPattern, URLResolver, get_resolver

from regulars.web.access.gate import gate_of

SAMPLES = {
    "<int:number>": "1", "<str:token>": "0" * 32, "<str:key>": "0" * 32, "<str:name>": "welcome", "<slug:slug>": "new", "<slug:name>": "new",
}  # fmt: skip
# Parts of pages, files and answers for machines are no pages.
NO_PAGES = {
    "rejects.csv", "healthz", "readyz", "metrics", "came-back", "late", "hidden-quarter", "template.toml", "segment.yaml", "campaign.yaml", "journey.yaml", "body",
}  # fmt: skip
MORE = (
    "/retention?by=country&grain=week&one=country:DE",
    "/customers?late=yes&sort=name",
    "/data/sql?query=SELECT+1",
    "/search?q=an",
    "/messages/decide?all=yes",
    "/nowhere",
)


def places() -> list[str]:
    """Return the address of every page that shows something, with sample values, and some with questions."""
    found = []
    for one in get_resolver().url_patterns:
        if isinstance(one, URLResolver):
            continue
        assert isinstance(one, URLPattern)
        gate, path = gate_of(one.callback), "/" + str(one.pattern)
        if gate is None or "GET" not in gate.methods or path.rpartition("/")[2] in NO_PAGES:
            continue
        for sign, value in SAMPLES.items():
            path = path.replace(sign, value)
        found.append(path)
    return [*found, *MORE]
