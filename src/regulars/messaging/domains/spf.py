"""SPF (RFC 7208): who may send for a domain."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from regulars.messaging.domains.names import domain_of
from regulars.messaging.domains.verdicts import Mark, Verdict, fine, note, wrong

MOST = 10  # DNS look-ups that a receiver makes before it gives up (RFC 7208, 4.6.4)
ENOUGH = 100
_TERM = re.compile(
    r"(?P<sign>[-+~?]?)(?P<name>all|include|a|mx|ptr|ip4|ip6|exists)(?P<rest>[:/].*)?|(?P<modifier>[a-z][a-z0-9._-]*)=(?P<value>.*)",
    re.IGNORECASE,
)
_COSTING = ("include", "a", "mx", "ptr", "exists")
Records = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Term:
    """One word of an SPF record: a mechanism with its sign, or a modifier."""

    sign: str
    name: str
    value: str


def is_spf(record: str) -> bool:
    """Say whether a TXT record is one of SPF.

    >>> is_spf("v=spf1 -all"), is_spf("V=SPF1"), is_spf("v=spf10 -all"), is_spf("google-site-verification=x")
    (True, True, False, False)
    """
    return record.strip().lower() == "v=spf1" or record.strip().lower().startswith("v=spf1 ")


def terms(record: str) -> list[Term | str]:
    """Return the words of a record; one that is no SPF stays a text.

    >>> terms("v=spf1 include:_spf.example.com ~all")
    [Term(sign='+', name='include', value='_spf.example.com'), Term(sign='~', name='all', value='')]
    >>> terms("v=spf1 includes:x.example")
    ['includes:x.example']
    """
    return [_term(word) for word in record.split()[1:]]


def _term(word: str) -> Term | str:
    found = _TERM.fullmatch(word)
    if found is None:
        return word
    if found["modifier"]:
        return Term("", found["modifier"].lower(), found["value"])
    return Term(found["sign"] or "+", found["name"].lower(), (found["rest"] or "").removeprefix(":"))


def judge_spf(domain: str, records: Records) -> list[Verdict]:
    """Judge the SPF of a domain by TXT records by name; those of includes are followed where they are given.

    >>> for one in judge_spf("shop.example", {"shop.example": ["v=spf1 ip4:192.0.2.1 -all"]}): print(one.mark, one.sentence)
    fine shop.example names who may send for it, and needs 0 of 10 look-ups.
    """
    own = [record for record in records.get(domain, ()) if is_spf(record)]
    if not own:
        return [wrong("SPF", f"{domain} has no SPF record; add a TXT record such as “v=spf1 include:YOUR-PROVIDER -all” with what your provider tells you.")]  # fmt: skip
    if len(own) > 1:
        return [wrong("SPF", f"{domain} has {len(own)} SPF records, so receivers take none; join them into one that has all their includes.")]  # fmt: skip
    words = terms(own[0])
    if bad := [word for word in words if isinstance(word, str)]:
        return [wrong("SPF", f"“{bad[0]}” in the SPF record of {domain} is no term of SPF; mend or remove it, for the whole record fails.")]  # fmt: skip
    ending = list(_ending(domain, words))
    is_open = any(one.mark is Mark.WRONG for one in ending)
    return [*ending, *(one for one in _lookups(domain, records) if not (is_open and one.mark is Mark.FINE))]


def _ending(domain: str, words: Sequence[Term | str]) -> Iterator[Verdict]:
    known = [word for word in words if isinstance(word, Term)]
    last = next((word for word in known if word.name == "all"), None)
    if last is None and not any(word.name == "redirect" for word in known):
        yield note(
            "SPF", f"The SPF record of {domain} has no end, so others count as neutral; end it with “-all” or “~all”."
        )
    elif last is not None and last.sign == "+":
        yield wrong("SPF", f"“+all” lets the whole world send as {domain}; write “-all” or “~all” in its place.")
    elif last is not None and last.sign == "?":
        yield note(
            "SPF", f"“?all” says nothing about others who send as {domain}; write “-all” or “~all” in its place."
        )
    if any(word.name == "ptr" for word in known):
        yield note(
            "SPF", "“ptr” is slow and no longer to be used (RFC 7208, 5.5); name addresses or includes in its place."
        )


def _lookups(domain: str, records: Records) -> Iterator[Verdict]:
    n, unknown, loop = counted(domain, records, ())
    if loop:
        yield wrong("SPF", f"The SPF record of {loop} includes itself; remove that include.")
    elif n > MOST:
        yield wrong("SPF", f"The SPF record of {domain} needs {n} look-ups and receivers stop at {MOST}; remove includes of services that you no longer use.")  # fmt: skip
    elif unknown:
        listed = ", ".join(sorted(unknown))
        yield note("SPF", f"The SPF record of {domain} needs at least {n} of {MOST} look-ups; give the TXT records of {listed} too, to count those behind them.")  # fmt: skip
    else:
        yield fine("SPF", f"{domain} names who may send for it, and needs {n} of {MOST} look-ups.")


def counted(domain: str, records: Records, above: tuple[str, ...]) -> tuple[int, set[str], str]:
    """Count the look-ups that a domain's SPF costs with those of its includes; return with it the includes whose records nobody
    gave, and the domain that includes itself, if one does. Far beyond what a receiver makes the count breaks off."""
    if len(above) > ENOUGH:
        return 1, set(), ""
    own = next((record for record in records.get(domain, ()) if is_spf(record)), None)
    if own is None:
        return 0, {domain}, ""
    n, unknown = 0, set[str]()
    for word in terms(own):
        if isinstance(word, str) or (word.name not in _COSTING and word.name != "redirect"):
            continue
        n += 1
        if n > ENOUGH:
            break
        if word.name in ("include", "redirect"):
            target = domain_of(word.value) or word.value
            if target in (*above, domain):
                return n, unknown, domain
            more, missing, loop = counted(target, records, (*above, domain))
            if loop:
                return n, unknown, loop
            n, unknown = n + more, unknown | missing
    return n, unknown, ""
