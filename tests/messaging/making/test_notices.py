"""Templates of WhatsApp and of browsers' notifications: written, checked, and carried as their channels take them."""

import json

import pytest

from regulars.core.outgoing import Outgoing, Policy
from regulars.messaging import api as messaging, templates
from regulars.messaging.channels.drawer import Drawer
from regulars.messaging.channels.whatsapp import WhatsApp
from regulars.messaging.letters import Letter
from regulars.messaging.making import storing, trying
from regulars.messaging.making.writing import Writer
from regulars.messaging.models import Drawn
from regulars.messaging.outbox import holding
from regulars.messaging.outbox.asking import Request, request
from regulars.messaging.templates import BadTemplate, Document, Variant
from regulars.messaging.triggers import Rule, put
from tests.messaging.making.cast import ANN, BO, NOW, THEME, mail, people

pytestmark = pytest.mark.django_db
UPDATE = Variant('{{ customer.first_name | default: "there" }}\n\n{{ order.number }}', "order_update", "en_US")


def whatsapp(variant: Variant = UPDATE, message_class: str = "transactional") -> Document:
    return Document("order_update", "whatsapp", message_class, {"en": variant})


def push(**changes: str) -> Document:
    told = {
        "body": "Order {{ order.number }} is here.",
        "subject": "Look",
        "preheader": "https://shop.example/o",
    } | changes
    return Document("look", "push", "transactional", {"en": Variant(**told)})


def letters(document: Document, **asked: object) -> list[Letter | str]:
    """Keep a document, ask for one message with it, and return what the writer makes of it."""
    number = storing.save(document.name, document, "ann", NOW)
    storing.publish(document.name, number)
    about = {"customer_id": BO, "name": document.name, "occurrence": "order:1", "data": {"order": {"number": "1042"}}}
    told = {"channel": document.channel, "template": document.name, "is_marketing": False}
    request([Request(**about | told | asked)], NOW)  # type: ignore[arg-type]
    held = holding.claim([document.channel], "me:1:a", 9, NOW)
    writer = Writer(lambda one, to: "", lambda one, to: "", lambda one, to: {})
    return [written for _, written in writer.letters(held, NOW)]


def test_an_approved_whatsapp_template_goes_with_its_parameters_one_a_line() -> None:
    people()
    (letter,) = letters(whatsapp(), data={"order": {"number": "10\n42"}})
    assert isinstance(letter, Letter)
    channel = WhatsApp(outgoing=Outgoing(Policy()), number_id="1", token="t")
    told = json.loads(channel.call(letter).body)
    assert (told["to"], told["type"]) == ("4915100000002", "template")
    assert (told["template"]["name"], told["template"]["language"]) == ("order_update", {"code": "en_US"})
    assert [one["text"] for one in told["template"]["components"][0]["parameters"]] == ["Bo", "10 42"]


def test_whatsapp_without_a_template_is_free_text_and_its_language_is_the_readers_by_default() -> None:
    people()
    (letter,) = letters(whatsapp(Variant("Hi {{ customer.first_name }}")))
    assert isinstance(letter, Letter)
    assert (letter.text, letter.headers) == ("Hi Bo", {})
    words = templates.compile(whatsapp(Variant("x", "order_update")), THEME).render({}, "en")
    assert words.beside == "en"


def test_a_notification_has_title_text_and_link_and_goes_to_the_browser_that_was_named() -> None:
    people()
    (letter,) = letters(push(), to='{"endpoint": "https://push.example"}')
    assert isinstance(letter, Letter)
    assert (letter.subject, letter.text) == ("Look", "Order 1042 is here.")
    assert letter.headers == {"X-Push-Link": "https://shop.example/o"}
    assert letter.to == '{"endpoint": "https://push.example"}'


def test_a_notification_to_somebody_without_a_browser_is_not_written() -> None:
    people()
    assert letters(push()) == ["no address"]


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (whatsapp(Variant("a", "Order Update")), "small letters, digits and _ only"),
        (whatsapp(Variant("a", "order_update", "English")), "written like en or en_US"),
        (whatsapp(Variant("a\n{{ nobody.name }}", "order_update")), "Parameter 2 is empty"),
        (whatsapp(Variant("{{ 'x' }}" + "y" * 1_024, "order_update")), "longer than 1,024"),
        (whatsapp(Variant("")), "The message is empty"),
        (whatsapp(Variant("x" * 4_097)), "4,096 signs at most"),
        (whatsapp(Variant("Hi"), "marketing"), "warning subject (en): Free text reaches only"),
        (whatsapp(Variant("Hi")), "hint subject (en): Free text reaches only"),
        (push(subject=""), "The title is empty"),
        (push(subject="x" * 51), "many phones show 50"),
        (push(preheader="http://shop.example"), "begins with https://"),
        (push(body="ä" * 2_000), "3,800 bytes at most"),
    ],
)
def test_what_is_wrong_is_said(document: Document, told: str) -> None:
    found = templates.check(document, THEME, {"customer": {"first_name": "Ann"}, "order": {"number": "1042"}})
    assert told in "\n".join(f"{one.severity} {one.where}: {one.sentence}" for one in found)


def test_a_test_says_what_it_is_and_in_the_drawer_needs_no_browser() -> None:
    people()
    assert trying.send_test(push(), "", trying.Look(), Drawer("push"), NOW).state == "sent"
    assert Drawn.objects.get().subject == "[Test] Look"


def test_a_template_is_deleted_but_not_while_something_needs_it() -> None:
    people()
    storing.save("hello", mail(), "ann", NOW)
    put(Rule(name="greet", kind="order.placed", channel="email", template="hello"))
    with pytest.raises(BadTemplate, match="used by the trigger greet"):
        storing.drop("hello")
    messaging.drop_trigger("greet")
    request([Request(customer_id=ANN, name="n", occurrence="o", channel="email", template="hello")], NOW)
    with pytest.raises(BadTemplate, match="1 messages still wait"):
        storing.drop("hello")
    messaging.deliver(NOW, messaging.Delivery({"email": Drawer("email")}, _Refusing(), Writer(*[lambda one, to: ""] * 2, lambda one, to: {}), lambda: NOW))  # type: ignore[arg-type]  # fmt: skip
    storing.drop("hello")
    assert not storing.listing()
    with pytest.raises(storing.NoSuchTemplate):
        storing.drop("hello")


class _Refusing:
    """A gate that lets nothing go."""

    def decisions(self, held, now):  # type: ignore[no-untyped-def]
        return [messaging.Decision("refuse", "no_consent") for _ in held]

    def last_word(self, held, now):  # type: ignore[no-untyped-def]
        return {}

    def not_yet(self, held, now):  # type: ignore[no-untyped-def]
        return {}
