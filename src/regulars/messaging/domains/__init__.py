"""SPF, DKIM and DMARC of a sender's domain, judged from records that somebody gives: nothing here asks the network."""

from regulars.messaging.domains.judging import BadDomain, Given, judge, judge_domain, read_records
from regulars.messaging.domains.verdicts import Mark, Verdict

__all__ = ["BadDomain", "Given", "Mark", "Verdict", "judge", "judge_domain", "read_records"]
