"""The pages of templates and of the brand: what is kept, what is refused, what is shown in the frame and what may be done there."""

import html
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from regulars.access import api as access
from regulars.core import clock
from regulars.messaging import api as messaging
from regulars.messaging.models import Drawn
from regulars.profiles.models import Customer, Identity
from regulars.web.shell import lake
from tests.messaging.channels.sink import Sink
from tests.web.test_routes import HERE, hired, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
BODY = "<mj-section>\n<mj-column>\n<mj-text>Hi {{ customer.first_name }}</mj-text>\n</mj-column>\n</mj-section>"
BRAND = {
    "sender_name": "Kessel", "postal_address": "Street 1, Town", "reply_to": "hello@shop.example", "accent": "#0f5c4d", "on_accent": "#ffffff",
    "text": "#1f2328", "muted": "#57606a", "background": "#f4f2ee", "surface": "#ffffff", "line": "#e2ded6",
}  # fmt: skip


@pytest.fixture
def client(home: Path) -> Iterator[Client]:
    lake.forget()
    messaging.install_starters(clock.utc_now())
    client = Client(**HERE)
    client.post("/brand", BRAND)
    yield client
    lake.forget()


def words(body: str = BODY, **more: Any) -> dict[str, Any]:
    told = {
        "message_class": "transactional", "default_locale": "en", "locales": ["en"], "subject.en": "Hello", "body.en": body,
        "preheader.en": "",
    }  # fmt: skip
    return {**told, **more}


def test_an_empty_list_says_how_to_begin_and_begins(home: Path) -> None:
    client = Client(**HERE)
    assert b"Add the starter set" in client.get("/templates").content
    page = client.post("/templates", {"do": "starters"}, follow=True).content.decode()
    assert f"{len(messaging.starters())} templates were added." in page
    assert 'href="/templates/thank_you"' in page
    assert "Marketing mails need your postal address" in page
    told = b"".join(client.get("/templates?csv=templates").streaming_content)  # type: ignore[attr-defined]
    assert told.count(b"\n") == len(messaging.starters()) + 1


def test_a_template_is_kept_made_live_and_brought_back(client: Client) -> None:
    assert messaging.kept("thank_you").live == 1
    page = client.post("/templates/thank_you", {**words(), "do": "save"}, follow=True).content.decode()
    assert "Kept as version 2." in page
    assert "Here stands version 2." in page
    assert messaging.kept("thank_you").live == 1
    client.post("/templates/thank_you/publish", {"number": "2"})
    assert messaging.compiled("thank_you").document.variants["en"].body == BODY
    page = client.post("/templates/thank_you/publish", {"number": "1"}, follow=True).content.decode()
    assert "Version 1 is live." in page
    assert [one.number for one in messaging.versions("thank_you") if one.is_live] == [1]
    done = [deed["action"] for deed in access.deeds(None, 10)]
    assert done.count("template.published") == 2
    assert "template.saved" in done


def test_line_ends_of_browsers_make_no_other_text(client: Client) -> None:
    client.post("/templates/thank_you", {**words(BODY.replace("\n", "\r\n")), "do": "save"})
    assert messaging.document("thank_you").variants["en"].body == BODY


def test_a_broken_text_is_refused_with_its_line_and_stays_in_the_form(client: Client) -> None:
    broken = BODY.replace("mj-text", "mj-txt")
    answer = client.post("/templates/thank_you", {**words(broken), "do": "live"})
    page = answer.content.decode()
    assert "This was not kept: body (en), line 3: there is no element mj-txt; did you mean mj-text?" in page
    assert "&lt;mj-txt&gt;" in page
    assert (messaging.kept("thank_you").live, messaging.kept("thank_you").newest) == (1, 1)


