"""One place names each part of the sender: the brand the name and where answers go, the route the address or number."""

import base64
import importlib
import json
from email import message_from_bytes

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.apps import apps
from django.db import connection

from regulars.messaging import api as messaging
from regulars.messaging.making.writing import Writer
from regulars.messaging.models import Brand, Route
from regulars.messaging.outbox.delivering import Delivery, run_once
from regulars.messaging.routes.building import opened, sealed
from tests.messaging.channels.sink import Sink
from tests.messaging.making.cast import ANN, NOW, mail, people
from tests.messaging.outbox.cast import Clock, Rule, ask

pytestmark = pytest.mark.django_db
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()
MOVING = importlib.import_module("regulars.messaging.migrations.0004_one_place_names_the_sender")


def test_a_mail_by_a_real_route_has_the_brands_name_the_routes_address_and_a_signature_of_its_domain() -> None:
    people()
    messaging.save("hello", mail(), "ann", NOW)
    messaging.publish("hello", 1)
    ask(ANN, name="hello", template="hello", is_marketing=False)
    with Sink() as sink:
        told = {
            "sender": "news@mail.kessel.example", "host": "127.0.0.1", "port": str(sink.port), "security": "none",
            "dkim_domain": "kessel.example", "dkim_selector": "s1", "dkim_key": PEM,
        }  # fmt: skip
        messaging.put_route("ours", "smtp", told, "ann", NOW)
        messaging.activate_route("ours", "ann", NOW)
        writer = Writer(lambda held, to: "", lambda held, to: "", lambda held, to: {})
        run_once(NOW, Delivery(messaging.channels(), Rule(), writer, Clock()))
    (dot,) = sink.dots
    found = message_from_bytes(dot.content)
    assert found["From"] == '"Kessel & Kraut" <news@mail.kessel.example>'
    assert found["Reply-To"] == "help@shop.example"
    public = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)
    assert dkim.verify(dot.content, dnsfunc=lambda name, timeout=5: record)
    assert b"d=kessel.example" in dot.content


def old(name: str, kind: str, is_active: bool, **settings: str) -> None:
    channel = "email" if kind in MOVING.MAILS else "sms"
    Route.objects.create(
        name=name, kind=kind, channel=channel, settings=sealed(settings), is_active=is_active, hook=name, made_at=NOW
    )


def moved() -> dict[str, dict[str, str]]:
    """Run the migration; return the routes' settings by name."""
    MOVING.move(apps, connection.schema_editor())
    return {row.name: opened(row.settings) for row in Route.objects.all()}


def test_what_people_saw_stays_what_they_see() -> None:
    theme = {"sender_name": "Kessel", "accent": "#aa0000"}
    told = {"format": 1, "theme": theme, "sender": "old@kessel.example", "reply_to": "", "sms_sender": "Kessel"}
    Brand.objects.create(theme=json.dumps(told), made_at=NOW)
    old("mails", "postmark", True, sender="a@kessel.example", sender_name="Kessel & Kraut", reply_to="help@kessel.example", server_token="t")  # fmt: skip
    old("spare", "resend", False, sender="b@kessel.example", sender_name="Nobody", api_key="k")
    old("texts", "gateway", True, sender="", url="https://sms.example")
    old("service", "twilio", False, sender="", service="MG1")
    settings = moved()
    brand = messaging.brand()
    assert (brand.theme.sender_name, brand.reply_to, brand.theme.accent) == ("Kessel & Kraut", "help@kessel.example", "#aa0000")  # fmt: skip
    assert settings["mails"] == {"sender": "a@kessel.example", "server_token": "t"}
    assert settings["spare"] == {"sender": "b@kessel.example", "api_key": "k"}
    assert (settings["texts"]["sender"], settings["service"]["sender"]) == ("Kessel", "")


def test_a_route_without_a_brand_makes_one_and_a_sealed_one_is_left() -> None:
    old("mails", "postmark", True, sender="a@kessel.example", sender_name="Kessel", reply_to="")
    Route.objects.create(name="shut", kind="twilio", channel="sms", settings="0000.shut", hook="h", made_at=NOW)
    MOVING.move(apps, connection.schema_editor())
    assert messaging.brand().theme.sender_name == "Kessel"
    assert Route.objects.get(name="shut").settings == "0000.shut"


def test_nothing_to_move_moves_nothing() -> None:
    MOVING.move(apps, connection.schema_editor())
    assert not Brand.objects.exists()
