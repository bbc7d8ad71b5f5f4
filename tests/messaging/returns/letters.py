"""Mails that come back, written here by hand: bounces of several makes, complaints, machines' answers and people's."""

from textwrap import dedent

from tests.messaging.returns.cast import ADDRESS, KEY

COPY = f"""\
    From: Kessel & Kraut <hello@shop.example>
    To: {ADDRESS}
    Subject: New teas
    Message-ID: <{KEY}@shop.example>
    X-Regulars-Message: {KEY}
"""


def mail(text: str, line: str = "\r\n") -> bytes:
    return dedent(text).lstrip("\n").replace("\n", line).encode()


def report(
    kind: str, fields: str, copy: str = COPY, copied_as: str = "text/rfc822-headers", text: str = "See below."
) -> bytes:
    """Write a multipart/report: a text for people, the fields for machines, and the headers of the original."""
    body = f"""\
From: Mail Delivery System <mailer-daemon@mx.example>
To: bounces@shop.example
Subject: Something about your mail
Message-ID: <report-1@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary="=b="

--=b=
Content-Type: text/plain; charset=utf-8

{text}

--=b=
Content-Type: message/{kind}

{dedent(fields).strip()}

--=b=
Content-Type: {copied_as}

{dedent(copy).strip()}

--=b=--
"""
    return body.replace("\n", "\r\n").encode()


def status(action: str, code: str, said: str, **more: str) -> bytes:
    """Write a delivery status notification about one recipient."""
    fields = f"""\
        Reporting-MTA: dns; mx.example
        Arrival-Date: Sun, 1 Mar 2026 11:58:00 +0000

        Final-Recipient: rfc822; {ADDRESS}
        Action: {action}
        Status: {code}
        Diagnostic-Code: smtp; {said}
    """
    return report("delivery-status", fields, **more)


def feedback(kind: str, **more: str) -> bytes:
    """Write an abuse report."""
    fields = f"""\
        Feedback-Type: {kind}
        User-Agent: SomeGenerator/1.0
        Version: 1
        Original-Rcpt-To: <{ADDRESS}>
        Received-Date: Sun, 1 Mar 2026 11:00:00 +0000
        Source-IP: 192.0.2.1
    """
    return report("feedback-report", fields, **more)


QMAIL = mail(f"""
    From: MAILER-DAEMON@mx.example
    To: bounces@shop.example
    Subject: failure notice
    Message-ID: <qmail-1@mx.example>

    Hi. This is the qmail-send program at mx.example.
    I'm afraid I wasn't able to deliver your message to the following addresses.
    This is a permanent error; I've given up. Sorry it didn't work out.

    <{ADDRESS}>:
    192.0.2.9 does not like recipient.
    Remote host said: 550 5.1.1 <{ADDRESS}>: no such user
    Giving up on 192.0.2.9.

    --- Below this line is a copy of the message.

    Message-ID: <{KEY}@shop.example>
    Subject: New teas
""")

EXIM = mail(f"""
    From: Mail Delivery System <Mailer-Daemon@mx.example>
    To: bounces+{KEY}@shop.example
    X-Failed-Recipients: {ADDRESS}
    Auto-Submitted: auto-replied
    Subject: Mail delivery failed: returning message to sender
    Message-ID: <exim-1@mx.example>

    This message was created automatically by mail delivery software.
    A message that you sent could not be delivered to one or more of its
    recipients. This is a permanent error. The following address(es) failed:

      {ADDRESS}
        host mx.example: 554 5.7.1 Message rejected as spam
""")


def answer(body: str, *headers: str, subject: str = "Re: New teas", charset: str = "utf-8") -> bytes:
    """Write a mail by Ann in answer to ours."""
    head = [
        f"From: Ann <{ADDRESS}>",
        "To: hello@shop.example",
        f"Subject: {subject}",
        "Message-ID: <answer-1@example.com>",
        f"In-Reply-To: <{KEY}@shop.example>",
        f"Content-Type: text/plain; charset={charset}",
        *headers,
    ]
    return ("\r\n".join(head) + "\r\n\r\n" + body.replace("\n", "\r\n")).encode()