def test_marketing_without_a_way_out_is_kept_and_stays_away_from_customers(client: Client) -> None:
    bare = f"<mjml><mj-body>{BODY}</mj-body></mjml>"
    told = {**words(bare, message_class="marketing"), "do": "live"}
    page = client.post("/templates/newsletter", told, follow=True).content.decode()
    assert "Version 2 is kept, but not live: body (en): A marketing mail needs a link to unsubscribe" in page
    assert messaging.kept("newsletter").live == 1


def test_languages_come_and_go_without_losing_what_was_typed(client: Client) -> None:
    page = client.post("/templates/thank_you", {**words(), "do": "add", "new_locale": "fr"}).content.decode()
    assert 'id="body.fr"' in page
    assert page.count("Hi {{ customer.first_name }}") == 2
    more = {**words(), "locales": ["en", "fr"], "subject.fr": "Salut", "body.fr": BODY}
    page = client.post("/templates/thank_you", {**more, "do": "drop:fr"}).content.decode()
    assert 'id="body.fr"' not in page
    wrong = client.post("/templates/thank_you", {**words(), "do": "add", "new_locale": "Français"}).content.decode()
    assert "is no language; write one such as en, de or de-AT" in wrong
    assert messaging.kept("thank_you").newest == 1


@pytest.mark.parametrize("path", ["/templates/thank_you/preview", "/brand/preview"])
def test_the_frame_holds_a_page_that_can_do_nothing(client: Client, path: str) -> None:
    answer = client.post(path, {**words(), **BRAND})
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")
    assert policy.endswith("; sandbox")
    assert "script" not in policy
    assert "frame-ancestors 'self'" in policy
    assert answer["Cache-Control"] == "no-store"
    assert client.get(path).status_code == 405


@pytest.mark.parametrize("path", ["/templates/thank_you", "/brand"])
def test_the_page_around_it_holds_the_frame_shut(client: Client, path: str) -> None:
    answer = client.get(path)
    assert b'<iframe name="preview" sandbox title=' in answer.content
    assert "frame-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert "frame-src" not in client.get("/templates")["Content-Security-Policy"]


def test_a_preview_is_of_the_forms_words_with_a_real_persons_name_and_keeps_nothing(client: Client) -> None:
    eve = "<script>alert(1)</script>"
    Customer.objects.create(id=7, email="eve@example.com", first_name=eve, language="en")
    Identity.objects.create(identifier="email:eve@example.com", customer_id=7)
    for asked in ("7", "Eve@example.com"):
        page = client.post("/templates/thank_you/preview", {**words(), "customer": asked}).content.decode()
        assert "Hi &lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "<script" not in page
    said = client.post("/templates/thank_you/check", {**words(), "customer": "nobody@example.com"}).content.decode()
    assert "Nobody is known as “nobody@example.com”" in said
    assert messaging.kept("thank_you").newest == 1


def test_pictures_of_other_hosts_and_ways_out_are_taken_from_a_preview(client: Client) -> None:
    raw = """<mj-image alt="x" src="https://elsewhere.example/a.png" /><mj-text><img alt="" src='http://elsewhere.example/b.png'></mj-text>"""
    page = client.post(
        "/templates/thank_you/preview", words(BODY.replace("</mj-column>", raw + "</mj-column>"))
    ).content
    assert b"elsewhere.example" not in page
    assert page.count(b"data:image/svg+xml,") == 2
    assert b'<head><base target="_blank">' in page


def test_what_is_to_be_put_right_leads_to_its_line(client: Client) -> None:
    page = client.post("/templates/thank_you/check", words(BODY.replace("first_name", "frist_name"))).content.decode()
    assert "customer.frist_name is not in the data" in page
    assert "did you mean customer.first_name?" in page
    assert 'data-field="body.en" data-line="3"' in page


def test_an_sms_says_how_many_it_is(client: Client) -> None:
    page = client.post("/templates/thank_you_sms/check", words("é" * 161)).content.decode()
    assert "2 segments" in page
    assert "161 signs in GSM-7" in page
    frame = client.post("/templates/thank_you_sms/preview", words("<b>{{ customer.first_name }}</b>")).content.decode()
    assert "&lt;b&gt;Ann&lt;/b&gt;" in frame


