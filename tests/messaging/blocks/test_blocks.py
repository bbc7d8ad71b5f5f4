"""Shared blocks: written once, in every template that names them, and never live where a live template would break."""

from typing import Any

import pytest

from regulars.messaging import templates
from regulars.messaging.blocks import guarding, keeping, rows
from regulars.messaging.making import ready, storing, trying
from regulars.messaging.models import Block, BlockVersion
from regulars.messaging.templates import BadTemplate, Document, Severity, Variant
from tests.messaging.making.cast import NOW, mail, people

pytestmark = pytest.mark.django_db
DATA = {"customer": {"first_name": "Ann"}}


def put(name: str, text: str, **languages: str) -> int:
    """Keep a block and make it live."""
    number = keeping.save(name, {"": text, **languages}, "ann@example.com", NOW)
    keeping.publish(name, number, NOW)
    return number


def put_template(name: str, document: Document) -> None:
    storing.publish(name, storing.save(name, document, "", NOW))


def text_of(name: str, language: str = "en") -> str:
    return ready.compiled(name).render(DATA, language).text


def test_a_block_stands_in_every_template_that_names_it_in_the_readers_language() -> None:
    people()
    put("hours", "Open till {{ hour }}", de="Offen bis {{ hour }}")
    for name in ("hello", "goodbye"):
        put_template(name, mail("Hi. {% render 'hours', hour: 6 %}"))
        assert "Open till 6" in text_of(name)
        assert "Offen bis 6" in text_of(name, "de-AT")


def test_a_version_waits_until_it_is_made_live_and_then_is_in_every_message() -> None:
    people()
    put("hours", "Open till six")
    put_template("hello", mail("Hi. {% render 'hours' %}"))
    assert keeping.save("hours", {"": "Open till six"}, "bo@example.com", NOW) == 1
    assert keeping.save("hours", {"": "Open till eight"}, "bo@example.com", NOW) == 2
    assert "six" in text_of("hello")
    keeping.publish("hours", 2, NOW)
    assert "eight" in text_of("hello")
    keeping.publish("hours", 1, NOW)
    assert "six" in text_of("hello")
    assert BlockVersion.objects.count() == 2
    assert [(one.number, one.is_live) for one in rows.versions("hours")] == [(2, False), (1, True)]


def test_only_templates_that_use_the_block_are_compiled_anew_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    people()
    put("hours", "Open till six")
    put_template("hello", mail("Hi. {% render 'hours' %}"))
    put_template("plain", mail("Hi"))
    ready.ready(["hello", "plain"])
    put("hours", "Open till half past seven")
    made: list[str] = []
    compile_one = templates.compile

    def watched(document: Document, theme: templates.Theme) -> templates.Compiled:
        made.append(document.name)
        return compile_one(document, theme)

    monkeypatch.setattr(templates, "compile", watched)
    for _ in range(3):
        ready.ready(["hello", "plain"])
    assert made == ["hello"]


def test_a_block_with_a_shipped_ones_name_stands_before_it_and_a_templates_own_before_both() -> None:
    people()
    put("footer", "<mj-section><mj-column><mj-text>Ours: {{ theme.postal_address }}</mj-text></mj-column></mj-section>")
    put_template("hello", mail())
    put_template(
        "own", mail(blocks={"footer": "<mj-section><mj-column><mj-text>Mine</mj-text></mj-column></mj-section>"})
    )
    assert "Ours:" in text_of("hello")
    assert "Mine" in text_of("own")
    assert "Ours:" not in text_of("own")
    assert "hello" in guarding.users("footer", rows.live())
    assert "own" not in guarding.users("footer", rows.live())


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"": "{{ customer.first_name"}, r"block hours, line 1: \{\{ is not closed"),
        ({"": "ok", "de": "{% if %}"}, r"block hours.de, line 1"),
        ({"": "<mj-text>\n<b>x</mj-text>"}, "block hours, line 2: </mj-text> closes <b>; write </b> before it"),
        ({"": "{% render 'nowhere' %}"}, "there is no block 'nowhere'"),
        ({"": "{% render 'greting' %}"}, "there is no block 'greting'; did you mean 'greeting'?"),
        ({"": "{% render 'hours' %}"}, "the block 'hours' contains itself"),
        ({"": "{% render 'greeting' %}"}, "the block 'hours' contains itself|the block 'greeting' contains itself"),
        ({"": "  "}, "the text for everybody is empty; write one"),
        ({"": "ok", "Deutsch": "ok"}, "'Deutsch' is no language"),
        ({"": "x" * 200_001}, "longer than 200,000 characters"),
        ({"": "{{ customer.first_name | shout }}"}, "there is no filter 'shout'"),
    ],
)
def test_what_cannot_be_read_is_not_kept(texts: dict[str, str], said: str) -> None:
    people()
    put("hours", "Open")
    put("greeting", "{% render 'hours' %}")
    with pytest.raises(BadTemplate, match=said.replace("?", r"\?")):
        keeping.save("hours", texts, "", NOW)
    assert BlockVersion.objects.count() == 2


