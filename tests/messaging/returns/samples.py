"""One sample of every event that a provider documents, with what it means: the table that the translators are held against."""

from dataclasses import dataclass
from typing import Any

from regulars.messaging.returns import Answer, Bounce, Kind, RawRequest
from tests.messaging.returns.cast import ADDRESS, KEY, STAMP, as_form, as_json, mailgun, sns

HARD, SOFT, BLOCK = Bounce.HARD, Bounce.SOFT, Bounce.BLOCK
WHEN = int(STAMP)


@dataclass(frozen=True)
class Sample:
    """A request, and what is to be read from it: kinds and bounces in order."""

    provider: str
    name: str
    request: RawRequest
    kind: Kind
    bounce: Bounce | None = None
    code: str = ""
    machine: str = ""
    answer: Answer | None = None


def _mailgun(name: str, kind: Kind, bounce: Bounce | None = None, /, **data: Any) -> Sample:
    headers = {"message-id": f"{KEY}@shop.example", "to": ADDRESS}
    whole = {"event": name, "timestamp": WHEN, "recipient": ADDRESS, "message": {"headers": headers}, **data}
    status = whole.get("delivery-status", {})
    machine = "Apple's mail privacy" if "client-info" in data else ""
    return Sample("mailgun", name, as_json(mailgun(whole)), kind, bounce, str(status.get("code", "")), machine)


def _sendgrid(name: str, kind: Kind, bounce: Bounce | None = None, /, **data: Any) -> Sample:
    event = {"event": name, "email": ADDRESS, "timestamp": WHEN, "sg_event_id": name, "sg_message_id": "14c5.filter1.1"}
    whole = {**event, "regulars_message": KEY, **data}
    machine = "Apple's mail privacy" if "sg_machine_open" in data else ""
    return Sample("sendgrid", name, as_json([whole]), kind, bounce, data.get("status", ""), machine)


def _postmark(record: str, kind: Kind, bounce: Bounce | None = None, /, **data: Any) -> Sample:
    whole = {"RecordType": record, "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483", "Recipient": ADDRESS, **data}
    return Sample("postmark", record, as_json({"Metadata": {"regulars_message": KEY}, **whole}), kind, bounce)


def _brevo(name: str, kind: Kind, bounce: Bounce | None = None, machine: str = "") -> Sample:
    whole = {"event": name, "email": ADDRESS, "ts_epoch": WHEN * 1000, "message-id": f"<{KEY}@shop.example>", "id": 7}
    return Sample("brevo", name, as_json(whole), kind, bounce, machine=machine)


def _resend(name: str, kind: Kind, bounce: Bounce | None = None, /, **data: Any) -> Sample:
    headers = [{"name": "X-Regulars-Message", "value": KEY}]
    whole = {"email_id": "56761188-7520-42d8-8898-ff6fc54ce618", "to": [ADDRESS], "headers": headers, **data}
    event = {"type": f"email.{name}", "created_at": "2026-03-01T11:59:59.000Z", "data": whole}
    return Sample("resend", name, as_json(event, svix_id=f"msg_{name}"), kind, bounce)


def _mailjet(name: str, kind: Kind, bounce: Bounce | None = None, /, **data: Any) -> Sample:
    whole = {
        "event": name,
        "time": WHEN,
        "MessageID": 19_421_777_835_146_490,
        "email": ADDRESS,
        "CustomID": KEY,
        **data,
    }
    return Sample("mailjet", name, as_json([whole]), kind, bounce)


def _sparkpost(name: str, kind: Kind, bounce: Bounce | None = None, /, **data: Any) -> Sample:
    event = {"type": name, "timestamp": STAMP, "event_id": f"9{name}", "transmission_id": "65832150921904138"}
    whole = {**event, "raw_rcpt_to": ADDRESS, "rcpt_meta": {"regulars_message": KEY}, **data}
    machine = "fetched ahead, SparkPost says" if "is_prefetched" in data else ""
    return Sample(
        "sparkpost",
        name,
        as_json([{"msys": {"message_event": whole}}]),
        kind,
        bounce,
        data.get("error_code", ""),
        machine,
    )


def _ses(name: str, kind: Kind, bounce: Bounce | None = None, /, **data: Any) -> Sample:
    headers = [{"name": "X-Regulars-Message", "value": KEY}]
    mail = {"messageId": "0100018f-7b2a", "destination": [ADDRESS], "headers": headers}
    recipients = data.get("bounce", {}).get("bouncedRecipients", [{}])
    return Sample(
        "amazon_ses",
        name,
        _from_sns(sns({"eventType": name, "mail": mail, **data})),
        kind,
        bounce,
        recipients[0].get("status", ""),
    )