def test_a_test_letter_lands_in_the_drawer(client: Client) -> None:
    page = client.post("/templates/thank_you/try", {**words(), "to": "me@example.com"}).content.decode()
    assert "Handed over: kept in the drawer." in page
    assert Drawn.objects.get().subject == "[Test] Hello"
    said = client.post("/templates/thank_you/try", {**words(), "to": "me"}, headers={"HX-Request": "true"}).content
    assert b"write an e-mail address such as ann@example.com" in said
    assert Drawn.objects.count() == 1


def test_a_test_goes_by_a_real_route_where_one_is_chosen(client: Client) -> None:
    told = {"sender": "shop@kessel.example", "host": "127.0.0.1", "security": "none"}
    with Sink() as sink:
        messaging.put_route("our server", "smtp", {**told, "port": str(sink.port)}, "ann", lake.now())
        assert '<option value="our server">' in client.get("/templates/thank_you").content.decode()
        asked = {**words(), "to": "me@example.com", "route": "our server"}
        assert "Handed over" in client.post("/templates/thank_you/try", asked).content.decode()
        assert (
            "no route called" in client.post("/templates/thank_you/try", {**asked, "route": "other"}).content.decode()
        )
    assert len(sink.dots) == 1
    assert not Drawn.objects.exists()


def test_a_template_is_deleted_but_for_one_that_is_needed(client: Client) -> None:
    rule = messaging.Rule(name="thanks", kind="order.placed", channel="email", template="thank_you")
    messaging.put_trigger(rule)
    page = client.post("/templates/thank_you/drop", follow=True).content.decode()
    assert "thank_you was not deleted: " in page
    assert "used by the trigger thanks" in page
    messaging.drop_trigger("thanks")
    assert "is deleted with all its versions" in client.post("/templates/thank_you/drop", follow=True).content.decode()
    assert client.get("/templates/thank_you").status_code == 404
    assert client.get("/templates/welcome/drop").status_code == 405
    assert [one["action"] for one in access.deeds(None, 1)] == ["template.dropped"]


def test_a_block_is_made_edited_and_taken_out_in_the_editor(client: Client) -> None:
    asked = {**words(), "do": "add-block", "new_block": "footer"}
    page = client.post("/templates/thank_you", asked).content.decode()
    assert 'name="block.footer"' in page
    assert messaging.shipped_blocks()["footer"].strip().splitlines()[0].strip() in html.unescape(page)
    kept = {**words(), "blocks": "footer", "block.footer": "<mj-section><mj-column><mj-text>Our own end</mj-text></mj-column></mj-section>"}  # fmt: skip
    assert "Our own end" in client.post("/templates/thank_you/preview", kept).content.decode()
    client.post("/templates/thank_you", {**kept, "do": "save"})
    assert "Our own end" in messaging.document("thank_you").blocks["footer"]
    page = client.post("/templates/thank_you", {**kept, "do": "drop-block:footer"}).content.decode()
    assert 'name="block.footer"' not in page
    assert (
        "is no name for a block"
        in client.post("/templates/thank_you", {**asked, "new_block": "My Block"}).content.decode()
    )


@pytest.mark.parametrize(
    ("name", "shows"), [("shipped_whatsapp", "parcel_shipped"), ("out_for_delivery_push", "comes today")]
)
def test_whatsapp_and_notifications_have_an_editor_with_preview_and_check(
    client: Client, name: str, shows: str
) -> None:
    page = client.get(f"/templates/{name}").content.decode()
    assert ("Template at WhatsApp" in page) == (name == "shipped_whatsapp")
    one = messaging.document(name).variants["en"]
    told = {
        "message_class": "transactional", "default_locale": "en", "locales": ["en"], "subject.en": one.subject,
        "preheader.en": one.preheader, "body.en": one.body,
    }  # fmt: skip
    assert shows in client.post(f"/templates/{name}/preview", told).content.decode()
    assert "Nothing to put right." in client.post(f"/templates/{name}/check", told).content.decode()


