"""Topics: offered in their order, by channel, and wrong ones answered with what to do."""

import pytest

from regulars.consent import api as consent

pytestmark = pytest.mark.django_db


def test_topics_stand_in_their_order_and_by_channel() -> None:
    consent.put_topic(consent.TopicOffered(key="tips", name="Tips", order=2, channels=("email", "sms", "email")))
    consent.put_topic(consent.TopicOffered(key="news", name=" News ", description="Once a week", order=1))
    assert [one.key for one in consent.topics()] == ["news", "tips"]
    assert consent.topics()[0] == consent.TopicOffered(key="news", name="News", description="Once a week", order=1)
    assert [(one.key, one.channels) for one in consent.topics("sms")] == [("tips", ("email", "sms"))]
    consent.put_topic(consent.TopicOffered(key="tips", name="Brewing", is_default=False))
    assert [(one.name, one.is_default) for one in consent.topics()] == [("Brewing", False), ("News", True)]
    consent.drop_topic("news")
    assert [one.key for one in consent.topics()] == ["tips"]


@pytest.mark.parametrize(
    "wrong",
    [
        consent.TopicOffered(key="a~b", name="x"),
        consent.TopicOffered(key="", name="x"),
        consent.TopicOffered(key="news", name=" "),
        consent.TopicOffered(key="news", name="x" * 101),
        consent.TopicOffered(key="news", name="x", description="x" * 501),
        consent.TopicOffered(key="news", name="x", channels=()),
        consent.TopicOffered(key="news", name="x", channels=("mail",)),
    ],
)
def test_a_wrong_topic_is_refused(wrong: consent.TopicOffered) -> None:
    with pytest.raises(consent.BadStatement):
        consent.put_topic(wrong)
    assert consent.topics() == []


def test_what_the_shop_decided_is_kept() -> None:
    assert consent.decided() == consent.Rules()
    decided = consent.Rules(soft_opt_in=True, import_text="Yes.", import_text_version="1")
    consent.decide(decided)
    assert consent.decided() == decided
