"""What somebody means who answers a message: stop, start, help, a refusal in their own words, or something else."""

from regulars.consent.keywords.answers import confirmation
from regulars.consent.keywords.meaning import Meaning, meaning

__all__ = ["Meaning", "confirmation", "meaning"]