def test_a_template_is_taken_away_and_brought_back_as_toml(client: Client) -> None:
    answer = client.get("/templates/welcome/template.toml")
    assert answer["Content-Disposition"] == 'attachment; filename="welcome.toml"'
    told = answer.content.replace(b'name = "welcome"', b'name = "welcome_two"')
    client.post("/templates", {"do": "import", "file": SimpleUploadedFile("x.toml", told)})
    assert messaging.document("welcome_two").variants == messaging.document("welcome").variants
    assert messaging.kept("welcome_two").live == 0
    wrong = SimpleUploadedFile("x.toml", told + b'\n[glow]\nx = "1"\n')
    page = client.post("/templates", {"do": "import", "file": wrong}, follow=True).content.decode()
    assert "unknown field &#x27;glow&#x27;" in page
    assert "choose a TOML file" in client.post("/templates", {"do": "import"}, follow=True).content.decode()


@pytest.mark.parametrize("channel", ["email", "sms", "whatsapp", "push"])
@pytest.mark.parametrize("message_class", ["marketing", "transactional"])
def test_a_template_of_ones_own_begins_with_words_that_could_go_live(
    client: Client, channel: str, message_class: str
) -> None:
    told = {"do": "new", "name": "spring", "channel": channel, "message_class": message_class}
    assert client.post("/templates", told)["Location"] == "/templates/spring"
    messaging.publish("spring", 1)
    assert "choose another name" in client.post("/templates", told, follow=True).content.decode()
    odd = client.post("/templates", {**told, "name": "A B"}, follow=True).content.decode()
    assert "write small letters" in odd


def test_the_brand_is_kept_or_refused_with_what_to_do(client: Client) -> None:
    told = messaging.brand()
    assert (told.theme.sender_name, told.reply_to) == ("Kessel", "hello@shop.example")
    page = client.post("/brand", {**BRAND, "logo_url": "http://x"}).content.decode()
    assert "the theme&#x27;s logo_url does not begin with https://" in page
    assert 'value="http://x"' in page
    assert messaging.brand() == told
    assert "This was not kept" in client.post("/brand", {**BRAND, "sender_name": ""}).content.decode()


def test_colours_that_are_hard_to_read_are_said_so(client: Client) -> None:
    page = client.post("/brand/contrast", {**BRAND, "accent": "#ffee88"}).content.decode()
    assert "Text on buttons: hard to read" in page
    assert page.count("tag good") == 3
    assert messaging.brand().theme.accent == "#0f5c4d"


def test_an_analyst_looks_and_changes_nothing(client: Client) -> None:
    analyst = signed_in(hired("analyst"))
    page = analyst.get("/templates/thank_you").content.decode()
    assert "Keep and make live" not in page
    assert page.count("readonly") >= 6
    assert analyst.post("/templates/thank_you/preview", words()).status_code == 200
    told = {**words(), "do": "live", "number": "1", "to": "me@example.com", **BRAND, "name": "x"}
    for path in (
        "/templates",
        "/templates/thank_you",
        "/templates/thank_you/publish",
        "/templates/thank_you/try",
        "/brand",
    ):
        assert analyst.post(path, told).status_code == 403
    assert messaging.kept("thank_you").newest == 1
    assert not Drawn.objects.exists()
    assert signed_in(hired("marketer")).post("/templates/thank_you", told).status_code == 302


@pytest.mark.parametrize(
    "path", ["/templates/nobody", "/templates/thank_you?version=9", "/templates/nobody/template.toml"]
)
def test_what_there_is_not_is_missing(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404