@pytest.mark.parametrize("name", ["Hours", "1st", "", "x" * 65, "a.b", "frame", "foot", "body", "preheader"])
def test_a_name_is_small_letters_and_none_of_the_houses_own(name: str) -> None:
    with pytest.raises(BadTemplate, match=r"the block's name is|the name .* is taken"):
        keeping.save(name, {"": "x"}, "", NOW)
    assert not Block.objects.exists()


def test_a_missing_block_is_an_error_of_the_check_that_says_which() -> None:
    people()
    put("hours", "Open")
    found = trying.findings(mail("{% render 'houres' %}"), NOW)
    assert [(one.severity, one.sentence) for one in found] == [
        (Severity.ERROR, "It cannot be read: there is no block 'houres'; did you mean 'hours'?")
    ]
    with pytest.raises(BadTemplate, match="there is no block 'houres'"):
        storing.save("hello", mail("{% render 'houres' %}"), "", NOW)


def test_a_version_that_would_break_a_live_template_stays_away_and_says_which() -> None:
    people()
    row = "<mj-section><mj-column><mj-text>{% render 'unsubscribe' %}{{ theme.postal_address }}</mj-text></mj-column></mj-section>"
    put("unsubscribe", '<a href="{{ unsubscribe_url }}">Leave</a>')
    put("unsubscribe_footer", row)
    put_template("letter", mail("Hi", "marketing"))
    number = keeping.save("unsubscribe", {"": "<b>Stay</b>"}, "", NOW)
    with pytest.raises(BadTemplate, match=r"\w+ would break: A marketing mail needs a link to unsubscribe"):
        keeping.publish("unsubscribe", number, NOW)
    assert rows.kept("unsubscribe").live == 1
    assert "https://" in ready.compiled("letter").render({**DATA, "unsubscribe_url": "https://x.example/u"}, "").html


def test_a_fault_that_was_there_before_is_not_laid_to_the_block() -> None:
    people()
    put("hours", "Open till six")
    put_template("hello", Document("hello", "sms", "transactional", {"en": Variant("Hi {% render 'hours' %}")}))
    Block.objects.update(live=0)  # as rows of an older backup may say
    assert isinstance(ready.ready(["hello"]).templates["hello"], str)
    keeping.publish("hours", 1, NOW)
    assert text_of("hello") == "Hi Open till six"


def test_a_block_in_use_is_not_forgotten_and_one_that_nobody_needs_is() -> None:
    people()
    put("hours", "Open till six")
    put("visit", "Come by. {% render 'hours' %}")
    put_template("hello", mail("{% render 'visit' %}"))
    with pytest.raises(BadTemplate, match="visit would break: there is no block 'hours'"):
        keeping.drop("hours", NOW)
    with pytest.raises(BadTemplate, match="hello would break: It cannot be read: there is no block 'visit'"):
        keeping.drop("visit", NOW)
    put_template("hello", mail("Hi"))
    keeping.drop("visit", NOW)
    keeping.drop("hours", NOW)
    assert not BlockVersion.objects.exists()
    with pytest.raises(rows.NoSuchBlock, match="there is no shared block hours"):
        keeping.drop("hours", NOW)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Have a rest", ("sms", "{% render 'it' %}")),
        ("<b>Rest</b>", ("email", "<mj-section><mj-column><mj-text>{% render 'it' %}</mj-text></mj-column></mj-section>")),
        ("<mj-text>Rest</mj-text>", ("email", "<mj-section><mj-column>{% render 'it' %}</mj-column></mj-section>")),
        ("<mj-column></mj-column>", ("email", "<mj-section>{% render 'it' %}</mj-section>")),
        ("{% if a %}<mj-section></mj-section>{% endif %}", ("email", "{% render 'it' %}")),
        ("{% render 'button', text: 'x', url: 'https://a.example' %}", ("email", "<mj-section><mj-column>{% render 'it' %}</mj-column></mj-section>")),
        ("{% render 'header' %}", ("email", "{% render 'it' %}")),
        ("{% render 'it' %}", ("sms", "{% render 'it' %}")),
    ],
)  # fmt: skip
def test_a_block_by_itself_has_around_it_what_a_mail_has(text: str, shown: tuple[str, str]) -> None:
    alone = guarding.by_itself("it", {"it": text, "it.de": text})
    assert (alone.channel, alone.variants["en"].body) == shown
    assert alone.variants.keys() == {"en", "de"}


def test_drafts_of_a_block_are_looked_at_without_being_kept() -> None:
    people()
    put("hours", "Open till six")
    put_template("hello", mail("{% render 'hours' %}"))
    draft: dict[str, Any] = {**rows.live(), "hours": "Open till nine"}
    look = trying.Look(shared=draft)
    assert "nine" in trying.preview(storing.document("hello"), look, NOW).text
    assert "nine" in trying.preview(guarding.by_itself("hours", draft), look, NOW).text
    assert "six" in text_of("hello")
