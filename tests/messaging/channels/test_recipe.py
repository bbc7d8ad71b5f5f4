"""The recipe of docs/channels.md: its code is run, and its channel keeps the contract."""

import json
import re
from dataclasses import dataclass, field

from regulars.messaging.channels.http_answers import Said, at, outcome, told
from regulars.messaging.channels.http_lane import Call, HttpChannel, Unfit
from regulars.messaging.letters import Letter
from tests.house import ROOT
from tests.messaging.channels.contract import Case, HttpContract, without_text

NAMES = (
    json,
    dataclass,
    field,
    Said,
    at,
    outcome,
    told,
    Call,
    HttpChannel,
    Unfit,
    Letter,
    Case,
    HttpContract,
    without_text,
)
recipe = (ROOT / "docs" / "channels.md").read_text(encoding="utf-8").partition("## Add a channel")[2]
namespace = {one.__name__: one for one in NAMES} | {"__name__": __name__}
for block in re.findall(r"```python\n(.*?)```", recipe, re.DOTALL):
    exec(block, namespace)  # noqa: S102  our own page

TestPigeon = namespace["TestPigeon"]
