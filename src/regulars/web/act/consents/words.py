"""How the shop reads consent: channels, ways and states in words."""

from django.utils.translation import gettext as _

from regulars.consent import api as consent


def channels() -> dict[str, str]:
    """Return the channels by their words."""
    return {
        "email": _("E-mail"),
        "sms": _("Text message"),
        "push": _("Push"),
        "whatsapp": _("WhatsApp"),
        "webhook": _("Webhook"),
    }


def said() -> dict[str, str]:
    """Return what a statement can say."""
    return {"given": _("yes"), "withdrawn": _("no"), "requested": _("asked to confirm")}


def methods() -> dict[str, str]:
    """Return by which way something was said."""
    return {
        consent.Method.CHECKOUT: _("at the checkout"),
        consent.Method.FORM: _("by a form"),
        consent.Method.PREFERENCE_PAGE: _("on their own page"),
        consent.Method.ONE_CLICK: _("by one click in the mailbox"),
        consent.Method.SMS_KEYWORD: _("by a text message"),
        consent.Method.IMPORT: _("in an import"),
        consent.Method.API: _("by a program"),
        consent.Method.REPLY: _("by a reply"),
        consent.Method.SUPPORT: _("told to support"),
    }


def bases() -> dict[str, str]:
    """Return why somebody may be written to."""
    return {
        consent.Basis.EXPRESS: _("said so"),
        consent.Basis.IMPLIED_PURCHASE: _("bought something"),
        consent.Basis.IMPLIED_INQUIRY: _("asked something"),
        consent.Basis.EXISTING_CUSTOMER: _("is a customer (soft opt-in)"),
        consent.Basis.NO_OBJECTION: _("has not objected"),
    }


def states() -> dict[str, str]:
    """Return where somebody can stand."""
    return {
        consent.State.GIVEN: _("yes"),
        consent.State.PENDING: _("asked, not confirmed"),
        consent.State.WITHDRAWN: _("no"),
    }


def topic_names() -> dict[str, str]:
    """Return the topics' names by their keys; blank is the whole channel."""
    return {"": _("everything"), **{one.key: one.name for one in consent.topics()}}
