"""The brand names the sender and says where answers go, the route says from which address or number; what stood in the
other place moves, and what people saw until now stays what they see."""

import json
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.utils import timezone

MAILS = ("brevo", "mailgun", "mailjet", "postmark", "resend", "sendgrid", "smtp", "sparkpost")
TEXTS = ("gateway", "twilio")


def move(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    from regulars.core import sealing
    from regulars.messaging.routes.building import opened, sealed

    brands, routes = apps.get_model("messaging", "Brand"), apps.get_model("messaging", "Route")
    newest = brands.objects.order_by("-id").first()
    old = json.loads(newest.theme) if newest else {}
    told: dict[str, str] = {}
    for row in routes.objects.filter(kind__in=MAILS + TEXTS):
        try:
            settings = opened(row.settings)
        except sealing.BadSeal:  # it says on its page that it is to be set up anew
            continue
        about = {name: settings.pop(name, "") for name in ("sender_name", "reply_to")}
        if row.kind in TEXTS and not settings.get("sender") and not settings.get("service"):
            settings["sender"] = old.get("sms_sender", "")
        if row.kind in MAILS and row.is_active:  # its word counted until now
            told = {name: value for name, value in about.items() if value}
        row.settings = sealed(settings)
        row.save(update_fields=["settings"])
    for row in brands.objects.all():
        letterhead = json.loads(row.theme)
        for name in ("sender", "sms_sender"):
            letterhead.pop(name, None)
        if newest and row.id == newest.id:
            _name(letterhead, told)
        row.theme = json.dumps(letterhead, ensure_ascii=False, separators=(",", ":"))
        row.save(update_fields=["theme"])
    if newest is None and told:
        letterhead = {"format": 1, "theme": {"sender_name": "Your shop"}}
        _name(letterhead, told)
        theme = json.dumps(letterhead, ensure_ascii=False, separators=(",", ":"))
        brands.objects.create(theme=theme, made_at=timezone.now())


def _name(letterhead: dict[str, Any], told: dict[str, str]) -> None:
    if "sender_name" in told:
        letterhead["theme"]["sender_name"] = told["sender_name"]
    if "reply_to" in told:
        letterhead["reply_to"] = told["reply_to"]


class Migration(migrations.Migration):
    dependencies = [("messaging", "0003_limits_and_breaker")]
    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
