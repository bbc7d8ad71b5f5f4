"""The certificates by which Amazon signs, fetched from Amazon alone and kept for this process."""

from functools import lru_cache

from regulars.core.outgoing import Trouble, of_the_house
from regulars.messaging.returns.providers.sns import is_amazons

SECONDS = 5.0


@lru_cache(maxsize=16)
def fetch(url: str) -> bytes:
    """Return the certificate at an address of Amazon's; raise OSError where it cannot be had. What failed is asked again."""
    if not is_amazons(url):
        raise OSError("this is no address of Amazon's")
    try:
        answer = of_the_house().request("GET", url, timeout=SECONDS)
    except Trouble as problem:
        raise OSError(f"Amazon's certificate cannot be fetched ({type(problem).__name__})") from None
    if answer.status != 200 or not answer.is_whole:
        raise OSError(f"Amazon answered {answer.status} instead of its certificate")
    return answer.body
