"""Machine or human: a thousand of each sort of machine are never taken for a human, and people are not taken for machines."""

from datetime import timedelta
from random import Random

import pytest

from regulars.messaging.returns import About, Kind, fact_of
from regulars.messaging.returns.rules.machine import PROXIES, SCANNERS, Touch, Visitor, judge, judge_all
from tests.messaging.returns.cast import KEY, NOW, door
from tests.messaging.returns.samples import SAMPLES

DELIVERED = NOW - timedelta(hours=3)
BROWSERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/145.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.2 Mobile/15E148",
    "Mozilla/5.0 (X11; Linux x86_64; rv:148.0) Gecko/20100101 Firefox/148.0",
    "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/145.0.0.0 Mobile Safari/537.36",
)
# Agents as they are seen, from the mail programs' and scanners' own documentation and from published logs.
MACHINES = (
    "Mozilla/5.0",
    "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
    "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html",
    "Barracuda Sentinel (EE)",
    "Mimecast-URL-Protect/1.0",
    "Mozilla/5.0 (compatible; proofpoint-urldefense)",
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 HeadlessChrome/120.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
    "python-requests/2.32.3",
    "curl/8.5.0",
)


def click(**more: object) -> Touch:
    told = {"message_key": KEY, "at": NOW, "link": "1", "user_agent": BROWSERS[0], "delivered_at": DELIVERED, **more}
    return Touch(**told)  # type: ignore[arg-type]


@pytest.mark.parametrize("agent", MACHINES)
def test_a_machine_is_known_by_its_agent(agent: str) -> None:
    assert judge(click(user_agent=agent)).visitor is Visitor.MACHINE
    assert judge(click(user_agent=agent, link="")).visitor is Visitor.MACHINE


@pytest.mark.parametrize("part", [part for part, _ in (*PROXIES, *SCANNERS)])
def test_every_line_of_the_table_tells(part: str) -> None:
    assert judge(click(user_agent=f"Mozilla/5.0 ({part.upper()} x)")).visitor is Visitor.MACHINE


@pytest.mark.parametrize(
    ("more", "visitor", "reason"),
    [
        ({}, Visitor.HUMAN, "a browser, some time after delivery"),
        ({"delivered_at": NOW - timedelta(seconds=1.9)}, Visitor.MACHINE, "less than 2 seconds after delivery"),
        ({"delivered_at": NOW - timedelta(seconds=2)}, Visitor.HUMAN, "a browser, some time after delivery"),
        ({"method": "HEAD"}, Visitor.MACHINE, "asked by HEAD"),
        ({"headers": {"purpose": "prefetch"}}, Visitor.MACHINE, "fetched ahead"),
        ({"headers": {"sec-purpose": "prefetch;prerender"}}, Visitor.MACHINE, "fetched ahead"),
        ({"is_data_centre": True}, Visitor.MACHINE, "from a data centre"),
        ({"is_data_centre": False}, Visitor.HUMAN, "a browser, some time after delivery"),
        ({"told": "a proxy, they say"}, Visitor.MACHINE, "a proxy, they say"),
        ({"user_agent": ""}, Visitor.UNSURE, "no user agent"),
        ({"user_agent": "Outlook-iOS/2.0"}, Visitor.UNSURE, "no browser that is known"),
        ({"delivered_at": None}, Visitor.UNSURE, "nobody knows when it was delivered"),
        ({"link": ""}, Visitor.UNSURE, "an open proves nothing"),
    ],
)
def test_the_table_of_signs(more: dict[str, object], visitor: Visitor, reason: str) -> None:
    verdict = judge(click(**more))
    assert (verdict.visitor, verdict.reason) == (visitor, reason)
    assert verdict.is_machine is (visitor is not Visitor.HUMAN)


def test_a_burst_over_the_links_of_one_message_is_a_machines_from_its_first_click() -> None:
    burst = [click(link=str(n), at=NOW + timedelta(seconds=n / 4)) for n in range(4)]
    later = click(link="9", at=NOW + timedelta(minutes=5))
    other = click(link="1", message_key="f" * 32)
    verdicts = judge_all([later, *burst, other])
    assert [one.visitor for one in verdicts] == [Visitor.HUMAN, *[Visitor.MACHINE] * 4, Visitor.HUMAN]
    assert verdicts[1].reason == "4 links within 2 seconds"


def test_a_double_click_is_no_burst() -> None:
    twice = [click(), click(at=NOW + timedelta(milliseconds=300))]
    assert [one.visitor for one in judge_all(twice)] == [Visitor.HUMAN] * 2


def test_of_a_thousand_machines_none_is_a_human() -> None:
    random, touches = Random(5), []
    for n in range(1_000):
        key, delivered = f"{n:032x}", NOW + timedelta(seconds=10 * n)
        later = delivered + timedelta(minutes=random.randint(1, 600))
        sort = random.randrange(5)
        if sort == 0:  # opens, through a proxy or not
            agent = random.choice([*MACHINES, *BROWSERS, ""])
            touches.append(click(message_key=key, link="", at=later, delivered_at=delivered, user_agent=agent))
        elif sort == 1:  # agents of machines
            touches.append(click(message_key=key, at=later, delivered_at=delivered, user_agent=random.choice(MACHINES)))
        elif sort == 2:  # at once
            soon = delivered + timedelta(milliseconds=random.randrange(2_000))
            touches.append(click(message_key=key, at=soon, delivered_at=delivered, user_agent=random.choice(BROWSERS)))
        elif sort == 3:  # every link of the message
            for link in range(random.randint(2, 9)):
                at = later + timedelta(milliseconds=random.randrange(2_000))
                touches.append(click(message_key=key, link=str(link), at=at, delivered_at=delivered))
        else:
            method, headers = random.choice([("HEAD", {}), ("GET", {"sec-purpose": "prefetch"}), ("OPTIONS", {})])
            touches.append(click(message_key=key, at=later, delivered_at=delivered, method=method, headers=headers))
    random.shuffle(touches)
    verdicts = judge_all(touches)
    assert len(verdicts) > 1_000
    assert [one for one in verdicts if one.visitor is Visitor.HUMAN] == []
    assert all(one.is_machine and one.reason for one in verdicts)


def test_of_a_thousand_people_none_is_a_machine() -> None:
    random = Random(6)
    touches = [
        click(
            message_key=f"{n:032x}",
            at=NOW + timedelta(seconds=random.randint(3, 90_000)),
            delivered_at=NOW,
            user_agent=BROWSERS[n % 4],
        )
        for n in range(1_000)
    ]
    assert {one.visitor for one in judge_all(touches)} == {Visitor.HUMAN}


def test_no_open_that_a_provider_tells_becomes_a_humans() -> None:
    about = About(message_key=KEY, channel="email", is_marketing=True, delivered_at=DELIVERED)
    opens = [
        told for sample in SAMPLES for told in door(sample.provider).read(sample.request) if told.kind is Kind.OPENED
    ]
    assert len(opens) >= 10
    for told in opens:
        stated = fact_of(told, about)
        assert stated is not None
        assert (stated.is_machine, bool(stated.machine_reason)) == (True, True)  # type: ignore[attr-defined]
