"""Versions are added and never changed; what cannot be read, or must not go out, never becomes the live one."""

import pytest

from regulars.messaging.making import brands, ready, storing
from regulars.messaging.making.letterheads import Letterhead
from regulars.messaging.models import Brand, Template, TemplateVersion
from regulars.messaging.templates import BadTemplate, Document, Refused, Theme, Variant, starters
from tests.messaging.making.cast import NOW, SHOP, THEME, column, mail, people

pytestmark = pytest.mark.django_db


def subject(name: str = "hello") -> str:
    return ready.compiled(name).render({"customer": {"first_name": "Ann"}}, "en").subject


def test_the_starters_come_once_and_what_the_shop_wrote_stays() -> None:
    people()
    storing.save("welcome", mail(), "ann@example.com", NOW)
    added = storing.install_starters(NOW)
    assert set(added) == starters().keys() - {"welcome"}
    assert storing.install_starters(NOW) == []
    told = {one.name: one for one in storing.listing()}
    assert (told["welcome"].live, told["welcome"].newest) == (0, 1)
    assert all(told[name].live == 1 for name in added)
    assert told["newsletter"].is_marketing
    assert not told["thank_you"].is_marketing
    assert told["thank_you_sms"].channel == "sms"
    for name in added:
        assert ready.compiled(name).document == starters()[name].document


def test_every_starter_may_be_made_live_on_a_whole_letterhead() -> None:
    people()
    for name in storing.install_starters(NOW):
        storing.publish(name, 1)


def test_a_version_never_changes_and_saying_the_same_again_adds_none() -> None:
    first = mail("One")
    assert storing.save("hello", first, "ann@example.com", NOW) == 1
    assert storing.save("hello", first, "bo@example.com", NOW) == 1
    assert storing.save("hello", mail("Two"), "bo@example.com", NOW) == 2
    assert storing.document("hello", 1) == first
    assert storing.document("hello") == mail("Two")
    assert [(one.number, one.made_by, one.is_live) for one in storing.versions("hello")] == [
        (2, "bo@example.com", False),
        (1, "ann@example.com", False),
    ]


def test_what_was_live_can_be_made_live_again() -> None:
    people()
    for greeting in ("Hello", "Hey"):
        document = mail()
        variant = Variant(document.variants["en"].body, greeting)
        number = storing.save("hello", Document("hello", "email", "transactional", {"en": variant}), "", NOW)
        storing.publish("hello", number)
    assert subject() == "Hey"
    storing.publish("hello", 1)
    assert subject() == "Hello"
    assert TemplateVersion.objects.count() == 2


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (mail("{{ customer.first_name"), r"body \(en\), line 3"),
        (mail("<mj-txt>x</mj-txt>"), r"line 3: there is no element mj-txt; did you mean mj-text\?"),
        (mail("{% if customer %}"), r"body \(en\), line"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line_and_the_live_one_stays(broken: object, told: str) -> None:
    people()
    storing.publish("hello", storing.save("hello", mail(), "", NOW))
    with pytest.raises(BadTemplate, match=told):
        storing.save("hello", broken, "", NOW)  # type: ignore[arg-type]
    assert (storing.kept("hello").live, TemplateVersion.objects.count()) == (1, 1)
    assert subject() == "Hello Ann"


def test_marketing_without_a_way_out_is_kept_but_not_made_live() -> None:
    people()
    bare = f"<mjml><mj-body>{column('Buy! {{ theme.postal_address }}')}</mj-body></mjml>"
    document = Document("hello", "email", "marketing", {"en": Variant(bare, "Buy")})
    number = storing.save("hello", document, "", NOW)
    with pytest.raises(BadTemplate, match="link to unsubscribe"):
        storing.publish("hello", number)
    assert storing.kept("hello").live == 0


def test_the_class_of_a_template_is_that_of_its_live_version() -> None:
    people()
    storing.publish("hello", storing.save("hello", mail(), "", NOW))
    number = storing.save("hello", mail(message_class="marketing"), "", NOW)
    assert not storing.kept("hello").is_marketing
    storing.publish("hello", number)
    assert storing.kept("hello").is_marketing


@pytest.mark.parametrize("name", ["", "Hello", "a b", "1st", "../x", "x" * 65])
def test_a_name_that_fits_no_address_is_refused(name: str) -> None:
    with pytest.raises(BadTemplate, match="small letters"):
        storing.save(name, mail(), "", NOW)
    assert not Template.objects.exists()


def test_a_template_stays_on_its_channel() -> None:
    storing.save("hello", mail(), "", NOW)
    text = Document("hello", "sms", "transactional", {"en": Variant("Hi")})
    with pytest.raises(BadTemplate, match="make another template for sms"):
        storing.save("hello", text, "", NOW)


def test_what_is_not_there_is_said_so() -> None:
    storing.save("hello", mail(), "", NOW)
    for ask in (
        lambda: storing.publish("hello", 9),
        lambda: storing.publish("nobody", 1),
        lambda: storing.document("nobody"),
        lambda: storing.document("hello", 9),
        lambda: storing.kept("nobody"),
    ):
        with pytest.raises(storing.NoSuchTemplate):
            ask()
    with pytest.raises(Refused, match="the template hello is not live"):
        ready.compiled("hello")


def test_a_compiled_template_is_kept_until_its_version_or_the_brand_changes() -> None:
    people()
    storing.publish("hello", storing.save("hello", mail(), "", NOW))
    first = ready.compiled("hello")
    assert ready.compiled("hello") is first
    brands.put_brand(SHOP, NOW)
    assert Brand.objects.count() == 1
    assert ready.compiled("hello") is first
    storing.save("hello", mail("Not yet"), "", NOW)
    assert ready.compiled("hello") is first
    storing.publish("hello", 2)
    second = ready.compiled("hello")
    assert second is not first
    assert "Not yet" in second.render({}, "en").text
    brands.put_brand(Letterhead(Theme("Other shop", accent="#aa0000")), NOW)
    assert ready.compiled("hello").theme.accent == "#aa0000"
    brands.put_brand(SHOP, NOW)
    assert ready.compiled("hello").theme == THEME


@pytest.mark.parametrize("wrong", ["nobody", "hello at shop", "a@b.c\nBcc: x@y.z"])
def test_answers_go_to_an_address_only(wrong: str) -> None:
    with pytest.raises(BadTemplate, match="the address for answers is"):
        Letterhead(THEME, wrong)


def test_a_senders_name_stays_on_its_line() -> None:
    with pytest.raises(BadTemplate, match="one line"):
        Letterhead(Theme("Shop\r\nBcc: all@example.com"))
