"""Links led through us: every one that should be, nothing else of the message changed, and never to where nobody stored."""

import html as entities
from html.parser import HTMLParser
from random import Random

import pytest

from regulars.core import sealing
from regulars.messaging.returns import target_of, track_links, with_pixel

BASE = "https://shop.example"
UNSUBSCRIBE = f"{BASE}/u/token"


class Register:
    """Keeps targets as the outbox would."""

    def __init__(self) -> None:
        self.stored: dict[str, str] = {}

    def __call__(self, url: str) -> str:
        number = f"k{len(self.stored)}"
        self.stored[number] = url
        return number


def led(html: str, text: str = "") -> tuple[str, str, list[str]]:
    register = Register()
    made = track_links(html, text, register, lambda number: f"{BASE}/l/{number}?a=1&b=2", kept=[f"{BASE}/u/"])
    return (*made, list(register.stored.values()))


def hrefs(html: str) -> list[str]:
    """Return the targets of a text's links, as a mail program sees them."""
    found: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.extend(value or "" for name, value in attrs if name == "href" and tag in ("a", "area"))

    Reader().feed(html)
    return found


@pytest.mark.parametrize(
    ("tag", "target"),
    [
        ('<a href="https://tea.example/a?x=1&amp;y=2">', "https://tea.example/a?x=1&y=2"),
        ("<a class='x' HREF='http://tea.example/' title=\"href='https://no.example/'\">", "http://tea.example/"),
        ("<A style=color:red href=https://tea.example/b target=_blank>", "https://tea.example/b"),
        ('<a\n  data-href="https://no.example/"\n  href = " https://tea.example/c " >', "https://tea.example/c"),
        ('<area shape="rect" href="https://tea.example/d"/>', "https://tea.example/d"),
        ('<a href="https://tea.example/ü?q=ß">', "https://tea.example/ü?q=ß"),
    ],
)
def test_a_link_is_led_through_us_and_its_target_kept(tag: str, target: str) -> None:
    html, _, stored = led(f"<p>é\n{tag}tea</a></p>")
    assert stored == [target]
    assert hrefs(html) == [f"{BASE}/l/k0?a=1&b=2"]
    assert html.endswith("tea</a></p>")


@pytest.mark.parametrize(
    "tag",
    [
        '<a href="mailto:ann@example.com">',
        '<a href="tel:+4930123">',
        '<a href="sms:+4930123">',
        '<a href="#top">',
        '<a href="/relative">',
        '<a href="">',
        "<a>",
        '<a name="https://tea.example">',
        f'<a href="{UNSUBSCRIBE}">',
        '<a rel="nofollow unsubscribe" href="https://tea.example/leave">',
        '<a data-untracked href="https://tea.example/x">',
        '<a href="javascript:alert(1)">',
        '<a href="https://">',
        '<a href="https://[broken">',
        '<a href="https://tea.example/a b">',
        '<!-- <a href="https://tea.example/"> -->',
        '<!--[if mso]><a href="https://tea.example/"><![endif]-->',
        '<style>a{background:url("https://tea.example/")}</style>',
        '<img src="https://tea.example/a.png">',
        '<link href="https://fonts.example/">',
    ],
)
def test_what_is_no_link_to_a_page_or_is_to_be_left_alone_stays_as_it_is(tag: str) -> None:
    html = f"<body>{tag}x</body>"
    assert led(html) == (html, "", [])


def test_equal_targets_of_html_and_text_share_an_id() -> None:
    url = "https://tea.example/"
    html, text, stored = led(f'<a href="{url}">1</a><a href="{url}">2</a>', f"Tea: {url}.")
    assert stored == [url]
    assert len(set(hrefs(html))) == 1
    assert text == f"Tea: {BASE}/l/k0?a=1&b=2."


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("See https://tea.example/a, or (https://tea.example/b).", ["https://tea.example/a", "https://tea.example/b"]),
        ("<https://tea.example/c>", ["https://tea.example/c"]),
        ("https://tea.example/x_(y)!", ["https://tea.example/x_(y)"]),
        (f"Leave: {UNSUBSCRIBE}", []),
        ("ann@example.com, www.tea.example, ftp://tea.example, http://", []),
    ],
)
def test_addresses_in_a_text_are_led_through_us(text: str, stored: list[str]) -> None:
    _, made, found = led("", text)
    assert found == stored
    assert all(url not in made for url in stored)


def test_everything_but_the_targets_stays_as_it_was() -> None:
    random, pieces = (
        Random(9),
        ["<p class='a'>", "Tëst &amp; <b>x</b>\r\n", "<br/>", "<!-- a -->", "</p>", "<td bgcolor=#fff>", "\n"],
    )
    for n in range(300):
        parts = [random.choice(pieces) for _ in range(random.randint(0, 30))]
        urls = [f"https://tea.example/{n}/{i}?a=1&b=2" for i in range(random.randint(0, 5))]
        for url in urls:
            parts.insert(random.randrange(len(parts) + 1), f'<a id="1" href="{entities.escape(url)}" title=x>')
        before = "".join(parts)
        after, _, stored = led(before)
        assert sorted(stored) == sorted(urls)
        for number, url in enumerate(stored):
            after = after.replace(entities.escape(f"{BASE}/l/k{number}?a=1&b=2"), entities.escape(url))
        assert after == before


def test_an_address_leads_only_to_what_was_stored_under_it() -> None:
    stored = {"7": "https://tea.example/", "8": "javascript:alert(1)"}

    def unsign(token: str) -> str:
        return sealing.unsign(token, "click")

    assert target_of(sealing.sign("7", "click"), unsign, stored.get) == "https://tea.example/"
    wrong = [sealing.sign("9", "click"), sealing.sign("7", "unsubscribe"), "7", "https://evil.example/", "", "\ud800"]
    assert [target_of(token, unsign, stored.get) for token in wrong] == [None] * len(wrong)
    assert target_of(sealing.sign("8", "click"), unsign, stored.get) is None


def test_a_pixel_goes_before_the_last_end_of_the_body_or_to_the_end() -> None:
    pixel = with_pixel("", f"{BASE}/o/1?a=1&b=2")
    assert 'src="https://shop.example/o/1?a=1&amp;b=2"' in pixel
    assert (
        with_pixel("<body>a</body><body>b</BODY></html>", f"{BASE}/o/1?a=1&b=2")
        == f"<body>a</body><body>b{pixel}</BODY></html>"
    )
