"""A journey as a file: YAML that people write and keep in git, with mistakes told by their line."""

from regulars.core.documents import yaml
from regulars.journeys.rules import nodes, reading
from regulars.journeys.rules.nodes import Node
from regulars.journeys.rules.reading import BadJourney
from regulars.journeys.rules.steps import Journey


def read(text: str) -> tuple[Journey, tuple[Node, ...]]:
    """Read and compile a journey's file; raise BadJourney with the line of the mistake."""
    try:
        document = yaml.read(text)
    except yaml.BadYaml as problem:
        raise BadJourney("", str(problem)) from None
    try:
        journey = reading.read(document.value)
        return journey, nodes.compiled(journey)
    except BadJourney as problem:
        raise BadJourney(problem.place, problem.said, document.line_of(problem.place)) from None
