"""Deciding on many unknown messages at once: first how many they are, then what they are to be taken for."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from regulars.messaging import api as messaging
from regulars.web.access.doorkeeper import person
from regulars.web.access.gate import form
from regulars.web.act import naming
from regulars.web.shell import lake
from regulars.web.shell.context import formats

MOST_MARKED = 200


@form("change", "change")
def decide(request: HttpRequest) -> HttpResponse:
    """Show how many unknown messages are meant; take the decision on them."""
    told = request.POST if request.method == "POST" else request.GET
    which = _which(told)
    if which is None:
        notices.warning(request, _("Mark the messages to decide on, or choose all of them."))
        return redirect("messages")
    if request.method == "POST":
        return _decided(request, which)
    found = messaging.standing(which)
    write = formats(request)
    context: dict[str, Any] = {
        "title": _title(found["n"], write.count(found["n"])), **found, "n_orders": found["n"] - found["n_marketing"], "which": which,
        "is_all": not which.keys, "channel": naming.channel(which.filters.channel) if which.filters.channel else "",
    }  # fmt: skip
    return render(request, "web/act/deciding.html", context)


def _which(told: QueryDict) -> messaging.Which | None:
    keys = [key for key in told.getlist("key") if len(key) == 32][:MOST_MARKED]
    if keys:
        return messaging.Which(keys)
    if told.get("all") != "yes":
        return None
    channel, text = (told.get(name, "").strip()[:200] for name in ("channel", "text"))
    return messaging.Which((), messaging.Filters("", channel, text))


def _decided(request: HttpRequest, which: messaging.Which) -> HttpResponse:
    said, n = request.POST, request.POST.get("n", "")
    if said.get("do") == "leave":
        notices.success(request, _("They stay as they are."))
        return redirect("messages")
    try:
        verdict = messaging.Verdict(
            messaging.Settled(said.get("do", "")), int(n) if n.isdecimal() and len(n) < 10 else -1,
            may_arrive_twice=said.get("sure") == "yes", with_marketing=said.get("marketing") == "yes",
        )  # fmt: skip
        user = person(request).user
        count = messaging.settle_many(which, verdict, user.email if user else "visitor", lake.now())
        done = ngettext("Decided on %(n)s message.", "Decided on %(n)s messages.", count)
        notices.success(request, done % {"n": formats(request).count(count)})
        return redirect("messages")
    except messaging.CannotSettle as refusal:
        notices.error(request, str(refusal))
    except ValueError:
        notices.error(request, _("Choose one of the decisions."))
    return redirect(f"{reverse('decide-messages')}?{urlencode(_again(which), doseq=True)}")


def _again(which: messaging.Which) -> dict[str, Any]:
    if which.keys:
        return {"key": list(which.keys)}
    return {"all": "yes", "channel": which.filters.channel, "text": which.filters.text}


def _title(n: int, written: str) -> str:
    if not n:
        return _("None of these is unknown any more")
    said = ngettext(
        "What is %(n)s message to be taken for?",
        "What are %(n)s messages to be taken for?",
        n,
    )
    return said % {"n": written}
