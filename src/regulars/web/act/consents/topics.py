"""Topics: what people may choose to hear of; add, change, put in order, offer no more."""

import re
from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from regulars.access import api as access
from regulars.consent import api as consent
from regulars.web.access.doorkeeper import person
from regulars.web.access.gate import change, page
from regulars.web.act.consents import words
from regulars.web.shell import lake

OFFERED = ("email", "sms", "whatsapp", "push")


@page()
def topics(request: HttpRequest) -> HttpResponse:
    """Show the topics in their order, with a form to add one."""
    names = words.channels()
    context = {
        "title": _("Topics"),
        "topics": [
            {"topic": one, "ways": [(key, names[key], key in one.channels) for key in OFFERED]}
            for one in consent.topics()
        ],
        "ways": [(key, names[key], key == "email") for key in OFFERED],
        "may_change": person(request).may("change"),
    }
    return render(request, "web/act/consent_topics.html", context)


@change("change")
def change_topic(request: HttpRequest) -> HttpResponse:
    """Add a topic, change one, move it, or offer it no more."""
    key, do = request.POST.get("key", "").strip(), request.POST.get("do", "put")
    try:
        if do == "drop":
            consent.drop_topic(key)
        elif do in ("up", "down"):
            _move(key, -1 if do == "up" else 1)
        else:
            _put(request, key)
    except consent.BadStatement as refusal:
        messages.error(request, str(refusal))
        return redirect("consent-topics")
    who = person(request).user
    access.note(
        who.email if who else "visitor", f"topic.{do if do in ('drop', 'up', 'down') else 'put'}", key, {}, lake.now()
    )
    return redirect("consent-topics")


def _put(request: HttpRequest, key: str) -> None:
    name, all_of_them = request.POST.get("name", "").replace("\0", "").strip(), consent.topics()
    found = next((one for one in all_of_them if one.key == key), None)
    topic = consent.TopicOffered(
        key=key or _key_of(name, {one.key for one in all_of_them}),
        name=name,
        description=request.POST.get("description", "").replace("\0", "").strip(),
        channels=tuple(request.POST.getlist("channels")),
        is_default=request.POST.get("is_default") == "yes",
        order=found.order if found else max((one.order for one in all_of_them), default=0) + 1,
    )
    consent.put_topic(topic)


def _key_of(name: str, taken: set[str]) -> str:
    """Return a key for a new topic, from its name.

    >>> _key_of("Tea & Teaware", {"tea-teaware"}), _key_of("日本", set())
    ('tea-teaware-2', 'topic')
    """
    base = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] or "topic"
    return next(one for n in range(1, len(taken) + 2) if (one := base if n == 1 else f"{base}-{n}") not in taken)


def _move(key: str, by: int) -> None:
    """Change places with the neighbour; every topic gets its place anew, because two may have had the same."""
    listed = consent.topics()
    at = next((n for n, one in enumerate(listed) if one.key == key), None)
    if at is None or not 0 <= at + by < len(listed):
        return
    listed[at], listed[at + by] = listed[at + by], listed[at]
    for n, one in enumerate(listed):
        consent.put_topic(replace(one, order=n))
