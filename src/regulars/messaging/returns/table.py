"""The table of providers: for each, how a request proves itself and how it is read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from regulars.messaging.returns.phones import gateway, twilio, whatsapp
from regulars.messaging.returns.providers import (
    amazon_ses,
    brevo,
    mailgun,
    mailjet,
    postmark,
    resend,
    sendgrid,
    sns,
    sparkpost,
)
from regulars.messaging.returns.returned import RawRequest, Returned

Verify = Callable[[RawRequest, Sequence[str]], None]
Read = Callable[[RawRequest], list[Returned]]

BASIC = 'the user and the password of the webhook\'s address, as "user:password"'


@dataclass(frozen=True)
class Door:
    """How one provider comes in. verify raises BadSignature, read raises CannotRead; ask them in this order.

    secret says in words what each of the secrets is; covers_body whether the proof covers what the request tells.
    """

    verify: Verify
    read: Read
    secret: str
    covers_body: bool = True


def doors(certificates: sns.FetchCertificate) -> dict[str, Door]:
    """Return every provider's door by its name; certificates fetches what Amazon's requests are signed with."""
    return {
        "amazon_ses": Door(sns.verify_with(certificates), amazon_ses.read, "the ARN of the topic of Amazon SNS"),
        "brevo": Door(brevo.verify, brevo.read, f"{BASIC}, or the bearer token", covers_body=False),
        "gateway": Door(gateway.verify, gateway.read, "the signing secret, whsec_…"),
        "mailgun": Door(mailgun.verify, mailgun.read, "the HTTP webhook signing key", covers_body=False),
        "mailjet": Door(mailjet.verify, mailjet.read, BASIC, covers_body=False),
        "postmark": Door(postmark.verify, postmark.read, BASIC, covers_body=False),
        "resend": Door(resend.verify, resend.read, "the signing secret, whsec_…"),
        "sendgrid": Door(sendgrid.verify, sendgrid.read, "the public verification key of the signed event webhook"),
        "sparkpost": Door(sparkpost.verify, sparkpost.read, f"{BASIC}, or the bearer token", covers_body=False),
        "twilio": Door(twilio.verify, twilio.read, "the account's auth token"),
        "whatsapp": Door(whatsapp.verify, whatsapp.read, "the app's secret"),
    }
