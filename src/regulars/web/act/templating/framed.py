"""Messages in a frame of the page: nothing in them runs, nothing is fetched, and no link leads away."""

import re
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from regulars.messaging import api as messaging
from regulars.profiles import api as profiles
from regulars.web.shell.headers import POLICY

# The page may hold frames of this app, and the answer in the frame may do nothing at all.
HOLDING = f"{POLICY}; frame-src 'self'"
WITHIN = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox"
)
LONGEST = 320  # letters of an e-mail address
_OUTSIDE = re.compile(r"""(\s(?:src|background)\s*=\s*)(["'])https?://.*?\2""", re.IGNORECASE | re.DOTALL)
_BEHIND = re.compile(r"url\(\s*[\"']?https?:[^)]*\)", re.IGNORECASE)
_PICTURE = "data:image/svg+xml," + quote(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 80"><rect width="120" height="80" fill="#d9dbd8"/>'
    '<path d="M34 58l18-22 12 14 8-9 16 17z" fill="#b3b7b2"/><circle cx="78" cy="30" r="6" fill="#b3b7b2"/></svg>'
)


def holding(response: HttpResponse) -> HttpResponse:
    """Let a page hold frames of this app."""
    response["Content-Security-Policy"] = HOLDING
    return response


def framed(rendered: messaging.Rendered, channel: str = "email") -> HttpResponse:
    """Answer with a message to look at; pictures of other hosts are drawn as a sign, for a preview fetches nothing."""
    return _within(_mail(rendered.html) if rendered.html else _phone(rendered, channel))


def told(sentence: str) -> HttpResponse:
    """Answer with the sentence that says why there is nothing to look at."""
    return _within(_page(format_html('<p class="note">{}</p>', sentence)))


def customer_of(request: HttpRequest) -> tuple[int | None, str]:
    """Return the customer that the form names by number, e-mail, phone or shop number; with a sentence when nobody is."""
    asked = request.POST.get("customer", "").strip()[:LONGEST]
    if not asked:
        return None, ""
    if asked.isascii() and asked.isdigit() and len(asked) < 16 and (found := profiles.standing(int(asked))):
        return found, ""
    people = profiles.known({"email": asked, "phone": asked, "id": asked})
    if people:
        return profiles.standing(people[0]), ""
    return None, _("Nobody is known as “%(asked)s”; the sample stands here instead.") % {"asked": asked}


def _mail(html: str) -> str:
    html = _OUTSIDE.sub(lambda found: f"{found[1]}{found[2]}{_PICTURE}{found[2]}", html)
    # In the frame no new window may open, so that links lead nowhere.
    return _BEHIND.sub("none", html).replace("<head>", '<head><base target="_blank">', 1)


def _phone(rendered: messaging.Rendered, channel: str) -> str:
    text = rendered.text
    if channel == "whatsapp" and rendered.subject:  # its words are at WhatsApp: what stands in their places is shown
        text = "\n".join(f"{{{{{number}}}}} {line}" for number, line in enumerate(text.split("\n"), 1))
    above = format_html("<strong>{}</strong>\n", rendered.subject) if rendered.subject else ""
    below = format_html("\n<small>{}</small>", rendered.beside) if rendered.beside else ""
    return _page(format_html('<p class="sms">{}{}{}</p>', above, text, below))


def _page(inner: str) -> str:
    look = mark_safe(  # ours, without a value
        "body{margin:0;padding:24px;background:#f4f2ee;color:#1f2328;font:16px/1.5 -apple-system,'Segoe UI',Roboto,Arial,sans-serif}"
        "p{margin:0 auto;max-width:340px;overflow-wrap:anywhere}"
        ".sms{padding:12px 16px;border-radius:18px 18px 18px 4px;background:#fff;white-space:pre-wrap}.note{max-width:480px}"
    )
    return format_html(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{}</title><style>{}</style></head><body>{}</body></html>',
        _("Preview"),
        look,
        inner,
    )


def _within(html: str) -> HttpResponse:
    response = HttpResponse(html)
    response["Content-Security-Policy"] = WITHIN
    response["Cache-Control"] = "no-store"  # it may hold a customer's data
    return response
