"""Which part of a name is somebody's own, by the Public Suffix List."""

import pytest

from regulars.messaging.domains import Given, Mark, judge
from regulars.messaging.domains.names import is_aligned, organisation


@pytest.mark.parametrize(
    ("domain", "own"),
    [
        ("shop.com", "shop.com"),
        ("news.mail.shop.com", "shop.com"),
        ("mail.shop.co.uk", "shop.co.uk"),
        ("mail.shop.ltd.uk", "shop.ltd.uk"),
        ("mail.shop.kawasaki.jp", "mail.shop.kawasaki.jp"),  # *.kawasaki.jp
        ("mail.city.kawasaki.jp", "city.kawasaki.jp"),  # !city.kawasaki.jp
        ("mail.shop.github.io", "shop.github.io"),  # of the list's private part
        ("mail.shop.github.example", "github.example"),
        ("mail.shop.xn--55qx5d.cn", "shop.xn--55qx5d.cn"),
        ("shop.no-such-top-level", "shop.no-such-top-level"),
        ("co.uk", "co.uk"),
        ("github.io", "github.io"),
        ("com", "com"),
    ],
)
def test_an_organisation_is_what_was_registered_below_a_public_suffix(domain: str, own: str) -> None:
    assert organisation(domain) == own


@pytest.mark.parametrize(
    ("domain", "sender", "fits"),
    [
        ("mail.shop.co.uk", "shop.co.uk", True),
        ("other.co.uk", "shop.co.uk", False),
        ("ann.github.io", "bo.github.io", False),
        ("mail.ann.github.io", "ann.github.io", True),
        ("github.io", "ann.github.io", False),
        ("co.uk", "shop.co.uk", False),
        ("co.uk", "co.uk", True),
    ],
)
def test_two_names_are_aligned_when_one_organisation_has_both(domain: str, sender: str, fits: bool) -> None:
    assert is_aligned(domain, sender, is_strict=False) is fits
    assert is_aligned(sender, domain, is_strict=False) is fits


def test_a_subdomains_policy_is_looked_for_at_its_own_organisation_and_not_at_the_suffix() -> None:
    def marks(place: str) -> set[Mark]:
        records = {place: ["v=DMARC1; p=reject; rua=mailto:d@shop.example"]}
        found = judge(Given(from_domain="mail.shop.ltd.uk", records=records))
        return {one.mark for one in found if one.about == "DMARC"}

    assert marks("_dmarc.shop.ltd.uk") == {Mark.FINE}
    assert marks("_dmarc.ltd.uk") == {Mark.WRONG}