def _from_sns(message: dict[str, str]) -> RawRequest:
    return as_json(message, x_amz_sns_message_type=message["Type"], x_amz_sns_message_id=message["MessageId"])


def _ses_bounce(kind: str, subtype: str, bounce: Bounce, status: str) -> Sample:
    recipients = [{"emailAddress": ADDRESS, "status": status, "diagnosticCode": f"smtp; 550 {status} <{ADDRESS}> no"}]
    return _ses("Bounce", Kind.BOUNCED, bounce, bounce={
        "bounceType": kind, "bounceSubType": subtype, "bouncedRecipients": recipients,
    })  # fmt: skip


def _twilio(status: str, kind: Kind, bounce: Bounce | None = None, code: str = "") -> Sample:
    fields = {"MessageSid": "SM1", "MessageStatus": status, "To": "+15551234567", "From": "+15557654321"}
    return Sample("twilio", status, as_form({**fields, **({"ErrorCode": code} if code else {})}), kind, bounce, code)


def _text(body: str, answer: Answer, **more: str) -> Sample:
    fields = {"MessageSid": "SM2", "SmsStatus": "received", "From": "+15551234567", "To": "+15557654321", "Body": body}
    return Sample("twilio", "received", as_form({**fields, **more}), Kind.REPLIED, answer=answer)


