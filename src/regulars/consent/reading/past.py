"""Where people stood at instants that are over, by all that the log tells of them: for those who ask what would have been sent."""

from bisect import bisect_right
from dataclasses import replace
from datetime import date, datetime

from regulars.consent import choices
from regulars.consent.projection import flags, statements
from regulars.consent.rules.countries import country_code
from regulars.consent.rules.settling import Said, order
from regulars.consent.rules.standing import Asked, ConsentStanding, may_be_implied, standing_rule
from regulars.core.lake.moment import Moment


class Stood:
    """Everything that was said and bought, by customer; ask only while the moment is open."""

    def __init__(self, moment: Moment) -> None:
        self._moment, self._zone = moment, moment.zone
        heirs = dict(moment.rows("SELECT merged_id, customer_id FROM merged"))
        said: dict[tuple[int, str], list[Said]] = {}
        for row in (*statements(moment, 0), *flags(moment, 0)):
            said.setdefault((heirs.get(row.customer, row.customer), row.channel), []).append(row.said)
        self._said = {about: sorted(some, key=order) for about, some in said.items()}
        self._days: dict[int, list[date]] | None = None
        self._rules = choices.decided()
        self._defaults: dict[str, bool] = {}

    def standing(self, customer: int, channel: str, topic: str, country: str, at: datetime) -> ConsentStanding:
        """Return whether a customer that stands could have been written to at an instant, as a batch of today is asked."""
        said = [one for one in self._said.get((customer, channel), ()) if one.since <= at]
        there = country_code(country) or next(
            (code for one in reversed(said) if (code := country_code(one.country))), ""
        )
        asked = Asked(
            country=there,
            channel=channel,
            topic=topic,
            topic_is_default=self._is_default(topic),
            today=at.astimezone(self._zone).date(),
            soft_opt_in=self._rules.soft_opt_in,
            import_text_version=self._rules.import_text_version,
        )
        if may_be_implied(asked):
            asked = replace(asked, last_purchase_on=self._last_purchase(customer, asked.today))
        return standing_rule(said, asked)

    def _is_default(self, topic: str) -> bool:
        if topic not in self._defaults:
            self._defaults[topic] = not topic or choices.is_default(topic)
        return self._defaults[topic]

    def _last_purchase(self, customer: int, until: date) -> date | None:
        if self._days is None:
            rows = self._moment.rows(
                "SELECT customer_id, list(day ORDER BY day) FROM sale_days WHERE customer_id > 0 GROUP BY 1"
            )
            self._days = {int(who): days for who, days in rows}
        days = self._days.get(customer, [])
        place = bisect_right(days, until)
        return days[place - 1] if place else None
