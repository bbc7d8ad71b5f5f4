"""DMARC (RFC 7489): what receivers do with mail of nobody we know, and whether ours is aligned with its From."""

from collections.abc import Sequence
from dataclasses import dataclass

from regulars.messaging.domains.names import is_aligned, organisation
from regulars.messaging.domains.tags import tags_of
from regulars.messaging.domains.verdicts import Verdict, fine, note, wrong

POLICIES = ("none", "quarantine", "reject")


@dataclass(frozen=True)
class Policy:
    """What alignment a DMARC record asks for."""

    is_dkim_strict: bool = False
    is_spf_strict: bool = False


def is_dmarc(record: str) -> bool:
    """Say whether a TXT record is one of DMARC.

    >>> is_dmarc("v=DMARC1; p=none"), is_dmarc("v=dmarc1"), is_dmarc("v=spf1 -all")
    (True, False, False)
    """
    return record.replace(" ", "").startswith("v=DMARC1")


def judge_dmarc(domain: str, own: Sequence[str], above: Sequence[str]) -> tuple[Policy, list[Verdict]]:
    """Judge the DMARC of a From domain by the records of _dmarc in it, and in its organisational domain where it has none.

    >>> judge_dmarc("shop.example", ["v=DMARC1; p=reject; rua=mailto:d@shop.example"], [])[1][0].mark.value
    'fine'
    """
    found = [one for one in own if is_dmarc(one)] or [one for one in above if is_dmarc(one)]
    if not found:
        place = f"_dmarc.{organisation(domain)}"
        return Policy(), [wrong("DMARC", f"There is no DMARC record; add the TXT record “v=DMARC1; p=none; rua=mailto:…” at {place}, which Gmail and Yahoo ask of who sends much.")]  # fmt: skip
    if len(found) > 1:
        return Policy(), [wrong("DMARC", f"There are {len(found)} DMARC records, so receivers take none; leave one.")]
    tags = tags_of(found[0])
    is_own = any(is_dmarc(one) for one in own)
    policy = tags.get("p", "") if is_own else tags.get("sp", tags.get("p", ""))
    wanted = Policy(tags.get("adkim", "r").lower() == "s", tags.get("aspf", "r").lower() == "s")
    return wanted, [*_policy(domain, policy.lower(), tags), *_reports(tags)]


def _policy(domain: str, policy: str, tags: dict[str, str]) -> list[Verdict]:
    if policy not in POLICIES:
        return [wrong("DMARC", f"The DMARC record of {domain} says p={policy or 'nothing'}, which is no policy; write p=none, p=quarantine or p=reject.")]  # fmt: skip
    if policy == "none":
        return [note("DMARC", f"DMARC of {domain} only watches (p=none): enough to be taken, but others can still send as you; go on to p=quarantine once the reports are clean.")]  # fmt: skip
    if tags.get("pct", "100") != "100":
        return [
            note(
                "DMARC",
                f"DMARC of {domain} holds for {tags['pct']} % of mails only; remove pct once the reports are clean.",
            )
        ]
    return [fine("DMARC", f"DMARC of {domain} tells receivers to {policy} what is not yours.")]


def _reports(tags: dict[str, str]) -> list[Verdict]:
    if "rua" in tags:
        return []
    return [
        note(
            "DMARC", "Nobody gets the DMARC reports; add rua=mailto: with an address of yours, to see who sends as you."
        )
    ]


def judge_alignment(from_domain: str, bounces: str, signer: str, policy: Policy) -> Verdict:
    """Judge whether SPF's domain (of the bounce address) or DKIM's (of the signature) is aligned with From; one is enough, and
    DKIM is the one that survives being passed on. Blank domains are not told.

    >>> judge_alignment("shop.example", "bounces.shop.example", "shop.example", Policy()).mark.value
    'fine'
    >>> judge_alignment("shop.example", "provider.example", "", Policy()).mark.value
    'wrong'
    """
    by_dkim = bool(signer) and is_aligned(signer, from_domain, policy.is_dkim_strict)
    by_spf = bool(bounces) and is_aligned(bounces, from_domain, policy.is_spf_strict)
    if by_dkim and by_spf:
        return fine(
            "alignment",
            f"Signature ({signer}) and bounce address ({bounces}) are both aligned with From ({from_domain}).",
        )
    if by_dkim:
        return fine(
            "alignment", f"The signature ({signer}) is aligned with From ({from_domain}), which is enough for DMARC."
        )
    if by_spf:
        return note("alignment", f"Only the bounce address ({bounces}) is aligned with From ({from_domain}), which is lost when mail is passed on; sign with DKIM for {organisation(from_domain)} besides.")  # fmt: skip
    told = ", ".join(
        filter(
            None, (f"the signature is for {signer}" if signer else "", f"bounces go to {bounces}" if bounces else "")
        )
    )
    return wrong("alignment", f"Nothing is aligned with From ({from_domain}){': ' + told if told else ''}, so DMARC fails; sign with DKIM for {from_domain}, or send from a domain of the signer.")  # fmt: skip
