"""All records of one sender judged together, from a pasted text."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from regulars.messaging.domains.dkim import judge_dkim
from regulars.messaging.domains.dmarc import judge_alignment, judge_dmarc
from regulars.messaging.domains.names import domain_of, organisation
from regulars.messaging.domains.spf import is_spf, judge_spf
from regulars.messaging.domains.verdicts import Verdict

_LINE = re.compile(
    r"(?P<name>\S+)\s+(?:(?:\d+\s+)?(?:IN\s+)?TXT\s+|=\s*|:\s*)?(?P<value>(?:\"|v\s*=|\S+=).*)", re.IGNORECASE
)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, kw_only=True)
class Given:
    """What is told of a sender: the domain of From, that of the bounce address (SPF's), that of the signature with its selector
    (DKIM's), and TXT records by name."""

    from_domain: str
    bounces_domain: str = ""
    signing_domain: str = ""
    selector: str = ""
    records: Mapping[str, Sequence[str]] = field(default_factory=dict)


def judge(given: Given) -> list[Verdict]:
    """Judge SPF, DKIM, DMARC and alignment; a sentence for each says what to change.

    Without a bounce address of its own SPF is judged for the domain of From. Without a selector every key given is judged.
    """
    sender = given.from_domain
    bounces, signer = given.bounces_domain or sender, given.signing_domain
    policy, on_dmarc = judge_dmarc(
        sender, given.records.get(f"_dmarc.{sender}", ()), given.records.get(f"_dmarc.{organisation(sender)}", ())
    )
    return [
        *judge_spf(bounces, given.records),
        *_keys(given),
        *on_dmarc,
        judge_alignment(sender, bounces if _has_spf(bounces, given) else "", signer or _only_signer(given), policy),
    ]


def _keys(given: Given) -> list[Verdict]:
    if given.selector:
        place = f"{given.selector}._domainkey.{given.signing_domain or given.from_domain}"
        return judge_dkim(place, _whole(given.records.get(place)))
    places = sorted(name for name in given.records if "._domainkey." in name)
    if not places:
        return judge_dkim(f"YOUR-SELECTOR._domainkey.{given.signing_domain or given.from_domain}", None)
    return [one for place in places for one in judge_dkim(place, _whole(given.records[place]))]


def _only_signer(given: Given) -> str:
    """Return the domain of the keys given, where nobody said which one signs and all are of one; else of From, if it has one."""
    signers = {name.partition("._domainkey.")[2] for name in given.records if "._domainkey." in name}
    return given.from_domain if given.from_domain in signers else next(iter(signers)) if len(signers) == 1 else ""


def _has_spf(domain: str, given: Given) -> bool:
    return any(is_spf(record) for record in given.records.get(domain, ()))


def _whole(records: Sequence[str] | None) -> str | None:
    return records[0] if records else None


def read_records(text: str, domain: str = "") -> dict[str, list[str]]:
    """Return TXT records by name from a pasted text: a line each, the name first, as `dig` and providers' pages show them.

    A record alone, without a name, is put where it belongs: SPF at the domain, DMARC at _dmarc in it.

    >>> read_records('shop.example. 300 IN TXT "v=spf1 " "-all"')
    {'shop.example': ['v=spf1 -all']}
    >>> read_records("v=DMARC1; p=none", "shop.example")
    {'_dmarc.shop.example': ['v=DMARC1; p=none']}
    """
    found: dict[str, list[str]] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        name, value = _split(line, domain)
        if name and value:
            found.setdefault(name, []).append(value)
    return found


def _split(line: str, domain: str) -> tuple[str, str]:
    if re.match(r"\"?\s*v=(spf1|DMARC1)", line, re.IGNORECASE):
        return (domain if is_spf(_joined(line)) else f"_dmarc.{domain}" if domain else ""), _joined(line)
    found = _LINE.fullmatch(line)
    return (domain_of(found["name"].rstrip(":=")), _joined(found["value"])) if found else ("", "")


def _joined(value: str) -> str:
    """Return a record's text without the quotes that its parts stand in."""
    parts = _QUOTED.findall(value)
    return re.sub(r"\\(.)", r"\1", "".join(parts)) if parts else value.strip()


class BadDomain(ValueError):
    """A domain that is none; the message says what to do."""


def judge_domain(sender: str, text: str, selector: str = "", signs_as: str = "", bounces_to: str = "") -> list[Verdict]:
    """Judge a sender, told by addresses or domains, by the records in a pasted text. Raise BadDomain."""
    domains = [_domain(one) if one.strip() else "" for one in (sender or "-", signs_as, bounces_to)]
    if selector and not re.fullmatch(r"[A-Za-z0-9._-]{1,63}", selector.strip()):
        raise BadDomain(f"'{selector}' is no selector of DKIM; it is the word before ._domainkey, like s1.")
    records = read_records(text, domains[0])
    return judge(
        Given(
            from_domain=domains[0],
            signing_domain=domains[1],
            bounces_domain=domains[2],
            selector=selector.strip().lower(),
            records=records,
        )
    )


def _domain(text: str) -> str:
    found = domain_of(text)
    if not found:
        raise BadDomain(f"'{text}' is no domain; write it like shop.example, or an address of it.")
    return found
