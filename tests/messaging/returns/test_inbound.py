"""Mails that a mail server hands over: what names a message of ours has consequences, everything else is only counted."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from regulars.consent import api as consent
from regulars.messaging import api as messaging
from tests.conftest import ROOT
from tests.messaging.returns.cast import ADDRESS, KEY, NOW
from tests.messaging.returns.shop import facts, kinds, people, sent, standing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh(home: Path) -> None:
    """Give each test its own lake."""


def bounce(key: str = KEY) -> bytes:
    return f"""From: MAILER-DAEMON@mx.example.com
To: bounce+{key}@shop.example
Subject: Undelivered
Message-ID: <b1@mx.example.com>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; {ADDRESS}
Action: failed
Status: 5.1.1

--x
Content-Type: message/rfc822

X-Regulars-Message: {key}
Message-ID: <{key}@shop.example>
Subject: News

--x--
""".replace("\n", "\r\n").encode()


def answered(text: str, reference: str = KEY) -> bytes:
    return (
        f"From: Ann <{ADDRESS}>\r\nTo: shop@shop.example\r\nSubject: Re: News\r\nMessage-ID: <a-{len(text)}@x.example>\r\n"
        f"In-Reply-To: <{reference}@shop.example>\r\n\r\n{text}\r\n"
    ).encode()


def test_a_bounce_mail_and_the_providers_word_are_one() -> None:
    who = people()
    sent(who["ann"], ADDRESS)
    first, second = messaging.receive_mail(bounce(), NOW), messaging.receive_mail(bounce(), NOW)
    assert (first.new, second.new, second.known) == (1, 0, 1)
    assert consent.suppressed("email", [ADDRESS], NOW)[ADDRESS].reason == "hard_bounce"
    assert kinds().count("address.suppressed") == 1


def test_a_mail_that_names_no_message_of_ours_has_no_consequence() -> None:
    people()
    for mail in (bounce("f" * 32), answered("STOP", "f" * 32), b"Subject: hello\r\n\r\nSTOP\r\n"):
        assert messaging.receive_mail(mail, NOW).new == 0
    assert not consent.suppressed("email", [ADDRESS], NOW)
    assert len(facts()) == 0


def test_who_answers_stop_has_left_and_who_answers_otherwise_has_not() -> None:
    who = people()
    sent(who["ann"], ADDRESS)
    messaging.receive_mail(answered("Is it still there?"), NOW)
    assert standing(who["ann"], "email") == ""
    messaging.receive_mail(answered("Stop"), NOW)
    assert standing(who["ann"], "email") == "withdrawn"


def test_a_complaint_report_ends_it() -> None:
    who = people()
    sent(who["ann"], ADDRESS)
    head, _, rest = bounce().partition(b"Reporting-MTA")
    report = head + b"Feedback-Type: abuse\r\nUser-Agent: x\r\nVersion: 1\r\n\r\n--x" + rest.partition(b"--x")[2]
    report = report.replace(b"delivery-status", b"feedback-report")
    messaging.receive_mail(report, NOW)
    assert consent.suppressed("email", [ADDRESS], NOW)[ADDRESS].reason == "complaint"
    assert standing(who["ann"], "email") == "withdrawn"


def test_the_command_takes_a_mail_and_refuses_what_is_too_large(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("REGULARS_", "DJANGO_"))}
    environment |= {"REGULARS_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT / "src")}

    def run(mail: bytes, *words: str) -> "subprocess.CompletedProcess[bytes]":
        call = [sys.executable, "-c", "from regulars.cli import main; main()", "inbound", *words]
        return subprocess.run(call, input=mail, env=environment, capture_output=True, check=False)

    taken = run(bounce(), "--json")
    assert (taken.returncode, json.loads(taken.stdout)) == (0, {"told": 1, "new": 0, "known": 0, "unmatched": 1})
    assert b"no message of ours" in run(answered("hello")).stdout
    large = run(b"x" * 11_000_000)
    assert (large.returncode, large.stderr.strip()) == (1, b"regulars: The mail is bigger than 10 MB.")
