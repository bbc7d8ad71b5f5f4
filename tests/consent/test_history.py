"""The proof: who, when, by which way, under which version of which words, from which source."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from regulars.consent import api as consent
from regulars.events import api as events
from tests.consent.people import FORM, PAGE, imported, said, shop, tick, utc
from tests.events.cast import ANN, BO, NOW, placed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]


def test_every_statement_prints_who_when_words_and_source() -> None:
    people = shop()
    ann = people["ann"]
    consent.give(ann, FORM, NOW)
    consent.withdraw(ann, replace(PAGE, topic="news", proof={"message": "0f" * 16}), NOW + timedelta(hours=1))
    consent.give(people["bo"], FORM, NOW)
    events.append([imported(ANN, "v1", utc(2024, 2, 1), accepts_email=True)], NOW)
    tick()
    flag, given, withdrawn = consent.history(ann)
    assert (flag.said, flag.method, flag.at, flag.source) == ("given", "import", utc(2024, 2, 1), "import")
    assert (given.customer, given.said, given.at, given.channel) == (ann, "given", NOW, "email")
    assert (given.method, given.basis, given.country) == ("form", "express", "DE")
    assert (given.text, given.text_version, given.source) == ("Yes, send me news about tea.", "tea-3", "shop")
    assert given.proof["form"] == "https://shop.example/tea"
    assert len(given.proof["ip"]) == 32
    assert "192.0.2.7" not in str(consent.history(ann))
    assert (withdrawn.said, withdrawn.topic, withdrawn.source) == ("withdrawn", "news", "preferences")
    assert withdrawn.proof == {"message": "0f" * 16}
    assert [one.text_version for one in consent.choices_of(ann) if not one.topic] == ["tea-3"]


def test_a_merged_person_has_one_history_by_either_number() -> None:
    people = shop()
    consent.give(people["bo"], FORM, NOW)
    tick()
    events.append([placed("M1", {**ANN, "email": BO["email"]})], NOW)
    tick()
    assert [one.customer for one in consent.history(people["ann"])] == [people["ann"]]
    assert consent.history(people["bo"]) == consent.history(people["ann"])


def test_the_whole_log_is_taken_away_as_a_table() -> None:
    people = shop()
    consent.give(people["ann"], FORM, NOW)
    consent.withdraw(people["bo"], PAGE, NOW + timedelta(hours=1))
    tick()
    names, *rows = list(consent.export_log())
    assert names == consent.EXPORTED
    told = [dict(zip(names, row, strict=True)) for row in rows]
    assert [(one["who"], one["said"], one["text_version"]) for one in told] == [
        ("c1", "given", "tea-3"),
        ("c2", "withdrawn", ""),
    ]
    assert json.loads(told[0]["proof"])["form"] == "https://shop.example/tea"
    assert told[0]["at"] == "2024-06-01T12:00:00+00:00"


def test_a_proof_that_a_source_wrote_otherwise_is_kept_as_it_is() -> None:
    people = shop()
    events.append([said("given", ANN, 2, proof="ticked at the till")], NOW)
    tick()
    assert consent.history(people["ann"])[0].proof == {"told": "ticked at the till"}


def test_of_nobody_there_is_no_history() -> None:
    assert consent.history(1) == consent.history(0) == []
    assert list(consent.export_log()) == [consent.EXPORTED]
    shop()
    assert consent.history(1) == []
