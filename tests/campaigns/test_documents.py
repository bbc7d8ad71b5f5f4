"""A campaign's document: what is wrong is told with its line and what may have been meant; what is right comes back as written."""

import json
from pathlib import Path
from typing import Any

import pytest

from regulars.campaigns import api as campaigns
from regulars.campaigns.rules.plan import Often
from tests.conftest import Command

WHOLE = """\
name: spring-letter
title: The spring letter
audience:
  segment: tea-lovers
template: newsletter
topic: news
send:
  every: month
  weekday: tuesday
  which: first
  at: 10:00
per_minute: 600
good_for: 2 days
arms:
  - name: tea
    share: 50
    subject: Tea
  - name: coffee
    share: 50
    template: coffee_letter
test:
  share: 20
  wait: 4 hours
  by: clicks
  otherwise: tea
  explore: 5
again:
  after: 3 days
  subject: Did you see it?
"""


def test_a_whole_document_is_read_and_written_as_it_was() -> None:
    document, plan = campaigns.read_file(WHOLE)
    assert plan.timing.often is Often.MONTHLY
    assert [(arm.name, arm.template, arm.subject) for arm in plan.arms] == [("tea", "newsletter", "Tea"), ("coffee", "coffee_letter", "")]  # fmt: skip
    assert plan.templates == ["newsletter", "coffee_letter"]
    assert campaigns.written(document) == WHOLE


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("topic: news", "topik: news", "line 6: topik: there is no part 'topik' here; did you mean 'topic'?"),
        ("weekday: tuesday", "weekday: teusday", "line 9: send.weekday: 'teusday' does not fit; did you mean 'tuesday'?"),
        ('at: 10:00', "at: 10", "line 11: send.at: a time of day is written like 10:00, not 10"),
        ("per_minute: 600", "per_minute: fast", "line 12: per_minute: write a whole number from 0 to 1,000,000, not 'fast'"),
        ("good_for: 2 days", "good_for: 2", "line 13: good_for: a length of time is written like 4 hours or 3 days, not 2"),
        ("    share: 50\n    subject", "    share: 40\n    subject", "line 14: arms: the shares make 90 and not 100"),
        ("otherwise: tea", "otherwise: tee", "line 25: test.otherwise: 'tee' does not fit; did you mean 'tea'?"),
        ("  share: 20", "  share: 100", "line 22: test.share: a test of everybody leaves nobody for the winner; leave the test out or take less"),
        ("segment: tea-lovers", "segment: ''", "line 4: audience.segment: segment is a text"),
        ('at: 10:00', 'at: 10:00\n  in: recipient', "a test needs one moment for everybody"),
        ("name: spring-letter", "name: Spring letter", "line 1: name: a name is of small letters"),
        ("template: coffee_letter", "subject: Tea", "two arms say the same"),
        ("after: 3 days", "after: soon", "a length of time is written like"),
        ("name: spring-letter", "name: &x spring-letter", "anchors, aliases and tags"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(old: str, new: str, said: str) -> None:
    assert old in WHOLE
    with pytest.raises(campaigns.BadCampaign) as refusal:
        campaigns.read_file(WHOLE.replace(old, new, 1))
    assert said in str(refusal.value)


@pytest.mark.parametrize("wrong", [None, [], "x", 3, {}, {"name": 3}, {"name": "a", "audience": [], "template": "x"}, {"name": "a", "audience": {"segment": "b"}, "template": ["x"]}])  # fmt: skip
def test_whatever_stands_there_the_answer_is_a_sentence(wrong: Any) -> None:
    with pytest.raises(campaigns.BadCampaign):
        campaigns.read(wrong)


def test_a_user_adds_lists_sends_and_cancels(command: Command, tmp_path: Path) -> None:
    file, people = tmp_path / "spring.yaml", tmp_path / "fair.csv"
    file.write_text("name: spring\naudience: {list: fair}\ntemplate: newsletter\n", encoding="utf-8")
    people.write_text("ann@example.com\n", encoding="utf-8")
    assert "1 lines are nobody known" in command("campaigns", "upload", "fair", people).stdout
    assert command("campaigns", "add", file).stdout.startswith("Added spring.")
    sent = command("campaigns", "send", "spring", "--json")
    assert json.loads(sent.stdout)["name"] == "spring", sent.stderr
    assert command("campaigns", "list").stdout == "spring  edition 1 planned, 0 of 0  spring\n"
    cancelled = json.loads(command("campaigns", "cancel", "spring", "--json").stdout)
    assert cancelled == {"name": "spring", "edition": 1, "not_asked": 0, "withdrawn": 0, "gone": 0}
    file.write_text("name: spring\naudience: {list: fair}\ntemplte: newsletter\n", encoding="utf-8")
    refused = command("campaigns", "check", file)
    assert (refused.returncode, "Traceback" in refused.stderr) == (1, False)
    assert "spring.yaml: line 3: templte: there is no part 'templte' here; did you mean 'template'?" in refused.stderr