def whatsapp(**value: Any) -> RawRequest:
    return as_json(
        {"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "messages", "value": value}]}]}
    )


def _whatsapp(status: str, kind: Kind, bounce: Bounce | None = None, code: int = 0) -> Sample:
    state: dict[str, Any] = {"id": "wamid.1", "status": status, "timestamp": STAMP, "recipient_id": "15551234567"}
    errors = {"errors": [{"code": code, "title": "No"}]} if code else {}
    asked = whatsapp(statuses=[{**state, "biz_opaque_callback_data": KEY, **errors}])
    return Sample("whatsapp", status, asked, kind, bounce, str(code) if code else "")


def _wrote(body: str, answer: Answer) -> Sample:
    message = {"id": "wamid.2", "from": "15551234567", "timestamp": STAMP, "type": "text", "text": {"body": body}}
    return Sample("whatsapp", "text", whatsapp(messages=[message]), Kind.REPLIED, answer=answer)


def _gateway(name: str, kind: Kind, bounce: Bounce | None = None, /, **data: Any) -> Sample:
    whole = {"key": KEY, "channel": "push", "id": "7", "address": ADDRESS, **data}
    event = {"type": f"message.{name}", "timestamp": "2026-03-01T11:59:59Z", "data": whole}
    answer = Answer.STOP if name == "replied" else None
    return Sample("gateway", f"message.{name}", as_json(event), kind, bounce, data.get("code", ""), answer=answer)


K = Kind
SAMPLES = (
    _mailgun("accepted", K.SENT),
    _mailgun("delivered", K.DELIVERED, **{"delivery-status": {"code": 250, "message": "OK"}}),
    _mailgun("failed", K.BOUNCED, HARD, severity="permanent", **{"delivery-status": {"code": 550, "message": "5.1.1 no"}}),
    _mailgun("failed", K.BOUNCED, BLOCK, severity="permanent", **{"delivery-status": {"code": 554, "message": "spam"}}),
    _mailgun("failed", K.DEFERRED, severity="temporary", **{"delivery-status": {"code": 452}}),
    _mailgun("rejected", K.FAILED, reject={"reason": "Sandbox"}),
    _mailgun("opened", K.OPENED, **{"client-info": {"bot": "apple", "user-agent": "Mozilla/5.0"}}),
    _mailgun("clicked", K.CLICKED, url="https://shop.example/tea"),
    _mailgun("unsubscribed", K.UNSUBSCRIBED),
    _mailgun("complained", K.COMPLAINED),
    _mailgun("list_member_uploaded", K.OTHER),
    _sendgrid("processed", K.SENT),
    _sendgrid("delivered", K.DELIVERED, response="250 OK"),
    _sendgrid("deferred", K.DEFERRED, response="400 try again later"),
    _sendgrid("bounce", K.BOUNCED, HARD, status="5.1.1", reason="550 5.1.1 unknown user", type="bounce"),
    _sendgrid("bounce", K.BOUNCED, BLOCK, status="5.1.1", reason="550 no", type="blocked"),
    _sendgrid("bounce", K.BOUNCED, SOFT, status="5.2.2", reason="552 mailbox full", type="bounce"),
    _sendgrid("dropped", K.FAILED, reason="Unsubscribed Address"),
    _sendgrid("open", K.OPENED, useragent="Mozilla/5.0", sg_machine_open=True),
    _sendgrid("click", K.CLICKED, url="https://shop.example/tea"),
    _sendgrid("spamreport", K.COMPLAINED),
    _sendgrid("unsubscribe", K.UNSUBSCRIBED),
    _sendgrid("group_unsubscribe", K.UNSUBSCRIBED),
    _sendgrid("group_resubscribe", K.OTHER),
    _sendgrid("account_status_change", K.OTHER),
    _postmark("Delivery", K.DELIVERED, DeliveredAt="2026-03-01T11:59:00Z"),
    _postmark("Bounce", K.BOUNCED, HARD, Type="HardBounce", ID=42, Email=ADDRESS, Details="smtp;550 unknown user"),
    _postmark("Bounce", K.BOUNCED, SOFT, Type="SoftBounce", ID=43, Email=ADDRESS),
    _postmark("Bounce", K.DEFERRED, Type="Transient", ID=44, Email=ADDRESS),
    _postmark("Bounce", K.FAILED, Type="Blocked", ID=45, Email=ADDRESS),
    _postmark("Bounce", K.OTHER, Type="AutoResponder", ID=46, Email=ADDRESS),
    _postmark("SpamComplaint", K.COMPLAINED, Type="SpamComplaint", Email=ADDRESS),
    _postmark("Open", K.OPENED, ReceivedAt="2026-03-01T11:59:00Z"),
    _postmark("Click", K.CLICKED, ReceivedAt="2026-03-01T11:59:00Z", OriginalLink="https://shop.example/tea"),
    _postmark("SubscriptionChange", K.UNSUBSCRIBED, SuppressSending=True, SuppressionReason="ManualSuppression"),
    _postmark("SubscriptionChange", K.BOUNCED, HARD, SuppressSending=True, SuppressionReason="HardBounce"),
    _postmark("SubscriptionChange", K.OTHER, SuppressSending=False),
    _postmark("Moonrise", K.OTHER),
    _brevo("request", K.SENT),
    _brevo("delivered", K.DELIVERED),
    _brevo("deferred", K.DEFERRED),
    _brevo("hard_bounce", K.BOUNCED, HARD),
    _brevo("soft_bounce", K.BOUNCED, SOFT),
    _brevo("invalid_email", K.BOUNCED, HARD),
    _brevo("blocked", K.FAILED),
    _brevo("error", K.FAILED),
    _brevo("spam", K.COMPLAINED),
    _brevo("opened", K.OPENED),
    _brevo("unique_opened", K.OPENED),
    _brevo("proxy_open", K.OPENED, machine="a mail program's proxy, Brevo says"),
    _brevo("click", K.CLICKED),
    _brevo("unsubscribe", K.UNSUBSCRIBED),
    _brevo("list_addition", K.OTHER),
    _resend("sent", K.SENT),
    _resend("delivered", K.DELIVERED),
    _resend("delivery_delayed", K.DEFERRED),
    _resend("bounced", K.BOUNCED, HARD, bounce={"type": "Permanent", "subType": "General", "message": "A hard bounce message"}),
    _resend("bounced", K.BOUNCED, SOFT, bounce={"type": "Transient", "subType": "General", "message": "A bounce message"}),
    _resend("bounced", K.BOUNCED, BLOCK, bounce={"type": "Permanent", "subType": "ContentRejected", "message": "No"}),
    _resend("complained", K.COMPLAINED),
    _resend("opened", K.OPENED),
    _resend("clicked", K.CLICKED, click={"link": "https://shop.example/tea", "userAgent": "Mozilla/5.0 (X11)"}),
    _resend("scheduled", K.OTHER),
    _mailjet("sent", K.DELIVERED),
    _mailjet("bounce", K.BOUNCED, HARD, hard_bounce=True, error="user unknown"),
    _mailjet("bounce", K.BOUNCED, SOFT, hard_bounce=False, error="quota exceeded"),
    _mailjet("bounce", K.BOUNCED, BLOCK, hard_bounce=True, error="content blocked"),
    _mailjet("bounce", K.DEFERRED, hard_bounce=False, error="greylisted"),
    _mailjet("blocked", K.FAILED, error="preblocked"),
    _mailjet("open", K.OPENED, agent="Mozilla/5.0"),
    _mailjet("click", K.CLICKED, url="https://shop.example/tea"),
    _mailjet("spam", K.COMPLAINED),
    _mailjet("unsub", K.UNSUBSCRIBED),
    _mailjet("parsed", K.OTHER),
    _sparkpost("injection", K.SENT),
    _sparkpost("delivery", K.DELIVERED),
    _sparkpost("delay", K.DEFERRED, error_code="452"),
    _sparkpost("bounce", K.BOUNCED, HARD, bounce_class="10", error_code="550"),
    _sparkpost("bounce", K.BOUNCED, SOFT, bounce_class="22", error_code="552"),
    _sparkpost("bounce", K.BOUNCED, BLOCK, bounce_class="51", error_code="554"),
    _sparkpost("out_of_band", K.BOUNCED, HARD, bounce_class="30", error_code="550"),
    _sparkpost("policy_rejection", K.FAILED),
    _sparkpost("generation_failure", K.FAILED),
    _sparkpost("open", K.OPENED, is_prefetched=True),
    _sparkpost("click", K.CLICKED, target_link_url="https://shop.example/tea"),
    _sparkpost("spam_complaint", K.COMPLAINED),
    _sparkpost("list_unsubscribe", K.UNSUBSCRIBED),
    _sparkpost("link_unsubscribe", K.UNSUBSCRIBED),
    _sparkpost("sms_status", K.OTHER),
    _ses("Send", K.SENT, send={}),
    _ses("Delivery", K.DELIVERED, delivery={"recipients": [ADDRESS], "smtpResponse": "250 OK"}),
    _ses("DeliveryDelay", K.DEFERRED, deliveryDelay={"delayType": "MailboxFull"}),
    _ses_bounce("Permanent", "General", HARD, "5.1.1"),
    _ses_bounce("Permanent", "OnAccountSuppressionList", HARD, "5.1.1"),
    _ses_bounce("Transient", "MailboxFull", SOFT, "4.2.2"),
    _ses_bounce("Transient", "General", SOFT, "5.4.7"),
    _ses_bounce("Transient", "ContentRejected", BLOCK, "5.6.1"),
    _ses("Complaint", K.COMPLAINED, complaint={"complainedRecipients": [{"emailAddress": ADDRESS}], "complaintFeedbackType": "abuse"}),
    _ses("Reject", K.FAILED, reject={"reason": "Bad content"}),
    _ses("Rendering Failure", K.FAILED, failure={"errorMessage": "no name", "templateName": "hello"}),
    _ses("Open", K.OPENED, open={"userAgent": "Mozilla/5.0"}),
    _ses("Click", K.CLICKED, click={"link": "https://shop.example/tea", "userAgent": "Mozilla/5.0 (X11)"}),
    _ses("Subscription", K.UNSUBSCRIBED, subscription={"source": "UnsubscribeHeader"}),
    _ses("Moonrise", K.OTHER),
    _twilio("queued", K.SENT),
    _twilio("sent", K.SENT),
    _twilio("delivered", K.DELIVERED),
    _twilio("read", K.OPENED),
    _twilio("undelivered", K.BOUNCED, HARD, "30005"),
    _twilio("undelivered", K.BOUNCED, SOFT, "30003"),
    _twilio("undelivered", K.BOUNCED, BLOCK, "30007"),
    _twilio("undelivered", K.BOUNCED, SOFT, "39999"),
    _twilio("failed", K.BOUNCED, HARD, "21211"),
    _twilio("failed", K.FAILED, None, "21610"),
    _twilio("failed", K.FAILED),
    _twilio("moonrise", K.OTHER),
    _text("STOP", Answer.STOP),
    _text("please help me", Answer.OTHER),
    _text("Genug!", Answer.STOP, OptOutType="STOP"),
    _whatsapp("sent", K.SENT),
    _whatsapp("delivered", K.DELIVERED),
    _whatsapp("read", K.OPENED),
    _whatsapp("failed", K.BOUNCED, SOFT, 131026),
    _whatsapp("failed", K.BOUNCED, BLOCK, 131049),
    _whatsapp("failed", K.FAILED, None, 131050),
    _whatsapp("failed", K.FAILED, None, 1),
    _whatsapp("moonrise", K.OTHER),
    _wrote("Stop", Answer.STOP),
    _wrote("Where is my tea?", Answer.OTHER),
    _gateway("sent", K.SENT),
    _gateway("delivered", K.DELIVERED),
    _gateway("deferred", K.DEFERRED, code="busy"),
    _gateway("bounced", K.BOUNCED, HARD, bounce="hard"),
    _gateway("bounced", K.BOUNCED, BLOCK, code="5.7.1"),
    _gateway("failed", K.FAILED),
    _gateway("opened", K.OPENED),
    _gateway("clicked", K.CLICKED, url="https://shop.example/tea"),
    _gateway("complained", K.COMPLAINED),
    _gateway("unsubscribed", K.UNSUBSCRIBED),
    _gateway("replied", K.REPLIED, text="STOP!"),
    _gateway("moonrise", K.OTHER),
)  # fmt: skip
