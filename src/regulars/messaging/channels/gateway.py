"""Text messages through any provider with an HTTP interface: the route's settings describe its request and its answers."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from regulars.core.outgoing import Answer
from regulars.messaging.channels.http_answers import Said, at, outcome, told
from regulars.messaging.channels.http_lane import BadRoute, Call, HttpChannel
from regulars.messaging.letters import Letter, Outcome, State

PLACEHOLDER = re.compile(r"\{(to|to_digits|text|key|from)\}")


@dataclass(kw_only=True)
class Gateway(HttpChannel):
    """One provider. Templates hold the places {to} {to_digits} {text} {key} {from}, in the address's path and query and in
    the body's values; json_body is the body as JSON text, form its fields. Statuses that no set names follow the general
    rule; with id_path an accepting answer must hold the provider's id there, or it is not sure that it accepts."""

    url: str
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    json_body: str = field(default="", repr=False)
    key_header: str = ""
    accepted: frozenset[int] = frozenset({200, 201, 202})
    later: frozenset[int] = frozenset({429})
    never: frozenset[int] = frozenset({400, 404, 410, 422})
    id_path: str = ""
    name: str = "gateway"
    channel: str = "sms"

    def __post_init__(self) -> None:
        """Check the templates once, so that a slip shows when the route is set up and not with the first message."""
        self.is_idempotent = bool(self.key_header)
        if self.json_body and self.form is not None:
            raise BadRoute("Set either a form or a JSON body for the gateway, not both.")
        if self.accepted & self.later or self.accepted & self.never or self.later & self.never:
            raise BadRoute("A status of the gateway stands in two of the lists accepted, later and never.")
        if "{" in re.split(r"[/?#]", self.url.partition("://")[2])[0]:
            raise BadRoute("The gateway's host must be fixed; places such as {to} may stand in path and query only.")
        self.check(PLACEHOLDER.sub("x", self.url))
        self._body = self._read_body()
        texts = [self.url, *self._leaves(self._body), *(self.form or {}).values()]
        for text in texts:
            if re.search(r"[{}]", PLACEHOLDER.sub("", text)):
                raise BadRoute(
                    "A template holds a brace that is no place; there are {to} {to_digits} {text} {key} {from}."
                )
        if not any("{to}" in text or "{to_digits}" in text for text in texts):
            raise BadRoute("No template of the gateway says where the number goes; write {to} there.")

    def call(self, letter: Letter) -> Call:
        places = {
            "to": letter.to,
            "to_digits": letter.to.removeprefix("+"),
            "text": letter.text,
            "key": letter.key,
            "from": letter.sender,
        }

        def filled(template: str, written: Callable[[str], str] = str) -> str:
            return PLACEHOLDER.sub(lambda place: written(places[place[1]]), template)

        headers = dict(self.headers)
        if self.key_header:
            headers[self.key_header] = letter.key
        body = b""
        if self.form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode({name: filled(value) for name, value in self.form.items()}).encode()
        elif self.json_body:
            headers["Content-Type"] = "application/json"
            body = json.dumps(self._mapped(self._body, filled)).encode()
        return Call(
            method=self.method,
            url=filled(self.url, lambda text: quote(text, safe="")),
            headers=headers,
            body=body,
            judge=lambda answer: self._judged(letter, answer),
        )

    def _judged(self, letter: Letter, answer: Answer) -> Outcome:
        # What the gateway says stays out of the detail: the address is anybody's, and its answer may hold anything.
        number = at(told(answer), self.id_path) if self.id_path else ""
        if answer.status in self.accepted:
            state = State.SENT if number or not self.id_path else State.UNKNOWN
            return outcome(letter, answer, Said(state, provider_id=number))
        state_of = dict.fromkeys(self.later, State.DEFERRED) | dict.fromkeys(self.never, State.FAILED)
        return outcome(letter, answer, Said(state_of.get(answer.status)), is_idempotent=self.is_idempotent)

    def _read_body(self) -> object:
        try:
            return json.loads(self.json_body) if self.json_body else None
        except ValueError:
            raise BadRoute('The gateway\'s body is not JSON; write it like {"to": "{to}", "text": "{text}"}.') from None

    def _leaves(self, node: object) -> list[str]:
        if isinstance(node, dict | list):
            below = node.values() if isinstance(node, dict) else node
            return [leaf for value in below for leaf in self._leaves(value)]
        return [node] if isinstance(node, str) else []

    def _mapped(self, node: object, change: Callable[[str], str]) -> object:
        """Return the same JSON with every text in it changed; names of fields stay."""
        if isinstance(node, dict):
            return {name: self._mapped(value, change) for name, value in node.items()}
        if isinstance(node, list):
            return [self._mapped(value, change) for value in node]
        return change(node) if isinstance(node, str) else node
