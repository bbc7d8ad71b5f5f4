"""A campaign as a file: YAML that people write and keep in git, with mistakes told by their line."""

from collections.abc import Mapping
from typing import Any

from regulars.campaigns.rules import reading
from regulars.campaigns.rules.plan import Plan
from regulars.campaigns.rules.reading import BadCampaign
from regulars.core.documents import yaml


def read(text: str) -> tuple[Mapping[str, Any], Plan]:
    """Read a campaign's file; return its document and what it means. Raise BadCampaign with the line of the mistake."""
    try:
        document = yaml.read(text)
    except yaml.BadYaml as problem:
        raise BadCampaign(str(problem)) from None
    try:
        plan = reading.read(document.value)
    except BadCampaign as problem:
        raise BadCampaign(f"line {document.line_of(problem.place)}: {problem}") from None
    return document.value, plan


def written(document: Mapping[str, Any]) -> str:
    """Write a campaign as its file."""
    return yaml.write({part: document[part] for part in reading.PARTS if part in document})
