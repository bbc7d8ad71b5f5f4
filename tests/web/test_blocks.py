"""The pages of shared blocks: what is kept, what is refused, who uses it, and what is shown before it is live."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from regulars.access import api as access
from regulars.core import clock
from regulars.messaging import api as messaging
from regulars.web.shell import lake
from tests.web.test_routes import HERE
from tests.web.test_templates import BRAND, words

pytestmark = pytest.mark.django_db(transaction=True)
NAMED = "<mj-section><mj-column><mj-text>Hi. {% render 'hours' %}</mj-text></mj-column></mj-section>"


@pytest.fixture
def client(home: Path) -> Iterator[Client]:
    lake.forget()
    messaging.install_starters(clock.utc_now())
    client = Client(**HERE)
    client.post("/brand", BRAND)
    client.post("/blocks", {"name": "hours"})
    yield client
    lake.forget()


def told(text: str = "Open till six", **more: str) -> dict[str, Any]:
    return {"locales": ["all", *more], "text.all": text, **{f"text.{code}": one for code, one in more.items()}}


def page_of(client: Client, path: str, form: dict[str, Any]) -> str:
    return client.post(path, form, follow=True).content.decode()


def test_an_empty_list_says_how_to_begin(home: Path) -> None:
    page = Client(**HERE).get("/blocks").content.decode()
    assert "No shared blocks yet" in page
    assert "render &#x27;opening_hours&#x27;" in page or "render 'opening_hours'" in page


def test_a_block_is_kept_made_live_and_brought_back_and_its_page_says_who_uses_it(client: Client) -> None:
    assert "Version 2 is live, in 0 templates." in page_of(client, "/blocks/hours", {**told(), "do": "live"})
    page = page_of(client, "/templates/thank_you", {**words(NAMED), "do": "live"})
    assert "Version 2 is live." in page
    assert 'href="/blocks/hours"' in page
    page = page_of(client, "/blocks/hours", {**told("Open till eight", de="Bis acht"), "do": "live"})
    assert "Version 3 is live, in 1 template." in page
    assert '<a href="/templates/thank_you">thank_you</a>' in page
    assert "Bis acht" in page
    assert "Open till eight" in messaging.compiled("thank_you").render({}, "").text
    assert "Version 2 is live, in 1 template." in page_of(client, "/blocks/hours/publish", {"number": "2"})
    assert "Open till six" in messaging.compiled("thank_you").render({}, "").text
    assert "thank_you" in client.get("/blocks").content.decode()
    done = [deed["action"] for deed in access.deeds(None, 20)]
    assert (done.count("block.published"), done.count("block.saved")) == (3, 3)


def test_what_cannot_be_read_stays_in_the_form_with_the_reason(client: Client) -> None:
    page = client.post("/blocks/hours", {**told("{% render 'nowhere' %}"), "do": "live"}).content.decode()
    assert "This was not kept:" in page
    assert "there is no block &#x27;nowhere&#x27;." in page
    assert "{% render &#x27;nowhere&#x27; %}" in page
    assert messaging.kept_block("hours").newest == 1
    assert "the name frame is taken" in page_of(client, "/blocks", {"name": "frame"})
    assert "There is a block hours already" in page_of(client, "/blocks", {"name": "hours"})


def test_the_frame_and_the_check_show_what_would_be_and_keep_nothing(client: Client) -> None:
    client.post("/blocks/hours", {**told(), "do": "live"})
    client.post("/templates/thank_you", {**words(NAMED), "do": "live"})
    for within in ("", "thank_you", "no_such"):
        answer = client.post("/blocks/hours/preview", {**told("Open till <b>nine</b>"), "within": within})
        assert "nine" in answer.content.decode()
        assert answer["Content-Security-Policy"].endswith("; sandbox")
    assert "Nothing to put right" in client.post("/blocks/hours/check", told("Open")).content.decode()
    page = client.post("/blocks/hours/check", told("<b>Open")).content.decode()
    assert "&lt;b&gt; is never closed by &lt;/b&gt;." in page
    assert "thank_you: It cannot be read" in page
    assert messaging.kept_block("hours").newest == 2


def test_a_block_in_use_stays_and_one_that_is_free_goes(client: Client) -> None:
    client.post("/blocks/hours", {**told(), "do": "live"})
    client.post("/templates/thank_you", {**words(NAMED), "do": "live"})
    page = page_of(client, "/blocks/hours/drop", {})
    assert "hours was not deleted:" in page
    assert "thank_you would break" in page
    client.post("/templates/thank_you/publish", {"number": "1"})
    assert "hours is deleted with all its versions." in page_of(client, "/blocks/hours/drop", {})
    assert client.get("/blocks/hours").status_code == 404


def test_a_block_with_a_shipped_name_begins_with_the_shipped_words_in_each_language(client: Client) -> None:
    page = page_of(client, "/blocks", {"name": "footer"})
    assert 'id="text.all"' in page
    assert 'id="text.de"' in page
    assert "postal_address" in page
    assert "Version 1 is live, in " in page_of(client, "/blocks/footer/publish", {"number": "1"})


def test_languages_come_and_go_without_losing_what_was_typed(client: Client) -> None:
    page = client.post("/blocks/hours", {**told("Mine"), "do": "add", "new_locale": "fr"}).content.decode()
    assert 'id="text.fr"' in page
    assert page.count("\nMine</textarea>") == 2
    page = client.post("/blocks/hours", {**told("Mine", fr="Moi"), "do": "drop:fr"}).content.decode()
    assert 'id="text.fr"' not in page
    assert "is no language" in client.post("/blocks/hours", {**told(), "do": "add", "new_locale": "?"}).content.decode()
