"""How identifiers are written, and when one is too common to say who somebody is."""

import re
from collections.abc import Mapping

TOO_COMMON = 10  # an e-mail shared by more shop accounts than this belongs to a desk or a placeholder, not to a person

OURS = "customer:"

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def identifiers(told: Mapping[str, str], shop: str = "main") -> list[str]:
    """Return the identifiers in their one written form, strongest first; what cannot identify is left out.

    "customer" is a number that this house gave itself; it names somebody known and is never learnt.

    >>> identifiers({"id": "c1", "email": " Ann@Example.com ", "phone": "+49 (30) 12 34 56"})
    ['id:main:c1', 'email:ann@example.com', 'phone:+4930123456']
    >>> identifiers({"email": "none", "phone": "030 123456"})
    []
    >>> identifiers({"customer": "17"})
    ['customer:17']
    """
    kinds = ("id", "anonymous", "account")
    found = [f"{kind}:{shop}:{value}" for kind in kinds if (value := told.get(kind, "").strip())]
    email = told.get("email", "").strip().lower()
    if _EMAIL.fullmatch(email):
        found.insert(bool(found), f"email:{email}")
    if phone := international(told.get("phone", "")):
        found.append(f"phone:{phone}")
    number = told.get("customer", "")
    return [f"{OURS}{number}", *found] if number.isdecimal() and number.isascii() else found


def international(phone: str) -> str:
    """Return a phone number in E.164 form when it is written internationally, else an empty text.

    >>> international("0049 30 123456"), international("+1 (555) 010-9999"), international("12345")
    ('+4930123456', '+15550109999', '')
    """
    digits = re.sub(r"[^\d+]", "", phone.strip())
    digits = "+" + digits[2:] if digits.startswith("00") else digits
    return digits if re.fullmatch(r"\+[1-9]\d{6,14}", digits) else ""
