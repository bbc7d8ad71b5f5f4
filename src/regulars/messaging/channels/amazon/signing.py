"""Amazon's signature of requests, version 4: a digest of the request under a key that is good for a day, a region and a service."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True)
class Keys:
    """An access key with its secret, and where it signs."""

    key_id: str
    secret: str = field(repr=False)
    region: str
    service: str = "ses"


def signed(keys: Keys, url: str, headers: Mapping[str, str], body: bytes, now: datetime) -> dict[str, str]:
    """Return the headers of a POST with its date and its signature. The address has no query and a path that needs no escape."""
    at = now.astimezone(UTC)
    moment, day = f"{at:%Y%m%dT%H%M%SZ}", f"{at:%Y%m%d}"
    place = urlsplit(url)
    all_headers = {**headers, "Host": place.netloc, "X-Amz-Date": moment}
    lines = sorted((name.lower(), " ".join(value.split())) for name, value in all_headers.items())
    names = ";".join(name for name, _ in lines)
    listed = "".join(f"{name}:{value}\n" for name, value in lines)
    request = "\n".join(("POST", place.path or "/", "", listed, names, hashlib.sha256(body).hexdigest()))
    scope = f"{day}/{keys.region}/{keys.service}/aws4_request"
    text = "\n".join((ALGORITHM, moment, scope, hashlib.sha256(request.encode()).hexdigest()))
    key = f"AWS4{keys.secret}".encode()
    for part in (day, keys.region, keys.service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    credential = f"Credential={keys.key_id}/{scope}"
    proof = f"{ALGORITHM} {credential}, SignedHeaders={names}, Signature={signature}"
    return {**headers, "X-Amz-Date": moment, "Authorization": proof}
